"""Worker processes that stay for the next frame, and go when nobody wants one."""

from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path
from threading import Timer
from threading import enumerate as enumerate_threads

import pytest

from support import counted_engine
from support.counted_engine import Calls
from support.patience import PATIENCE_S
from support.project import Project
from support.studio import opened
from watercolor_rig.app.studio.orders import Order, RegenerateWork
from watercolor_rig.app.studio.warm_lanes import WarmLanes
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.engines.registry import find_engine
from watercolor_rig.runner.lanes import ThreadLanes

SEQUENCE = "neutral_to_ah__center"


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Calls:
    return counted_engine.install(tmp_path, monkeypatch)


@pytest.fixture
def warm() -> Iterator[WarmLanes]:
    lanes = WarmLanes()
    yield lanes
    lanes.close()


def test_a_second_frame_is_made_by_the_process_that_made_the_first(project: Project, calls: Calls) -> None:
    project.make(2)
    with opened(project) as studio:
        for t in (F(1, 4), F(3, 4), F(1, 2)):
            studio.done(studio.workshop.start(Order(RegenerateWork(SEQUENCE, (t,)), engine="counted")))

    assert calls.names == [f"{SEQUENCE} t={t}" for t in ("0.25", "0.75", "0.50")]
    assert len(set(calls.processes)) == 1


def test_frames_at_the_same_time_have_processes_of_their_own(pair: Project, calls: Calls) -> None:
    pair.make(1)
    with opened(pair) as studio:
        jobs = [
            studio.workshop.start(Order(RegenerateWork(path, (F(1, 2),)), engine="counted"))
            for path in ("neutral_to_ah__center", "neutral_to_ah__left")
        ]
        for job in jobs:
            studio.done(job)

    assert len(calls.names) == 2


def test_lanes_are_lent_again_only_for_the_same_engine_and_settings(warm: WarmLanes, calls: Calls) -> None:
    del calls
    plugin, settings = find_engine("counted"), EngineSettings()
    first = warm.open("counted", plugin, settings, 2)
    first.close()

    assert warm.open("counted", plugin, settings, 1) is first
    assert warm.open("counted", plugin, settings, 1) is not first
    first.close()
    assert warm.open("counted", plugin, EngineSettings(quality="low"), 1) is not first


def test_a_run_uses_no_more_workers_than_it_asked_for(warm: WarmLanes, calls: Calls) -> None:
    del calls
    plugin = find_engine("counted")

    assert list(warm.open("counted", plugin, EngineSettings(), 2).workers) == [0, 1]
    assert list(warm.open("counted", plugin, EngineSettings(), 9).workers) == list(range(9))


def test_lanes_of_threads_are_opened_anew(warm: WarmLanes) -> None:
    lanes = warm.open("scripted", find_engine("scripted"), EngineSettings(), 1)

    assert isinstance(lanes, ThreadLanes)
    lanes.close()


def test_lanes_that_come_back_after_the_end_are_ended(warm: WarmLanes, calls: Calls) -> None:
    del calls
    lanes = warm.open("counted", find_engine("counted"), EngineSettings(), 1)
    warm.close()
    lanes.close()

    assert warm.open("counted", find_engine("counted"), EngineSettings(), 1) is not lanes


def test_processes_that_nobody_uses_end_after_a_while(calls: Calls) -> None:
    del calls
    impatient = WarmLanes(idle_s=0.0)
    lanes = impatient.open("counted", find_engine("counted"), EngineSettings(), 1)

    lanes.close()
    for timer in [thread for thread in enumerate_threads() if isinstance(thread, Timer)]:
        timer.join(PATIENCE_S)

    assert impatient.idle == 0
    assert impatient.open("counted", find_engine("counted"), EngineSettings(), 1) is not lanes
    impatient.close()
