"""How fast runs go: workers, limits that are kept between runs, and what is said of them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.project import Project
from watercolor_rig.app.engine_choice import ChosenEngine
from watercolor_rig.app.pace import Pace, Speed, plan_pace
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.events import Event, Warned
from watercolor_rig.core.latency import Latency
from watercolor_rig.core.pacing import Unpaced
from watercolor_rig.core.rate_knowledge import Learnt
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.engines.registry import find_engine
from watercolor_rig.runner.pacing import LimitPacer
from watercolor_rig.store.limits import Known, LimitFile

LIMITED = {"limit": "tests"}


def chosen(engine: str = "scripted", **options: str) -> ChosenEngine:
    return ChosenEngine(engine, find_engine(engine), EngineSettings(options=options), "asked")


def pace(known: Known | None, folder: Path, *, speed: Speed | None = None, quoted_s: float = 40.0) -> Pace:
    """Plan a run after one that has left `known`."""
    if known is not None:
        LimitFile(folder, "scripted", "tests", "").save(known)
    return plan_pace(chosen(**LIMITED), speed or Speed(), quoted_s, Toolbox(state_folder=lambda: folder))


def warnings_of(plan: Pace) -> list[str]:
    said: list[Event] = []
    plan.say(said.append)
    return [event.message for event in said if isinstance(event, Warned)]


def test_where_no_limit_is_known_there_are_four_workers(tmp_path: Path) -> None:
    assert pace(None, tmp_path).workers == 4
    assert plan_pace(chosen(), Speed(), 40.0, Toolbox()).workers == 4


def test_an_engine_on_this_computer_gets_a_worker_per_processor_up_to_four() -> None:
    assert 1 <= plan_pace(chosen("local"), Speed(), 0.1, Toolbox()).workers <= 4


@pytest.mark.parametrize(
    ("per_minute", "settled", "workers"), [(5, True, 9), (50, True, 51), (1000, True, 256), (10, False, 25)]
)
def test_workers_follow_from_what_was_learnt(
    tmp_path: Path,
    per_minute: float,
    settled: bool,  # noqa: FBT001 - parametrised
    workers: int,
) -> None:
    known = Known(Learnt(per_minute, settled=settled))

    assert pace(known, tmp_path).workers == workers


def test_calls_that_were_timed_count_more_than_the_estimate_of_the_engine(tmp_path: Path) -> None:
    known = Known(Learnt(50, settled=True), Latency(10, 14, 12))

    found = pace(known, tmp_path, quoted_s=400)

    assert (found.latency_s, found.workers) == (12, 20)


def test_what_the_user_says_counts_more_than_what_was_learnt(tmp_path: Path) -> None:
    found = pace(Known(Learnt(50, settled=True)), tmp_path, speed=Speed(images_per_minute=5))

    assert (found.per_minute, found.workers) == (5, 9)


def test_more_workers_than_the_limit_can_use_are_said(tmp_path: Path) -> None:
    found = pace(None, tmp_path, speed=Speed(max_workers=32, images_per_minute=5))

    assert (found.workers, found.width) == (32, 9)
    assert warnings_of(found) == ["32 are more than 5 images a minute keep busy: at 40 s each, 9 do the same"]


@pytest.mark.parametrize(
    "speed", [Speed(), Speed(max_workers=9, images_per_minute=5), Speed(max_workers=200), Speed(images_per_minute=5)]
)
def test_as_many_as_can_be_used_are_not_worth_a_word(tmp_path: Path, speed: Speed) -> None:
    assert warnings_of(pace(None, tmp_path, speed=speed)) == []


def test_the_estimate_counts_the_limit(tmp_path: Path) -> None:
    needs: dict[int, list[int]] = {at: [] for at in range(21)}

    assert pace(None, tmp_path, speed=Speed(images_per_minute=5)).seconds(needs) == 40 + 20 * 12


def test_only_what_has_a_limit_is_paced(tmp_path: Path) -> None:
    local = plan_pace(chosen("local"), Speed(), 0.1, Toolbox(state_folder=lambda: tmp_path))
    asked = plan_pace(chosen("local"), Speed(images_per_minute=60), 0.1, Toolbox(state_folder=lambda: tmp_path))

    with local.keep_to(list[Event]().append) as (pacer, latencies):
        assert isinstance(pacer, Unpaced)
        assert latencies is None
    with asked.keep_to(list[Event]().append) as (pacer, _):
        assert isinstance(pacer, LimitPacer)
    assert list(tmp_path.iterdir()) == []


def test_what_a_run_has_learnt_is_what_the_next_one_starts_from(tmp_path: Path) -> None:
    first = pace(None, tmp_path)
    with first.keep_to(list[Event]().append) as (pacer, latencies):
        assert latencies is not None
        pacer.acquire(0.0)
        pacer.refused(0.5, 20.0)
        latencies.answered(30.0)

    second = pace(None, tmp_path)

    assert (second.per_minute, second.latency_s) == (20, 30)


def test_what_was_learnt_is_kept_although_the_user_says_otherwise_for_once(tmp_path: Path) -> None:
    with pace(Known(Learnt(50, settled=True)), tmp_path, speed=Speed(images_per_minute=5)).keep_to(
        list[Event]().append
    ) as (_, latencies):
        assert latencies is not None
        latencies.answered(30.0)

    assert pace(None, tmp_path).per_minute == 50


def make(project: Project, state: Path, **changes: Any) -> list[Event]:
    said: list[Event] = []
    project.toolbox = replace(project.toolbox, state_folder=lambda: state)
    settings = EngineSettings(options={"limit": "tests", "latency": "0.01"})
    status = project.listen(said.append, 1, settings=settings, **changes)
    assert status == 0
    return said


def test_a_whole_run_leaves_what_it_has_measured(project: Project, tmp_path: Path) -> None:
    make(project, tmp_path / "state")

    [file] = (tmp_path / "state/limits").glob("*.json")
    content = json.loads(file.read_bytes())
    assert (content["service"], content["model"]) == ("scripted", "tests")
    assert content["p50_s"] >= 0


def test_a_state_folder_that_cannot_be_written_is_said_once_and_costs_no_frame(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")

    said = make(project, tmp_path / "state", images_per_minute=6000.0)

    assert [event.subject for event in said if isinstance(event, Warned)] == ["rate limit"]
