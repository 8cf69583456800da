"""What is left of a run, by what was measured in it: said as an event while the run goes on."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from watercolor_rig.app.breadth import Breadth
from watercolor_rig.app.tally import Emit
from watercolor_rig.core.clock import Clock
from watercolor_rig.core.errors import RigError
from watercolor_rig.core.events import WorkLeft
from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.latency import Latencies
from watercolor_rig.core.outlook import Outlook
from watercolor_rig.core.pacing import Pacer
from watercolor_rig.core.schedule import Pause
from watercolor_rig.runner.driver import Again, Notice, Work
from watercolor_rig.runner.lanes import Answer, Request

K = TypeVar("K", bound=Hashable)

_SAY_EVERY_S = 1.0
"""Frames of the embedded engine may come faster than anybody reads."""


class Prospect(Generic[K]):
    """Hears all that befalls the jobs of a run, and says what is left of it.

    Args:
        jobs: All of them.
        breadth: How many calls run at once; hears how long they take.
        pacer: Knows the limit as it is learnt.
        expected_s: Seconds of one call, until one is measured.
        clock: Tells the time.
        emit: Hears what is left, at most once a second.
    """

    def __init__(
        self, jobs: Sequence[Job[K]], breadth: Breadth[K], pacer: Pacer, expected_s: float, clock: Clock, emit: Emit
    ) -> None:
        self._outlook = Outlook(jobs)
        self._breadth = breadth
        self._expected_s = expected_s
        self._measured = Latencies()
        self._pacer = pacer
        self._clock = clock
        self._emit = emit
        self._said_s = float("-inf")

    def watch(self, work: Work[K]) -> Work[K]:
        """Return the same work, of which this hears."""

        def begin(key: K, request: Request) -> None:
            work.begin(key, request)
            self._outlook.start(key, self._clock.now_s())

        def keep(key: K, answer: Answer, seconds: float) -> Again | None:
            again = work.keep(key, answer, seconds)
            if not answer.recalled:
                self._measured.answered(seconds)
                self._breadth.learn(self.latency_s)
            if again is None:
                self._ended(key)
            else:
                self._outlook.put_back(key)
            return again

        def end(key: K, error: RigError, seconds: float) -> None:
            work.end(key, error, seconds)
            self._outlook.put_back(key)

        def make_do(key: K, error: RigError) -> bool:
            settled = work.make_do(key, error)
            if settled:
                self._ended(key)
            return settled

        def failed(key: K, blocked: tuple[K, ...], error: RigError) -> None:
            work.failed(key, blocked, error)
            self._ended(key, *blocked)

        def told(notice: Notice[K]) -> None:
            work.told(notice)
            self._heed(notice)

        return replace(work, begin=begin, keep=keep, end=end, make_do=make_do, failed=failed, told=told)

    @property
    def latency_s(self) -> float:
        """Seconds of one call: the mean of this run's last ones, before the first what was expected."""
        measured = self._measured.summary
        return measured.mean_s if measured else self._expected_s

    def _ended(self, *keys: K) -> None:
        for key in keys:
            self._outlook.end(key)
        if self._clock.now_s() - self._said_s >= _SAY_EVERY_S:
            self._say()

    def _heed(self, notice: Notice[K]) -> None:
        match notice.kind:
            case Pause(wait_s):
                self._outlook.pause(self._clock.now_s() + wait_s)
                self._breadth.learn(self.latency_s)
                self._say()
            case None if notice.key is None:
                self._outlook.stop()
                self._say()

    def _say(self) -> None:
        if not self._outlook.open:
            return  # the sums follow
        self._said_s = self._clock.now_s()
        left_s = self._outlook.least_s(self._said_s, self._breadth.at_once, self.latency_s, self._pacer.per_minute)
        self._emit(WorkLeft(round(left_s, 1)))
