"""Where each pixel of a moved shape comes from: maps from its outline at one moment to its outline at another.

Inside, mean value coordinates (Floater, "Mean value coordinates", 2003): smooth, exact on the outline, no system to
solve. Along lines, each pixel goes with the nearest point of the outline, so that a line keeps its weight.
"""

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.outlines import Points

Places = npt.NDArray[np.float32]
"""float32, (height, width, 2): for each pixel of a box, a place in another picture, x then y."""

_CORNERS = 72
_STEP_PX = 3
_LEAST = 1e-9


def carried_inside(here: Points, there: Points, shape: tuple[int, int]) -> Places:
    """Return where pixels of a box come from when the outline `here` comes from `there`.

    Args:
        here: An outline in the box's own pixels.
        there: The same points somewhere else.
        shape: (height, width) of the box.
    """
    height, width = shape
    every = max(1, len(here) // _CORNERS)
    corners, targets = here[::every], there[::every]
    columns = np.arange(0, width - 1 + _STEP_PX, _STEP_PX, dtype=np.float64)
    rows = np.arange(0, height - 1 + _STEP_PX, _STEP_PX, dtype=np.float64)
    grid = np.stack(np.meshgrid(columns, rows), axis=2).reshape(-1, 2) + 1e-3
    weights = _mean_value_weights(grid, corners)
    moved = weights @ (targets - corners)
    coarse = moved.reshape(len(rows), len(columns), 2).astype(np.float32)
    across = (np.arange(width, dtype=np.float32) / _STEP_PX)[None].repeat(height, axis=0)
    down = (np.arange(height, dtype=np.float32) / _STEP_PX)[:, None].repeat(width, axis=1)
    fine = np.asarray(cv2.remap(coarse, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
    return _own_places(shape) + fine


def _mean_value_weights(places: Points, corners: Points) -> npt.NDArray[np.float64]:
    ways = corners[None] - places[:, None]
    far = np.maximum(np.hypot(ways[..., 0], ways[..., 1]), 1e-6)
    following, far_following = np.roll(ways, -1, axis=1), np.roll(far, -1, axis=1)
    cross = ways[..., 0] * following[..., 1] - ways[..., 1] * following[..., 0]
    dot = (ways * following).sum(axis=2)
    side = np.where(cross < 0, -1.0, 1.0)
    half_tangent = (far * far_following - dot) * side / np.maximum(np.abs(cross), _LEAST)
    weights = (half_tangent + np.roll(half_tangent, 1, axis=1)) / far
    total = weights.sum(axis=1, keepdims=True)
    safe: npt.NDArray[np.float64] = weights / np.where(np.abs(total) < _LEAST, _LEAST, total)
    near = 1 / far**4
    steady = near / near.sum(axis=1, keepdims=True)
    wild = np.abs(safe).sum(axis=1, keepdims=True) > 6  # noqa: PLR2004 - far outside a thin, bent outline
    return np.where(wild, steady, safe)


def carried_along(here: Points, there: Points, shape: tuple[int, int]) -> Places:
    """Return where pixels of a box come from when each goes with the nearest point of the outline."""
    height, width = shape
    seeds = np.ones(shape, dtype=np.uint8)
    columns = np.clip(np.rint(here[:, 0]), 0, width - 1).astype(int)
    rows = np.clip(np.rint(here[:, 1]), 0, height - 1).astype(int)
    seeds[rows, columns] = 0
    _, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    shift = np.zeros((int(labels.max()) + 1, 2), dtype=np.float32)
    shift[labels[rows, columns]] = there - here
    smooth = np.asarray(cv2.blur(shift[labels], (3, 3)), dtype=np.float32)
    return _own_places(shape) + smooth


def shifted(shape: tuple[int, int], shift: npt.NDArray[np.float64]) -> Places:
    """Return the pixels of a box moved by one and the same distance."""
    return _own_places(shape) + shift.astype(np.float32)


def _own_places(shape: tuple[int, int]) -> Places:
    height, width = shape
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.stack([columns, rows], axis=2)


def taken_from(picture: npt.NDArray[np.float32], places: Places) -> npt.NDArray[np.float32]:
    """Return a picture's values (bilinear) at `places`; beyond its edge the edge repeats."""
    columns, rows = np.ascontiguousarray(places[..., 0]), np.ascontiguousarray(places[..., 1])
    seen = cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=np.float32)
