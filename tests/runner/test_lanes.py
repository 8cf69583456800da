"""One contract for threads, processes and a cluster, and what only processes can meet: workers that are killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction as F
from multiprocessing import active_children
from pathlib import Path
from threading import Event, Thread, Timer
from threading import enumerate as living_threads
from typing import Any

import numpy as np
import pytest

import watercolor_rig
from support.dask_cluster import DaskCluster
from support.patience import PATIENCE_S
from watercolor_rig.core.errors import (
    BadRequestError,
    EngineError,
    EngineUnavailableError,
    QuotaError,
    RateLimitedError,
    RejectedError,
    RigError,
    TransientError,
    UsageError,
)
from watercolor_rig.engines import scripted
from watercolor_rig.engines.api import (
    EngineSettings,
    ExpressionRequest,
    MadePicture,
    SheetRequest,
    Traits,
    TweenRequest,
)
from watercolor_rig.engines.scripted import ScriptedEngine
from watercolor_rig.imaging.picture import encode_png
from watercolor_rig.runner.cluster_lanes import ClusterLanes
from watercolor_rig.runner.cluster_wire import Drawer
from watercolor_rig.runner.lanes import (
    Ended,
    Interrupted,
    Lanes,
    ProcessLanes,
    ThreadLanes,
    open_expression_lanes,
    open_tween_lanes,
    perform,
)

START, END = (encode_png(np.full((4, 6, 4), (grey, grey, grey, 255), np.uint8)) for grey in (0, 255))
SCRIPT = (
    "transient @ dropped; limited:7 @ limited; limited @ vaguely; rejected @ rejected; quota @ quota; bad @ bad;"
    "crash @ crash; garbage @ garbage; small @ small; delay:60 @ slow; die @ dies"
)
KINDS = ["threads", "processes", pytest.param("cluster", marks=pytest.mark.slow)]

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def settings(script: str = SCRIPT) -> EngineSettings:
    return EngineSettings(options={"script": script})


Open = Callable[[str], Lanes]


@pytest.fixture(scope="module")
def open_lanes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Return what opens two workers of a kind; the cluster is started for the first who asks for it."""

    def open_(kind: str) -> Lanes:
        if kind == "processes":
            return ProcessLanes("scripted", settings(), 2)
        if kind == "threads":
            return ThreadLanes(scripted.plugin.open_tweens(settings()), 2)
        store = tmp_path_factory.mktemp("store").as_uri()
        drawer = Drawer("scripted", settings(), scripted.plugin.identity(settings()))
        return ClusterLanes(request.getfixturevalue("cluster").address, store, drawer)

    return open_


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Two workers on this machine."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with DaskCluster(tmp_path_factory.mktemp("dask")) as cluster:
        yield cluster


def request(name: str, start: bytes = START) -> TweenRequest:
    return TweenRequest(name, start, END, F(0), F(1), F(1, 4))


def answer_of(lanes: Lanes, worker: Hashable = 0) -> Ended:
    happened = lanes.wait(PATIENCE_S)
    assert isinstance(happened, Ended)
    assert happened.worker == worker
    return happened


def call(lanes: Lanes, name: str) -> Ended:
    lanes.submit(0, name, request(name))
    ended = answer_of(lanes)
    assert ended.key == name
    return ended


@pytest.fixture(scope="module", params=KINDS)
def lanes(request: pytest.FixtureRequest, open_lanes: Open) -> Iterator[Lanes]:
    """Two workers who serve all tests that leave them as they were."""
    lanes = open_lanes(request.param)
    yield lanes
    lanes.close()


def test_an_answer_comes_back_under_its_key_with_its_size(lanes: Lanes) -> None:
    ended = call(lanes, "fine")

    assert (ended.error, ended.died) == (None, False)
    assert ended.answer
    assert (ended.answer.picture.png, ended.answer.size) == (START, (6, 4))


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("dropped", TransientError, "dropped: 502 Bad Gateway"),
        ("limited", RateLimitedError, "limited: 429 Too Many Requests"),
        ("rejected", RejectedError, "rejected: refused by the safety system"),
        ("quota", QuotaError, "quota: no credit left; add credit and run again"),
        ("bad", BadRequestError, "bad: 400 invalid value for 'size'"),
    ],
)
def test_an_error_of_the_tree_comes_back_as_what_it_is(
    lanes: Lanes, name: str, kind: type[RigError], said: str
) -> None:
    ended = call(lanes, name)

    assert (type(ended.error), str(ended.error)) == (kind, said)
    assert (ended.answer, ended.died) == (None, False)


