"""Which parts and points belong together."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.engines.local.shapes.aligning import along_lines, round_loops
from watercolor_rig.engines.local.shapes.carrying import carried_inside
from watercolor_rig.engines.local.shapes.correspondence import Kind, correspond, facing_sides, opposite
from watercolor_rig.engines.local.shapes.matching import assignment
from watercolor_rig.engines.local.shapes.outlines import (
    Points,
    coverage,
    lengths,
    outline,
    resampled_line,
    resampled_loop,
    signed_area,
)
from watercolor_rig.engines.local.shapes.strokes import bent


def oval(width: float, height: float, angle: float = 0) -> Points:
    """Return an oval around (60, 60), evenly spaced, in the sense in which outlines run."""
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    points = np.stack([width * np.cos(turn), height * np.sin(turn)], axis=1)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return resampled_loop(points @ rotation + 60, 160)


def pill(width: float, height: float) -> Points:
    """Return a bar with round ends around (60, 60), evenly spaced."""
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    radius = min(width, height) / 2
    flat = np.array([width, height]) / 2 - radius
    points = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return resampled_loop(radius * points + np.sign(np.round(points, 9)) * flat + 60, 160)


def perimeter(points: Points) -> float:
    return float(lengths(np.vstack([points, points[:1]]))[-1])


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


def test_between_a_tall_bar_and_a_wide_one_round_corners_stay_round_and_flat_sides_flat() -> None:
    """Sides of one direction belong together if the shape halfway is as long round as the mean of both ends."""
    tall, wide = pill(24, 44), pill(44, 24)
    pairing = correspond(tall, wide, (True, True))
    halfway = (pairing.first + pairing.second) / 2

    assert perimeter(halfway) == pytest.approx((perimeter(tall) + perimeter(wide)) / 2, rel=0.01)
    assert np.ptp(halfway, axis=0) == pytest.approx([34, 34], abs=0.7)


def test_a_short_bar_that_becomes_a_dot_keeps_its_flat_sides() -> None:
    pairing = correspond(pill(70, 14), pill(30, 30), (True, True))
    halfway = (pairing.first + pairing.second) / 2
    upper = halfway[(halfway[:, 1] < 60) & (np.abs(halfway[:, 0] - 60) < 12)]

    assert pairing.kind is Kind.OPENS
    assert np.ptp(upper[:, 1]) < 0.7


def test_the_line_of_lips_bends_into_them_all_along() -> None:
    """Around an inside a line bends: it does not stay straight in its middle."""
    pairing = correspond(oval(40, 2.5), oval(35, 20), (True, False))
    halfway = (pairing.first + pairing.second) / 2
    heights = [halfway[np.argmin(np.abs(halfway[:, 0] - x) + (halfway[:, 1] > 60) * 1e3), 1] for x in (60, 72)]

    assert heights[1] - heights[0] > 0.3


def test_what_faces_a_point_of_a_closed_line_lies_across_it() -> None:
    pairing = correspond(pill(70, 14), pill(30, 30), (True, True))
    assert pairing.facing is not None
    across = pairing.facing - pairing.first
    body = np.abs(pairing.first[:, 0] - 60) < 25

    assert np.hypot(*across[body].T) == pytest.approx(14, abs=0.5)


def test_places_along_two_lines_begin_and_end_together_and_never_turn_back() -> None:
    bow = np.stack([np.linspace(0, 50, 40), 20 * np.sin(np.linspace(0, np.pi, 40))], axis=1)
    one, other = along_lines(bow, resampled_line(bow[:, ::-1], 90), 80)

    assert (one[0], other[0]) == (0, 0)
    assert (one[-1], other[-1]) == pytest.approx((39, 89))
    assert np.diff(one).min() >= -1e-9
    assert np.diff(other).min() >= -1e-9


def test_two_equal_outlines_are_laid_on_each_other_wherever_they_start() -> None:
    points = oval(30, 20)
    turned = np.roll(points, -37, axis=0)
    rows, columns = round_loops(((points[:, None] - turned[None]) ** 2).sum(axis=2))

    assert (rows - columns) % 160 == pytest.approx(37)


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
