"""The alpha of a redrawn picture, made whole again.

Models hand back figures that are slightly see-through, a haze that reaches to the frame's edge with colour under it, or
no transparency at all but a painted checkerboard. What the reference knows to be solid and clear tells by how much.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.repair.levels import Plane, is_opaque

_SNAP = 12
"""Alphas this near to 0 or 255 mean just that, levels."""

_SURE_PX = 3
"""How far from any half-transparent pixel the reference's solid and clear places are looked at."""

_LEAST_PIXELS = 64
_PAINTED = 200
"""A median alpha from here on where the reference is clear: the answer has a painted ground."""

_MOST_SEE_THROUGH = 96
"""A figure more see-through than this, in levels, is not made solid by a factor."""

_SOLID = 255


@dataclass(frozen=True, slots=True)
class AlphaFacts:
    """What was found about a picture's alpha, in levels of 255.

    Attributes:
        see_through: How much solid parts lack to being solid, median.
        haze: Alpha of what should be clear, median.
        painted_ground: Whether what should be clear is opaque: a flat ground or a painted checkerboard.
        snapped: Share of the pixels whose alpha was set to exactly 0 or 255.
    """

    see_through: float = 0.0
    haze: float = 0.0
    painted_ground: bool = False
    snapped: float = 0.0


def estimate_alpha(alpha: Plane, reference: Plane) -> AlphaFacts:
    """Return what is wrong with the alpha of a registered picture.

    Args:
        alpha: uint8, (height, width).
        reference: The same shape: the alpha as it should be wherever nothing changed.
    """
    if is_opaque(alpha) and is_opaque(reference):
        return AlphaFacts()
    full = _median(alpha, reference == _SOLID, _SOLID)
    haze = _median(alpha, reference == 0, 0)
    return AlphaFacts(_SOLID - full, haze, painted_ground=haze >= _PAINTED)


def whole_alpha(picture: Rgba, facts: AlphaFacts, *, snap: bool) -> tuple[Rgba, float]:
    """Return a picture with its alpha made whole, and the share of the pixels that were snapped.

    Args:
        picture: uint8, (height, width, 4), straight alpha.
        facts: What is wrong with it.
        snap: Whether alphas next to 0 and 255 become just that.
    """
    alpha = np.ascontiguousarray(picture[..., 3])
    if facts.painted_ground or is_opaque(alpha):
        return picture, 0.0
    top = _SOLID - facts.see_through if facts.see_through <= _MOST_SEE_THROUGH else _SOLID
    table = np.clip((np.arange(256) - facts.haze) * _SOLID / max(1.0, top - facts.haze), 0, _SOLID)
    snapped = 0.0
    if snap:
        ends = (table > 0) & (table <= _SNAP), (table < _SOLID) & (table >= _SOLID - _SNAP)
        counts = np.bincount(alpha.ravel(), minlength=256)
        snapped = float(counts[ends[0] | ends[1]].sum() / alpha.size)
        table[ends[0]], table[ends[1]] = 0, _SOLID
    if np.array_equal(table, np.arange(256)):
        return picture, 0.0
    made = picture.copy()
    made[..., 3] = cv2.LUT(alpha, np.rint(table).astype(np.uint8))
    return made, snapped


def _median(alpha: Plane, where: npt.NDArray[np.bool_], otherwise: float) -> float:
    side = 2 * _SURE_PX + 1
    sure = np.asarray(cv2.erode(where.astype(np.uint8), np.ones((side, side), np.uint8)), np.uint8)
    seen = alpha[::2, ::2][sure[::2, ::2] > 0]
    return float(np.median(seen)) if seen.size >= _LEAST_PIXELS else otherwise
