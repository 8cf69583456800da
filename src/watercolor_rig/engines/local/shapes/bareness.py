"""Which areas of an end are ground, and where parts stand out from it.

Ground is every area of smooth colour that leaves the cut or the region, that fills most of the region at both ends, or
that stands still among still surroundings; and every area of such a colour. Its colour, continued under everything
else, is what a part is told from.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.filling import filled
from watercolor_rig.engines.local.shapes.masks import Areas, areas, grown, opened
from watercolor_rig.engines.local.shapes.outlines import Soft
from watercolor_rig.imaging.change import Mask

Colours = npt.NDArray[np.float32]
"""float32, (height, width, 4): over mid grey, and alpha."""

STANDS_OUT = 0.1
ENCLOSED = 0.35
"""An area is enclosed by changes if they make up this share of what lies around it."""

_SMOOTH_RANGE = 0.045
"""Largest difference between neighbours in an area of smooth colour; a gradient stays one area."""

_CHANGED = 0.04
_STRONGLY = 0.12
_TINTED = 0.35
_STILL = 0.15
_REMAINS = 0.35
_TOUCH_PX = 3
_LEAST_AREA_PX = 6
_SAME_COLOUR = 0.08
_THIN_PX = 8
_THICKER = 1.3


@dataclass(frozen=True)
class Standing:
    """What stands out of the ground at one end.

    Attributes:
        contrast: How far each pixel is from the ground's colour.
        parts: bool: where that is a part.
        changed: bool: where parts come or go.
        crossed: bool: where a line that stands still runs below a part of its colour.
    """

    contrast: Soft
    parts: Mask
    changed: Mask
    crossed: Mask


def standing_out(colours: Colours, difference: Soft, movable: Mask) -> Standing:
    """Return what stands out of the ground; nothing where no ground can be told.

    Args:
        colours: The end.
        difference: float32, (height, width): how much the ends differ.
        movable: bool, (height, width): where anything may move.
    """
    ground, over = _ground(colours, difference, movable)
    if not ground.any():
        nothing = np.zeros_like(movable)
        return Standing(np.zeros(movable.shape, np.float32), nothing, nothing, nothing)
    contrast = np.maximum(np.abs(colours - filled(colours, ground)).max(axis=2), over)
    changed = (difference > np.maximum(_CHANGED, _TINTED * contrast)) & movable
    crossed = over & (difference <= _STRONGLY)
    return Standing(contrast, (contrast > STANDS_OUT) & ~ground & movable, changed, crossed)


def changes_around(found: Areas, number: int, changed: Mask) -> float:
    """Return which share of what lies around an area is changed."""
    place, own = found.cut(number, 4)
    shell = grown(own, 3) & ~own
    return float(changed[place][shell].mean()) if shell.any() else 0.0


def _ground(colours: Colours, difference: Soft, movable: Mask) -> tuple[Mask, Mask]:
    """Return what is ground, and what is a part of the colour of a line that it lies on."""
    kernel = np.ones((3, 3), np.uint8)
    spread = np.asarray(cv2.dilate(colours, kernel) - cv2.erode(colours, kernel)).max(axis=2)
    smooth = areas(spread < _SMOOTH_RANGE, connectivity=4)
    rim = np.ones_like(movable)
    rim[1:-1, 1:-1] = False
    room = float(movable.sum())
    alters = smooth.counts(difference > _CHANGED) / np.maximum(smooth.sizes, 1)
    strongly = smooth.counts(difference > _STRONGLY) / np.maximum(smooth.sizes, 1)
    kept = (smooth.counts(rim) >= _TOUCH_PX) | (smooth.counts(~movable) > 0.02 * smooth.sizes)
    kept |= _spans(smooth, movable) & (strongly < _REMAINS)
    for number in np.flatnonzero((alters < _STILL) & (smooth.sizes > 0.003 * room) & ~kept):
        kept[number] = changes_around(smooth, int(number), difference > _CHANGED) < ENCLOSED
    kept &= smooth.sizes >= _LEAST_AREA_PX
    kept[0] = False
    candidates = (alters < _STILL) & (smooth.sizes > max(_LEAST_AREA_PX, 0.0005 * room))
    candidates |= (strongly < _REMAINS) & (smooth.sizes > 0.02 * room)
    candidates[0] = False
    kept = _with_like_coloured(smooth, colours, kept, candidates & ~kept)
    ground: Mask = kept[smooth.labels]
    ground &= opened(ground, _THIN_PX) | (difference < _STRONGLY)
    over = np.zeros_like(ground)
    for number in np.flatnonzero(kept & (strongly > 0)):
        place, own = smooth.cut(int(number), _THIN_PX)
        moved = own & (difference[place] > _STRONGLY)
        over[place] |= _laid_over_a_line(own & ~moved, moved)
    return ground & ~over, over


def _laid_over_a_line(line: Mask, moved: Mask) -> Mask:
    """Return a part that touches a line of its colour: a brow on the outline of an eye.

    The line stands still and is thin; the part is thicker and changes, but for where the line runs below it.
    """
    reach_px = 2 * _THIN_PX
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach_px + 1, 2 * reach_px + 1))
    whole = np.pad(moved.astype(np.uint8), reach_px)
    filled_up = np.asarray(cv2.morphologyEx(whole, cv2.MORPH_CLOSE, disk))[reach_px:-reach_px, reach_px:-reach_px] > 0
    part: Mask = (line | moved) & filled_up
    rest = line & ~part
    width_px = _half_width_px(rest)
    if not rest.any() or _half_width_px(part) < _THICKER * width_px or opened(rest, _THIN_PX).any():
        return np.zeros_like(line)
    return opened(part, round(width_px) + 1) | moved


def _half_width_px(mask: Mask) -> float:
    return float(cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 5).max())


def _spans(smooth: Areas, movable: Mask) -> npt.NDArray[np.bool_]:
    """Return which areas fill a region and reach nearly all over it: a face, not a mouth."""
    height, width = np.ptp(np.flatnonzero(movable.any(axis=1))) + 1, np.ptp(np.flatnonzero(movable.any(axis=0))) + 1
    wide = np.array(
        [box.right - box.left > 0.6 * width and box.bottom - box.top > 0.5 * height for box in smooth.boxes]
    )
    spans: npt.NDArray[np.bool_] = wide & (smooth.sizes > 0.2 * movable.sum())
    return spans


def _with_like_coloured(
    smooth: Areas, colours: Colours, kept: npt.NDArray[np.bool_], candidates: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    if not kept.any() or not candidates.any():
        return kept
    sums = [np.bincount(smooth.labels.ravel(), plane.ravel(), len(smooth)) for plane in colours.transpose(2, 0, 1)]
    means = np.stack(sums, axis=1) / np.maximum(smooth.sizes, 1)[:, None]
    more = kept.copy()
    for number in np.flatnonzero(candidates):
        more[number] = (np.abs(means[more] - means[number]).max(axis=1) < _SAME_COLOUR).any()
    return more
