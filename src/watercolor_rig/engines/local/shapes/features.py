"""The parts of a drawing that change: lines, brows, eyes, mouths, each as one silhouette over its ground.

What lies below them is told first. Ground is every area of smooth colour that leaves the picture's cut, or that both
ends share; its colour is continued under everything else, and a part is what differs from that. So a part may be
painted in any way, and needs no outline.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.filling import filled
from watercolor_rig.engines.local.shapes.outlines import Points, Soft, outline
from watercolor_rig.imaging.change import Box, Mask, bounding_box
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey

OUTLINE_POINTS = 160

_SMOOTH_RANGE = 0.045
"""Largest difference between neighbours in an area of smooth colour; a gradient stays one area."""

_LEAST_AREA_PX = 6
_CHANGED = 0.04
_TINTED = 0.35
_STANDS_OUT = 0.1
_SHARED = 0.15
_LARGE = 0.3
_LEAST_FEATURE_PX = 12
_TOUCH_PX = 3
_OTHER_COLOUR = 0.25
_ENCLOSED = 0.35
_COMPACT = 0.8
_HAS_INSIDE = 0.1
_BODY = 0.6
_RIM_SHARE = 0.2
_TWO_COLOURS = 0.35
_LINE_SHARE = 0.15


@dataclass(frozen=True)
class Feature:
    """One part of one end.

    Attributes:
        soft: Coverage of its silhouette, holes filled, over the whole cut.
        points: The silhouette's outline, `OUTLINE_POINTS` points.
        colour: Mean colour of its rim over mid grey, with alpha: float32, (4,).
        box: Where it is.
        inner: Share of the silhouette, 0 to 1, in a clearly other colour than its rim: an inside, not a line.
    """

    soft: Soft
    points: Points
    colour: npt.NDArray[np.float32]
    box: Box
    inner: float

    @cached_property
    def area_px(self) -> float:
        """Return the area of the silhouette."""
        return float(self.soft.sum())

    @cached_property
    def centre(self) -> npt.NDArray[np.float64]:
        """Return the middle of the silhouette's box: x, y."""
        return np.array([self.box.left + self.box.right - 1, self.box.top + self.box.bottom - 1]) / 2

    @cached_property
    def raggedness(self) -> float:
        """Return how much longer the outline is than that of its hull: 1 is smooth and round."""
        hull = cv2.convexHull(self.points.astype(np.float32))
        around = cv2.arcLength(self.points.astype(np.float32)[:, None], closed=True)
        return float(around / max(cv2.arcLength(hull, closed=True), 1e-6))

    @cached_property
    def reach_px(self) -> float:
        """Return the diagonal of its box."""
        return float(np.hypot(self.box.right - self.box.left, self.box.bottom - self.box.top))


def comparable(picture: Premultiplied) -> npt.NDArray[np.float32]:
    """Return what colours are compared in: over mid grey, and alpha: float32, (height, width, 4)."""
    return np.concatenate([over_grey(picture), picture[..., 3:]], axis=2)


@dataclass(frozen=True)
class Found:
    """What one end shows.

    Attributes:
        features: The parts that change.
        bare: bool, (height, width): where it shows nothing but ground.
        parts: bool, (height, width): where it shows something of a size that could be a part.
    """

    features: list[Feature]
    bare: Mask
    parts: Mask


def find_features(first: Premultiplied, second: Premultiplied, movable: Mask) -> tuple[Found, Found]:
    """Return the parts of both ends that change.

    Args:
        first: float32, (height, width, 4): the region with still surroundings.
        second: The same shape.
        movable: bool, (height, width): where anything may move.
    """
    colours = comparable(first), comparable(second)
    difference = np.abs(colours[0] - colours[1]).max(axis=2)
    for silhouette in [each for end in colours for each in _silhouettes(*_standing_out(end, difference, movable)[1:])]:
        if _is_compact(silhouette):
            difference[silhouette] = 1
    one, other = (_found(end, difference, movable) for end in colours)
    return one, other


