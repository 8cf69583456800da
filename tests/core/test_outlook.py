"""What is left of a run: at every moment the same bound that the plan was estimated by, for the jobs that are open."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.job_graph import Job, makespan_bound
from watercolor_rig.core.outlook import Outlook
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.core.schedule import JobState, Schedule


@st.composite
def graphs(draw: st.DrawFn, largest: int = 30) -> list[Job[int]]:
    """Jobs that need up to two earlier ones, as tweens do."""
    count = draw(st.integers(1, largest))
    needs = [draw(st.sets(st.integers(0, at - 1), max_size=2)) if at else set() for at in range(count)]
    return [Job(at, tuple(need), "one") for at, need in enumerate(needs)]


@given(graphs(), st.integers(1, 8), st.none() | st.integers(1, 100))
def test_before_anything_starts_it_is_the_bound_of_the_plan(
    jobs: list[Job[int]], workers: int, per_minute: int | None
) -> None:
    needs = {job.key: job.needs for job in jobs}

    least_s = Outlook(jobs).least_s(7.0, workers, 40.0, per_minute)

    assert least_s == pytest.approx(makespan_bound(needs, workers, 40.0, per_minute))


@given(graphs(), st.integers(1, 8), st.none() | st.integers(1, 100), st.randoms(use_true_random=False))
def test_between_calls_it_is_the_bound_of_what_is_open(
    jobs: list[Job[int]], workers: int, per_minute: int | None, dice: Random
) -> None:
    """Whatever order the jobs came to their end in: as done jobs do, or all at once as blocked ones."""
    outlook = Outlook(jobs)
    ended = dice.sample(range(len(jobs)), dice.randrange(len(jobs)))
    for key in ended:
        outlook.start(key, 0.0)
        outlook.end(key)
    needs = {job.key: job.needs for job in jobs if job.key not in ended}

    assert outlook.open == len(needs)
    assert outlook.least_s(0.0, workers, 40.0, per_minute) == pytest.approx(
        makespan_bound(needs, workers, 40.0, per_minute)
    )


@given(graphs(), st.integers(1, 6), st.randoms(use_true_random=False))
def test_it_never_says_more_than_a_run_with_equal_calls_then_takes(
    jobs: list[Job[int]], workers: int, dice: Random
) -> None:
    """Whenever it is asked, with workers who have begun at any time."""
    outlook, schedule = Outlook(jobs), Schedule(jobs, workers, RetryPolicy(), Random(0))
    now_s, under_way, idle = 0.0, dict[int, float](), workers
    said: list[tuple[float, float]] = []
    while not schedule.finished:
        while idle and dice.random() < 0.8 and (key := schedule.start(now_s)) is not None:
            idle -= 1
            under_way[key] = now_s + 10
            outlook.start(key, now_s)
        said.append((now_s, outlook.least_s(now_s, workers, 10.0)))
        now_s = min([now_s + dice.randrange(1, 10), *under_way.values()])
        for key in [key for key, end_s in under_way.items() if end_s <= now_s]:
            del under_way[key]
            idle += 1
            schedule.succeed(key)
            outlook.end(key)

    assert all(at + least_s <= now_s + 1e-6 for at, least_s in said)
    assert outlook.least_s(now_s, workers, 10.0) == 0
    assert set(schedule.states.values()) == {JobState.DONE}


def test_calls_under_way_count_by_what_is_left_of_them() -> None:
    outlook = Outlook([Job(at, (), "one") for at in range(4)])
    outlook.start(0, 100.0)
    outlook.start(1, 130.0)

    assert outlook.least_s(140.0, 2, 60.0) == 50 + 60
    assert outlook.least_s(150.0, 2, 60.0) == 40 + 60
    assert outlook.least_s(500.0, 2, 60.0) == 60


def test_a_call_that_failed_is_to_be_made_again() -> None:
    outlook = Outlook([Job(0, (), "one")])
    outlook.start(0, 0.0)
    before_s = outlook.least_s(50.0, 1, 60.0)
    outlook.put_back(0)

    assert (before_s, outlook.least_s(50.0, 1, 60.0)) == (10, 60)


def test_a_pause_is_waited_for() -> None:
    outlook = Outlook([Job(0, (), "one"), Job(1, (0,), "one")])
    outlook.pause(30.0)

    assert outlook.least_s(10.0, 1, 60.0) == 20 + 120
    assert outlook.least_s(40.0, 1, 60.0) == 120


def test_after_a_stop_only_what_is_under_way_counts() -> None:
    outlook = Outlook([Job(at, (), "one") for at in range(9)])
    outlook.start(3, 0.0)
    outlook.stop()

    assert (outlook.open, outlook.least_s(20.0, 2, 60.0)) == (1, 40)
