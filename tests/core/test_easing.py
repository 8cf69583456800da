"""A change may start and stop slowly, and stays exact."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.easing import EASINGS, LINEAR, ease, is_same_backwards

times = st.fractions(0, 1)


@pytest.mark.parametrize("easing", EASINGS)
def test_it_begins_and_ends_with_the_sequence(easing: str) -> None:
    assert [ease(F(0), easing), ease(F(1), easing)] == [0, 1]


@given(st.sampled_from(list(EASINGS)), times, times)
def test_it_never_goes_back(easing: str, one: F, other: F) -> None:
    assert (one < other) == (ease(one, easing) < ease(other, easing))


def test_linear_changes_nothing() -> None:
    assert ease(F(1, 3), LINEAR) == F(1, 3)


def test_at_rest_at_both_ends_it_starts_slowly() -> None:
    assert ease(F(1, 4), "ease-in-out") == F(5, 32)


@given(st.sampled_from(list(EASINGS)), times)
def test_what_is_the_same_backwards_is_so_everywhere(easing: str, t: F) -> None:
    if is_same_backwards(easing):
        assert ease(t, easing) == 1 - ease(1 - t, easing)


def test_only_even_easings_are_the_same_backwards() -> None:
    assert [easing for easing in EASINGS if is_same_backwards(easing)] == ["linear", "ease-in-out"]
