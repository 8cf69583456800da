"""Runs of 735 frames against services with a limit: what is used of it, what is refused, and that nothing is lost."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from support.limited_service import Manners, Server, SlidingWindow, TokenBucket
from support.pacing import FRAMES, constant, ideal, paced, play, workers_for
from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.rate_knowledge import Learnt, RateKnowledge
from watercolor_rig.runner.pacing import LimitPacer
from watercolor_rig.store.start_log import StartLog

LIMITS = (5, 20, 50, 250)
SERVERS = (SlidingWindow, TokenBucket)
MakeServer = Callable[[int], Server]

BLUNT, PLAIN, NAMING = Manners(hints=False), Manners(), Manners(names=True)


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("limit", LIMITS)
def test_a_known_limit_is_used_and_never_met(limit: int, server: MakeServer) -> None:
    run = play(server(limit), paced(RateKnowledge(chosen=limit)), workers=workers_for(limit))

    assert (run.made, run.lost, run.refused) == (FRAMES, 0, 0)
    assert run.used(limit) >= 0.97 * ideal(limit).used(limit)
    assert run.seconds <= 1.03 * ideal(limit).seconds


@pytest.mark.parametrize("limit", LIMITS[:3])
def test_at_calls_of_equal_length_a_run_takes_its_exact_bound(limit: int) -> None:
    run = play(SlidingWindow(limit), paced(RateKnowledge(chosen=limit)), workers=workers_for(limit), lengths=constant)

    assert run.seconds <= 1.03 * ideal(limit, constant).seconds


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("manners", [BLUNT, PLAIN, NAMING], ids=["blunt", "plain", "naming"])
@pytest.mark.parametrize("limit", [1, 3, *LIMITS])
def test_an_unknown_limit_costs_no_frame_and_few_refusals(limit: int, manners: Manners, server: MakeServer) -> None:
    run = play(server(limit), paced(RateKnowledge()), workers=max(4, workers_for(limit)), manners=manners)

    assert (run.made, run.lost) == (FRAMES, 0)
    assert run.refused_share <= 0.03
    assert run.seconds <= 1.6 * ideal(limit).seconds


@pytest.mark.parametrize("limit", [20, 50])
def test_a_limit_that_a_refusal_names_is_kept_to_from_then_on(limit: int) -> None:
    knowledge = RateKnowledge()

    run = play(SlidingWindow(limit), paced(knowledge), workers=workers_for(limit), manners=NAMING)

    assert run.refused <= 3
    assert knowledge.learnt == Learnt(limit, settled=True)


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("limit", LIMITS[:3])
def test_the_next_run_starts_with_what_the_last_one_has_learnt(limit: int, server: MakeServer) -> None:
    first = RateKnowledge()
    play(server(limit), paced(first), workers=workers_for(limit))

    second = play(server(limit), paced(RateKnowledge(learnt=first.learnt)), workers=workers_for(limit))

    assert second.lost == 0
    assert second.refused_share <= 0.01
    assert second.seconds <= 1.1 * ideal(limit).seconds


def test_what_the_user_says_is_kept_to_although_more_was_learnt() -> None:
    knowledge = RateKnowledge(chosen=10, learnt=Learnt(50, settled=True))

    run = play(SlidingWindow(50), paced(knowledge), workers=40)

    assert run.refused == 0
    assert min(later - at for at, later in pairwise(run.starts_s)) >= 6.0
    assert knowledge.learnt is None


def test_a_limit_that_the_user_puts_too_high_costs_no_frame() -> None:
    run = play(SlidingWindow(5), paced(RateKnowledge(chosen=50)), workers=50)

    assert (run.made, run.lost) == (FRAMES, 0)


def test_where_no_limit_is_expected_calls_are_not_paced_until_one_is_named() -> None:
    pacer = paced(RateKnowledge(limited=False))

    assert [pacer.acquire(0.0) for _ in range(100)] == [0.0] * 100
    pacer.refused(1.0, None)
    assert [pacer.acquire(1.0) for _ in range(100)] == [0.0] * 100
    pacer.refused(2.0, 60.0)
    assert pacer.acquire(2.0) == 0.0
    assert pacer.acquire(2.0) == pytest.approx(1.02, abs=0.01)


def unexpected(why: str) -> None:
    raise AssertionError(why)


class Wall:
    """A clock on the wall, which people and servers set."""

    def __init__(self) -> None:
        self.ms = 1_800_000_000_000

    def __call__(self) -> int:
        return self.ms


@pytest.mark.parametrize("jump_s", [-2 * 86_400, -30, 30, 2 * 86_400])
def test_a_clock_that_is_set_costs_at_most_a_minute_and_grants_at_most_one_call_early(
    tmp_path: Path, jump_s: int
) -> None:
    wall = Wall()
    pacer = LimitPacer(RateKnowledge(chosen=10), StartLog.shared(tmp_path / "log", wall), unexpected)
    granted: list[float] = []
    for second in range(600):
        if second == 300:
            wall.ms += jump_s * 1000
        if pacer.acquire(float(second)) <= 0:
            granted.append(second)
        wall.ms += 1000
    pacer.close()

    gaps = [later - at for at, later in pairwise(granted)]
    assert sum(gap < 6 for gap in gaps) <= 1
    assert max(gaps) <= 61


def test_a_refusal_after_the_clock_was_set_forward_is_not_taken_for_a_tiny_limit(tmp_path: Path) -> None:
    wall = Wall()
    knowledge = RateKnowledge()
    pacer = LimitPacer(knowledge, StartLog.shared(tmp_path / "log", wall), unexpected)
    for second in range(200):
        wall.ms += 1000
        pacer.acquire(float(second))
    wall.ms += 86_400_000

    pacer.refused(200.0, None)
    pacer.close()

    assert knowledge.per_minute is not None
    assert knowledge.per_minute >= 10


class BrokenLog(StartLog):
    """A log on a disk that is full."""

    def __init__(self) -> None:
        self.closed = False

    def take(self, now_s: float, spacing_s: float) -> float:
        raise StoreError(f"full at {now_s} for {spacing_s}")

    def last_minute(self, now_s: float) -> int:
        raise StoreError(f"full at {now_s}")

    def close(self) -> None:
        self.closed = True


def test_a_log_that_breaks_is_said_once_and_pacing_goes_on_alone() -> None:
    said: list[str] = []
    log = BrokenLog()
    pacer = LimitPacer(RateKnowledge(chosen=60), log, said.append)

    assert pacer.acquire(10.0) == 0.0
    assert pacer.acquire(10.5) > 0
    pacer.refused(11.0, None)
    assert len(said) == 1
    assert log.closed


def test_a_count_on_a_log_that_breaks_falls_back_to_our_own_calls() -> None:
    said: list[str] = []
    pacer = LimitPacer(RateKnowledge(), BrokenLog(), said.append)

    pacer.refused(11.0, None)

    assert said == ["full at 11.0"]
