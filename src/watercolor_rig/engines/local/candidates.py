"""Ways to draw one region at any share of the way; the seam for further ones.

A candidate is made once per region and pair, so that its choice and its costly work never differ between the frames
of one sequence.
"""

from typing import Protocol

import cv2
import numpy as np

from watercolor_rig.imaging.change import Region
from watercolor_rig.imaging.composing import PicturePair
from watercolor_rig.imaging.flow import between, estimate_motion
from watercolor_rig.imaging.picture import Size
from watercolor_rig.imaging.premultiplied import Premultiplied, to_premultiplied
from watercolor_rig.imaging.splatting import Weights

_CONTEXT_PX = 64
"""Still surroundings on every side: the coarse levels of the search need them to tell a part from its ground."""

_RIM_PX = 4.0
"""Motion fades out over this distance from the region's border, where both ends are equal: no seam."""


class Candidate(Protocol):
    """Draws one region at any share of the way."""

    @property
    def method(self) -> str:
        """How it draws, for the manifest."""
        ...

    @property
    def confidence(self) -> float:
        """How likely the result is good, 0 to 1, judged without knowing the truth."""
        ...

    def at(self, share: float) -> Premultiplied:
        """Return the region's box at `share` (0 < share < 1): float32, (box height, box width, 4)."""
        ...


class FlowCandidate:
    """Moves the pixels of both ends along their optical flow and blends them by what is hidden in which.

    Args:
        pair: The two ends.
        region: The region to draw.
    """

    method = "flow"
    confidence = 0.5
    """What shapes must be better than: flow says nothing about itself."""

    def __init__(self, pair: PicturePair, region: Region) -> None:
        self._pair = pair
        box = region.box.grown(_CONTEXT_PX, pair.start.shape)
        self._cut = box.slices()
        self._inner = (
            slice(region.box.top - box.top, region.box.bottom - box.top),
            slice(region.box.left - box.left, region.box.right - box.left),
        )
        freedom = np.zeros((box.bottom - box.top, box.right - box.left), dtype=np.float32)
        height, width = pair.start.shape[:2]
        freedom[self._inner] = freedom_of(region, (width, height))
        self._motion = estimate_motion(*self._ends(), freedom)

    def at(self, share: float) -> Premultiplied:
        """Return the region's box at `share` of the way."""
        return between(*self._ends(), self._motion, share)[self._inner]

    def _ends(self) -> tuple[Premultiplied, Premultiplied]:
        return to_premultiplied(self._pair.start[self._cut]), to_premultiplied(self._pair.end[self._cut])


def freedom_of(region: Region, picture: Size) -> Weights:
    """Return how freely each pixel of a region's box may move: float32, the box's shape.

    It is 0 outside the region and rises to 1 over the rim inside it.

    The edge of the picture is no rim: what leaves the picture may move there.
    """
    framed = np.pad(region.mask.astype(np.uint8), 1, mode="edge")
    width, height = picture
    framed[0] *= region.box.top == 0
    framed[-1] *= region.box.bottom == height
    framed[:, 0] *= region.box.left == 0
    framed[:, -1] *= region.box.right == width
    depth_px = np.asarray(cv2.distanceTransform(framed, cv2.DIST_L2, 5), dtype=np.float32)[1:-1, 1:-1]
    freedom: Weights = np.minimum(depth_px / np.float32(_RIM_PX), np.float32(1)).astype(np.float32)
    return freedom
