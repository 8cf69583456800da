"""The parts of a drawing that change: lines, brows, eyes, mouths, each as one silhouette over its ground.

A part may be painted in any way and needs no outline: it is what differs from the ground and changes together. What
one end shows as a compact part belongs together at the other end too: so a white of an eye that stands still is not
taken for ground there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.bareness import (
    ENCLOSED,
    STANDS_OUT,
    Colours,
    Standing,
    changes_around,
    standing_out,
)
from watercolor_rig.engines.local.shapes.masks import (
    areas,
    closed,
    grown,
    holes_filled,
    hull_share,
    opened,
    shrunk,
)
from watercolor_rig.engines.local.shapes.outlines import Points, Soft, outline
from watercolor_rig.imaging.change import Box, Mask, bounding_box
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey

OUTLINE_POINTS = 160

HAS_INSIDE = 0.1
"""A silhouette with this share in another colour than its rim has an inside; with less it is of one colour."""

_CROWD = 80
_LEAST_FEATURE_PX = 12
_LEAST_CHANGED_PX = 4
_STILL = 0.04
_TOUCHES_PX = 3
_TOUCHES = 0.02
_LARGE = 0.3
_OTHER_COLOUR = 0.25
_COMPACT = 0.8
_BODY = 0.6
_TAIL_AREA = 4
_TAIL_LENGTH = 3.2
_RIM_SHARE = 0.2
_TWO_COLOURS = 0.35
_LINE_SHARE = 0.15


@dataclass(frozen=True)
class Feature:
    """One part of one end.

    Attributes:
        soft: Coverage of its silhouette, holes filled, over the whole cut.
        points: The silhouette's outline, `OUTLINE_POINTS` points.
        colour: Colour of the line round it over mid grey, with alpha: float32, (4,).
        box: Where it is.
        inner: Share of the silhouette, 0 to 1, in a clearly other colour than its rim.
        torn: Share of its outline, 0 to 1, along which it was cut off something that stands still.
        hangs: Whether it is the tail of another part.
    """

    soft: Soft
    points: Points
    colour: npt.NDArray[np.float32]
    box: Box
    inner: float
    torn: float
    hangs: bool

    @cached_property
    def area_px(self) -> float:
        """Return the area of the silhouette."""
        return float(self.soft.sum())

    @cached_property
    def centre(self) -> Points:
        """Return the middle of the silhouette's box: x, y."""
        return np.array([self.box.left + self.box.right - 1, self.box.top + self.box.bottom - 1]) / 2

    @cached_property
    def raggedness(self) -> float:
        """Return how much longer the outline is than that of its hull: 1 is smooth and round."""
        loop = self.points.astype(np.float32)[:, None]
        hull = cv2.convexHull(loop)
        return cv2.arcLength(loop, closed=True) / max(cv2.arcLength(hull, closed=True), 1e-6)

    @cached_property
    def reach_px(self) -> float:
        """Return the diagonal of its box."""
        return float(np.hypot(self.box.right - self.box.left, self.box.bottom - self.box.top))

    @cached_property
    def lie(self) -> Points:
        """Return its direction as a vector of twice the angle, as long as it is slim: 0 round, 1 a line."""
        away = self.points - self.points.mean(axis=0)
        spread = (away**2).sum()
        along = np.array([(away[:, 0] ** 2 - away[:, 1] ** 2).sum(), 2 * (away[:, 0] * away[:, 1]).sum()])
        return along / max(float(spread), 1e-6)

    @property
    def has_inside(self) -> bool:
        """Return whether it shows something inside its outline."""
        return self.inner > HAS_INSIDE


@dataclass(frozen=True)
class Found:
    """What one end shows.

    Attributes:
        features: The parts that change.
        bare: bool, (height, width): where it shows nothing but ground.
        parts: bool, (height, width): where it shows something of a size that could be a part.
        is_crowded: Whether so much changes that no part can be told: a picture painted anew, not a face that moves.
    """

    features: list[Feature]
    bare: Mask
    parts: Mask
    is_crowded: bool = False


def comparable(picture: Premultiplied) -> Colours:
    """Return what colours are compared in: over mid grey, and alpha: float32, (height, width, 4)."""
    return np.concatenate([over_grey(picture), picture[..., 3:]], axis=2)


