"""Plays a schedule on lanes: starts calls, books answers, retries, pauses and stops.

The driver is the only place that repeats a call. It knows neither sequences nor expressions: the use case gives it
what to ask for a job and what to do with an answer.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf
from typing import Generic, TypeVar

from watercolor_rig.core.clock import Clock
from watercolor_rig.core.errors import (
    EngineError,
    GivenUpError,
    PictureError,
    RateLimitedError,
    RejectedError,
    RigError,
    StopRunError,
    StoreError,
    TransientError,
)
from watercolor_rig.core.latency import Latencies
from watercolor_rig.core.pacing import Pacer
from watercolor_rig.core.schedule import JobState, OutOfPatience, Pause, Retry, Schedule
from watercolor_rig.runner.control import Control
from watercolor_rig.runner.lanes import Answer, Ended, Interrupted, Lanes, Request

K = TypeVar("K", bound=Hashable)

_DEATHS_BORNE = 2
"""A job that has ended this many worker processes is at fault itself."""


@dataclass(frozen=True, slots=True)
class Again:
    """An answer was kept, and another one shall be asked for.

    Attributes:
        reason: In words.
        cost_usd: What the answer cost, where the service said so.
    """

    reason: str
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Work(Generic[K]):
    """What the use case supplies; all is called on the driver's thread.

    Attributes:
        request: Returns what to ask the engine for a job; may raise StoreError or PictureError.
        keep: Stores an answer; the float is how many seconds the call took. Returns None where that settles the job, or
            why it shall be asked for once more. May raise StoreError.
        failed: Hears of a job that failed for good, the jobs it blocks, and why.
        told: Hears what else happens: a retry, a pause, a stop.
        recall: Returns the answer that an equal request has brought before, or None; then no call is made.
        begin: Hears of a call before it is made; may raise StopRunError, which stops the run instead, or StoreError.
        end: Hears of a call that brought no answer, with its error and how many seconds it took.
        reword: Asked after a refusal for good: whether the next request for the job is in other words, and to be tried.
        make_do: Asked when a job would fail for good: whether an earlier answer stands, so that it has not failed.
    """

    request: Callable[[K], Request]
    keep: Callable[[K, Answer, float], Again | None]
    failed: Callable[[K, tuple[K, ...], RigError], None]
    told: Callable[["Notice[K]"], None]
    recall: Callable[[K, Request], Answer | None] = lambda _key, _request: None
    begin: Callable[[K, Request], None] = lambda _key, _request: None
    end: Callable[[K, RigError, float], None] = lambda _key, _error, _seconds: None
    reword: Callable[[K], bool] = lambda _key: False
    make_do: Callable[[K, RigError], bool] = lambda _key, _error: False


@dataclass(frozen=True, slots=True)
class Notice(Generic[K]):
    """Something that happened beside answers and failures.

    Attributes:
        kind: Retry or Pause for a job; None where the run stops, or where a try failed that is not repeated any more.
        key: The job, or None where the run stops.
        reason: In words.
        running: Calls under way.
        cost_usd: What the failed call cost all the same, where the service said so.
    """

    kind: Retry | Pause | None
    key: K | None
    reason: str
    running: int
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Result(Generic[K]):
    """How a run ended.

    Attributes:
        stopped_by: The error that stopped it, or None.
        interrupted: Whether the user did, by Ctrl-C or through the control.
        not_started: Jobs that neither ended nor were blocked by a failure.
    """

    stopped_by: RigError | None
    interrupted: bool
    not_started: tuple[K, ...]


class Driver(Generic[K]):
    """One run.

    Args:
        schedule: What starts when.
        lanes: Where calls run; closed by whoever opened them.
        work: What a job asks and what becomes of its answer.
        clock: Tells the time.
        pacer: Grants permits for calls.
        latencies: Hears how long calls take and says how long one may take; by default, as long as the engine allows.
        control: Holds and ends the run from other threads; it nudges the lanes at every word.
    """

    def __init__(  # noqa: PLR0913 - what a run consists of
        self,
        schedule: Schedule[K],
        lanes: Lanes,
        work: Work[K],
        clock: Clock,
        pacer: Pacer,
        *,
        latencies: Latencies | None = None,
        control: Control | None = None,
    ) -> None:
        self._schedule = schedule
        self._lanes = lanes
        self._work = work
        self._clock = clock
        self._pacer = pacer
        self._latencies = latencies
        self._control = control or Control()
        self._given_up: dict[Hashable, int] = {}
        self._has_permit = False
        self._permit_at_s = float("-inf")
        self._idle = list(reversed(lanes.workers))
        self._started_s: dict[Hashable, float] = {}
        self._deaths: dict[Hashable, int] = {}
        self._stopped_by: RigError | None = None
        self._interrupted = False

    def run(self) -> Result[K]:
        """Return when nothing runs and nothing will start.

        Raises:
            KeyboardInterrupt: at the second interrupt; calls may still be under way.
        """
        while self._is_underway():
            happened = self._lanes.wait(self._time_to_wait())
            if isinstance(happened, Interrupted):
                self._interrupt()
            elif isinstance(happened, Ended):
                self._book(happened)
        left = (key for key, state in self._schedule.states.items() if state is JobState.WAITING)
        return Result(self._stopped_by, self._interrupted, tuple(left))

    def _is_underway(self) -> bool:
        """Start what may start; return whether anything is left to wait for."""
        if self._control.is_ended:
            self._end()
        self._start_what_may_start()
        return not self._schedule.finished

    def _start_what_may_start(self) -> None:
        while self._idle and not self._control.is_held and self._holds_permit():
            worker = self._idle[-1]
            self._schedule.prefer(self._control.preferred)
            key = self._schedule.start(self._clock.now_s(), worker if self._lanes.sticky else None)
            if key is None:
                return
            self._start(key, worker)

    def _holds_permit(self) -> bool:
        """Return whether a call may start now; a permit that no job could use is kept for the next one."""
        now_s = self._clock.now_s()
        if not self._has_permit and self._is_startable(now_s):
            wait_s = self._pacer.acquire(now_s)
            self._has_permit = wait_s <= 0
            self._permit_at_s = now_s + wait_s
        return self._has_permit

    def _is_startable(self, now_s: float) -> bool:
        wake_at = self._schedule.wake_at()
        return wake_at is not None and wake_at <= now_s

    def _start(self, key: K, worker: Hashable) -> None:
        """Submit a job's call, unless its answer is known, its input is unusable, or no call may be made any more."""
        try:
            request = self._work.request(key)
            known = self._work.recall(key, request)
            if known is None:
                self._work.begin(key, request)
        except StopRunError as error:
            self._schedule.put_back(key, self._clock.now_s())
            self._stop(error)
        except (StoreError, PictureError) as error:
            self._fail(key, error)
        else:
            if known is not None:
                self._keep(key, known, 0.0)
                return
            self._idle.pop()
            self._has_permit = False
            self._started_s[key] = self._clock.now_s()
            self._lanes.submit(worker, key, self._with_deadline(key, request))

    def _with_deadline(self, key: K, request: Request) -> Request:
        if self._latencies is None:
            return request
        return replace(request, deadline_s=self._latencies.deadline_s(self._given_up.get(key, 0)))

    def _time_to_wait(self) -> float | None:
        """Return the seconds until something may start by itself, or None where only an answer can change anything."""
        wake_at = self._schedule.wake_at() if self._idle and not self._control.is_held else None
        if wake_at is None:
            return None
        not_before = wake_at if self._has_permit else max(wake_at, self._permit_at_s)
        return None if not_before == inf else max(0.0, not_before - self._clock.now_s())

    def _interrupt(self) -> None:
        if self._interrupted:
            raise KeyboardInterrupt
        self._interrupted = True
        self._schedule.stop()
        self._tell(None, None, "interrupted: nothing new starts; press Ctrl-C again to end at once")

    def _end(self) -> None:
        """Start nothing more, because whoever controls the run says so."""
        if not self._interrupted:
            self._interrupted = True
            self._schedule.stop()
            self._tell(None, None, "cancelled: nothing new starts")

    def _book(self, ended: Ended) -> None:
        self._idle.append(ended.worker)
        key: K = ended.key  # type: ignore[assignment]  # lanes hand back the key that they were given
        seconds = self._clock.now_s() - self._started_s.pop(key)
        if ended.answer is not None:
            if self._latencies is not None:
                self._latencies.answered(seconds)
            usage = ended.answer.picture.usage
            self._pacer.answered(self._clock.now_s(), usage.limit_per_minute if usage else None)
            self._keep(key, ended.answer, seconds)
            return
        error = ended.error or EngineError("its worker was lost")
        self._tell_the_end(key, error, seconds)
        if isinstance(error, GivenUpError):
            self._given_up[key] = self._given_up.get(key, 0) + 1
            if self._latencies is not None:
                self._latencies.gave_up(seconds)
        if ended.died:
            self._bury(key, error)
        else:
            self._book_error(key, error)

    def _tell_the_end(self, key: K, error: RigError, seconds: float) -> None:
        try:
            self._work.end(key, error, seconds)
        except StoreError as trouble:
            self._stop(trouble)  # what cannot be put on record is not asked for

    def _keep(self, key: K, answer: Answer, seconds: float) -> None:
        try:
            again = self._work.keep(key, answer, seconds)
        except StoreError as error:
            # every further answer would be lost like this one, so none is asked for
            self._fail(key, error)
            self._stop(error)
        else:
            if again is None:
                self._schedule.succeed(key)
            else:
                retry = self._schedule.put_back(key, self._clock.now_s())
                self._tell(retry, key, again.reason, again.cost_usd)

    def _book_error(self, key: K, error: RigError) -> None:
        now_s = self._clock.now_s()
        if isinstance(error, RateLimitedError):
            self._pacer.refused(now_s, error.limit_per_minute)
            verdict = self._schedule.refuse(key, now_s, error.wait_s)
            if isinstance(verdict, OutOfPatience):
                minutes = verdict.refused_s / 60
                self._stop(
                    StopRunError(f"the service has refused every call for {minutes:.0f} minutes; run again later")
                )
            else:
                self._tell(verdict, key, str(error))
        elif isinstance(error, RejectedError) and not self._is_ending() and self._work.reword(key):
            self._tell(self._schedule.put_back(key, now_s), key, f"{error}; asking once more in plain words")
        elif isinstance(error, TransientError):
            retry = self._schedule.fail_transiently(key, now_s)
            if retry is None:
                self._fail(key, error)
            else:
                self._tell(retry, key, str(error), error.cost_usd)
        else:
            self._fail(key, error)
            if isinstance(error, StopRunError):
                self._stop(error)

    def _is_ending(self) -> bool:
        return self._interrupted or self._stopped_by is not None

    def _bury(self, key: K, error: RigError) -> None:
        """Book a lost worker: its job starts again elsewhere, unless the job seems to kill its workers."""
        self._deaths[key] = self._deaths.get(key, 0) + 1
        if self._deaths[key] >= _DEATHS_BORNE:
            self._fail(key, error)
        else:
            self._tell(self._schedule.put_back(key, self._clock.now_s()), key, str(error))

    def _stop(self, error: RigError) -> None:
        """Start nothing more; said once, although calls under way may well meet the same error."""
        if self._stopped_by is not None:
            return
        self._stopped_by = error
        self._schedule.stop()
        self._tell(None, None, str(error))

    def _fail(self, key: K, error: RigError) -> None:
        """Book a job as failed for good, unless an earlier answer stands."""
        try:
            stands = self._work.make_do(key, error)
        except StoreError as trouble:
            stands, error = False, trouble
        if stands:
            self._schedule.succeed(key)
        else:
            self._work.failed(key, self._schedule.fail(key).blocked, error)

    def _tell(self, kind: Retry | Pause | None, key: K | None, reason: str, cost_usd: Decimal | None = None) -> None:
        if kind is not None and self._is_ending():
            if cost_usd is None:
                return  # nothing is repeated any more: the job will count as not started
            kind = None
        self._work.told(Notice(kind, key, reason, self._schedule.running, cost_usd))
