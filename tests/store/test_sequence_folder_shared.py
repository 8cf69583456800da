"""A folder that several runs have open at a time: none loses what another has listed."""

import errno
import os
from fractions import Fraction as F
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.one_sequence import OneSequence, facts, png
from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.manifest import FrameEntry, Source
from watercolor_rig.store.sequence_folder import SequenceFolder

EIGHTHS = tuple(F(k, 8) for k in range(1, 8))


def add(folder: SequenceFolder, t: F, grey: int, by: str = "") -> None:
    made_from = (Source(F(0), folder.digest(F(0))), Source(F(1), folder.digest(F(1))))
    folder.add(FrameEntry(t, f"{float(t):.3f}.png", made_from, {"by": by} if by else {}), png(grey), facts(grey))


def opened(project: OneSequence) -> SequenceFolder:
    folder, _ = project.open(EIGHTHS)
    folder.settle_ends()
    return folder


def listed(project: OneSequence) -> dict[float, Any]:
    return {frame["t"]: frame.get("by", "") for frame in project.manifest["frames"] if 0 < frame["t"] < 1}


def test_a_run_that_writes_its_manifest_last_keeps_what_another_has_added(tmp_path: Path) -> None:
    project = OneSequence(tmp_path)
    first = opened(project)
    second = opened(project)
    add(first, F(1, 2), 10, "first")
    add(second, F(1, 4), 20, "second")

    first.write_manifest()

    assert listed(project) == {0.5: "first", 0.25: "second"}


def test_of_one_frame_the_run_that_wrote_it_last_is_believed(tmp_path: Path) -> None:
    project = OneSequence(tmp_path)
    first = opened(project)
    add(first, F(1, 2), 10, "first")
    second = opened(project)
    add(second, F(1, 2), 20, "second")

    add(first, F(1, 4), 30, "first")
    first.write_manifest()

    assert listed(project) == {0.5: "second", 0.25: "first"}
    assert first.digest(F(1, 2)) == facts(20).sha256


def test_a_frame_that_another_run_has_taken_out_stays_out(tmp_path: Path) -> None:
    project = OneSequence(tmp_path)
    first = opened(project)
    add(first, F(1, 2), 10)
    add(first, F(1, 4), 20)
    (project.folder / "0.500.png").unlink()
    opened(project).write_manifest()

    add(first, F(3, 4), 30)

    assert listed(project) == {0.25: "", 0.75: ""}
    assert not first.holds(F(1, 2))


def test_foreign_keys_that_came_meanwhile_stay(tmp_path: Path) -> None:
    project = OneSequence(tmp_path)
    first = opened(project)
    add(first, F(1, 2), 10)
    document = project.manifest | {"mood": "calm"}
    document["frames"][1]["loved"] = True
    project.lay(document)

    add(first, F(1, 4), 20)

    assert project.manifest["mood"] == "calm"
    assert [frame.get("loved") for frame in project.manifest["frames"]] == [None, None, True, None]


@pytest.mark.parametrize("content", ["", "{", '{"path_id": "other__center", "frames": []}'])
def test_a_manifest_that_was_spoilt_meanwhile_is_written_anew(tmp_path: Path, content: str) -> None:
    project = OneSequence(tmp_path)
    first = opened(project)
    add(first, F(1, 2), 10)
    (project.folder / "manifest.json").write_text(content)

    add(first, F(1, 4), 20)

    assert listed(project) == {0.25: "", 0.5: ""}


def test_what_frames_were_made_from_is_amended_with_the_next_one(tmp_path: Path) -> None:
    project = OneSequence(tmp_path)
    first = opened(project)
    add(first, F(1, 2), 10)
    add(first, F(1, 4), 20)
    first.amend({F(1, 4): (Source(F(1, 2), facts(10).sha256),)})

    add(first, F(1, 2), 30)

    assert project.conditions(EIGHTHS)[F(1, 4)] == "stale"
    assert project.conditions(EIGHTHS)[F(1, 2)] == "good"


steps = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["add", "write", "reopen", "break"]), st.integers(1, 7)))


@given(steps)
def test_whatever_runs_do_by_turns_every_frame_is_listed_as_it_was_written_last(
    steps: list[tuple[int, str, int]],
) -> None:
    with TemporaryDirectory() as folder:
        project = OneSequence(Path(folder))
        runs = [opened(project) for _ in range(3)]
        expected: dict[float, str] = {}
        for at, (run, action, eighth) in enumerate(steps):
            t = F(eighth, 8)
            if action == "add":
                add(runs[run], t, at % 250, f"{run} at {at}")
                expected[float(t)] = f"{run} at {at}"
            elif action == "write":
                runs[run].write_manifest()
            elif action == "reopen":
                runs[run] = opened(project)
            else:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(os, "replace", _refuse)
                    with pytest.raises(StoreError):
                        add(runs[run], t, at % 250, "never")
        for each in runs:
            each.write_manifest()

        assert listed(project) == expected
        assert set(project.conditions(EIGHTHS).values()) <= {"good"}


def test_a_manifest_that_the_disk_refused_is_made_good_by_whoever_writes_next(tmp_path: Path) -> None:
    project = OneSequence(tmp_path)
    first, second = opened(project), opened(project)
    add(second, F(1, 4), 20, "second")
    real = os.replace
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", lambda old, new: _refuse() if new.name == "manifest.json" else real(old, new))
        with pytest.raises(StoreError):
            add(first, F(1, 2), 10, "first")
    add(second, F(3, 4), 30, "second")

    first.write_manifest()

    assert listed(project) == {0.25: "second", 0.5: "first", 0.75: "second"}


def test_runs_on_threads_of_their_own_lose_nothing(tmp_path: Path) -> None:
    project = OneSequence(tmp_path)
    runs = [opened(project) for _ in EIGHTHS]

    threads = [Thread(target=add, args=(run, t, at)) for at, (run, t) in enumerate(zip(runs, EIGHTHS, strict=True))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(listed(project)) == [float(t) for t in EIGHTHS]


def test_an_endpoint_that_was_replaced_since_it_was_looked_at_is_not_copied_as_something_else(tmp_path: Path) -> None:
    project = OneSequence(tmp_path)
    folder, _ = project.open(EIGHTHS)
    project.draw_ends(7, 255)

    with pytest.raises(StoreError, match="has been replaced since the run looked at it; run again"):
        folder.settle_ends()


def _refuse(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
