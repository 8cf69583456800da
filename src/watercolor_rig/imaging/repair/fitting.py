"""Where a redrawn picture lies on its reference: the similarity transform that what stands still agrees on.

First features (SIFT, Lowe, IJCV 2004) and RANSAC at a quarter of a megapixel: any shift that is left in the picture is
found, whatever its size. Then corners are tracked at full size (Lucas & Kanade, IJCAI 1981) in the answer that was
already moved by what is known, and the transform is refitted with Tukey's weights: a corner that an expression moved
has no say. The second pass corrects what the first one's warp left over: the error is some hundredths of a pixel.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Box, Mask
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.repair.levels import grey_levels, seen_levels

Grey: TypeAlias = npt.NDArray[np.uint8]
Picture = TypeVar("Picture", npt.NDArray[np.uint8], npt.NDArray[np.float32])
Points: TypeAlias = npt.NDArray[np.float32]
Matrix: TypeAlias = npt.NDArray[np.float64]

_COARSE_PX = 560
"""Larger side at which features are matched."""

_FEATURES = 700
_RATIO = 0.8
_RANSAC_PX = 2.5
_CORNERS = 500
_WINDOW_PX = 21
_PASSES = 2
_LEAST_SIDE_PX = 48
_LEAST_POINTS = 8
_ROUNDS = 8
"""Reweighted fits per pass; the weights settle after four or five."""

_SLID_LEAST = 15
_SLID_SHARE = 0.03
_SLID_SPREAD = (0.1, 0.3)
"""Corners that slid together count when they are this share of all, over these parts of the drawing's two extents."""

_SANE = (0.5, 2.0)
"""Scales outside of this come from corners that have nothing to do with each other."""

_TUKEY = 4.685
_LEAST_SIGMA_PX = 0.04

_NO_MOVE_PX = 0.06
"""A transform that moves no corner of the frame by more than this is none: resampling would only blur."""


@dataclass(frozen=True, slots=True)
class FitLimits:
    """From where on a fit is not believed; a wrong warp damages more than none.

    Attributes:
        inliers: Fewest tracked corners that must agree.
        inlier_share: Least share of the tracked corners that must agree.
        spread: Least share of the drawing's extent, in each direction, over which those must be spread.
        shift_share: Largest shift, as a share of the larger side.
        scale: Largest change of size, as a share.
        rotation_deg: Largest rotation.
        residual_px: Largest root mean square distance of those that agree.
    """

    inliers: int = 12
    inlier_share: float = 0.2
    spread: float = 0.3
    shift_share: float = 0.08
    scale: float = 0.1
    rotation_deg: float = 6.0
    residual_px: float = 1.2


LIMITS = FitLimits()


@dataclass(frozen=True, slots=True)
class FitReport:
    """How a picture lies on its reference; the identity where nothing was moved.

    Attributes:
        shift_px: How far the still part had slid, in pixels: the mean over the corners that agree.
        scale: Size of the picture's figure relative to the reference's; 1 is equal.
        rotation_deg: How far the figure was turned, degrees, clockwise as one sees it.
        inliers: Tracked corners that agree on this; 0 where none were needed.
        inlier_share: Their share of all that could be tracked.
        residual_px: Root mean square distance of those from where the fit puts them.
        trusted: Whether the fit may be used.
        reason: Why it may not, in words; empty where it may.
        slid_px: How far a large part of the drawing, say the figure before its ground, had slid against the rest, in
            pixels; 0 where all of it moved as one. One transform cannot undo this.
        matrix: The six numbers, row by row, that take a place of the reference to its place in the picture (x, y, px).
    """

    shift_px: float = 0.0
    scale: float = 1.0
    rotation_deg: float = 0.0
    inliers: int = 0
    inlier_share: float = 1.0
    residual_px: float = 0.0
    trusted: bool = True
    reason: str = ""
    slid_px: float = 0.0
    matrix: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

    def moves(self, shape: tuple[int, ...]) -> bool:
        """Return whether undoing it would move any corner of a frame of `shape` (height, width, …) noticeably."""
        height, width = shape[:2]
        corners = np.array([(0, 0), (width, 0), (0, height), (width, height)], np.float64)
        matrix = np.asarray(self.matrix, np.float64).reshape(2, 3)
        away = corners @ matrix[:, :2].T + matrix[:, 2] - corners
        return bool(np.linalg.norm(away, axis=1).max() > _NO_MOVE_PX)


