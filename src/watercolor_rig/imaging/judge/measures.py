"""What can be measured of a picture against what it was made from, from the pixels alone.

All differences are of premultiplied colour over grey, so that hidden colour under alpha 0 counts for nothing and a
change of alpha counts as what one sees of it.
"""

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import over_grey, to_premultiplied
from watercolor_rig.imaging.registration import estimate_registration
from watercolor_rig.imaging.repair.levels import Levels, grey_levels, is_opaque, over_channels, span
from watercolor_rig.imaging.repair.locking import unexplained

Seen: TypeAlias = npt.NDArray[np.float32]
"""float32, (height, width, 3), 0 to 1: a picture as it is seen over grey."""

NOISE_LEVELS = 8
"""Differences up to here are those of a lossy source or an image model, as in `imaging.registration`."""

_STRONG = 40
"""Both ends must differ by this many levels for a mixture of them to be told from either."""

_NEAR = 0.12
"""How far from the straight line between both ends a mixture may lie, as a share of their distance."""

_MIXED = (0.2, 0.8)
_LEAST_PIXELS = 40
_REDRAWN = 24
_NOVEL = 40
_SURE_PX = 5


def seen(pixels: Rgba) -> Seen:
    """Return a picture as it is seen over grey.

    Args:
        pixels: uint8, (height, width, 4), straight alpha.
    """
    return over_grey(to_premultiplied(pixels))


def distance(first: Seen, second: Seen) -> float:
    """Return the mean difference of two pictures, 0 to 1."""
    return float(np.abs(first - second).mean())


def drift_px(pixels: Rgba, start: Rgba, still: Mask) -> float | None:
    """Return how far the still part has slid, in pixels, or None where that cannot be told.

    Args:
        pixels: uint8, (height, width, 4).
        start: The same shape.
        still: bool, (height, width): what should not have moved.
    """
    ours, theirs = np.where(still[..., None], pixels, 0), np.where(still[..., None], start, 0)
    if np.array_equal(ours, theirs):
        return 0.0
    found = estimate_registration(theirs, ours)
    if found.is_registered:
        return found.shift_px
    return found.shift_px if found.matches else None


def redrawn_share(made: Levels, reference: Levels, lines: Mask) -> float:
    """Return the share of the reference's lines that are not found again within a pixel.

    Args:
        made: uint8, (height, width, 3).
        reference: The same shape.
        lines: bool, (height, width): the lines to look at.
    """
    looked = int(lines.sum())
    if looked < _LEAST_PIXELS:
        return 0.0
    return float((unexplained(made, reference)[lines] > _REDRAWN).sum() / looked)


def ghost_share(made: Levels, start: Levels, end: Levels, where: Mask) -> float:
    """Return the share of clearly different pixels that are a mixture of both ends: a picture exposed twice.

    Args:
        made: uint8, (height, width, 3).
        start: The same shape.
        end: The same shape.
        where: bool, (height, width): the pixels to look at.
    """
    first, last = (part[where].astype(np.float32) for part in (start, end))
    along = last - first
    length = np.linalg.norm(along, axis=1)
    apart = length > _STRONG
    if int(apart.sum()) < _LEAST_PIXELS:
        return 0.0
    along, length = along[apart], length[apart]
    away = made[where].astype(np.float32)[apart] - first[apart]
    share = (away * along).sum(axis=1) / np.square(length)
    beside = np.linalg.norm(away - share[:, None] * along, axis=1) / length
    mixed = (share > _MIXED[0]) & (share < _MIXED[1]) & (beside < _NEAR)
    return float(mixed.mean())


def novel_share(made: Levels, start: Levels, end: Levels, where: Mask, reach_px: int) -> float:
    """Return the share of `where` whose colours neither end has anywhere near.

    Args:
        made: uint8, (height, width, 3).
        start: The same shape.
        end: The same shape.
        where: bool, (height, width): the pixels to look at.
        reach_px: How far away a colour may come from.
    """
    if int(where.sum()) < _LEAST_PIXELS:
        return 0.0
    side = 2 * reach_px + 1
    around = np.ones((side, side), np.uint8)
    top = cv2.dilate(np.maximum(start, end), around)
    low = cv2.erode(np.minimum(start, end), around)
    beyond = over_channels(np.maximum(cv2.subtract(made, top), cv2.subtract(low, made)))
    return float((beyond[where] > _NOVEL).mean())


def sharpness(levels: Levels, where: Mask) -> float | None:
    """Return how steep the sharpest edges are for their height, 0 to 1; None where there is no edge.

    The steepest step between neighbours over the span of a 9×9 neighbourhood: contrast does not matter, only how many
    pixels an edge takes.

    Args:
        levels: uint8, (height, width, 3).
        where: bool, (height, width): the pixels to look at.
    """
    grey = grey_levels(levels)
    small, large = (span(grey, side).astype(np.float32) for side in (3, 9))
    edges = where & (large > 2 * _REDRAWN)
    if int(edges.sum()) < _LEAST_PIXELS:
        return None
    return float(np.percentile(small[edges] / large[edges], 90))


def alpha_faults(made: Rgba, reference: Rgba) -> tuple[float, float]:
    """Return what is wrong with a picture's alpha where the reference is sure of it.

    Args:
        made: uint8, (height, width, 4).
        reference: The same shape.

    Returns:
        The share of the sure pixels that are hazy or see-through, and the share of the clear ones that are painted.
    """
    theirs, ours = reference[..., 3], made[..., 3]
    if is_opaque(np.ascontiguousarray(theirs)) and is_opaque(np.ascontiguousarray(ours)):
        return 0.0, 0.0
    side = 2 * _SURE_PX + 1
    around = np.ones((side, side), np.uint8)
    solid, clear = (cv2.erode((theirs == value).astype(np.uint8), around) > 0 for value in (255, 0))
    hazy = (clear & (ours > 0) & (ours < 64)) | (solid & (ours < 255) & (ours > 128))  # noqa: PLR2004 - halves, roughly
    painted = clear & (ours > 200)  # noqa: PLR2004 - as good as solid
    sure, empty = int((solid | clear).sum()), int(clear.sum())
    return float(hazy.sum() / max(1, sure)), float(painted.sum() / max(1, empty))
