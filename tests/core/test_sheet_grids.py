"""Grids of panels, and calls that draw a whole sequence."""

from fractions import Fraction

import pytest

from watercolor_rig.core.ids import PathId
from watercolor_rig.core.plan import Plan, Wanted, plan_run
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId
from watercolor_rig.core.sequences import Condition, FoundFrame, SequenceSpec, SequenceState
from watercolor_rig.core.sheets import MOST_PANELS, Grid
from watercolor_rig.core.times import END, START, times_of_depth

THERE = SequenceSpec(
    PathId("a_to_b__center"), BasePathId("a_to_b"), ExpressionId("a"), ExpressionId("b"), PoseId("center")
)
BACK = SequenceSpec(
    PathId("b_to_a__center"), BasePathId("b_to_a"), ExpressionId("b"), ExpressionId("a"), PoseId("center")
)


def planned(
    depth: int, selected: PathId, states: dict[PathId, SequenceState] | None = None, *, direct: bool = False
) -> Plan:
    wanted = Wanted(times_of_depth(depth), direct=direct, sheet=True)
    return plan_run([THERE, BACK], states or {}, wanted, [selected])


@pytest.mark.parametrize(
    ("count", "grid"), [(1, Grid(1, 1)), (2, Grid(2, 1)), (3, Grid(2, 2)), (5, Grid(3, 2)), (7, Grid(3, 3))]
)
def test_a_grid_is_as_square_as_it_can_be_and_holds_all(count: int, grid: Grid) -> None:
    assert Grid.of(count) == grid


def test_panels_are_filled_row_by_row() -> None:
    assert [Grid(2, 2).place(at) for at in range(4)] == [(0, 0), (1, 0), (0, 1), (1, 1)]


def test_panels_have_whole_pixels() -> None:
    assert Grid(3, 2).panel((1024, 1536)) == (341, 768)


def test_all_in_betweens_of_a_sequence_are_one_call_between_its_two_ends() -> None:
    plan = planned(2, THERE.path)

    (call,) = plan.calls
    assert [drawing.spot.t for drawing in call] == [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)]
    assert {tuple(parent.t for parent in drawing.parents) for drawing in call} == {(START, END)}


def test_a_reversed_sequence_is_drawn_in_its_own_order() -> None:
    plan = planned(2, BACK.path)

    (call,) = plan.calls
    assert [drawing.spot.t for drawing in call] == [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)]


def test_a_key_between_does_not_split_a_sheet() -> None:
    half = FoundFrame("050.png", Condition.GOOD, is_marked=True)
    plan = planned(2, THERE.path, {THERE.path: SequenceState({Fraction(1, 2): half})})

    (call,) = plan.calls
    assert [drawing.spot.t for drawing in call] == [Fraction(1, 4), Fraction(3, 4)]
    assert {tuple(parent.t for parent in drawing.parents) for drawing in call} == {(START, END)}


def test_a_long_sequence_takes_several_sheets() -> None:
    plan = planned(4, THERE.path)

    assert [len(call) for call in plan.calls] == [MOST_PANELS, 15 - MOST_PANELS]
