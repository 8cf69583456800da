"""Where two pictures differ, and the regions that an in-between may touch.

A brow that moves crosses skin which both ends share, so equal pixels alone are too strict a lock: what may move is
the convex hull of each group of changed pixels. Everything outside is copied from the start, bit for bit.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.picture import Rgba

Mask: TypeAlias = npt.NDArray[np.bool_]

_JOIN_SHARE = 16
"""Changed pixels join over gaps of up to twice this part of the larger side: a brow that jumps stays one group."""

_JOIN_LEAST_PX = 9
_GROW_PX = 4


class Box(NamedTuple):
    """A rectangle of pixels; `right` and `bottom` are the first column and row outside it."""

    left: int
    top: int
    right: int
    bottom: int

    def slices(self) -> tuple[slice, slice]:
        """Return the index that cuts this box out of an array (rows first)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def grown(self, margin_px: int, shape: tuple[int, ...]) -> "Box":
        """Return the box with a margin on every side, cut to an array of `shape` (height, width, …)."""
        return Box(
            max(0, self.left - margin_px),
            max(0, self.top - margin_px),
            min(shape[1], self.right + margin_px),
            min(shape[0], self.bottom + margin_px),
        )


@dataclass(frozen=True, slots=True)
class Region:
    """A connected region that may move.

    Attributes:
        box: Its bounding box in the picture.
        mask: bool, (box height, box width): the region's pixels. Boxes of different regions may overlap, masks do not.
    """

    box: Box
    mask: Mask


def changed_pixels(first: Rgba, second: Rgba) -> Mask:
    """Return where two pictures differ visibly: hidden colour under alpha 0 on both sides does not count.

    Args:
        first: uint8, (height, width, 4), straight alpha.
        second: The same shape.

    Returns:
        bool, (height, width).
    """
    differs: Mask = (_words(first) != _words(second)) & ((first[..., 3] > 0) | (second[..., 3] > 0))
    return differs


def _words(pixels: Rgba) -> npt.NDArray[np.uint32]:
    """Return the four bytes of each pixel as one number: comparing those is four times as fast."""
    return np.ascontiguousarray(pixels).view(np.uint32)[..., 0]


def regions_that_may_move(first: Rgba, second: Rgba) -> tuple[Region, ...]:
    """Return the regions that an in-between of two pictures may alter.

    Changed pixels are joined into groups over gaps of up to 1/8 of the larger side, the convex hull of each group is
    grown by 4 px, and hulls that touch become one region. The union is the set that the project's quality measure
    calls LOCK-free.

    Args:
        first: uint8, (height, width, 4), straight alpha.
        second: The same shape.

    Returns:
        One region per connected area, top to bottom; empty if nothing visible differs.
    """
    changed = changed_pixels(first, second)
    reach_px = max(_JOIN_LEAST_PX, round(max(changed.shape) / _JOIN_SHARE))
    whole = bounding_box(changed)
    if whole is None:
        return ()
    window = whole.grown(reach_px, changed.shape)
    hulls = _hulls_of_groups(changed[window.slices()].astype(np.uint8), reach_px)
    grown = np.asarray(cv2.dilate(hulls, _disk(_GROW_PX)), dtype=np.uint8)
    return _connected(grown, window)


def still_region(first: Rgba, second: Rgba) -> Mask:
    """Return where nothing may move between two pictures: outside of every region that may.

    Args:
        first: uint8, (height, width, 4), straight alpha.
        second: The same shape.

    Returns:
        bool, (height, width).
    """
    still = np.ones(first.shape[:2], np.bool_)
    for region in regions_that_may_move(first, second):
        still[region.box.slices()] &= ~region.mask
    return still


def bounding_box(mask: Mask) -> Box | None:
    """Return the smallest box around the true pixels, or None if there are none."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return None
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _hulls_of_groups(changed: npt.NDArray[np.uint8], reach_px: int) -> npt.NDArray[np.uint8]:
    """Return 1 inside the convex hull of each group of changed pixels, of the same shape."""
    _, labels = cv2.connectedComponents(cv2.dilate(changed, _disk(reach_px)))
    inner = cv2.erode(changed, _disk(1), borderType=cv2.BORDER_CONSTANT, borderValue=(0,))
    rows, columns = np.nonzero(changed & ~np.asarray(inner, dtype=np.uint8))  # no pixel amid others is a hull's corner
    owners = labels[rows, columns]
    order = np.argsort(owners, kind="stable")
    points = np.stack([columns, rows], axis=1).astype(np.int32)[order]
    cuts = np.flatnonzero(np.diff(owners[order])) + 1
    hulls = np.zeros_like(changed)
    for group in np.split(points, cuts):
        cv2.fillConvexPoly(hulls, cv2.convexHull(group), (1,))
    return hulls


def _connected(areas: npt.NDArray[np.uint8], window: Box) -> tuple[Region, ...]:
    """Return the connected areas of a mask cut out of a picture at `window`, as regions of the picture."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(areas)
    regions = []
    for label in range(1, count):
        left, top, width, height = (int(value) for value in stats[label, :4])
        inside = Box(left, top, left + width, top + height)
        placed = Box(left + window.left, top + window.top, inside.right + window.left, inside.bottom + window.top)
        regions.append(Region(placed, labels[inside.slices()] == label))
    return tuple(regions)


def _disk(radius_px: int) -> npt.NDArray[np.uint8]:
    side = 2 * radius_px + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8)
