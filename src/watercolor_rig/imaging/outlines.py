"""Outlines that a user drew, as masks of a picture."""

import cv2
import numpy as np

from watercolor_rig.core.outlines import Outline
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.picture import Size

_FINE = 4
"""Corners are given to OpenCV in 1/16 of a pixel."""


def outlined(outline: Outline, picture: Size) -> Mask:
    """Return which pixels of a picture lie in an outline; one that its border crosses does.

    The mask is made for the whole picture and cut by the caller: made in pieces, their borders would differ by a pixel.

    Args:
        outline: Corners in pixels of the picture; what lies outside of it is cut off.
        picture: Width and height.

    Returns:
        bool, (height, width).
    """
    width, height = picture
    mask = np.zeros((height, width), np.uint8)
    corners = (np.asarray(outline, np.float64) - 0.5) * (1 << _FINE)
    cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], (1,), shift=_FINE)
    return mask > 0
