"""A model's picture, made as still as if an artist had painted only what changes.

Fit, colour, alpha, lock, in this order; each step is a module beside this one. A picture that is the reference outside
of what changes comes out as it went in. A picture whose fit cannot be believed comes out as it went in as well: warping
or locking it would damage it further, so the caller asks for another.
"""

from dataclasses import dataclass, field

import numpy as np

from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.change import Mask, changed_pixels, still_region
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import Premultiplied, from_premultiplied, to_premultiplied
from watercolor_rig.imaging.repair.alphas import AlphaFacts, whole_alpha
from watercolor_rig.imaging.repair.colouring import ColourFacts, estimate_colour, match_colour
from watercolor_rig.imaging.repair.fitting import FitReport, fit, grey_of, undo
from watercolor_rig.imaging.repair.locking import LIMITS, LockLimits, paste, what_changed
from watercolor_rig.imaging.repair.untouched import is_untouched

_VISIBLE = 8 / 255
"""Differences up to here are noise of a lossy source or of an image model."""

_SAME_ALPHA = 48 / 255
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
    share = _share_changed(answer, base)
    none = np.zeros(base.shape[:2], np.bool_)
    return Repaired(answer, FitReport(), ColourFacts(), AlphaFacts(), share, share, none, touched=False)


def _repaired(task: _Task) -> Repaired:
    report = fit(grey_of(task.answer), grey_of(task.base), task.still)
    before = _share_changed(task.answer, task.base)
    if not report.trusted:
        none = np.zeros(task.base.shape[:2], np.bool_)
        notes = (f"left as it came: {report.reason}",)
        return Repaired(
            task.answer, report, ColourFacts(), AlphaFacts(), before, before, none, touched=False, notes=notes
        )
    picture, known = _registered(task.answer, report)
    reference = to_premultiplied(task.base)
    picture, alpha = whole_alpha(picture, task.base, snap=task.options.snap_alpha)
    colour = ColourFacts()
    if task.options.match_colour:
        colour = estimate_colour(picture, reference, known if task.still is None else known & task.still)
        picture = match_colour(picture, colour)
    if not task.options.lock:
        pixels = from_premultiplied(picture)
        pixels[~known] = task.base[~known]
        region = np.zeros(known.shape, np.bool_)
    else:
        pixels, region = _locked(task, picture, reference, known)
    return Repaired(
        pixels,
        report,
        colour,
        alpha,
        changed_before=before,
        changed_after=_share_changed(pixels, task.base),
        region=region,
        touched=not np.array_equal(pixels, task.answer),
        notes=_notes(alpha),
    )


def _registered(answer: Rgba, report: FitReport) -> tuple[Premultiplied, Mask]:
    picture = to_premultiplied(answer)
    if not report.moves(answer.shape):
        return picture, np.ones(answer.shape[:2], np.bool_)
    moved, known = undo(picture, report)
    np.clip(moved, 0, 1, out=moved)
    np.minimum(moved[..., :3], moved[..., 3:], out=moved[..., :3])
    return moved, known


def _locked(task: _Task, picture: Premultiplied, reference: Premultiplied, known: Mask) -> tuple[Rgba, Mask]:
    """Return the base with what changed pasted over it, and where."""
    allowed = task.allowed & known
    changed = what_changed(picture, reference, allowed, task.options.limits)
    if task.other is not None:
        changed |= changed_pixels(task.base, task.other) & allowed
    picture = _with_known_alpha(picture, reference, task.other)
    made, weights = paste(picture, reference, changed, allowed, task.options.limits.feather_px)
    region = weights > 0
    pixels = task.base.copy()
    pixels[region] = from_premultiplied(made[region][:, None])[:, 0]
    return pixels, region


def _with_known_alpha(picture: Premultiplied, reference: Premultiplied, other: Rgba | None) -> Premultiplied:
    """Return the picture with the reference's alpha wherever its own hardly differs."""
    ours, theirs = picture[..., 3], reference[..., 3]
    same = np.abs(ours - theirs) <= _SAME_ALPHA
    if other is not None:
        same &= other[..., 3] == np.rint(theirs * 255)
    factor = np.divide(theirs, ours, out=np.zeros_like(ours), where=ours > 0.5 / 255)
    made = picture.copy()
    made[same, :3] *= factor[same, None]
    made[same, 3] = theirs[same]
    return made


def _share_changed(first: Rgba, second: Rgba) -> float:
    differs = changed_pixels(first, second)
    if not differs.any():
        return 0.0
    ours, theirs = (to_premultiplied(one[differs][:, None])[:, 0] for one in (first, second))
    seen = [part[:, :3] + np.float32(0.5) * (1 - part[:, 3:]) for part in (ours, theirs)]
    return float((np.abs(seen[0] - seen[1]).max(axis=1) > _VISIBLE).sum() / differs.size)


def _notes(alpha: AlphaFacts) -> tuple[str, ...]:
    if alpha.painted_ground:
        return ("it came back on a painted ground instead of transparent; the reference's outline was kept",)
    return ()
