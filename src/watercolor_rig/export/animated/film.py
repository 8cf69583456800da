"""What a writer of animated pictures gets: pictures in the order in which they are shown, one at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from watercolor_rig.imaging.picture import Rgba, Size

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class Film:
    """Pictures and how long each stands.

    Attributes:
        size: (width, height) of every picture.
        durations: One for each picture, in the units of the format; at least one.
        picture: Returns the picture at a place.
        repeats: Whether it begins again after its end, for ever.
    """

    size: Size
    durations: tuple[int, ...]
    picture: Callable[[int], Rgba]
    repeats: bool

    def pictures(self) -> Iterator[Rgba]:
        """Yield the pictures in order."""
        return (self.picture(index) for index in range(len(self.durations)))


def changed_box(before: Rgba, after: Rgba) -> Box:
    """Return what differs between two pictures of one size; a single pixel where nothing does."""
    differs = (before != after).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not rows.size:
        return 0, 0, 1, 1
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
