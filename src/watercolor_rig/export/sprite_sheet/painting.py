"""A page of a sheet as a picture: one page and one frame are in memory at a time."""

from typing import BinaryIO

import numpy as np
from PIL import Image

from watercolor_rig.export.sprite_sheet.planning import Page
from watercolor_rig.imaging.picture import Rgba

PNG, WEBP = "png", "webp"
"""What a page may be; both are lossless and keep the colours of clear pixels."""


def paint(page: Page, extrude: int) -> Rgba:
    """Return a settled page: every cell in its place, the pixels on its edge repeated `extrude` times around it.

    Raises:
        PictureError: if a frame cannot be decoded.
        StoreError: if a file cannot be read.
    """
    width, height = page.size
    canvas = np.zeros((height, width, 4), np.uint8)
    for cell, (x, y) in zip(page.cells, page.corners, strict=True):
        left, top, across, down = cell.kept
        cut = cell.frame.read()[top : top + down, left : left + across]
        around = np.pad(cut, ((extrude, extrude), (extrude, extrude), (0, 0)), "edge")
        canvas[y - extrude : y + down + extrude, x - extrude : x + across + extrude] = around
    return canvas


def write_picture(file: BinaryIO, pixels: Rgba, kind: str) -> None:
    """Write a page.

    Args:
        file: Seekable.
        pixels: uint8, (height, width, 4), straight alpha.
        kind: `PNG` or `WEBP`.
    """
    picture = Image.fromarray(pixels)
    if kind == WEBP:
        picture.save(file, "WEBP", lossless=True, exact=True, quality=40, method=2)
    else:
        picture.save(file, "PNG", compress_level=6)
