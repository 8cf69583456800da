"""How a change goes with time: a mapping of t before the engine, exact like every t, or of the way of a transition.

The frame at t shows the change at `ease(t)`; the manifest keeps t, so playback does not know. A transition that is
played may be eased as well (`core/performance.py`), in floats; the products stand one by one because a power is not
rounded alike everywhere, and the player multiplies in the same order (`player/src/easing.ts`).
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol, TypeVar

N = TypeVar("N", Fraction, float)

LINEAR = "linear"


class Easing(Protocol):
    """Maps a share of the way to a share of the change: 0 to 0, 1 to 1, and never back."""

    def __call__(self, t: N, /) -> N: ...  # noqa: D102 - the class says it


def _linear(t: N) -> N:
    return t


def _ease_in(t: N) -> N:
    return t * t


def _ease_out(t: N) -> N:
    return 1 - (1 - t) * (1 - t)


def _ease_in_out(t: N) -> N:
    """Start and stop at rest: the cubic that does."""
    return 3 * t * t - 2 * t * t * t


EASINGS: Mapping[str, Easing] = {
    LINEAR: _linear,
    "ease-in": _ease_in,
    "ease-out": _ease_out,
    "ease-in-out": _ease_in_out,
}
"""By the name that a user gives."""


def ease(t: N, easing: str) -> N:
    """Return the share of the change that shows at `t`.

    Args:
        t: 0 to 1.
        easing: A key of `EASINGS`.
    """
    return EASINGS[easing](t)


def is_same_backwards(easing: str) -> bool:
    """Return whether a change played backwards goes the same way: only then a reversed sequence has the same pictures.

    Args:
        easing: A key of `EASINGS`.
    """
    quarter = Fraction(1, 4)
    return ease(quarter, easing) == 1 - ease(1 - quarter, easing)
