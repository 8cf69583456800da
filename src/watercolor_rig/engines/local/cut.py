"""A region cut out of a pair, with the still surroundings that tell a part from its ground."""

from dataclasses import dataclass

import cv2
import numpy as np

from watercolor_rig.imaging.change import Box, Region
from watercolor_rig.imaging.composing import PicturePair
from watercolor_rig.imaging.picture import Size
from watercolor_rig.imaging.premultiplied import Premultiplied, to_premultiplied
from watercolor_rig.imaging.splatting import Weights

_CONTEXT_PX = 64
"""Still surroundings on every side: the coarse levels of the search need them to tell a part from its ground."""

_RIM_PX = 4.0
"""Motion fades out over this distance from the region's border, where both ends are equal: no seam."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """What every candidate of a region draws from.

    Attributes:
        region: The region.
        box: The region's box with surroundings, in the picture.
        inner: Index of the region's box in the arrays of the cut.
        first: The start: float32, (box height, box width, 4).
        second: The end, of the same shape.
        freedom: 0 outside the region, rising to 1 over the rim inside it: how freely a pixel may move.
    """

    region: Region
    box: Box
    inner: tuple[slice, slice]
    first: Premultiplied
    second: Premultiplied
    freedom: Weights


def cut_out(pair: PicturePair, region: Region) -> Cut:
    """Cut a region out of a pair."""
    box = region.box.grown(_CONTEXT_PX, pair.start.shape)
    inner = (
        slice(region.box.top - box.top, region.box.bottom - box.top),
        slice(region.box.left - box.left, region.box.right - box.left),
    )
    freedom = np.zeros((box.bottom - box.top, box.right - box.left), dtype=np.float32)
    height, width = pair.start.shape[:2]
    freedom[inner] = freedom_of(region, (width, height))
    place = box.slices()
    return Cut(region, box, inner, to_premultiplied(pair.start[place]), to_premultiplied(pair.end[place]), freedom)


def freedom_of(region: Region, picture: Size) -> Weights:
    """Return 0 outside the region, rising to 1 over the rim inside it: float32, the box's shape.

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
