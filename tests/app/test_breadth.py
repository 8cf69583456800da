"""How many calls run at once: a run that knows no limit comes to use what the service turns out to allow."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

import pytest

from support.limited_service import LimitedLanes, Manners, SlidingWindow
from support.pacing import FRAMES, MOST_WORKERS, ideal, jobs_of_a_rig, lognormal
from watercolor_rig.app.driving import drive
from watercolor_rig.app.engine_choice import ChosenEngine
from watercolor_rig.app.pace import Speed, plan_pace
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.engines.api import EngineSettings, TweenRequest
from watercolor_rig.engines.registry import find_engine
from watercolor_rig.runner.driver import Work

NAMED_BY_ANSWERS, NAMED_BY_REFUSALS, NOT_NAMED = Manners(heads=True), Manners(names=True), Manners()


@dataclass(frozen=True)
class Run:
    """How a run went: how many frames it made, in how long, and how many calls it had under way at most."""

    made: int
    seconds: float
    widest: int


def play(limit: int, manners: Manners = NOT_NAMED, speed: Speed | None = None) -> Run:
    """Make 735 frames at a service of which nothing is known."""
    engine = ChosenEngine("scripted", find_engine("scripted"), EngineSettings(options={"limit": "tests"}), "asked")
    lanes = LimitedLanes(MOST_WORKERS, SlidingWindow(limit), lognormal, manners)
    toolbox = Toolbox(clock=lanes, rng=Random(1))
    pace = plan_pace(engine, speed or Speed(), 40.0, toolbox)
    lanes.workers = range(pace.lanes)
    under_way, widest, made = 0, 0, 0

    def begin(_key: str, _request: object) -> None:
        nonlocal under_way, widest
        under_way += 1
        widest = max(widest, under_way)

    def left(*_: object) -> None:
        nonlocal under_way
        under_way -= 1

    def keep(*_: object) -> None:
        nonlocal made
        made += 1
        left()

    work: Work[str] = Work(
        request=lambda key: TweenRequest(key, b"", b"", Fraction(0), Fraction(1), Fraction(1, 2)),
        keep=keep,
        failed=lambda _key, _blocked, _error: None,
        told=lambda _notice: None,
        begin=begin,
        end=left,
    )
    drive(jobs_of_a_rig(), lanes, work, pace, toolbox, lambda _event: None)
    return Run(made, lanes.now_s(), widest)


@pytest.mark.parametrize("manners", [NAMED_BY_ANSWERS, NAMED_BY_REFUSALS, NOT_NAMED], ids=["heads", "names", "blunt"])
@pytest.mark.parametrize("limit", [20, 50, 250])
def test_a_run_that_knows_no_limit_comes_to_use_it(limit: int, manners: Manners) -> None:
    run = play(limit, manners)

    assert run.made == FRAMES
    assert run.seconds <= 1.6 * ideal(limit).seconds


@pytest.mark.parametrize("limit", [50, 250])
def test_a_limit_that_the_first_answer_names_costs_little_more_than_one_that_was_known(limit: int) -> None:
    """The wait for that answer, and what its few calls at once have cost."""
    assert play(limit, NAMED_BY_ANSWERS).seconds <= 1.1 * ideal(limit).seconds + 60


def test_what_the_user_says_is_kept_to() -> None:
    run = play(50, NAMED_BY_ANSWERS, Speed(max_workers=3))

    assert (run.made, run.widest) == (FRAMES, 3)


def test_a_limit_that_needs_no_more_gets_no_more() -> None:
    assert play(1, NAMED_BY_ANSWERS).widest <= 4
