"""All sequences on one sheet, so that a person can judge a whole run at a glance.

Blocks of sequences stand below each other, side by side where they are narrow. A page ends where the next block would
make it too tall to open comfortably, so 24 sequences are one page and hundreds are several.
"""

import io
from collections.abc import Iterable, Iterator, Sequence

from PIL import Image

from watercolor_rig.core.errors import PictureError
from watercolor_rig.export.frames import FrameSequence
from watercolor_rig.export.sheet_block import PAPER, sequence_block

MAX_PAGE_HEIGHT = 5000
"""Pixels; 24 sequences of 9 frames fit."""

_MAX_WIDTH = 1880
_MARGIN = 16
_ROW_GAP = 12
_COLUMN_GAP = 32


def contact_sheets(sequences: Iterable[FrameSequence]) -> Iterator[bytes]:
    """Yield the pages of a contact sheet as PNG files; one sequence's pictures are in memory at a time.

    Args:
        sequences: In the order they are to stand in.

    Raises:
        PictureError: if a frame cannot be decoded, or if a sequence has no frames or the sheet no sequences.
    """
    blocks: list[Image.Image] = []
    for sequence in sequences:
        block = sequence_block(sequence)
        if blocks and _page_size(_rows([*blocks, block]))[1] > MAX_PAGE_HEIGHT:
            yield _page(_rows(blocks))
            blocks = []
        blocks.append(block)
    if not blocks:
        raise PictureError("contact sheet: there are no sequences to show; generate some first")
    yield _page(_rows(blocks))


def page_name(number: int) -> str:
    """Return the file name of a page, counted from 1: `contact-sheet.png`, then `contact-sheet-2.png` and on."""
    return "contact-sheet.png" if number == 1 else f"contact-sheet-{number}.png"


def _rows(blocks: Sequence[Image.Image]) -> list[list[Image.Image]]:
    widest = max(block.width for block in blocks)
    columns = max(1, (_MAX_WIDTH - 2 * _MARGIN + _COLUMN_GAP) // (widest + _COLUMN_GAP))
    return [list(blocks[at : at + columns]) for at in range(0, len(blocks), columns)]


def _page_size(rows: Sequence[Sequence[Image.Image]]) -> tuple[int, int]:
    columns = max(len(row) for row in rows)
    widest = max(block.width for row in rows for block in row)
    height = sum(max(block.height for block in row) + _ROW_GAP for row in rows) - _ROW_GAP
    return columns * (widest + _COLUMN_GAP) - _COLUMN_GAP + 2 * _MARGIN, height + 2 * _MARGIN


def _page(rows: Sequence[Sequence[Image.Image]]) -> bytes:
    page = Image.new("RGB", _page_size(rows), PAPER)
    step = max(block.width for row in rows for block in row) + _COLUMN_GAP
    top = _MARGIN
    for row in rows:
        for column, block in enumerate(row):
            page.paste(block, (_MARGIN + column * step, top))
        top += max(block.height for block in row) + _ROW_GAP
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()
