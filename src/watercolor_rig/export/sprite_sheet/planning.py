"""Which frames share a sheet's page and where: decided before a page is painted, from sizes and digests alone.

Equal pictures lie on a page once, whatever sequences they belong to: a neutral face that eight sequences begin with is
one cell. A sequence stays on one page where a page can hold it, since a player shows one page at a time.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Clip, ClipFrame
from watercolor_rig.export.sprite_sheet.packing import Point, Rows, lay_out_tightly
from watercolor_rig.export.timing import durations, round_of
from watercolor_rig.imaging.picture import Rgba, Size

Box = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How cells are laid; all in pixels.

    Attributes:
        most: The longest side of a page.
        padding: Clear pixels between cells and around them.
        extrude: How often the pixels on a cell's edge are repeated around it.
        trim: Whether clear borders are cut off.
    """

    most: int = 4096
    padding: int = 2
    extrude: int = 1
    trim: bool = True


@dataclass(frozen=True, slots=True)
class Sprite:
    """One frame of a clip on a page.

    Attributes:
        clip: Name of the clip.
        index: Its place in the clip.
        cell: Its place among the page's cells.
        kept: The part of the whole picture that the cell shows.
        size: (width, height) of the whole picture.
        ms: How long it stands.
    """

    clip: str
    index: int
    cell: int
    kept: Box
    size: Size
    ms: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A picture on a page: what it is cut from, and which part."""

    frame: ClipFrame
    kept: Box


@dataclass(slots=True)
class Page:
    """One picture of a sheet; `corners` and `size` are there once it is `settled`."""

    cells: list[Cell] = field(default_factory=list)
    sprites: list[Sprite] = field(default_factory=list)
    corners: list[Point] = field(default_factory=list)
    size: Size = (0, 0)

    def settle(self, layout: Layout) -> None:
        """Give every cell its place: the corner of its picture, inside what is repeated around it."""
        edge = layout.extrude
        sizes = [_outer(cell.kept, edge) for cell in self.cells]
        places, self.size = lay_out_tightly(sizes, layout.most, layout.padding)
        self.corners = [(left + edge, top + edge) for left, top in places]

    def tags(self) -> Iterator[tuple[str, int, int]]:
        """Yield the clips that lie here: name, first and last of their places among the page's sprites."""
        first = 0
        for at, sprite in enumerate(self.sprites):
            if at + 1 == len(self.sprites) or self.sprites[at + 1].clip != sprite.clip:
                yield sprite.clip, first, at
                first = at + 1


def plan_pages(clips: Sequence[Clip], fps: float, layout: Layout) -> list[Page]:
    """Return the pages of a sheet, settled. Every picture is read once; none is kept.

    Raises:
        UsageError: if a picture is larger than a page.
        PictureError: if one cannot be decoded.
        StoreError: if a file cannot be read.
    """
    filling = _Filling(layout)
    for clip in clips:
        filling.add(clip, fps)
    for page in filling.pages:
        page.settle(layout)
    return filling.pages


def kept_box(pixels: Rgba, *, trim: bool) -> Box:
    """Return the part of a picture that is not clear; one pixel of a picture that is clear everywhere."""
    height, width = pixels.shape[:2]
    if not trim:
        return 0, 0, width, height
    seen = pixels[..., 3] > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        return 0, 0, 1, 1
    left, top = int(columns[0]), int(rows[0])
    return left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top


def _outer(kept: Box, edge: int) -> Size:
    return kept[2] + 2 * edge, kept[3] + 2 * edge


class _Filling:
    """Pages while clips are put on them."""

    def __init__(self, layout: Layout) -> None:
        self.pages: list[Page] = []
        self._layout = layout
        self._rows = Rows(layout.most, layout.padding)
        self._known: dict[bytes, int] = {}

    def add(self, clip: Clip, fps: float) -> None:
        stands = durations(round_of(clip), fps)
        looks = [self._look(frame, clip) for frame in clip.frames]
        if not self.pages or not (self._fits(looks, self._rows, self._known) or not self._fits_alone(looks)):
            self._turn_page()
        for index, (frame, (kept, digest)) in enumerate(zip(clip.frames, looks, strict=True)):
            if not self._fits([(kept, digest)], self._rows, self._known):
                self._turn_page()
            page = self.pages[-1]
            if digest not in self._known:
                self._rows, _ = self._rows.place(_outer(kept, self._layout.extrude))
                self._known[digest] = len(page.cells)
                page.cells.append(Cell(frame, kept))
            page.sprites.append(Sprite(clip.name, index, self._known[digest], kept, clip.size, stands[index]))

    def _look(self, frame: ClipFrame, clip: Clip) -> tuple[Box, bytes]:
        pixels = frame.read()
        kept = left, top, width, height = kept_box(pixels, trim=self._layout.trim)
        least = max(_outer(kept, self._layout.extrude)) + 2 * self._layout.padding
        if least > self._layout.most:
            raise UsageError(
                f"{clip.name}: {frame.name} needs {least} pixels and a page has {self._layout.most}; "
                "give a smaller --scale or a larger --option max-size"
            )
        cut = np.ascontiguousarray(pixels[top : top + height, left : left + width])
        return kept, hashlib.sha256(repr(cut.shape).encode() + cut.tobytes()).digest()

    def _fits(self, looks: Sequence[tuple[Box, bytes]], rows: Rows, known: dict[bytes, int]) -> bool:
        for digest, kept in {digest: kept for kept, digest in looks if digest not in known}.items():
            del digest
            rows, _ = rows.place(_outer(kept, self._layout.extrude))
        return max(rows.size) <= self._layout.most

    def _fits_alone(self, looks: Sequence[tuple[Box, bytes]]) -> bool:
        return self._fits(looks, Rows(self._layout.most, self._layout.padding), {})

    def _turn_page(self) -> None:
        self.pages.append(Page())
        self._rows = Rows(self._layout.most, self._layout.padding)
        self._known = {}
