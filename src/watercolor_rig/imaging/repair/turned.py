"""A picture whose head has turned, mended as far as that can be told without laying it onto what it was made from.

Nothing need stand where it stood, so nothing is fitted, copied or locked. What is left are alpha and colour: solid and
clear places, and colours that hardly differ, are still mostly the same ones.
"""

from dataclasses import replace

import numpy as np

from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import from_premultiplied, to_premultiplied
from watercolor_rig.imaging.repair.alphas import estimate_alpha, whole_alpha
from watercolor_rig.imaging.repair.colouring import ColourFacts, estimate_colour, learn_saturated, match_colour
from watercolor_rig.imaging.repair.fitting import FitReport
from watercolor_rig.imaging.repair.levels import difference, premultiplied_levels, seen_levels
from watercolor_rig.imaging.repair.repairing import DEFAULTS, Repaired, RepairOptions

_ALIKE = 40
"""Levels: places that differ by more are taken to show another part of the drawing, and tell nothing of colours."""

_LEAST_ALIKE = 0.15
"""Share of the solid pixels that must be alike and flat for a drift of colour to be believed."""

_SURE_OFFSET, _SURE_GAIN = 1.0, 0.02
"""In CIELAB; less is what a shadow does that moves with the head, and is left alone."""

_EACH_STANDS_FOR = 9
"""The estimate looks at every third row and column."""

_VISIBLE = 8


def repair_turned(answer: Rgba, reference: Rgba, options: RepairOptions = DEFAULTS) -> Repaired:
    """Mend alpha and colour of a picture that shows `reference` with its head turned.

    Args:
        answer: uint8, (height, width, 4), straight alpha: what came back, in the size of `reference`.
        reference: The same shape: what it was made from, or the nearest of several.
        options: What is repaired.

    Raises:
        PictureError: if the sizes differ.
    """
    if answer.shape != reference.shape:
        sizes = " and ".join(f"{one.shape[1]}x{one.shape[0]}" for one in (answer, reference))
        raise PictureError(f"a picture and its reference differ in size ({sizes}); bring both to one size")
    ours, theirs = (np.ascontiguousarray(one[..., 3]) for one in (answer, reference))
    alpha = estimate_alpha(ours, theirs)
    whole, snapped = whole_alpha(answer, alpha, snap=options.snap_alpha)
    colour = _drift(whole, reference) if options.match_colour else ColourFacts()
    pixels = _undone(whole, colour) if colour.matched else whole
    notes = ("it came back on a painted ground instead of transparent",) if alpha.painted_ground else ()
    return Repaired(
        pixels,
        FitReport(),
        colour,
        replace(alpha, snapped=snapped),
        changed_before=_share_visible(answer, reference),
        changed_after=_share_visible(pixels, reference),
        region=np.zeros(answer.shape[:2], np.bool_),
        touched=not np.array_equal(pixels, answer),
        notes=notes,
    )


def _drift(picture: Rgba, reference: Rgba) -> ColourFacts:
    """Return how the colours lie to the reference's, by places that are nearly alike; nothing where that is unsure."""
    alike: Mask = difference(seen_levels(picture), seen_levels(reference)) <= _ALIKE
    solid = int(np.count_nonzero(reference[..., 3] == 255))  # noqa: PLR2004 - fully solid
    facts = estimate_colour(premultiplied_levels(picture), reference, alike)
    is_wide = facts.samples * _EACH_STANDS_FOR >= _LEAST_ALIKE * max(1, solid)
    is_sure = any(abs(each) > _SURE_OFFSET for each in facts.offset) or any(
        abs(each - 1) > _SURE_GAIN for each in facts.gain
    )
    return replace(facts, matched=facts.matched and is_wide and is_sure)


def _undone(picture: Rgba, colour: ColourFacts) -> Rgba:
    """Return a picture with a drift of colour undone; no place of the reference is taken for one of the picture."""
    nowhere = np.zeros(picture.shape[:2], np.bool_)
    nothing = np.zeros_like(picture)
    learned = learn_saturated(premultiplied_levels(picture), nothing, nowhere, colour)
    made = match_colour(to_premultiplied(picture), to_premultiplied(nothing), colour, learned)
    return from_premultiplied(made)


def _share_visible(picture: Rgba, reference: Rgba) -> float:
    visible = difference(seen_levels(picture), seen_levels(reference)) > _VISIBLE
    return float(np.count_nonzero(visible) / visible.size)
