"""Small drawn pictures for tests: faces made of rectangles, with transparency and hidden colour under it."""

import io

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from watercolor_rig.imaging.picture import Rgba


def png(pixels: Rgba, mode: str = "RGBA", *, icc_profile: bytes | None = None) -> bytes:
    """Return pixels as a PNG in a Pillow mode such as `P`, `L` or `RGB`."""
    out = io.BytesIO()
    image = Image.fromarray(pixels).convert(mode)
    image.save(out, "PNG", icc_profile=icc_profile)
    return out.getvalue()


def face(width: int, height: int, mouth_top: float = 0.6, mouth_height: float = 0.06) -> Rgba:
    """Return a skin oval on a transparent ground with hidden green, and a dark mouth at shares of the height."""
    y, x = np.mgrid[0:height, 0:width]
    inside = ((x + 0.5) / width - 0.5) ** 2 + ((y + 0.5) / height - 0.5) ** 2 < 0.2
    pixels = np.empty((height, width, 4), dtype=np.uint8)
    pixels[...] = (0, 200, 0, 0)
    pixels[inside] = (240, 210, 180, 255)
    top = round(mouth_top * height)
    bottom = max(top + 1, round((mouth_top + mouth_height) * height))
    pixels[top:bottom, width // 3 : max(width // 3 + 1, 2 * width // 3)] = (90, 20, 30, 255)
    return pixels


@st.composite
def pairs(draw: st.DrawFn, largest_px: int = 48) -> tuple[Rgba, Rgba]:
    """Return two pictures of one size that differ in a few rectangles, of any colour and alpha."""
    width, height = draw(st.integers(1, largest_px)), draw(st.integers(1, largest_px))
    source = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    start = np.empty((height, width, 4), dtype=np.uint8)
    start[...] = source.integers(0, 256, 4)
    for _ in range(draw(st.integers(0, 4))):
        _paint(start, source)
    end = start.copy()
    for _ in range(draw(st.integers(0, 3))):
        _paint(end, source)
    return start, end


def _paint(pixels: Rgba, source: np.random.Generator) -> None:
    height, width = pixels.shape[:2]
    left, top = source.integers(0, width), source.integers(0, height)
    right, bottom = left + source.integers(1, 1 + width // 2 + 1), top + source.integers(1, 1 + height // 2 + 1)
    colour = source.integers(0, 256, 4)
    colour[3] = source.choice([0, 1, 128, 254, 255])
    pixels[top:bottom, left:right] = colour