def grey_of(pixels: Rgba) -> Grey:
    """Return a picture as it is seen over mid grey, without colour: uint8, (height, width)."""
    return grey_levels(seen_levels(pixels))


def fit(answer: Grey, reference: Grey, still: Mask | None = None, limits: FitLimits = LIMITS) -> FitReport:
    """Return where `answer` lies on `reference`.

    Args:
        answer: uint8, (height, width): what came back.
        reference: The same shape: what it was made from.
        still: bool, the same shape: where nothing may have changed; None where that is not known.
        limits: From where on the fit is not believed.
    """
    if min(reference.shape) < _LEAST_SIDE_PX:
        return _untrusted("the picture is too small to find features in")
    cv2.setRNGSeed(0)
    points = _corners(reference, still)
    if len(points) < limits.inliers:
        return _untrusted("what stands still has too few corners to hold on to")
    found = None
    for coarse in (_coarse, _unmoved):
        start = coarse(answer, reference)
        if start is not None:
            made = _refined(answer, reference, points, start, limits)
            if made.trusted:
                return made
            found = found or made
    return found or _untrusted("the two pictures share too few features: they hardly show the same drawing")


def undo(picture: Picture, report: FitReport, box: Box | None = None) -> Picture:
    """Return a picture, or a part of it, moved onto its reference, by cubic interpolation.

    Args:
        picture: (height, width) or (height, width, 4), premultiplied; uint8 or float32.
        report: Where it lies.
        box: The part of the reference to make; None is all of it.

    Returns:
        The same type, in the size of the box; what lies outside of the picture's frame repeats its border.
    """
    box = Box(0, 0, picture.shape[1], picture.shape[0]) if box is None else box
    if not report.moves(picture.shape):
        return np.ascontiguousarray(picture[box.slices()])
    matrix = np.asarray(report.matrix, np.float64).reshape(2, 3).copy()
    matrix[:, 2] += matrix[:, :2] @ (box.left, box.top)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (box.right - box.left, box.bottom - box.top)
    return np.asarray(
        cv2.warpAffine(picture, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), picture.dtype
    )


def known_after(report: FitReport, shape: tuple[int, ...]) -> Mask:
    """Return which places of the reference lie within the picture's frame, a pixel from its border.

    Args:
        report: Where the picture lies.
        shape: (height, width, …) of both.
    """
    height, width = shape[:2]
    if not report.moves(shape):
        return np.ones((height, width), np.bool_)
    matrix = np.asarray(report.matrix, np.float64).reshape(2, 3)
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    at_x = matrix[0, 0] * x + (matrix[0, 1] * y + matrix[0, 2])
    at_y = matrix[1, 0] * x + (matrix[1, 1] * y + matrix[1, 2])
    inside: Mask = (at_x >= 1) & (at_x <= width - 2) & (at_y >= 1) & (at_y <= height - 2)
    return inside


def _untrusted(reason: str) -> FitReport:
    return FitReport(inlier_share=0.0, trusted=False, reason=reason)


def _corners(reference: Grey, still: Mask | None) -> Points:
    """Return corners spread over the drawing, float32 (n, 2) as x, y."""
    apart_px = max(4, round(max(reference.shape) / 90))
    mask = None if still is None else still.astype(np.uint8)
    found = cv2.goodFeaturesToTrack(reference, _CORNERS, 0.004, apart_px, mask=mask, blockSize=5)
    return np.asarray(found if found is not None else np.empty((0, 1, 2)), np.float32).reshape(-1, 2)


def _unmoved(_answer: Grey, _reference: Grey) -> Matrix:
    return np.eye(2, 3)


