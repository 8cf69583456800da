"""How long a run waits after refusals."""

import pytest

from watercolor_rig.core.retry import RetryPolicy

POLICY = RetryPolicy(first_wait_s=2.0, limited_wait_s=12.0, longest_limited_wait_s=120.0)


@pytest.mark.parametrize("refusals", [1, 2, 3])
@pytest.mark.parametrize("named_s", [0.0, 0.2, 51.84, 600.0])
def test_a_time_that_the_service_names_is_obeyed_as_it_is(refusals: int, named_s: float) -> None:
    assert named_s == POLICY.wait_after_refusal(refusals, named_s)


def test_a_named_time_that_has_proved_too_short_again_and_again_is_lengthened() -> None:
    waits = [POLICY.wait_after_refusal(refusals, 0.0) for refusals in range(1, 12)]

    assert waits == [0.0, 0.0, 0.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 120.0, 120.0]


def test_a_named_time_is_never_shortened() -> None:
    assert all(POLICY.wait_after_refusal(refusals, 600.0) == 600.0 for refusals in range(1, 30))


def test_without_a_named_time_the_pause_doubles_up_to_its_cap() -> None:
    waits = [POLICY.wait_after_refusal(refusals, None) for refusals in range(1, 7)]

    assert waits == [12.0, 24.0, 48.0, 96.0, 120.0, 120.0]
