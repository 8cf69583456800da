"""The learned flow: its file is believed only when it is the one that was shipped, and nothing depends on it."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from support.drawn import eye
from support.synthetic import face, png
from watercolor_rig.core.errors import EngineUnavailableError, UsageError
from watercolor_rig.engines.api import EngineSettings, MadePicture, TweenRequest
from watercolor_rig.engines.local import network, plugin
from watercolor_rig.engines.local.cut import cut_out
from watercolor_rig.engines.local.learned import DRAFT_SIDE_PX, LearnedCandidate
from watercolor_rig.engines.local.network import Seen
from watercolor_rig.imaging.change import Box, Region
from watercolor_rig.imaging.composing import PicturePair
from watercolor_rig.imaging.parts import Part
from watercolor_rig.imaging.picture import Rgba, decode
from watercolor_rig.imaging.premultiplied import over_grey, to_premultiplied


@pytest.fixture(autouse=True)
def _forget_the_network() -> None:
    network.load_network.cache_clear()


def tween(start: Rgba, end: Rgba, **options: str) -> MadePicture:
    request = TweenRequest("a_to_b__center t=0.5", png(start), png(end), Fraction(0), Fraction(1), Fraction(1, 2))
    return plugin.open_tweens(EngineSettings(options=options)).tween(request)


def in_the_place_of_the_models(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Let the package look for its models in a folder; return where the file would be."""
    monkeypatch.setattr(network, "files", lambda _package: folder)
    file = folder / "models" / network.FILE
    file.parent.mkdir()
    return file


def test_the_shipped_file_is_the_one_that_is_believed() -> None:
    assert len(network.read_model()) > 10_000_000


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), (b"", "damaged"), (b"another", "damaged")])
def test_without_a_sound_file_the_other_ways_draw_and_a_note_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = in_the_place_of_the_models(monkeypatch, tmp_path)
    if content is not None:
        file.write_bytes(content)
    made = tween(face(90, 120), face(90, 120, mouth_height=0.2))

    assert made.method in {"shape", "flow", "chosen"}
    assert said in made.notes[0]
    assert network.FILE in made.notes[0]
    assert "shapes and optical flow draw everything" in made.notes[0]


def test_without_onnxruntime_the_other_ways_draw_and_a_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    made = tween(face(90, 120), face(90, 120, mouth_height=0.2))

    assert "onnxruntime cannot be loaded" in made.notes[0]


def test_a_file_that_onnxruntime_refuses_is_said_to_be_refused() -> None:
    with pytest.raises(EngineUnavailableError, match="refused its file"):
        network.FlowNetwork(b"no network")


def test_a_device_that_is_not_here_is_refused_before_anything_is_made() -> None:
    settings = EngineSettings(options={"device": "directml"})

    with pytest.raises(EngineUnavailableError, match=r"'directml'.*--device takes cpu"):
        plugin.check(settings)


@pytest.mark.parametrize(("key", "value"), [("method", "magic"), ("device", "abacus")])
def test_an_option_that_does_not_exist_is_refused(key: str, value: str) -> None:
    with pytest.raises(UsageError, match=value):
        plugin.check(EngineSettings(options={key: value}))


def test_the_motion_has_the_size_of_the_pictures() -> None:
    first, second = (over_grey(to_premultiplied(face(70, 90, mouth_height=height))) for height in (0.1, 0.2))
    motion = network.load_network().motion(first, second, 0.5)

    assert motion.to_first.shape == motion.to_second.shape == (90, 70, 2)
    assert motion.mask.shape == (90, 70)
    assert 0 <= float(motion.mask.min()) <= float(motion.mask.max()) <= 1


def test_equal_pictures_stay_as_they_are() -> None:
    picture = over_grey(to_premultiplied(face(128, 128)))
    motion = network.load_network().motion(picture, picture, 0.5)

    assert float(np.abs(motion.to_first).max()) < 1


@pytest.mark.parametrize("method", ["learned", "flow", "shape", "fade"])
def test_a_method_can_be_forced(method: str) -> None:
    made = tween(eye(is_open=True), eye(is_open=False), method=method)

    assert made.method in {method, "flow"}


def test_the_same_request_gives_the_same_bytes_in_a_new_session() -> None:
    first = tween(eye(is_open=True), eye(is_open=False), method="learned")
    network.load_network.cache_clear()

    assert first.png == tween(eye(is_open=True), eye(is_open=False), method="learned").png


def test_the_learned_flow_slides_what_a_crossfade_shows_twice() -> None:
    start = np.full((160, 160, 4), 255, dtype=np.uint8)
    ends = [start.copy() for _ in range(3)]
    for at, picture in zip((50, 70, 60), ends, strict=True):
        picture[60:90, at : at + 30, :3] = 0
    slid, faded = (decode(tween(ends[0], ends[1], method=way).png, way).astype(int) for way in ("learned", "fade"))

    assert np.abs(slid - ends[2]).mean() < np.abs(faded - ends[2]).mean() / 3


def learned(side_px: int) -> LearnedCandidate:
    """Return the candidate of a picture that is one part, in which a square slides."""
    start = np.full((side_px, side_px, 4), 255, dtype=np.uint8)
    end = start.copy()
    tenth = side_px // 10
    start[3 * tenth : 7 * tenth, 2 * tenth : 6 * tenth, :3] = 0
    end[3 * tenth : 7 * tenth, 3 * tenth : 7 * tenth, :3] = 0
    box, everywhere = Box(0, 0, side_px, side_px), np.ones((side_px, side_px), dtype=bool)
    cut = cut_out(PicturePair(start, end, None), Region(box, everywhere))
    return LearnedCandidate(cut, (Part(box, everywhere, everywhere),), network.load_network())


def test_a_part_of_usual_size_is_its_own_draft() -> None:
    candidate = learned(DRAFT_SIDE_PX)

    assert candidate.draft() is candidate


def test_the_draft_of_a_large_part_shows_the_network_a_smaller_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[int, ...]] = []
    seen = network.FlowNetwork.motion

    def motion(self: network.FlowNetwork, first: Seen, second: Seen, share: float) -> network.LearnedMotion:
        shown.append(first.shape[:2])
        return seen(self, first, second, share)

    monkeypatch.setattr(network.FlowNetwork, "motion", motion)
    candidate = learned(2 * DRAFT_SIDE_PX)
    made, draft = candidate.at(0.5), candidate.draft().at(0.5)

    assert max(shown[0]) > DRAFT_SIDE_PX
    assert max(shown[1]) == DRAFT_SIDE_PX
    assert made.shape == draft.shape


def test_a_draft_is_in_the_same_place_as_what_it_stands_for() -> None:
    candidate = learned(DRAFT_SIDE_PX + 90)
    made, draft = (picture[..., :3].min(axis=2) < 0.5 for picture in (candidate.at(0.5), candidate.draft().at(0.5)))

    assert made.sum() > 0.1 * made.size
    assert (made & draft).sum() > 0.9 * (made | draft).sum()
