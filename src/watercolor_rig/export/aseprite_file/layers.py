"""Which layers a rig falls into: one that stays, and one for each part of the picture that changes.

The layer that stays is the first picture, and the parts lie over it. A part may be soft at its edge, and what is soft
shows what lies below it; so the picture below is clear wherever a part is not solid in every frame. Put together, the
layers show every frame exactly.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from watercolor_rig.export.api import Clip
from watercolor_rig.imaging.change import Box, Mask, bounding_box, changed_pixels
from watercolor_rig.imaging.face_layout import name_by_place
from watercolor_rig.imaging.parts import nearest
from watercolor_rig.imaging.picture import Rgba

BASE, OTHER, PICTURE = "base", "other", "picture"

_AROUND_SHARE = 48
"""Around what changes, a layer shows this part of the picture's larger side, so that there is room to paint."""

_AROUND_LEAST_PX = 5
_MOST_PARTS = 8

_LEAST_OF_LARGEST = 50
"""What changes is a part from this part of the largest one on; smaller changes belong to the part that is near."""

_SOLID = 255


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer over the one that stays.

    Attributes:
        name: What the artist sees.
        box: Its place in the picture.
        mask: bool, (box height, box width): the pixels that it shows. No pixel belongs to two layers.
    """

    name: str
    box: Box
    mask: Mask

    def cut(self, picture: Rgba) -> Rgba:
        """Return what the layer shows of a picture; the rest of its box is clear."""
        return np.where(self.mask[..., None], picture[self.box.slices()], np.uint8(0))


@dataclass(frozen=True, slots=True)
class Layers:
    """A rig in layers.

    Attributes:
        base: uint8, (height, width, 4): the layer that stays; None where nothing stays.
        parts: The layers over it, from the lowest to the highest.
    """

    base: Rgba | None
    parts: tuple[Layer, ...]


def one_layer(clip: Clip) -> Layers:
    """Return a single layer that shows whole pictures."""
    width, height = clip.size
    return Layers(None, (Layer(PICTURE, Box(0, 0, width, height), np.ones((height, width), np.bool_)),))


def layers_of(clips: Sequence[Clip]) -> Layers:
    """Return the layers of clips of one size; every picture is read once, and two are held.

    Raises:
        PictureError: if one cannot be decoded.
        StoreError: if a file cannot be read.
    """
    first = clips[0].frames[0].read()
    changed = np.zeros(first.shape[:2], np.bool_)
    is_solid = first[..., 3] == _SOLID
    for clip in clips:
        for frame in clip.frames:
            picture = frame.read()
            changed |= changed_pixels(first, picture)
            is_solid &= picture[..., 3] == _SOLID
    parts = _parts(changed)
    below = first.copy()
    for part in parts:
        below[part.box.slices()][part.mask & ~is_solid[part.box.slices()]] = 0
    return Layers(below, parts)


def _parts(changed: Mask) -> tuple[Layer, ...]:
    """Return what changes, each with some of its surroundings: the lowest in the picture first."""
    count, groups = cv2.connectedComponents(changed.astype(np.uint8))
    weights = np.bincount(groups[changed], minlength=count)
    order = sorted(range(1, count), key=lambda group: (-int(weights[group]), group))[:_MOST_PARTS]
    seeds = [group for group in order if weights[group] * _LEAST_OF_LARGEST >= weights[order[0]]]
    if not seeds:
        return ()
    is_seed = np.isin(groups, seeds)
    distance = cv2.distanceTransform((~is_seed).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    is_near = distance <= max(_AROUND_LEAST_PX, round(max(changed.shape) / _AROUND_SHARE))
    owners = nearest(np.where(is_seed, groups, 0))
    boxes = [box for seed in seeds if (box := bounding_box(groups == seed)) is not None]
    names = name_by_place(boxes)
    order = sorted(range(len(seeds)), key=lambda at: (-boxes[at].bottom, boxes[at].left))
    unnamed = (f"part {number}" for number in itertools.count(1))
    found = [(names.get(at) or next(unnamed), is_near & (owners == seeds[at])) for at in order]
    return tuple(_layers([(OTHER, changed & ~is_near), *found]))


def _layers(areas: Sequence[tuple[str, Mask]]) -> Iterator[Layer]:
    for name, area in areas:
        box = bounding_box(area)
        if box is not None:
            yield Layer(name, box, area[box.slices()])
