"""What a call costs: estimated from sizes before it, priced from the reported tokens after it.

Formulas: OpenAI's image token rules as collected in the project's notes; the output formula reproduces all of the
published prices. Bills come from `usage` only, the estimate is for the plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from watercolor_rig.engines.openai_images.models import Model, load_table
from watercolor_rig.imaging.picture import Size

_PER_TOKENS = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one call by kind."""

    text_in: int
    image_in: int
    out: int


def output_tokens(model: Model, quality: str, size: Size) -> int | None:
    """Return the tokens of one made picture, or None where the model's rule is not known.

    `ceil(q · round(q · short/long) · (2,000,000 + W·H) / 4,000,000)` with q by quality.

    Args:
        model: Whose `quality_tokens` give q.
        quality: As asked for; `auto` has no q.
        size: (width, height) of the canvas in pixels.
    """
    q = model.quality_tokens.get(quality)
    if q is None:
        return None
    short, long = sorted(size)
    tokens = Fraction(q * round(Fraction(q * short, long)) * (2_000_000 + short * long), 4_000_000)
    return ceil(tokens * Fraction(model.output_factor.get(quality, Decimal(1))))


def input_tokens(size: Size) -> int:
    """Return the tokens of one picture given: its 32-pixel patches, at most 1,536."""
    table = load_table()
    side = table.patch_side
    return min(-(-size[0] // side) * -(-size[1] // side), table.most_patches)


def price(model: Model, tokens: Tokens) -> Decimal | None:
    """Return US dollars for `tokens`, or None where the model's prices are not known."""
    if model.prices is None:
        return None
    rates = model.prices
    total = tokens.text_in * rates.text_in + tokens.image_in * rates.image_in + tokens.out * rates.image_out
    return total / _PER_TOKENS


def estimate(model: Model, quality: str, canvas: Size, references: int) -> Decimal | None:
    """Return the expected US dollars of one call, or None where it cannot be known.

    Args:
        model: The model asked.
        quality: As asked for.
        canvas: (width, height) of the picture asked for, and of each reference, which is fitted into it.
        references: How many pictures go in.
    """
    out = output_tokens(model, quality, canvas)
    if out is None:
        return None
    return price(model, Tokens(load_table().prompt_tokens, references * input_tokens(canvas), out))


def reported_tokens(usage: object) -> Tokens | None:
    """Return the tokens of an answer's `usage`, or None where it has none that can be read.

    Without the split of the input, all of it counts as image tokens: they dominate and cost more, so a bill is never
    understated.
    """
    if not isinstance(usage, Mapping):
        return None
    total, out = _count(usage, "input_tokens"), _count(usage, "output_tokens")
    if total is None or out is None:
        return None
    details = usage.get("input_tokens_details")
    text = _count(details, "text_tokens") if isinstance(details, Mapping) else None
    text = min(text or 0, total)
    return Tokens(text, total - text, out)


def _count(holder: Mapping[str, Any], key: str) -> int | None:
    value = holder.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
