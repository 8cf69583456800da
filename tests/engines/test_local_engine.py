"""What the embedded engine promises beyond the contract of all engines."""

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest

from support.shared_material import endpoint_pairs, needs_shared
from support.synthetic import face, png
from watercolor_rig.core.errors import EngineError
from watercolor_rig.core.json import JsonObject
from watercolor_rig.core.outlines import Outline
from watercolor_rig.engines.api import EngineSettings, MadePicture, TweenRequest
from watercolor_rig.engines.local import analysis, engine, plugin
from watercolor_rig.engines.local.naming import Labels
from watercolor_rig.engines.local.options import LocalOptions
from watercolor_rig.imaging.change import regions_that_may_move
from watercolor_rig.imaging.composing import PicturePair
from watercolor_rig.imaging.picture import decode


def request(start: bytes, end: bytes, t: str = "1/2") -> TweenRequest:
    return TweenRequest("a_to_b__center t=0.5", start, end, Fraction(0), Fraction(1), Fraction(t))


def components(made: MadePicture) -> list[JsonObject]:
    found = made.facts["components"]
    assert isinstance(found, list)
    return [part for part in found if isinstance(part, dict)]


def count_analyses(monkeypatch: pytest.MonkeyPatch) -> list[PicturePair]:
    """Return a list that grows by a pair each time one is analysed."""
    analysed: list[PicturePair] = []

    def analyse(pair: PicturePair, options: LocalOptions, labels: Labels, *, turns: bool) -> analysis.PairAnalysis:
        analysed.append(pair)
        return analysis.analyse(pair, options, labels, turns=turns)

    monkeypatch.setattr(engine, "analyse", analyse)
    return analysed


def test_a_pair_is_analysed_once_for_all_its_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    analysed = count_analyses(monkeypatch)
    tweens = plugin.open_tweens(EngineSettings())
    for t in ("1/4", "1/2", "3/4"):
        tweens.tween(request(png(face(40, 60)), png(face(40, 60, mouth_height=0.2)), t))

    assert len(analysed) == 1


def test_only_the_last_pairs_are_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    analysed = count_analyses(monkeypatch)
    tweens = plugin.open_tweens(EngineSettings())
    start, ends = png(face(40, 60)), [png(face(40, 60, mouth_height=height)) for height in (0.1, 0.2, 0.3)]
    for end in (*ends, ends[0]):
        tweens.tween(request(start, end))

    assert len(analysed) == 4


@pytest.mark.parametrize("error", [cv2.error("inside OpenCV"), MemoryError("no memory"), ValueError("bad shape")])
def test_a_failure_inside_the_image_library_names_the_frame(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def breaks(_: PicturePair, _options: LocalOptions, _labels: Labels, **_turns: bool) -> None:
        raise error

    monkeypatch.setattr(engine, "analyse", breaks)
    with pytest.raises(EngineError, match=r"a_to_b__center t=0\.5: .*--engine crossfade"):
        plugin.open_tweens(EngineSettings()).tween(request(png(face(9, 9)), png(face(9, 9, mouth_height=0.3))))


def test_a_registered_pair_has_no_notes() -> None:
    made = plugin.open_tweens(EngineSettings()).tween(request(png(face(90, 120)), png(face(90, 120, mouth_height=0.2))))

    assert made.notes == ()


def test_a_drawing_that_moved_as_a_whole_is_said_with_shift_and_advice() -> None:
    source = np.random.default_rng(5)
    start = np.full((200, 200, 4), 255, dtype=np.uint8)
    for x, y in source.integers(20, 170, (90, 2)):
        start[y : y + 9, x : x + 7, :3] = source.integers(0, 200, 3)
    end = np.roll(start, 8, axis=1)
    (note,) = plugin.open_tweens(EngineSettings()).tween(request(png(start), png(end))).notes

    assert "not registered" in note
    assert "8 px" in note
    assert "align" in note


def test_a_shape_cut_by_the_picture_s_edge_slides_along_it() -> None:
    start = np.full((120, 120, 4), 255, dtype=np.uint8)
    end = start.copy()
    start[90:, 30:60, :3] = 0
    end[90:, 40:70, :3] = 0
    made = decode(plugin.open_tweens(EngineSettings()).tween(request(png(start), png(end))).png, "made")

    assert made[-1, 38:62, 0].max() < 40
    assert made[-1, :32, 0].min() > 215
    assert made[-1, 68:, 0].min() > 215


def test_the_border_of_the_region_shows_no_seam() -> None:
    """Along the rim inside the region, where both ends are equal, the made picture is the start."""
    start, end = face(120, 160), face(120, 160, mouth_top=0.55, mouth_height=0.15)
    made = decode(plugin.open_tweens(EngineSettings()).tween(request(png(start), png(end))).png, "made")
    (region,) = regions_that_may_move(start, end)
    inner = cv2.erode(region.mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0) > 0
    rim = region.mask & ~inner

    assert np.array_equal(start[region.box.slices()][rim], made[region.box.slices()][rim])


@needs_shared
def test_a_real_drawing_made_one_by_one_is_warned_about() -> None:
    start, end = endpoint_pairs("mungi_dog")[0]
    made = plugin.open_tweens(EngineSettings()).tween(request(start.read_bytes(), end.read_bytes()))

    assert "not registered" in made.notes[0]


def test_a_part_that_nothing_draws_well_is_said_with_place_and_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "POOR", 0.0)
    made = plugin.open_tweens(EngineSettings()).tween(request(png(face(90, 120)), png(face(90, 120, mouth_height=0.2))))

    assert "no method draws the change at" in made.notes[0]
    assert "draw one more expression in between" in made.notes[0]


def test_a_poor_part_and_its_facts_have_the_name_that_the_user_gave_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "POOR", 0.0)
    asked = request(png(face(90, 120)), png(face(90, 120, mouth_height=0.2)))
    regions: dict[str, Outline] = {"beak": ((0, 0), (90, 0), (90, 120), (0, 120))}
    tweens = plugin.open_tweens(EngineSettings())
    plain, named = tweens.tween(asked), tweens.tween(replace(asked, regions=regions))
    (component,) = components(named)

    assert "no method draws the beak at" in named.notes[0]
    assert component["name"] == "beak"
    assert named.png == plain.png


def test_the_facts_tell_of_every_part_what_was_chosen_and_how_good_it_looks() -> None:
    made = plugin.open_tweens(EngineSettings()).tween(request(png(face(90, 120)), png(face(90, 120, mouth_height=0.2))))

    assert [list(part) for part in components(made)] == [["name", "box", "method", "score", "parts", "others"]]


def test_the_choice_is_the_same_at_every_position() -> None:
    tweens = plugin.open_tweens(EngineSettings())
    start, end = png(face(90, 120)), png(face(90, 120, mouth_height=0.2))
    facts = [tweens.tween(request(start, end, t)).facts for t in ("1/8", "1/2", "7/8")]

    assert facts[0] == facts[1] == facts[2]