@pytest.mark.parametrize(("name", "wait_s"), [("limited", 7.0), ("vaguely", None)])
def test_a_refusal_brings_the_wait_that_the_service_named(lanes: Lanes, name: str, wait_s: float | None) -> None:
    error = call(lanes, name).error

    assert isinstance(error, RateLimitedError)
    assert error.wait_s == wait_s


def test_an_error_beyond_the_tree_becomes_one_that_names_its_type_and_cause(lanes: Lanes) -> None:
    ended = call(lanes, "crash")

    assert type(ended.error) is EngineError
    assert str(ended.error) == "crash: the engine failed with ZeroDivisionError: division by zero"
    assert "ZeroDivisionError" in repr(ended.error.__cause__)
    assert not ended.died


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("garbage", "garbage: the engine answered with no whole picture"),
        ("small", "small: the engine answered with 1x1 instead of 6x4"),
    ],
)
def test_an_answer_that_is_no_picture_of_the_right_size_is_an_error(lanes: Lanes, name: str, said: str) -> None:
    ended = call(lanes, name)

    assert type(ended.error) is EngineError
    assert str(ended.error).startswith(said)


def test_a_picture_given_that_is_none_is_an_error_of_that_call(lanes: Lanes) -> None:
    lanes.submit(0, "fine", request("fine", start=b"<html>"))

    assert isinstance(answer_of(lanes).error, RigError)


def test_workers_answer_independently(lanes: Lanes) -> None:
    for worker in (0, 1):
        lanes.submit(worker, f"of {worker}", request(f"of {worker}"))
    ended = [lanes.wait(PATIENCE_S) for _ in range(2)]

    assert {(end.worker, end.key) for end in ended if isinstance(end, Ended)} == {(0, "of 0"), (1, "of 1")}


def test_waiting_ends_with_nothing_when_the_time_is_over(lanes: Lanes) -> None:
    assert lanes.wait(0.0) is None
    assert lanes.wait(0.01) is None


def test_an_interrupt_wakes_the_one_who_waits(lanes: Lanes) -> None:
    lanes.interrupt()

    assert lanes.wait(None) == Interrupted()


@posix
def test_an_interrupt_from_a_signal_handler_wakes_a_wait_without_end(lanes: Lanes) -> None:
    before = signal.signal(signal.SIGALRM, lambda _number, _frame: lanes.interrupt())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)

        assert lanes.wait(None) == Interrupted()
    finally:
        signal.signal(signal.SIGALRM, before)


@posix
def test_an_interrupt_that_another_thread_took_wakes_a_wait_without_end(lanes: Lanes) -> None:
    """The kernel gives a signal to any thread; a lock that the main thread waits for does not notice."""
    over = Event()
    taker = Thread(target=over.wait)
    taker.start()
    sender = Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1))
    before = signal.signal(signal.SIGUSR1, lambda _number, _frame: lanes.interrupt())
    sender.start()
    unmasked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        assert lanes.wait(None) == Interrupted()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, unmasked)
        signal.signal(signal.SIGUSR1, before)
        over.set()
        taker.join()


@pytest.mark.parametrize("kind", KINDS)
def test_after_closing_nothing_of_ours_runs(kind: str, open_lanes: Open) -> None:
    before = {*active_children(), *living_threads()}
    lanes = open_lanes(kind)
    call(lanes, "fine")

    lanes.close()

    assert {*active_children(), *living_threads()} <= before


@pytest.mark.parametrize("kind", KINDS)
def test_closing_lanes_that_never_worked_is_no_error(kind: str, open_lanes: Open) -> None:
    open_lanes(kind).close()


class BlockingEngine:
    """Holds every call until it is let go."""

    def __init__(self) -> None:
        self.began, self.let_go = Event(), Event()
        self.is_closed = False

    def tween(self, given: TweenRequest) -> MadePicture:
        self.began.set()
        self.let_go.wait(PATIENCE_S)
        return MadePicture(given.start, "held")

    def close(self) -> None:
        self.is_closed = True


def test_threads_close_their_engine() -> None:
    engine = BlockingEngine()

    ThreadLanes(engine, 1).close()

    assert engine.is_closed


