"""What an image model is told where the head turns."""

from fractions import Fraction as F

import pytest

from watercolor_rig.core.prompts import ALWAYS_KEPT, MINDED, NEVER
from watercolor_rig.core.rig import ExpressionId, PoseId, Rig
from watercolor_rig.core.turn_prompts import WHAT_TURNS, Turn, head_prompt, turn_sheet_prompt, turn_tween_prompt

HAPPY, CENTER, LEFT = ExpressionId("happy"), PoseId("center"), PoseId("left")
RIG = Rig(
    expressions={HAPPY: {"mouth": "smile_big"}},
    character="a knight",
    preserve=("the dent in the helmet",),
    pose_descriptions={CENTER: "facing the viewer", LEFT: "the head turned to the left"},
)
TURN = Turn(HAPPY, CENTER, LEFT)
SMILE = "mouth: a broad, happy smile, corners well up"
KEPT = "; ".join(("the dent in the helmet", "the expression “happy”", SMILE, *ALWAYS_KEPT))


def test_a_head_is_turned_and_everything_else_is_named_as_staying() -> None:
    assert head_prompt(RIG, TURN) == (
        "Background: exactly the background of Image 1, unchanged\n"
        "Character: a knight\n"
        "Pose: the head turned to the left; body and camera exactly as in Image 1\n"
        "Image 1: the picture to edit, facing the viewer\n"
        "Task: Edit Image 1 so that the head's pose is “the head turned to the left”, with the same expression.\n"
        f"Change only: {WHAT_TURNS}\n"
        f"Keep exactly as in Image 1: {KEPT}\n"
        f"Never: {NEVER}"
    )


def test_an_in_between_of_a_turn_names_both_poses_and_its_place_between_them() -> None:
    prompt = turn_tween_prompt(RIG, TURN, F(1, 4), (F(0), F(1, 2)), anchored=True, note="keep\nthe plume down")

    assert prompt == (
        "Background: exactly the background of Image 1, unchanged\n"
        "Character: a knight\n"
        "Pose: the head turns from “facing the viewer” to “the head turned to the left”; body and camera exactly as in "
        "Image 1\n"
        "Image 1: the earlier frame, the start of the turn: facing the viewer\n"
        "Image 2: the later frame, at 1/2 of the whole turn\n"
        "Image 3: the neutral portrait: take identity, lines and colours from it, not its expression or pose\n"
        "Task: Draw the one in-between frame of a turn of the head that lies 1/2 of the way from Image 1 to Image 2 "
        "(1/4 of the whole turn). The head stands 1/2 of the way from its orientation in Image 1 to that in Image 2, "
        "as a single clean drawing, not a double exposure.\n"
        "Of this frame in particular: keep the plume down\n"
        f"Change only: {WHAT_TURNS}\n"
        f"Keep exactly as in Image 1: {KEPT}\n"
        f"Never: {NEVER}"
    )


def test_a_sheet_of_a_turn_lists_its_panels() -> None:
    prompt = turn_sheet_prompt(RIG, TURN, [F(1, 4), F(1, 2), F(3, 4)], anchored=False)

    assert "row 1, column 1: 1/4 of the way from Image 1 to Image 2" in prompt
    assert "row 2, column 2: Image 2, unchanged" in prompt
    assert "Image 2: the last frame, the end of the turn: the head turned to the left\n" in prompt
    assert "Image 3" not in prompt


@pytest.mark.parametrize("need", MINDED)
def test_another_try_is_told_what_was_wrong(need: str) -> None:
    tween = turn_tween_prompt(RIG, TURN, F(1, 2), (F(0), F(1)), anchored=False, needs=(need,))

    assert f"Better than the last try: {MINDED[need]}\nNever:" in tween
    assert f"Better than the last try: {MINDED[need]}\nNever:" in head_prompt(RIG, TURN, (need,))
