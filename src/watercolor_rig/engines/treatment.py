"""What is done to an answer of an engine that redraws everything: put back, judged, encoded again."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from watercolor_rig.core.json import Json
from watercolor_rig.core.outlines import Outline
from watercolor_rig.engines.api import FACE, Care, ExpressionRequest, MadePicture, TweenRequest
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.composing import decode_pair
from watercolor_rig.imaging.judge.judging import judge_expression, judge_tween
from watercolor_rig.imaging.judge.turned import judge_turned
from watercolor_rig.imaging.outlines import outlined
from watercolor_rig.imaging.picture import Rgba, decode, encode_png, read_icc_profile
from watercolor_rig.imaging.repair.repairing import Repaired, RepairOptions, repair_expression, repair_tween
from watercolor_rig.imaging.repair.turned import repair_turned


def treat_tween(made: MadePicture, request: TweenRequest) -> MadePicture:
    """Return an in-between repaired after its two neighbours, with its quality.

    Where the head turns, only alpha and colour are repaired, and only they are judged, as for an expression.

    Raises:
        PictureError: if a picture cannot be used.
    """
    pair, answer = decode_pair(request.start, request.end, request.name), decode(made.png, request.name)
    if request.turns:
        near = pair.start if request.position <= Fraction(1, 2) else pair.end
        return _turned(made, answer, (near, pair.end if near is pair.start else pair.start), request)
    share, mask = float(request.position), _face(request.regions, answer)
    repaired = repair_tween(answer, pair.start, pair.end, share, mask, _options(request.care))
    quality = judge_tween(repaired.pixels, pair.start, pair.end, share, repaired)
    return replace(_repaired(made, answer, repaired, request.start), quality=quality)


def treat_expression(made: MadePicture, request: ExpressionRequest) -> MadePicture:
    """Return an expression repaired after the portrait, with its quality.

    Raises:
        PictureError: if a picture cannot be used.
    """
    base, answer = decode(request.base, request.name), decode(made.png, request.name)
    if request.turns:
        return _turned(made, answer, (base,), request)
    repaired = repair_expression(answer, base, _face(request.regions, answer), _options(request.care))
    quality = judge_expression(repaired.pixels, base, repaired)
    return replace(_repaired(made, answer, repaired, request.base), quality=quality)


def _turned(
    made: MadePicture, answer: Rgba, references: tuple[Rgba, ...], request: TweenRequest | ExpressionRequest
) -> MadePicture:
    """Return a picture whose head has turned, mended after the first of its references, and judged."""
    repaired = repair_turned(answer, references[0], _options(request.care))
    quality = judge_turned(repaired.pixels, references, repaired)
    original = request.start if isinstance(request, TweenRequest) else request.base
    return replace(_repaired(made, answer, repaired, original), quality=quality)


def _repaired(made: MadePicture, answer: Rgba, repaired: Repaired, original: bytes) -> MadePicture:
    made = replace(made, facts={**made.facts, "repair": _facts(repaired)}, notes=(*made.notes, *repaired.notes))
    if np.array_equal(repaired.pixels, answer):
        return made
    profile = read_icc_profile(original, "the original")
    received = made.png if made.received is None else made.received
    return replace(made, png=encode_png(repaired.pixels, icc_profile=profile), received=received)


def _facts(repaired: Repaired) -> dict[str, Json]:
    fit = repaired.fit
    return {
        "trusted": fit.trusted,
        "shift_px": round(fit.shift_px, 3),
        "scale": round(fit.scale, 5),
        "rotation_deg": round(fit.rotation_deg, 3),
        "changed_before": round(repaired.changed_before, 5),
        "changed_after": round(repaired.changed_after, 5),
    }


def _options(care: Care) -> RepairOptions:
    return RepairOptions(snap_alpha=care.snap_alpha)


def _face(regions: Mapping[str, Outline], answer: Rgba) -> Mask | None:
    """Return where the picture may change, bool (height, width), or None where nobody has said."""
    outline = regions.get(FACE)
    return None if outline is None else outlined(outline, (answer.shape[1], answer.shape[0]))
