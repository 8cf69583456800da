"""`watercolor-rig repair` over a project whose pictures a model has slid and tinted."""

import json
from pathlib import Path

import numpy as np
import pytest

from support.running_studio import adventurer
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.repair import RepairCommand, repair_project
from watercolor_rig.core.errors import NothingMatchedError
from watercolor_rig.core.events import Event
from watercolor_rig.core.project_events import FrameRepaired, RepairEnded
from watercolor_rig.imaging.picture import decode, encode_png

SHIFT_PX = 4


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return adventurer(tmp_path / "rig", with_frames=False)


def slide(file: Path) -> bytes:
    """Slide a picture sideways and tint it, as a model does; return what it was."""
    before = file.read_bytes()
    pixels = decode(before, file.name)
    moved = np.roll(pixels, SHIFT_PX, axis=1).astype(np.int16)
    moved[..., :3][moved[..., 3] > 0] += 4
    file.write_bytes(encode_png(np.clip(moved, 0, 255).astype(np.uint8)))
    return before


def repair(project: Path, **changes: object) -> tuple[int, list[FrameRepaired], RepairEnded]:
    heard: list[Event] = []
    options = RepairCommand(
        project / "expressions.json",
        project / "frames/endpoints",
        project / "frames/sequences",
        **changes,  # type: ignore[arg-type]
    )
    status = repair_project(options, heard.append)
    ended = heard[-1]
    assert isinstance(ended, RepairEnded)
    return status, [event for event in heard if isinstance(event, FrameRepaired)], ended


def test_a_drawing_that_slid_lies_still_again_and_the_slid_one_stays_as_a_take(project: Path) -> None:
    file = project / "frames/endpoints/speaking_ah__center.png"
    slide(file)
    slid = file.read_bytes()

    status, looked, ended = repair(project)

    assert (status, ended.repaired, ended.still) == (0, 1, 2)
    [found] = [event for event in looked if event.repaired]
    assert found.subject == "speaking_ah__center"
    assert found.shift_px == pytest.approx(SHIFT_PX, abs=0.3)
    assert found.changed_after < found.changed_before / 3
    neutral, made = (decode((file.parent / name).read_bytes(), name) for name in ("neutral__center.png", file.name))
    assert (neutral == made).all(axis=2).mean() > 0.9
    assert slid in [Memory(project).blobs.get(path.name.split(".")[0]) for path in kept(project)]


def test_drawings_made_by_hand_are_not_touched(project: Path) -> None:
    before = {file: file.read_bytes() for file in (project / "frames/endpoints").iterdir()}

    _, looked, ended = repair(project)

    assert (ended.repaired, ended.still) == (0, 3)
    assert {file: file.read_bytes() for file in before} == before
    assert [event.faults for event in looked] == [(), (), ()]


def test_what_was_repaired_once_is_left_alone(project: Path) -> None:
    file = project / "frames/endpoints/speaking_ah__center.png"
    slide(file)
    repair(project)
    before = file.read_bytes()

    _, looked, ended = repair(project)

    assert (ended.repaired, ended.still, file.read_bytes()) == (0, 3, before)
    assert "speaking_ah__center" not in [event.subject for event in looked]


def test_a_dry_run_writes_nothing(project: Path) -> None:
    file = project / "frames/endpoints/speaking_ah__center.png"
    slide(file)
    before = file.read_bytes()

    _, _, ended = repair(project, dry_run=True)

    assert (ended.repaired, ended.dry_run) == (1, True)
    assert file.read_bytes() == before
    assert not (project / ".watercolor-rig").exists()


def test_a_redrawn_tween_is_put_back_between_its_neighbours_and_its_entry_says_how_good_it_is(tmp_path: Path) -> None:
    project = adventurer(tmp_path / "rig", with_frames=True)
    folder = project / "frames/sequences/neutral_to_speaking_ah__center"
    good = slide(folder / "050.png")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for frame in manifest["frames"]:
        if frame["t"] == 0.5:
            frame["engine"] = "openai"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    status, looked, ended = repair(project, only="neutral_to_speaking_ah__center")

    assert (status, ended.repaired, [event.t for event in looked]) == (0, 1, [0.5])
    entry = next(
        frame for frame in json.loads((folder / "manifest.json").read_text("utf-8"))["frames"] if frame["t"] == 0.5
    )
    assert entry["engine"] == "openai"
    assert entry["quality"]["score"] > 0
    ours, truth = (decode(data, "frame") for data in ((folder / "050.png").read_bytes(), good))
    assert (ours == truth).all(axis=2).mean() > 0.97
    assert repair(project, only="neutral_to_speaking_ah__center")[2].repaired == 0


def test_a_project_without_a_neutral_has_nothing_to_repair(project: Path) -> None:
    (project / "frames/endpoints/neutral__center.png").unlink()

    with pytest.raises(NothingMatchedError, match="nothing to repair"):
        repair(project)


def kept(project: Path) -> list[Path]:
    return [path for path in (project / ".watercolor-rig/store").rglob("*") if path.is_file()]
