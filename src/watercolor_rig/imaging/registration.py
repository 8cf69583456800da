"""How well two pictures lie on each other, estimated without knowing the truth.

Hand-made expressions of one drawing share every line that does not move. Pictures from an image model, or drawn one
by one, often sit some pixels apart; in-betweens of such a pair swim as a whole, and nothing can be held still. Two
measures tell: the share of lines and edges that changed, and how far matched features lie apart (SIFT, Lowe, IJCV
2004). The median over all unambiguous matches is taken, not the best-fitting transform, because a figure that was
redrawn part by part has no transform to fit.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import over_grey, to_premultiplied

Grey = npt.NDArray[np.uint8]

_NOISE_LEVELS = 8
"""Differences up to here are noise of a lossy source or of an image model, not a change that one sees."""

_EDGE_LEVELS = 24
"""A pixel whose 3×3 neighbourhood spans more than this lies on a line or an edge."""

_SHARE_TO_LOOK_AT = 0.5
"""Below this share of changed lines the others coincide, so the pair is registered; hand-made pairs reach 0.45."""

_SHIFT_TO_WARN_PX = 1.5
"""From here on the outline of a still part visibly doubles."""

_LEAST_SIDE_PX = 64
"""Smaller pictures hold too few features to judge by."""

_LEAST_MATCHES = 10
_RATIO = 0.75
_RANSAC_PX = 3.0


@dataclass(frozen=True, slots=True)
class Registration:
    """What was estimated about a pair.

    Attributes:
        shift_px: How far matched features lie apart, median, in pixels; 0 where so much coincides that none were
            looked for.
        scale: Size of the second figure relative to the first; 1 where it could not be told.
        changed_share: Share of the pixels on lines and edges of either picture that differ visibly.
        matches: How many features were matched; few mean that the two hardly show the same drawing.
        is_registered: Whether what should not move lies still, as far as can be told.
    """

    shift_px: float
    scale: float
    changed_share: float
    matches: int
    is_registered: bool


def estimate_registration(first: Rgba, second: Rgba) -> Registration:
    """Estimate how well two pictures of one figure are registered.

    Args:
        first: uint8, (height, width, 4), straight alpha.
        second: The same shape.
    """
    greys = _grey(first), _grey(second)
    share = _share_of_changed_edges(*greys)
    if share < _SHARE_TO_LOOK_AT or min(greys[0].shape) < _LEAST_SIDE_PX:
        return Registration(shift_px=0.0, scale=1.0, changed_share=share, matches=0, is_registered=True)
    start, end = _matched_features(*greys)
    if len(start) < _LEAST_MATCHES:
        return Registration(_shift_of_the_whole(*greys), 1.0, share, len(start), is_registered=False)
    shift_px = float(np.median(np.linalg.norm(end - start, axis=1)))
    return Registration(shift_px, _scale(start, end), share, len(start), is_registered=shift_px < _SHIFT_TO_WARN_PX)


def _grey(picture: Rgba) -> Grey:
    seen = np.rint(over_grey(to_premultiplied(picture)) * 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _share_of_changed_edges(first: Grey, second: Grey) -> float:
    around = np.ones((3, 3), dtype=np.uint8)
    spans = [np.asarray(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, around)) for grey in (first, second)]
    edges = np.maximum(*spans) > _EDGE_LEVELS
    changed = np.asarray(cv2.absdiff(first, second)) > _NOISE_LEVELS
    return float((changed & edges).sum() / max(1, int(edges.sum())))


def _matched_features(first: Grey, second: Grey) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the places of the same features in both, float32 (n, 2) as x, y; n may be 0."""
    sift = cv2.SIFT.create(nfeatures=1500)
    points_1, features_1 = sift.detectAndCompute(first, None)
    points_2, features_2 = sift.detectAndCompute(second, None)
    if min(len(points_1), len(points_2)) < _LEAST_MATCHES:
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    nearest = cv2.BFMatcher(cv2.NORM_L2).knnMatch(features_1, features_2, k=2)
    good = [best for best, next_best in nearest if best.distance < _RATIO * next_best.distance]
    start = np.array([points_1[match.queryIdx].pt for match in good], dtype=np.float32)
    end = np.array([points_2[match.trainIdx].pt for match in good], dtype=np.float32)
    return start.reshape(-1, 2), end.reshape(-1, 2)


def _scale(start: npt.NDArray[np.float32], end: npt.NDArray[np.float32]) -> float:
    """Return the scale of the similarity transform that most matches agree on (RANSAC)."""
    cv2.setRNGSeed(0)
    transform, inliers = cv2.estimateAffinePartial2D(start, end, method=cv2.RANSAC, ransacReprojThreshold=_RANSAC_PX)
    if transform is None or int(np.sum(inliers)) < _LEAST_MATCHES:
        return 1.0
    return float(np.hypot(transform[0, 0], transform[1, 0]))


def _shift_of_the_whole(first: Grey, second: Grey) -> float:
    """Return the length of the shift that phase correlation finds, for pictures whose features do not match."""
    window = cv2.createHanningWindow((first.shape[1], first.shape[0]), cv2.CV_32F)
    (dx, dy), _ = cv2.phaseCorrelate(first.astype(np.float32), second.astype(np.float32), window)
    return float(np.hypot(dx, dy))
