"""Several runs under one limit: the urgent one takes the next permit, and its call is the very next one."""

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction as F
from math import inf
from queue import Empty, SimpleQueue
from random import Random
from threading import Condition, Thread

from hypothesis import given
from hypothesis import strategies as st

from support.pacing import ExactPacer
from support.patience import PATIENCE_S
from support.virtual_lanes import ANSWER
from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.core.schedule import Schedule
from watercolor_rig.engines.api import TweenRequest
from watercolor_rig.runner.control import Control
from watercolor_rig.runner.driver import Driver, Work
from watercolor_rig.runner.gate import Entrance, Gate
from watercolor_rig.runner.lanes import Ended, Happening, Interrupted, Nudged, Request


def entrances(urgent: int = 1, others: int = 1, per_minute: float = 6.0) -> tuple[list[Entrance], list[Entrance]]:
    gate, pacer = Gate(), ExactPacer(per_minute)
    first = [Entrance(gate, pacer, Control(), urgent=True) for _ in range(urgent)]
    return first, [Entrance(gate, pacer, Control(), urgent=False) for _ in range(others)]


def test_without_an_urgent_run_everybody_asks_the_pacer() -> None:
    _, [one, other] = entrances(others=2)

    assert [one.acquire(0.0), other.acquire(1.0), other.acquire(10.0)] == [0.0, 9.0, 0.0]


def test_nobody_gets_the_permit_that_an_urgent_run_waits_for() -> None:
    [urgent], [other] = entrances()
    other.acquire(0.0)

    assert urgent.acquire(2.0) == 8.0
    assert other.acquire(10.0) == inf
    assert urgent.acquire(10.0) == 0.0
    assert other.acquire(11.0) == 9.0


def test_whoever_was_kept_out_is_woken_when_the_urgent_run_has_its_permit() -> None:
    [urgent], [other] = entrances()
    lanes = HandLanes(1)
    with other.control.over(lanes):
        other.acquire(0.0)
        urgent.acquire(1.0)
        other.acquire(2.0)

        urgent.acquire(10.0)

    assert lanes.wait(0.0) == Nudged()


def test_an_urgent_run_that_is_held_or_has_left_keeps_nobody_out() -> None:
    [held, gone], [other] = entrances(urgent=2)
    other.acquire(0.0)
    held.acquire(1.0)
    gone.acquire(1.0)

    held.control.hold()
    gone.close()

    assert other.acquire(10.0) == 0.0


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0.0, 6.0)), max_size=60))
def test_between_an_urgent_wish_and_its_permit_no_other_run_starts(asks: list[tuple[int, float]]) -> None:
    urgent, others = entrances(urgent=2, others=3)
    everybody = [*urgent, *others]
    wanting: set[int] = set()
    now_s = 0.0
    for who, passed_s in asks:
        now_s += passed_s
        granted = everybody[who].acquire(now_s) <= 0

        assert not (granted and who >= len(urgent) and wanting)
        if who < len(urgent):
            (wanting.discard if granted else wanting.add)(who)


