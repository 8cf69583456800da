"""A model's picture, made as still as if an artist had painted only what changes.

Fit, colour, alpha, lock, in this order; each step is a module beside this one. A picture that is the reference outside
of what changes comes out as it went in. A picture whose fit cannot be believed comes out as it went in as well: warping
or locking it would damage it further, so the caller asks for another.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.change import Box, Mask, bounding_box, changed_pixels, still_region
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import Premultiplied, from_premultiplied, to_premultiplied
from watercolor_rig.imaging.repair.alphas import AlphaFacts, estimate_alpha, whole_alpha
from watercolor_rig.imaging.repair.colouring import (
    ColourFacts,
    Saturated,
    estimate_colour,
    learn_saturated,
    match_colour,
    match_levels,
)
from watercolor_rig.imaging.repair.fitting import FitReport, fit, known_after, undo
from watercolor_rig.imaging.repair.levels import (
    Levels,
    difference,
    grey_levels,
    over_grey_levels,
    premultiplied_levels,
    seen_levels,
)
from watercolor_rig.imaging.repair.locking import LIMITS, LockLimits, feathered, paste, what_changed
from watercolor_rig.imaging.repair.untouched import is_untouched

_VISIBLE = 8
"""Differences up to here are noise of a lossy source or of an image model."""

_SAME_ALPHA = 48 / 255
_SOLID = 250
_AROUND_PX = 48
"""The border whose offset is spread over a piece reaches so far around it."""

_LEAST_STILL = 0.15
"""Share of the picture that must stand still for the fit to look nowhere else."""


@dataclass(frozen=True, slots=True)
class RepairOptions:
    """What is repaired beyond the fit.

    Attributes:
        snap_alpha: Whether alphas next to 0 and 255 become just that.
        match_colour: Whether a drift of colour is undone.
        lock: Whether everything that did not change is copied from the reference.
        limits: When a pixel counts as changed.
    """

    snap_alpha: bool = True
    match_colour: bool = True
    lock: bool = True
    limits: LockLimits = field(default=LIMITS)


DEFAULTS = RepairOptions()


@dataclass(frozen=True, slots=True, eq=False)
class Repaired:
    """A repaired picture and what was found on the way.

    Attributes:
        pixels: uint8, (height, width, 4), straight alpha.
        fit: How the answer lay on the reference.
        colour: How its colours lay to the reference's.
        alpha: What was wrong with its alpha.
        changed_before: Share of the pixels that differed visibly from the reference in the answer.
        changed_after: The same of `pixels`.
        region: bool, (height, width): what was pasted over the reference, its feather included; all False where
            nothing was locked.
        touched: Whether `pixels` differs from the answer at all.
        notes: What people should know, in words.
    """

    pixels: Rgba
    fit: FitReport
    colour: ColourFacts
    alpha: AlphaFacts
    changed_before: float
    changed_after: float
    region: Mask
    touched: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    """A repair: `base` is what is pasted over, `still` where nothing may have changed (None: not known)."""

    answer: Rgba
    base: Rgba
    other: Rgba | None
    allowed: Mask
    still: Mask | None
    options: RepairOptions


@dataclass(frozen=True, slots=True)
class _Steps:
    """What was found about an answer: all that it takes to make any part of the repaired picture."""

    answer: Rgba
    report: FitReport
    alpha: AlphaFacts
    colour: ColourFacts
    learned: Saturated


def repair_expression(
    answer: Rgba, neutral: Rgba, may_change: Mask | None = None, options: RepairOptions = DEFAULTS
) -> Repaired:
    """Bring a redrawn expression back onto the neutral of its pose.

    Args:
        answer: uint8, (height, width, 4), straight alpha: what came back, in the size of `neutral`.
        neutral: The same shape: what it was made from.
        may_change: bool, (height, width): where a change may be; None is everywhere.
        options: What is repaired.

    Raises:
        PictureError: if the sizes differ.
    """
    _check_sizes(answer, neutral, may_change)
    if (may_change is None and is_untouched(answer, neutral)) or np.array_equal(answer, neutral):
        return _unharmed(answer, neutral)
    allowed = np.ones(neutral.shape[:2], np.bool_) if may_change is None else may_change
    still = _still_or_none(~allowed)
    return _repaired(_Task(answer, neutral, None, allowed, still, options))


def repair_tween(
    answer: Rgba,
    start: Rgba,
    end: Rgba,
    share: float,
    may_change: Mask | None = None,
    options: RepairOptions = DEFAULTS,
) -> Repaired:
    """Bring a redrawn in-between back onto its two neighbours.

    What may change is what `regions_that_may_move` says of the neighbours, within `may_change`, and every pixel that
    the neighbours do not share. Everything else is theirs, bit for bit.

    Args:
        answer: uint8, (height, width, 4), straight alpha: what came back, in the size of the neighbours.
        start: The same shape: the neighbour before.
        end: The same shape: the neighbour after.
        share: How far along the answer is meant to be, 0 to 1; outside the region the nearer neighbour is the base.
        may_change: bool, (height, width): where a change may be; None is everywhere.
        options: What is repaired.

    Raises:
        PictureError: if the sizes differ.
    """
    _check_sizes(answer, start, may_change)
    _check_sizes(end, start, None)
    base, other = (start, end) if share <= 0.5 else (end, start)  # noqa: PLR2004 - half way
    still = still_region(start, end)
    moves = changed_pixels(start, end)
    allowed = ~still if may_change is None else (~still & may_change) | moves
    if not (changed_pixels(answer, base) & ~allowed).any() and still.any():
        return _unharmed(answer, base)
    return _repaired(_Task(answer, base, other, allowed, _still_or_none(still), options))


def _check_sizes(picture: Rgba, reference: Rgba, may_change: Mask | None) -> None:
    if picture.shape != reference.shape:
        sizes = " and ".join(f"{one.shape[1]}x{one.shape[0]}" for one in (picture, reference))
        raise PictureError(f"a picture and its reference differ in size ({sizes}); bring both to one size")
    if may_change is not None and may_change.shape != reference.shape[:2]:
        height, width = may_change.shape[:2]
        raise PictureError(f"the region that may change is {width}x{height}; draw it on a picture of the same size")


def _still_or_none(still: Mask) -> Mask | None:
    return still if float(still.mean()) >= _LEAST_STILL else None


def _unharmed(answer: Rgba, base: Rgba) -> Repaired:
    share = _share_visible(seen_levels(answer), seen_levels(base))
    none = np.zeros(base.shape[:2], np.bool_)
    return Repaired(answer, FitReport(), ColourFacts(), AlphaFacts(), share, share, none, touched=False)


def _repaired(task: _Task) -> Repaired:
    theirs = seen_levels(task.base)
    raw = seen_levels(task.answer)
    before = _share_visible(raw, theirs)
    report = fit(grey_levels(raw), grey_levels(theirs), task.still)
    if not report.trusted:
        none = np.zeros(theirs.shape[:2], np.bool_)
        notes = (f"left as it came: {report.reason}",)
        return Repaired(
            task.answer, report, ColourFacts(), AlphaFacts(), before, before, none, touched=False, notes=notes
        )
    known = known_after(report, theirs.shape)
    answer, alpha = _with_whole_alpha(task, report)
    moved = undo(premultiplied_levels(answer), report)
    where = known if task.still is None else known & task.still
    colour = estimate_colour(moved, task.base, where) if task.options.match_colour else ColourFacts()
    if task.options.lock:
        changed = _find_changed(task, moved, theirs, known, colour, report.residual_px, alpha)
    else:
        changed = known
    learned = learn_saturated(moved, task.base, where, colour)
    pixels, region = _made(task, _Steps(answer, report, alpha, colour, learned), changed, task.allowed & known)
    return Repaired(
        pixels,
        report,
        colour,
        alpha,
        changed_before=before,
        changed_after=_share_visible(seen_levels(pixels), theirs),
        region=region if task.options.lock else np.zeros_like(region),
        touched=not np.array_equal(pixels, task.answer),
        notes=_notes(alpha),
    )


def _with_whole_alpha(task: _Task, report: FitReport) -> tuple[Rgba, AlphaFacts]:
    alpha, theirs = (np.ascontiguousarray(one[..., 3]) for one in (task.answer, task.base))
    facts = estimate_alpha(undo(alpha, report), theirs)
    answer, snapped = whole_alpha(task.answer, facts, snap=task.options.snap_alpha)
    return answer, replace(facts, snapped=snapped)


def _find_changed(  # noqa: PLR0913, PLR0917 - everything that was found so far
    task: _Task, moved: Rgba, theirs: Levels, known: Mask, colour: ColourFacts, wander_px: float, alpha: AlphaFacts
) -> Mask:
    """Return what the registered answer shows otherwise than the base, or must show: where the neighbours differ."""
    solid = (moved[..., 3] > _SOLID) & (task.base[..., 3] > _SOLID)
    ours = match_levels(over_grey_levels(moved), theirs, solid, colour)
    allowed = task.allowed & known
    looked = allowed & (task.base[..., 3] > 0) if alpha.painted_ground else allowed
    changed = what_changed(ours, theirs, looked, wander_px, task.options.limits)
    if task.other is not None:
        changed |= changed_pixels(task.base, task.other) & allowed
    return changed


def _made(task: _Task, steps: _Steps, changed: Mask, allowed: Mask) -> tuple[Rgba, Mask]:
    """Return the base with what changed pasted over it, and where it was touched."""
    pixels, region = task.base.copy(), np.zeros(changed.shape, np.bool_)
    found = bounding_box(changed)
    if found is None:
        return pixels, region
    box = found.grown(_AROUND_PX, changed.shape)
    cut = box.slices()
    reference = to_premultiplied(task.base[cut])
    picture = _registered(steps.answer, steps.report, box)
    other = None if task.other is None else task.other[cut]
    picture = _with_known_alpha(picture, reference, other, trusts_own=not steps.alpha.painted_ground)
    picture = match_colour(picture, reference, steps.colour, steps.learned)
    if task.options.lock:
        weights = feathered(changed[cut], allowed[cut], task.options.limits.feather_px)
        made = paste(picture, reference, weights)
    else:
        weights, made = changed[cut].astype(np.float32), picture
    touched = weights > 0
    region[cut] = touched
    pixels[cut][touched] = from_premultiplied(made[touched][:, None])[:, 0]
    return pixels, region


def _registered(answer: Rgba, report: FitReport, box: Box) -> Premultiplied:
    """Return the part of the answer that lies on `box` of the base, computed from the part that it takes."""
    matrix = np.asarray(report.matrix, np.float64).reshape(2, 3)
    corners = np.array([(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)], np.float64)
    places = corners @ matrix[:, :2].T + matrix[:, 2]
    low, high = np.floor(places.min(axis=0)).astype(int), np.ceil(places.max(axis=0)).astype(int)
    height, width = answer.shape[:2]
    left, top = int(np.clip(low[0], 0, width - 1)), int(np.clip(low[1], 0, height - 1))
    source = Box(left, top, max(left + 1, int(high[0])), max(top + 1, int(high[1]))).grown(4, answer.shape)
    if not report.moves(answer.shape):
        return to_premultiplied(answer[box.slices()])
    there = matrix.copy()
    there[:, 2] -= (source.left, source.top)
    picture = to_premultiplied(answer[source.slices()])
    moved = undo(picture, replace(report, matrix=tuple(float(value) for value in there.ravel())), box)
    np.clip(moved, 0, 1, out=moved)
    return np.dstack([np.minimum(moved[..., :3], moved[..., 3:]), moved[..., 3]])


def _with_known_alpha(
    picture: Premultiplied, reference: Premultiplied, other: Rgba | None, *, trusts_own: bool
) -> Premultiplied:
    """Return the picture with the reference's alpha wherever its own hardly differs, or everywhere."""
    ours, theirs = picture[..., 3], reference[..., 3]
    same = np.abs(ours - theirs) <= _SAME_ALPHA if trusts_own else np.ones(ours.shape, np.bool_)
    if other is not None:
        same &= np.abs(other[..., 3] / np.float32(255) - theirs) < 1 / 512
    factor = np.divide(theirs, ours, out=np.zeros_like(ours), where=ours > 0.5 / 255)
    factor[~same] = 1
    return np.dstack([picture[..., :3] * factor[..., None], np.where(same, theirs, ours)])


def _share_visible(first: Levels, second: Levels) -> float:
    return float(np.count_nonzero(difference(first, second) > _VISIBLE) / (first.shape[0] * first.shape[1]))


def _notes(alpha: AlphaFacts) -> tuple[str, ...]:
    if alpha.painted_ground:
        return ("it came back on a painted ground instead of transparent; the reference's outline was kept",)
    return ()
