"""A cluster of real processes, and what befalls one: lost workers, a lost scheduler, damaged pictures, strangers."""

import sys
import threading
from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction as F
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from support import counted_engine
from support.counted_engine import Calls
from support.dask_cluster import DaskCluster
from support.patience import PATIENCE_S
from watercolor_rig.core.errors import EngineError, RigError, StopRunError, StoreError, UsageError
from watercolor_rig.engines.api import EngineSettings, ExpressionRequest, TweenRequest
from watercolor_rig.imaging.picture import encode_png
from watercolor_rig.runner import cluster_client, cluster_lanes
from watercolor_rig.runner.cluster_lanes import ClusterLanes
from watercolor_rig.runner.cluster_wire import Drawer
from watercolor_rig.runner.lanes import Ended
from watercolor_rig.store.blobs import BlobStore

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
pytestmark = pytest.mark.slow

START, END = (encode_png(np.full((4, 6, 4), (grey, grey, grey, 255), np.uint8)) for grey in (0, 255))
SETTINGS = EngineSettings()
COUNTED = Drawer("counted", SETTINGS, {"version": "1"})
SLOW = Drawer("scripted", EngineSettings(options={"script": "delay:60 @ slow"}), {"version": "1", "model": "scripted"})

Join = Callable[..., ClusterLanes]


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    """The counted engine, installed for everybody."""
    with pytest.MonkeyPatch.context() as patch:
        yield counted_engine.install(tmp_path_factory.mktemp("counted"), patch)


