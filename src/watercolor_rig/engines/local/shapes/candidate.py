"""A region drawn by its shapes: what could be matched is morphed, everything below moves by optical flow."""

from collections.abc import Iterable

import cv2
import numpy as np

from watercolor_rig.engines.local.shapes.accounting import accounted_for
from watercolor_rig.engines.local.shapes.correspondence import Correspondence, Kind, correspond
from watercolor_rig.engines.local.shapes.ends import End
from watercolor_rig.engines.local.shapes.eyes import are_a_pair, has_inside, looks_like_eye
from watercolor_rig.engines.local.shapes.features import Feature, find_features
from watercolor_rig.engines.local.shapes.ground import Ground
from watercolor_rig.engines.local.shapes.growing import GrowingMorph, can_grow
from watercolor_rig.engines.local.shapes.matching import pair_up
from watercolor_rig.engines.local.shapes.morphs import Morph, StrokeMorph, opening, reshaping
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied
from watercolor_rig.imaging.splatting import Weights


_TOO_UNLIKE = 0.25
_RAGGED = 1.25
_DIFFERS = 0.01


class Scene:
    """A cut of a pair, taken apart.

    Args:
        first: float32, (height, width, 4).
        second: The same shape.
        movable: bool, (height, width): where anything may move.
        freedom: 0 to 1, how freely the ground may move.
    """

    def __init__(self, first: Premultiplied, second: Premultiplied, movable: Mask, freedom: Weights) -> None:
        found = find_features(first, second, movable)
        ones, others = (end.features for end in found)
        pairs = [(ones[row], others[column]) for row, column in pair_up(ones, others)]
        pairings = [correspond(one.points, other.points, (_is_solid(one), _is_solid(other))) for one, other in pairs]
        held = _held(pairs, pairings, (ones, others), (first, second))
        kept = [
            (pair, pairing, stays)
            for pair, pairing, stays in zip(pairs, pairings, held, strict=True)
            if pairing.cost <= _TOO_UNLIKE and not _is_ragged(pair, pairing)
        ]
        paired = {id(each) for pair in pairs for each in pair}
        bare = [end.bare | _covered(pair[index] for pair, _, _ in kept) for index, end in enumerate(found)]
        alone = [
            (feature, appears)
            for appears, features in enumerate((ones, others))
            for feature in features
            if id(feature) not in paired and can_grow(feature, bare[1 - appears])
        ]
        known = accounted_for(first, second, [pair for pair, _, _ in kept] + [(feature,) for feature, _ in alone])
        kept = [each for each, good in zip(kept, known[: len(kept)], strict=True) if good]
        alone = [each for each, good in zip(alone, known[len(known) - len(alone) :], strict=True) if good]
        self.pairs = [(*pair, pairing.cost, stays) for pair, pairing, stays in kept] + [(f, f, 0, x) for f, x in alone]
        self.morphs: list[Morph] = [
            _morph(pairing, (End(pair[0], first), End(pair[1], second)), held=stays) for pair, pairing, stays in kept
        ]
        for feature, appears in alone:
            hosts = [pair[appears] for pair, _, _ in kept]
            self.morphs.append(GrowingMorph(End(feature, (first, second)[appears]), hosts, appears=bool(appears)))
        shown = [
            _covered([pair[index] for pair, _, _ in kept] + [each for each, at in alone if at == index])
            for index in (0, 1)
        ] if kept or alone else [np.zeros_like(movable)] * 2
        differs = np.abs(first - second).max(axis=2) > _DIFFERS
        both = shown[0] & shown[1]
        lifted = shown[0] & (differs | both), shown[1] & (differs | both)
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


def _covered(features: Iterable[Feature]) -> Mask:
    """Return where any of some features shows, edges included."""
    soft = [feature.soft for feature in features]
    if not soft:
        return np.zeros((1, 1), dtype=bool)
    return cv2.dilate((np.max(soft, axis=0) > 0.02).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0  # noqa: PLR2004


def _is_solid(feature: Feature) -> bool:
    return not has_inside(feature)


def _is_ragged(pair: tuple[Feature, Feature], pairing: Correspondence) -> bool:
    """Return whether a part that is no line has a torn outline: then it was not told from its surroundings."""
    if pairing.kind is Kind.STROKES:
        return False
    wide = pair if pairing.kind is Kind.BLOBS else (pair[pairing.second_opens],)
    return max(each.raggedness for each in wide) > _RAGGED


def _held(
    pairs: list[tuple[Feature, Feature]],
    pairings: list[Correspondence],
    features: tuple[list[Feature], list[Feature]],
    pictures: tuple[Premultiplied, Premultiplied],
) -> list[bool]:
    """Return for each pair whether its inside stays and is covered: whether it is an eye."""
    held = []
    for pair, pairing in zip(pairs, pairings, strict=True):
        wide = pair[pairing.second_opens]
        if pairing.kind is not Kind.OPENS or not has_inside(wide):
            held.append(False)
            continue
        others = (each for each in features[pairing.second_opens] if each is not wide and has_inside(each))
        held.append(any(are_a_pair(wide, each) for each in others) or looks_like_eye(wide, pictures[pairing.second_opens]))
    return held


def _morph(pairing: Correspondence, ends: tuple[End, End], *, held: bool) -> Morph:
    if pairing.kind is Kind.STROKES:
        return StrokeMorph(pairing, ends)
    if pairing.kind is Kind.OPENS:
        return opening(pairing, ends, second_opens=pairing.second_opens, held=held)
    return reshaping(pairing, ends)
