"""Where cells lie on the pages of a sheet.

Cells are laid in rows in the order in which they come. The frames of a rig are nearly of one size, so cleverer packing
would win little, and the order makes a sheet readable for people. A page is as narrow as makes it smallest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from watercolor_rig.imaging.picture import Size

Point = tuple[int, int]

_MOST_WIDTHS = 64
"""Widths that are tried for a page: enough to be near the best, few enough for thousands of small cells."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A page while it is filled from the left to the right and from the top to the bottom; all lengths in pixels.

    Attributes:
        width: Of the page.
        gap: Between cells, and around them all.
        top: Of the row that is filled now.
        left: Where its next cell begins.
        row_height: Of the highest cell in it.
        used: The right end of the longest row.
    """

    width: int
    gap: int
    top: int = -1
    left: int = 0
    row_height: int = 0
    used: int = 0

    def place(self, cell: Size) -> tuple["Rows", Point]:
        """Return the rows with another cell, and its left upper corner; whoever asks looks at `size` then."""
        width, height = cell
        top = max(self.top, self.gap)
        left = max(self.left, self.gap)
        row_height = self.row_height
        if self.left and left + width + self.gap > self.width:
            top, left, row_height = top + row_height + self.gap, self.gap, 0
        right = left + width + self.gap
        rows = replace(self, top=top, left=right, row_height=max(row_height, height), used=max(self.used, right))
        return rows, (left, top)

    @property
    def size(self) -> Size:
        """Width and height that are taken, gaps included."""
        return self.used, max(self.top, 0) + self.row_height + self.gap


def lay_out(cells: Sequence[Size], width: int, gap: int) -> tuple[list[Point], Size]:
    """Return the left upper corner of each cell on a page of this width, and the size that they take."""
    rows = Rows(width, gap)
    places = []
    for cell in cells:
        rows, place = rows.place(cell)
        places.append(place)
    return places, rows.size


def lay_out_tightly(cells: Sequence[Size], most: int, gap: int) -> tuple[list[Point], Size]:
    """Return places on the smallest page that was found, the squarer of two equal ones, no side of it over `most`.

    Args:
        cells: (width, height) of each; in rows as wide as `most` they fit.
        most: Pixels.
        gap: Pixels between cells and around them.
    """
    ends, at = [], gap
    for width, _ in cells:
        at += width + gap
        if at <= most:
            ends.append(at)
    widths = [*ends[:: max(1, len(ends) // _MOST_WIDTHS)], most]
    candidates = [lay_out(cells, width, gap) for width in widths]
    fitting = [found for found in candidates if max(found[1]) <= most]
    return min(fitting, key=lambda found: (found[1][0] * found[1][1], max(found[1])))
