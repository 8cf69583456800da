"""What a close look at a pair of drawings shows: parts, the ways of drawing each, and how they compare."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WayShown:
    """One way of drawing a part.

    Attributes:
        method: Its name.
        score: 0 is faultless.
        findings: What the score is made of.
        pictures: PNG of the part at the positions of `PartShown.positions`.
    """

    method: str
    score: float
    findings: Mapping[str, float]
    pictures: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part of a pair.

    Attributes:
        name: What the manifest calls it.
        box: Left, top, right, bottom in the picture.
        method: The way that was chosen.
        positions: Where the pictures are between the ends.
        ends: PNG of the part at both ends.
        mask: PNG of what changes in it, white on black.
        ways: The chosen one first, then by score.
    """

    name: str
    box: tuple[int, int, int, int]
    method: str
    positions: tuple[float, ...]
    ends: tuple[bytes, bytes]
    mask: bytes
    ways: tuple[WayShown, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything about one pair: its parts, and what the user should know."""

    parts: tuple[PartShown, ...]
    notes: tuple[str, ...]