class HandLanes:
    """Workers whose calls end when the test says so; it can wait until the driver has nothing more to do."""

    sticky = False

    def __init__(self, workers: int) -> None:
        self.workers: Sequence[Hashable] = range(workers)
        self._queue: SimpleQueue[Happening] = SimpleQueue()
        self._changed = Condition()
        self._is_asleep = False
        self._calls: dict[Hashable, Hashable] = {}

    def submit(self, worker: Hashable, key: Hashable, _request: Request) -> None:
        with self._changed:
            self._calls[key] = worker

    def wait(self, timeout_s: float | None) -> Happening | None:
        try:
            return self._queue.get_nowait()
        except Empty:
            if timeout_s is not None and timeout_s <= 0:
                return None
        with self._changed:
            self._is_asleep = self._queue.empty()
            self._changed.notify_all()
        try:
            return self._queue.get(timeout=PATIENCE_S)
        finally:
            self._is_asleep = False

    def answer(self, key: Hashable) -> None:
        self._put(Ended(self._calls.pop(key), key, ANSWER, None))

    def interrupt(self) -> None:
        self._put(Interrupted())

    def nudge(self) -> None:
        self._put(Nudged())

    def close(self, *, at_once: bool = False) -> None:
        """Nothing to let go."""

    def rest(self) -> None:
        """Return when the driver waits for something to happen."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._is_asleep and self._queue.empty(), PATIENCE_S)

    def _put(self, happening: Happening) -> None:
        with self._changed:
            self._is_asleep = False
            self._queue.put(happening)


class Turnstile:
    """Permits that the test hands out one by one."""

    per_minute: float | None = None

    def __init__(self) -> None:
        self.permits = 0

    def acquire(self, now_s: float) -> float:
        del now_s
        if not self.permits:
            return 1000.0
        self.permits -= 1
        return 0.0

    def answered(self, now_s: float, limit_per_minute: float | None) -> None:
        """Nothing to learn."""

    def refused(self, now_s: float, limit_per_minute: float | None) -> None:
        """Nothing to learn."""


class StandingClock:
    def now_s(self) -> float:
        return 0.0


class Running:
    """A driver on a thread of its own, behind a gate."""

    def __init__(self, gate: Gate, pacer: Turnstile, starts: list[str], keys: Sequence[str], *, urgent: bool) -> None:
        self.control = Control()
        self.lanes = HandLanes(len(keys))
        work: Work[str] = Work(
            request=lambda key: TweenRequest(key, b"", b"", F(0), F(1), F(1, 2)),
            keep=lambda _key, _answer, _seconds: None,
            failed=lambda _key, _blocked, _error: None,
            told=lambda _notice: None,
            begin=lambda key, _request: starts.append(key),
        )
        schedule = Schedule([Job(key, (), key) for key in keys], len(keys), RetryPolicy(), Random(1))
        entrance = Entrance(gate, pacer, self.control, urgent=urgent)
        driver = Driver(schedule, self.lanes, work, StandingClock(), entrance, control=self.control)
        self._thread = Thread(target=self._run, args=(driver.run, entrance.close))
        self._thread.start()
        self.lanes.rest()

    def nudge(self) -> None:
        self.lanes.nudge()
        self.lanes.rest()

    def end(self) -> None:
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def _run(self, run: Callable[[], object], close: Callable[[], None]) -> None:
        with self.control.over(self.lanes):
            run()
        close()


def test_the_urgent_call_is_the_very_next_one_however_long_others_have_waited() -> None:
    gate, pacer, starts = Gate(), Turnstile(), list[str]()
    pacer.permits = 1
    background = Running(gate, pacer, starts, ["b1", "b2", "b3"], urgent=False)
    urgent = Running(gate, pacer, starts, ["u"], urgent=True)

    pacer.permits = 1
    background.nudge()  # it asks first, and in vain
    assert starts == ["b1"]
    urgent.nudge()
    assert starts == ["b1", "u"]

    pacer.permits = 2
    background.nudge()
    assert starts == ["b1", "u", "b2", "b3"]
    for key in ("b1", "b2", "b3"):
        background.lanes.answer(key)
    urgent.lanes.answer("u")
    background.end()
    urgent.end()


def test_a_run_that_was_kept_out_goes_on_by_itself_when_the_urgent_one_ends() -> None:
    gate, pacer, starts = Gate(), Turnstile(), list[str]()
    urgent = Running(gate, pacer, starts, ["u"], urgent=True)
    pacer.permits = 1
    background = Running(gate, pacer, starts, ["b"], urgent=False)
    assert starts == []

    urgent.control.end()
    urgent.end()
    background.lanes.rest()

    assert starts == ["b"]
    background.lanes.answer("b")
    background.end()
