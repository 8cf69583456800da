"""Small drawn figures for tests: a head with a mouth, cut out or on a ground."""

import numpy as np

from watercolor_rig.imaging.picture import Rgba, Size

SKIN, HAIR, MOUTH = (240, 200, 170), (90, 50, 30), (150, 30, 50)


def head(size: Size = (96, 128), *, mouth_px: int = 4, cut_out: bool = True, radius: float = 0.4) -> Rgba:
    """Return a head with a soft outline, (height, width, 4).

    Args:
        size: (width, height).
        mouth_px: Height of the open mouth.
        cut_out: Transparent around it, with junk colour hidden under alpha 0; otherwise on flat blue.
        radius: Of the head, as a share of the width.
    """
    width, height = size
    y, x = np.mgrid[:height, :width] + 0.5
    depth = radius * width - np.hypot(x - width / 2, y - height / 2)
    colours = np.where((depth < 3)[..., None], HAIR, SKIN)
    mouth = (abs(x - width / 2) < width / 10) & (abs(y - height * 0.62) < mouth_px / 2)
    colours[mouth] = MOUTH
    alpha = np.clip(depth + 0.5, 0, 1)[..., None]
    if not cut_out:
        flat = np.rint(colours * alpha + np.array((60, 80, 140)) * (1 - alpha))
        return np.dstack([flat, np.full((height, width), 255)]).astype(np.uint8)
    colours[alpha[..., 0] == 0] = (255, 0, 255)
    return np.dstack([colours, np.rint(alpha * 255)]).astype(np.uint8)


def premultiplied(pixels: Rgba) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return what of `pixels` can be seen over black, 0 to 255."""
    return pixels[..., :3].astype(np.float64) * (pixels[..., 3:] / 255)
