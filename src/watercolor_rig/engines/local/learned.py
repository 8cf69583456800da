"""Drawing by the learned flow: what it is good at is real motion, such as a gaze, a turn or a brow that slides."""

import threading
from collections import OrderedDict

import numpy as np

from watercolor_rig.engines.local.cut import Cut
from watercolor_rig.engines.local.network import FlowNetwork
from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.flow import warp
from watercolor_rig.imaging.parts import Part
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey

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
    """

    method = "learned"

    def __init__(self, cut: Cut, parts: tuple[Part, ...], network: FlowNetwork) -> None:
        self._cut = cut
        self._network = network
        self._boxes = _boxes_around(parts, cut)
        self._made: OrderedDict[float, Premultiplied] = OrderedDict()
        self._lock = threading.Lock()

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
            motion = self._network.motion(over_grey(first), over_grey(second), share)
            mask = motion.mask[..., None]
            moved = warp(first, motion.to_first * freedom) * mask + warp(second, motion.to_second * freedom) * (
                1 - mask
            )
            whole[cut] = np.where(freedom > 0, moved, whole[cut])
        return whole[self._cut.inner].copy()


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
