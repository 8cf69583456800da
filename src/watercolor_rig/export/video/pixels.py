"""What a codec gets instead of a frame's own pixels: even sides, and no wrong colours beside a see-through edge."""

import cv2
import numpy as np

from watercolor_rig.imaging.picture import Rgba, Size

_SOLID = 255


def even(size: Size) -> Size:
    """Return a size with no odd side: codecs that store colour at half the size know no others."""
    return size[0] + size[0] % 2, size[1] + size[1] % 2


def padded(picture: Rgba, size: Size) -> Rgba:
    """Return a picture whose last column and row are repeated, up to `size`."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, size[1] - height), (0, size[0] - width), (0, 0)), "edge")


def without_fringe(picture: Rgba) -> Rgba:
    """Return a picture in which a clear pixel has the colour of the nearest one that is not clear.

    A codec blurs colour over the edge of what can be seen; what lies beyond must not darken it.
    """
    is_clear = picture[..., 3] == 0
    if not is_clear.any() or is_clear.all():
        return picture
    _, owners = cv2.distanceTransformWithLabels(
        is_clear.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    colours = np.zeros((int(owners.max()) + 1, 3), np.uint8)
    colours[owners[~is_clear]] = picture[~is_clear][:, :3]
    filled = picture.copy()
    filled[is_clear, :3] = colours[owners[is_clear]]
    return filled


def on_white(picture: Rgba) -> tuple[Rgba, bool]:
    """Return a picture on white, solid everywhere, and whether anything of it was see-through."""
    alpha = picture[..., 3:].astype(np.uint16)
    if (alpha == _SOLID).all():
        return picture, False
    mixed = (picture[..., :3] * alpha + _SOLID * (_SOLID - alpha) + _SOLID // 2) // _SOLID
    solid = np.full_like(picture, _SOLID)
    solid[..., :3] = mixed
    return solid, True
