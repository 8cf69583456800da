"""The image models we know: what each may be asked, what it costs and how long it lives.

All of it is data in `models.json`, read once when first asked for. A model that is not listed there may be a server of
the user's own: it is allowed, and asked with the smallest set of parameters.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from watercolor_rig.core.errors import ModelRetiredError, UsageError
from watercolor_rig.imaging.picture import Size


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens."""

    text_in: Decimal
    image_in: Decimal
    image_out: Decimal


@dataclass(frozen=True, slots=True)
class FreeSizes:
    """The rule for canvases of any size.

    Attributes:
        multiple: Both sides are multiples of this many pixels.
        longest_side: Pixels of the longest side at most.
        ratio: Long side over short side at most.
        fewest_pixels: Width × height at least.
        most_pixels: Width × height at most.
    """

    multiple: int
    longest_side: int
    ratio: int
    fewest_pixels: int
    most_pixels: int

    def allow(self, size: Size) -> bool:
        """Return whether a canvas of `size` (width, height) may be asked for."""
        short, long = sorted(size)
        return (
            short > 0
            and not any(side % self.multiple for side in size)
            and long <= self.longest_side
            and long <= self.ratio * short
            and self.fewest_pixels <= short * long <= self.most_pixels
        )

    def __str__(self) -> str:
        return (
            f"both sides multiples of {self.multiple}, ratio up to {self.ratio}:1, {self.fewest_pixels:,} to "
            f"{self.most_pixels:,} pixels, longest side {self.longest_side}"
        )


@dataclass(frozen=True, slots=True)
class Model:
    """One model as the service knows it.

    Attributes:
        name: As sent to the service.
        known: Whether it stands in the table; an unknown one gets the minimal parameters and no estimate of cost.
        qualities: Allowed values of `quality`; empty where none is sent.
        fixed_sizes: The only canvases allowed; empty where `free_sizes` rules, or nothing is known.
        free_sizes: The rule for canvases, or None.
        prices: Per token, or None where not established.
        quality_tokens: `q` of the output token formula, per quality.
        output_factor: Factor on the formula's result, per quality; 1 where absent.
        latency_s: Typical seconds of one edit.
        shut_down: The day on which the service ends it, or None.
        replacement: What to use instead, or None.
    """

    name: str
    known: bool = True
    qualities: tuple[str, ...] = ()
    fixed_sizes: tuple[Size, ...] = ()
    free_sizes: FreeSizes | None = None
    prices: Prices | None = None
    quality_tokens: Mapping[str, int] = field(default_factory=dict)
    output_factor: Mapping[str, Decimal] = field(default_factory=dict)
    latency_s: float = 60
    shut_down: date | None = None
    replacement: str | None = None

    def allows(self, size: Size) -> bool:
        """Return whether a canvas of `size` (width, height) may be asked for."""
        if self.fixed_sizes:
            return size in self.fixed_sizes
        return self.free_sizes.allow(size) if self.free_sizes else min(size) > 0

    def smallest_canvas(self, picture: Size) -> Size | None:
        """Return the smallest canvas that holds `picture` (width, height) unscaled, or None if none does."""
        if not self.free_sizes:
            holding = [size for size in self.fixed_sizes if size[0] >= picture[0] and size[1] >= picture[1]]
            return min(holding, key=lambda size: size[0] * size[1], default=None)
        step = self.free_sizes.multiple
        width, height = (-(-side // step) * step for side in picture)
        while max(width, height) <= self.free_sizes.longest_side:
            if self.free_sizes.allow((width, height)):
                return width, height
            if width * height >= self.free_sizes.most_pixels:
                return None
            width, height = (width + step, height) if width <= height else (width, height + step)
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """Everything in `models.json`.

    Attributes:
        models: By name, pinned snapshots included.
        default_model: Used where the user names none.
        default_quality: Used where the user names none.
        patch_side: Side in pixels of the square that one input image token covers.
        most_patches: Patches of one input image at most.
        prompt_tokens: Text tokens of a usual prompt, for estimates.
        unknown_latency_s: Seconds expected of a model that is not listed.
    """

    models: Mapping[str, Model]
    default_model: str
    default_quality: str
    patch_side: int
    most_patches: int
    prompt_tokens: int
    unknown_latency_s: float


@cache
def load_table() -> Table:
    """Return the model table, read once."""
    raw = json.loads(files(__package__).joinpath("models.json").read_text(encoding="utf-8"))
    fixed = tuple(_size(text) for text in raw["fixed_sizes"])
    free = FreeSizes(**raw["free_sizes"])
    models = {}
    for listed, entry in raw["models"].items():
        for name in (listed, *entry.get("snapshots", ())):
            models[name] = _model(name, entry, fixed, free)
    return Table(
        models=models,
        default_model=raw["default_model"],
        default_quality=raw["default_quality"],
        patch_side=raw["patch"]["side"],
        most_patches=raw["patch"]["most"],
        prompt_tokens=raw["prompt_tokens"],
        unknown_latency_s=raw["unknown_latency_s"],
    )


def find_model(name: str | None) -> Model:
    """Return the model called `name`, the default for None, or an unknown one of that name."""
    table = load_table()
    wanted = name or table.default_model
    return table.models.get(wanted) or Model(wanted, known=False, latency_s=table.unknown_latency_s)


def require_living(model: Model, today: date) -> None:
    """Check that the service still runs `model` on the day `today`.

    Raises:
        ModelRetiredError: with the replacement to use.
    """
    if model.shut_down and model.shut_down <= today:
        raise ModelRetiredError(
            f"--model {model.name}: OpenAI shut it down on {model.shut_down}; use --model {model.replacement}",
        )


def require_size(model: Model, size: Size) -> None:
    """Check that `model` can be asked for a canvas of `size` (width, height).

    Raises:
        UsageError: with what is legal.
    """
    if model.allows(size):
        return
    legal = str(model.free_sizes) if model.free_sizes else ", ".join(f"{w}x{h}" for w, h in model.fixed_sizes)
    raise UsageError(f"--size {size[0]}x{size[1]}: {model.name} does not make it; use {legal or 'a size above 0'}")


def require_quality(model: Model, quality: str) -> None:
    """Check that `model` knows `quality`; a model that is not listed gets none sent, so any will do.

    Raises:
        UsageError: with the qualities to choose from.
    """
    if model.known and quality not in model.qualities:
        raise UsageError(f"--quality {quality}: {model.name} knows {', '.join(model.qualities)}; use one of these")


def _model(name: str, entry: Mapping[str, Any], fixed: tuple[Size, ...], free: FreeSizes) -> Model:
    prices = entry.get("prices")
    ends = entry.get("shut_down")
    return Model(
        name=name,
        qualities=tuple(entry.get("qualities", ())),
        fixed_sizes=fixed if entry.get("sizes") == "fixed" else (),
        free_sizes=free if entry.get("sizes") == "free" else None,
        prices=Prices(**{kind: Decimal(price) for kind, price in prices.items()}) if prices else None,
        quality_tokens=entry.get("quality_tokens", {}),
        output_factor={quality: Decimal(factor) for quality, factor in entry.get("output_factor", {}).items()},
        latency_s=entry.get("latency_s", 60),
        shut_down=date.fromisoformat(ends) if ends else None,
        replacement=entry.get("replacement"),
    )


def _size(text: str) -> Size:
    width, height = text.split("x")
    return int(width), int(height)
