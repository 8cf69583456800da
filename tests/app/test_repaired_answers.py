"""Runs against a service that redraws: what slid is put back, what is no good is asked for again or drawn by us."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from support import images_replies
from support.images_api import ImagesApi
from support.images_replies import encoded
from support.images_wire import Upload
from support.running_studio import adventurer
from watercolor_rig.app.quality_tries import QualityOptions
from watercolor_rig.app.sequences import SequenceOptions, make_sequences
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.events import Event, FrameRetried, RunEnded, Warned
from watercolor_rig.core.times import times_of_depth
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.imaging.picture import decode

PATH = "neutral_to_speaking_ah__center"
SHIFT_PX = 5

Draw = Callable[[list[Upload], tuple[int, int]], bytes]


def slid(uploads: list[Upload], size: tuple[int, int]) -> bytes:
    """Draw the second picture again, as the model's idea of half way, some pixels to the side and a little lighter."""
    with Image.open(io.BytesIO(uploads[1].data)) as image:
        picture = image.convert("RGB").resize(size)
    lighter = picture.point(lambda level: min(255, level + 4))
    return encoded(ImageChops.offset(lighter, SHIFT_PX, 0))


def noise(_uploads: list[Upload], size: tuple[int, int]) -> bytes:
    """Draw something that has nothing to do with what was asked, another thing every time."""
    return encoded(Image.fromarray(np.random.default_rng().integers(0, 255, (size[1], size[0], 3), np.uint8)))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return adventurer(tmp_path / "rig", with_frames=False)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[ImagesApi]:
    with ImagesApi() as service:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", service.base_url)
        yield service


Run = Callable[..., tuple[int, list[Event], int]]


@pytest.fixture
def run(project: Path, api: ImagesApi, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what makes the frame half way: exit status, what was said, and how many calls were made."""

    def once(draw: Draw, **quality: object) -> tuple[int, list[Event], int]:
        monkeypatch.setattr(images_replies, "drawn", draw)
        heard: list[Event] = []
        before = len(api.calls)
        options = SequenceOptions(
            project / "expressions.json",
            project / "frames/endpoints",
            project / "frames/sequences",
            times_of_depth(1),
            only=PATH,
            engine="openai",
            settings=EngineSettings(size=(816, 816)),
            quality=QualityOptions(**quality),  # type: ignore[arg-type]
        )
        status = make_sequences(options, heard.append, Toolbox())
        return status, heard, len(api.calls) - before

    return once


def entry(project: Path) -> dict[str, object]:
    frames = json.loads((project / "frames/sequences" / PATH / "manifest.json").read_text("utf-8"))["frames"]
    return next(frame for frame in frames if frame["t"] == 0.5)


def pixels(project: Path, file: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    path = project / "frames/sequences" / PATH / file
    return decode(path.read_bytes(), file)


def test_what_slid_is_put_back_so_that_nothing_moves_that_should_stand_still(project: Path, run: Run) -> None:
    run(slid, retries=0, fall_back=False)

    start, made, end = (pixels(project, name) for name in ("000.png", "050.png", "100.png"))
    same = (start == end).all(axis=2)
    facts = entry(project)["facts"]
    assert isinstance(facts, dict)
    assert facts["repair"]["shift_px"] == pytest.approx(SHIFT_PX, abs=0.5)
    assert (made == start)[same].all(axis=1).mean() > 0.99


def test_a_picture_that_is_no_good_is_asked_for_again_and_then_drawn_by_us(project: Path, run: Run) -> None:
    status, heard, calls = run(noise, retries=1)

    assert (status, calls) == (0, 2)
    assert len([event for event in heard if isinstance(event, FrameRetried)]) == 1
    assert any("drawn by the local engine instead" in event.message for event in heard if isinstance(event, Warned))
    frame = entry(project)
    assert frame["engine"] == "local"
    assert isinstance(frame["instead_of"], dict)
    assert frame["instead_of"]["engine"] == "openai"
    assert frame["instead_of"]["quality"]["good"] is False


def test_a_run_that_resumes_pays_for_no_answer_that_was_no_good_twice(project: Path, run: Run) -> None:
    run(noise, retries=1)
    before = pixels(project, "050.png")
    (project / "frames/sequences" / PATH / "050.png").unlink()

    status, _, calls = run(noise, retries=1)

    assert (status, calls) == (0, 0)
    assert entry(project)["engine"] == "local"
    assert np.array_equal(pixels(project, "050.png"), before)


def test_without_falling_back_the_best_answer_stays(project: Path, run: Run) -> None:
    _, heard, calls = run(noise, retries=2, fall_back=False)

    assert calls == 3
    assert entry(project)["engine"] == "openai"
    assert isinstance(heard[-1], RunEnded)


def test_a_picture_that_shall_not_be_repaired_is_taken_as_it_came(project: Path, run: Run) -> None:
    _, _, calls = run(slid, repair=False)

    assert calls == 1
    assert "quality" not in entry(project)


def test_outside_of_a_region_called_face_nothing_changes(project: Path, run: Run) -> None:
    config = json.loads((project / "expressions.json").read_text("utf-8"))
    config["regions"] = {"center": {"face": [0, 0, 20, 20]}}
    (project / "expressions.json").write_text(json.dumps(config), encoding="utf-8")

    run(slid, retries=0, fall_back=False)

    start, made, end = (pixels(project, name) for name in ("000.png", "050.png", "100.png"))
    same = (start == end).all(axis=2)
    assert np.array_equal(made[same], start[same])
