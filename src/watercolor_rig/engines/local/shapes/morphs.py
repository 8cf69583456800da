"""Parts on their way between two ends: what they cover at any share of it, and with which colours."""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from watercolor_rig.engines.local.shapes.carrying import carried_along, carried_inside, shifted, taken_from
from watercolor_rig.engines.local.shapes.correspondence import SIDE_POINTS, Correspondence, opposite
from watercolor_rig.engines.local.shapes.features import Feature, comparable
from watercolor_rig.engines.local.shapes.filling import filled
from watercolor_rig.engines.local.shapes.outlines import Points, Soft, coverage, directions
from watercolor_rig.engines.local.shapes.strokes import bent
from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.flow import MotionPair, estimate_motion, motion_at
from watercolor_rig.imaging.premultiplied import Premultiplied

_MARGIN_PX = 3
_RING_COLOUR = 0.3


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

    def at(self, share: float) -> Piece | None:
        """Return the part at `share` (0 to 1), or None where there is nothing of it."""
        ...


class End:
    """One end of a part: the picture around it with its colours continued beyond its edge.

    Args:
        feature: The part.
        picture: float32, (height, width, 4).
    """

    def __init__(self, feature: Feature, picture: Premultiplied) -> None:
        self.feature = feature
        self.box = feature.box.grown(_MARGIN_PX + 3, picture.shape)
        self.corner = np.array([self.box.left, self.box.top], dtype=np.float64)
        self.picture = np.ascontiguousarray(picture[self.box.slices()])
        self.soft = feature.soft[self.box.slices()]
        self.own = filled(self.picture, _surely(self.soft))

    def without(self, ring: Soft) -> Premultiplied:
        """Return the part's colours with those under `ring` (the box's shape) replaced by what lies around."""
        inside = (self.soft > 0.9) & (ring < 0.02)  # noqa: PLR2004 - no mixed pixels
        return filled(self.picture, inside) if inside.any() else self.own

    def only(self, ring: Soft) -> Premultiplied:
        """Return the colours under `ring`, continued."""
        return filled(self.picture, _surely(np.minimum(ring, self.soft)))


def _surely(soft: Soft) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    most = float(soft.max())
    return soft >= min(0.98, 0.9 * most)


class StrokeMorph:
    """A line that bends and slides."""

    def __init__(self, pairing: Correspondence, one: End, other: End) -> None:
        self._pairing, self._ends = pairing, (one, other)

    def at(self, share: float) -> Piece | None:
        points = bent(self._pairing.first, self._pairing.second, share)
        box = _around(points, self._ends)
        here = points - [box.left, box.top]
        shape = (box.bottom - box.top, box.right - box.left)
        colours = 0
        for end, there, weight in zip(self._ends, (self._pairing.first, self._pairing.second), (1 - share, share), strict=True):
            colours = colours + np.float32(weight) * taken_from(end.own, carried_along(here, there - end.corner, shape))
        return Piece(box, coverage([here], shape), colours)


class OpeningMorph:
    """A line that opens into a shape with an inside, or closes to one.

    The line is two lines lying on each other, the facing edges of the outline; they part and keep their weight. What
    is inside comes from the open end and is seen only between them.

    Args:
        pairing: Which points belong together.
        one: The first end.
        other: The second.
        held: Whether the inside stays as it is and is covered (an eye behind its lids) instead of being carried
            along (a mouth, whose teeth hang on its lips).
    """

    def __init__(self, pairing: Correspondence, one: End, other: End, *, held: bool) -> None:
        self._pairing, self._ends = pairing, (one, other)
        loops = pairing.first, pairing.second
        areas = one.feature.area_px, other.feature.area_px
        self._open = int(_wideness(loops[1], areas[1]) > _wideness(loops[0], areas[0]))
        opened, closed = self._ends[self._open], self._ends[1 - self._open]
        loop, line = loops[self._open], loops[1 - self._open]
        self._inner = _inner_edge(opened, loop, closed)
        here = loop - opened.corner
        shape = opened.soft.shape
        ring = coverage(_band(here, self._inner - opened.corner), (shape[0], shape[1]))
        self._content = opened.without(ring)
        self._ring = opened.only(ring) if (ring * opened.soft).max() > 0.5 else closed.own.mean(axis=(0, 1), keepdims=True)
        self._solid = not ((opened.soft > 0.9) & (ring < 0.02)).any()
        self._loop, self._line = loop, line
        way = line[SIDE_POINTS - 1] - line[0]
        way = way / max(float(np.hypot(*way)), 1e-6)
        drift = (line[0] + line[SIDE_POINTS - 1] - loop[0] - loop[SIDE_POINTS - 1]) / 2
        self._drift = way * float(drift @ way) if held else None

    def at(self, share: float) -> Piece | None:
        opened, closed = self._ends[self._open], self._ends[1 - self._open]
        part = share if self._open else 1 - share
        points = self._line * (1 - part) + self._loop * part
        inner = opposite(self._line) * (1 - part) + self._inner * part
        box = _around(points, self._ends)
        corner = np.array([box.left, box.top])
        shape = (box.bottom - box.top, box.right - box.left)
        here = points - corner
        cover = coverage([here], shape)
        band = coverage(_band(here, inner - corner), shape)
        cover = np.maximum(cover, band)
        if self._drift is None:
            places = carried_inside(here, self._loop - opened.corner, shape)
        else:
            places = shifted(shape, corner - opened.corner - self._drift * (1 - part))
        content = taken_from(self._content, places)
        line = taken_from(closed.own, carried_along(here, self._line - closed.corner, shape))
        ring = line if self._ring.shape[0] == 1 else taken_from(self._ring, carried_along(here, self._loop - opened.corner, shape))
        edge = line * np.float32(1 - part) + ring * np.float32(part)
        ringed = np.clip(band / np.maximum(cover, 1e-6), 0, 1)[..., None]
        return Piece(box, cover, content * (1 - ringed) + edge * ringed)


