"""The order of work: a failure scenario is a few events, and time is a number."""

from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.core.schedule import GiveUp, JobState, OutOfPatience, Pause, Retry, Schedule

CHAIN = [Job("a", (), "s"), Job("b", ("a",), "s"), Job("c", ("b",), "s"), Job("other", (), "s")]


def schedule(jobs: list[Job[str]], **policy: float) -> Schedule[str]:
    return Schedule(jobs, 4, RetryPolicy(**policy), Random(1))  # type: ignore[arg-type]  # tries is an int


def started(machine: Schedule[str], now_s: float = 0.0) -> list[str]:
    return list(_starts(machine, now_s))


def _starts(machine: Schedule[str], now_s: float) -> Iterator[str]:
    while (key := machine.start(now_s)) is not None:
        yield key


def test_everything_whose_parents_exist_starts_at_once() -> None:
    assert started(schedule(CHAIN)) == ["a", "other"]


def test_a_child_starts_when_its_parent_is_done() -> None:
    machine = schedule(CHAIN)
    started(machine)

    machine.succeed("a")

    assert started(machine) == ["b"]


def test_a_failure_blocks_its_descendants_only() -> None:
    machine = schedule(CHAIN)
    started(machine)

    assert machine.fail("a") == GiveUp(("b", "c"))

    machine.succeed("other")
    assert machine.finished
    assert machine.states == {
        "a": JobState.FAILED, "b": JobState.BLOCKED, "c": JobState.BLOCKED, "other": JobState.DONE,
    }  # fmt: skip


def test_a_transient_failure_is_tried_again_after_its_wait_and_not_before() -> None:
    machine = schedule([Job("a", (), "s")], tries=2, first_wait_s=10.0)
    started(machine)

    verdict = machine.fail_transiently("a", 100.0)

    assert isinstance(verdict, Retry)
    assert 0 <= verdict.wait_s <= 10
    assert machine.wake_at() == 100 + verdict.wait_s
    assert started(machine, 100 + verdict.wait_s - 0.01) == []
    assert started(machine, 100 + verdict.wait_s) == ["a"]
    assert machine.fail_transiently("a", 200.0) is None
    assert machine.states["a"] is JobState.RUNNING


def test_a_job_that_failed_once_is_not_started_early_by_a_worker_of_its_group() -> None:
    machine = schedule([Job("a", (), "s"), Job("b", (), "s")], first_wait_s=1e9, longest_wait_s=1e9)
    assert machine.start(0.0, worker=1) == "a"

    machine.fail_transiently("a", 0.0)

    assert machine.start(0.0, worker=1) == "b"
    assert machine.start(0.0, worker=1) is None


def test_a_refusal_pauses_everything_and_costs_no_try() -> None:
    machine = schedule([Job("a", (), "s"), Job("b", (), "s")], tries=1)
    assert machine.start(0.0) == "a"

    assert machine.refuse("a", 5.0, 7.0) == Pause(7.0)

    assert started(machine, 11.9) == []
    assert machine.wake_at() == 12.0
    assert started(machine, 12.0) == ["a", "b"]


def test_refusals_of_calls_that_were_under_way_count_as_one() -> None:
    machine = schedule([Job(key, (), "s") for key in "abc"], limited_wait_s=10.0)
    started(machine)

    assert [machine.refuse(key, 0.0, None) for key in "abc"] == [Pause(10.0)] * 3
    assert started(machine, 10.0) == ["a", "b", "c"]
    assert machine.refuse("a", 10.0, None) == Pause(20.0)


def test_an_answer_ends_a_row_of_refusals() -> None:
    machine = schedule([Job("a", (), "s"), Job("b", (), "s")], limited_wait_s=10.0, patience_s=50.0)
    started(machine)
    machine.refuse("a", 0.0, None)
    machine.succeed("b")
    started(machine, 100.0)

    assert machine.refuse("a", 100.0, None) == Pause(10.0)


def test_patience_with_refusals_ends() -> None:
    machine = schedule([Job("a", (), "s")], patience_s=50.0)
    started(machine)
    machine.refuse("a", 0.0, 40.0)
    started(machine, 60.0)

    assert machine.refuse("a", 60.0, 40.0) == OutOfPatience(60.0)


def test_after_a_stop_nothing_starts_and_what_runs_is_awaited() -> None:
    machine = schedule(CHAIN)
    started(machine)

    machine.stop()

    assert (machine.finished, machine.wake_at()) == (False, None)
    machine.succeed("a")
    machine.fail("other")
    assert machine.finished
    assert started(machine) == []