def _found(colours: npt.NDArray[np.float32], difference: Soft, movable: Mask) -> Found:
    contrast, parts, changed = _standing_out(colours, difference, movable)
    bare, shown = ~parts, np.zeros_like(parts)
    features = []
    for silhouette in _silhouettes(parts, changed):
        if _is_a_rim(colours, silhouette):
            bare |= cv2.dilate(silhouette.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
            continue
        shown |= silhouette
        whole = _feature(colours, contrast, silhouette)
        if whole is not None and whole.inner > _HAS_INSIDE:
            features.extend(_feature(colours, contrast, piece) for piece in _without_tails(silhouette))
        else:
            features.append(whole)
    return Found(_outermost([feature for feature in features if feature is not None]), bare, shown)


def _without_tails(silhouette: Mask) -> list[Mask]:
    """Split long thin ends (a crease beside an eye) off a silhouette; corners stay."""
    radius = max(2, round(0.09 * float(np.sqrt(silhouette.sum()))))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    body = cv2.morphologyEx(np.pad(silhouette.astype(np.uint8), radius), cv2.MORPH_OPEN, disk)
    body = body[radius:-radius, radius:-radius] > 0
    if body.sum() < _BODY * silhouette.sum():
        return [silhouette]
    count, labels, stats, _ = cv2.connectedComponentsWithStats((silhouette & ~body).astype(np.uint8), connectivity=8)
    tails = [labels == label for label in range(1, count) if stats[label, cv2.CC_STAT_AREA] > 4 * radius**2]
    for tail in tails:
        silhouette = silhouette & ~tail
    return [silhouette, *tails]


def _is_compact(silhouette: Mask) -> bool:
    """Return whether a silhouette fills its hull: then all that lies in it belongs to it, at the other end too."""
    found, _ = cv2.findContours(silhouette.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.contourArea(cv2.convexHull(np.vstack(found)))
    return bool(silhouette.sum() > _COMPACT * hull)


def _standing_out(colours: npt.NDArray[np.float32], difference: Soft, movable: Mask) -> tuple[Soft, Mask, Mask]:
    """Return by how much each pixel differs from the ground, where that is a part, and where parts come or go."""
    ground = _ground(colours, difference, movable)
    contrast = np.abs(colours - filled(colours, ground)).max(axis=2)
    changed = (difference > np.maximum(_CHANGED, _TINTED * contrast)) & movable
    return contrast, (contrast > _STANDS_OUT) & ~ground & movable, changed


def _silhouettes(parts: Mask, changed: Mask) -> list[Mask]:
    found = []
    for part in _moving_parts(parts, changed):
        silhouette = _holes_filled(part)
        if silhouette.sum() <= _LARGE * silhouette.size or part.sum() >= 0.5 * silhouette.sum():
            found.append(silhouette)
    return found


def _ground(colours: npt.NDArray[np.float32], difference: Soft, movable: Mask) -> Mask:
    changed = difference > _CHANGED
    kernel = np.ones((3, 3), np.uint8)
    spread = (cv2.dilate(colours, kernel) - cv2.erode(colours, kernel)).max(axis=2)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((spread < _SMOOTH_RANGE).astype(np.uint8), connectivity=4)
    area = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    alters = np.bincount(labels[changed], minlength=count)[:count] / np.maximum(area, 1)
    rim = np.ones_like(changed)
    rim[1:-1, 1:-1] = False
    leaves = np.bincount(labels[rim], minlength=count)[:count] >= _TOUCH_PX
    outside = np.bincount(labels[~movable], minlength=count)[:count] > 0.02 * area
    strong = np.bincount(labels[difference > 0.12], minlength=count)[:count] / np.maximum(area, 1)
    rows, columns = np.flatnonzero(movable.any(axis=1)), np.flatnonzero(movable.any(axis=0))
    wide = stats[:, cv2.CC_STAT_WIDTH] > 0.6 * (np.ptp(columns) + 1)
    high = stats[:, cv2.CC_STAT_HEIGHT] > 0.5 * (np.ptp(rows) + 1)
    large = (area > 0.2 * movable.sum()) & (strong < 0.3) & wide & high
    kept = leaves | outside | large
    for label in np.flatnonzero((alters < _SHARED) & (area > max(_LEAST_AREA_PX, 0.003 * movable.sum())) & ~kept):
        kept[label] = _changed_around(labels, stats[label], int(label), changed) < _ENCLOSED
    kept &= area >= _LEAST_AREA_PX
    kept[0] = False
    means = np.stack([np.bincount(labels.ravel(), plane.ravel(), count) / np.maximum(area, 1) for plane in colours.transpose(2, 0, 1)], axis=1)
    still = (alters < _SHARED) & (area > max(_LEAST_AREA_PX, 0.0005 * movable.sum()))
    remains = (area > 0.02 * movable.sum()) & (strong < 0.35)
    for label in np.flatnonzero(~kept & (still | remains)):
        kept[label] = label != 0 and (np.abs(means[kept] - means[label]).max(axis=1) < 0.08).any()
    ground: Mask = kept[labels]
    bulk = cv2.morphologyEx(ground.astype(np.uint8), cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (17, 17)))
    ground &= (bulk > 0) | (difference < 0.12)
    if not ground.any():
        ground = ~movable if not movable.all() else rim
    return ground


def _changed_around(labels: npt.NDArray[np.int32], stat: npt.NDArray[np.int32], label: int, changed: Mask) -> float:
    left, top, width, height = (int(value) for value in stat[:4])
    cut = Box(left, top, left + width, top + height).grown(4, labels.shape).slices()
    own = (labels[cut] == label).astype(np.uint8)
    shell = (cv2.dilate(own, np.ones((7, 7), np.uint8)) > 0) & (own == 0)
    return float(changed[cut][shell].mean()) if shell.any() else 0.0


def _moving_parts(parts: Mask, changed: Mask) -> list[Mask]:
    """Return connected parts that change, without what hangs on them and stands still."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(parts.astype(np.uint8), connectivity=8)
    alters = np.bincount(labels[changed], minlength=count)[:count]
    found = []
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < _LEAST_FEATURE_PX or alters[label] < max(4, 0.01 * stats[label, 4]):
            continue
        left, top, width, height = (int(value) for value in stats[label, :4])
        cut = Box(left, top, left + width, top + height).grown(2, parts.shape).slices()
        for piece in _without_still(labels[cut] == label, changed[cut]):
            whole = np.zeros_like(parts)
            whole[cut] = piece
            found.append(whole)
    return found


def _without_still(part: Mask, changed: Mask) -> list[Mask]:
    """Split a connected part into what changes together.

    Pixels that stand still belong to it where changes surround them (two positions of a line cross; the white of an
    eye), else only as far as an edge is wide.
    """
    alters = part & changed
    near = cv2.dilate(alters.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats((part & ~near).astype(np.uint8), connectivity=8)
    core = part & near
    for label in range(1, count):
        if _changed_around(labels, stats[label], label, changed) >= _ENCLOSED:
            core |= labels == label
    core = cv2.morphologyEx(core.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    found = []
    for label in range(1, count):
        piece = labels == label
        piece = (cv2.dilate(piece.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & part & ((labels == 0) | piece)
        if piece.sum() >= _LEAST_FEATURE_PX and alters[piece].sum() >= 0.1 * piece.sum():
            found.append(piece)
    return found


def _holes_filled(part: Mask) -> Mask:
    framed = np.pad(part.astype(np.uint8), 1)
    around = framed.copy()
    cv2.floodFill(around, None, (0, 0), (2,))
    return (around != 2)[1:-1, 1:-1]  # noqa: PLR2004 - the label painted just now


def _feature(colours: npt.NDArray[np.float32], contrast: Soft, silhouette: Mask) -> Feature | None:
    box = bounding_box(silhouette)
    if box is None:
        return None
    grown = box.grown(4, silhouette.shape)
    cut = grown.slices()
    inside = silhouette[cut].astype(np.uint8)
    strength = np.where(cv2.dilate(inside, np.ones((3, 3), np.uint8)) > 0, contrast[cut], 0).astype(np.float32)
    peak = np.maximum(cv2.dilate(strength, np.ones((5, 5), np.uint8)), np.float32(_STANDS_OUT))
    deep = cv2.erode(inside, np.ones((3, 3), np.uint8)).astype(np.float32)
    soft = np.zeros(silhouette.shape, np.float32)
    soft[cut] = np.maximum(np.minimum(strength / peak, 1), deep)
    points = outline(soft, OUTLINE_POINTS)
    if points is None:
        return None
    second = (deep > 0) & (cv2.erode(deep, np.ones((3, 3), np.uint8)) == 0)
    rim = second if second.any() else silhouette[cut] & (strength > 0.8 * peak)
    if not rim.any():
        rim = silhouette[cut]
    colour = _line_colour(colours[cut][rim])
    other = np.abs(colours[cut] - colour).max(axis=2)[deep > 0] > _OTHER_COLOUR
    return Feature(soft, points, colour, box, float(other.mean()) if other.size else 0.0)


def _line_colour(rim: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the colour of the line round a shape: of two very different colours, the darker."""
    light = rim[:, :3].mean(axis=1)
    middle = (light.min() + light.max()) / 2
    dark = light < middle
    if np.ptp(light) > _TWO_COLOURS and dark.mean() > _LINE_SHARE:
        rim = rim[dark]
    return np.median(rim, axis=0).astype(np.float32)


def _is_a_rim(colours: npt.NDArray[np.float32], silhouette: Mask) -> bool:
    """Return whether a shape lies along the figure's own edge: then it is the ground that moved, not a part."""
    box = bounding_box(silhouette)
    if box is None:
        return False
    cut = box.grown(4, silhouette.shape).slices()
    own = silhouette[cut].astype(np.uint8)
    shell = (cv2.dilate(own, np.ones((7, 7), np.uint8)) > 0) & (own == 0)
    alpha = colours[cut][..., 3][shell]
    return bool(alpha.size and min((alpha < 0.1).mean(), (alpha > 0.9).mean()) > _RIM_SHARE)  # noqa: PLR2004 - clear


def _outermost(features: list[Feature]) -> list[Feature]:
    """Drop parts that lie within the silhouette of another: they belong to its content."""
    kept: list[Feature] = []
    for feature in sorted(features, key=lambda each: -each.area_px):
        row, column = np.unravel_index(int(np.argmax(feature.soft)), feature.soft.shape)
        if not any(other.soft[row, column] > 0.5 for other in kept):  # noqa: PLR2004 - half covered
            kept.append(feature)
    return kept
