"""Pictures in 8 bits for looking at.

A repair compares whole pictures in levels, and computes in floats only what it pastes. Each step here is one pass of
OpenCV over bytes, a tenth of what the same costs in floats.
"""

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.picture import Rgba

Levels: TypeAlias = npt.NDArray[np.uint8]
"""uint8, (height, width, 3): a picture as it is seen over mid grey."""

Plane: TypeAlias = npt.NDArray[np.uint8]
"""uint8, (height, width)."""

_GREY = np.rint(127.5 * (1 - np.arange(256) / 255)).astype(np.uint8)
_LINE = 24
"""A pixel whose 3×3 neighbourhood spans more than this lies on a line or an edge."""


def is_opaque(alpha: Plane) -> bool:
    """Return whether no pixel is transparent at all."""
    return int(cv2.minMaxLoc(alpha)[0]) == 255  # noqa: PLR2004 - full alpha


def premultiplied_levels(pixels: Rgba) -> Rgba:
    """Return colours multiplied by alpha, and alpha: uint8, (height, width, 4).

    Args:
        pixels: uint8, (height, width, 4), straight alpha.
    """
    alpha = np.ascontiguousarray(pixels[..., 3])
    if is_opaque(alpha):
        return pixels
    factor = cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)])
    return np.asarray(cv2.multiply(pixels, factor, scale=1 / 255), np.uint8)


def over_grey_levels(premultiplied: Rgba) -> Levels:
    """Return a picture as it is seen over mid grey, within a level.

    Args:
        premultiplied: uint8, (height, width, 4), as `premultiplied_levels` returns it.
    """
    colours = np.asarray(cv2.cvtColor(premultiplied, cv2.COLOR_RGBA2RGB), np.uint8)
    alpha = np.ascontiguousarray(premultiplied[..., 3])
    if is_opaque(alpha):
        return colours
    ground = cv2.LUT(alpha, _GREY)
    return np.asarray(cv2.add(colours, cv2.merge([ground, ground, ground])), np.uint8)


def seen_levels(pixels: Rgba) -> Levels:
    """Return a picture as it is seen over mid grey.

    Args:
        pixels: uint8, (height, width, 4), straight alpha.
    """
    return over_grey_levels(premultiplied_levels(pixels))


def over_channels(levels: Levels) -> Plane:
    """Return the largest of the three channels."""
    red, green, blue = cv2.split(levels)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def under_channels(levels: Levels) -> Plane:
    """Return the smallest of the three channels."""
    red, green, blue = cv2.split(levels)
    return np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)


def difference(first: Levels, second: Levels) -> Plane:
    """Return the largest difference over the channels."""
    return over_channels(np.asarray(cv2.absdiff(first, second), np.uint8))


def span(levels: Levels | Plane, side_px: int) -> Plane:
    """Return by how much values differ within a square around each pixel, the largest over the channels."""
    made = np.asarray(cv2.morphologyEx(levels, cv2.MORPH_GRADIENT, np.ones((side_px, side_px), np.uint8)), np.uint8)
    return made if made.ndim == 2 else over_channels(made)  # noqa: PLR2004 - one channel


def grey_levels(levels: Levels) -> Plane:
    """Return a picture without colour."""
    return np.asarray(cv2.cvtColor(levels, cv2.COLOR_RGB2GRAY), np.uint8)


def line_pixels(levels: Levels) -> Mask:
    """Return the pixels on lines and edges: bool, (height, width)."""
    lines: Mask = span(grey_levels(levels), 3) > _LINE
    return lines