def _coarse(answer: Grey, reference: Grey) -> Matrix | None:
    """Return the transform from reference to answer that most matched features agree on."""
    factor = min(1.0, _COARSE_PX / max(reference.shape))
    small = [cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) for grey in (reference, answer)]
    sift = cv2.SIFT.create(nfeatures=_FEATURES)
    (points_1, features_1), (points_2, features_2) = (sift.detectAndCompute(grey, None) for grey in small)
    if min(len(points_1), len(points_2)) < _LEAST_POINTS:
        return None
    nearest = cv2.BFMatcher(cv2.NORM_L2).knnMatch(features_1, features_2, k=2)
    good = [pair[0] for pair in nearest if len(pair) > 1 and pair[0].distance < _RATIO * pair[1].distance]
    if len(good) < _LEAST_POINTS:
        return None
    start = np.array([points_1[match.queryIdx].pt for match in good], np.float32)
    end = np.array([points_2[match.trainIdx].pt for match in good], np.float32)
    matrix, _ = cv2.estimateAffinePartial2D(start, end, method=cv2.RANSAC, ransacReprojThreshold=_RANSAC_PX)
    turned = np.asarray(matrix, np.float64)
    if turned.shape != (2, 3):
        return None
    # INTER_AREA puts the centre of pixel (0, 0) of the small picture at (1/factor - 1) / 2 of the large one.
    centre = (1 / factor - 1) / 2
    turned[:, 2] = turned[:, 2] / factor + centre - turned[:, :2] @ np.full(2, centre)
    return turned


def _refined(answer: Grey, reference: Grey, points: Points, start: Matrix, limits: FitLimits) -> FitReport:
    slid_px = 0.0
    matrix, agree, tracked, residual_px = start, np.zeros(0, np.bool_), 0, 0.0
    for _ in range(_PASSES):
        at = _tracked(answer, reference, points, matrix)
        known = np.isfinite(at).all(axis=1)
        tracked = int(known.sum())
        if tracked < _LEAST_POINTS:
            return _untrusted("the drawing's corners are not found again in the picture")
        fitted, weights, residual_px = _robust_similarity(points[known], at[known])
        agree = np.zeros(len(points), np.bool_)
        agree[known] = weights > 0.1  # noqa: PLR2004 - what is weighed less has no say
        matrix = fitted
        slid_px = _slid_part(points[known], at[known], matrix, weights)
    found = _judged(matrix, points, agree, tracked, residual_px, reference, limits)
    return replace(found, slid_px=slid_px)


def _slid_part(start: Points, end: Points, matrix: Matrix, weights: npt.NDArray[np.float64]) -> float:
    """Return how far corners that do not agree had slid together, in pixels; 0 unless they are many and far spread."""
    alone = weights <= 0
    if int(alone.sum()) < _SLID_LEAST:
        return 0.0
    second, inliers = cv2.estimateAffinePartial2D(
        start[alone], end[alone], method=cv2.RANSAC, ransacReprojThreshold=1.5, maxIters=1000
    )
    if np.asarray(second).shape != (2, 3):
        return 0.0
    together = np.asarray(inliers).reshape(-1) > 0
    there = start[alone][together]
    if len(there) < max(_SLID_LEAST, _SLID_SHARE * len(start)):
        return 0.0
    spread = np.ptp(there, axis=0) / np.maximum(1, np.ptp(start, axis=0))
    if spread.min() < _SLID_SPREAD[0] or spread.max() < _SLID_SPREAD[1]:
        return 0.0
    away = end[alone][together] - (there @ matrix[:, :2].T + matrix[:, 2])
    return float(np.median(np.linalg.norm(away, axis=1)))


def _tracked(answer: Grey, reference: Grey, points: Points, matrix: Matrix) -> Points:
    """Return where corners of the reference lie in the answer, float32 (n, 2); NaN where they were lost."""
    height, width = reference.shape
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(answer, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    even = _evened(np.asarray(moved, np.uint8), reference)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 0.003)
    before = points.reshape(-1, 1, 2)
    at, status, _ = cv2.calcOpticalFlowPyrLK(
        reference, even, before, before.copy(), winSize=(_WINDOW_PX, _WINDOW_PX), maxLevel=3, criteria=criteria
    )
    places = np.asarray(at, np.float64).reshape(-1, 2) @ matrix[:, :2].T + matrix[:, 2]
    places[np.asarray(status).reshape(-1) == 0] = np.nan
    return places.astype(np.float32)


def _evened(moved: Grey, reference: Grey) -> Grey:
    """Return `moved` in the lightness of `reference`: tracking takes brightness to be constant."""
    ours, theirs = np.percentile(moved[::4, ::4], (5, 95)), np.percentile(reference[::4, ::4], (5, 95))
    gain = float(np.clip((theirs[1] - theirs[0]) / max(1.0, ours[1] - ours[0]), 0.8, 1.25))
    return np.asarray(cv2.convertScaleAbs(moved, alpha=gain, beta=float(theirs.mean() - gain * ours.mean())), np.uint8)


