"""Motion between two pictures, and the picture at any share of the way.

Dense inverse search (Kroeger et al., "Fast optical flow using dense inverse search", ECCV 2016; OpenCV) runs both
ways. A motion that the way back does not undo is occluded or wrong (Sundaram et al., ECCV 2010) and counts for
little. For a share t of the way both motions are splatted to t and merged into ONE field, from which both pictures
are sampled: two separately scaled fields would draw every edge twice.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey
from watercolor_rig.imaging.splatting import Motion, Weights, fill, splat

_LEAST_SIDE_PX = 64
"""Smaller pictures are padded to this, below which dense inverse search has no coarse level to start from."""

_DESCENT_STEPS = 50
_PATCH_STRIDE_PX = 2
_FLOOR_OF_TRUST = np.float32(0.05)
_STEEPNESS = np.float32(10)
_PRIOR = 0.02
_EVEN_OUT = np.float32(0.05)
_BLUR_PX = 2.0
_MEDIAN_PX = 5
_GUESS_SIDE_PX = 512
_GUESS_HELPS = 0.7


@dataclass(frozen=True, slots=True)
class MotionPair:
    """Motion between two pictures of one size, both ways.

    Attributes:
        forward: From each pixel of the first to the second, in pixels.
        backward: From each pixel of the second to the first.
        forward_trust: 0 to about 1, how much each forward motion counts: near 0 where it is occluded or wrong.
        backward_trust: The same for `backward`.
        freedom: 0 to 1, how freely a pixel may move at any share of the way.
    """

    forward: Motion
    backward: Motion
    forward_trust: Weights
    backward_trust: Weights
    freedom: Weights


def estimate_motion(first: Premultiplied, second: Premultiplied, freedom: Weights) -> MotionPair:
    """Estimate the motion between two pictures.

    Args:
        first: float32, (height, width, 4), premultiplied; any size from 1×1.
        second: The same shape.
        freedom: 0 to 1, how freely a pixel may move: 0 holds it still.
    """
    grey = _padded_grey(first), _padded_grey(second)
    height, width = freedom.shape
    flows = []
    for source, target in (grey, grey[::-1]):
        flow = np.asarray(_search().calc(source, target, _first_guess(source, target)), dtype=np.float32)
        flows.append(flow[:height, :width] * freedom[..., None])
    forward, backward = flows
    return MotionPair(
        forward,
        backward,
        _trust(first, second, forward, backward),
        _trust(second, first, backward, forward),
        freedom,
    )


def between(first: Premultiplied, second: Premultiplied, motion: MotionPair, share: float) -> Premultiplied:
    """Return the picture at `share` of the way from `first` to `second`.

    Where only one side can be trusted (the other is occluded) its pixels prevail; where neither can, the two
    dissolve along the motion of their surroundings instead of being torn apart.

    Args:
        first: float32, (height, width, 4), premultiplied.
        second: The same shape.
        motion: What `estimate_motion` returned for them.
        share: Strictly between 0 and 1.

    Returns:
        float32, (height, width, 4), premultiplied.
    """
    t = np.float32(share)
    path = motion_at(motion, t)
    to_first, to_second = -t * path, (1 - t) * path
    trust_1 = _blurred(warp(motion.forward_trust, to_first)) + _EVEN_OUT
    trust_2 = _blurred(warp(motion.backward_trust, to_second)) + _EVEN_OUT
    blend = (t * trust_2 / ((1 - t) * trust_1 + t * trust_2))[..., None]
    mixed = warp(first, to_first) * (1 - blend) + warp(second, to_second) * blend
    return mixed.astype(np.float32, copy=False)


def motion_at(motion: MotionPair, t: np.float32) -> Motion:
    """Return the motion from first to second of what is at each pixel at share `t` (0 < t < 1)."""
    sums_1, weights_1 = splat(motion.forward, motion.forward_trust, t * motion.forward)
    sums_2, weights_2 = splat(-motion.backward, motion.backward_trust, (1 - t) * motion.backward)
    path = fill(sums_1 * (1 - t) + sums_2 * t, weights_1 * (1 - t) + weights_2 * t, _PRIOR)
    smooth = [cv2.medianBlur(np.ascontiguousarray(path[..., axis]), _MEDIAN_PX) for axis in (0, 1)]
    held: Motion = np.stack(smooth, axis=2).astype(np.float32) * motion.freedom[..., None]
    return held


def warp(values: npt.NDArray[np.float32], displacement: Motion) -> npt.NDArray[np.float32]:
    """Return `values` sampled (bilinear) at each pixel's place plus its displacement.

    Args:
        values: float32, (height, width) or (height, width, channels); beyond its edge the edge repeats.
        displacement: float32, (height, width, 2), in pixels.
    """
    height, width = displacement.shape[:2]
    x = np.arange(width, dtype=np.float32) + displacement[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + displacement[..., 1]
    sampled = cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled, dtype=np.float32)


def _trust(source: Premultiplied, target: Premultiplied, there: Motion, back: Motion) -> Weights:
    """Return how much a motion counts: little if the way back does not undo it or the colours found differ."""
    returned = warp(back, there)
    miss = ((there + returned) ** 2).sum(axis=2)
    allowed = 1 + np.float32(0.02) * ((there**2).sum(axis=2) + (returned**2).sum(axis=2))
    strangeness = np.abs(over_grey(source) - over_grey(warp(target, there))).max(axis=2)
    trust: Weights = np.exp(-_STEEPNESS * strangeness) * (np.exp(-miss / allowed) + _FLOOR_OF_TRUST)
    return trust


def _padded_grey(picture: Premultiplied) -> npt.NDArray[np.uint8]:
    grey = np.rint(cv2.cvtColor(over_grey(picture), cv2.COLOR_RGB2GRAY) * 255).astype(np.uint8)
    height, width = grey.shape
    lacking = max(0, _LEAST_SIDE_PX - height), max(0, _LEAST_SIDE_PX - width)
    return np.asarray(cv2.copyMakeBorder(grey, 0, lacking[0], 0, lacking[1], cv2.BORDER_REPLICATE), dtype=np.uint8)


def _first_guess(source: npt.NDArray[np.uint8], target: npt.NDArray[np.uint8]) -> Motion:
    """Return one shift for all where that explains most of the difference (a head that moves), else no motion."""
    height, width = source.shape
    guess = np.zeros((height, width, 2), dtype=np.float32)
    scale = min(1.0, _GUESS_SIDE_PX / max(height, width))
    small = [
        cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
        for grey in (source, target)
    ]
    window = cv2.createHanningWindow((small[0].shape[1], small[0].shape[0]), cv2.CV_32F)
    (right, down), _ = cv2.phaseCorrelate(small[0], small[1], window)
    shift = np.array([[1, 0, right], [0, 1, down]], dtype=np.float32)
    size = (small[0].shape[1], small[0].shape[0])
    moved = cv2.warpAffine(small[0], shift, size, borderMode=cv2.BORDER_REPLICATE)
    if np.abs(moved - small[1]).mean() < _GUESS_HELPS * np.abs(small[0] - small[1]).mean():
        guess[...] = (right / scale, down / scale)
    return guess


def _search() -> cv2.DISOpticalFlow:
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setGradientDescentIterations(_DESCENT_STEPS)
    search.setPatchStride(_PATCH_STRIDE_PX)
    return search


def _blurred(weights: Weights) -> Weights:
    return np.asarray(cv2.GaussianBlur(weights, (0, 0), _BLUR_PX), dtype=np.float32)
