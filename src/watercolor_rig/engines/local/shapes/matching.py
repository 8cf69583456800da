"""Which part of one end becomes which of the other: the cheapest assignment, in which staying alone has a price."""

import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.features import Feature

_ALONE = 1.15
_ALONE_INSIDE = 2.5
"""What is seen in an opening seldom vanishes from it: an iris goes far, measured by its size."""

_COLOUR_WEIGHT = 1.2
_SIZE_WEIGHT = 0.25
_TURN_WEIGHT = 0.2
_SLIM = 0.85
_HANGS = 0.6


def pair_up(first: list[Feature], second: list[Feature], *, is_inside: bool = False) -> list[tuple[int, int]]:
    """Return the pairs of indices that belong together; what is in no pair stays alone.

    Args:
        first: The parts of one end.
        second: The parts of the other.
        is_inside: Whether they are seen within one and the same part.
    """
    alone = _ALONE_INSIDE if is_inside else _ALONE
    count = len(first) + len(second)
    if not first or not second:
        return []
    costs = np.full((count, count), alone / 2)
    costs[len(first) :, len(second) :] = 0
    for row, one in enumerate(first):
        for column, other in enumerate(second):
            costs[row, column] = _unlikeness(one, other)
    chosen = assignment(costs)
    return [
        (row, int(chosen[row]))
        for row in range(len(first))
        if chosen[row] < len(second) and costs[row, chosen[row]] < alone
    ]


def _unlikeness(one: Feature, other: Feature) -> float:
    reach = (one.reach_px + other.reach_px + 2 * max(one.reach_px, other.reach_px)) / 4
    apart = float(np.hypot(*(one.centre - other.centre))) / (reach + 4)
    colour = float(np.linalg.norm(one.colour - other.colour))
    size = abs(float(np.log(one.reach_px / other.reach_px)))
    turned = float(np.hypot(*(one.lie - other.lie))) if min(np.hypot(*one.lie), np.hypot(*other.lie)) > _SLIM else 0.0
    hangs = _HANGS if one.hangs != other.hangs else 0.0
    return hangs + _TURN_WEIGHT * turned + apart + _COLOUR_WEIGHT * max(0.0, colour - 0.15) + _SIZE_WEIGHT * size


def assignment(costs: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Return for each row of a square cost table its column, so that the sum is least.

    Shortest augmenting paths (Jonker & Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
    assignment problems", Computing 38, 1987), without their initialisation.
    """
    size = len(costs)
    row_price, column_price = np.zeros(size), np.zeros(size + 1)
    owner = np.full(size + 1, -1)
    for start in range(size):
        owner[size] = start
        column, best, back = size, np.full(size, np.inf), np.full(size, size)
        seen = np.zeros(size + 1, dtype=bool)
        while owner[column] >= 0:
            seen[column] = True
            row = owner[column]
            reduced = costs[row] - row_price[row] - column_price[:size]
            better = ~seen[:size] & (reduced < best)
            best[better], back[better] = reduced[better], column
            following = int(np.argmin(np.where(seen[:size], np.inf, best)))
            step = best[following]
            row_price[owner[seen]] += step
            column_price[seen] -= step
            best[~seen[:size]] -= step
            column = following
        while column != size:
            owner[column] = owner[back[column]]
            column = int(back[column])
    chosen = np.empty(size, dtype=np.intp)
    chosen[owner[:size]] = np.arange(size)
    return chosen
