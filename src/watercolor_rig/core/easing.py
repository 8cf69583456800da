"""How a change goes with time: a mapping of t before the engine, exact like every t.

The frame at t shows the change at `ease(t)`; the manifest keeps t, so playback does not know.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

LINEAR = "linear"

EASINGS: Mapping[str, Callable[[Fraction], Fraction]] = {
    LINEAR: lambda t: t,
    "ease-in": lambda t: t**2,
    "ease-out": lambda t: 1 - (1 - t) ** 2,
    "ease-in-out": lambda t: 3 * t**2 - 2 * t**3,
}
"""Each begins at 0, ends at 1 and never goes back. The last is the cubic that starts and stops at rest."""


def ease(t: Fraction, easing: str) -> Fraction:
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
