"""One end of a part: its picture, with its colours continued beyond its edge, and its outline's line."""

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.carrying import taken_from
from watercolor_rig.engines.local.shapes.features import Feature, comparable
from watercolor_rig.engines.local.shapes.filling import filled
from watercolor_rig.engines.local.shapes.outlines import Points, Soft, directions
from watercolor_rig.imaging.premultiplied import Premultiplied

_MARGIN_PX = 6
_PURE = 0.7
"""From this coverage on, a pixel counts as showing the part alone: thin lines have hardly one that is purer."""

_NO_LINE = 0.02
_ALL_ITS_OWN = 0.99
_MOSTLY_PURE = 0.5
_LINE_COLOUR = 0.3
_DEEPEST = 0.4
_STARTS_WITHIN_PX = 3.0
_AT_MOST = 2.0
_NO_RING = 0.6
_ALL_ROUND = 0.8
_LEAST_WIDTH_PX = 0.5


class End:
    """One end of a part.

    Args:
        feature: The part.
        picture: float32, (height, width, 4): the whole cut.

    Attributes:
        feature: The part.
        corner: Where `picture` lies in the cut: x, y.
        picture: The cut around the part.
        soft: The part's coverage there.
        own: The picture with the part's colours continued beyond its edge: no ground in it.
    """

    def __init__(self, feature: Feature, picture: Premultiplied) -> None:
        self.feature = feature
        box = feature.box.grown(_MARGIN_PX, picture.shape)
        self.corner = np.array([box.left, box.top], dtype=np.float64)
        self.picture = np.ascontiguousarray(picture[box.slices()])
        self.soft = np.ascontiguousarray(feature.soft[box.slices()])
        surely = _surely(self.soft)
        if not feature.has_inside:
            surely = _purest(self.soft, surely)
        self.own = filled(self.picture, surely)

    def inside(self, ring: Soft) -> npt.NDArray[np.bool_]:
        """Return the pixels that show nothing but the inside of the outline `ring` (the picture's shape)."""
        pure: npt.NDArray[np.bool_] = (self.soft > 0.9) & (ring < _NO_LINE)  # noqa: PLR2004 - the part alone
        return pure

    def without(self, ring: Soft) -> Premultiplied:
        """Return the part's colours with those under `ring` replaced by what lies inside."""
        inside = self.inside(ring)
        return filled(self.picture, inside) if inside.any() else self.own

    def only(self, ring: Soft) -> Premultiplied | None:
        """Return the colours under `ring`, continued; None if it covers nothing."""
        line = np.minimum(ring, self.soft)
        return filled(self.picture, _surely(line)) if line.max() > 0.5 else None  # noqa: PLR2004 - half a pixel


def _surely(soft: Soft) -> npt.NDArray[np.bool_]:
    return soft >= min(_PURE, 0.9 * float(soft.max()))


def _purest(soft: Soft, surely: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return the pixels without any ground in them, where they are most of a part: edges would tint its colour."""
    pure = soft >= _ALL_ITS_OWN
    return pure if pure.sum() > _MOSTLY_PURE * soft.sum() else surely


def line_widths(end: End, loop: Points, line: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return how thick the line along an outline is, in pixels, at each of its points; 0 where there is none.

    Args:
        end: The end.
        loop: Its outline, in the cut.
        line: The line's colour, as `comparable` has it.
    """
    deepest = max(2.0, _DEEPEST * float(np.sqrt(end.feature.area_px)))
    depths = np.arange(0.5, deepest, 0.5)
    places = (loop - end.corner)[:, None] + inward(loop)[:, None] * depths[None, :, None]
    seen = taken_from(comparable(end.picture), places.astype(np.float32))
    alike = np.abs(seen - line).max(axis=2) < _LINE_COLOUR
    over = np.logical_or.accumulate(alike, axis=1) & ~alike & (depths > 1)[None]
    width = np.where(over.any(axis=1), depths[np.argmax(over, axis=1)] - 0.25, deepest)
    starts = np.where(alike.any(axis=1), depths[np.argmax(alike, axis=1)], np.inf)
    width = np.where(starts > _STARTS_WITHIN_PX, 0.0, width)
    usual = float(np.median(width[width > 0])) if (width > 0).any() else 0.0
    return _smooth_round(np.minimum(width, _AT_MOST * usual))


def has_ring(end: End, widths: npt.NDArray[np.float64]) -> bool:
    """Return whether a line runs along an outline, nearly all round, and is thin against the shape."""
    depth = cv2.distanceTransform((end.soft > 0.5).astype(np.uint8), cv2.DIST_L2, 5)  # noqa: PLR2004 - half covered
    return bool((widths > _LEAST_WIDTH_PX).mean() > _ALL_ROUND and np.median(widths) < _NO_RING * float(depth.max()))


def inward(loop: Points) -> Points:
    """Return the unit vector that points into a closed outline at each of its points."""
    way = directions(loop, 2)
    return np.stack([-way[:, 1], way[:, 0]], axis=1)


def _smooth_round(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    middle = np.median([np.roll(values, step) for step in range(-3, 4)], axis=0)
    smooth: npt.NDArray[np.float64] = np.mean([np.roll(middle, step) for step in range(-2, 3)], axis=0)
    return smooth
