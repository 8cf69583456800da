"""Money in words: whole cents where there is a dollar, every digit that counts below."""

from decimal import Decimal

import pytest

from watercolor_rig.core.money import spell_dollars


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (None, "an unknown price"),
        (Decimal(0), "$0.00"),
        (Decimal("0.04"), "$0.04"),
        (Decimal("0.0351"), "$0.0351"),
        (Decimal("2.016"), "$2.02"),
    ],
)
def test_a_sum_is_spelled_as_people_write_it(cost: Decimal | None, words: str) -> None:
    assert spell_dollars(cost) == words
