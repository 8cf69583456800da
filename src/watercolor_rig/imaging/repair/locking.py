"""What really changed, pasted over the reference; everything else is the reference, bit for bit.

A redrawn line lies a pixel beside the old one, and its anti-aliasing is other than it was: that is no change. So a
pixel differs only by what no neighbour of it in the other picture explains. What differs clearly makes a part, what
differs faintly in touch with it belongs to it (hysteresis, Canny, PAMI 1986); specks are dropped. The thresholds rise
with the noise of the redraw, measured on the whole picture.

The piece is not pasted as it is: where its border lies a level beside the reference, one would see the seam, so the
offset along the border is spread over the piece as a membrane would (Farbman, Fattal & Lischinski, "Convolution
pyramids", SIGGRAPH Asia 2011) before a narrow feather closes the rest.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied
from watercolor_rig.imaging.repair.levels import Levels, Plane, difference, line_pixels, over_channels

Weights: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LockLimits:
    """When a pixel counts as changed; levels of 255.

    Attributes:
        seed: A difference from here on makes a part.
        grow: A difference from here on belongs to a part that it touches.
        soft: A difference of the mean over some 16 px from here on belongs to it as well: a blush, a shadow.
        tail_seed: `seed` is at least so many times what 98 of 100 pixels on redrawn lines stay under.
        tail_grow: `grow` likewise.
        most_seed: A difference from here on makes a part however noisy the redraw is.
        speck: Parts whose clear change is smaller than this share of the picture are dropped.
        join_px: Changes closer than this are one part.
        rim_px: So far around a part whatever differs belongs to it, explained or not.
        feather_px: Width of the transition, outside of what changed.
    """

    seed: float = 28.0
    grow: float = 5.0
    soft: float = 3.5
    tail_seed: float = 2.0
    tail_grow: float = 1.0
    most_seed: float = 72.0
    speck: float = 1.2e-5
    join_px: int = 2
    rim_px: int = 8
    feather_px: int = 2


LIMITS = LockLimits()

_MOST_OFFSET = np.float32(24 / 255)
"""A difference along the border beyond this is no drift, and is not spread over the piece."""

_JOIN_SHARE = 48
"""Parts nearer than this part of the larger side count as one where the hull around them is taken."""

_JOIN_LEAST_PX = 5
_QUARTER = 0.25
_PINHOLE = 2e-4
"""Holes up to this share of the picture are filled."""

_BLOCKS = 12
"""The noise of a redraw is the median over so many by so many blocks: an expression changes fewer than half."""

_LEAST_LINE_PIXELS = 24
_SMOOTH_PX = 0.8
"""Both pictures are smoothed by this before they are compared: resampling softens lines, and that is no change."""

_DRIFT_SHARE = 8
"""A drift of light is smooth over this part of the larger side."""

_WANDER_PX = 0.25
"""Lines that stray further than this are looked for two pixels around."""

_CALM = 14.0
_SOFT_TAIL = 1.3
"""A soft change exceeds by so many times what the light does along lines that were only redrawn."""

_SOFT_REACH_SHARE = 14
"""A soft change reaches no further from a clear one than this part of the larger side."""


def unexplained(first: Levels, second: Levels, reach_px: int = 1) -> Plane:
    """Return how far two pictures differ beyond what a line beside itself explains.

    Args:
        first: uint8, (height, width, 3).
        second: The same shape.
        reach_px: How far a line may have strayed.

    Returns:
        uint8, (height, width): the largest over the channels.
    """
    around = np.ones((2 * reach_px + 1, 2 * reach_px + 1), np.uint8)
    most = np.zeros(first.shape, np.uint8)
    for ours, theirs in ((first, second), (second, first)):
        cv2.max(most, cv2.subtract(ours, cv2.dilate(theirs, around)), dst=most)
        cv2.max(most, cv2.subtract(cv2.erode(theirs, around), ours), dst=most)
    return over_channels(most)


def what_changed(
    picture: Levels, reference: Levels, allowed: Mask, wander_px: float = 0.0, limits: LockLimits = LIMITS
) -> Mask:
    """Return where a registered, colour-matched picture shows something else than the reference.

    Args:
        picture: uint8, (height, width, 3).
        reference: The same shape.
        allowed: bool, (height, width): where a change may be.
        wander_px: How far lines that did not change stray, root mean square.
        limits: When a pixel counts as changed.
    """
    ours, theirs = (_smooth(one) for one in (picture, reference))
    reach_px = 1 if wander_px < _WANDER_PX else 2
    differs = unexplained(ours, theirs, reach_px)
    lines = line_pixels(theirs)
    tail = _tail(differs, lines)
    strong = (differs > max(limits.seed, min(limits.most_seed, limits.tail_seed * tail))) & allowed
    if not strong.any():
        return np.zeros(allowed.shape, np.bool_)
    plain = difference(ours, theirs)
    plain_tail = _tail(plain, lines)
    weak = differs > max(limits.grow, limits.tail_grow * tail)
    either = lines | line_pixels(ours)
    shows = plain > np.where(either, max(limits.soft / 2, plain_tail), limits.soft / 2)
    weak |= _soft_change(ours, theirs, weak, strong, lines, limits.soft) & shows
    joined = np.asarray(
        cv2.morphologyEx((weak & allowed).astype(np.uint8), cv2.MORPH_CLOSE, _disk(2 * limits.join_px + 1)), np.uint8
    )
    core = _parts_with_seeds(joined, strong, max(4, round(limits.speck * allowed.size)))
    near = cv2.dilate(core.astype(np.uint8), _disk(2 * limits.rim_px + 1)) > 0
    rim = near & (plain > max(limits.grow, limits.tail_grow * plain_tail))
    touching = _parts_with_seeds((core | rim).astype(np.uint8), core, 1)
    return _filled(touching, allowed & _hulls(core))


def feathered(changed: Mask, allowed: Mask, feather_px: int) -> Weights:
    """Return how much of the picture shows: 1 where it changed, fading to 0 outside, 0 where it is not allowed.

    Args:
        changed: bool, (height, width).
        allowed: bool, the same shape.
        feather_px: Width of the transition.
    """
    away = cv2.distanceTransform((~changed).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    weights = np.clip(1 - np.asarray(away, np.float32) / np.float32(feather_px + 1), 0, 1)
    weights[~allowed] = 0
    return np.asarray(weights, np.float32)


def paste(picture: Premultiplied, reference: Premultiplied, weights: Weights) -> Premultiplied:
    """Return the reference with the changed part of a picture on it.

    Args:
        picture: float32, (height, width, 4).
        reference: The same shape.
        weights: float32, (height, width), as `feathered` returns them.
    """
    piece = np.add(picture, _membrane(picture, reference, weights))
    return np.asarray(reference + (piece - reference) * weights[..., None], np.float32)


def _membrane(picture: Premultiplied, reference: Premultiplied, weights: Weights) -> Premultiplied:
    """Return the offset of the border, spread over the piece: float32, the same shape; alpha is left alone."""
    outside = (weights == 0) & (np.abs(picture[..., 3] - reference[..., 3]) < _MOST_OFFSET)
    offset = np.clip(reference - picture, -_MOST_OFFSET, _MOST_OFFSET) * outside[..., None]
    offset[..., 3] = outside
    total = np.zeros_like(offset)
    level, strength = offset, 1.0
    for _ in range(6):
        spread = cv2.resize(level, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
        total += np.asarray(spread, np.float32) * np.float32(strength)
        if min(level.shape[:2]) < 4:  # noqa: PLR2004 - nothing left to halve
            break
        level = np.asarray(cv2.pyrDown(level), np.float32)
        strength /= 16
    share = total[..., 3:]
    made = np.divide(total, share, out=np.zeros_like(total), where=share > 1e-7)  # noqa: PLR2004 - nothing known there
    made[..., :3] *= picture[..., 3:]
    made[..., 3] = 0
    return np.asarray(made, np.float32)


def _smooth(levels: Levels) -> Levels:
    return np.asarray(cv2.GaussianBlur(levels, (0, 0), _SMOOTH_PX), np.uint8)


def _tail(differs: npt.NDArray[Any], lines: Mask) -> float:
    """Return the level that 98 of 100 pixels on lines stay under, in the middling block of the picture."""
    tails = []
    for rows in np.array_split(np.arange(lines.shape[0]), _BLOCKS):
        for columns in np.array_split(np.arange(lines.shape[1]), _BLOCKS):
            block = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
            found = differs[block][lines[block]]
            if found.size >= _LEAST_LINE_PIXELS:
                tails.append(float(np.percentile(found, 98)))
    return float(np.median(tails)) if tails else 0.0


def _soft_change(first: Levels, second: Levels, weak: Mask, strong: Mask, lines: Mask, least: float) -> Mask:
    """Return where the local means differ, near a clear change and beyond a drift of light over the whole picture.

    What differs clearly has no part in the means: it would shine over its own border.
    """
    height, width = strong.shape
    small = (max(1, round(width * _QUARTER)), max(1, round(height * _QUARTER)))
    ours, theirs = (
        np.asarray(cv2.resize(seen, small, interpolation=cv2.INTER_AREA), np.float32) for seen in (first, second)
    )
    taken, clear, drawn = (
        np.asarray(cv2.resize(mask.astype(np.float32), small, interpolation=cv2.INTER_AREA), np.float32) > 0
        for mask in (weak, strong, lines)
    )
    kept = (~taken).astype(np.float32)
    means = cv2.GaussianBlur(np.dstack([(ours - theirs) * kept[..., None], kept]), (0, 0), 1.5)
    differs = np.asarray(means[..., :3] / np.maximum(means[..., 3:], np.float32(0.05)), np.float32)
    around_px = max(height, width) * _QUARTER
    away = np.asarray(cv2.distanceTransform((~clear).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3), np.float32)
    beyond = np.abs(differs - _drift(differs, around_px / _DRIFT_SHARE)).max(axis=2)
    soft = (beyond > max(least, _SOFT_TAIL * _tail(beyond, drawn))) & (away < around_px / _SOFT_REACH_SHARE)
    return np.asarray(cv2.resize(soft.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST), np.bool_)


def _drift(differs: Weights, sigma: float) -> Weights:
    """Return the smooth part of a difference, (height, width, 3), from the places where it is small."""
    calm = (np.abs(differs).max(axis=2) < _CALM).astype(np.float32)
    total = np.dstack([differs * calm[..., None], calm])
    side = 2 * round(sigma) + 1
    for _ in range(2):
        total = np.asarray(cv2.blur(total, (side, side)), np.float32)
    share = np.maximum(total[..., 3:], np.float32(1e-3))
    return np.asarray(total[..., :3] / share, np.float32)


def _parts_with_seeds(weak: npt.NDArray[np.uint8], strong: Mask, least_pixels: int) -> Mask:
    count, labels = cv2.connectedComponents(weak, connectivity=8)
    seeds = np.bincount(labels[strong], minlength=count)
    keep = seeds >= least_pixels
    keep[0] = False
    kept: Mask = keep[labels]
    return kept


def _hulls(mask: Mask) -> Mask:
    """Return the convex hulls of the parts, near ones together: no further reaches a rim."""
    reach_px = max(_JOIN_LEAST_PX, max(mask.shape) // _JOIN_SHARE)
    near = np.asarray(cv2.dilate(mask.astype(np.uint8), _disk(2 * reach_px + 1)), np.uint8)
    _, groups = cv2.connectedComponents(near)
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points: dict[int, list[npt.NDArray[np.int32]]] = {}
    for contour in contours:
        column, row = contour[0, 0]
        points.setdefault(int(groups[row, column]), []).append(np.asarray(contour, np.int32))
    made = np.zeros(mask.shape, np.uint8)
    for group in points.values():
        cv2.fillConvexPoly(made, cv2.convexHull(np.concatenate(group)), (1,))
    hulls: Mask = made > 0
    return hulls


def _filled(mask: Mask, allowed: Mask) -> Mask:
    """Return the mask without pinholes and grown by a pixel, for the soft edge that lies below every threshold.

    A large hole stays: what is in it is the reference's, as sure as what is around.
    """
    if not mask.any():
        return mask
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~mask).astype(np.uint8), connectivity=4)
    small = stats[:count, cv2.CC_STAT_AREA] <= max(9, round(_PINHOLE * mask.size))
    small[0] = False
    whole = mask | small[labels]
    filled: Mask = (cv2.dilate(whole.astype(np.uint8), _disk(3)) > 0) & allowed
    return filled


def _disk(side: int) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
