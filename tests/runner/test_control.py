"""A run that is held, let go on and ended from outside, on a clock that only moves when the driver waits."""

from fractions import Fraction as F
from random import Random

from support.virtual_lanes import VirtualLanes
from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.pacing import Unpaced
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.core.schedule import Schedule
from watercolor_rig.engines.api import TweenRequest
from watercolor_rig.runner.control import Control
from watercolor_rig.runner.driver import Driver, Notice, Result, Work


def play(lanes: VirtualLanes, control: Control, *keys: str) -> tuple[list[str], list[Notice[str]], Result[str]]:
    """Run jobs that need nothing; return what was made, what was said, and the result."""
    made: list[str] = []
    said: list[Notice[str]] = []
    work: Work[str] = Work(
        request=lambda key: TweenRequest(key, b"", b"", F(0), F(1), F(1, 2)),
        keep=lambda key, _answer, _seconds: made.append(key),
        failed=lambda key, _blocked, _error: made.append(f"not {key}"),
        told=said.append,
    )
    schedule = Schedule([Job(key, (), key) for key in keys], len(lanes.workers), RetryPolicy(), Random(1))
    with control.over(lanes):
        return made, said, Driver(schedule, lanes, work, lanes, Unpaced(), control=control).run()


def test_a_held_run_starts_nothing_and_keeps_what_was_under_way() -> None:
    control = Control()
    lanes = VirtualLanes(1, words=[(0.5, control.hold), (10.5, control.go_on)])

    made, _, result = play(lanes, control, "a", "b")

    assert made == ["a", "b"]
    assert lanes.starts == [(0.0, "a"), (10.5, "b")]
    assert not result.interrupted


def test_a_run_that_is_held_before_it_begins_waits_for_the_word() -> None:
    control = Control()
    control.hold()
    lanes = VirtualLanes(2, words=[(3.0, control.go_on)])

    made, _, _ = play(lanes, control, "a", "b")

    assert made == ["a", "b"]
    assert lanes.starts == [(3.0, "a"), (3.0, "b")]


def test_an_ended_run_keeps_what_was_under_way_and_names_the_rest() -> None:
    control = Control()
    lanes = VirtualLanes(1, words=[(0.5, control.end)])

    made, said, result = play(lanes, control, "a", "b", "c")

    assert made == ["a"]
    assert result.interrupted
    assert result.not_started == ("b", "c")
    assert [notice.reason for notice in said] == ["cancelled: nothing new starts"]


def test_a_held_run_can_be_ended() -> None:
    control = Control()
    lanes = VirtualLanes(1, words=[(0.5, control.hold), (5.0, control.end)])

    made, _, result = play(lanes, control, "a", "b")

    assert made == ["a"]
    assert result.not_started == ("b",)
    assert lanes.now_s() == 5.0


def test_a_word_wakes_only_runs_that_go_on() -> None:
    control = Control()
    lanes = VirtualLanes(1)
    play(lanes, control, "a")

    control.hold()

    assert lanes.wait(0.0) is None


def test_what_somebody_waits_for_goes_first_from_then_on() -> None:
    control = Control()
    lanes = VirtualLanes(1, words=[(0.5, lambda: control.prefer(["d", "c"]))])

    made, _, _ = play(lanes, control, "a", "b", "c", "d", "e")

    assert made == ["a", "d", "c", "b", "e"]


def test_a_worker_that_stays_with_a_group_leaves_it_for_what_somebody_waits_for() -> None:
    control = Control()
    control.prefer(["c"])
    lanes = VirtualLanes(1, sticky=True)

    made, _, _ = play(lanes, control, "a", "b", "c")

    assert made == ["c", "a", "b"]


def test_steps_without_a_driver_ask_whether_to_go_on() -> None:
    control = Control()

    assert control.proceed()
    control.end()
    control.hold()
    assert not control.proceed()