def _robust_similarity(start: Points, end: Points) -> tuple[Matrix, npt.NDArray[np.float64], float]:
    """Fit end = s·R·start + t with Tukey's weights, beginning from RANSAC; returns it, the weights and the RMS."""
    first, _ = cv2.estimateAffinePartial2D(start, end, method=cv2.RANSAC, ransacReprojThreshold=1.0, maxIters=2000)
    matrix = np.asarray(first, np.float64) if first is not None else np.eye(2, 3)
    weights = np.ones(len(start), np.float64)
    distance = np.zeros(len(start), np.float64)
    for _ in range(_ROUNDS):
        distance = np.linalg.norm(start @ matrix[:, :2].T + matrix[:, 2] - end, axis=1)
        near = np.sort(distance)[: max(_LEAST_POINTS, len(distance) * 2 // 5)]
        sigma = max(_LEAST_SIGMA_PX, 1.4826 * float(np.median(near)) * 1.5)
        weights = np.square(np.clip(1 - np.square(distance / (_TUKEY * sigma)), 0, None))
        if (weights > 0).sum() < _LEAST_POINTS:
            break
        matrix = _weighted_similarity(start, end, weights)
    rms = float(np.sqrt((weights * distance**2).sum() / max(1e-9, weights.sum())))
    return matrix, weights, rms


def _weighted_similarity(start: Points, end: Points, weights: npt.NDArray[np.float64]) -> Matrix:
    """Return the least squares similarity (Umeyama, PAMI 1991, in two dimensions)."""
    total = weights.sum()
    middle_1 = (weights[:, None] * start).sum(axis=0) / total
    middle_2 = (weights[:, None] * end).sum(axis=0) / total
    a, b = start - middle_1, end - middle_2
    along = (weights * (a * b).sum(axis=1)).sum()
    across = (weights * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])).sum()
    length = max(1e-9, float((weights * (a * a).sum(axis=1)).sum()))
    cos, sin = along / length, across / length
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([turn, middle_2 - turn @ middle_1])


def _judged(  # noqa: PLR0913, PLR0917 - what a report is made of
    matrix: Matrix,
    points: Points,
    agree: npt.NDArray[np.bool_],
    tracked: int,
    residual_px: float,
    reference: Grey,
    limits: FitLimits,
) -> FitReport:
    if not _SANE[0] < float(np.hypot(matrix[0, 0], matrix[1, 0])) < _SANE[1]:
        return _untrusted("the drawing's corners are not found again in the picture: it was drawn anew")
    inliers = int(agree.sum())
    used = points[agree] if inliers else points
    away = used @ matrix[:, :2].T + matrix[:, 2] - used
    shift_px = float(np.linalg.norm(away, axis=1).mean())
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    rotation = float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))
    share = inliers / max(1, tracked)
    extent = np.maximum(1, np.ptp(points, axis=0))
    spread = float((np.ptp(used, axis=0) / extent).min())
    doubts = (
        (inliers < limits.inliers, f"only {inliers} corners agree on where the figure lies"),
        (
            share < limits.inlier_share,
            f"only {share:.0%} of the corners agree: the drawing was not edited but made anew",
        ),
        (spread < limits.spread, "what agrees lies in one small part of the drawing"),
        (abs(scale - 1) > limits.scale, f"the framing differs: the figure is {scale:.2f} times as large"),
        (
            shift_px > limits.shift_share * max(reference.shape),
            f"the framing differs: the figure slid {shift_px:.0f} px",
        ),
        (abs(rotation) > limits.rotation_deg, f"the figure is turned by {rotation:.1f} degrees"),
        (residual_px > limits.residual_px, f"what agrees is still {residual_px:.1f} px apart: redrawn part by part"),
    )
    reason = "; ".join(words for doubt, words in doubts if doubt)
    return FitReport(
        shift_px=shift_px,
        scale=scale,
        rotation_deg=rotation,
        inliers=inliers,
        inlier_share=share,
        residual_px=residual_px,
        trusted=not reason,
        reason=reason,
        matrix=tuple(float(value) for value in matrix.ravel()),
    )
