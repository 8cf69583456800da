"""Ways to draw one region at any share of the way; the seam for further ones.

A candidate is made once per region and pair, so that its choice and its costly work never differ between the frames
of one sequence.
"""

from typing import Protocol

import numpy as np

from watercolor_rig.engines.local.cut import Cut
from watercolor_rig.imaging.flow import between, estimate_motion
from watercolor_rig.imaging.premultiplied import Premultiplied


class Candidate(Protocol):
    """Draws one region at any share of the way."""

    @property
    def method(self) -> str:
        """How it draws, for the manifest."""
        ...

    def at(self, share: float) -> Premultiplied:
        """Return the region's box at `share` (0 < share < 1): float32, (box height, box width, 4)."""
        ...


class FlowCandidate:
    """Moves the pixels of both ends along their optical flow and blends them by what is hidden in which.

    Args:
        cut: The region with its surroundings.
    """

    method = "flow"

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self._motion = estimate_motion(cut.first, cut.second, cut.freedom)

    def at(self, share: float) -> Premultiplied:
        """Return the region's box at `share` of the way."""
        return between(self._cut.first, self._cut.second, self._motion, share)[self._cut.inner]


class FadeCandidate:
    """Dissolves one end into the other: shows both at once, but tears nothing.

    Args:
        cut: The region with its surroundings.
    """

    method = "fade"

    def __init__(self, cut: Cut) -> None:
        self._first = cut.first[cut.inner]
        self._second = cut.second[cut.inner]

    def at(self, share: float) -> Premultiplied:
        """Return the region's box at `share` of the way."""
        return self._first * np.float32(1 - share) + self._second * np.float32(share)
