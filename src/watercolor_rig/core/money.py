"""Sums of money in words; inside the program they are `Decimal`, in US dollars."""

from decimal import Decimal


def spell_dollars(cost: Decimal | None) -> str:
    """Return a sum as people write it: cents from a dollar on, as many digits as it needs below."""
    if cost is None:
        return "an unknown price"
    return f"${cost:.2f}" if cost >= 1 or cost == 0 else f"${cost:.4f}".rstrip("0").ljust(5, "0")