def test_a_worker_stays_with_its_group_and_another_takes_the_next() -> None:
    jobs = [Job(f"{group}{at}", (), group) for group in "xy" for at in range(3)]
    machine = schedule(jobs)

    order = [(worker, machine.start(0.0, worker)) for worker in (1, 2, 1, 2, 1, 2)]

    assert order == [(1, "x0"), (2, "y0"), (1, "x1"), (2, "y1"), (1, "x2"), (2, "y2")]


def test_a_worker_without_a_group_of_its_own_helps_out() -> None:
    machine = schedule([Job(f"x{at}", (), "x") for at in range(3)])

    assert [machine.start(0.0, worker) for worker in (1, 2, 2)] == ["x0", "x1", "x2"]


@pytest.mark.parametrize(
    "jobs",
    [[Job("a", (), 0), Job("a", (), 0)], [Job("a", ("b",), 0), Job("b", ("a",), 0)], [Job("a", ("a",), 0)]],
)
def test_a_plan_that_cannot_be_played_is_refused(jobs: list[Job[str]]) -> None:
    with pytest.raises(ValueError, match=r"one key|in a circle"):
        schedule(jobs)


@st.composite
def forests(draw: st.DrawFn) -> list[Job[int]]:
    """Jobs that need one earlier job, or none."""
    count = draw(st.integers(1, 24))
    needs = [draw(st.none() | st.integers(0, at - 1)) if at else None for at in range(count)]
    return [Job(at, () if need is None else (need,), need) for at, need in enumerate(needs)]


@given(forests(), st.integers(1, 5), st.data())
def test_whatever_happens_every_job_ends_and_none_starts_before_its_parents(
    jobs: list[Job[int]], workers: int, data: st.DataObject
) -> None:
    machine = Schedule(jobs, workers, RetryPolicy(tries=3), Random(0))
    sticky = data.draw(st.booleans())
    running: list[int] = []
    starts: list[int] = []
    now_s = 0.0
    most = workers
    while not machine.finished:
        if data.draw(st.booleans()):
            most = data.draw(st.integers(1, workers))
            machine.limit(most)
        while len(running) < workers:
            key = machine.start(now_s, worker=len(running) if sticky else None)
            if key is None:
                break
            assert len(running) < most
            assert key not in running
            assert all(machine.states[need] is JobState.DONE for need in jobs[key].needs)
            running.append(key)
            starts.append(key)
        assert machine.running == len(running)
        if running:
            key = running.pop(data.draw(st.integers(0, len(running) - 1)))
            outcome = data.draw(st.sampled_from(sorted(OUTCOMES))) if starts.count(key) < 8 else "ok"
            OUTCOMES[outcome](machine, key, now_s)
        else:
            wake_at = machine.wake_at()
            assert wake_at is not None, "it waits for nothing"
            now_s = max(now_s, wake_at)

    assert set(machine.states.values()) <= {JobState.DONE, JobState.FAILED, JobState.BLOCKED}
    for job in jobs:
        blocked = any(machine.states[need] is not JobState.DONE for need in job.needs)
        assert (machine.states[job.key] is JobState.BLOCKED) == blocked
        assert (job.key in starts) != blocked


def test_no_more_run_than_the_limit_allows_and_a_higher_one_counts_at_once() -> None:
    machine = schedule([Job(str(at), (), "s") for at in range(5)])
    machine.limit(2)

    assert started(machine) == ["0", "1"]
    assert machine.wake_at() is None
    machine.limit(4)
    assert started(machine) == ["2", "3"]
    machine.limit(1)
    machine.succeed("0")
    assert started(machine) == []


def test_where_far_more_may_run_the_last_groups_are_spread_over_them() -> None:
    """Three chains of two: one after the other for one worker, all three at once for three."""
    jobs = [Job(f"{name}{at}", (f"{name}{at - 1}",) if at else (), name) for name in "abc" for at in range(2)]
    machine = Schedule(jobs, 1, RetryPolicy(), Random(1))
    machine.limit(1)
    one_after_the_other = started(machine)
    machine.succeed("a0")
    machine.limit(3)

    assert one_after_the_other == ["a0"]
    assert started(machine) == ["b0", "c0", "a1"]


OUTCOMES: dict[str, Callable[[Schedule[int], int, float], object]] = {
    "ok": lambda machine, key, _now_s: machine.succeed(key),
    "transient": lambda machine, key, now_s: machine.fail_transiently(key, now_s) or machine.fail(key),
    "refused": lambda machine, key, now_s: machine.refuse(key, now_s, None),
    "lost": lambda machine, key, now_s: machine.put_back(key, now_s),
    "failed": lambda machine, key, _now_s: machine.fail(key),
}
