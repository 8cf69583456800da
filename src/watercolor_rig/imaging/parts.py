"""The parts of a region that change by themselves: a mouth, an eye, a brow.

A region that may move is a wide hull, because a brow must be free to cross the skin. What draws best differs from
part to part within it, so the region is shared out: every pixel belongs to the part that it lies nearest to.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Box, Mask, Region, bounding_box
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey

_SEED = 24 / 255
"""A difference from here on shows; it makes a part."""

_GROW = 6 / 255
"""A difference from here on belongs to a part that it touches: the soft edge of what shows."""

_JOIN_SHARE = 48
"""Changes join into one part over gaps of up to twice this part of the picture's larger side."""

_JOIN_LEAST_PX = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a region.

    Attributes:
        box: Bounding box of what changes, in the picture.
        area: bool, the region's box: the pixels of the region that belong to it.
        changed: bool, the region's box: those that visibly differ between the ends.
    """

    box: Box
    area: Mask
    changed: Mask


def parts_of(region: Region, first: Premultiplied, second: Premultiplied, side_px: int) -> tuple[Part, ...]:
    """Share a region out among its parts.

    Args:
        region: The region.
        first: The start in the region's box: float32, (height, width, 4).
        second: The end, of the same shape.
        side_px: The larger side of the picture.

    Returns:
        At least one part; their areas are disjoint and cover the region.
    """
    changed = _visible_change(first, second) & region.mask
    if not changed.any():
        return (Part(region.box, region.mask, region.mask),)
    reach_px = max(_JOIN_LEAST_PX, round(side_px / _JOIN_SHARE))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach_px + 1, 2 * reach_px + 1))
    count, groups = cv2.connectedComponents(np.asarray(cv2.dilate(changed.astype(np.uint8), disk)))
    owners = nearest(np.where(changed, groups, 0))
    found = []
    for group in range(1, count):
        area, inside = region.mask & (owners == group), changed & (groups == group)
        box = bounding_box(inside)
        if box is not None:
            left, top = region.box.left, region.box.top
            placed = Box(box.left + left, box.top + top, box.right + left, box.bottom + top)
            found.append(Part(placed, area, inside))
    return tuple(found)


def joined(one: Part, other: Part) -> Part:
    """Return two parts as one."""
    box = Box(
        min(one.box.left, other.box.left),
        min(one.box.top, other.box.top),
        max(one.box.right, other.box.right),
        max(one.box.bottom, other.box.bottom),
    )
    return Part(box, one.area | other.area, one.changed | other.changed)


def nearest(seeds: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return for each pixel the number above 0 that lies nearest to it; at least one pixel has one."""
    background = (seeds == 0).astype(np.uint8)
    _, labels = cv2.distanceTransformWithLabels(
        background, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    number_of = np.zeros(int(labels.max()) + 1, dtype=np.int32)
    at_seed = background == 0
    number_of[labels[at_seed]] = seeds[at_seed]
    nearest: npt.NDArray[np.int32] = number_of[labels]
    return nearest


def _visible_change(first: Premultiplied, second: Premultiplied) -> Mask:
    """Return what differs clearly, and what differs faintly in touch with it (hysteresis)."""
    difference = np.maximum(
        np.abs(over_grey(first) - over_grey(second)).max(axis=2), np.abs(first[..., 3] - second[..., 3])
    )
    count, labels = cv2.connectedComponents((difference > _GROW).astype(np.uint8))
    shows = np.zeros(count, dtype=np.bool_)
    shows[labels[difference > _SEED]] = True
    shows[0] = False
    kept: Mask = shows[labels]
    return kept
