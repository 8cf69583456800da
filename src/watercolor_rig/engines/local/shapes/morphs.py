"""Parts on their way between two ends: what they cover at any share of it, and with which colours."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.carrying import carried_along, taken_from
from watercolor_rig.engines.local.shapes.contents import Carried, Content, Flowing, Held, Redraw, Sliding, same_inside
from watercolor_rig.engines.local.shapes.correspondence import SIDE_POINTS, Correspondence, opposite
from watercolor_rig.engines.local.shapes.ends import End, has_ring, inward, line_widths
from watercolor_rig.engines.local.shapes.outlines import Points, Soft, coverage
from watercolor_rig.engines.local.shapes.strokes import bent
from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.premultiplied import Premultiplied

_MARGIN_PX = 3
_NEARLY = 0.8


@dataclass(frozen=True)
class Piece:
    """A part at one moment.

    Attributes:
        box: Where it is in the cut.
        cover: How much of each of the box's pixels it covers.
        colours: What it shows there, premultiplied as if it covered all.
    """

    box: Box
    cover: Soft
    colours: Premultiplied


class Morph(Protocol):
    """A part that can be drawn at any share of the way."""

    def at(self, share: float) -> Piece:
        """Return the part at `share`, 0 to 1."""
        ...


class StrokeMorph:
    """A line that bends and slides.

    Args:
        pairing: Which points belong together.
        ends: Both ends.
    """

    def __init__(self, pairing: Correspondence, ends: tuple[End, End]) -> None:
        self._loops, self._ends = (pairing.first, pairing.second), ends

    def at(self, share: float) -> Piece:
        """Return the line at `share`."""
        points = bent(*self._loops, share)
        box, here = placed(points, self._ends)
        shape = (box.bottom - box.top, box.right - box.left)
        first, second = (
            taken_from(end.own, carried_along(here, loop - end.corner, shape))
            for end, loop in zip(self._ends, self._loops, strict=True)
        )
        return Piece(box, coverage([here], shape), first * np.float32(1 - share) + second * np.float32(share))


class RingMorph:
    """An outline with an inside; a closed line counts as one whose two edges have come to lie on each other.

    Along the outline runs a line, possibly of no width. It is drawn as the band between the outline and its inner
    edge. Where the shape is closed to a line, the inner edge of each side is the outer edge of the other: so the line
    is two lines lying on each other, which part and keep their weight, and the inside shows only between them.

    Args:
        pairing: Which points belong together.
        ends: Both ends.
        inner: The inner edges of the line along both outlines, point by point.
        content: What is inside.
    """

    def __init__(
        self, pairing: Correspondence, ends: tuple[End, End], inner: tuple[Points, Points], content: Content
    ) -> None:
        self._loops, self._ends, self._inner, self._content = (pairing.first, pairing.second), ends, inner, content
        self._lines = [
            end.only(ring_of(end, loop, edge)) for end, loop, edge in zip(ends, self._loops, inner, strict=True)
        ]

    def at(self, share: float) -> Piece:
        """Return the shape at `share`."""
        points = self._loops[0] * (1 - share) + self._loops[1] * share
        inner = self._inner[0] * (1 - share) + self._inner[1] * share
        box, here = placed(np.vstack([points, inner]), self._ends)
        here, inner = here[: len(points)], here[len(points) :]
        shape = (box.bottom - box.top, box.right - box.left)
        band = coverage(_band(here, inner), shape)
        cover = np.maximum(coverage([here], shape), band)
        colours = self._content.at(share, here, np.array([box.left, box.top], dtype=np.float64), shape)
        line = self._line_at(share, here, shape)
        if line is not None:
            ringed = np.clip(band / np.maximum(cover, np.float32(1e-6)), 0, 1)[..., None]
            colours = (colours * (1 - ringed) + line * ringed).astype(np.float32, copy=False)
        return Piece(box, cover, colours)

    def _line_at(self, share: float, here: Points, shape: tuple[int, int]) -> Premultiplied | None:
        found = [
            (taken_from(line, carried_along(here, loop - end.corner, shape)), np.float32(weight))
            for line, end, loop, weight in zip(self._lines, self._ends, self._loops, (1 - share, share), strict=True)
            if line is not None
        ]
        total = float(sum(weight for _, weight in found))
        if total == 0:
            return None
        mixed = np.sum([line * (weight / np.float32(total)) for line, weight in found], axis=0)
        return np.asarray(mixed, dtype=np.float32)


class FreeMorph:
    """A shape that changes its outline, the line along it counting as its inside.

    Args:
        pairing: Which points belong together.
        ends: Both ends.
        redraw: Draws its inside by its own parts.
    """

    def __init__(self, pairing: Correspondence, ends: tuple[End, End], redraw: Redraw | None) -> None:
        self._loops, self._ends = (pairing.first, pairing.second), ends
        self._content = Flowing(ends, None, self._loops, redraw)

    def at(self, share: float) -> Piece:
        """Return the shape at `share`."""
        box, here = placed(self._loops[0] * (1 - share) + self._loops[1] * share, self._ends)
        shape = (box.bottom - box.top, box.right - box.left)
        corner = np.array([box.left, box.top], dtype=np.float64)
        return Piece(box, coverage([here], shape), self._content.at(share, here, corner, shape))


def opening(pairing: Correspondence, ends: tuple[End, End], *, held: bool) -> RingMorph:
    """Return what draws a line that opens into a shape, or closes to one.

    Args:
        pairing: Which points belong together.
        ends: Both ends.
        held: Whether the inside stays and is covered (an eye) instead of going with the outline (a mouth).
    """
    second_opens = pairing.second_opens
    loops = pairing.first, pairing.second
    wide, closed = ends[second_opens], ends[not second_opens]
    loop, line = loops[second_opens], loops[not second_opens]
    widths = line_widths(wide, loop, closed.feature.colour)
    edge = loop + inward(loop) * widths[:, None]
    ring = ring_of(wide, loop, edge)
    content: Content = Carried(wide, ring, loop)
    if held:
        way = line[SIDE_POINTS - 1] - line[0]
        way = way / max(float(np.hypot(*way)), 1e-6)
        drift = (line[0] + line[SIDE_POINTS - 1] - loop[0] - loop[SIDE_POINTS - 1]) / 2
        content = Held(wide, ring, way * float(drift @ way), closes=not second_opens)
    shut = _inner_edge_of_line(line, widths, pairing.facing)
    return RingMorph(pairing, ends, (shut, edge) if second_opens else (edge, shut), content)


def _inner_edge_of_line(line: Points, widths: npt.NDArray[np.float64], facing: Points | None) -> Points:
    """Return the inner edges of the two lines that lie on each other in a closed one.

    Each keeps its weight. What the two do not fill of the closed line is part of the heavier: a closed line no thicker
    than one lip is that lip as a whole, and the other slides under it.
    """
    across = (opposite(line) if facing is None else facing) - line
    thickness = np.hypot(*across.T)
    first_side = np.arange(len(line)) < SIDE_POINTS
    upper = first_side if line[:SIDE_POINTS, 1].mean() < line[SIDE_POINTS:, 1].mean() else ~first_side
    weights = widths[upper].mean(), widths[~upper].mean()
    heavier = upper if weights[0] >= weights[1] * _NEARLY else ~upper
    lighter = float(widths[~heavier].mean())
    own = np.minimum(widths, thickness)
    kept = np.where(heavier, np.maximum(own, thickness - lighter), own)
    edge: Points = line + across * (kept / np.maximum(thickness, 1e-6))[:, None]
    return edge


def reshaping(pairing: Correspondence, ends: tuple[End, End], redraw: Redraw | None) -> Morph:
    """Return what draws a shape that is open at both ends.

    Args:
        pairing: Which points belong together.
        ends: Both ends.
        redraw: Draws its inside by its own parts; None if it is such a part itself.
    """
    loops = pairing.first, pairing.second
    widths = [line_widths(end, loop, end.feature.colour) for end, loop in zip(ends, loops, strict=True)]
    if not all(has_ring(end, width) for end, width in zip(ends, widths, strict=True)):
        return FreeMorph(pairing, ends, redraw)
    edges = [loop + inward(loop) * width[:, None] for loop, width in zip(loops, widths, strict=True)]
    rings = ring_of(ends[0], loops[0], edges[0]), ring_of(ends[1], loops[1], edges[1])
    closes = ends[0].feature.area_px >= ends[1].feature.area_px
    wide, narrow = ends if closes else ends[::-1]
    ordered = rings if closes else rings[::-1]
    shift = same_inside(wide, narrow, ordered)
    content: Content = Flowing(ends, rings, loops, redraw)
    if shift is not None:
        content = Sliding(wide, narrow, ordered, shift, closes=closes)
    return RingMorph(pairing, ends, (edges[0], edges[1]), content)


def ring_of(end: End, loop: Points, edge: Points) -> Soft:
    """Return the coverage of the line between an outline and its inner edge, in the end's own pixels."""
    height, width = end.soft.shape
    return coverage(_band(loop - end.corner, edge - end.corner), (height, width))


def _band(outer: Points, inner: Points) -> list[Points]:
    following, inner_following = np.roll(outer, -1, axis=0), np.roll(inner, -1, axis=0)
    return list(np.stack([outer, following, inner_following, inner], axis=1))


def placed(points: Points, ends: tuple[End, End]) -> tuple[Box, Points]:
    """Return the box around points in the cut, and the points in the box's own pixels."""
    height, width = ends[0].feature.soft.shape
    least, most = points.min(axis=0) - _MARGIN_PX, points.max(axis=0) + _MARGIN_PX + 1
    left, top = int(np.clip(np.floor(least[0]), 0, width - 1)), int(np.clip(np.floor(least[1]), 0, height - 1))
    right, bottom = int(np.clip(np.ceil(most[0]), left + 1, width)), int(np.clip(np.ceil(most[1]), top + 1, height))
    return Box(left, top, right, bottom), points - [left, top]
