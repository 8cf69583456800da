"""A cut of a pair taken apart into shapes and the ground below them, and put together again at any share of the way.

What could not be told apart, matched and accounted for stays in the ground, which moves by optical flow: so a doubtful
shape is never drawn as a lump, and a scene without shapes is the flow alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from watercolor_rig.engines.local.shapes.accounting import accounted_for
from watercolor_rig.engines.local.shapes.contents import Redraw
from watercolor_rig.engines.local.shapes.correspondence import Correspondence, Kind, correspond
from watercolor_rig.engines.local.shapes.ends import End
from watercolor_rig.engines.local.shapes.eyes import are_a_pair, looks_like_eye
from watercolor_rig.engines.local.shapes.features import Feature, Found, find_features
from watercolor_rig.engines.local.shapes.ground import Ground
from watercolor_rig.engines.local.shapes.growing import GrowingMorph, can_grow
from watercolor_rig.engines.local.shapes.lids import find_lids
from watercolor_rig.engines.local.shapes.masks import grown
from watercolor_rig.engines.local.shapes.matching import pair_up
from watercolor_rig.engines.local.shapes.morphs import Morph, StrokeMorph, opening, reshaping
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied
from watercolor_rig.imaging.splatting import Weights

_TOO_UNLIKE = 0.25
_RAGGED = 1.25
_DIFFERS = 0.01
_MISSES = 0.3
_MISSES_OF_SMALL = 0.36
_SMALL_PX = 200
_EDGE_PX = 2
_UNEXPLAINED = 0.06
_TORN = 0.12
_SETTLES = 8.0
_REDRAWN = 0.5
_AT_THE_RIM = 0.15


@dataclass(frozen=True)
class Match:
    """A part seen at both ends.

    Attributes:
        parts: The part in the first and in the second end.
        pairing: Which points of the outlines belong together.
        is_eye: Whether its inside stays and is covered.
    """

    parts: tuple[Feature, Feature]
    pairing: Correspondence
    is_eye: bool


class Scene:
    """A cut of a pair, taken apart.

    Args:
        first: float32, (height, width, 4).
        second: The same shape.
        movable: bool, (height, width): where anything may move.
        freedom: 0 to 1, how freely the ground may move.
        found: The parts of both ends.
        is_inside: Whether it is the inside of a part; then its own parts hold no further ones.

    Attributes:
        matches: The parts that both ends show.
        alone: The parts that one end shows, with the number of the end.
        lids: How many eyes too rich for shapes are covered by a lid.
        misses: What the drawn scene lacks at each end: float32, (height, width, 4).
    """

    def __init__(
        self,
        first: Premultiplied,
        second: Premultiplied,
        movable: Mask,
        freedom: Weights,
        found: tuple[Found, Found],
        *,
        is_inside: bool = False,
    ) -> None:
        ends = first, second
        self._redraw = None if is_inside else _by_its_parts
        self._may_have_lids = not (found[0].is_crowded or is_inside)
        self.matches, self.alone = _understood(ends, found, is_inside=is_inside)
        self._draw_with(ends, movable, freedom)
        good = [self._redraws(ends, match.parts) for match in self.matches]
        if not all(good):
            self.matches = [match for match, is_good in zip(self.matches, good, strict=True) if is_good]
            self.matches, self.alone = _accounted(ends, found, self.matches, self.alone)
            self._draw_with(ends, movable, freedom)

    def _draw_with(self, ends: tuple[Premultiplied, Premultiplied], movable: Mask, freedom: Weights) -> None:
        self._morphs: list[Morph] = []
        for feature, end in self.alone:
            hosts = [match.parts[end] for match in self.matches]
            self._morphs.append(GrowingMorph(End(feature, ends[end]), hosts, appears=end == 1))
        largest_first = sorted(self.matches, key=lambda match: -max(part.area_px for part in match.parts))
        self._morphs.extend(_morph(match, ends, self._redraw) for match in largest_first)
        shown = [
            _covered(
                [match.parts[end] for match in self.matches] + [each for each, at in self.alone if at == end], movable
            )
            for end in (0, 1)
        ]
        differs = np.abs(ends[0] - ends[1]).max(axis=2)
        unexplained = (differs > _UNEXPLAINED) & movable & ~grown(shown[0] | shown[1], 2)
        lids = find_lids(*ends, unexplained) if self._may_have_lids else []
        self._morphs = [lid for lid, _ in lids] + self._morphs
        self.lids = len(lids)
        lifts = (differs > _DIFFERS) | (shown[0] & shown[1])
        self._ground = Ground(*ends, (shown[0] & lifts, shown[1] & lifts), freedom)
        self.misses = ends[0] - self.at(0.0), ends[1] - self.at(1.0)

    def _redraws(self, ends: tuple[Premultiplied, Premultiplied], parts: tuple[Feature, Feature]) -> bool:
        """Return whether both ends of a part are drawn as they are."""
        for own, below, miss, part in zip(ends, self._ground.ends, self.misses, parts, strict=True):
            cut = part.box.grown(_EDGE_PX, part.soft.shape).slices()
            shown = float(np.abs(own[cut] - below[cut]).sum())
            allowed = _MISSES if part.area_px > _SMALL_PX else _MISSES_OF_SMALL
            if float(np.abs(miss[cut]).sum()) > allowed * shown:
                return False
        return True

    @property
    def has_shapes(self) -> bool:
        """Return whether anything is drawn as a shape."""
        return bool(self._morphs)

    def settled(self, share: float) -> Premultiplied:
        """Return the cut at `share` of the way, near an end with what is missed of it: float32, (height, width, 4).

        So a sequence begins and ends without a jump.
        """
        made = self.at(share)
        for miss, away in zip(self.misses, (share, 1 - share), strict=True):
            weight = max(0.0, 1 - _SETTLES * away)
            if weight:
                made = made + miss * np.float32(weight)
        return np.clip(made, 0, 1)

    def at(self, share: float) -> Premultiplied:
        """Return the cut at `share` of the way: float32, (height, width, 4)."""
        made = self._ground.at(share).copy()
        for morph in self._morphs:
            piece = morph.at(share)
            cut = piece.box.slices()
            cover = piece.cover[..., None]
            made[cut] = made[cut] * (1 - cover) + piece.colours * cover
        return made


def _understood(
    ends: tuple[Premultiplied, Premultiplied], found: tuple[Found, Found], *, is_inside: bool
) -> tuple[list[Match], list[tuple[Feature, int]]]:
    """Return the parts that can be drawn as shapes: those of both ends, and those of one with its number."""
    matches = _matches(ends, found, is_inside=is_inside)
    paired = {id(part) for match in matches for part in match.parts}
    clear = [match for match in matches if match.pairing.cost <= _TOO_UNLIKE and not _is_unclear(match)]
    bare = [one.bare | _covered((match.parts[end] for match in clear), one.bare) for end, one in enumerate(found)]
    alone = [
        (feature, end)
        for end, one in enumerate(found)
        for feature in one.features
        if id(feature) not in paired and can_grow(feature, bare[1 - end])
    ]
    return _accounted(ends, found, clear, alone)


def _accounted(
    ends: tuple[Premultiplied, Premultiplied],
    found: tuple[Found, Found],
    matches: list[Match],
    alone: list[tuple[Feature, int]],
) -> tuple[list[Match], list[tuple[Feature, int]]]:
    groups = [match.parts for match in matches] + [(feature,) for feature, _ in alone]
    known = accounted_for(*ends, found[0].parts | found[1].parts, groups)
    return (
        [match for match, good in zip(matches, known[: len(matches)], strict=True) if good],
        [each for each, good in zip(alone, known[len(matches) :], strict=True) if good],
    )


def _matches(ends: tuple[Premultiplied, Premultiplied], found: tuple[Found, Found], *, is_inside: bool) -> list[Match]:
    ones, others = found[0].features, found[1].features
    matches = []
    for row, column in pair_up(ones, others, is_inside=is_inside):
        parts = ones[row], others[column]
        pairing = correspond(parts[0].points, parts[1].points, (not parts[0].has_inside, not parts[1].has_inside))
        at = int(pairing.second_opens)
        is_eye = pairing.kind is Kind.OPENS and _is_eye(parts[at], found[at].features, ends[at])
        matches.append(Match(parts, pairing, is_eye))
    return matches


def _is_eye(wide: Feature, beside: list[Feature], picture: Premultiplied) -> bool:
    if not wide.has_inside:
        return False
    twins = (each for each in beside if each is not wide and each.has_inside)
    return any(are_a_pair(wide, each) for each in twins) or looks_like_eye(wide, picture)


def _is_unclear(match: Match) -> bool:
    """Return whether a part was not told from its surroundings: cut off them, or, if no line, of a ragged outline."""
    if max(part.torn for part in match.parts) > _TORN:
        return True
    if match.pairing.kind is Kind.STROKES:
        return False
    wide = match.parts if match.pairing.kind is Kind.BLOBS else (match.parts[match.pairing.second_opens],)
    return max(each.raggedness for each in wide) > _RAGGED


def _by_its_parts(first: Premultiplied, second: Premultiplied, inside: Mask) -> Scene | None:
    """Return what draws the inside of a part by the parts in it.

    None if it has none, if one lies at the rim (a piece of the outline), or if they leave much undrawn.
    """
    found = find_features(first, second, inside)
    scene = Scene(first, second, inside, inside.astype(np.float32), found, is_inside=True)
    parts = [part for match in scene.matches for part in match.parts]
    if not parts or any((~inside)[_covered([part], inside)].mean() > _AT_THE_RIM for part in parts):
        return None
    change = float(np.abs(first - second)[inside].sum())
    missed = max(float(np.abs(miss)[inside].sum()) for miss in scene.misses)
    return scene if missed < _REDRAWN * change else None


def _morph(match: Match, pictures: tuple[Premultiplied, Premultiplied], redraw: Redraw | None) -> Morph:
    ends = End(match.parts[0], pictures[0]), End(match.parts[1], pictures[1])
    if match.pairing.kind is Kind.STROKES:
        return StrokeMorph(match.pairing, ends)
    if match.pairing.kind is Kind.OPENS:
        return opening(match.pairing, ends, held=match.is_eye)
    return reshaping(match.pairing, ends, redraw)


def _covered(features: Iterable[Feature], like: Mask) -> Mask:
    """Return where any of some features shows, edges included: bool, the shape of `like`."""
    covered = np.zeros_like(like)
    for feature in features:
        covered |= feature.soft > 0.02  # noqa: PLR2004 - what shows at all
    return grown(covered, 2)
