"""How far a picture is from another, as numbers and as a heat map for people to look at.

Differences are of premultiplied colour over grey, in levels of 255: hidden colour under alpha 0 counts for nothing, a
change of alpha as what one sees of it.
"""

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.judge.measures import NOISE_LEVELS, seen
from watercolor_rig.imaging.picture import Rgba

Levels: TypeAlias = npt.NDArray[np.float32]
"""float32, (height, width): the largest difference of a channel at each pixel, 0 to 255."""

_FULL = np.float32(255)
_OUTLINE = np.float32(0.28)
"""How bright white shows where nothing differs, so that one sees where in the figure one is."""


def change_levels(pixels: Rgba, reference: Rgba) -> Levels:
    """Return how far each pixel is from the reference.

    Args:
        pixels: uint8, (height, width, 4), straight alpha.
        reference: The same shape.
    """
    levels: Levels = np.abs(seen(pixels) - seen(reference)).max(axis=2) * _FULL
    return levels


def changed_share(levels: Levels) -> float:
    """Return the share of the pixels that differ by more than noise, 0 to 1."""
    return float((levels > NOISE_LEVELS).mean())


def heat_map(levels: Levels, reference: Rgba, max_side: int) -> Rgba:
    """Return a heat map over a dim grey version of the reference: black, violet, orange, yellow.

    The scale is the square root of the difference, so that a fault of few levels is seen beside a mouth that opens.

    Args:
        levels: From `change_levels`.
        reference: What the picture was compared with, uint8, (height, width, 4).
        max_side: The longer side in pixels; smaller pictures are not enlarged.

    Returns:
        uint8, (height, width, 4), opaque.
    """
    height, width = levels.shape
    scale = min(1.0, max_side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    heat = cv2.resize(np.sqrt(levels / _FULL), size, interpolation=cv2.INTER_AREA)[..., None]
    grey = cv2.resize(seen(reference).mean(axis=2), size, interpolation=cv2.INTER_AREA)
    colours = cv2.applyColorMap(np.rint(heat * _FULL).astype(np.uint8), cv2.COLORMAP_INFERNO)[..., ::-1]
    shown = np.maximum(colours, grey[..., None] * _OUTLINE * (1 - heat) * _FULL)
    opaque = np.full((*shown.shape[:2], 1), _FULL, np.float32)
    return np.concatenate([shown, opaque], axis=2).astype(np.uint8)
