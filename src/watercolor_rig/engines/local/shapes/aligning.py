"""Two lines or closed outlines laid along each other: which place on the one belongs to which on the other.

Dynamic time warping (Sakoe & Chiba, "Dynamic programming algorithm optimization for spoken word recognition", IEEE
Transactions on Acoustics, Speech and Signal Processing 26, 1978), led by direction more than by place. Where pieces of
one direction belong together, the shape halfway is as long round as the mean of both ends, as in a Minkowski sum: a
round end stays round and a flat side flat, instead of both becoming a lens. A path over a grid goes in stairs, which
would show as kinks in an outline; so it is smoothed.
"""

import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.outlines import Points, lengths, sampled

Table = npt.NDArray[np.float64]
"""float64, (count, count): how unlike each point of the one is to each point of the other."""

Places = npt.NDArray[np.float64]
"""float64, (count,): places along a line, as fractional numbers of its points."""

_DENSE = 120
_PLACE_COUNTS = 0.3
_LINE_SMOOTH = 21
_LOOP_SMOOTH = 5
_WAITING = 0.02
"""What it costs to stay at a point of one outline while the other goes on."""


def along_lines(one: Points, other: Points, count: int) -> tuple[Places, Places]:
    """Return places on two open lines that belong together; the lines' ends do.

    Args:
        one: A line.
        other: Another, in the same sense; it may have another number of points.
        count: How many places to return.
    """
    share = np.linspace(0, 1, _DENSE)
    walked = [lengths(line) / max(float(lengths(line)[-1]), 1e-9) for line in (one, other)]
    headings = [_headings(sampled(line, along, share)) for line, along in zip((one, other), walked, strict=True)]
    unlike = 1 - headings[0] @ headings[1].T + _PLACE_COUNTS * (share[:, None] - share[None]) ** 2
    path = _path(_path_sums(unlike[None], 0.0)[0], 0.0)
    even = np.linspace(0, 2 * _DENSE - 1, count)
    first, second = (
        np.interp(even, np.arange(2 * _DENSE), _smoothed(way, 2 * _DENSE, _LINE_SMOOTH)) / (_DENSE - 1)
        for way in _by_way(path, 2 * _DENSE)
    )
    return (
        np.interp(first, walked[0], np.arange(len(one))),
        np.interp(second, walked[1], np.arange(len(other))),
    )


def round_loops(costs: Table) -> tuple[Places, Places]:
    """Return places on two closed outlines that belong together, evenly along both, as many as points.

    Args:
        costs: For two outlines of the same number of points and the same sense.

    Returns:
        Places on both; what exceeds the number of points goes on from the start of the outline.
    """
    count = len(costs)
    shifts = _likely_shifts(costs)
    sums = _path_sums(np.stack([np.roll(costs, -shift, axis=1) for shift in shifts]), _WAITING)
    best = int(np.argmin(sums[:, count, count]))
    path = _path(sums[best], _WAITING)
    closed = np.vstack([path, path[:1] + count])
    even = np.arange(count, dtype=np.float64)
    first, second = (_smoothed_round(way[:-1] - even, _LOOP_SMOOTH) + even for way in _by_way(closed, count + 1))
    return first % count, (second + shifts[best]) % count


def _headings(line: Points) -> Points:
    way = np.gradient(line, axis=0)
    unit: Points = way / np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    return unit


def _likely_shifts(costs: Table) -> npt.NDArray[np.intp]:
    count = len(costs)
    row = np.arange(count)
    direct = np.array([costs[row, (row + shift) % count].mean() for shift in range(count)])
    return np.unique(np.concatenate([np.argsort(direct)[:12], np.arange(0, count, 20)]))


def _path_sums(costs: npt.NDArray[np.float64], waiting: float) -> npt.NDArray[np.float64]:
    """Return the cost of the cheapest path to each place, for many tables at once: (many, count + 1, count + 1)."""
    many, count, _ = costs.shape
    sums = np.full((many, count + 1, count + 1), np.inf)
    sums[:, 0, 0] = 0
    for diagonal in range(2, 2 * count + 1):
        row = np.arange(max(1, diagonal - count), min(count, diagonal - 1) + 1)
        column = diagonal - row
        aside = np.minimum(sums[:, row - 1, column], sums[:, row, column - 1]) + waiting
        sums[:, row, column] = costs[:, row - 1, column - 1] + np.minimum(sums[:, row - 1, column - 1], aside)
    return sums


def _path(sums: npt.NDArray[np.float64], waiting: float) -> npt.NDArray[np.float64]:
    """Return the cheapest path: (steps, 2), a point of each outline."""
    row = column = len(sums) - 1
    steps = []
    while row > 0 and column > 0:
        steps.append((row - 1, column - 1))
        choices = sums[row - 1, column - 1], sums[row - 1, column] + waiting, sums[row, column - 1] + waiting
        taken = int(np.argmin(choices))
        row, column = row - (taken != 2), column - (taken != 1)  # noqa: PLR2004 - 2 is the step along the columns
    return np.array(steps[::-1], dtype=np.float64)


def _by_way(path: npt.NDArray[np.float64], count: int) -> tuple[Places, Places]:
    """Return a path's places on both outlines, evenly by the way made on the two together."""
    way = lengths(path)
    first, second = sampled(path, way, np.linspace(0, way[-1], count)).T
    return first, second


def _smoothed(values: Places, count: int, reach: int) -> Places:
    """Return values without stairs, the first and last kept."""
    half = reach // 2
    before, after = 2 * values[0] - values[half:0:-1], 2 * values[-1] - values[-2 : -half - 2 : -1]
    smooth: Places = np.convolve(np.concatenate([before, values, after]), _bell(reach), "valid")[:count]
    return smooth


def _smoothed_round(values: Places, reach: int) -> Places:
    smooth: Places = np.convolve(np.pad(values, reach // 2, mode="wrap"), _bell(reach), "valid")
    return smooth


def _bell(reach: int) -> npt.NDArray[np.float64]:
    bell = np.hanning(reach + 2)[1:-1]
    weights: npt.NDArray[np.float64] = bell / bell.sum()
    return weights
