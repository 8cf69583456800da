"""A part that only one end shows: a line grows from where it hangs, anything else from a point."""

import numpy as np

from watercolor_rig.engines.local.shapes.carrying import carried_along, carried_inside, taken_from
from watercolor_rig.engines.local.shapes.correspondence import SIDE_POINTS, Sides, facing_sides
from watercolor_rig.engines.local.shapes.ends import End
from watercolor_rig.engines.local.shapes.features import Feature
from watercolor_rig.engines.local.shapes.morphs import Piece, placed
from watercolor_rig.engines.local.shapes.outlines import Points, coverage, sampled
from watercolor_rig.imaging.change import Mask

_SLIM = 5.0
_HANGS_WITHIN = 0.35
_SMOOTH = 1.2
_COMPACT_INSIDE = 0.1
_LEAST_PX = 20
_SEED = 0.02
_LATE = 2
_TORN = 0.02
_NOTHING_THERE = 0.95


class GrowingMorph:
    """A part that grows while the share rises, or shrinks.

    Args:
        end: The end that shows it.
        hosts: The parts of that end that have a partner: what it may hang on.
        appears: Whether it grows with the share.
    """

    def __init__(self, end: End, hosts: list[Feature], *, appears: bool) -> None:
        self._end, self._appears = end, appears
        sides = facing_sides(end.feature.points)
        self._sides = _from_its_root(sides, hosts) if sides.slimness > _SLIM else None
        self._seed = _nearest(end.feature, hosts)

    def at(self, share: float) -> Piece:
        """Return the part at `share`."""
        grown = max((share if self._appears else 1 - share) ** _LATE, _SEED)
        if self._sides is None:
            source = self._end.feature.points
            points = self._seed + (source - self._seed) * grown
        else:
            source = points = _first_part(self._sides, grown)
        box, here = placed(points, (self._end, self._end))
        shape = (box.bottom - box.top, box.right - box.left)
        bring = carried_inside if self._sides is None else carried_along
        colours = taken_from(self._end.own, bring(here, source - self._end.corner, shape))
        return Piece(box, coverage([here], shape), colours)


def can_grow(feature: Feature, bare_there: Mask) -> bool:
    """Return whether a part is clean enough to be drawn growing, and out of nothing.

    Args:
        feature: A part without a partner.
        bare_there: bool, the cut's shape: where the other end shows ground or a part with a partner.
    """
    if (
        feature.torn > _TORN
        or feature.raggedness > _SMOOTH
        or feature.area_px < _LEAST_PX
        or feature.inner > _COMPACT_INSIDE
    ):
        return False
    around = bare_there[feature.box.grown(2, bare_there.shape).slices()]
    return bool(around.mean() > _NOTHING_THERE)


def _from_its_root(sides: Sides, hosts: list[Feature]) -> Sides | None:
    """Return the sides from the end that hangs on another part; from the left if none does."""
    length = float(np.hypot(*np.diff(sides.one, axis=0).T).sum())
    away = [_gap(tip, hosts) for tip in (sides.one[0], sides.one[-1])]
    if min(away) > _HANGS_WITHIN * length:
        return sides if sides.one[0, 0] <= sides.one[-1, 0] else sides.turned()
    return sides if away[0] <= away[1] else sides.turned()


def _gap(place: Points, hosts: list[Feature]) -> float:
    return min((float(np.hypot(*(host.points - place).T).min()) for host in hosts), default=np.inf)


def _nearest(feature: Feature, hosts: list[Feature]) -> Points:
    """Return the point from which a part grows: on a near part that may have covered it, else its own middle."""
    best, found = _HANGS_WITHIN * feature.reach_px, feature.points.mean(axis=0)
    for host in hosts:
        away = np.hypot(*(host.points - found).T)
        nearest = int(np.argmin(away))
        edge = np.hypot(*(feature.points - host.points[nearest]).T).min()
        if edge < best:
            best, found = float(edge), host.points[nearest]
    return np.asarray(found, dtype=np.float64)


def _first_part(sides: Sides, grown: float) -> Points:
    """Return the outline of a line's first part."""
    index = np.arange(SIDE_POINTS, dtype=np.float64)
    kept = index * grown
    return Sides(sampled(sides.one, index, kept), sampled(sides.other, index, kept), sides.slimness).loop()
