"""Which point of one outline becomes which of another.

Three cases. Two long thin shapes are strokes: ends go to ends, and each has two facing sides. A stroke and a wide
shape (a closed mouth and an open one, a lash line and an eye): the wide outline is cut where it reaches farthest along
the stroke, at a corner if there is one, and the stroke's two sides become its two halves, pieces of one direction of
each other. Two wide shapes are warped onto each other by direction, place (each axis in its own measure) and corners.
"""

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.aligning import along_lines, round_loops
from watercolor_rig.engines.local.shapes.outlines import Points, directions, lengths, resampled_line, sampled

SIDE_POINTS = 80
_STROKE = 4.0
_STROKE_AGAINST_WIDE = 3.3
_LONGISH = 3.2
_OUTLINED_STROKE = 5.0
_TOO_THIN = 9.0
_CAP_POINTS = 8
_MOSTLY = 0.85
_THICKNESS_OFF = 1.8
_HEADING_REACH = 3
_HEADING_OF_PLAIN, _HEADING = 2.0, 1.0


class Kind(Enum):
    """What the two outlines are to each other."""

    STROKES = "strokes"
    OPENS = "opens"
    BLOBS = "blobs"


@dataclass(frozen=True)
class Correspondence:
    """Two outlines whose points belong together.

    Attributes:
        first: (count, 2).
        second: (count, 2). For STROKES and OPENS both run along one side and back along the other, point
            `SIDE_POINTS - 1` being the far end.
        kind: What they are to each other.
        cost: How unlike they are; 0 is alike.
        second_opens: For OPENS, whether the second is the wide one.
        facing: For OPENS, the points of the line's other side that face its own: (count, 2).
    """

    first: Points
    second: Points
    kind: Kind
    cost: float
    second_opens: bool = False
    facing: Points | None = None


@dataclass(frozen=True)
class Sides:
    """An outline cut into two facing sides that start and end together."""

    one: Points
    other: Points
    slimness: float

    def loop(self) -> Points:
        """Return the outline again: along one side, back along the other."""
        return np.vstack([self.one, self.other[-2:0:-1]])

    def turned(self) -> "Sides":
        """Return the same outline from its other end, running round the same way."""
        return Sides(self.other[::-1], self.one[::-1], self.slimness)


def opposite(loop: Points) -> Points:
    """Return for each point of a `Sides.loop` the one that faces it on the other side."""
    one = loop[:SIDE_POINTS]
    other = np.vstack([loop[:1], loop[SIDE_POINTS:][::-1], loop[SIDE_POINTS - 1 : SIDE_POINTS]])
    return np.vstack([other, one[-2:0:-1]])


def correspond(first: Points, second: Points, solid: tuple[bool, bool]) -> Correspondence:
    """Return the points of two outlines that belong together.

    Args:
        first: A closed outline, evenly spaced.
        second: Another, of the same number of points and the same sense.
        solid: For each, whether it is of one colour; only then can it be a stroke.
    """
    one, other = facing_sides(first), facing_sides(second)
    plain = tuple(flat or sides.slimness > _TOO_THIN for flat, sides in zip(solid, (one, other), strict=True))
    slim = tuple(sides.slimness if flat else 0.0 for flat, sides in zip(plain, (one, other), strict=True))
    both_outlined = not any(plain) and min(one.slimness, other.slimness) > _OUTLINED_STROKE
    if both_outlined or (min(slim) > _LONGISH and max(slim) > _STROKE):
        turned = other.turned()
        straight, swapped = (_apart(one.loop(), each.loop()) for each in (other, turned))
        return Correspondence(one.loop(), (other if straight <= swapped else turned).loop(), Kind.STROKES, 0.0)
    if slim[0] > _STROKE_AGAINST_WIDE and slim[0] > slim[1]:
        line, wide, facing = _parted(one, second, is_plain=plain[1])
        return Correspondence(line, wide, Kind.OPENS, 0.0, second_opens=True, facing=facing)
    if slim[1] > _STROKE_AGAINST_WIDE:
        line, wide, facing = _parted(other, first, is_plain=plain[0])
        return Correspondence(wide, line, Kind.OPENS, 0.0, facing=facing)
    return _warped(first, second, _HEADING_OF_PLAIN if all(plain) else _HEADING)


