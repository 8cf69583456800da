"""Continuing colours smoothly into places where they are not known (pull-push, Gortler et al., SIGGRAPH 1996)."""

import cv2
import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]


def filled(values: Values, known: npt.NDArray[np.bool_]) -> Values:
    """Return `values` where they are known, and elsewhere what their surroundings suggest.

    Args:
        values: float32, (height, width, channels).
        known: bool, (height, width); if nothing is known the answer is all zero.

    Returns:
        float32, the shape of `values`.
    """
    weights = known.astype(np.float32)
    levels = [(values * weights[..., None], weights)]
    while max(levels[-1][1].shape) > 1 and levels[-1][1].min() == 0:
        height, width = levels[-1][1].shape
        size = ((width + 1) // 2, (height + 1) // 2)
        sums, share = (cv2.resize(level, size, interpolation=cv2.INTER_AREA) for level in levels[-1])
        scale = np.where(share > 0, 1 / np.maximum(share, 1e-6), 0).astype(np.float32)
        levels.append((sums.reshape(*share.shape, -1) * scale[..., None], (share > 0).astype(np.float32)))
    answer = levels[-1][0]
    for fine, weight in levels[-2::-1]:
        wide = cv2.resize(answer, (weight.shape[1], weight.shape[0]), interpolation=cv2.INTER_LINEAR)
        answer = np.where(weight[..., None] > 0, fine, wide.reshape(fine.shape))
    return answer.astype(np.float32, copy=False)
