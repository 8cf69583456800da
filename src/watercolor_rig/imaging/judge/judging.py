"""One score per picture, with its parts, without knowing the truth.

The score is the mean of the worst part and of all parts: one bad fault cannot be made up for by everything else, and
of two pictures with the same fault the cleaner one wins. The repair's report, where there is one, says what the model
did; the pixels say what is left of it.
"""

import numpy as np

from watercolor_rig.core.errors import PictureError
from watercolor_rig.core.quality import Quality
from watercolor_rig.imaging.change import Mask, changed_pixels, still_region
from watercolor_rig.imaging.judge.measures import (
    NOISE_LEVELS,
    alpha_faults,
    ghost_share,
    novel_share,
    redrawn_share,
    sharpness,
)
from watercolor_rig.imaging.judge.thresholds import EXPRESSION, TWEEN, Thresholds
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.repair.fitting import fit
from watercolor_rig.imaging.repair.levels import Levels, difference, grey_levels, seen_levels
from watercolor_rig.imaging.repair.repairing import Repaired
from watercolor_rig.imaging.repair.untouched import is_untouched, lines_of

_REACH_SHARE = 24
"""A colour of an in-between may come from as far away as this part of the larger side."""

_LEAST_CHANGE = 2e-5
"""Share of the picture that must visibly differ for an expression to be one."""


def judge_expression(
    made: Rgba, neutral: Rgba, repaired: Repaired | None = None, thresholds: Thresholds = EXPRESSION
) -> Quality:
    """Judge an expression against the neutral of its pose.

    Args:
        made: uint8, (height, width, 4), straight alpha: the picture as it will be used.
        neutral: The same shape.
        repaired: What the repair that made it found; None where nothing was repaired.
        thresholds: What the measures mean.

    Raises:
        PictureError: if the sizes differ.
    """
    _check_sizes(made, neutral)
    ours, theirs = seen_levels(made), seen_levels(neutral)
    visible = _visibly_differs(ours, theirs)
    still = _still_of(made, neutral, repaired)
    parts = _still_parts(made, neutral, ours, theirs, still, repaired)
    figure = neutral[..., 3] > 0
    share = float(visible.mean())
    parts["stray"] = float((visible & still).mean())
    parts["changed"] = float((visible & figure).sum() / max(1, int(figure.sum())))
    parts["nothing"] = 1.0 if share < _LEAST_CHANGE else 0.0
    parts["progress"] = 1.0 - parts["nothing"]
    parts["blur"] = _blur(ours, (theirs,), visible & ~still)
    return _quality(parts, thresholds)


def judge_tween(
    made: Rgba,
    start: Rgba,
    end: Rgba,
    share: float,
    repaired: Repaired | None = None,
    thresholds: Thresholds = TWEEN,
) -> Quality:
    """Judge an in-between against its two neighbours.

    Args:
        made: uint8, (height, width, 4), straight alpha: the picture as it will be used.
        start: The same shape: the neighbour before.
        end: The same shape: the neighbour after.
        share: How far along it is meant to be, 0 to 1.
        repaired: What the repair that made it found; None where nothing was repaired.
        thresholds: What the measures mean.

    Raises:
        PictureError: if the sizes differ.
    """
    _check_sizes(made, start)
    _check_sizes(end, start)
    ours, first, last = seen_levels(made), seen_levels(start), seen_levels(end)
    still = still_region(start, end)
    parts = _still_parts(made, start, ours, first, still, repaired)
    from_start, from_end = _visibly_differs(ours, first), _visibly_differs(ours, last)
    moves = _visibly_differs(first, last)
    parts["stray"] = float((from_start & from_end & still).mean())
    parts["changed"] = float(from_start.mean())
    parts["progress"] = _progress(ours, first, last, moves, share)
    parts["off_progress"] = _off(parts["progress"], share)
    parts["ghost"] = ghost_share(ours, first, last, moves)
    reach_px = max(4, round(max(made.shape) / _REACH_SHARE))
    parts["novel"] = novel_share(ours, first, last, ~still & (from_start | from_end), reach_px)
    parts["blur"] = _blur(ours, (first, last), moves)
    return _quality(parts, thresholds)


def _check_sizes(made: Rgba, reference: Rgba) -> None:
    if made.shape != reference.shape:
        sizes = " and ".join(f"{one.shape[1]}x{one.shape[0]}" for one in (made, reference))
        raise PictureError(f"a picture and its reference differ in size ({sizes}); bring both to one size")


def _quality(parts: dict[str, float], thresholds: Thresholds) -> Quality:
    goodness = thresholds.goodness(parts)
    score = (min(goodness.values()) + sum(goodness.values()) / len(goodness)) / 2
    found = list(thresholds.faults(parts))
    parts["identity"] = 1.0 - parts["redrawn"]
    return Quality(
        score=score,
        parts=dict(sorted(parts.items())),
        faults=tuple(words for _, words in found),
        needs=tuple(dict.fromkeys(need for need, _ in found)),
        is_good=not found and score >= thresholds.good_score,
    )


def _still_of(made: Rgba, neutral: Rgba, repaired: Repaired | None) -> Mask:
    """Return where an expression should be the neutral: outside of what was pasted, or of what was drawn by hand."""
    if repaired is not None and repaired.region.any():
        return ~repaired.region
    if is_untouched(made, neutral):
        return still_region(made, neutral)
    return np.ones(made.shape[:2], np.bool_)


def _still_parts(
    made: Rgba, reference: Rgba, ours: Levels, theirs: Levels, still: Mask, repaired: Repaired | None
) -> dict[str, float]:
    """Measure what should stand still: drift, identity, alpha, and whether the repair could place it at all."""
    hazy, painted = alpha_faults(made, reference)
    parts = {"drift_px": 0.0, "redrawn": 0.0, "alpha_faults": hazy, "painted": painted, "misfit": 0.0}
    if repaired is not None:
        parts["misfit"] = 0.0 if repaired.fit.trusted else 1.0
        parts["painted"] = max(painted, 1.0 if repaired.alpha.painted_ground else 0.0)
    if not (changed_pixels(made, reference) & still).any():
        return parts
    parts["redrawn"] = redrawn_share(ours, theirs, lines_of(reference) & still)
    found = (
        repaired.fit if repaired is not None and not repaired.touched else fit(grey_levels(ours), grey_levels(theirs))
    )
    if found.trusted:
        parts["drift_px"] = found.shift_px
    else:
        parts["misfit"] = 1.0
    return parts


def _visibly_differs(first: Levels, second: Levels) -> Mask:
    differs: Mask = difference(first, second) > NOISE_LEVELS
    return differs


def _progress(ours: Levels, first: Levels, last: Levels, moves: Mask, share: float) -> float:
    made, start, end = (part[moves].astype(np.float32) for part in (ours, first, last))
    from_start, from_end = float(np.abs(made - start).sum()), float(np.abs(made - end).sum())
    return share if from_start + from_end == 0 else from_start / (from_start + from_end)


def _off(progress: float, share: float) -> float:
    """Return how far a progress lies from where it should be; shapes that move on are half way to the eye all along."""
    if progress < share:
        return max(0.0, min(share, 0.5) - progress)
    return max(0.0, progress - max(share, 0.5))


def _blur(made: Levels, references: tuple[Levels, ...], where: Mask) -> float:
    """Return how much less sharp the edges are than the least sharp reference's, 0 to 1."""
    ours = sharpness(made, where)
    theirs = [found for found in (sharpness(one, where) for one in references) if found]
    if ours is None or not theirs:
        return 0.0
    return max(0.0, 1.0 - ours / min(theirs))
