"""Where the cells of an album lie: sheets filled in the order of the cells, the highest first on each.

Rows of one height waste least, and a sheet of the album's order is painted while its pictures are read once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import Image

from watercolor_rig.export.sprite_sheet.packing import Point, lay_out, lay_out_tightly
from watercolor_rig.export.sprite_sheet.painting import WEBP
from watercolor_rig.export.web.album import Cell
from watercolor_rig.imaging.patchwork import seen
from watercolor_rig.imaging.picture import Rgba, Size


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture that cells lie on.

    Attributes:
        size: Its width and height in pixels.
        corners: The left upper corner of each of its cells, by the cell's number, in the order of the numbers.
    """

    size: Size
    corners: dict[int, Point]


def lay_sheets(cells: Sequence[Cell], most: int, padding: int) -> list[Sheet]:
    """Return as few sheets as rows allow, none of which has a side over `most` pixels.

    Args:
        cells: Each fits on a sheet alone.
        most: Pixels.
        padding: Clear pixels between cells and around them.
    """
    sheets, first = [], 0
    while first < len(cells):
        few, many = 1, len(cells) - first  # so many fit; so many may
        while few < many:
            half = (few + many + 1) // 2
            size = lay_out(_sizes(cells, _highest_first(cells, first, half)), most, padding)[1]
            few, many = (half, many) if max(size) <= most else (few, half - 1)
        numbers = _highest_first(cells, first, few)
        places, size = lay_out_tightly(_sizes(cells, numbers), most, padding)
        sheets.append(Sheet(size, dict(sorted(zip(numbers, places, strict=True)))))
        first += few
    return sheets


def paint(sheet: Sheet, cells: Sequence[Cell]) -> Rgba:
    """Return a sheet's pixels; it and one picture are held.

    Raises:
        PictureError: if a frame cannot be decoded.
        StoreError: if a file cannot be read.
    """
    width, height = sheet.size
    canvas = np.zeros((height, width, 4), np.uint8)
    frame, picture = None, canvas
    for number, (x, y) in sheet.corners.items():
        cell = cells[number]
        if cell.frame is not frame:
            frame, picture = cell.frame, seen(cell.frame.read())
        left, top, across, down = cell.box
        canvas[y : y + down, x : x + across] = picture[top : top + down, left : left + across]
    return canvas


def write_picture(file: BinaryIO, pixels: Rgba, kind: str) -> None:
    """Write a sheet without loss, clear pixels included, smaller and slower than other exports do.

    Args:
        file: Seekable.
        pixels: uint8, (height, width, 4), straight alpha.
        kind: `png` or `webp`.
    """
    picture = Image.fromarray(pixels)
    if kind == WEBP:
        picture.save(file, "WEBP", lossless=True, exact=True, quality=90, method=5)
    else:
        picture.save(file, "PNG", optimize=True)


def _highest_first(cells: Sequence[Cell], first: int, count: int) -> list[int]:
    return sorted(range(first, first + count), key=lambda number: (-cells[number].box[3], number))


def _sizes(cells: Sequence[Cell], numbers: Sequence[int]) -> list[Size]:
    return [cells[number].box[2:] for number in numbers]
