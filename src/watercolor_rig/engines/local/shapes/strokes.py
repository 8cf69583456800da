"""A line that bends and slides: its middle goes straight to where it must be, its width is kept in its own frame."""

import numpy as np

from watercolor_rig.engines.local.shapes.correspondence import SIDE_POINTS, opposite
from watercolor_rig.engines.local.shapes.outlines import Points


def bent(first: Points, second: Points, share: float) -> Points:
    """Return the outline of a stroke at `share` of the way between two.

    Args:
        first: A loop along one side and back along the other, as `Correspondence` has them.
        second: The other end's.
        share: 0 to 1.
    """
    middle_1, half_1 = _middle_and_half(first)
    middle_2, half_2 = _middle_and_half(second)
    middle = middle_1 * (1 - share) + middle_2 * share
    half = half_1 * (1 - share) + half_2 * share
    way = _way(middle)
    across = np.stack([-way[:, 1], way[:, 0]], axis=1)
    offset = way * half[:, :1] + across * half[:, 1:]
    return np.vstack([middle + offset, (middle - offset)[-2:0:-1]])


def _middle_and_half(loop: Points) -> tuple[Points, Points]:
    one, other = loop[:SIDE_POINTS], opposite(loop)[:SIDE_POINTS]
    middle, half = (one + other) / 2, (one - other) / 2
    way = _way(middle)
    own = np.stack([(half * way).sum(axis=1), half[:, 1] * way[:, 0] - half[:, 0] * way[:, 1]], axis=1)
    return middle, own


def _way(middle: Points) -> Points:
    """Return the direction of a middle line, steady over its ends."""
    way = np.gradient(middle, axis=0)
    way[:10], way[-10:] = middle[14] - middle[8], middle[-9] - middle[-15]
    kernel = np.array([1, 2, 3, 2, 1]) / 9
    smooth = np.stack([np.convolve(np.pad(way[:, axis], 2, mode="edge"), kernel, "valid") for axis in (0, 1)], axis=1)
    unit: Points = smooth / np.maximum(np.hypot(*smooth.T), 1e-6)[:, None]
    return unit
