"""Closed outlines of soft masks, as points, with the small geometry that everything here needs."""

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Points: TypeAlias = npt.NDArray[np.float64]
"""float64, (count, 2): x then y, in pixels; a pixel's centre has whole coordinates."""

Soft: TypeAlias = npt.NDArray[np.float32]
"""float32, (height, width): coverage from 0 to 1."""

_ZOOM = 4
_ZOOM_OF_LARGE = 2
_LARGE_PX = 200_000
_FEWEST_POINTS = 8


def outline(soft: Soft, count: int) -> Points | None:
    """Return the outline of the largest shape in a mask at half coverage, evenly spaced and counter-clockwise.

    Args:
        soft: Coverage, 0 to 1.
        count: How many points to return.

    Returns:
        (count, 2), or None if there is nothing to outline.
    """
    rows, columns = np.nonzero(soft > 0.02)  # noqa: PLR2004 - what shows at all
    if not rows.size:
        return None
    top, left = int(rows.min()), int(columns.min())
    cut = np.pad(soft[top : rows.max() + 1, left : columns.max() + 1], 2)
    zoom = _ZOOM if cut.size < _LARGE_PX else _ZOOM_OF_LARGE
    fine = cv2.resize(cut, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_LINEAR)
    found, _ = cv2.findContours((fine > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)  # noqa: PLR2004
    if not found:
        return None
    longest = max(found, key=cv2.contourArea)
    points = (longest[:, 0].astype(np.float64) + 0.5) / zoom - 2.5 + np.array([left, top])
    if len(points) < _FEWEST_POINTS:
        return None
    if signed_area(points) < 0:
        points = points[::-1]
    steps = range(-zoom // 2, zoom // 2 + 1)
    smooth: Points = np.mean([np.roll(points, step, axis=0) for step in steps], axis=0)
    return resampled_loop(smooth, count)


def signed_area(points: Points) -> float:
    """Return the area inside a closed outline, positive if it runs clockwise on the screen."""
    following = np.roll(points, -1, axis=0)
    return float((points[:, 0] * following[:, 1] - following[:, 0] * points[:, 1]).sum() / 2)


def lengths(points: Points) -> npt.NDArray[np.float64]:
    """Return the distance along an open line to each of its points, from 0."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def resampled_loop(points: Points, count: int) -> Points:
    """Return a closed outline as `count` points at even distances, starting at the same point."""
    closed = np.vstack([points, points[:1]])
    along = lengths(closed)
    return sampled(closed, along, np.linspace(0, along[-1], count, endpoint=False))


def resampled_line(points: Points, count: int) -> Points:
    """Return an open line as `count` points at even distances, its ends kept."""
    along = lengths(points)
    return sampled(points, along, np.linspace(0, along[-1], count))


def sampled(points: Points, along: npt.NDArray[np.float64], places: npt.NDArray[np.float64]) -> Points:
    """Return a line's points at `places`, measured like `along`, which belongs to `points` and never falls."""
    return np.stack([np.interp(places, along, points[:, axis]) for axis in (0, 1)], axis=1)


def directions(points: Points, reach: int) -> Points:
    """Return the unit direction of a closed outline at each point, taken over `reach` points to both sides."""
    chord = np.roll(points, -reach, axis=0) - np.roll(points, reach, axis=0)
    unit: Points = chord / np.maximum(np.hypot(*chord.T), 1e-6)[:, None]
    return unit


def coverage(polygons: list[Points], shape: tuple[int, int]) -> Soft:
    """Return how much of each pixel the union of polygons covers.

    Args:
        polygons: Closed outlines; each is filled even-odd.
        shape: (height, width) of the answer.
    """
    sub, shift = 4, 4
    canvas = np.zeros((shape[0] * sub, shape[1] * sub), dtype=np.uint8)
    for polygon in polygons:
        placed = np.rint(((polygon + 0.5) * sub - 0.5) * (1 << shift)).astype(np.int32)
        cv2.fillPoly(canvas, [placed], (255,), lineType=cv2.LINE_8, shift=shift)
    small = cv2.resize(canvas, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32) / np.float32(255)
