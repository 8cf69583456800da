"""Pictures with colour premultiplied by alpha: the only form in which pixels are mixed or moved.

Mixing straight colours lets the hidden colour under alpha 0 bleed into edges as a fringe; premultiplied colours mix
as light does (Porter & Duff, "Compositing digital images", SIGGRAPH 1984).
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.picture import Rgba

Premultiplied: TypeAlias = npt.NDArray[np.float32]
"""float32, (height, width, 4): colour × alpha and alpha, each from 0 to 1."""

_FULL = np.float32(255)


def to_premultiplied(pixels: Rgba) -> Premultiplied:
    """Return `pixels` with colour premultiplied by alpha.

    Args:
        pixels: uint8, (height, width, 4), straight alpha.
    """
    shares = pixels.astype(np.float32) / _FULL
    shares[..., :3] *= shares[..., 3:]
    return shares


def from_premultiplied(premultiplied: Premultiplied) -> Rgba:
    """Return straight 8-bit pixels: the exact inverse of `to_premultiplied` wherever alpha is above 0.

    Args:
        premultiplied: float32, (height, width, 4); values that interpolation pushed outside 0…1 are clipped.

    Returns:
        uint8, (height, width, 4); a pixel whose alpha rounds to 0 is all zero.
    """
    alpha = np.clip(premultiplied[..., 3:], 0, 1)
    visible = alpha * _FULL >= np.float32(0.5)
    colour = np.divide(premultiplied[..., :3], alpha, out=np.zeros_like(premultiplied[..., :3]), where=visible)
    straight = np.concatenate([np.clip(colour, 0, 1), np.where(visible, alpha, 0)], axis=2)
    return np.rint(straight * _FULL).astype(np.uint8)


def over_grey(premultiplied: Premultiplied) -> npt.NDArray[np.float32]:
    """Return the picture seen over mid grey, so that a change of alpha shows as a change of colour.

    Returns:
        float32, (height, width, 3), 0 to 1.
    """
    return premultiplied[..., :3] + np.float32(0.5) * (1 - premultiplied[..., 3:])
