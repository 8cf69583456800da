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
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Mask, bounding_box
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey

Levels: TypeAlias = npt.NDArray[np.uint8]
Weights: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LockLimits:
    """When a pixel counts as changed; levels of 255.

    Attributes:
        seed: A difference from here on makes a part.
        grow: A difference from here on belongs to a part that it touches.
        soft: A difference of the mean over some 16 px from here on belongs to it as well: a blush, a shadow.
        noise_seed: `seed` is at least so many times the noise of the redraw.
        noise_grow: `grow` likewise.
        speck: Parts smaller than this share of the picture are dropped.
        join_px: Changes closer than this are one part.
        feather_px: Width of the transition, outside of what changed.
    """

    seed: float = 28.0
    grow: float = 8.0
    soft: float = 3.5
    noise_seed: float = 5.0
    noise_grow: float = 2.5
    speck: float = 1.2e-5
    join_px: int = 2
    feather_px: int = 3


LIMITS = LockLimits()

_LINE = 24
"""A pixel whose 3×3 neighbourhood spans more than this lies on a line or an edge."""

_QUARTER = 0.25
_PINHOLE = 2e-4
"""Holes up to this share of the picture are filled."""


def seen_levels(picture: Premultiplied) -> Levels:
    """Return a picture as it is seen over mid grey, rounded to levels: uint8, (height, width, 3)."""
    return np.asarray(np.clip(np.rint(over_grey(picture) * 255), 0, 255), np.uint8)


def unexplained(first: Levels, second: Levels) -> Levels:
    """Return how far two pictures differ beyond what a line one pixel beside itself explains.

    Args:
        first: uint8, (height, width, 3).
        second: The same shape.

    Returns:
        uint8, (height, width): the largest over the channels.
    """
    around = np.ones((3, 3), np.uint8)
    most = np.zeros(first.shape, np.uint8)
    for ours, theirs in ((first, second), (second, first)):
        above = cv2.subtract(ours, cv2.dilate(theirs, around))
        below = cv2.subtract(cv2.erode(theirs, around), ours)
        most = np.maximum(most, np.maximum(above, below))
    return np.asarray(most.max(axis=2), np.uint8)


def what_changed(picture: Premultiplied, reference: Premultiplied, allowed: Mask, limits: LockLimits = LIMITS) -> Mask:
    """Return where a registered, colour-matched picture shows something else than the reference.

    Args:
        picture: float32, (height, width, 4).
        reference: The same shape.
        allowed: bool, (height, width): where a change may be.
        limits: When a pixel counts as changed.
    """
    ours, theirs = seen_levels(picture), seen_levels(reference)
    differs = unexplained(ours, theirs)
    noise = _noise(differs, theirs)
    seed, grow = max(limits.seed, limits.noise_seed * noise), max(limits.grow, limits.noise_grow * noise)
    weak = ((differs > grow) | (_soft(ours, theirs) > max(limits.soft, noise))) & allowed
    strong = (differs > seed) & allowed
    if not strong.any():
        return np.zeros(allowed.shape, np.bool_)
    side = 2 * limits.join_px + 1
    joined = np.asarray(cv2.morphologyEx(weak.astype(np.uint8), cv2.MORPH_CLOSE, _disk(side)), np.uint8)
    kept = _parts_with_seeds(joined, strong, max(4, round(limits.speck * allowed.size)))
    return _filled(kept, allowed)


def paste(
    picture: Premultiplied, reference: Premultiplied, changed: Mask, allowed: Mask, feather_px: int
) -> tuple[Premultiplied, Weights]:
    """Return the reference with the changed part of a picture on it, and the weight of the picture in each pixel.

    Args:
        picture: float32, (height, width, 4).
        reference: The same shape.
        changed: bool, (height, width): what is pasted entirely.
        allowed: bool, the same shape: what may be touched at all.
        feather_px: Over how many pixels outside `changed` the picture fades into the reference.

    Returns:
        The picture where the weight is 1, the reference where it is 0; and the weights, 0 to 1.
    """
    box = bounding_box(changed)
    weights = np.zeros(changed.shape, np.float32)
    if box is None:
        return reference, weights
    cut = box.grown(8 * feather_px + 32, changed.shape).slices()
    away = cv2.distanceTransform((~changed[cut]).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    inner = np.clip(1 - np.asarray(away, np.float32) / np.float32(feather_px + 1), 0, 1)
    inner[~allowed[cut]] = 0
    weights[cut] = inner
    piece = np.add(picture[cut], _membrane(picture[cut], reference[cut], inner))
    made = reference.copy()
    made[cut] += (piece - reference[cut]) * inner[..., None]
    return made, weights


def _membrane(picture: Premultiplied, reference: Premultiplied, weights: Weights) -> Premultiplied:
    """Return the offset of the border, spread over the piece: float32, the same shape; alpha is left alone."""
    outside = (weights == 0) & (np.abs(picture[..., 3] - reference[..., 3]) < _LINE / 255)
    offset = np.clip(reference - picture, -_LINE / 255, _LINE / 255) * outside[..., None]
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


def _noise(differs: Levels, seen: Levels) -> float:
    """Return the level that two thirds of the drawing's lines stay under: an expression changes fewer."""
    grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
    lines = np.asarray(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))) > _LINE
    found = differs[lines]
    return float(np.percentile(found, 66)) if found.size else 0.0


def _soft(first: Levels, second: Levels) -> Weights:
    """Return how far the local means differ: float32, (height, width), levels."""
    height, width = first.shape[:2]
    small = (max(1, round(width * _QUARTER)), max(1, round(height * _QUARTER)))
    ours, theirs = (
        np.asarray(cv2.resize(seen, small, interpolation=cv2.INTER_AREA), np.float32) for seen in (first, second)
    )
    blurred = np.asarray(cv2.GaussianBlur(ours - theirs, (0, 0), 1.5), np.float32)
    mean = np.asarray(np.abs(blurred).max(axis=2), np.float32)
    return np.asarray(cv2.resize(mean, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _parts_with_seeds(weak: npt.NDArray[np.uint8], strong: Mask, least_pixels: int) -> Mask:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(weak, connectivity=8)
    seeds = np.bincount(labels[strong], minlength=count)
    keep = (seeds >= max(2, least_pixels // 4)) & (stats[:, cv2.CC_STAT_AREA] >= least_pixels)
    keep[0] = False
    kept: Mask = keep[labels]
    return kept


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