def test_threads_that_are_closed_at_once_are_not_waited_for() -> None:
    engine = BlockingEngine()
    lanes = ThreadLanes(engine, 1)
    lanes.submit(0, "held", request("held"))
    assert engine.began.wait(PATIENCE_S)

    lanes.close(at_once=True)

    assert engine.is_closed
    engine.let_go.set()
    assert answer_of(lanes).answer


def test_an_engine_that_ends_its_thread_is_an_error_that_names_how() -> None:
    class Leaving(BlockingEngine):
        def tween(self, given: TweenRequest) -> MadePicture:
            raise SystemExit(given.name)

    lanes = ThreadLanes(Leaving(), 1)
    ended = call(lanes, "left")
    lanes.close()

    assert str(ended.error) == "the engine failed with SystemExit: left"
    assert not ended.died


def test_an_engine_of_expressions_is_asked_for_expressions() -> None:
    lanes = open_expression_lanes(scripted.plugin, settings(), 1)
    lanes.submit(0, "happy", ExpressionRequest("happy", START, ""))
    ended = answer_of(lanes)
    lanes.close()

    assert ended.answer
    assert ended.answer.picture.png == START


@pytest.mark.parametrize(("runs_in", "kind"), [("threads", ThreadLanes), ("processes", ProcessLanes)])
def test_the_plug_in_says_where_its_calls_run(runs_in: Any, kind: type[Lanes]) -> None:
    traits = Traits(tweens=True, expressions=True, direct=False, runs_in=runs_in, paid=True)
    lanes = open_tween_lanes("scripted", scripted.ScriptedPlugin(traits), settings(), 1)
    lanes.close()

    assert isinstance(lanes, kind)


# Processes


@pytest.fixture
def processes() -> Iterator[Callable[..., ProcessLanes]]:
    """Return what opens lanes that are closed after the test."""
    opened: list[ProcessLanes] = []

    def open_(workers: int = 1, script: str = SCRIPT, engine: str = "scripted") -> ProcessLanes:
        opened.append(ProcessLanes(engine, settings(script), workers))
        return opened[-1]

    yield open_
    for lanes in opened:
        lanes.close(at_once=True)


def test_a_call_that_ends_its_worker_is_lost_alone_and_the_worker_is_replaced(
    processes: Callable[..., ProcessLanes],
) -> None:
    lanes = processes(workers=2)
    lanes.submit(0, "dies", request("dies"))
    lanes.submit(1, "fine", request("fine"))
    ended = {end.key: end for end in (lanes.wait(PATIENCE_S), lanes.wait(PATIENCE_S)) if isinstance(end, Ended)}

    assert ended["dies"].died
    assert isinstance(ended["dies"].error, EngineError)
    assert ended["fine"].answer
    assert call(lanes, "again").answer


@posix
def test_a_worker_that_is_killed_during_its_call_is_replaced(processes: Callable[..., ProcessLanes]) -> None:
    before = set(active_children())
    lanes = processes()
    lanes.submit(0, "slow", request("slow"))
    (worker,) = set(active_children()) - before
    worker.kill()

    assert answer_of(lanes).died
    assert call(lanes, "fine").answer
    assert worker not in active_children()


@posix
def test_a_worker_that_is_killed_between_its_calls_costs_at_most_one_call(
    processes: Callable[..., ProcessLanes],
) -> None:
    before = set(active_children())
    lanes = processes()
    call(lanes, "fine")
    (worker,) = set(active_children()) - before
    worker.kill()
    worker.join(PATIENCE_S)

    first = call(lanes, "fine")

    assert first.answer or first.died
    assert call(lanes, "fine").answer


def test_an_engine_that_cannot_be_opened_in_its_process_fails_its_calls_with_the_reason(
    processes: Callable[..., ProcessLanes], capfd: pytest.CaptureFixture[str]
) -> None:
    error = call(processes(script="nonsense"), "fine").error
    assert isinstance(error, UsageError)
    assert "cannot read the cue 'nonsense'" in str(error)

    gone = call(processes(engine="gone"), "fine").error
    assert isinstance(gone, EngineUnavailableError)
    assert capfd.readouterr().err == ""


