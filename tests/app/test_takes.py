"""Every picture that a frame has had can be listed and brought back, and the manifest says the truth of it."""

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from support.project import PAIR, Project, defects_of, lying_in, picture
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.take_restoring import restore_take
from watercolor_rig.app.takes import list_takes
from watercolor_rig.core.errors import NothingMatchedError, ProjectBusyError, StoreError, UsageError
from watercolor_rig.core.events import Event, FrameStale, Warned
from watercolor_rig.core.project_events import TakeListed, TakeRestored, TakesCounted
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.store.lock import project_lock

PATH = "neutral_to_ah__center"
FRAME = f"frames/sequences/{PATH}/050.png"


def takes(project: Project, frame: str | None = None) -> list[TakeListed]:
    said: list[Any] = []
    assert list_takes(project.root, frame, said.append) == 0
    assert said[-1] == TakesCounted(len(said) - 1, len({take.file for take in said[:-1]}))
    return said[:-1]


def restore(project: Project, number: int) -> list[Event]:
    said: list[Event] = []
    assert restore_take(project.root, number, said.append) == 0
    return said


@pytest.fixture
def redrawn(project: Project) -> Project:
    """The frame at 0.5 was made twice, the second time from another drawing."""
    project.make(1)
    project.draw("ah", mode="RGB")
    project.make(1, refresh=True)
    return project


def test_takes_are_listed_with_what_drew_them_and_which_one_is_in_place(redrawn: Project) -> None:
    first, second = takes(redrawn)

    assert (first.take, first.file, first.engine, first.model) == (1, FRAME, "scripted", "scripted")
    assert str(first.cost_usd) == "0.04"
    assert (first.in_place, second.in_place) == (False, True)


@pytest.mark.parametrize("frame", [f"{PATH}/050.png", PATH, f"{PATH}/", FRAME, "050.png"])
def test_takes_are_found_by_file_and_by_sequence(redrawn: Project, frame: str) -> None:
    assert len(takes(redrawn, frame)) == 2


@pytest.mark.parametrize("frame", ["50.png", "other__center", "neutral_to_ah"])
def test_a_frame_without_takes_is_said_with_those_that_have_some(redrawn: Project, frame: str) -> None:
    with pytest.raises(NothingMatchedError, match=f"there are takes of: {PATH}/050.png"):
        takes(redrawn, frame)


def test_a_project_without_takes_lists_none(project: Project) -> None:
    assert takes(project) == []


def test_a_restored_take_is_in_place_with_file_manifest_and_index(redrawn: Project) -> None:
    first, second = takes(redrawn)

    said = restore(redrawn, first.take)

    assert [take.in_place for take in takes(redrawn)] == [True, False]
    assert TakeRestored(1, FRAME, second.take) in said
    assert defects_of(redrawn.sequences) == []


def test_a_restored_take_says_what_it_was_made_from_so_it_is_stale_where_that_has_changed(redrawn: Project) -> None:
    restore(redrawn, 1)

    again = redrawn.make(1)

    assert [stale.file for stale in again.of(FrameStale)] == ["050.png"]


def test_a_take_of_the_present_drawings_is_not_stale(project: Project) -> None:
    project.make(1)
    project.make(1, overwrite=True)

    restore(project, 1)

    assert project.make(1).of(FrameStale) == []


def test_frames_made_from_the_replaced_one_become_stale(project: Project) -> None:
    project.make(1, engine="crossfade", settings=EngineSettings())
    project.make(1, overwrite=True)
    project.make(2)

    restore(project, next(take.take for take in takes(project) if take.engine == "crossfade"))

    assert sorted(stale.t for stale in project.make(2).of(FrameStale)) == [0.25, 0.75]


def test_there_and_back_again_is_where_it_was(redrawn: Project) -> None:
    before = redrawn.manifest(PATH), redrawn.read(PATH, "050.png")

    restore(redrawn, 1)
    restore(redrawn, 2)

    assert (redrawn.manifest(PATH), redrawn.read(PATH, "050.png")) == before
    assert len(takes(redrawn)) == 2


def test_a_picture_that_was_no_take_is_kept_before_it_is_replaced(redrawn: Project) -> None:
    mine = picture(3)
    (redrawn.sequences / PATH / "050.png").write_bytes(mine)

    said = restore(redrawn, 1)

    (done,) = (event for event in said if isinstance(event, TakeRestored))
    assert done.kept == 3
    restore(redrawn, 3)
    assert redrawn.read(PATH, "050.png") == mine


def test_a_frame_that_was_deleted_comes_back_with_its_manifest_entry(redrawn: Project) -> None:
    (redrawn.sequences / PATH / "050.png").unlink()
    redrawn.make([Fraction(1, 4)])

    restore(redrawn, 2)

    assert redrawn.listed(PATH) == [(0, "000.png"), (0.25, "025.png"), (0.5, "050.png"), (1, "100.png")]


