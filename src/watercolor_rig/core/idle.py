"""What a face does by itself: when it blinks, from a seed.

The numbers are the same in TypeScript (`player/src/idle.ts`), so nothing here needs more than whole numbers of 32 bits
and one product after the other: a logarithm is not rounded alike everywhere.
"""

from collections.abc import Iterator

_SHORTEST_MS = 600.0
_SPREAD_MS = 11_700.0

_BITS = 0xFFFFFFFF


class Dice:
    """Numbers that look random and are the same for the same seed: Mulberry32.

    By Tommy Ettinger, public domain: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c. It repeats
    itself after 2³² numbers, far more than there are blinks in a year.

    Args:
        seed: A whole number, of which the lowest 32 bits count.
    """

    def __init__(self, seed: int) -> None:
        self._state = seed & _BITS

    def roll(self) -> float:
        """Return the next number, from 0 up to but not including 1."""
        self._state = (self._state + 0x6D2B79F5) & _BITS
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 15)) * (mixed | 1)) & _BITS
        mixed ^= (mixed + (mixed ^ (mixed >> 7)) * (mixed | 61)) & _BITS
        return (mixed ^ (mixed >> 14)) / 2**32


def blink_times(seed: int) -> Iterator[float]:
    """Yield the moments of blinks without end, in ms from the start.

    People at rest blink 17 times a minute in the mean (A. R. Bentivoglio et al., "Analysis of blink rate patterns in
    normal subjects", Movement Disorders 12, 1997), irregularly, with many short and a few long pauses. A product of two
    evenly spread numbers has that shape: 0.6 s to 12.3 s, 3.5 s in the mean, with a deviation of 0.7 of it.
    """
    dice, at_ms = Dice(seed), 0.0
    while True:
        first, second = dice.roll(), dice.roll()
        at_ms += _SHORTEST_MS + _SPREAD_MS * first * second
        yield at_ms
