"""The folder of a sequence: what counts as made, and a manifest that never says more than is there."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction as F
from pathlib import Path

import pytest

from support.one_sequence import QUARTERS, OneSequence, facts, png
from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.manifest import FrameEntry, Source
from watercolor_rig.core.sequences import Condition
from watercolor_rig.store.sequence_folder import SequenceFolder


@pytest.fixture
def project(tmp_path: Path) -> OneSequence:
    return OneSequence(tmp_path)


@pytest.fixture
def made(project: OneSequence) -> OneSequence:
    """The same with all quarters made, each from its neighbours."""
    folder, _ = project.open()
    folder.settle_ends()
    add(folder, F(1, 2), 100, (F(0), F(1)))
    add(folder, F(1, 4), 50, (F(0), F(1, 2)))
    add(folder, F(3, 4), 150, (F(1, 2), F(1)))
    folder.write_manifest()
    return project


def add(folder: SequenceFolder, t: F, grey: int, parents: tuple[F, ...], **extra: str) -> None:
    made_from = tuple(Source(parent, folder.digest(parent)) for parent in parents)
    folder.add(FrameEntry(t, f"{round(100 * t):03d}.png", made_from, extra), png(grey), facts(grey))


@contextmanager
def disk_refusing(part_of_name: str) -> Iterator[None]:
    """Refuse writes to files whose name contains a text."""

    real_replace = os.replace

    def replace(old: Path, new: Path) -> None:
        if part_of_name in new.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        real_replace(old, new)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", replace)
        yield


def test_a_folder_that_is_not_there_holds_nothing(project: OneSequence) -> None:
    assert project.conditions() == {}


def test_looking_makes_no_folder(project: OneSequence) -> None:
    project.open()

    assert not project.folder.exists()


def test_what_was_made_is_good_at_the_next_look(made: OneSequence) -> None:
    assert made.conditions() == dict.fromkeys(QUARTERS, "good")


def test_a_frame_of_another_depth_is_found_by_the_manifest(made: OneSequence) -> None:
    assert made.conditions((F(1, 2),)) == dict.fromkeys(QUARTERS, "good")


def test_the_endpoints_are_copied_byte_for_byte_and_not_linked(made: OneSequence) -> None:
    for copy, source in (("000.png", "a__center.png"), ("100.png", "b__center.png")):
        ours, theirs = made.folder / copy, made.endpoints / source
        assert ours.read_bytes() == theirs.read_bytes()
        assert not ours.is_symlink()
        assert not ours.samefile(theirs)


def test_endpoints_that_are_the_same_are_not_copied_again(made: OneSequence) -> None:
    before = (made.folder / "000.png").stat().st_ino

    made.open()[0].settle_ends()

    assert (made.folder / "000.png").stat().st_ino == before


def test_a_broken_copy_of_an_endpoint_is_copied_again(made: OneSequence) -> None:
    (made.folder / "000.png").write_bytes(png(0)[:40])

    made.open()[0].settle_ends()

    assert (made.folder / "000.png").read_bytes() == png(0)


def test_a_truncated_frame_is_broken_and_says_why(made: OneSequence) -> None:
    (made.folder / "050.png").write_bytes(png(100)[:40])

    found = made.open()[1].frames[F(1, 2)]

    assert (found.file, found.condition) == ("050.png", Condition.BROKEN)
    assert "050.png" in found.fault


def test_a_frame_of_the_wrong_size_is_broken_and_says_both_sizes(made: OneSequence) -> None:
    (made.folder / "050.png").write_bytes(png(100, (5, 4)))

    found = made.open()[1].frames[F(1, 2)]

    assert (found.condition, found.fault) == (Condition.BROKEN, "is 5x4, its endpoints are 6x4")


def test_a_listed_file_that_is_gone_is_not_found(made: OneSequence) -> None:
    (made.folder / "050.png").unlink()

    assert made.conditions() == {F(1, 4): "good", F(3, 4): "good"}


def test_a_frame_is_stale_when_its_endpoint_has_changed_and_so_is_what_was_made_from_it(made: OneSequence) -> None:
    made.draw_ends(0, 254)

    assert made.conditions() == {F(1, 4): "stale", F(1, 2): "stale", F(3, 4): "stale"}


def test_a_frame_is_stale_when_the_frame_it_was_made_from_was_made_again(made: OneSequence) -> None:
    folder, _ = made.open()
    add(folder, F(1, 2), 101, (F(0), F(1)))

    assert made.conditions() == {F(1, 4): "stale", F(1, 2): "good", F(3, 4): "stale"}


def test_a_frame_with_no_changed_ancestor_stays_good(project: OneSequence) -> None:
    folder, _ = project.open()
    folder.settle_ends()
    add(folder, F(1, 2), 100, (F(0),))
    add(folder, F(3, 4), 150, (F(0), F(1)))
    project.draw_ends(0, 254)

    assert project.conditions() == {F(1, 2): "good", F(3, 4): "stale"}


def test_stale_frames_keep_their_origin_when_the_endpoints_are_copied_anew(made: OneSequence) -> None:
    made.draw_ends(0, 254)
    folder, _ = made.open()
    folder.settle_ends()
    folder.write_manifest()

    assert made.conditions() == dict.fromkeys(QUARTERS, "stale")


def test_an_endpoint_that_is_changed_back_makes_its_frames_good_again(made: OneSequence) -> None:
    made.draw_ends(0, 254)
    made.open()[0].settle_ends()
    made.draw_ends(0, 255)

    assert made.conditions() == dict.fromkeys(QUARTERS, "good")


LEGACY = {
    "path_id": "a_to_b__center",
    "frames": [{"t": 0.0, "file": "000.png"}, {"t": 0.5, "file": "050.png"}, {"t": 1.0, "file": "100.png"}],
}


def test_a_frame_of_an_older_program_is_good_while_its_copies_are_the_endpoints(project: OneSequence) -> None:
    project.lay(LEGACY, _000=png(0), _050=png(9), _100=png(255))

    assert project.conditions() == {F(1, 2): "good"}


def test_a_frame_of_an_older_program_is_stale_once_its_copies_are_not(project: OneSequence) -> None:
    project.lay(LEGACY, _000=png(1), _050=png(9), _100=png(255))

    assert project.conditions() == {F(1, 2): "stale"}


def test_a_frame_of_an_older_program_stays_stale_after_the_copies_were_replaced(project: OneSequence) -> None:
    project.lay(LEGACY, _000=png(1), _050=png(9), _100=png(255))
    project.open()[0].settle_ends()

    assert (project.folder / "000.png").read_bytes() == png(0)
    assert project.conditions() == {F(1, 2): "stale"}


@pytest.mark.parametrize("cut_at", ["000.png", "100.png"])
def test_a_frame_of_an_older_program_stays_stale_when_the_run_is_cut_at_a_copy(
    project: OneSequence, cut_at: str
) -> None:
    project.lay(LEGACY, _000=png(1), _050=png(9), _100=png(254))
    folder, _ = project.open()

    with disk_refusing(cut_at), pytest.raises(StoreError):
        folder.settle_ends()

    assert project.conditions() == {F(1, 2): "stale"}


@pytest.mark.parametrize("cut_at", ["000.png", "100.png"])
def test_a_frame_beside_one_copy_only_stays_stale_when_the_run_is_cut_there(project: OneSequence, cut_at: str) -> None:
    """Someone deleted the other copy; the one that is there still says that the frame is old."""
    project.lay(LEGACY, _000=png(1), _050=png(9))
    folder, state = project.open()
    assert state.frames[F(1, 2)].condition is Condition.STALE

    with disk_refusing(cut_at), pytest.raises(StoreError):
        folder.settle_ends()

    assert project.conditions() == {F(1, 2): "stale"}


def test_a_frame_without_any_manifest_is_found_by_its_name_and_judged_by_the_copies(project: OneSequence) -> None:
    project.lay(_000=png(0), _025=png(3), _100=png(254))

    assert project.conditions() == {F(1, 4): "stale"}


def test_the_manifest_lists_the_endpoints_and_only_files_that_are_there(made: OneSequence) -> None:
    (made.folder / "050.png").unlink()
    folder, _ = made.open()

    folder.write_manifest()

    assert made.listed == ["000.png", "025.png", "075.png", "100.png"]


def test_a_broken_file_is_not_listed(made: OneSequence) -> None:
    (made.folder / "050.png").write_bytes(b"")
    folder, _ = made.open()

    folder.write_manifest()

    assert made.listed == ["000.png", "025.png", "075.png", "100.png"]


def test_a_manifest_that_says_the_same_is_not_written_again(made: OneSequence) -> None:
    before = (made.folder / "manifest.json").stat().st_ino

    folder, _ = made.open()
    folder.settle_ends()
    folder.write_manifest()

    assert (made.folder / "manifest.json").stat().st_ino == before


def test_keys_that_others_wrote_stay_at_every_level(made: OneSequence) -> None:
    document = made.manifest | {"studio": {"zoom": 2}}
    for frame in document["frames"]:
        frame["note"] = f"of {frame['file']}"
    made.lay(document)

    folder, _ = made.open()
    add(folder, F(1, 2), 101, (F(0), F(1)), engine="new")
    folder.write_manifest()

    assert made.manifest["studio"] == {"zoom": 2}
    assert {frame["file"]: frame["note"] for frame in made.manifest["frames"]} == {
        name: f"of {name}" for name in ("000.png", "025.png", "050.png", "075.png", "100.png")
    }
    assert made.manifest["frames"][2]["engine"] == "new"


def test_what_made_the_file_before_is_not_said_of_the_new_one(project: OneSequence) -> None:
    folder, _ = project.open()
    folder.settle_ends()
    add(folder, F(1, 2), 100, (F(0), F(1)), model="old", shared_from="elsewhere")

    folder, _ = project.open()
    add(folder, F(1, 2), 101, (F(0), F(1)), engine="new")

    assert set(project.manifest["frames"][1]) == {"t", "file", "made_from", "engine"}


def test_a_file_name_of_the_manifest_is_respected(project: OneSequence) -> None:
    frames = [{"t": 0.0, "file": "000.png"}, {"t": 0.5, "file": "mid.png"}, {"t": 1.0, "file": "100.png"}]
    project.lay(LEGACY | {"frames": frames}, _000=png(0), mid=png(9), _100=png(255))

    folder, state = project.open()
    folder.settle_ends()
    folder.write_manifest()

    assert state.frames[F(1, 2)].file == "mid.png"
    assert state.owned_names["mid.png"] == F(1, 2)
    assert project.listed == ["000.png", "mid.png", "100.png"]


def test_a_name_that_the_manifest_gives_to_another_time_is_not_taken_for_this_one(project: OneSequence) -> None:
    """`050.png` is a third here; the frame at one half is not there."""
    frames = [{"t": 0.0, "file": "000.png"}, {"t": 1 / 3, "file": "050.png"}, {"t": 1.0, "file": "100.png"}]
    project.lay(LEGACY | {"frames": frames}, _000=png(0), _050=png(9), _100=png(255))

    assert project.conditions() == {F(1, 3): "good"}


@pytest.mark.parametrize("file", ["000.png", "100.png", "manifest.json"])
def test_a_tween_that_claims_a_file_of_ours_is_not_believed(project: OneSequence, file: str) -> None:
    """Writing it would replace the copy of an endpoint, or the manifest itself."""
    frames = [{"t": 0.5, "file": file}]
    project.lay(LEGACY | {"frames": frames}, _000=png(0), _100=png(255))

    folder, state = project.open()
    folder.settle_ends()
    folder.write_manifest()

    assert state.frames == {}
    assert file not in state.owned_names
    assert project.listed == ["000.png", "100.png"]


def test_two_times_that_claim_one_file_are_not_both_believed(project: OneSequence) -> None:
    frames = [{"t": 0.25, "file": "x.png"}, {"t": 0.5, "file": "x.png"}]
    project.lay(LEGACY | {"frames": frames}, _000=png(0), x=png(9), _100=png(255))

    assert len(project.conditions()) == 1


def test_a_frame_is_written_before_the_manifest_lists_it(project: OneSequence) -> None:
    folder, _ = project.open()
    folder.settle_ends()

    with disk_refusing("manifest.json"), pytest.raises(StoreError):
        add(folder, F(1, 2), 100, (F(0), F(1)))

    assert project.files == ["000.png", "050.png", "100.png"]
    assert project.conditions() == {F(1, 2): "good"}


def test_a_frame_that_cannot_be_written_is_not_listed(made: OneSequence) -> None:
    folder, _ = made.open((F(1, 8),))

    with disk_refusing("012.png"), pytest.raises(StoreError):
        add(folder, F(1, 8), 25, (F(0), F(1, 4)))
    folder.write_manifest()

    assert made.listed == ["000.png", "025.png", "050.png", "075.png", "100.png"]


def test_a_frame_that_cannot_be_replaced_keeps_its_file_and_its_entry(made: OneSequence) -> None:
    before = made.manifest
    folder, _ = made.open()

    with disk_refusing("050.png"), pytest.raises(StoreError):
        add(folder, F(1, 2), 101, (F(0), F(1)))
    folder.write_manifest()

    assert (made.folder / "050.png").read_bytes() == png(100)
    assert made.manifest == before


def test_a_run_cut_between_a_new_file_and_the_manifest_leaves_a_frame_that_is_rather_stale_than_good(
    made: OneSequence,
) -> None:
    made.draw_ends(0, 254)
    folder, _ = made.open()
    folder.settle_ends()

    with disk_refusing("manifest.json"), pytest.raises(StoreError):
        add(folder, F(1, 2), 101, (F(0), F(1)))

    assert made.conditions()[F(1, 2)] == "stale"


@pytest.mark.parametrize("leftover", [".050.png.{pid}-0123abcd.tmp", ".manifest.json.{pid}-0123abcd.tmp"])
def test_what_a_killed_run_left_is_swept(made: OneSequence, leftover: str) -> None:
    (made.folder / leftover.format(pid=2**22 + 1)).write_bytes(b"half")

    made.open()[0].settle_ends()

    assert made.files == ["000.png", "025.png", "050.png", "075.png", "100.png", "manifest.json"]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"frames": 7}'])
def test_a_damaged_manifest_is_rewritten_from_the_files(made: OneSequence, data: bytes) -> None:
    (made.folder / "manifest.json").write_bytes(data)

    folder, state = made.open()
    folder.settle_ends()
    folder.write_manifest()

    assert set(state.frames) == set(QUARTERS)
    assert made.listed == ["000.png", "025.png", "050.png", "075.png", "100.png"]


def killed_before_the_manifest(made: OneSequence, t: F, grey: int, **extra: str) -> Path:
    """Add a frame as a process does that is killed between the frame and the manifest; return what it leaves."""
    folder, _ = made.open((t,))
    before = (made.folder / "manifest.json").read_bytes()
    leftover = made.folder / f".manifest.json.{2**22 + 1}-0123abcd.tmp"
    add(folder, t, grey, (F(0), F(1)), **extra)
    leftover.write_bytes((made.folder / "manifest.json").read_bytes())
    (made.folder / "manifest.json").write_bytes(before)
    written_ns = (made.folder / f"{round(100 * t):03d}.png").stat().st_mtime_ns
    os.utime(leftover, ns=(written_ns, written_ns - 1))
    return leftover


@pytest.mark.parametrize(("t", "grey"), [(F(1, 8), 33), (F(1, 2), 101)], ids=["new", "replaced"])
def test_what_made_a_frame_is_known_although_the_run_was_killed_before_its_manifest(
    made: OneSequence, t: F, grey: int
) -> None:
    leftover = killed_before_the_manifest(made, t, grey, engine="crossfade")

    folder, _ = made.open((t,))
    folder.settle_ends()

    [entry] = [frame for frame in made.manifest["frames"] if frame["t"] == t]
    assert entry["engine"] == "crossfade"
    assert not leftover.exists()


def test_a_manifest_of_a_frame_that_was_not_written_any_more_is_not_believed(made: OneSequence) -> None:
    leftover = killed_before_the_manifest(made, F(1, 2), 101, engine="crossfade")
    later_ns = time.time_ns() + 10**9
    os.utime(leftover, ns=(later_ns, later_ns))
    before = made.manifest

    folder, _ = made.open()
    folder.settle_ends()

    assert made.manifest == before
