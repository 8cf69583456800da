"""The order of work, and the time that no order can beat."""

from collections.abc import Iterator
from fractions import Fraction as F
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.job_graph import Job, makespan_bound, rank, topological_order
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.core.schedule import Schedule
from watercolor_rig.core.times import bisection_parents, times_of_depth


@st.composite
def forests(draw: st.DrawFn, largest: int = 24) -> list[Job[int]]:
    """Jobs of one group that need one earlier job, or none."""
    count = draw(st.integers(1, largest))
    needs = [draw(st.none() | st.integers(0, at - 1)) if at else None for at in range(count)]
    return [Job(at, () if need is None else (need,), "one") for at, need in enumerate(needs)]


def played(jobs: list[Job[int]], workers: int) -> int:
    """Steps that the scheduler takes when every job takes one."""
    machine = Schedule(jobs, workers, RetryPolicy(), Random(0))
    steps = 0
    while not machine.finished:
        running = [key for _ in range(workers) if (key := machine.start(0.0)) is not None]
        for key in running:
            machine.succeed(key)
        steps += 1
    return steps


@given(forests(60), st.integers(1, 8))
def test_with_equal_latencies_the_makespan_is_the_exact_bound(jobs: list[Job[int]], workers: int) -> None:
    assert played(jobs, workers) == makespan_bound({job.key: job.needs for job in jobs}, workers, 1.0)


@given(forests(9), st.integers(1, 3))
def test_the_bound_is_what_trying_every_order_finds(jobs: list[Job[int]], workers: int) -> None:
    bound = makespan_bound({job.key: job.needs for job in jobs}, workers, 1.0)

    assert bound == brute_force_makespan(jobs, workers)


def brute_force_makespan(jobs: list[Job[int]], workers: int) -> int:
    """Shortest time in unit steps, over every choice of what to start."""
    full = (1 << len(jobs)) - 1
    needs = [sum(1 << need for need in job.needs) for job in jobs]
    layer, steps = {0}, 0
    while full not in layer:
        following = set()
        for done in layer:
            ready = [at for at, need in enumerate(needs) if not done >> at & 1 and need & done == need]
            following |= {done | chosen for chosen in _choices(ready, workers)}
        layer, steps = following, steps + 1
    return steps


def _choices(ready: list[int], workers: int) -> Iterator[int]:
    for chosen in combinations(ready, min(workers, len(ready))):
        yield sum(1 << at for at in chosen)


@given(st.integers(1, 3), st.integers(1, 4))
def test_the_bound_is_exact_for_the_trees_that_we_have(depth: int, workers: int) -> None:
    parents = bisection_parents(times_of_depth(depth))
    numbers = {t: at for at, t in enumerate(parents)}
    jobs = [
        Job(numbers[t], tuple(numbers[parent] for parent in pair if parent in numbers), 0)
        for t, pair in parents.items()
    ]

    bound = makespan_bound({job.key: job.needs for job in jobs}, workers, 1.0)

    assert bound == brute_force_makespan(jobs, workers)


@pytest.mark.parametrize(("workers", "minutes"), [(2, 5), (4, 3), (6, 2), (8, 2)])
def test_three_sequences_of_three_tweens_take_what_theory_says(workers: int, minutes: int) -> None:
    needs = {
        (sequence, t): tuple((sequence, parent) for parent in pair)
        for sequence in range(3)
        for t, pair in bisection_parents(times_of_depth(2)).items()
    }

    assert makespan_bound(needs, workers, 1.0) == minutes


def test_no_work_takes_no_time() -> None:
    empty: dict[F, tuple[F, ...]] = {}

    assert makespan_bound(empty, 4, 60.0) == 0


def test_sequences_are_finished_one_after_another_until_the_last_few() -> None:
    jobs = [Job((group, at), ((group, at - 1),) if at else (), group) for group in range(5) for at in range(2)]

    order = sorted(rank(jobs, 1), key=rank(jobs, 1).__getitem__)

    assert order == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (4, 0), (3, 1), (4, 1)]


@given(forests())
def test_a_topological_order_holds_every_job_once_after_its_needs(jobs: list[Job[int]]) -> None:
    order = topological_order({job.key: job.needs for job in jobs})

    assert sorted(order) == [job.key for job in jobs]
    assert all(order.index(need) < order.index(job.key) for job in jobs for need in job.needs)


@pytest.mark.parametrize(("per_minute", "minutes"), [(5, 147.8), (20, 37.7), (50, 15.68), (250, 4.68)])
def test_with_a_limit_the_bound_counts_it(per_minute: float, minutes: float) -> None:
    """The figures of 735 frames at 60 s a call, worked out elsewhere."""
    tree = bisection_parents(times_of_depth(3))
    needs = {(at, t): [(at, parent) for parent in parents] for at in range(105) for t, parents in tree.items()}

    assert makespan_bound(needs, 735, 60.0, per_minute) / 60 == pytest.approx(minutes, abs=0.01)