def test_an_endpoint_comes_back_and_its_tweens_are_stale(project: Project) -> None:
    drawn = (project.endpoints / "ah__center.png").read_bytes()
    project.express(project.put("portrait.png", picture(1)), overwrite=True)
    project.make(1)

    restore(project, next(take.take for take in takes(project, "ah__center.png") if not take.engine))

    assert (project.endpoints / "ah__center.png").read_bytes() == drawn
    assert [stale.file for stale in project.make(1).of(FrameStale)] == ["050.png"]


def test_a_reversed_sequence_is_pointed_at(project: Project) -> None:
    project.configure(PAIR)
    project.draw("ee")
    project.make(1)
    project.draw("ee", mode="RGB")
    project.make(1, refresh=True)
    forth = next(take for take in takes(project, "ah_to_ee__center") if not take.in_place)
    back = next(take for take in takes(project, "ee_to_ah__center") if not take.in_place)

    (hint,) = (event for event in restore(project, forth.take) if isinstance(event, Warned))

    assert (hint.subject, f"--restore {back.take} " in hint.message) == (back.file, True)


def test_a_take_in_place_changes_nothing(redrawn: Project) -> None:
    before = lying_in(redrawn.sequences)

    (said,) = restore(redrawn, 2)

    assert isinstance(said, Warned)
    assert lying_in(redrawn.sequences) == before


@pytest.mark.parametrize("number", [0, 99])
def test_a_number_that_is_no_take_is_refused(redrawn: Project, number: int) -> None:
    with pytest.raises(UsageError, match=f"no take {number}"):
        restore(redrawn, number)


def test_without_a_ledger_there_is_nothing_to_restore(project: Project) -> None:
    with pytest.raises(UsageError, match="no take 1"):
        restore(project, 1)
    assert not (project.root / ".watercolor-rig").exists()


@pytest.mark.parametrize("damage", ["gone", "rotten"])
def test_a_content_that_is_missing_or_damaged_is_one_clear_error(redrawn: Project, damage: str) -> None:
    blobs = Memory(redrawn.root).blobs
    with Memory(redrawn.root).open_ledger() as ledger:
        path = blobs.path(ledger.every_take()[0].picture)
    path.chmod(0o644)
    path.unlink() if damage == "gone" else path.write_bytes(b"rot")
    before = lying_in(redrawn.sequences)

    with pytest.raises(StoreError, match=f"take 1 of '{FRAME}' cannot be restored"):
        restore(redrawn, 1)

    assert lying_in(redrawn.sequences) == before


def test_a_take_of_another_size_does_not_go_back(redrawn: Project) -> None:
    for expression in ("neutral", "ah"):
        redrawn.draw(expression, size=(48, 64))
    redrawn.make(1)

    with pytest.raises(UsageError, match="take 1 is 24x32, but neutral_to_ah__center is 48x64 now"):
        restore(redrawn, 1)


def test_a_take_whose_file_shows_another_time_now_does_not_go_back(redrawn: Project) -> None:
    manifest = redrawn.sequences / PATH / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"t": 0.5', '"t": 0.4'))

    with pytest.raises(UsageError, match=r"shows t=0\.4 now"):
        restore(redrawn, 1)


@pytest.mark.parametrize("file", ["000.png", "manifest.json"])
def test_a_folder_that_is_not_whole_is_made_whole_first(redrawn: Project, file: str) -> None:
    (redrawn.sequences / PATH / file).unlink()

    with pytest.raises(UsageError, match=r"run generate_all_sequences\.py first"):
        restore(redrawn, 1)
    redrawn.make(1)
    restore(redrawn, 1)


def test_a_project_that_is_being_written_is_left_alone(redrawn: Project) -> None:
    with project_lock(redrawn.root, "sequences"), pytest.raises(ProjectBusyError, match="'sequences'"):
        restore(redrawn, 1)


@pytest.mark.parametrize("file", ["050.png", "manifest.json"])
def test_a_disk_that_refuses_leaves_a_project_that_the_next_restore_completes(
    redrawn: Project, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    def refuse(old: Path, new: Path) -> None:
        if Path(new).name == file:
            raise OSError(28, "No space left on device")
        old.rename(new)

    with monkeypatch.context() as full:
        full.setattr(os, "replace", refuse)
        with pytest.raises(StoreError, match="No space left"):
            restore(redrawn, 1)

    assert defects_of(redrawn.sequences) == []
    restore(redrawn, 1)
    assert takes(redrawn)[0].in_place
    assert [stale.file for stale in redrawn.make(1).of(FrameStale)] == ["050.png"]
