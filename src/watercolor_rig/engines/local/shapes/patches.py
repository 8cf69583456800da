"""Insides of flat colours, on their way by their borders: no colour is ever mixed with another.

The inside of an outline is taken apart into patches: areas of smooth colour, and lines of a colour that no mixture of
those gives. A patch that both ends show (of one colour, near each other) goes from the one to the other: its signed
distance does; a compact one that lies free, an iris, travels as a whole over the others. A patch of the smaller end
alone shrinks into its own middle, or grows from there, over what the other end shows.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.bareness import Colours
from watercolor_rig.engines.local.shapes.carrying import shifted, taken_from
from watercolor_rig.engines.local.shapes.filling import filled
from watercolor_rig.engines.local.shapes.masks import areas, grown, holes_filled, hull_share, shrunk
from watercolor_rig.engines.local.shapes.outlines import Soft
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey

_SMOOTH_RANGE = 0.06
_LEAST_SHARE, _LEAST_PX = 0.008, 12
_ONE_COLOUR = 0.14
_NO_MIXTURE = 0.18
_MOST_PATCHES = 12
_SAME_COLOUR = 0.14
_FAR = 0.6
_CLEAN = 0.25
_STRAYS = 0.2
_FREE_PX = 2
_ALL_RIM = 0.5
_MOSTLY = 0.9
_EDGE_PX = 0.6
_EVEN_PX = 1.0
_EDGE_REACH_PX = 3
_SMALL, _COMPACT = 0.5, 0.75


@dataclass(frozen=True)
class _Patch:
    """A patch of one end, in pixels of the common box."""

    mask: Mask
    colour: npt.NDArray[np.float32]
    centre: npt.NDArray[np.float64]
    reach_px: float
    is_free: bool
    is_compact: bool
    away: Soft
    texture: Premultiplied

    @property
    def depth_px(self) -> float:
        """Return how far its innermost pixel lies from its border."""
        return float(self.away[self.mask].max())


class Patchwork:
    """Two insides, patch by patch.

    Args:
        pairs: Patches that both ends show.
        leaving: Patches of the first end alone.
        coming: Patches of the second end alone.
        revealed: Of which end the lone patches are uncovered instead of growing.
    """

    def __init__(
        self, pairs: list[tuple[_Patch, _Patch]], leaving: list[_Patch], coming: list[_Patch], *, revealed: int
    ) -> None:
        self._travelling = [pair for pair in pairs if _travels(*pair)]
        self._staying = [pair for pair in pairs if not _travels(*pair)]
        self._alone, self._revealed = (leaving, coming), revealed

    @property
    def has_travellers(self) -> bool:
        """Return whether a patch travels as a whole."""
        return bool(self._travelling)

    def at(self, share: float) -> Premultiplied:
        """Return the inside in the common box at `share`, 0 to 1."""
        layers = [_between(pair, share, np.zeros(2)) for pair in self._staying]
        for end, patches in enumerate(self._alone):
            gone = 1 - share if end else share
            for patch in patches:
                away = np.minimum(patch.away, 0) if end == self._revealed else patch.away - gone * patch.depth_px
                layers.append((away.astype(np.float32), patch.texture))
        made = _deepest(layers)
        for one, other in self._travelling:
            away, texture = _between((one, other), share, other.centre - one.centre)
            cover = np.clip(away + np.float32(0.5), 0, 1)[..., None]
            made = made * (1 - cover) + texture * cover
        return made


def _travels(one: _Patch, other: _Patch) -> bool:
    return one.is_compact and other.is_compact and (one.is_free or other.is_free)


def _between(pair: tuple[_Patch, _Patch], share: float, way: npt.NDArray[np.float64]) -> tuple[Soft, Premultiplied]:
    """Return how deep pixels lie in a patch on its way, and what it shows there."""
    height, width = pair[0].mask.shape
    (away, texture), (away_there, texture_there) = (
        (taken_from(patch.away, places), taken_from(patch.texture, places))
        for patch, places in zip(
            pair, (shifted((height, width), -way * share), shifted((height, width), way * (1 - share))), strict=True
        )
    )
    t = np.float32(share)
    return away * (1 - t) + away_there * t, texture * (1 - t) + texture_there * t


def patchwork(first: Premultiplied, second: Premultiplied, inside: Mask, *, revealed: int) -> Patchwork | None:
    """Return what draws an inside by its patches, or None if either end is painted too richly for that.

    Args:
        first: The inside of the first end: float32, (height, width, 4).
        second: That of the second, brought into the same outline.
        inside: bool, (height, width): the outline's inside.
        revealed: The end, 0 or 1, whose lone patches are uncovered instead of growing.
    """
    patches = [_patches(end, inside) for end in (first, second)]
    if not all(patches) or max(map(len, patches)) == 1:
        return None
    pairs = _partners(*patches)
    paired = {id(patch) for pair in pairs for patch in pair}
    leaving, coming = ([patch for patch in own if id(patch) not in paired] for own in patches)
    return Patchwork(pairs, leaving, coming, revealed=revealed)


def _patches(picture: Premultiplied, inside: Mask) -> list[_Patch]:
    """Return the patches of an inside; none if it is not made of such."""
    colours = np.concatenate([over_grey(picture), picture[..., 3:]], axis=2)
    least = max(_LEAST_PX, _LEAST_SHARE * float(inside.sum()))
    palette, seeds = _flat_areas(colours, inside, least)
    if not palette:
        return []
    _add_lines(colours, inside, least, palette, seeds)
    labels = _nearest(seeds)
    strays = np.abs(colours - np.array(palette)[labels - 1]).max(axis=2) > _STRAYS
    edges = np.zeros_like(inside)
    edges[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    edges[1:] |= labels[1:] != labels[:-1]
    judged = inside & ~grown(edges, 1)
    if not judged.any() or strays[judged].mean() > _CLEAN:
        return []
    found = []
    rim = inside & ~shrunk(inside, _FREE_PX)
    for index, colour in enumerate(palette, start=1):
        pieces = areas(labels == index)
        for number in pieces.numbers(1):
            mask = pieces.labels == number
            if (mask & inside).sum() >= least and (mask & rim).sum() < _ALL_RIM * (mask & inside).sum():
                found.append(_patch(picture, mask, inside, colour, is_free=not (mask & (rim | ~inside)).any()))
    explained = np.logical_or.reduce([patch.mask for patch in found]) & inside if found else np.zeros_like(inside)
    return found if len(found) <= _MOST_PATCHES and explained.sum() > _MOSTLY * inside.sum() else []


def _flat_areas(
    colours: Colours, inside: Mask, least: float
) -> tuple[list[npt.NDArray[np.float32]], npt.NDArray[np.int32]]:
    """Return the colours of the areas of smooth colour, and for each pixel the number of its colour from 1, or 0."""
    kernel = np.ones((3, 3), np.uint8)
    spread = np.asarray(cv2.dilate(colours, kernel) - cv2.erode(colours, kernel)).max(axis=2)
    smooth = areas((spread < _SMOOTH_RANGE) & inside, connectivity=4)
    palette: list[npt.NDArray[np.float32]] = []
    seeds = np.zeros(inside.shape, np.int32)
    for number in sorted(smooth.numbers(int(least)), key=lambda each: -int(smooth.sizes[each])):
        own = smooth.labels == number
        colour = np.median(colours[own], axis=0).astype(np.float32)
        known = [index for index, each in enumerate(palette) if np.abs(each - colour).max() < _ONE_COLOUR]
        if not known:
            palette.append(colour)
        seeds[own] = 1 + (known[0] if known else len(palette) - 1)
    return palette, seeds


def _add_lines(
    colours: Colours,
    inside: Mask,
    least: float,
    palette: list[npt.NDArray[np.float32]],
    seeds: npt.NDArray[np.int32],
) -> None:
    """Add thin things to the seeds: their colour lies on no straight way between two of the palette."""
    strange = inside & (seeds == 0)
    for one in palette:
        for other in palette:
            strange &= _off_the_way(colours, one, other) > _NO_MIXTURE
    lines = areas(strange)
    for number in lines.numbers(int(least)):
        own = lines.labels == number
        colour = np.median(colours[own], axis=0).astype(np.float32)
        known = [index for index, each in enumerate(palette) if np.abs(each - colour).max() < _ONE_COLOUR]
        if not known:
            palette.append(colour)
        seeds[own] = 1 + (known[0] if known else len(palette) - 1)


def _off_the_way(colours: Colours, one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> Soft:
    """Return how far colours lie from the straight way between two."""
    way = other - one
    length = float(way @ way)
    along = np.clip((colours - one) @ way / length, 0, 1) if length else np.zeros(colours.shape[:2], np.float32)
    return np.asarray(np.abs(colours - one - along[..., None] * way).max(axis=2), dtype=np.float32)


def _nearest(seeds: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return for each pixel the number above 0 that lies nearest."""
    _, labels = cv2.distanceTransformWithLabels(
        (seeds == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    number_of = np.zeros(int(labels.max()) + 1, np.int32)
    number_of[labels[seeds > 0]] = seeds[seeds > 0]
    nearest: npt.NDArray[np.int32] = number_of[labels]
    return nearest


def _patch(
    picture: Premultiplied, mask: Mask, inside: Mask, colour: npt.NDArray[np.float32], *, is_free: bool
) -> _Patch:
    own = mask & inside
    rows, columns = np.nonzero(own)
    near = np.abs(picture - np.median(picture[own], axis=0)).max(axis=2) < _ONE_COLOUR
    texture = filled(picture, own & (shrunk(own, _EDGE_REACH_PX) | near))
    reach = float(np.hypot(np.ptp(rows) + 1, np.ptp(columns) + 1))
    centre = np.array([columns.mean(), rows.mean()])
    is_compact = own.sum() < _SMALL * inside.sum() and hull_share(holes_filled(own)) > _COMPACT
    if is_compact:
        mask = mask & grown(own, _FREE_PX)
    return _Patch(mask, colour, centre, reach, is_free, is_compact, _signed_distance(mask, inside), texture)


def _signed_distance(mask: Mask, inside: Mask) -> Soft:
    """Return how far pixels lie within a patch, less than 0 outside; a patch ends where the inside ends, too."""
    depth = cv2.distanceTransform(np.pad(mask & inside, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    steps = np.where(mask, np.maximum(depth - 0.5, 0.25), 0.5 - away).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(steps, (0, 0), _EVEN_PX), dtype=np.float32)


def _partners(ones: list[_Patch], others: list[_Patch]) -> list[tuple[_Patch, _Patch]]:
    """Return the patches that belong together, the most alike first."""
    costs = []
    for one in ones:
        for other in others:
            colour = float(np.abs(one.colour - other.colour).max())
            apart = float(np.hypot(*(one.centre - other.centre))) / max(one.reach_px, other.reach_px)
            if colour < _SAME_COLOUR and apart < _FAR + _travels(one, other):
                costs.append((2 * colour + apart, one, other))
    pairs: list[tuple[_Patch, _Patch]] = []
    taken: set[int] = set()
    for _, one, other in sorted(costs, key=lambda each: each[0]):
        if id(one) not in taken and id(other) not in taken:
            taken |= {id(one), id(other)}
            pairs.append((one, other))
    return pairs


def _deepest(layers: list[tuple[Soft, Premultiplied]]) -> Premultiplied:
    """Return at each pixel the layer that reaches deepest, with an edge about one pixel wide."""
    deepest = np.argmax([away for away, _ in layers], axis=0)
    total, made = np.zeros_like(layers[0][0]), np.zeros_like(layers[0][1])
    for index, (_, texture) in enumerate(layers):
        weight = cv2.GaussianBlur((deepest == index).astype(np.float32), (0, 0), _EDGE_PX)
        total += weight
        made += texture * np.asarray(weight)[..., None]
    return np.asarray(made / total[..., None], dtype=np.float32)
