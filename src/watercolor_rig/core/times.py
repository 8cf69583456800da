"""Positions on a sequence, held exactly.

A time is a `Fraction`, never a float: equality, order and parenthood are exact, so nothing in the package compares
times with an epsilon. Floats appear in `manifest.json` only, and are read back as the exact value they stand for.
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from itertools import pairwise

from watercolor_rig.core.errors import UsageError

START = Fraction(0)
END = Fraction(1)

MAX_DEPTH = 10
"""1023 tweens a sequence; more than that is a slip of the finger."""

_COARSE_HALVINGS = 6
"""Up to here no two rounded percents are equal."""

_LARGEST_DENOMINATOR = 10_000_000


def times_of_depth(depth: int) -> tuple[Fraction, ...]:
    """Return the 2ⁿ−1 times of `depth` rounds of halving, ascending.

    Raises:
        UsageError: unless 1 ≤ depth ≤ `MAX_DEPTH`.
    """
    if not 1 <= depth <= MAX_DEPTH:
        raise UsageError(f"--max-depth {depth}: expected a whole number from 1 to {MAX_DEPTH}")
    parts = 2**depth
    return tuple(Fraction(k, parts) for k in range(1, parts))


def parse_times(text: str) -> tuple[Fraction, ...]:
    """Return the exact times of a list such as `0.25,1/3,0.75`, ascending and without repeats.

    Raises:
        UsageError: naming the first entry that is no number strictly between 0 and 1.
    """
    times = {_parse_time(entry.strip()) for entry in text.split(",")}
    return tuple(sorted(times))


def from_json_number(value: float) -> Fraction:
    """Return the exact time that a JSON number stands for: 0.1 is 1/10, not the nearest binary fraction.

    Raises:
        ValueError: for a number outside 0…1, not-a-number included.
    """
    if not 0 <= value <= 1:
        raise ValueError(f"{value!r} is no position between 0 and 1")
    exact = Fraction(value)
    if exact.denominator <= 2**MAX_DEPTH:
        return exact
    return Fraction(repr(float(value))).limit_denominator(_LARGEST_DENOMINATOR)


def bisection_parents(times: Collection[Fraction]) -> dict[Fraction, tuple[Fraction, Fraction]]:
    """Return, for each time, the two neighbours it is made between when intervals are halved again and again.

    In every open interval the time nearest to its middle comes first (the lower one of two equally near), between the
    ends of the interval; then both halves. For the times of a depth this is the recursive binary subdivision.

    Args:
        times: Each strictly between 0 and 1.

    Returns:
        Time to (lower, upper) parent; a parent is 0, 1 or another of `times`. Parents come before their children.
    """
    return parents_between(times, ())


def parents_between(
    times: Collection[Fraction],
    kept: Collection[Fraction],
) -> dict[Fraction, tuple[Fraction, Fraction]]:
    """Return, for each time, the two it is made between where some frames stay: each gap is halved again and again.

    Args:
        times: Each strictly between 0 and 1.
        kept: Others, between which they are made; 0 and 1 need not be among them.

    Returns:
        Time to (lower, upper) parent; a parent is 0, 1, one of `kept` or another of `times`. Parents come before their
        children.
    """
    stays = sorted({START, END, *kept} - set(times))
    ordered = sorted(set(times))
    found: dict[Fraction, tuple[Fraction, Fraction]] = {}
    waiting = [(low, high, [t for t in ordered if low < t < high]) for low, high in pairwise(stays)]
    while waiting:
        low, high, inside = waiting.pop(0)
        if not inside:
            continue
        middle = (low + high) / 2
        chosen = min(inside, key=lambda t: (abs(t - middle), t))
        found[chosen] = (low, high)
        at = inside.index(chosen)
        waiting += [(low, chosen, inside[:at]), (chosen, high, inside[at + 1 :])]
    return found


def frame_names(times: Iterable[Fraction], taken: Mapping[str, Fraction]) -> dict[Fraction, str]:
    """Return a file name per time: the rounded percent, or a longer, exact one where that would collide.

    The rounding is Python's (0.125 → `012.png`, 0.375 → `038.png`), so existing folders stay valid. The halves,
    quarters … sixty-fourths never collide and go first; finer halvings are always named exactly; any other time takes
    its percent if no other time has it. Names already taken in the folder's manifest stay taken.

    Args:
        times: Positions from 0 to 1.
        taken: File name to the time that owns it.
    """
    names: dict[Fraction, str] = {}
    owners = dict(taken)
    for time in sorted(set(times), key=lambda t: (_halvings(t) is None, t)):
        short = f"{round(100 * time):03d}.png"
        is_fine = (_halvings(time) or 0) > _COARSE_HALVINGS
        is_free = owners.get(short, time) == time and (time in (START, END) or short not in ("000.png", "100.png"))
        names[time] = short if is_free and not is_fine else _exact_name(time)
        owners[names[time]] = time
    return names


def spell(time: Fraction) -> str:
    """Return a time as the log lines show it: at least two decimals (`0.50`, `0.125`), and as many as it needs."""
    return spell_number(float(time))


def spell_number(time: float) -> str:
    """Return `spell` of a time that has left the program as a number."""
    whole, decimals = f"{time:.7f}".rstrip("0").split(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def _parse_time(entry: str) -> Fraction:
    try:
        time = Fraction(entry)
    except (ValueError, ZeroDivisionError):
        raise UsageError(f"--times: {entry!r} is no number; write a list such as 0.25,0.5,0.75") from None
    if not START < time < END:
        raise UsageError(f"--times: {entry!r} is not strictly between 0 and 1; 0 and 1 are the endpoints themselves")
    if time.denominator > _LARGEST_DENOMINATOR:
        raise UsageError(f"--times: {entry!r} is finer than a ten-millionth; shorten it")
    return time


def _halvings(time: Fraction) -> int | None:
    """Return how many halvings lead to a time, or None where none do (a third)."""
    halvings = time.denominator.bit_length() - 1
    return halvings if time.denominator == 2**halvings else None


def _exact_name(time: Fraction) -> str:
    percent, rest = divmod(100 * time, 1)
    for digits in range(1, 12):
        scaled = rest * 10**digits
        if scaled.denominator == 1:
            return f"{percent:03d}_{scaled.numerator:0{digits}d}.png"
    return f"{percent:03d}_{time.numerator}of{time.denominator}.png"
