"""What can be said of a picture whose head has turned: only what needs no place to be the same as before."""

import cv2
import numpy as np

from watercolor_rig.core.errors import PictureError
from watercolor_rig.core.quality import Quality
from watercolor_rig.imaging.judge.measures import NOISE_LEVELS
from watercolor_rig.imaging.judge.thresholds import TURNED, Thresholds
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.repair.levels import difference, seen_levels
from watercolor_rig.imaging.repair.repairing import Repaired

_OUTLINE_PX = 7
"""A half-transparent area thicker than this is no soft outline."""

_LEAST_TURN, _LEAST_STEP = 0.002, 2e-5
"""Share of the picture that must visibly differ for a head to have turned; for a frame between two, from each."""


def judge_turned(
    made: Rgba, references: tuple[Rgba, ...], repaired: Repaired | None = None, thresholds: Thresholds = TURNED
) -> Quality:
    """Judge a picture whose head has turned.

    Args:
        made: uint8, (height, width, 4), straight alpha: the picture as it will be used.
        references: The same shape: what it was made from, one picture or two; it must be another one than each.
        repaired: What the repair that made it found; None where nothing was repaired.
        thresholds: What the measures mean.

    Raises:
        PictureError: if the sizes differ.
    """
    for reference in references:
        if made.shape != reference.shape:
            sizes = " and ".join(f"{one.shape[1]}x{one.shape[0]}" for one in (made, reference))
            raise PictureError(f"a picture and its reference differ in size ({sizes}); bring both to one size")
    ours = seen_levels(made)
    shares = [float((difference(ours, seen_levels(each)) > NOISE_LEVELS).mean()) for each in references]
    parts = {
        "alpha_faults": max(0.0, _hazy_share(made) - max(map(_hazy_share, references))),
        "painted": 1.0 if repaired is not None and repaired.alpha.painted_ground else 0.0,
        "nothing": 1.0 if min(shares) < (_LEAST_TURN if len(references) == 1 else _LEAST_STEP) else 0.0,
        "changed": shares[0],
    }
    goodness = thresholds.goodness(parts)
    score = (min(goodness.values()) + sum(goodness.values()) / len(goodness)) / 2
    found = list(thresholds.faults(parts))
    return Quality(
        score=score,
        parts=dict(sorted(parts.items())),
        faults=tuple(words for _, words in found),
        needs=tuple(dict.fromkeys(need for need, _ in found)),
        is_good=not found and score >= thresholds.good_score,
    )


def _hazy_share(picture: Rgba) -> float:
    """Return the share of the picture that is half transparent in an area, and not along an outline."""
    alpha = picture[..., 3]
    half = ((alpha > 0) & (alpha < 255)).astype(np.uint8)  # noqa: PLR2004 - fully solid
    core = cv2.erode(half, np.ones((_OUTLINE_PX, _OUTLINE_PX), np.uint8), borderValue=0)
    return float(np.count_nonzero(core) / core.size)
