"""What is left of a run while it goes on: by the calls measured in it, and by the limit as it is known."""

from collections.abc import Sequence
from fractions import Fraction

from support.virtual_lanes import Outcome, VirtualLanes
from watercolor_rig.app.driving import drive
from watercolor_rig.app.engine_choice import ChosenEngine
from watercolor_rig.app.pace import Speed, plan_pace
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import QuotaError, RateLimitedError
from watercolor_rig.core.events import Event, WorkLeft
from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.engines.api import EngineSettings, TweenRequest
from watercolor_rig.engines.registry import find_engine
from watercolor_rig.runner.driver import Work

QUOTED_S = 40.0
TREE = [("root",), ("left", "root"), ("right", "root"), ("leaf", "left", "right")]


class Heard:
    """What was said, and when."""

    def __init__(self, lanes: VirtualLanes) -> None:
        self._lanes = lanes
        self.left: list[tuple[float, WorkLeft]] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, WorkLeft):
            self.left.append((self._lanes.now_s(), event))

    @property
    def ends_s(self) -> list[float]:
        """When the run would be over, by each word."""
        return [at_s + event.left_s for at_s, event in self.left]


def play(lanes: VirtualLanes, jobs: Sequence[Sequence[str]], speed: Speed | None = None) -> Heard:
    """Run the jobs, each given as its key and the keys it needs."""
    heard = Heard(lanes)
    engine = ChosenEngine("scripted", find_engine("scripted"), EngineSettings(), "asked")
    toolbox = Toolbox(clock=lanes, policy=RetryPolicy(first_wait_s=0.0, longest_wait_s=0.0))
    work: Work[str] = Work(
        request=lambda key: TweenRequest(key, b"", b"", Fraction(0), Fraction(1), Fraction(1, 2)),
        keep=lambda _key, _answer, _seconds: None,
        failed=lambda _key, _blocked, _error: None,
        told=lambda _notice: None,
    )
    plan = [Job(key, tuple(needs), "s") for key, *needs in jobs]
    drive(plan, lanes, work, plan_pace(engine, speed or Speed(), QUOTED_S, toolbox), toolbox, heard)
    return heard


def calls_of(seconds: float, *names: str) -> dict[str, list[Outcome]]:
    return {name: [Outcome(seconds)] for name in names}


def test_where_calls_are_equally_long_every_word_is_exact() -> None:
    script = calls_of(60.0, "root", "left", "right", "leaf")

    heard = play(VirtualLanes(1, script), TREE)

    assert heard.ends_s == [240.0, 240.0, 240.0]


def test_it_counts_what_runs_beside_it_and_what_has_to_wait() -> None:
    script = calls_of(60.0, "root", "left", "right", "leaf")

    heard = play(VirtualLanes(2, script), TREE)

    assert heard.ends_s == [180.0, 180.0]


def test_the_calls_of_this_run_count_and_not_what_was_expected() -> None:
    lanes = VirtualLanes(1, {"a": [Outcome(2.0)], "b": [Outcome(6.0)], "c": [Outcome(1.0)]})

    heard = play(lanes, [("a",), ("b",), ("c",)])

    assert [event.left_s for _, event in heard.left] == [2 * 2.0, 1 * 4.0]


def test_the_limit_counts() -> None:
    jobs = [(f"{at}",) for at in range(4)]
    script = calls_of(1.5, *(name for (name,) in jobs))

    heard = play(VirtualLanes(4, script), jobs, Speed(max_workers=4, images_per_minute=6))

    assert [event.left_s for _, event in heard.left] == [21.5, 11.5, 1.5]


def test_frames_that_follow_each_other_fast_say_it_once_a_second() -> None:
    jobs = [(f"{at}",) for at in range(30)]
    script = calls_of(0.125, *(name for (name,) in jobs))

    heard = play(VirtualLanes(1, script), jobs)

    assert [at_s for at_s, _ in heard.left] == [0.125, 1.125, 2.125, 3.125]


def test_a_pause_and_a_stop_are_said_at_once() -> None:
    limited = RateLimitedError("429 Too Many Requests", wait_s=30.0)
    script = {
        "a": [Outcome(1.0, limited), Outcome(10.0)],
        "b": [Outcome(10.0)],
        "c": [Outcome(10.0, QuotaError("no credit left"))],
        "d": [Outcome(25.0)],
    }

    heard = play(VirtualLanes(2, script), [("a",), ("b",), ("c",), ("d",), ("e",), ("f",)])

    paused, answered, *_, stopped = heard.left
    assert paused == (1.0, WorkLeft(30.0 + 3 * QUOTED_S))
    assert answered == (10.0, WorkLeft(21.0 + 3 * 10.0))
    assert stopped[1].left_s <= 25.0
