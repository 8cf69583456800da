"""Whole runs over processes and over a cluster: what a killed worker costs, and that both draw the same."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import counted_engine
from support.counted_engine import Calls
from support.dask_cluster import DaskCluster
from support.object_store import running_store
from support.project import PAIR, Project, defects_of, lying_in
from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.events import Event, FrameMade, RunStopping, Warned, WorkPlanned

pytestmark = pytest.mark.slow

CALLS = 2 * 7 * 2
"""Two pairs of endpoints at two poses, seven frames each; the reverse of one is shared."""

MOST_REPEATED = 2

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The counted engine, installed for everybody."""
    return counted_engine.install(tmp_path / "installed", monkeypatch)


@pytest.fixture
def cluster(calls: Calls, tmp_path: Path) -> Iterator[DaskCluster]:
    """Two workers."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    assert calls.names == []
    with DaskCluster(tmp_path / "dask") as cluster:
        yield cluster


def two_poses(folder: Path) -> Project:
    folder.mkdir()
    project = Project(folder)
    project.configure(PAIR)
    for pose in ("center", "left"):
        for expression in ("neutral", "ah", "ee"):
            project.draw(expression, pose)
    return project


def after(frames: int, act: Callable[[], None], events: list[Event]) -> Callable[[Event], None]:
    """Return a listener that acts once, when so many frames are made."""

    def hear(event: Event) -> None:
        made = sum(isinstance(earlier, FrameMade) for earlier in events)
        events.append(event)
        if isinstance(event, FrameMade) and made + 1 == frames:
            act()

    return hear


@posix
def test_a_killed_process_costs_two_repeated_frames_at_most_and_no_file(pair: Project, calls: Calls) -> None:
    def kill() -> None:
        os.kill(calls.processes[-1], signal.SIGKILL)

    status = pair.listen(after(5, kill, []), 3, engine="counted", max_workers=2)

    assert (status, defects_of(pair.sequences)) == (0, [])
    assert len(set(calls.names)) == CALLS
    assert len(calls.names) - CALLS <= MOST_REPEATED


def test_a_killed_worker_of_a_cluster_costs_two_repeated_frames_at_most_and_no_file(
    pair: Project, calls: Calls, cluster: DaskCluster
) -> None:
    status = pair.listen(after(5, cluster.kill_worker, []), 3, engine="counted", cluster=cluster.address)

    assert (status, defects_of(pair.sequences)) == (0, [])
    assert len(set(calls.names)) == CALLS
    assert len(calls.names) - CALLS <= MOST_REPEATED


def test_a_killed_scheduler_ends_the_run_and_the_next_one_completes_it(
    pair: Project, calls: Calls, cluster: DaskCluster, tmp_path: Path
) -> None:
    events: list[Event] = []
    status = pair.listen(after(9, cluster.kill_scheduler, events), 3, engine="counted", cluster=cluster.address)
    kept = lying_in(pair.sequences)

    [said] = [event for event in events if isinstance(event, RunStopping)]
    assert (status, "is gone; start its scheduler again" in said.reason) == (1, True)
    with DaskCluster(tmp_path / "again") as new:
        assert pair.make(3, engine="counted", cluster=new.address).status == 0

    assert defects_of(pair.sequences) == []
    pictures = {name: stamp for name, stamp in kept.items() if name.endswith(".png")}
    assert pictures.items() <= lying_in(pair.sequences).items()
    assert len(calls.names) - CALLS <= 2 * len(cluster.workers)


def test_a_cluster_and_processes_draw_the_same_bytes(tmp_path: Path, cluster: DaskCluster) -> None:
    """The embedded engine, so that determinism over processes is seen and not only the transport."""
    here, there = (two_poses(tmp_path / name) for name in ("here", "there"))

    assert here.make(3, engine="local", max_workers=2).status == 0
    assert there.make(3, engine="local", cluster=cluster.address).status == 0

    digests = [{name: stamp[0] for name, stamp in lying_in(one.sequences).items()} for one in (here, there)]
    assert digests[0] == digests[1]


def test_pictures_may_go_through_an_object_store(pair: Project, tmp_path: Path, calls: Calls) -> None:
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with running_store() as url, DaskCluster(tmp_path / "dask") as cluster:
        outcome = pair.make(1, engine="counted", cluster=cluster.address, cluster_store=url)

    assert (outcome.status, defects_of(pair.sequences)) == (0, [])
    assert len(calls.names) == 4
    assert not (pair.root / ".watercolor-rig/cluster").exists()


def test_an_engine_that_waits_for_a_service_gains_nothing_by_a_cluster(pair: Project) -> None:
    with pytest.raises(UsageError, match="'scripted' waits for a service, whose limit is the same"):
        pair.make(1, engine="scripted", cluster="tcp://127.0.0.1:9")

    assert not pair.sequences.exists()


def test_a_store_without_a_cluster_is_said(pair: Project) -> None:
    with pytest.raises(UsageError, match="--cluster-store 'file:///share' is for --cluster"):
        pair.make(1, cluster_store="file:///share")


def test_the_plan_counts_the_workers_of_the_cluster_whatever_the_user_asks_for_here(
    pair: Project, cluster: DaskCluster
) -> None:
    outcome = pair.make(1, engine="counted", cluster=cluster.address, max_workers=7)

    [planned] = outcome.of(WorkPlanned)
    assert (outcome.status, planned.workers) == (0, 2)
    assert [said.message for said in outcome.of(Warned)] == ["does not count with --cluster: all of its workers draw"]


def test_a_cluster_without_workers_is_said_before_any_plan(pair: Project, cluster: DaskCluster) -> None:
    for worker in list(cluster.workers):
        cluster.kill_worker(worker)
    events: list[Event] = []

    with pytest.raises(UsageError, match="has no worker"):
        pair.listen(events.append, 1, engine="counted", cluster=cluster.address)

    assert [event for event in events if isinstance(event, WorkPlanned)] == []


def test_a_dry_run_asks_no_cluster_and_says_nothing_of_its_workers(pair: Project) -> None:
    outcome = pair.make(1, engine="local", cluster="tcp://127.0.0.1:9", dry_run=True)

    [planned] = outcome.of(WorkPlanned)
    assert (outcome.status, planned.calls, planned.workers, planned.seconds) == (0, 4, None, None)