@posix
def test_processes_that_are_closed_at_once_are_not_waited_for(processes: Callable[..., ProcessLanes]) -> None:
    before = set(active_children())
    lanes = processes()
    lanes.submit(0, "slow", request("slow"))
    (worker,) = set(active_children()) - before

    lanes.close(at_once=True)
    worker.join(PATIENCE_S)

    with pytest.raises(ProcessLookupError):
        os.kill(worker.pid or 0, 0)


HOST = """
import sys
from fractions import Fraction
from watercolor_rig.engines.api import EngineSettings, TweenRequest
from watercolor_rig.engines.scripted import ScriptedEngine
from watercolor_rig.runner.lanes import ProcessLanes

if __name__ == "__main__":
    png = bytes.fromhex(sys.argv[1])
    lanes = ProcessLanes("scripted", EngineSettings(options={"script": "delay:600 @ slow"}), 2)
    for worker, name in enumerate(["slow", "fine"]):
        lanes.submit(worker, name, TweenRequest(name, png, png, Fraction(0), Fraction(1), Fraction(1, 4)))
    print(lanes.wait(100).key, flush=True)
    sys.stdin.read()
"""


@posix
def test_workers_do_not_outlive_a_program_that_was_killed(tmp_path: Path) -> None:
    """Busy or idle, they end, and with them the last one who holds the program's output open."""
    (tmp_path / "host.py").write_text(HOST)
    command = [sys.executable, str(tmp_path / "host.py"), START.hex()]
    with subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as host:
        assert host.stdout
        assert host.stdout.readline() == b"fine\n"

        host.kill()
        rest, _ = host.communicate(timeout=PATIENCE_S)

    assert rest == b""


WATCHER = """
from multiprocessing import active_children
from pathlib import Path

for child in active_children():
    status = dict(line.split(":", 1) for line in Path(f"/proc/{child.pid}/status").read_text().splitlines())
    print(bool(int(status["SigBlk"], 16) & 0b10))
"""


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="asks /proc for the signals of a process")
def test_a_worker_hears_no_interrupt_from_its_first_moment_on(tmp_path: Path) -> None:
    """Ctrl-C in a terminal reaches every process of the group; a worker that is still starting must not die of it."""
    watching = "".join(f"    {line}\n" for line in WATCHER.strip().splitlines())
    (tmp_path / "host.py").write_text(
        HOST.replace("    sys.stdin.read()\n", watching + "    lanes.close(at_once=True)\n")
    )
    command = [sys.executable, str(tmp_path / "host.py"), START.hex()]

    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True, timeout=PATIENCE_S)

    assert done.stdout.split() == ["fine", "True", "True"]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(watercolor_rig.__file__).parents[1])}


def test_an_engine_that_breaks_while_it_leaves_harms_nothing() -> None:
    class Clinging(ScriptedEngine):
        def close(self) -> None:
            raise RuntimeError("connection pool is busy")

    ThreadLanes(Clinging(()), 1).close()


class Sheets(ScriptedEngine):
    """Answers a sheet with as many panels as it is told."""

    def __init__(self, *panels: bytes) -> None:
        super().__init__(())
        self.panels = panels

    def sheet(self, _request: SheetRequest) -> MadePicture:
        return MadePicture(START, "sheet", panels=tuple(MadePicture(panel, "sheet") for panel in self.panels))


SHEET = SheetRequest("a sheet", (request("first"), request("second")), "")


def test_the_frames_of_a_sheet_are_its_panels() -> None:
    answer = perform(Sheets(START, END), SHEET)

    assert ([frame.png for frame in answer.frames], answer.size) == ([START, END], (6, 4))


@pytest.mark.parametrize(
    ("panels", "said"),
    [
        ((), "1 panels instead of 2"),
        ((START, END, END), "3 panels instead of 2"),
        ((START, b"no picture"), "no whole picture"),
        ((START, encode_png(np.zeros((4, 4, 4), np.uint8))), "4x4 instead of 6x4"),
    ],
)
def test_a_sheet_that_lacks_a_whole_panel_is_the_error_of_its_call(panels: tuple[bytes, ...], said: str) -> None:
    with pytest.raises(EngineError, match=said):
        perform(Sheets(*panels), SHEET)


def test_an_engine_that_makes_no_sheets_says_so() -> None:
    with pytest.raises(EngineError, match="makes no sheets; use --strategy single"):
        perform(ScriptedEngine(()), SHEET)