def _wideness(loop: Points, area: float) -> float:
    return area / float(np.hypot(*np.diff(loop, axis=0).T).sum()) ** 2


def _inner_edge(opened: End, loop: Points, closed: End) -> Points:
    """Return where the outline's line ends inside, for each point of its outer edge."""
    normal = directions(loop, 2) @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    colours = comparable(opened.picture)
    line = closed.feature.colour
    deepest = max(2.0, 0.4 * np.sqrt(opened.feature.area_px))
    depths = np.arange(0.5, deepest, 0.5)
    here = (loop - opened.corner)[:, None] + normal[:, None] * depths[None, :, None]
    seen = cv2.remap(colours, here.astype(np.float32), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    like = np.abs(seen - line).max(axis=2) < _RING_COLOUR
    begun = np.logical_or.accumulate(like, axis=1)
    over = begun & ~like & (depths > 1)[None]
    width = np.where(over.any(axis=1), depths[np.argmax(over, axis=1)] - 0.25, deepest)
    started = np.where(like.any(axis=1), depths[np.argmax(like, axis=1)], np.inf)
    width = np.where(started > 3, 0.0, width)
    usual = np.median(width[width > 0]) if (width > 0).any() else 0.0
    width = np.minimum(width, 2 * usual)
    window = np.stack([np.roll(width, step) for step in range(-3, 4)])
    width = np.mean([np.roll(np.median(window, axis=0), step) for step in range(-2, 3)], axis=0)
    return loop + normal * width[:, None]


def _band(outer: Points, inner: Points) -> list[Points]:
    following, inner_following = np.roll(outer, -1, axis=0), np.roll(inner, -1, axis=0)
    return list(np.stack([outer, following, inner_following, inner], axis=1))


class BlobMorph:
    """A shape that changes its outline; what is inside moves by its own flow between the two, seen in one frame."""

    def __init__(self, pairing: Correspondence, one: End, other: End) -> None:
        self._pairing, self._ends = pairing, (one, other)
        middle = (pairing.first + pairing.second) / 2
        self._box = box = _around(middle, self._ends)
        self._shape = (box.bottom - box.top, box.right - box.left)
        self._middle = middle - [box.left, box.top]
        self._places = tuple(
            carried_inside(self._middle, loop - end.corner, self._shape)
            for end, loop in zip(self._ends, (pairing.first, pairing.second), strict=True)
        )
        seen = [taken_from(end.own, places) for end, places in zip(self._ends, self._places, strict=True)]
        self._motion: MotionPair = estimate_motion(seen[0], seen[1], np.ones(self._shape, dtype=np.float32))

    def at(self, share: float) -> Piece | None:
        points = self._pairing.first * (1 - share) + self._pairing.second * share
        box = _around(points, self._ends)
        here = points - [box.left, box.top]
        shape = (box.bottom - box.top, box.right - box.left)
        to_middle = carried_inside(here, self._middle, shape)
        inner = min(max(share, 1e-3), 1 - 1e-3)
        path = taken_from(motion_at(self._motion, np.float32(inner)), to_middle)
        colours = 0
        for end, places, ahead, weight in zip(self._ends, self._places, (-inner, 1 - inner), (1 - share, share), strict=True):
            found = taken_from(places, to_middle + np.float32(ahead) * path)
            colours = colours + np.float32(weight) * taken_from(end.own, found)
        return Piece(box, coverage([here], shape), colours)


def _around(points: Points, ends: tuple[End, End]) -> Box:
    height, width = ends[0].feature.soft.shape
    least, most = points.min(axis=0) - _MARGIN_PX, points.max(axis=0) + _MARGIN_PX + 1
    left, top = int(np.clip(np.floor(least[0]), 0, width - 1)), int(np.clip(np.floor(least[1]), 0, height - 1))
    right, bottom = int(np.clip(np.ceil(most[0]), left + 1, width)), int(np.clip(np.ceil(most[1]), top + 1, height))
    return Box(left, top, right, bottom)
