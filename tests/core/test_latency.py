"""How long a call may take, by how long calls take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.latency import Latencies, Latency, usable_workers


def test_while_nothing_is_known_a_call_may_take_what_the_engine_allows() -> None:
    assert Latencies().deadline_s() is None


@pytest.mark.parametrize(("median_s", "deadline_s"), [(1, 120), (40, 120), (50, 150), (199, 597), (400, 600)])
def test_a_call_may_take_three_medians_within_two_and_ten_minutes(median_s: float, deadline_s: float) -> None:
    latencies = Latencies()
    for _ in range(3):
        latencies.answered(median_s)

    assert latencies.deadline_s() == deadline_s


def test_what_was_known_before_holds_until_this_run_has_an_answer() -> None:
    latencies = Latencies(Latency(p50_s=60, p90_s=90, mean_s=65))

    assert latencies.deadline_s() == 180
    latencies.answered(100)
    assert latencies.deadline_s() == 300


def test_each_call_given_up_doubles_the_time_of_the_next_one_for_that_picture() -> None:
    latencies = Latencies(Latency(40, 60, 45))

    assert [latencies.deadline_s(given_up) for given_up in range(5)] == [120, 240, 480, 600, 600]
    assert Latencies().deadline_s(1) == 600


def test_calls_given_up_count_as_at_least_so_long() -> None:
    latencies = Latencies()
    latencies.answered(40)
    for _ in range(4):
        latencies.gave_up(120)

    assert latencies.deadline_s() == 360


def test_only_the_last_calls_count() -> None:
    latencies = Latencies()
    for seconds in [10.0] * 300 + [100.0] * 256:
        latencies.answered(seconds)

    assert latencies.summary == Latency(100, 100, 100)


@given(st.lists(st.floats(0.1, 1000), min_size=1, max_size=300))
def test_a_summary_is_ordered_and_within_what_was_seen(seconds: list[float]) -> None:
    latencies = Latencies()
    for value in seconds:
        latencies.answered(value)

    found = latencies.summary
    assert found is not None
    assert min(seconds) <= found.p50_s <= found.p90_s <= max(seconds)


@given(st.floats(0.1, 1000), st.floats(0.1, 600))
def test_workers_are_at_least_one_and_half_as_many_again_as_calls_under_way(rate: float, latency_s: float) -> None:
    found = usable_workers(rate, latency_s)

    assert found >= 1
    assert found >= 1.5 * rate * latency_s / 60


@pytest.mark.parametrize(("rate", "latency_s", "workers"), [(5, 40, 9), (20, 40, 25), (50, 40, 51), (250, 60, 375)])
def test_workers_follow_from_the_limit(rate: float, latency_s: float, workers: int) -> None:
    assert usable_workers(rate, latency_s) == workers
