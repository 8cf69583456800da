from fractions import Fraction

import numpy as np
import pytest

from support.redrawn import face, other_face, redrawn
from support.shared_material import SHARED, needs_shared
from watercolor_rig.core.errors import PictureError
from watercolor_rig.core.quality import Quality
from watercolor_rig.imaging.ground import between
from watercolor_rig.imaging.judge.judging import judge_expression, judge_tween
from watercolor_rig.imaging.picture import Rgba, decode
from watercolor_rig.imaging.repair.repairing import repair_expression, repair_tween

NEUTRAL = face()
OPEN = face(14)


def repaired_and_judged(answer: Rgba, neutral: Rgba = NEUTRAL) -> Quality:
    repaired = repair_expression(answer, neutral)
    return judge_expression(repaired.pixels, neutral, repaired)


def test_an_expression_drawn_by_hand_is_good() -> None:
    judged = judge_expression(OPEN, NEUTRAL)

    assert (judged.is_good, judged.faults, judged.parts["identity"]) == (True, (), 1.0)


def test_a_redrawn_expression_is_bad_before_and_good_after_its_repair() -> None:
    answer = redrawn(OPEN, dx=3.3, dy=-1.2)

    assert not judge_expression(answer, NEUTRAL).is_good
    assert repaired_and_judged(answer).is_good


def test_a_slid_figure_needs_a_word_about_drift() -> None:
    judged = judge_expression(redrawn(OPEN, dx=3), NEUTRAL)

    assert "drift" in judged.needs
    assert judged.parts["drift_px"] == pytest.approx(3, abs=0.1)
    assert any("slid by 3.0 px" in fault for fault in judged.faults)


def test_the_neutral_again_is_no_expression() -> None:
    judged = repaired_and_judged(NEUTRAL.copy())

    assert (judged.needs, judged.is_good) == (("progress",), False)


def test_another_drawing_is_not_good() -> None:
    judged = repaired_and_judged(other_face())

    assert "identity" in judged.needs
    assert not judged.is_good


def test_haze_needs_a_word_about_alpha() -> None:
    hazy = OPEN.copy()
    hazy[..., 3] = np.maximum(hazy[..., 3], 6)

    assert "alpha" in judge_expression(hazy, NEUTRAL).needs


def test_a_painted_ground_needs_a_word_about_alpha() -> None:
    opaque = OPEN.copy()
    opaque[..., 3] = 255

    assert "alpha" in judge_expression(opaque, NEUTRAL).needs
    assert "alpha" in repaired_and_judged(opaque).needs


def test_a_score_lies_between_0_and_1_and_orders_takes() -> None:
    good, poor, bad = (
        repaired_and_judged(OPEN),
        judge_expression(redrawn(OPEN, dx=1), NEUTRAL),
        judge_expression(other_face(), NEUTRAL),
    )

    assert 1 >= good.score > poor.score > bad.score >= 0


def test_a_true_tween_is_good() -> None:
    assert judge_tween(face(8), NEUTRAL, OPEN, 0.5).faults == ()


def test_a_repaired_tween_is_good() -> None:
    repaired = repair_tween(redrawn(face(8), dx=2.4, dy=1.1), NEUTRAL, OPEN, 0.5)

    assert judge_tween(repaired.pixels, NEUTRAL, OPEN, 0.5, repaired).is_good


def test_a_crossfade_is_told_as_a_ghost() -> None:
    judged = judge_tween(between(NEUTRAL, OPEN, Fraction(1, 2)), NEUTRAL, OPEN, 0.5)

    assert judged.needs == ("ghost",)


@pytest.mark.parametrize(("share", "made"), [(0.5, NEUTRAL), (0.75, NEUTRAL), (0.5, OPEN), (0.25, OPEN)])
def test_a_neighbour_again_is_told_by_its_progress(share: float, made: Rgba) -> None:
    assert judge_tween(made, NEUTRAL, OPEN, share).needs == ("progress",)


def test_a_change_where_nothing_moves_is_told_as_stray() -> None:
    strayed = face(8)
    strayed[240:270, 60:100] = (250, 220, 30, 255)

    assert "stray" in judge_tween(strayed, NEUTRAL, OPEN, 0.5).needs


def test_equal_neighbours_leave_nothing_to_be_late_for() -> None:
    assert judge_tween(NEUTRAL, NEUTRAL, NEUTRAL, 0.5).parts["progress"] == 0.5


def test_unequal_sizes_are_an_error() -> None:
    with pytest.raises(PictureError, match="differ in size"):
        judge_expression(OPEN, NEUTRAL[:300])


def material(who: str, expression: str) -> Rgba:
    file = SHARED / "data/characters" / who / "frames/endpoints" / f"{expression}__center.png"
    return decode(file.read_bytes(), file.name)


@needs_shared
def test_a_real_edit_becomes_good_and_changes_a_third_of_what_it_did() -> None:
    neutral, answer = material("whale_girl", "neutral"), material("whale_girl", "happy")

    repaired = repair_expression(answer, neutral)

    assert judge_expression(repaired.pixels, neutral, repaired).is_good
    assert repaired.changed_after < repaired.changed_before / 3


@needs_shared
@pytest.mark.parametrize("expression", ["angry", "happy", "speaking", "winking"])
def test_a_picture_drawn_afresh_is_left_alone_and_told(expression: str) -> None:
    neutral, answer = material("mungi_dog", "neutral"), material("mungi_dog", expression)

    repaired = repair_expression(answer, neutral)

    assert not repaired.touched
    assert not judge_expression(repaired.pixels, neutral, repaired).is_good
