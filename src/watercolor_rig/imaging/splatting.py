"""Throwing values forward along a motion, and filling what no value reached.

To know the motion at an in-between time, the motion known at the start must be carried to where its pixels are by
then. Scaling it in place is wrong at every edge of a moving part; forward splatting (Niklaus & Liu, "Softmax splatting
for video frame interpolation", CVPR 2020) carries it, and where two pixels meet, the one with more weight wins. Holes
are filled from ever coarser averages (pull-push, Gortler et al., "The Lumigraph", SIGGRAPH 1996).
"""

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Motion: TypeAlias = npt.NDArray[np.float32]
"""float32, (height, width, 2): displacement in pixels, x then y."""

Weights: TypeAlias = npt.NDArray[np.float32]
"""float32, (height, width), 0 or more."""

_COARSEST_PX = 4
_LEVELS = 6


def splat(values: Motion, weights: Weights, motion: Motion) -> tuple[Motion, Weights]:
    """Carry weighted values along a motion and add up what lands on each pixel (bilinear).

    Args:
        values: float32, (height, width, 2), what is carried.
        weights: How much each value counts where several land on one pixel.
        motion: How far each value travels, in pixels.

    Returns:
        The sums of weight × value, and the sums of the weights (0 where nothing landed).
    """
    height, width = weights.shape
    x = np.arange(width, dtype=np.float32) + motion[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + motion[..., 1]
    left, top = np.floor(x), np.floor(y)
    sums = np.zeros((3, height * width))
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        share = weights * (1 - np.abs(x - left - dx)) * (1 - np.abs(y - top - dy))
        column, row = left.astype(np.intp) + dx, top.astype(np.intp) + dy
        lands = (share > 0) & (column >= 0) & (column < width) & (row >= 0) & (row < height)
        index, amount = (row * width + column)[lands], share[lands]
        sums[2] += np.bincount(index, amount, height * width)
        for axis in (0, 1):
            sums[axis] += np.bincount(index, amount * values[..., axis][lands], height * width)
    planes = sums.reshape(3, height, width).astype(np.float32)
    return np.ascontiguousarray(planes[:2].transpose(1, 2, 0)), planes[2]


def fill(sums: Motion, weights: Weights, prior: float) -> Motion:
    """Return the mean values, where little or nothing landed drawn towards the mean of the surroundings.

    Args:
        sums: As `splat` returns them.
        weights: As `splat` returns them.
        prior: Weight of the surroundings against what landed on a pixel itself.
    """
    levels = [(sums, weights)]
    while min(levels[-1][1].shape) >= _COARSEST_PX and len(levels) < _LEVELS:
        fine_sums, fine_weights = levels[-1]
        levels.append((_array(cv2.pyrDown(fine_sums)), _array(cv2.pyrDown(fine_weights))))
    coarsest_sums, coarsest_weights = levels.pop()
    mean = coarsest_sums / (coarsest_weights + np.float32(1e-9))[..., None]
    for level_sums, level_weights in reversed(levels):
        height, width = level_weights.shape
        around = _array(cv2.pyrUp(mean, dstsize=(width, height)))
        mean = (level_sums + prior * around) / (level_weights + prior)[..., None]
    return mean.astype(np.float32)


def _array(value: object) -> npt.NDArray[np.float32]:
    return np.asarray(value, dtype=np.float32)
