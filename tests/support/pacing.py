"""Whole runs against a service with a limit a minute, on a virtual clock."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import exp
from random import Random

from support.limited_service import LimitedLanes, Manners, Server
from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.latency import usable_workers
from watercolor_rig.core.pacing import Pacer
from watercolor_rig.core.rate_knowledge import RateKnowledge
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.core.schedule import Schedule
from watercolor_rig.core.times import bisection_parents, times_of_depth
from watercolor_rig.engines.api import TweenRequest
from watercolor_rig.runner.driver import Driver, Work
from watercolor_rig.runner.pacing import LimitPacer
from watercolor_rig.store.start_log import StartLog

SEQUENCES, DEPTH = 105, 3
FRAMES = SEQUENCES * (2**DEPTH - 1)
LATENCY_S = 40.0
MOST_WORKERS = 256

Lengths = Callable[[Random], float]


def constant(_rng: Random) -> float:
    return LATENCY_S


def lognormal(rng: Random) -> float:
    """Mean of `LATENCY_S`, sigma 0.5."""
    return rng.lognormvariate(0.0, 0.5) * LATENCY_S / exp(0.125)


class Unlimited:
    """A server that takes every call."""

    def take(self, now_s: float) -> float:
        del now_s
        return 0.0


class ExactPacer:
    """One start in 60/R seconds to the dot: the least time that any client can need."""

    def __init__(self, per_minute: float) -> None:
        self.per_minute: float | None = per_minute
        self._spacing_s = 60.0 / per_minute
        self._next_s = 0.0

    def acquire(self, now_s: float) -> float:
        if now_s < self._next_s:
            return self._next_s - now_s
        self._next_s = max(now_s, self._next_s) + self._spacing_s
        return 0.0

    def answered(self, now_s: float, limit_per_minute: float | None) -> None:
        """Nothing to learn."""

    def refused(self, now_s: float, limit_per_minute: float | None) -> None:
        """Nothing to learn."""


@dataclass(frozen=True)
class Run:
    """How a run went.

    Attributes:
        seconds: Until all was done.
        starts_s: When calls started, refused ones among them.
        made: Frames.
        lost: Frames that failed.
        refused: Calls.
    """

    seconds: float
    starts_s: list[float]
    made: int
    lost: int
    refused: int

    def used(self, limit: float) -> float:
        """Share of the limit that was used until nine of ten calls had started.

        Frames that wait for each other keep any client from using it all at times; see `ideal` for how much.
        """
        last = round(0.9 * len(self.starts_s))
        taken_share = 1 - self.refused_share
        return last * taken_share * 60.0 / (self.starts_s[last] - self.starts_s[0]) / limit

    @property
    def refused_share(self) -> float:
        """Of all calls."""
        return self.refused / len(self.starts_s)


def workers_for(per_minute: float) -> int:
    return min(MOST_WORKERS, usable_workers(per_minute, LATENCY_S))


def play(
    server: Server,
    pacer: Pacer,
    *,
    workers: int,
    lengths: Lengths = lognormal,
    manners: Manners | None = None,
    seed: int = 1,
) -> Run:
    """Make 735 frames of 105 sequences."""
    lanes = LimitedLanes(workers, server, lengths, manners or Manners(), seed)
    made: list[str] = []
    lost: list[str] = []
    work: Work[str] = Work(
        request=lambda key: TweenRequest(key, b"", b"", Fraction(0), Fraction(1), Fraction(1, 2)),
        keep=lambda key, _answer, _seconds: made.append(key),
        failed=lambda key, blocked, _error: lost.extend((key, *blocked)),
        told=lambda _notice: None,
    )
    schedule = Schedule(jobs_of_a_rig(), workers, RetryPolicy(), Random(seed))
    result = Driver(schedule, lanes, work, lanes, pacer).run()
    lost.extend(result.not_started)
    return Run(lanes.now_s(), [at_s for at_s, _ in lanes.starts], len(made), len(lost), lanes.refused)


def ideal(per_minute: float, lengths: Lengths = lognormal, seed: int = 1) -> Run:
    """Return the same calls, each as long, with no end of workers and starts at exactly the limit."""
    return play(Unlimited(), ExactPacer(per_minute), workers=FRAMES, lengths=lengths, seed=seed)


def paced(knowledge: RateKnowledge) -> LimitPacer:
    return LimitPacer(knowledge, StartLog.in_memory(), _unexpected)


def _unexpected(why: str) -> None:
    raise AssertionError(why)


def jobs_of_a_rig() -> list[Job[str]]:
    """Return the frames of 105 sequences, each halved three times."""
    tree = bisection_parents(times_of_depth(DEPTH))
    return [
        Job(f"{at} {t}", tuple(f"{at} {parent}" for parent in parents), at)
        for at in range(SEQUENCES)
        for t, parents in tree.items()
    ]
