"""A region drawn by its shapes: what could be matched is morphed, everything below moves by optical flow."""

import cv2
import numpy as np

from watercolor_rig.engines.local.shapes.features import Feature, find_features
from watercolor_rig.engines.local.shapes.ground import Ground
from watercolor_rig.engines.local.shapes.matching import pair_up
from watercolor_rig.engines.local.shapes.morphs import Morph, morph_between
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied
from watercolor_rig.imaging.splatting import Weights


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
        self.morphs: list[Morph] = []
        lifted = np.zeros_like(movable), np.zeros_like(movable)
        self.pairs = []
        for row, column in pair_up(ones, others):
            morph, cost = morph_between(ones[row], others[column], first, second)
            self.morphs.append(morph)
            self.pairs.append((ones[row], others[column], cost))
            for mask, feature in zip(lifted, (ones[row], others[column]), strict=True):
                mask |= _grown(feature)
        self.ground = Ground(first, second, lifted, freedom)

    def at(self, share: float) -> Premultiplied:
        """Return the cut at `share` of the way."""
        made = self.ground.at(share).copy()
        for morph in self.morphs:
            piece = morph.at(share)
            if piece is not None:
                cut = piece.box.slices()
                cover = piece.cover[..., None]
                made[cut] = made[cut] * (1 - cover) + piece.colours * cover
        return made


def _grown(feature: Feature) -> Mask:
    return cv2.dilate((feature.soft > 0.02).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
