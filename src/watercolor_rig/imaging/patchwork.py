"""A picture as what changes from another one: a few tight rectangles, exact to the level.

What cannot be seen is nothing: the colour of a clear pixel counts neither as a difference nor as content, so pictures
that look alike are equal, byte for byte, once they are `seen`.
"""

from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np

from watercolor_rig.imaging.picture import Rgba

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""

_NEAR_PX = 4
"""Changes that are nearer to each other than about twice this are one: what is between them costs less than a box."""

_MOST_BOXES = 64
"""Scattered specks are drawn together until they are no more than this: each one costs a call for drawing."""

_BOX_COST_PX = 1000
"""Unchanged pixels that are worth taking along to save a box."""


def seen(pixels: Rgba) -> Rgba:
    """Return a picture, uint8 (height, width, 4), in which every clear pixel is zero in all channels."""
    return np.where(pixels[..., 3:] > 0, pixels, np.uint8(0))


def seen_box(picture: Rgba) -> Box | None:
    """Return the part of a picture that is not clear, or None where all of it is."""
    rows, columns = (np.flatnonzero((picture[..., 3] > 0).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    left, top = int(columns[0]), int(rows[0])
    return left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top


def changed_boxes(picture: Rgba, base: Rgba) -> list[Box]:
    """Return boxes that hold every pixel in which two pictures of one size differ, none where they are equal.

    Args:
        picture: What `seen` returned.
        base: The other one, likewise.
    """
    changed = (picture != base).any(axis=2).astype(np.uint8)
    if not changed.any():
        return []
    near = _NEAR_PX
    while len(boxes := _boxes_around(changed, near)) > _MOST_BOXES:
        near *= 2
    return _joined(boxes)


def area(boxes: Sequence[Box]) -> int:
    """Return the pixels in boxes; where they overlap, each counts."""
    return sum(width * height for _, _, width, height in boxes)


def tiles(box: Box, most: int) -> list[Box]:
    """Return a box cut into pieces of which no side is over `most` pixels, row by row."""
    left, top, width, height = box
    return [
        (left + x, top + y, min(most, width - x), min(most, height - y))
        for y in range(0, height, most)
        for x in range(0, width, most)
    ]


def _boxes_around(changed: Rgba, near: int) -> list[Box]:
    """Return a tight box around each group of changes of which each is near to another."""
    grown = cv2.dilate(np.pad(changed, near), np.ones((2 * near + 1, 2 * near + 1), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    # Padded by as much as it was grown, a group begins where its changes begin in the picture itself.
    return [(int(x), int(y), int(width) - 2 * near, int(height) - 2 * near) for x, y, width, height, _ in found[1:]]


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Return boxes of which no two cost less together than apart."""
    done: list[Box] = []
    waiting = list(reversed(boxes))
    while waiting:
        box = waiting.pop()
        for at, other in enumerate(done):
            together = _around(box, other)
            if area([together]) <= area([box, other]) + _BOX_COST_PX:
                del done[at]
                waiting.append(together)
                break
        else:
            done.append(box)
    return done


def _around(one: Box, other: Box) -> Box:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right, bottom = max(one[0] + one[2], other[0] + other[2]), max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top
