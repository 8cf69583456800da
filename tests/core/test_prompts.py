"""What an image model is told."""

from fractions import Fraction

import pytest

from watercolor_rig.core.prompts import ALWAYS_KEPT, MINDED, NEVER, expression_prompt, sheet_prompt, tween_prompt
from watercolor_rig.core.rig import NEUTRAL, ExpressionId, PoseId, Rig
from watercolor_rig.core.vocabulary import SHIPPED, describe_expression, describe_pose, describe_value

AH, BIG, LONELY = ExpressionId("speaking_ah"), ExpressionId("happy_big"), ExpressionId("far_away")
CENTER = PoseId("center")

RIG = Rig(
    expressions={
        NEUTRAL: {"mouth": "neutral", "eyes": "neutral"},
        AH: {"mouth": "ah", "eyes": "neutral"},
        BIG: {"mouth": "smile_big", "eyes": "star_shaped"},
    },
    character="a knight\nwith a dented helmet",
    style="ink and watercolour",
    preserve=("the dent in the helmet",),
    descriptions={"mouth": {"ah": "a tall oval"}},
    pose_descriptions={CENTER: "facing the viewer"},
)

KEPT = "; ".join(ALWAYS_KEPT)


def test_an_edit_names_the_picture_the_change_and_everything_that_stays() -> None:
    prompt = expression_prompt(RIG, AH, CENTER)

    assert prompt == (
        "Background: exactly the background of Image 1, unchanged\n"
        "Character: a knight with a dented helmet\n"
        "Style: ink and watercolour\n"
        "Pose: facing the viewer; head, body and camera exactly as in Image 1\n"
        "Image 1: the portrait to edit, with a neutral expression\n"
        "Task: Edit Image 1 so that the face shows “speaking ah”.\n"
        "Change only: mouth: a tall oval\n"
        "Keep exactly as in Image 1: the dent in the helmet; eyes: open and relaxed, looking ahead; "
        f"{KEPT}\n"
        f"Never: {NEVER}"
    )


def test_an_in_between_names_its_pictures_by_role_and_its_place_on_the_way() -> None:
    prompt = tween_prompt(RIG, NEUTRAL, AH, CENTER, Fraction(1, 8), Fraction(0), Fraction(1, 2), anchored=True)

    assert prompt == (
        "Background: exactly the background of Image 1, unchanged\n"
        "Character: a knight with a dented helmet\n"
        "Style: ink and watercolour\n"
        "Pose: facing the viewer; head, body and camera exactly as in Image 1\n"
        "Image 1: the earlier frame, the start of the movement: mouth closed and relaxed, neither smiling nor "
        "frowning; eyes open and relaxed, looking ahead\n"
        "Image 2: the later frame, at 1/2 of the whole movement from “neutral” to “speaking ah”\n"
        "Image 3: the neutral portrait: take identity, lines and colours from it, not its expression\n"
        "Task: Draw the one in-between frame of the animation that lies 1/4 of the way from Image 1 to Image 2 "
        "(1/8 of the whole movement). Every moving part stands 1/4 of the way from its place in Image 1 to its "
        "place in Image 2, as a single clean drawing, not a double exposure.\n"
        "Change only: mouth (over the whole movement from closed and relaxed, neither smiling nor frowning, "
        "to a tall oval)\n"
        "Keep exactly as in Image 1: the dent in the helmet; eyes: open and relaxed, looking ahead; "
        f"{KEPT}\n"
        f"Never: {NEVER}"
    )


def test_without_an_anchor_there_is_no_third_image() -> None:
    prompt = tween_prompt(RIG, NEUTRAL, AH, CENTER, Fraction(1, 2), Fraction(0), Fraction(1), anchored=False)

    assert "Image 3" not in prompt


def test_a_minimal_rig_is_described_by_its_ids_alone() -> None:
    prompt = tween_prompt(Rig(), NEUTRAL, LONELY, CENTER, Fraction(1, 2), Fraction(0), Fraction(1), anchored=False)

    assert "Change only: the face, between the expression “neutral” and the expression “far away”" in prompt
    assert "Character:" not in prompt
    assert "Style:" not in prompt


def test_an_expression_without_axis_values_is_edited_by_its_id() -> None:
    prompt = expression_prompt(Rig(), LONELY, CENTER)

    assert "Change only: the face, to the expression “far away”" in prompt


def test_a_redrawn_neutral_changes_nothing_and_keeps_every_axis() -> None:
    prompt = expression_prompt(RIG, NEUTRAL, CENTER)

    assert "Change only: nothing\n" in prompt
    assert "mouth: closed and relaxed" in prompt