@pytest.fixture(scope="module")
def lasting_cluster(calls: Calls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Two workers for all tests that leave them alive."""
    assert calls.names == []
    with DaskCluster(tmp_path_factory.mktemp("dask")) as cluster:
        yield cluster


@pytest.fixture
def cluster(calls: Calls, tmp_path: Path) -> Iterator[DaskCluster]:
    """Two workers that a test may kill."""
    calls.forget()
    with DaskCluster(tmp_path / "dask") as cluster:
        yield cluster


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    """The store of the lanes that `join` opens."""
    return BlobStore(tmp_path / "store")


@pytest.fixture
def join(request: pytest.FixtureRequest, calls: Calls, tmp_path: Path) -> Iterator[Join]:
    """Return what opens lanes that are closed after the test, on a test's own cluster where it has one."""
    calls.forget()
    own = "cluster" in request.fixturenames
    cluster: DaskCluster = request.getfixturevalue("cluster" if own else "lasting_cluster")
    opened: list[ClusterLanes] = []

    def join_(drawer: Drawer = COUNTED, workerless_s: float = PATIENCE_S) -> ClusterLanes:
        opened.append(ClusterLanes(cluster.address, (tmp_path / "store").as_uri(), drawer, workerless_s))
        return opened[-1]

    yield join_
    for lanes in opened:
        lanes.close(at_once=True)


def submit(lanes: ClusterLanes, name: str, worker: Hashable = 0) -> None:
    lanes.submit(worker, name, TweenRequest(name, START, END, F(0), F(1), F(1, 4)))


def end_of(lanes: ClusterLanes) -> Ended:
    until_s = monotonic() + PATIENCE_S
    while monotonic() < until_s:
        happened = lanes.wait(PATIENCE_S)
        if isinstance(happened, Ended):
            return happened
    pytest.fail("nothing has happened")


def call(lanes: ClusterLanes, name: str = "fine", worker: Hashable = 0) -> Ended:
    submit(lanes, name, worker)
    return end_of(lanes)


def test_a_worker_may_have_one_call_and_one_that_waits_for_each_thread(join: Join) -> None:
    assert join().workers == [0, 1, 0, 1]


def test_calls_go_to_the_worker_that_they_are_meant_for(join: Join, calls: Calls) -> None:
    lanes = join()
    for worker in (0, 1, 0, 1, 0, 1):
        assert call(lanes, f"of {worker}", worker).answer

    assert {len(set(pids)) for pids in (calls.processes[::2], calls.processes[1::2])} == {1}
    assert len(set(calls.processes)) == 2


def test_a_damaged_picture_is_noticed_by_the_worker_and_put_again_for_the_next_try(
    join: Join, store: BlobStore
) -> None:
    lanes = join()
    assert call(lanes).answer
    path = store.path(store.put(START))
    path.chmod(0o644)
    path.write_bytes(START[:-1] + b"x")

    first, second = call(lanes), call(lanes)

    assert (type(first.error), first.died) == (StoreError, True)
    assert "is damaged" in str(first.error)
    assert second.answer
    assert second.answer.picture.png == START


def test_a_picture_that_is_gone_from_the_store_is_put_again_for_the_next_try(join: Join, store: BlobStore) -> None:
    lanes = join()
    assert call(lanes).answer
    store.path(store.put(END)).unlink()

    assert call(lanes).died
    assert call(lanes).answer


def test_a_store_that_takes_nothing_ends_the_run(join: Join, store: BlobStore, tmp_path: Path) -> None:
    lanes = join()
    path = store.path("0")
    (tmp_path / "store").rename(tmp_path / "moved")
    path.parents[1].write_text("no folder")

    assert isinstance(call(lanes).error, StopRunError)


def test_a_killed_worker_costs_its_own_call_at_most_and_a_new_one_takes_its_place(
    join: Join, cluster: DaskCluster, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_lanes, "_LOOK_EVERY_S", 0.2)
    lanes = join()
    call(lanes, "before")
    calls.hold()
    for number, worker in enumerate(lanes.workers):
        submit(lanes, f"during {number}", worker)
    calls.wait_for_processes(2, since=1)
    cluster.kill_worker()
    calls.let_go()
    cluster.add_worker()
    ended = [end_of(lanes) for _ in lanes.workers]
    after = [call(lanes, f"after {worker}", worker) for worker in (0, 1)]

    assert [end.error for end in (*ended, *after)] == [None] * 6
    assert len(calls.names) - len(set(calls.names)) <= 1
    assert len(set(calls.processes[-2:])) == 2


def test_a_cluster_without_workers_is_waited_for_and_then_given_up(
    join: Join, cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_lanes, "_LOOK_EVERY_S", 0.05)
    lanes = join(SLOW, workerless_s=0.3)
    submit(lanes, "slow")
    for worker in list(cluster.workers):
        cluster.kill_worker(worker)

    ended = end_of(lanes)

    assert (ended.key, type(ended.error), ended.died) == ("slow", StopRunError, False)
    assert "has had no worker" in str(ended.error)


def test_a_lost_scheduler_ends_the_calls_under_way_and_those_to_come(join: Join, cluster: DaskCluster) -> None:
    lanes = join(SLOW)
    submit(lanes, "slow")
    cluster.kill_scheduler()

    under_way, to_come = end_of(lanes), call(lanes)

    for ended in (under_way, to_come):
        assert (type(ended.error), ended.died) == (StopRunError, False)
        assert f"the cluster at {cluster.address!r} is gone; start its scheduler again" in str(ended.error)


def test_a_result_that_dask_has_but_does_not_bring_is_given_up_after_a_round(
    join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its executor forgets a call where the connection breaks while the result comes over it."""
    monkeypatch.setattr(cluster_lanes, "_LOOK_EVERY_S", 0.1)
    lanes = join()
    monkeypatch.setattr(lanes, "_book", lambda _done: None)

    ended = call(lanes)

    assert (ended.key, ended.died) == ("fine", True)
    assert str(ended.error) == "the cluster does not bring the result"


@pytest.mark.usefixtures("cluster")
def test_closing_does_not_wait_for_calls_under_way(join: Join) -> None:
    lanes = join(SLOW)
    submit(lanes, "slow")

    lanes.close(at_once=True)

    assert lanes.wait(0.0) is None


@pytest.mark.parametrize(
    ("drawer", "said"),
    [
        (Drawer("counted", SETTINGS, {"version": "0"}), "install the same version on every machine"),
        (Drawer("nowhere", SETTINGS, {}), "no engine 'nowhere'"),
    ],
)
def test_a_worker_that_cannot_serve_is_named_before_anything_starts(join: Join, drawer: Drawer, said: str) -> None:
    with pytest.raises(UsageError, match=r"the worker at tcp://127\.0\.0\.1:\d+ cannot serve this run") as caught:
        join(drawer)

    assert said in str(caught.value)


def test_a_worker_that_has_come_later_and_cannot_serve_ends_the_run_with_the_reason(
    join: Join, cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    lanes = join()
    for worker in list(cluster.workers):
        cluster.kill_worker(worker)
    monkeypatch.setenv("PYTHONPATH", "")
    cluster.add_worker()

    assert "no engine 'counted'" in str(call(lanes).error)


def test_a_scheduler_without_workers_is_said(join: Join, cluster: DaskCluster) -> None:
    for worker in list(cluster.workers):
        cluster.kill_worker(worker)

    with pytest.raises(UsageError, match="has no worker"):
        join()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://here", "tls://127.0.0.1:9"])
def test_an_address_at_which_nobody_answers_is_said(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_client, "CONNECT_S", 0.5)

    with pytest.raises(UsageError, match=f"no Dask scheduler answers at '{address}'"):
        ClusterLanes(address, tmp_path.as_uri(), COUNTED)


def test_where_nobody_answers_nothing_stays_behind_that_would_close_itself_later(tmp_path: Path) -> None:
    """A client that is half open waits for a thread when it is collected, where that thread may wait for it."""
    before = set(threading.enumerate())

    with pytest.raises(UsageError):
        ClusterLanes("nonsense://here", tmp_path.as_uri(), COUNTED)

    assert set(threading.enumerate()) <= before


def test_without_the_extra_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(UsageError, match=r"pip install 'watercolor-rig\[cluster\]'"):
        ClusterLanes("tcp://127.0.0.1:9", tmp_path.as_uri(), COUNTED)


def test_expressions_are_not_for_a_cluster(join: Join) -> None:
    with pytest.raises(TypeError, match="in-betweens only"):
        join().submit(0, "happy", ExpressionRequest("happy", START, ""))


def test_a_picture_that_is_none_is_the_error_of_its_call(join: Join) -> None:
    lanes = join()
    lanes.submit(0, "broken", TweenRequest("broken", b"<html>", END, F(0), F(1), F(1, 4)))

    ended = end_of(lanes)

    assert isinstance(ended.error, RigError)
    assert (isinstance(ended.error, EngineError), ended.died) == (True, False)
