"""Clips of the exports as the graph of transitions takes them."""

from dataclasses import replace
from fractions import Fraction

import pytest

from export.bookshelf import clip
from watercolor_rig.core.ids import PathId
from watercolor_rig.core.rig import ExpressionId, PoseId
from watercolor_rig.core.transitions import Clip, Leg, State, TransitionGraph
from watercolor_rig.export.graph import ends_of, fault_of_clip, graph_clip, meetings

AH = clip("neutral", "ah", (0, 3, 6))
TURN = replace(clip("neutral", "neutral", (0, 3, 0)), name="turn", end_pose="left")


def state(expression: str, pose: str = "center") -> State:
    return State(ExpressionId(expression), PoseId(pose))


def test_a_clip_joins_the_states_of_its_ends() -> None:
    made = graph_clip(AH, ["7", "8", "9"])

    assert made == Clip(
        PathId("neutral_to_ah__center"), state("neutral"), state("ah"), (0.0, 0.5, 1.0), ("7", "8", "9")
    )


def test_frames_keep_their_names_where_no_others_are_given() -> None:
    assert graph_clip(AH).files == ("0.00.png", "0.50.png", "1.00.png")


def test_a_clip_that_turns_the_head_joins_two_poses() -> None:
    assert ends_of(TURN) == (state("neutral"), state("neutral", "left"))
    assert TransitionGraph([graph_clip(AH), graph_clip(TURN)]).route(state("ah"), state("neutral", "left")) == (
        Leg(0, 2, 0),
        Leg(1, 0, 2),
    )


def test_meetings_counts_the_clips_at_each_state() -> None:
    assert meetings([AH, TURN]) == {state("neutral"): 2, state("ah"): 1, state("neutral", "left"): 1}


def test_a_clip_with_all_it_needs_has_no_fault() -> None:
    assert fault_of_clip(AH) is None


@pytest.mark.parametrize("changes", [{"start": ""}, {"end": ""}, {"pose": ""}])
def test_a_clip_whose_manifest_is_silent_has_a_fault(changes: dict[str, str]) -> None:
    assert "manifest does not say" in (fault_of_clip(replace(AH, **changes)) or "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "incomplete",
    [
        clip("neutral", "ah", (0,)),
        clip("neutral", "ah", (0, 1), [Fraction(0), Fraction(1, 2)]),
        clip("neutral", "ah", (0, 1), [Fraction(1, 2), Fraction(1)]),
    ],
)
def test_a_clip_without_both_of_its_drawings_has_a_fault(incomplete: object) -> None:
    assert "drawing is missing" in (fault_of_clip(incomplete) or "")  # type: ignore[arg-type]
