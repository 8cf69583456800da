"""Small, light versions of pictures, for pages that people look at."""

import io

from PIL import Image

from watercolor_rig.imaging.picture import Rgba

_QUALITY = 80


def small_webp(pixels: Rgba, max_side: int) -> bytes:
    """Return a picture as a lossy WebP whose longer side is at most `max_side` pixels; smaller ones are not enlarged.

    Args:
        pixels: uint8, (height, width, 4), straight alpha.
        max_side: In pixels.
    """
    image = Image.fromarray(pixels)
    scale = min(1.0, max_side / max(image.size))
    if scale < 1:
        width, height = (max(1, round(side * scale)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue()
