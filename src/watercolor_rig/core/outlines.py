"""Outlines that a user draws on a portrait: a box or a polygon, in pixels of the pose's neutral."""

import math
from typing import TypeAlias

Outline: TypeAlias = tuple[tuple[float, float], ...]
"""Corners as (x, y) from the top left of the picture, at least three; the last one joins the first."""

_BOX_SIDES = 4
_LEAST_CORNERS = 3
_LARGEST_PX = 100_000


def read_outline(value: object) -> Outline | str:
    """Return the outline that decoded JSON describes, or what is wrong with it.

    Args:
        value: `[left, top, right, bottom]`, or a list of at least three corners `[x, y]`.
    """
    if not isinstance(value, list) or not value:
        return "expected a box [left, top, right, bottom] or a list of corners [x, y]"
    if all(isinstance(each, list) for each in value):
        return _polygon(value)
    if len(value) != _BOX_SIDES or not all(map(_is_place, value)):
        return "a box is four numbers [left, top, right, bottom] of 0 and more"
    left, top, right, bottom = map(float, value)
    if left >= right or top >= bottom:
        return "the box is empty; its left lies left of its right, its top above its bottom"
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _polygon(corners: list[list[object]]) -> Outline | str:
    if len(corners) < _LEAST_CORNERS:
        return "a polygon has at least three corners [x, y]"
    found = []
    for corner in corners:
        match corner:
            case [int() | float() as x, int() | float() as y] if _is_place(x) and _is_place(y):
                found.append((float(x), float(y)))
            case _:
                return "a corner is two numbers [x, y] of 0 and more"
    if len(set(found)) < _LEAST_CORNERS or _spread(found) == 0:
        return "the polygon encloses nothing; its corners lie on one line"
    return tuple(found)


def _is_place(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and 0 <= value <= _LARGEST_PX


def _spread(corners: list[tuple[float, float]]) -> float:
    """Return 0 where all corners lie on one line."""
    (x, y), (far_x, far_y) = corners[0], max(corners, key=lambda corner: math.dist(corners[0], corner))
    return max(abs((far_x - x) * (b - y) - (far_y - y) * (a - x)) for a, b in corners)
