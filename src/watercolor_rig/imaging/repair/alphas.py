"""The alpha of a redrawn picture, made whole again.

Models hand back figures that are slightly see-through, a haze that reaches to the frame's edge with colour under it, or
no transparency at all but a painted checkerboard. What the reference knows to be solid and clear tells by how much.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import Premultiplied

_SNAP = 12
"""Alphas this near to 0 or 255 mean just that, levels."""

_SURE_PX = 3
"""How far from any half-transparent pixel the reference's solid and clear places are looked at."""

_LEAST_PIXELS = 64
_PAINTED = 200
"""A median alpha from here on where the reference is clear: the answer has a painted ground."""

_MOST_SEE_THROUGH = 96
"""A figure more see-through than this, in levels, is not made solid by a factor."""


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


def whole_alpha(picture: Premultiplied, reference: Rgba, *, snap: bool) -> tuple[Premultiplied, AlphaFacts]:
    """Return a registered picture with its alpha made whole, and what was wrong with it.

    Args:
        picture: float32, (height, width, 4).
        reference: uint8, the same size, straight alpha.
        snap: Whether alphas next to 0 and 255 become just that.
    """
    alpha, theirs = picture[..., 3], reference[..., 3]
    if theirs.min() == 255 and float(alpha.min()) >= 1:  # noqa: PLR2004 - full alpha
        return picture, AlphaFacts()
    full = _median(alpha, theirs == 255, 255.0)  # noqa: PLR2004 - full alpha
    haze = _median(alpha, theirs == 0, 0.0)
    if haze >= _PAINTED:
        return _with_alpha(picture, np.asarray(theirs / 255, np.float32)), AlphaFacts(
            255 - full, haze, painted_ground=True
        )
    top = full if full >= 255 - _MOST_SEE_THROUGH else 255.0
    raised = np.clip((alpha * 255 - haze) / max(1.0, top - haze), 0, 1)
    mended = np.asarray(raised, np.float32)
    snapped = 0.0
    if snap:
        near_0, near_1 = (mended > 0) & (mended <= _SNAP / 255), (mended < 1) & (mended >= 1 - _SNAP / 255)
        mended[near_0], mended[near_1] = 0, 1
        snapped = float((near_0 | near_1).mean())
    return _with_alpha(picture, mended), AlphaFacts(255 - full, haze, snapped=snapped)


def _median(alpha: npt.NDArray[np.float32], where: npt.NDArray[np.bool_], otherwise: float) -> float:
    side = 2 * _SURE_PX + 1
    sure = cv2.erode(where.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    seen = alpha[::2, ::2][sure[::2, ::2]]
    return float(np.median(seen)) * 255 if seen.size >= _LEAST_PIXELS else otherwise


def _with_alpha(picture: Premultiplied, alpha: npt.NDArray[np.float32]) -> Premultiplied:
    """Return the picture with another alpha and the same straight colours."""
    old = picture[..., 3]
    factor = np.divide(alpha, old, out=np.zeros_like(alpha), where=old > 0.5 / 255)
    return np.dstack([picture[..., :3] * factor[..., None], alpha])
