"""One picture that holds all in-betweens of a sequence: a grid of panels, filled row by row.

A grid is as square as it can be, because then a panel has nearly the form of the whole canvas. Panels left over show
the end of the sequence.
"""

from dataclasses import dataclass
from math import isqrt
from typing import Self

SHEET = "sheet"
"""Name of the strategy, on the command line and in the manifest."""

MOST_PANELS = 9
"""A sequence with more in-betweens takes several sheets: in smaller panels no face can be drawn."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Panels of equal size without gaps.

    Attributes:
        columns: At least 1.
        rows: At least 1.
    """

    columns: int
    rows: int

    @classmethod
    def of(cls, count: int) -> Self:
        """Return the grid for `count` panels, at least 1."""
        columns = isqrt(count - 1) + 1
        return cls(columns, -(-count // columns))

    @property
    def panels(self) -> int:
        """How many there are."""
        return self.columns * self.rows

    def place(self, at: int) -> tuple[int, int]:
        """Return (column, row) of panel number `at`, all counted from 0."""
        return at % self.columns, at // self.columns

    def panel(self, canvas: Size) -> Size:
        """Return (width, height) of a panel on a canvas; what is left over lies at the right and at the bottom."""
        return canvas[0] // self.columns, canvas[1] // self.rows

    def canvas(self, panel: Size) -> Size:
        """Return (width, height) of the canvas of which a panel has that size."""
        return panel[0] * self.columns, panel[1] * self.rows
