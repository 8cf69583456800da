"""Drawing by the learned flow: what it is good at is real motion, such as a gaze, a turn or a brow that slides."""

import threading
from collections import OrderedDict

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.cut import Cut
from watercolor_rig.engines.local.network import FlowNetwork, LearnedMotion, Seen
from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.flow import warp
from watercolor_rig.imaging.parts import Part
from watercolor_rig.imaging.picture import Size
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey

DRAFT_SIDE_PX = 512
"""A draft shows the network no more than this: with it every choice in the truth sets stays as it is, with half not."""

_CONTEXT_PX = 24
"""Surroundings of a part that the network sees, at least; the step of its size adds more."""

_MEMORY = 3
"""Pictures remembered: the positions that a choice is made by are the usual positions of frames."""


class LearnedCandidate:
    """Moves the pixels of both ends as the network says, part by part; premultiplied, so that edges keep their alpha.

    Args:
        cut: The region's surroundings.
        parts: The parts of the region.
        network: What knows the motion.
        side_px: Larger boxes are shown to the network at this size, their pixels still moved at their own.
    """

    method = "learned"

    def __init__(self, cut: Cut, parts: tuple[Part, ...], network: FlowNetwork, side_px: int | None = None) -> None:
        self._cut = cut
        self._parts = parts
        self._network = network
        self._side_px = side_px
        self._boxes = _boxes_around(parts, cut)
        self._made: OrderedDict[float, Premultiplied] = OrderedDict()
        self._lock = threading.Lock()

    def draft(self) -> "LearnedCandidate":
        """Return what draws about the same at a fraction of the cost; itself where that would save nothing."""
        if all(_scale(box, DRAFT_SIDE_PX) == 1 for box in self._boxes):
            return self
        return LearnedCandidate(self._cut, self._parts, self._network, DRAFT_SIDE_PX)

    def at(self, share: float) -> Premultiplied:
        """Return the region's box at `share` of the way."""
        with self._lock:
            if share not in self._made:
                self._made[share] = self._draw(share)
                if len(self._made) > _MEMORY:
                    self._made.popitem(last=False)
            return self._made[share]

    def _draw(self, share: float) -> Premultiplied:
        """Return the start with each box drawn into it, or the end from half way on: outside the boxes both agree."""
        whole = (self._cut.first if share < 0.5 else self._cut.second).copy()  # noqa: PLR2004 - half
        for box in self._boxes:
            cut = box.slices()
            first, second = self._cut.first[cut], self._cut.second[cut]
            freedom = self._cut.freedom[cut][..., None]
            motion = self._motion(box, over_grey(first), over_grey(second), share)
            mask = motion.mask[..., None]
            moved = warp(first, motion.to_first * freedom) * mask + warp(second, motion.to_second * freedom) * (
                1 - mask
            )
            whole[cut] = np.where(freedom > 0, moved, whole[cut])
        return whole[self._cut.inner].copy()

    def _motion(self, box: Box, first: Seen, second: Seen, share: float) -> LearnedMotion:
        scale = 1.0 if self._side_px is None else _scale(box, self._side_px)
        if scale == 1:
            return self._network.motion(first, second, share)
        height, width = first.shape[:2]
        small = max(1, round(width * scale)), max(1, round(height * scale))
        seen = self._network.motion(_resized(first, small), _resized(second, small), share)
        enlarged = np.array([width / small[0], height / small[1]], np.float32)
        return LearnedMotion(
            _resized(seen.to_first, (width, height)) * enlarged,
            _resized(seen.to_second, (width, height)) * enlarged,
            _resized(seen.mask, (width, height)),
        )


def _scale(box: Box, side_px: int) -> float:
    return min(1.0, side_px / max(box.right - box.left, box.bottom - box.top))


def _resized(values: npt.NDArray[np.float32], size: Size) -> npt.NDArray[np.float32]:
    how = cv2.INTER_AREA if size[0] < values.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, size, interpolation=how), dtype=np.float32)


def _boxes_around(parts: tuple[Part, ...], cut: Cut) -> list[Box]:
    """Return boxes within the cut that hold every part with context; those that overlap become one."""
    boxes: list[Box] = []
    for part in parts:
        inside = Box(
            part.box.left - cut.box.left,
            part.box.top - cut.box.top,
            part.box.right - cut.box.left,
            part.box.bottom - cut.box.top,
        )
        box = inside.grown(_CONTEXT_PX, cut.first.shape)
        while meeting := [other for other in boxes if _meet(box, other)]:
            boxes = [other for other in boxes if other not in meeting]
            for other in meeting:
                box = Box(
                    min(box.left, other.left),
                    min(box.top, other.top),
                    max(box.right, other.right),
                    max(box.bottom, other.bottom),
                )
        boxes.append(box)
    return boxes


def _meet(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