def test_two_expressions_with_the_same_axis_values_still_say_what_changes() -> None:
    twins = Rig(expressions={AH: {"mouth": "ah"}, BIG: {"mouth": "ah"}})

    prompt = tween_prompt(twins, AH, BIG, CENTER, Fraction(1, 2), Fraction(0), Fraction(1), anchored=False)

    assert "Change only: the parts of the face that differ between the two" in prompt


def test_an_axis_that_only_one_end_names_changes_from_what_is_drawn() -> None:
    rig = Rig(expressions={NEUTRAL: {"mouth": "neutral"}, BIG: {"mouth": "neutral", "brows": "raise"}})

    prompt = tween_prompt(rig, NEUTRAL, BIG, CENTER, Fraction(1, 2), Fraction(0), Fraction(1), anchored=False)

    assert "brows (over the whole movement from as drawn, to both raised)" in prompt


@pytest.mark.parametrize("share", [Fraction(1, 4), Fraction(3, 8), Fraction(2, 3)])
def test_each_time_of_a_sequence_has_a_prompt_of_its_own(share: Fraction) -> None:
    first = tween_prompt(RIG, NEUTRAL, AH, CENTER, share, Fraction(0), Fraction(1), anchored=False)
    second = tween_prompt(RIG, NEUTRAL, AH, CENTER, share / 2, Fraction(0), Fraction(1, 2), anchored=False)

    assert first != second


def test_the_rigs_own_words_win_over_the_shipped_ones() -> None:
    assert describe_value(RIG, "mouth", "ah") == "a tall oval"
    assert describe_value(RIG, "mouth", "frown") == SHIPPED["mouth"]["frown"]


def test_an_unknown_value_stands_for_itself_in_words() -> None:
    assert describe_value(RIG, "eyes", "star_shaped") == "star shaped"
    assert describe_value(RIG, "ears", "pricked_up") == "pricked up"


def test_an_expression_is_described_axis_by_axis() -> None:
    assert describe_expression(RIG, BIG) == f"mouth {SHIPPED['mouth']['smile_big']}; eyes star shaped"


def test_a_pose_without_words_is_its_id() -> None:
    assert describe_pose(RIG, PoseId("three_quarter_left")) == "three quarter left"


@pytest.mark.parametrize("need", MINDED)
def test_another_try_is_told_what_was_wrong_with_the_last(need: str) -> None:
    tween = tween_prompt(RIG, AH, BIG, CENTER, Fraction(1, 2), Fraction(0), Fraction(1), anchored=False, needs=(need,))

    assert f"Better than the last try: {MINDED[need]}\nNever:" in tween
    assert MINDED[need] in expression_prompt(RIG, AH, CENTER, (need,))


def test_the_first_try_hears_of_none() -> None:
    assert "last try" not in expression_prompt(RIG, AH, CENTER)


def test_a_sheet_lists_what_each_panel_shows_and_what_fills_the_rest() -> None:
    times = [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)]
    prompt = sheet_prompt(RIG, NEUTRAL, AH, CENTER, times, anchored=False)

    assert prompt == (
        "Background: exactly the background of Image 1, unchanged\n"
        "Character: a knight with a dented helmet\n"
        "Style: ink and watercolour\n"
        "Pose: facing the viewer; head, body and camera exactly as in Image 1\n"
        "Image 1: the first frame, the start of the movement: mouth closed and relaxed, neither smiling nor "
        "frowning; eyes open and relaxed, looking ahead\n"
        "Image 2: the last frame, the end of the movement: mouth a tall oval; eyes open and relaxed, looking ahead\n"
        "Task: Draw the in-between frames of one animation as the panels of one picture. "
        "In each panel every moving part stands as far from its place in Image 1 to its place in Image 2 as the list "
        "of panels says, as a single clean drawing, not a double exposure; everything else is the same in all panels.\n"
        "Layout: 2 columns and 2 rows of panels of equal size that fill the picture, without lines, gaps or labels. "
        "Each panel shows the whole of Image 1, in the same framing.\n"
        "Panels: row 1, column 1: 1/4 of the way from Image 1 to Image 2; "
        "row 1, column 2: 1/2 of the way from Image 1 to Image 2; "
        "row 2, column 1: 3/4 of the way from Image 1 to Image 2; "
        "row 2, column 2: Image 2, unchanged\n"
        "Change only: mouth (over the whole movement from closed and relaxed, neither smiling nor frowning, to a tall "
        "oval)\n"
        "Keep in every panel exactly as in Image 1: the dent in the helmet; eyes: open and relaxed, looking ahead; "
        f"{KEPT}\n"
        f"Never: In no panel: {NEVER}"
    )


def test_a_sheet_names_the_neutral_that_goes_along() -> None:
    prompt = sheet_prompt(RIG, AH, BIG, CENTER, [Fraction(1, 2)], anchored=True)

    assert "\nImage 3: the neutral portrait: take identity" in prompt
    assert "\nLayout: 1 column and 1 row of panels" in prompt
