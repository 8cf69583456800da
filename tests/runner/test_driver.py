"""What the driver makes of answers, errors, deaths and Ctrl-C; a scenario is a script, and time is a number."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction as F
from random import Random

import pytest

from support.virtual_lanes import ANSWER, DIES, Outcome, VirtualLanes
from watercolor_rig.core.errors import (
    CredentialsError,
    EngineError,
    GivenUpError,
    PictureError,
    QuotaError,
    RateLimitedError,
    RejectedError,
    RigError,
    StopRunError,
    StoreError,
    TransientError,
)
from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.latency import Latencies, Latency
from watercolor_rig.core.pacing import Unpaced
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.core.schedule import Pause, Retry, Schedule
from watercolor_rig.engines.api import TweenRequest
from watercolor_rig.runner.driver import Again, Driver, Notice, Result, Work
from watercolor_rig.runner.lanes import Answer, Request

DROPPED = TransientError("502 Bad Gateway")
CHAIN = (("a",), ("b", "a"), ("c", "b"))
"""Jobs, each with what it needs."""


@dataclass
class Book:
    """A use case that writes down what it hears, and breaks where told."""

    unasked: dict[str, RigError] = field(default_factory=dict)
    unkept: dict[str, StoreError] = field(default_factory=dict)
    again: dict[str, list[Again]] = field(default_factory=dict)
    """Answers that are asked for once more, by job."""
    kept: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, RigError] = field(default_factory=dict)
    blocked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notices: list[Notice[str]] = field(default_factory=list)

    def request(self, key: str) -> TweenRequest:
        if key in self.unasked:
            raise self.unasked[key]
        return TweenRequest(key, b"", b"", F(0), F(1), F(1, 2))

    def keep(self, key: str, answer: Answer, seconds: float) -> Again | None:
        assert answer is ANSWER
        if key in self.unkept:
            raise self.unkept[key]
        self.kept.append(key)
        self.seconds[key] = seconds
        return self.again[key].pop(0) if self.again.get(key) else None

    def make_do(self, key: str, _error: RigError) -> bool:
        return key in self.kept

    def fail(self, key: str, blocked: tuple[str, ...], error: RigError) -> None:
        self.failures[key] = error
        self.blocked[key] = blocked

    @property
    def kinds(self) -> list[type | None]:
        return [type(notice.kind) if notice.kind else None for notice in self.notices]


def play(
    lanes: VirtualLanes, *jobs: tuple[str, ...], book: Book | None = None, policy: RetryPolicy | None = None
) -> tuple[Book, Result[str]]:
    """Run the jobs, each given as its key and the keys it needs; return what the use case heard, and the result."""
    book = book or Book()
    plan = [Job(key, tuple(needs), "s") for key, *needs in jobs]
    schedule = Schedule(plan, len(lanes.workers), policy or RetryPolicy(), Random(1))
    work = Work(request=book.request, keep=book.keep, failed=book.fail, told=book.notices.append, make_do=book.make_do)
    return book, Driver(schedule, lanes, work, lanes, Unpaced()).run()


def limited(wait_s: float | None = None) -> Outcome:
    return Outcome(error=RateLimitedError("429 Too Many Requests", wait_s=wait_s))


def test_every_answer_is_kept_with_how_long_it_took() -> None:
    book, result = play(VirtualLanes(2, {"b": [Outcome(after_s=7)]}), ("a",), ("b",))

    assert book.seconds == {"a": 1.0, "b": 7.0}
    assert result == Result(None, interrupted=False, not_started=())


def test_an_answer_that_does_not_settle_its_job_is_asked_for_again_before_its_children() -> None:
    lanes = VirtualLanes(1)
    book = Book(again={"a": [Again("not good enough", Decimal("0.04"))]})

    book, result = play(lanes, ("a",), ("b", "a"), book=book)

    assert [key for _, key in lanes.starts] == ["a", "a", "b"]
    assert [(notice.key, notice.reason, notice.cost_usd) for notice in book.notices] == [
        ("a", "not good enough", Decimal("0.04"))
    ]
    assert result == Result(None, interrupted=False, not_started=())


@pytest.mark.parametrize("error", [EngineError("broken"), RejectedError("refused"), DROPPED], ids=str)
def test_where_another_answer_fails_the_one_that_is_there_settles_the_job(error: RigError) -> None:
    tries = RetryPolicy(tries=1)
    lanes = VirtualLanes(1, {"a": [Outcome(), Outcome(error=error)]})
    book = Book(again={"a": [Again("not good enough")]})

    book, result = play(lanes, ("a",), ("b", "a"), book=book, policy=tries)

    assert (book.failures, book.kept) == ({}, ["a", "b"])
    assert result == Result(None, interrupted=False, not_started=())


def test_what_is_to_be_asked_for_again_when_the_run_stops_counts_as_not_started() -> None:
    lanes = VirtualLanes(2, {"a": [Outcome(after_s=5)], "stop": [Outcome(error=QuotaError("no credit"))]})
    book = Book(again={"a": [Again("not good enough")]})

    _, result = play(lanes, ("a",), ("stop",), ("b", "a"), book=book)

    assert result.not_started == ("a", "b")


def test_no_more_calls_run_than_there_are_workers() -> None:
    lanes = VirtualLanes(2)

    play(lanes, ("a",), ("b",), ("c",), ("d",))

    assert lanes.starts == [(0, "a"), (0, "b"), (1, "c"), (1, "d")]


def test_a_job_starts_in_the_moment_in_which_what_it_needs_is_kept() -> None:
    lanes = VirtualLanes(4)

    play(lanes, *CHAIN)

    assert lanes.starts == [(0, "a"), (1, "b"), (2, "c")]


def test_a_run_without_jobs_ends_at_once() -> None:
    assert play(VirtualLanes())[1] == Result(None, interrupted=False, not_started=())


def test_a_transient_failure_is_tried_again_after_the_wait_that_was_told() -> None:
    lanes = VirtualLanes(1, {"a": [Outcome(error=DROPPED)]})

    book, _ = play(lanes, ("a",))

    (notice,) = book.notices
    assert isinstance(notice.kind, Retry)
    assert (notice.key, notice.reason) == ("a", "502 Bad Gateway")
    assert lanes.starts == [(0, "a"), (1 + notice.kind.wait_s, "a")]
    assert book.kept == ["a"]


def test_other_jobs_run_while_one_waits_for_its_next_try() -> None:
    lanes = VirtualLanes(1, {"a": [Outcome(error=DROPPED)]})

    play(lanes, ("a",), ("b",), ("c",), policy=RetryPolicy(first_wait_s=0.0))

    assert [key for _, key in lanes.starts] == ["a", "a", "b", "c"]
    lanes = VirtualLanes(1, {"a": [Outcome(error=DROPPED)]})
    play(lanes, ("a",), ("b",), ("c",), policy=RetryPolicy(first_wait_s=1000.0, longest_wait_s=1000.0))
    assert [key for _, key in lanes.starts] == ["a", "b", "c", "a"]


def test_a_job_that_fails_at_its_last_try_blocks_its_descendants_only() -> None:
    lanes = VirtualLanes(1, {"a": [Outcome(error=DROPPED)] * 3})

    book, result = play(lanes, *CHAIN, ("other",), policy=RetryPolicy(tries=3))

    assert book.failures == {"a": DROPPED}
    assert book.blocked == {"a": ("b", "c")}
    assert book.kinds == [Retry, Retry]
    assert book.kept == ["other"]
    assert result == Result(None, interrupted=False, not_started=())


@pytest.mark.parametrize("error", [RejectedError("no"), EngineError("odd"), PictureError("a: broken")])
def test_an_error_that_a_repetition_cannot_help_fails_its_job_at_once(error: RigError) -> None:
    lanes = VirtualLanes(1, {"a": [Outcome(error=error)]})

    book, _ = play(lanes, *CHAIN, ("other",))

    assert lanes.starts == [(0, "a"), (1, "other")]
    assert book.failures == {"a": error}
    assert book.notices == []


def test_a_refusal_holds_every_start_back_as_long_as_the_service_says() -> None:
    lanes = VirtualLanes(2, {"a": [limited(50.0)], "b": [Outcome(after_s=3)]})

    book, _ = play(lanes, ("a",), ("b",), ("c",), ("d",))

    assert book.kinds == [Pause]
    assert lanes.starts == [(0, "a"), (0, "b"), (51, "a"), (51, "c"), (52, "d")]


def test_a_refusal_costs_no_try() -> None:
    lanes = VirtualLanes(1, {"a": [limited(1.0)] * 9})

    book, _ = play(lanes, ("a",), policy=RetryPolicy(tries=1))

    assert book.kept == ["a"]


def test_refusals_without_end_stop_the_run() -> None:
    lanes = VirtualLanes(1, {"a": [limited(60.0)] * 100})

    book, result = play(lanes, *CHAIN, policy=RetryPolicy(patience_s=300))

    assert isinstance(result.stopped_by, StopRunError)
    assert str(result.stopped_by) == "the service has refused every call for 5 minutes; run again later"
    assert result.not_started == ("a", "b", "c")
    assert book.kinds[-1] is None


@pytest.mark.parametrize("error", [QuotaError("no credit left"), CredentialsError("wrong key")])
def test_an_error_that_stops_the_run_keeps_what_still_runs(error: StopRunError) -> None:
    lanes = VirtualLanes(3, {"a": [Outcome(error=error)], "b": [Outcome(after_s=60)], "c": [Outcome(after_s=90)]})

    book, result = play(lanes, ("a",), ("b",), ("c",), ("d",), ("e",))

    assert lanes.starts == [(0, "a"), (0, "b"), (0, "c")]
    assert book.failures == {"a": error}
    assert book.kept == ["b", "c"]
    assert result == Result(error, interrupted=False, not_started=("d", "e"))
    assert [(notice.kind, notice.reason, notice.running) for notice in book.notices] == [(None, str(error), 2)]


def test_the_first_error_that_stops_the_run_is_the_one_that_is_named() -> None:
    first, second = QuotaError("no credit left"), CredentialsError("wrong key")
    lanes = VirtualLanes(2, {"a": [Outcome(error=first)], "b": [Outcome(after_s=2, error=second)]})

    _, result = play(lanes, ("a",), ("b",))

    assert result.stopped_by is first


def test_a_failed_try_after_the_stop_is_not_announced_as_one_to_be_repeated() -> None:
    """It will not be: the job counts as not started."""
    quota = QuotaError("no credit left")
    script = {"a": [Outcome(error=quota)], "b": [Outcome(2, DROPPED)], "c": [Outcome(3, RateLimitedError("429"))]}

    book, result = play(VirtualLanes(4, script | {"d": [DIES]}), ("a",), ("b",), ("c",), ("d",))

    assert book.kinds == [None]
    assert result.not_started == ("b", "c", "d")


def test_what_a_failed_try_after_the_stop_has_cost_is_told_all_the_same() -> None:
    billed = TransientError("truncated", cost_usd=Decimal("0.03"))
    script = {"a": [Outcome(error=QuotaError("no credit left"))], "b": [Outcome(2, billed)]}

    book, _ = play(VirtualLanes(2, script), ("a",), ("b",))

    assert [(notice.kind, notice.key, notice.cost_usd) for notice in book.notices] == [
        (None, None, None),
        (None, "b", Decimal("0.03")),
    ]


def test_refusals_after_the_stop_do_not_stop_it_again() -> None:
    script = {"a": [Outcome(error=QuotaError("no credit left"))], "b": [Outcome(9000, RateLimitedError("429"))]}

    book, result = play(VirtualLanes(2, script), ("a",), ("b",), policy=RetryPolicy(patience_s=-1))

    assert book.kinds == [None]
    assert str(result.stopped_by) == "no credit left"


def test_a_disk_that_refuses_an_answer_stops_the_run_and_fails_that_job() -> None:
    full = StoreError("cannot write 'a': No space left on device")
    lanes = VirtualLanes(1)

    book, result = play(lanes, *CHAIN, ("other",), book=Book(unkept={"a": full}))

    assert lanes.starts == [(0, "a")]
    assert book.failures == {"a": full}
    assert book.blocked == {"a": ("b", "c")}
    assert result == Result(full, interrupted=False, not_started=("other",))


def test_answers_under_way_when_the_disk_refuses_are_still_offered_to_it() -> None:
    full = StoreError("cannot write 'a': No space left on device")

    book, _ = play(VirtualLanes(2, {"b": [Outcome(5)]}), ("a",), ("b",), book=Book(unkept={"a": full}))

    assert book.kept == ["b"]


@pytest.mark.parametrize("error", [StoreError("cannot read 'a'"), PictureError("a: broken")])
def test_a_job_that_cannot_be_asked_for_fails_alone_and_holds_no_worker(error: RigError) -> None:
    lanes = VirtualLanes(1)

    book, result = play(lanes, *CHAIN, ("other",), book=Book(unasked={"a": error}))

    assert lanes.starts == [(0, "other")]
    assert book.failures == {"a": error}
    assert book.blocked == {"a": ("b", "c")}
    assert result == Result(None, interrupted=False, not_started=())


def test_a_run_in_which_nothing_can_be_asked_for_ends() -> None:
    book, _ = play(VirtualLanes(1), ("a",), ("b",), book=Book(unasked=dict.fromkeys("ab", StoreError("gone"))))

    assert list(book.failures) == ["a", "b"]


def test_a_job_whose_worker_died_starts_again_at_once() -> None:
    lanes = VirtualLanes(1, {"a": [DIES]})

    book, _ = play(lanes, *CHAIN)

    assert lanes.starts == [(0, "a"), (1, "a"), (2, "b"), (3, "c")]
    assert [(notice.kind, notice.key) for notice in book.notices] == [(Retry(0.0), "a")]
    assert book.failures == {}


def test_a_job_whose_workers_died_twice_is_given_up() -> None:
    lanes = VirtualLanes(1, {"a": [DIES, DIES]})

    book, _ = play(lanes, *CHAIN, ("other",))

    assert book.failures == {"a": DIES.error}
    assert book.blocked == {"a": ("b", "c")}
    assert book.kept == ["other"]


def test_workers_that_die_under_different_jobs_lose_none_of_them() -> None:
    book, _ = play(VirtualLanes(2, {"a": [DIES], "b": [DIES]}), ("a",), ("b",))

    assert sorted(book.kept) == ["a", "b"]


def test_after_one_interrupt_what_runs_is_kept_and_nothing_starts() -> None:
    lanes = VirtualLanes(2, {"a": [Outcome(10)], "b": [Outcome(20)]}, interrupts=[5])

    book, result = play(lanes, *CHAIN, ("b2",), ("d",))

    assert lanes.starts == [(0, "a"), (0, "b2"), (1, "d")]
    assert book.kept == ["b2", "d", "a"]
    assert result == Result(None, interrupted=True, not_started=("b", "c"))
    assert "press Ctrl-C again" in book.notices[0].reason
    assert book.notices[0].running == 1


def test_an_interrupt_during_a_pause_ends_it() -> None:
    lanes = VirtualLanes(1, {"a": [limited(3600.0)]}, interrupts=[10])

    _, result = play(lanes, ("a",))

    assert lanes.now_s() == 10
    assert result == Result(None, interrupted=True, not_started=("a",))


def test_an_interrupt_while_a_try_waits_ends_the_wait() -> None:
    lanes = VirtualLanes(1, {"a": [Outcome(error=DROPPED)]}, interrupts=[1.0])

    _, result = play(lanes, ("a",), policy=RetryPolicy(first_wait_s=1e6, longest_wait_s=1e6))

    assert lanes.now_s() == 1
    assert result.not_started == ("a",)


def test_the_second_interrupt_is_raised_in_that_moment() -> None:
    lanes = VirtualLanes(1, {"a": [Outcome(1000)]}, interrupts=[5, 6])

    with pytest.raises(KeyboardInterrupt):
        play(lanes, ("a",))

    assert lanes.now_s() == 6


def test_an_interrupt_after_the_stop_is_the_first_one() -> None:
    lanes = VirtualLanes(2, {"a": [Outcome(error=QuotaError("none"))], "b": [Outcome(10)]}, interrupts=[5])

    book, result = play(lanes, ("a",), ("b",), ("c",))

    assert book.kept == ["b"]
    assert (str(result.stopped_by), result.interrupted) == ("none", True)


def test_a_worker_that_keeps_its_preparation_stays_with_its_sequence() -> None:
    lanes = VirtualLanes(2, sticky=True)
    jobs = [Job(f"{group}{at}", (), group) for group in "xy" for at in range(3)]
    book = Book()
    work = Work(request=book.request, keep=book.keep, failed=book.fail, told=book.notices.append)

    Driver(Schedule(jobs, 2, RetryPolicy(), Random(1)), lanes, work, lanes, Unpaced()).run()

    assert len({lanes.worker_of[f"x{at}"] for at in range(3)}) == 1
    assert len({lanes.worker_of[f"y{at}"] for at in range(3)}) == 1


class Asked(VirtualLanes):
    """Lanes that remember how long each call was allowed to take."""

    def __init__(self, script: dict[str, list[Outcome]]) -> None:
        super().__init__(1, script)
        self.deadlines: list[float | None] = []

    def submit(self, worker: Hashable, key: Hashable, request: Request) -> None:
        self.deadlines.append(request.deadline_s)
        super().submit(worker, key, request)


def time_calls(script: dict[str, list[Outcome]], latencies: Latencies | None, *jobs: str) -> tuple[Asked, Book]:
    lanes, book = Asked(script), Book()
    schedule = Schedule([Job(key, (), "s") for key in jobs], 1, RetryPolicy(first_wait_s=0.0), Random(1))
    work = Work(request=book.request, keep=book.keep, failed=book.fail, told=book.notices.append)
    Driver(schedule, lanes, work, lanes, Unpaced(), latencies=latencies).run()
    return lanes, book


def test_each_call_may_take_three_times_the_median_of_those_before_it() -> None:
    script = {"a": [Outcome(70)], "b": [Outcome(90)], "c": [Outcome(100)]}

    lanes, _ = time_calls(script, Latencies(), "a", "b", "c", "d")

    assert lanes.deadlines == [None, 210, 210, 270]


def test_a_call_given_up_is_tried_again_with_twice_the_time() -> None:
    given_up = GivenUpError("no whole answer")
    script = {"a": [Outcome(120, given_up), Outcome(240, given_up), Outcome(300)]}

    lanes, book = time_calls(script, Latencies(Latency(40, 60, 45)), "a")

    assert lanes.deadlines == [120, 240, 480]
    assert book.kept == ["a"]


def test_without_times_the_engine_decides_how_long_a_call_may_take() -> None:
    lanes, _ = time_calls({}, None, "a", "b")

    assert lanes.deadlines == [None, None]
