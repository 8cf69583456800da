"""A region drawn by its shapes: what could be matched is morphed, everything below moves by optical flow."""

import cv2
import numpy as np

from watercolor_rig.engines.local.shapes.correspondence import Correspondence, Kind, correspond
from watercolor_rig.engines.local.shapes.ends import End
from watercolor_rig.engines.local.shapes.eyes import are_a_pair, has_inside, looks_like_eye
from watercolor_rig.engines.local.shapes.features import Feature, find_features
from watercolor_rig.engines.local.shapes.ground import Ground
from watercolor_rig.engines.local.shapes.matching import pair_up
from watercolor_rig.engines.local.shapes.morphs import Morph, StrokeMorph, opening, reshaping
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied
from watercolor_rig.imaging.splatting import Weights


_TOO_UNLIKE = 0.25


class Scene:
    """A cut of a pair, taken apart.

    Args:
        first: float32, (height, width, 4).
        second: The same shape.
        movable: bool, (height, width): where anything may move.
        freedom: 0 to 1, how freely the ground may move.
    """

    def __init__(self, first: Premultiplied, second: Premultiplied, movable: Mask, freedom: Weights) -> None:
        ones, others = find_features(first, second, movable)
        pairs = [(ones[row], others[column]) for row, column in pair_up(ones, others)]
        pairings = [correspond(one.points, other.points, (_is_solid(one), _is_solid(other))) for one, other in pairs]
        held = _held(pairs, pairings, first, second)
        self.morphs: list[Morph] = []
        self.pairs = []
        lifted = np.zeros_like(movable), np.zeros_like(movable)
        for (one, other), pairing, stays in zip(pairs, pairings, held, strict=True):
            if pairing.cost > _TOO_UNLIKE:
                continue
            self.pairs.append((one, other, pairing.cost, stays))
            self.morphs.append(_morph(pairing, End(one, first), End(other, second), held=stays))
            for mask, feature in zip(lifted, (one, other), strict=True):
                mask |= _grown(feature)
        self.ground = Ground(first, second, lifted, freedom)

    def at(self, share: float) -> Premultiplied:
        """Return the cut at `share` of the way."""
        made = self.ground.at(share).copy()
        for morph in self.morphs:
            piece = morph.at(share)
            cut = piece.box.slices()
            cover = piece.cover[..., None]
            made[cut] = made[cut] * (1 - cover) + piece.colours * cover
        return made


def _grown(feature: Feature) -> Mask:
    return cv2.dilate((feature.soft > 0.02).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0


def _is_solid(feature: Feature) -> bool:
    return not has_inside(feature)


def _held(
    pairs: list[tuple[Feature, Feature]], pairings: list[Correspondence], first: Premultiplied, second: Premultiplied
) -> list[bool]:
    """Return for each pair whether its inside stays and is covered: whether it is an eye."""
    opened = []
    for (one, other), pairing in zip(pairs, pairings, strict=True):
        wide = one if one.inner > other.inner else other
        opened.append(wide if pairing.kind is Kind.OPENS and has_inside(wide) else None)
    held = []
    for index, wide in enumerate(opened):
        if wide is None:
            held.append(False)
            continue
        twin = any(other is not None and other is not wide and are_a_pair(wide, other) for other in opened)
        picture = first if wide is pairs[index][0] else second
        held.append(twin or looks_like_eye(wide, picture))
    return held


def _morph(pairing: Correspondence, one: End, other: End, *, held: bool) -> Morph:
    if pairing.kind is Kind.STROKES:
        return StrokeMorph(pairing, (one, other))
    if pairing.kind is Kind.OPENS:
        return opening(pairing, (one, other), second_opens=pairing.second_opens, held=held)
    return reshaping(pairing, (one, other))