def _apart(one: Points, other: Points) -> float:
    shift = other.mean(axis=0) - one.mean(axis=0)
    return float(((one + shift - other) ** 2).sum(axis=1).mean())


def facing_sides(points: Points) -> Sides:
    """Cut an outline where its two sides lie closest to each other over their length.

    Args:
        points: A closed outline, evenly spaced.
    """
    count = len(points)
    share = np.linspace(0, 1, 33)
    surplus = np.arange(-count // 6, count // 6 + 1)
    start = np.arange(count // 2 + 1)[:, None, None]
    ahead = (count // 2 + surplus)[None, :, None]
    one = points[np.rint(start + share * ahead).astype(int) % count]
    other = points[np.rint(start - share * (count - ahead)).astype(int) % count]
    gap = np.hypot(*(one - other).transpose(3, 0, 1, 2)).mean(axis=2)
    cut, extra = np.unravel_index(int(np.argmin(gap)), gap.shape)
    width = float(gap[cut, extra])
    middle = (one[cut, extra] + other[cut, extra]) / 2
    near = _cap(points, int(cut), middle[4], middle[9], width)
    far = _cap(points, int(cut + count // 2 + surplus[extra]) % count, middle[-5], middle[-10], width)
    return _cut_at(points, near, far, width if _lies_inside(points, middle, width) else np.inf)


def _cut_at(points: Points, near: int, far: int, width: float) -> Sides:
    count = len(points)
    ahead = (far - near) % count
    one = points[(near + np.arange(ahead + 1)) % count]
    other = points[(near - np.arange(count - ahead + 1)) % count]
    length = (lengths(one)[-1] + lengths(other)[-1]) / 2
    cap = min(width, length) / 2
    return Sides(_with_caps(one, cap), _with_caps(other, cap), float(length / max(width, 0.5)))


def _lies_inside(points: Points, middle: Points, width: float) -> bool:
    """Return whether a middle line is one: inside the outline, and halfway between near sides."""
    shape = points.astype(np.float32)[:, None]
    depth = np.array([cv2.pointPolygonTest(shape, (float(x), float(y)), measureDist=True) for x, y in middle[2:-2]])
    return bool((depth > 0).mean() > _MOSTLY and width < _THICKNESS_OFF * 2 * max(depth.mean(), 0.25))


def _cap(points: Points, index: int, end: Points, inner: Points, width: float) -> int:
    """Return the point in which the middle line leaves the shape, near point `index`."""
    count = len(points)
    spacing = lengths(points)[-1] / (count - 1)
    reach = int(np.ceil(1.5 * min(width, 1e4) / max(spacing, 1e-6)))
    near = (index + np.arange(-min(reach, count // 6), min(reach, count // 6) + 1)) % count
    way = (end - inner) / max(float(np.hypot(*(end - inner))), 1e-6)
    offset = points[near] - end
    aside = np.abs(offset[:, 0] * way[1] - offset[:, 1] * way[0]) + np.where(offset @ way < 0, 1e3, 0)
    return int(near[np.argmin(aside)])


def _with_caps(line: Points, cap: float) -> Points:
    """Return `SIDE_POINTS` points of a side; its first and last `cap` pixels, half a line end, get eight each."""
    along = lengths(line)
    cap = min(cap, along[-1] / 4)
    body = SIDE_POINTS - 2 * _CAP_POINTS
    places = np.concatenate(
        [
            np.linspace(0, cap, _CAP_POINTS, endpoint=False),
            np.linspace(cap, along[-1] - cap, body),
            np.linspace(along[-1] - cap, along[-1], _CAP_POINTS + 1)[1:],
        ]
    )
    return sampled(line, along, places)


def _opened(points: Points, stroke: Sides) -> Sides:
    """Cut a wide outline into the halves that a stroke's sides become."""
    way = stroke.one[-1] - stroke.one[0]
    length = float(np.hypot(*way))
    if length < 1e-6:  # noqa: PLR2004 - a ring has no ends
        return facing_sides(points)
    along = points @ (way / length)
    along = (along - along.min()) / max(float(np.ptp(along)), 1e-6)
    corner = 0.25 * _cornerness(points)
    near, far = int(np.argmax(corner - along)), int(np.argmax(corner + along))
    count = len(points)
    ahead = (far - near) % count
    one = points[(near + np.arange(ahead + 1)) % count]
    other = points[(near - np.arange(count - ahead + 1)) % count]
    return Sides(resampled_line(one, SIDE_POINTS), resampled_line(other, SIDE_POINTS), 1.0)


def _parted(line: Sides, points: Points, *, is_plain: bool) -> tuple[Points, Points, Points]:
    """Return the loops of a line and of the wide outline that it becomes, and what faces the line's points.

    Around an inside the sides bend, as lips do. A shape of one colour is filled out: what is straight stays straight.
    """
    wide = _opened(points, line)
    if not is_plain:
        return line.loop(), wide.loop(), opposite(line.loop())
    sides = []
    for one, becomes, across in ((line.one, wide.one, line.other), (line.other, wide.other, line.one)):
        here, there = along_lines(one, becomes, SIDE_POINTS)
        numbers = np.arange(SIDE_POINTS, dtype=np.float64)
        sides.append((sampled(one, numbers, here), sampled(becomes, numbers, there), sampled(across, numbers, here)))
    closed, opened, facing = (Sides(one, other, 1.0).loop() for one, other in zip(*sides, strict=True))
    return closed, opened, facing


def _cornerness(points: Points) -> npt.NDArray[np.float64]:
    """Return how sharp an outline turns outwards at each point: 0 straight or inwards, 1 back on itself."""
    reach = max(2, len(points) // 24)
    back = np.roll(points, reach, axis=0) - points
    ahead = np.roll(points, -reach, axis=0) - points
    cosine = (back * ahead).sum(axis=1) / np.maximum(np.hypot(*back.T) * np.hypot(*ahead.T), 1e-9)
    outward = back[:, 1] * ahead[:, 0] - back[:, 0] * ahead[:, 1] > 0
    return np.where(outward, (1 + cosine) / 2, 0)


def _warped(first: Points, second: Points, heading_counts: float) -> Correspondence:
    one, other = _in_own_measure(first), _in_own_measure(second)
    place = ((one[:, None] - other[None]) ** 2).sum(axis=2)
    heading, own_heading = (
        1 - directions(each[0], _HEADING_REACH) @ directions(each[1], _HEADING_REACH).T
        for each in ((first, second), (one, other))
    )
    sharp = np.abs(_cornerness(first)[:, None] - _cornerness(second)[None])
    rows, columns = round_loops(0.3 * place + heading_counts * heading + 0.2 * own_heading + 0.8 * sharp)
    unlike = place + 0.6 * own_heading + 0.8 * sharp
    count = len(first)
    cost = unlike[np.rint(rows).astype(int) % count, np.rint(columns).astype(int) % count].mean()
    return Correspondence(_sampled_round(first, rows), _sampled_round(second, columns), Kind.BLOBS, float(cost))


def _sampled_round(points: Points, places: npt.NDArray[np.float64]) -> Points:
    closed = np.vstack([points, points[:1]])
    return sampled(closed, np.arange(len(closed), dtype=np.float64), places)


def _in_own_measure(points: Points) -> Points:
    centred = points - points.mean(axis=0)
    spread = np.maximum(centred.std(axis=0), 0.12 * centred.std())
    measured: Points = centred / np.maximum(spread, 1e-6)
    return measured