def find_features(first: Premultiplied, second: Premultiplied, movable: Mask) -> tuple[Found, Found]:
    """Return the parts of both ends that change.

    Args:
        first: float32, (height, width, 4): the region with still surroundings.
        second: The same shape.
        movable: bool, (height, width): where anything may move.
    """
    colours = comparable(first), comparable(second)
    difference = np.abs(colours[0] - colours[1]).max(axis=2)
    standings = [(end, standing_out(end, difference, movable)) for end in colours]
    every = ((*each, *end) for end in standings for each in _silhouettes(end[1]))
    silhouettes = list(islice(every, _CROWD + 1))
    if len(silhouettes) > _CROWD:
        nothing = np.zeros_like(movable)
        return Found([], nothing, nothing, is_crowded=True), Found([], nothing, nothing, is_crowded=True)
    still = difference <= _STILL
    for place, silhouette, end, standing in silhouettes:
        if hull_share(silhouette) > _COMPACT:
            below = (
                _runs_on(silhouette, standing.contrast[place] > STANDS_OUT, still[place], end[place])
                | standing.crossed[place]
            )
            difference[place][silhouette & ~below] = 1
    one, other = (_found(end, standing_out(end, difference, movable)) for end in colours)
    return one, other


_Placed = tuple[tuple[slice, slice], Mask]
"""A mask and the box in the cut that it is of."""


def _found(colours: Colours, standing: Standing) -> Found:
    bare, shown = ~standing.parts, np.zeros_like(standing.parts)
    features = []
    for place, silhouette in _silhouettes(standing):
        if _is_a_rim(colours[place], silhouette):
            bare[place] |= grown(silhouette, 3)
            continue
        shown[place] |= silhouette
        body, *tails = _without_tails(silhouette) if _shows_inside(colours[place], silhouette) else [silhouette]
        torn = _torn(silhouette, standing.parts[place])
        features.append(_feature(colours, standing, (place, body), torn=torn, hangs=False))
        features.extend(_feature(colours, standing, (place, tail), torn=0.0, hangs=True) for tail in tails)
    return Found(_outermost([feature for feature in features if feature is not None]), bare, shown)


def _silhouettes(standing: Standing) -> Iterator[_Placed]:
    for place, part in _moving_parts(standing):
        silhouette = holes_filled(part)
        if silhouette.sum() <= _LARGE * standing.parts.size or part.sum() >= 0.5 * silhouette.sum():
            yield place, silhouette


def _runs_on(silhouette: Mask, shown: Mask, still: Mask, colours: Colours) -> Mask:
    """Return where a line of a part's colour stands still below it and runs on: the outline of an eye below a brow."""
    mouths = silhouette & still & grown(shown & still & ~silhouette, 1)
    ink = np.median(colours[silhouette], axis=0)
    mouths &= np.abs(colours - ink).max(axis=2) < _OTHER_COLOUR
    if not mouths.any():
        return mouths
    alike = areas(silhouette & still & (np.abs(colours - ink).max(axis=2) < _OTHER_COLOUR))
    line: Mask = np.isin(alike.labels, np.setdiff1d(alike.labels[mouths], [0]))
    return grown(line, 1)


def _moving_parts(standing: Standing) -> Iterator[_Placed]:
    """Yield connected parts that change, without what hangs on them and stands still."""
    together = areas(standing.parts)
    alters = together.counts(standing.changed)
    beyond = (standing.contrast > STANDS_OUT) & ~standing.parts
    for number in together.numbers(_LEAST_FEATURE_PX):
        if alters[number] < max(_LEAST_CHANGED_PX, 0.01 * together.sizes[number]):
            continue
        place, part = together.cut(number, 6)
        yield from ((place, piece) for piece in _what_changes_together(part, standing.changed[place], beyond[place]))


def _what_changes_together(part: Mask, changed: Mask, beyond: Mask) -> list[Mask]:
    """Split a connected part.

    Pixels that stand still belong to it where changes surround them (two positions of a line cross; the white of an
    eye), unless they run on beyond what may move; else only as far as an edge is wide.
    """
    alters = part & changed
    core = part & grown(alters, 1)
    still = areas(part & ~core)
    runs_on = still.counts(grown(beyond, 1)) > np.maximum(_TOUCHES_PX, _TOUCHES * still.sizes)
    for number in still.numbers():
        if not runs_on[number] and changes_around(still, number, changed) >= ENCLOSED:
            core |= still.labels == number
    pieces = areas(closed(core))
    found = []
    for number in pieces.numbers():
        own = pieces.labels == number
        piece = grown(own, 1) & part & ((pieces.labels == 0) | own)
        if piece.sum() >= _LEAST_FEATURE_PX and alters[piece].mean() >= _MOSTLY_STILL:
            found.append(piece)
    return found


