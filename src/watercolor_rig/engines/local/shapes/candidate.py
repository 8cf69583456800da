"""A region drawn by its shapes, behind the same seam as every other way to draw one."""

import numpy as np

from watercolor_rig.engines.local.cut import freedom_of
from watercolor_rig.engines.local.shapes.features import find_features
from watercolor_rig.engines.local.shapes.scene import Scene
from watercolor_rig.imaging.change import Region
from watercolor_rig.imaging.composing import PicturePair
from watercolor_rig.imaging.premultiplied import Premultiplied, to_premultiplied

_CONTEXT_PX = 16
"""Still surroundings on every side: what runs out of the region into them is ground."""


class ShapeCandidate:
    """Morphs the shapes it can tell apart; moves the rest by optical flow.

    Args:
        pair: The two ends.
        region: The region to draw.

    Attributes:
        confidence: 0 to 1: how well the shapes redraw the two ends; 0 if there are none.
    """

    method = "shape"

    def __init__(self, pair: PicturePair, region: Region) -> None:
        box = region.box.grown(_CONTEXT_PX, pair.start.shape)
        cut = box.slices()
        self._inner = (
            slice(region.box.top - box.top, region.box.bottom - box.top),
            slice(region.box.left - box.left, region.box.right - box.left),
        )
        movable = np.zeros((box.bottom - box.top, box.right - box.left), dtype=bool)
        movable[self._inner] = region.mask
        freedom = np.zeros(movable.shape, dtype=np.float32)
        freedom[self._inner] = freedom_of(region, (pair.start.shape[1], pair.start.shape[0]))
        first, second = to_premultiplied(pair.start[cut]), to_premultiplied(pair.end[cut])
        found = find_features(first, second, movable)
        self._scene = None if found[0].is_crowded else Scene(first, second, movable, freedom, found)
        self.confidence = _confidence(first, second, self._scene) if self._scene else 0.0

    def at(self, share: float) -> Premultiplied:
        """Return the region's box at `share` of the way.

        Raises:
            ValueError: if the picture was painted anew: it has no shapes, and no confidence.
        """
        if self._scene is None:
            raise ValueError("a picture that was painted anew has no shapes")
        return self._scene.settled(share)[self._inner]


def _confidence(first: Premultiplied, second: Premultiplied, scene: Scene) -> float:
    """Return 1 less the share of the change between the ends that the shapes miss at the ends themselves."""
    change = float(np.abs(first - second).sum())
    if not scene.has_shapes or change == 0:
        return 0.0
    return max(0.0, 1 - max(float(np.abs(miss).sum()) for miss in scene.misses) / change)
