"""What lies below the parts that were lifted off: completed from the other end, or from its surroundings."""

import numpy as np

from watercolor_rig.engines.local.shapes.filling import filled
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.flow import between, estimate_motion
from watercolor_rig.imaging.premultiplied import Premultiplied
from watercolor_rig.imaging.splatting import Weights

_STILL = 0.04


class Ground:
    """The drawing below the parts, at any share of the way.

    Args:
        first: float32, (height, width, 4).
        second: The same shape.
        lifted: For each end, bool: the pixels that show a lifted part.
        freedom: 0 to 1, how freely a pixel may move.
    """

    def __init__(
        self, first: Premultiplied, second: Premultiplied, lifted: tuple[Mask, Mask], freedom: Weights
    ) -> None:
        self.ends = completed(first, second, *lifted), completed(second, first, *lifted[::-1])
        self.moves = bool((np.abs(self.ends[0] - self.ends[1]).max(axis=2) * freedom > _STILL).any())
        self._motion = estimate_motion(*self.ends, freedom) if self.moves else None

    def at(self, share: float) -> Premultiplied:
        """Return the ground at `share` of the way."""
        if self._motion is not None and 0 < share < 1:
            return between(*self.ends, self._motion, share)
        mixed: Premultiplied = self.ends[0] * np.float32(1 - share) + self.ends[1] * np.float32(share)
        return mixed


def completed(own: Premultiplied, other: Premultiplied, lifted: Mask, lifted_there: Mask) -> Premultiplied:
    """Return an end without its lifted parts.

    Below them lies what the other end shows there, its colours brought to this end's as their surroundings are; where
    a part lies in both, the surroundings are continued.

    Args:
        own: float32, (height, width, 4).
        other: The other end.
        lifted: bool, what is lifted off this end.
        lifted_there: bool, what is lifted off the other.
    """
    shared = ~lifted & ~lifted_there
    offset = filled(own - other, shared) if shared.any() else np.zeros_like(own)
    known = np.where(lifted[..., None], other + offset, own)
    return np.clip(filled(known, ~(lifted & lifted_there)), 0, 1)