_MOSTLY_STILL = 0.1


def _without_tails(silhouette: Mask) -> list[Mask]:
    """Split long thin ends (a crease beside an eye) off a silhouette, which comes first; corners stay."""
    radius = max(2, round(0.09 * float(np.sqrt(silhouette.sum()))))
    body = opened(np.pad(silhouette, 1), radius)[1:-1, 1:-1]
    if body.sum() < _BODY * silhouette.sum():
        return [silhouette]
    ends = areas(silhouette & ~body)
    away = np.asarray(cv2.distanceTransform((~body).astype(np.uint8), cv2.DIST_L2, 5))
    tails = []
    for number in ends.numbers():
        own = ends.labels == number
        if own.sum() > _TAIL_AREA * radius**2 or away[own].max() > _TAIL_LENGTH * radius:
            tails.append(own)
    for tail in tails:
        silhouette = silhouette & ~tail
    return [silhouette, *tails]


def _feature(colours: Colours, standing: Standing, placed: _Placed, *, torn: float, hangs: bool) -> Feature | None:
    place, silhouette = placed
    strength = np.where(grown(silhouette, 1), standing.contrast[place], 0).astype(np.float32)
    peak = np.maximum(cv2.dilate(strength, np.ones((5, 5), np.uint8)), np.float32(STANDS_OUT))
    deep = shrunk(silhouette, 1)
    soft = np.zeros(standing.contrast.shape, np.float32)
    soft[place] = np.maximum(np.minimum(strength / peak, 1), deep)
    points = outline(soft, OUTLINE_POINTS)
    if points is None:
        return None
    soft = _within(soft, points)
    box = bounding_box(soft > 0.3)  # noqa: PLR2004 - edges that show
    if box is None:
        return None
    colour, inner = _line_and_inner(colours[place], silhouette)
    return Feature(soft, points, colour, box, inner, torn, hangs)


def _within(soft: Soft, points: Points) -> Soft:
    """Return a mask without what hangs on the outlined shape by threads: that is left to the ground."""
    near = np.zeros(soft.shape, np.uint8)
    cv2.fillPoly(near, [np.rint(points).astype(np.int32)], (1,))
    kept: Soft = soft * grown(near > 0, 2)
    return kept


def _shows_inside(colours: Colours, silhouette: Mask) -> bool:
    return _line_and_inner(colours, silhouette)[1] > HAS_INSIDE


def _line_and_inner(colours: Colours, silhouette: Mask) -> tuple[npt.NDArray[np.float32], float]:
    """Return the colour of the line round a silhouette, and the share of the silhouette in another."""
    deep = shrunk(silhouette, 1)
    rim = deep & ~shrunk(deep, 1)
    colour = _line_colour(colours[rim if rim.any() else silhouette])
    other = np.abs(colours[deep] - colour).max(axis=1) > _OTHER_COLOUR
    return colour, float(other.mean()) if other.size else 0.0


def _line_colour(rim: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the colour of a line, given pixels of it and of what it bounds: of two very different ones the darker."""
    light = rim[:, :3].mean(axis=1)
    dark = light < (light.min() + light.max()) / 2
    if np.ptp(light) > _TWO_COLOURS and dark.mean() > _LINE_SHARE:
        rim = rim[dark]
    return np.asarray(np.median(rim, axis=0), dtype=np.float32)


def _torn(silhouette: Mask, parts: Mask) -> float:
    """Return along which share of its outline a silhouette was cut off other parts."""
    beside = grown(silhouette, 1) & ~silhouette
    return float(parts[beside].mean()) if beside.any() else 0.0


def _is_a_rim(colours: Colours, silhouette: Mask) -> bool:
    """Return whether a shape lies along the figure's own edge: then it is the ground that moved, not a part."""
    alpha = colours[..., 3][grown(silhouette, 3) & ~silhouette]
    return bool(alpha.size and min((alpha < 0.1).mean(), (alpha > 0.9).mean()) > _RIM_SHARE)  # noqa: PLR2004 - clear


def _outermost(features: list[Feature]) -> list[Feature]:
    """Drop parts that lie within the silhouette of another: they belong to its content."""
    kept: list[Feature] = []
    for feature in sorted(features, key=lambda each: -each.area_px):
        cut = feature.box.slices()
        own = feature.soft[cut] > 0.5  # noqa: PLR2004 - half covered
        if not any((other.soft[cut][own] > 0.5).mean() > 0.5 for other in kept if own.any()):  # noqa: PLR2004
            kept.append(feature)
    return kept
