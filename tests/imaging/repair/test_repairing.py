import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.redrawn import face, other_face, redrawn
from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.change import changed_pixels, still_region
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.repair.levels import difference, seen_levels
from watercolor_rig.imaging.repair.repairing import RepairOptions, repair_expression, repair_tween

NEUTRAL = face()
OPEN = face(14)


def strays(made: Rgba, drawing: Rgba, neutral: Rgba = NEUTRAL) -> int:
    """Return how many pixels differ from the neutral where the undamaged drawing does not."""
    return int((changed_pixels(made, neutral) & still_region(drawing, neutral)).sum())


def mean_error(made: Rgba, drawing: Rgba) -> float:
    where = ~still_region(drawing, NEUTRAL)
    return float(difference(seen_levels(made), seen_levels(drawing))[where].mean())


def test_an_expression_drawn_by_hand_comes_out_as_it_went_in() -> None:
    repaired = repair_expression(OPEN, NEUTRAL)

    assert (repaired.touched, repaired.pixels is OPEN) == (False, True)


def test_the_neutral_itself_comes_out_as_it_went_in() -> None:
    assert not repair_expression(NEUTRAL.copy(), NEUTRAL).touched


@settings(max_examples=20, deadline=None)
@given(
    dx=st.floats(-9, 9),
    dy=st.floats(-9, 9),
    scale=st.floats(0.96, 1.04),
    turn_deg=st.floats(-1.5, 1.5),
    lightness=st.sampled_from([-5, 0, 5]),
)
def test_a_redrawn_expression_comes_back_onto_the_neutral(
    dx: float, dy: float, scale: float, turn_deg: float, lightness: float
) -> None:
    answer = redrawn(OPEN, dx=dx, dy=dy, scale=scale, turn_deg=turn_deg, lightness=lightness)

    repaired = repair_expression(answer, NEUTRAL)

    assert repaired.fit.trusted
    assert strays(repaired.pixels, OPEN) == 0
    assert mean_error(repaired.pixels, OPEN) < 8


def test_only_the_mouth_differs_after_the_repair() -> None:
    repaired = repair_expression(redrawn(OPEN, dx=3.3, dy=-1.2), NEUTRAL)

    rows = np.flatnonzero(changed_pixels(repaired.pixels, NEUTRAL).any(axis=1))

    assert rows.min() > 165
    assert rows.max() < 215


def test_the_same_answer_is_repaired_the_same_way() -> None:
    answer = redrawn(OPEN, dx=2.2, scale=1.01)

    first, second = (repair_expression(answer, NEUTRAL).pixels for _ in range(2))

    assert np.array_equal(first, second)


def test_a_repaired_picture_needs_no_repair() -> None:
    repaired = repair_expression(redrawn(OPEN, dx=2.2, scale=1.01), NEUTRAL)

    assert not repair_expression(repaired.pixels, NEUTRAL).touched


def test_an_answer_that_shows_something_else_is_left_as_it_came() -> None:
    answer = other_face()

    repaired = repair_expression(answer, NEUTRAL)

    assert (repaired.fit.trusted, repaired.touched) == (False, False)
    assert repaired.pixels is answer
    assert repaired.fit.reason in repaired.notes[0]


@pytest.mark.parametrize("damage", [{"scale": 1.4}, {"dx": 60}, {"turn_deg": 20}])
def test_another_framing_is_not_warped_back(damage: dict[str, float]) -> None:
    assert not repair_expression(redrawn(OPEN, **damage), NEUTRAL).fit.trusted


def test_nothing_changes_outside_the_region_that_may() -> None:
    both = face(14, eyes_shut=True)
    mouth_only = np.zeros(NEUTRAL.shape[:2], np.bool_)
    mouth_only[160:] = True

    repaired = repair_expression(redrawn(both, dx=1.4), NEUTRAL, may_change=mouth_only)

    assert not (changed_pixels(repaired.pixels, NEUTRAL) & ~mouth_only).any()
    assert changed_pixels(repaired.pixels, NEUTRAL)[170:210].any()


def test_a_hand_made_picture_is_held_to_the_region_that_may_change() -> None:
    both = face(14, eyes_shut=True)
    mouth_only = np.zeros(NEUTRAL.shape[:2], np.bool_)
    mouth_only[160:] = True

    repaired = repair_expression(both, NEUTRAL, may_change=mouth_only)

    assert np.array_equal(repaired.pixels[:160], NEUTRAL[:160])


def test_haze_and_see_through_figures_become_whole() -> None:
    answer = redrawn(OPEN, dx=2)
    answer[answer[..., 3] == 0, :3] = 90
    answer[..., 3] = np.clip(answer[..., 3] * 0.95 + 4, 0, 255).astype(np.uint8)

    repaired = repair_expression(answer, NEUTRAL)

    assert np.array_equal(repaired.pixels[..., 3], NEUTRAL[..., 3])
    assert not repaired.pixels[repaired.pixels[..., 3] == 0].any()
    assert repaired.alpha.haze == 4


def test_a_painted_ground_is_told_and_the_outline_kept() -> None:
    answer = redrawn(OPEN, dx=2)
    squares = np.where(np.indices(answer.shape[:2]).sum(axis=0) // 8 % 2, 204, 255)[..., None]
    share = answer[..., 3:] / 255
    answer[..., :3] = np.rint(answer[..., :3] * share + squares * (1 - share)).astype(np.uint8)
    answer[..., 3] = 255

    repaired = repair_expression(answer, NEUTRAL)

    assert repaired.alpha.painted_ground
    assert np.array_equal(repaired.pixels[..., 3], NEUTRAL[..., 3])


def test_without_the_lock_the_whole_answer_is_kept_registered() -> None:
    repaired = repair_expression(redrawn(OPEN, dx=3.4), NEUTRAL, options=RepairOptions(lock=False))

    away = difference(seen_levels(repaired.pixels), seen_levels(OPEN))

    assert np.mean(away[8:-8, 8:-8]) < 6
    assert not repaired.region.any()


def test_unequal_sizes_are_an_error_that_names_both() -> None:
    with pytest.raises(PictureError, match="240x320 and 240x300"):
        repair_expression(OPEN, NEUTRAL[:300])


def test_a_region_of_another_size_is_an_error() -> None:
    with pytest.raises(PictureError, match="10x12"):
        repair_expression(OPEN, NEUTRAL, may_change=np.ones((12, 10), np.bool_))


def test_a_tween_is_its_neighbours_where_they_agree() -> None:
    answer = redrawn(face(8), dx=2.4, dy=1.1, lightness=5)

    repaired = repair_tween(answer, NEUTRAL, OPEN, 0.5)

    assert strays(repaired.pixels, OPEN) == 0
    assert mean_error(repaired.pixels, face(8)) < 8


def test_a_tween_of_a_local_engine_comes_out_as_it_went_in() -> None:
    tween = face(8)

    assert repair_tween(tween, NEUTRAL, OPEN, 0.5).pixels is tween


def test_a_tween_of_another_drawing_is_left_as_it_came() -> None:
    assert not repair_tween(other_face(), NEUTRAL, OPEN, 0.5).fit.trusted
