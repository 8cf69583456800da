"""Which parts and points belong together."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.engines.local.shapes.carrying import carried_inside
from watercolor_rig.engines.local.shapes.correspondence import Kind, correspond, facing_sides, opposite
from watercolor_rig.engines.local.shapes.matching import assignment
from watercolor_rig.engines.local.shapes.outlines import Points, coverage, outline, resampled_loop, signed_area
from watercolor_rig.engines.local.shapes.strokes import bent


def oval(width: float, height: float, angle: float = 0) -> Points:
    """Return an oval around (60, 60), evenly spaced, in the sense in which outlines run."""
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    points = np.stack([width * np.cos(turn), height * np.sin(turn)], axis=1)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return resampled_loop(points @ rotation + 60, 160)


@given(st.integers(1, 5).flatmap(lambda size: st.lists(st.integers(0, 50), min_size=size**2, max_size=size**2)))
def test_an_assignment_is_the_cheapest_of_all(values: list[int]) -> None:
    size = round(len(values) ** 0.5)
    costs = np.array(values, dtype=np.float64).reshape(size, size)
    cheapest = min(costs[range(size), order].sum() for order in permutations(range(size)))
    chosen = assignment(costs)

    assert sorted(chosen) == list(range(size))
    assert cheapest == pytest.approx(costs[range(size), chosen].sum())


def test_an_outline_lies_at_half_coverage_and_runs_one_way() -> None:
    found = outline(coverage([oval(30, 20)], (120, 120)), 160)

    assert found is not None
    assert signed_area(found) == pytest.approx(np.pi * 30 * 20, rel=0.01)
    assert np.abs(((found - 60) / [30, 20]) ** 2 @ [1, 1] - 1).max() < 0.05


def test_nothing_has_no_outline() -> None:
    assert outline(np.zeros((9, 9), np.float32), 160) is None


def test_the_facing_sides_of_a_line_are_its_width_apart() -> None:
    sides = facing_sides(oval(50, 3))
    gap = np.hypot(*(sides.one - sides.other).T)

    assert sides.slimness > 15
    assert gap.max() == pytest.approx(6, abs=0.5)
    assert gap[[0, -1]] == pytest.approx([0, 0])


def test_a_circle_is_no_line() -> None:
    assert facing_sides(oval(30, 30)).slimness < 2.6


def test_a_line_and_a_wide_shape_belong_together_upper_side_to_upper_side() -> None:
    pairing = correspond(oval(40, 2.5), oval(35, 20), (True, False))
    up = opposite(pairing.first)[:, 1] > pairing.first[:, 1]
    clear = np.abs(pairing.second[:, 0] - 60) < 25

    assert pairing.kind is Kind.OPENS
    assert pairing.second_opens
    assert np.array_equal(up[clear], pairing.second[clear, 1] < 60)


def test_a_turned_blob_is_matched_point_by_point() -> None:
    pairing = correspond(oval(30, 22), oval(33, 20), (False, False))

    assert pairing.kind is Kind.BLOBS
    assert pairing.cost < 0.02
    assert np.hypot(*(pairing.first - pairing.second).T).max() < 9


def test_a_bending_line_keeps_its_thickness() -> None:
    """Halfway through a turn by a third of a right angle, straight paths alone would thin it."""
    pairing = correspond(oval(50, 3), oval(50, 3, 1.2), (True, True))
    halfway = bent(pairing.first, pairing.second, 0.5)
    gap = np.hypot(*(halfway - opposite(halfway)).T)

    assert gap.max() == pytest.approx(6, abs=0.6)


def test_what_is_inside_an_outline_is_carried_with_it() -> None:
    here, there = oval(30, 20), oval(30, 20) * 0.5 + [40, 10]
    places = carried_inside(here, there, (120, 120))

    assert places[60, 60] == pytest.approx([70, 40], abs=0.3)
    assert places[52, 75] == pytest.approx([77.5, 36], abs=0.3)
