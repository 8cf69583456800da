"""How good an in-between looks, judged without knowing the right one.

Four things give a bad one away. Patches that are in neither end: ghosts, smears, torn pieces. A change that does not
progress with time: a frame that stays at one end and pops. Edges that are softer than those of the ends, or more than
there can be: blur and tearing. And a sum of colours that is not on its way between the ends: something that is there
twice, or is lost.
"""

from dataclasses import asdict, dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Box, Mask

Seen = npt.NDArray[np.float32]
"""float32, (height, width, 3): colours from 0 to 1."""

_SHOWS = 0.02
"""Differences of colour up to here are no change."""

_SIDE_PX = 160
"""A part is looked at no larger than this: what cannot be seen at that size does not decide."""

_REACH_PX = 2
"""A patch is this far around its pixel: 5×5."""

_DIRECTIONS = 16
"""Patches are compared along their main directions only."""

_ASKED = 700
_OFFERED = 3000
"""Patches of the frame that are looked up, and patches of each end that they are looked up in, at most."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one part of one in-between; 0 is faultless throughout.

    Attributes:
        novelty: Distance of the patches to the nearest patch of either end, 90th percentile, in shares of full colour.
        lag: How far the progress of the change lies from t.
        softness: Share of edge energy that is missing against the ends.
        clutter: Share of edge energy above that of the ends.
        imbalance: How far the sum of colours lies from where it should be by t, as a share of the change.
    """

    novelty: float
    lag: float
    softness: float
    clutter: float
    imbalance: float

    @property
    def badness(self) -> float:
        """All in one number, 0 and more; less is better. The weights are those of `docs/benchmarks.md`."""
        return sum(_WEIGHTS[name] * value for name, value in asdict(self).items())


_WEIGHTS = {"novelty": 5.0, "lag": 1.0, "softness": 1.0, "clutter": 1.0, "imbalance": 1.0}
_TOLERATED_LAG = 0.15


def judge(made: Seen, first: Seen, second: Seen, area: Mask, share: float) -> Verdict:
    """Judge one part of an in-between.

    Args:
        made: The in-between over mid grey, cut to the part.
        first: The start, likewise.
        second: The end.
        area: bool, (height, width): the pixels of the part.
        share: Where the in-between is, 0 to 1.
    """
    changed = area & ((_difference(first, second) > _SHOWS) | (_difference(made, first) > _SHOWS))
    if not changed.any():
        return Verdict(0.0, 0.0, 0.0, 0.0, 0.0)
    to_first, to_second = (float(np.abs(made - end)[changed].sum()) for end in (first, second))
    progress = to_first / max(to_first + to_second, 1e-6)
    energies = [_edge_energy(picture, changed) for picture in (first, second, made)]
    expected = energies[0] * (1 - share) + energies[1] * share
    sharpness = energies[2] / max(expected, 1e-6)
    mean = first * np.float32(1 - share) + second * np.float32(share)
    astray = float(np.abs((made - mean)[changed].sum(axis=0)).sum())
    change = float(np.abs(second - first)[changed].sum())
    return Verdict(
        novelty=_novelty(made, first, second, changed),
        lag=max(0.0, abs(progress - share) - _TOLERATED_LAG),
        softness=max(0.0, 1 - sharpness),
        clutter=max(0.0, sharpness - 1),
        imbalance=astray / max(change, 1e-6),
    )
