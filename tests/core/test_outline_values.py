"""Boxes and polygons that a configuration may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.outlines import read_outline

places = st.integers(0, 5000) | st.floats(0, 5000, allow_nan=False)


def test_a_box_is_read_as_its_four_corners() -> None:
    assert read_outline([10, 20, 30.5, 40]) == ((10, 20), (30.5, 20), (30.5, 40), (10, 40))


def test_a_polygon_is_read_corner_by_corner() -> None:
    assert read_outline([[0, 0], [9, 1.5], [4, 8]]) == ((0, 0), (9, 1.5), (4, 8))


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (7, "expected a box"),
        ([], "expected a box"),
        ([1, 2, 3], "a box is four numbers"),
        ([1, 2, 3, "4"], "a box is four numbers"),
        ([True, 0, 3, 4], "a box is four numbers"),
        ([-1, 0, 3, 4], "a box is four numbers"),
        ([0, 0, float("nan"), 4], "a box is four numbers"),
        ([0, 0, float("inf"), 4], "a box is four numbers"),
        ([5, 0, 5, 4], "the box is empty"),
        ([0, 9, 5, 4], "the box is empty"),
        ([[0, 0], [1, 1]], "at least three corners"),
        ([[0, 0], [1, 1], [2]], "a corner is two numbers"),
        ([[0, 0], [1, 1], [2, None]], "a corner is two numbers"),
        ([[0, 0], [1, 1], 2], "a box is four numbers"),
        ([[0, 0], [1, 1], [2, 2]], "encloses nothing"),
        ([[3, 3], [3, 3], [3, 3]], "encloses nothing"),
    ],
)
def test_what_is_no_outline_is_said_in_words(value: object, fault: str) -> None:
    found = read_outline(value)

    assert isinstance(found, str)
    assert fault in found


@given(st.lists(st.lists(places, min_size=2, max_size=2), min_size=3, max_size=8))
def test_a_polygon_has_its_corners_or_a_fault(corners: list[list[float]]) -> None:
    found = read_outline(corners)

    assert isinstance(found, str) or [list(corner) for corner in found] == corners


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3), st.lists, max_leaves=12))
def test_whatever_json_holds_is_read_or_refused(value: object) -> None:
    assert isinstance(read_outline(value), str | tuple)
