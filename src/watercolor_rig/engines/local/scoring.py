"""How good in-betweens look, judged without knowing the right ones.

Five things give bad ones away. Patches that are in neither end: ghosts, smears, torn pieces. A change that does not
progress with time, or in steps of different size: a shape that stays at one end and pops. Edges that are softer than
those of the ends, or more than there can be: blur and tearing. And a sum of colours that is not on its way between the
ends: something that is there twice, or is lost. What each counts for was fitted to pairs whose in-betweens are known.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Mask

Seen = npt.NDArray[np.float32]
"""float32, (height, width, 3): colours from 0 to 1."""

_SHOWS = 0.02
"""Differences of colour up to here are no change."""

_SIDE_PX = 256
"""A part is looked at no larger than this: what cannot be seen at that size does not decide."""

_REACH_PX = 2
"""A patch is this far around its pixel: 5×5."""

_DIRECTIONS = 16
"""Patches are compared along their main directions only."""

_PERCENTILE = 90
_LEAST = 1e-6

_TWICE = 0.5
"""More edges than this are no worse: a line that opens into a mouth has two."""

_ASKED = 500
_OFFERED = 2000
"""Patches of the frame that are looked up, and patches of each end that they are looked up in, at most."""


_WEIGHTS = {"novelty": 5.0, "lag": 0.3, "softness": 0.1, "clutter": 0.1, "imbalance": 0.1, "jerk": 0.2}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one part of some in-betweens; 0 is faultless throughout.

    Attributes:
        novelty: Distance of the patches to the nearest patch of either end, 90th percentile, in shares of full colour.
        lag: How far the progress of the change lies from t.
        softness: Share of edge energy that is missing against the ends.
        clutter: Share of edge energy above that of the ends, 0.5 at most.
        imbalance: How far the sum of colours lies from where it should be by t, as a share of the change.
        jerk: How unequal the steps from frame to frame are: standard deviation over mean.
    """

    novelty: float
    lag: float
    softness: float
    clutter: float
    imbalance: float
    jerk: float

    @property
    def badness(self) -> float:
        """All in one number, 0 and more; less is better."""
        return sum((_WEIGHTS[name] * value for name, value in asdict(self).items()), 0.0)

    def findings(self) -> dict[str, float]:
        """Return what the number is made of, by name."""
        return asdict(self)


def judge(frames: Sequence[Seen], ends: tuple[Seen, Seen], area: Mask, shares: Sequence[float]) -> Verdict:
    """Judge one part of some in-betweens of a pair.

    Args:
        frames: The in-betweens over mid grey, cut to the part; at least one.
        ends: The start and the end, likewise.
        area: bool, (height, width): the pixels of the part.
        shares: Where each in-between is, evenly from 0 to 1.
    """
    *small, start, end = (_at_a_glance(picture) for picture in (*frames, *ends))
    height, width = start.shape[:2]
    kept = cv2.resize(area.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    found = [_faults(frame, start, end, kept, share) for frame, share in zip(small, shares, strict=True)]
    steps = np.array([_difference(one, other)[kept].sum() for one, other in pairwise((start, *small, end))])
    novelty, lag, softness, clutter, imbalance = (float(value) for value in np.mean(found, axis=0))
    return Verdict(novelty, lag, softness, clutter, imbalance, float(steps.std() / max(steps.mean(), _LEAST)))


def _faults(
    made: Seen, first: Seen, second: Seen, area: Mask, share: float
) -> tuple[float, float, float, float, float]:
    """Return novelty, lag, softness, clutter and imbalance of one frame."""
    changed = area & ((_difference(first, second) > _SHOWS) | (_difference(made, first) > _SHOWS))
    if not changed.any():
        return 0.0, 0.0, 0.0, 0.0, 0.0
    to_first, to_second = (float(np.abs(made - end)[changed].sum()) for end in (first, second))
    progress = to_first / max(to_first + to_second, _LEAST)
    near = cv2.dilate(changed.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    energies = [_edge_energy(picture, near) for picture in (first, second, made)]
    sharpness = energies[2] / max(energies[0] * (1 - share) + energies[1] * share, _LEAST)
    mean = first * np.float32(1 - share) + second * np.float32(share)
    astray = float(np.abs((made - mean)[changed].sum(axis=0)).sum())
    return (
        _novelty(made, (first, second), changed),
        abs(progress - share),
        max(0.0, 1 - sharpness),
        min(max(0.0, sharpness - 1), _TWICE),
        astray / max(float(np.abs(second - first)[changed].sum()), _LEAST),
    )


def _at_a_glance(picture: Seen) -> Seen:
    """Return a picture at the size that it is looked at."""
    height, width = picture.shape[:2]
    scale = _SIDE_PX / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _difference(one: Seen, other: Seen) -> npt.NDArray[np.float32]:
    return np.asarray(np.abs(one - other).max(axis=2), dtype=np.float32)


def _edge_energy(picture: Seen, inside: Mask) -> float:
    """Return the sum of squared steps between neighbouring pixels: a soft edge has less than a sharp one."""
    down, across = np.diff(picture, axis=0)[:, :-1], np.diff(picture, axis=1)[:-1]
    return float(((down**2).sum(axis=2) + (across**2).sum(axis=2))[inside[:-1, :-1]].sum())


def _novelty(made: Seen, ends: tuple[Seen, Seen], changed: Mask) -> float:
    """Return how far the patches of a frame lie from the most similar patch near by in either end."""
    asked = _patches(made, changed, _ASKED)
    near = cv2.dilate(changed.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    offered = np.concatenate([_patches(end, near, _OFFERED) for end in ends])
    middle = offered.mean(axis=0)
    offered, asked = offered - middle, asked - middle
    main = np.asarray(cv2.eigen(_product(offered.T, offered.T))[2], dtype=np.float32)[:_DIRECTIONS]
    seen, sought = (_product(rows, main) for rows in (offered, asked))
    distances = (sought**2).sum(axis=1)[:, None] + (seen**2).sum(axis=1) - 2 * _product(sought, seen)
    nearest = np.sqrt(np.maximum(distances.min(axis=1), 0) / (2 * _REACH_PX + 1) ** 2)
    return float(np.percentile(nearest, _PERCENTILE))


def _product(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return one · otherᵀ; by OpenCV, which keeps to the one thread that a worker has."""
    return np.asarray(cv2.gemm(one, other, 1, np.empty((0, 0), np.float32), 0, flags=cv2.GEMM_2_T), dtype=np.float32)


def _patches(picture: Seen, centres: Mask, most: int) -> npt.NDArray[np.float32]:
    """Return the patches around some pixels, evenly picked: float32, (count, values)."""
    rows, columns = np.nonzero(centres)
    step = max(1, -(-len(rows) // most))
    rows, columns = rows[::step], columns[::step]
    framed = np.pad(picture, ((_REACH_PX, _REACH_PX), (_REACH_PX, _REACH_PX), (0, 0)), mode="edge")
    side = range(2 * _REACH_PX + 1)
    return np.concatenate([framed[rows + dy, columns + dx] for dy in side for dx in side], axis=1)
