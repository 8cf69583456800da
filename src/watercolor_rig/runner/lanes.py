"""Where calls run: threads for waiting on a service, one process per worker for work on our own processor.

Both answer through one queue, so that the driver waits in a single place and an interrupt wakes it there. A process
worker that dies (killed, out of memory) takes only its own call with it and is replaced at the next one.
"""

import contextlib
import math
import signal
import sys
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from queue import Empty, SimpleQueue
from typing import Protocol

from watercolor_rig.core.errors import EngineError, PictureError, RigError
from watercolor_rig.engines.api import (
    EnginePlugin,
    EngineSettings,
    ExpressionEngine,
    ExpressionRequest,
    MadePicture,
    SheetEngine,
    SheetRequest,
    TweenEngine,
    TweenRequest,
)
from watercolor_rig.engines.registry import find_engine
from watercolor_rig.runner.orphans import end_with_the_program

Request = TweenRequest | SheetRequest | ExpressionRequest

_DEAF_S = 0.5
"""How long an interrupt may go unheard."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An engine's picture, decoded once to be sure of it.

    Attributes:
        picture: As the engine returned it.
        size: (width, height) of the decoded PNG; of a sheet, of each panel.
        recalled: It was not asked for now: an equal request has brought it before.
    """

    picture: MadePicture
    size: tuple[int, int]
    recalled: bool = False

    @property
    def frames(self) -> tuple[MadePicture, ...]:
        """The frames that it brought: the picture itself, or the panels of a sheet."""
        return self.picture.panels or (self.picture,)


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that came to its end: an answer, or an error of the tree; `died` where its worker was lost."""

    worker: Hashable
    key: Hashable
    answer: Answer | None
    error: RigError | None
    died: bool = False


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The user pressed Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Nudged:
    """The driver shall look around: something has changed that is not of these lanes."""


Happening = Ended | Interrupted | Nudged


class Lanes(Protocol):
    """A fixed set of workers."""

    @property
    def workers(self) -> Sequence[Hashable]:
        """Names of the workers; each is named once for every call that it may have at a time."""
        ...

    @property
    def sticky(self) -> bool:
        """Whether a worker keeps what it prepared, so that it should stay with one group of jobs."""
        ...

    def submit(self, worker: Hashable, key: Hashable, request: Request) -> None:
        """Start a call on a worker that may have one more."""
        ...

    def wait(self, timeout_s: float | None) -> Happening | None:
        """Return what happens next, or None after `timeout_s` seconds."""
        ...

    def interrupt(self) -> None:
        """Wake `wait` with `Interrupted`; safe in a signal handler."""
        ...

    def nudge(self) -> None:
        """Wake `wait` with `Nudged`; safe from any thread, after `close` too."""
        ...

    def close(self, *, at_once: bool = False) -> None:
        """Let the workers go; `at_once` does not wait for their calls."""
        ...


class ThreadLanes:
    """Calls of one shared engine on threads.

    Args:
        engine: Closed with the lanes.
        workers: How many threads.
        store: Hears of every answer on the thread of its call, before `wait` returns it.
    """

    sticky = False

    def __init__(
        self, engine: TweenEngine | ExpressionEngine, workers: int, store: Callable[[Answer], None] | None = None
    ) -> None:
        self.workers: Sequence[Hashable] = range(workers)
        self._engine = engine
        self._store = store
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="call")
        self._happened: SimpleQueue[Happening] = SimpleQueue()

    def submit(self, worker: Hashable, key: Hashable, request: Request) -> None:
        """Start a call."""
        future = self._pool.submit(self._perform, request)
        future.add_done_callback(lambda done: self._happened.put(_ended(worker, key, done)))

    def wait(self, timeout_s: float | None) -> Happening | None:
        """Return what happens next."""
        return take(self._happened, timeout_s)

    def interrupt(self) -> None:
        """Wake `wait`."""
        self._happened.put(Interrupted())

    def nudge(self) -> None:
        """Wake `wait`, so that the driver looks around."""
        self._happened.put(Nudged())

    def close(self, *, at_once: bool = False) -> None:
        """Let the threads go, and the engine with its connections."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(Exception):  # its pictures are kept; how an engine leaves can harm nothing any more
            self._engine.close()
        if not at_once:
            self._pool.shutdown(wait=True)

    def _perform(self, request: Request) -> Answer:
        answer = perform(self._engine, request)
        if self._store is not None:
            self._store(answer)
        return answer


class ProcessLanes:
    """Calls on one process per worker, each with its own engine."""

    sticky = True

    def __init__(self, engine: str, settings: EngineSettings, workers: int) -> None:
        self.workers: Sequence[Hashable] = range(workers)
        self._engine = (engine, settings)
        self._pools: dict[Hashable, ProcessPoolExecutor] = {}
        self._happened: SimpleQueue[Happening] = SimpleQueue()

    def submit(self, worker: Hashable, key: Hashable, request: Request) -> None:
        """Start a call; the worker's process is started with its first one, and again after it died."""
        with _interrupts_held_back():
            try:
                future = self._pool(worker).submit(_perform_here, *self._engine, request)
            except BrokenExecutor:
                self._pools.pop(worker).shutdown(wait=False)
                future = self._pool(worker).submit(_perform_here, *self._engine, request)
        future.add_done_callback(lambda done: self._happened.put(_ended(worker, key, done)))

    def wait(self, timeout_s: float | None) -> Happening | None:
        """Return what happens next."""
        return take(self._happened, timeout_s)

    def interrupt(self) -> None:
        """Wake `wait`."""
        self._happened.put(Interrupted())

    def nudge(self) -> None:
        """Wake `wait`, so that the driver looks around."""
        self._happened.put(Nudged())

    def close(self, *, at_once: bool = False) -> None:
        """Let the processes go."""
        for pool in self._pools.values():
            if at_once:
                for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way to end them before Python 3.14
                    process.kill()
            pool.shutdown(wait=True, cancel_futures=True)  # soon over once killed, and its semaphores are let go
        self._pools.clear()

    def _pool(self, worker: Hashable) -> ProcessPoolExecutor:
        if worker not in self._pools:
            self._pools[worker] = ProcessPoolExecutor(
                1,
                mp_context=get_context("spawn"),
                initializer=_settle_in,
            )
        return self._pools[worker]


def open_tween_lanes(
    name: str,
    plugin: EnginePlugin,
    settings: EngineSettings,
    workers: int,
    store: Callable[[Answer], None] | None = None,
) -> Lanes:
    """Return workers for in-betweens of an engine; `store` hears of answers on the threads of their calls.

    Raises:
        UsageError: if the engine cannot be opened.
    """
    if plugin.traits.runs_in == "processes":
        return ProcessLanes(name, settings, workers)
    return ThreadLanes(plugin.open_tweens(settings), workers, store)


def open_expression_lanes(plugin: EnginePlugin, settings: EngineSettings, workers: int) -> Lanes:
    """Return workers for expressions of an engine.

    Raises:
        UsageError: if the engine cannot be opened.
    """
    return ThreadLanes(plugin.open_expressions(settings), workers)


def perform(engine: TweenEngine | ExpressionEngine, request: Request) -> Answer:
    """Make one call and check the answer: it decodes, and to the size of what was given; so does each panel of a sheet.

    Raises:
        EngineError: or a subclass; an error that an engine should not raise becomes one, with its cause.
        PictureError: if a picture given cannot be used.
    """
    from watercolor_rig.imaging.picture import decode, read_size  # noqa: PLC0415 - a run with nothing to do needs none

    try:
        picture = _call(engine, request)
    except RigError:
        raise
    except Exception as error:
        raise EngineError(f"{request.name}: the engine failed with {type(error).__name__}: {error}") from error
    frames = picture.panels or (picture,)
    wanted = len(request.panels) if isinstance(request, SheetRequest) else 1
    if len(frames) != wanted:
        raise EngineError(f"{request.name}: the engine answered with {len(frames)} panels instead of {wanted}")
    try:
        sizes = {decode(frame.png, request.name).shape[1::-1] for frame in frames}
    except PictureError as error:
        raise EngineError(f"{request.name}: the engine answered with no whole picture ({error})") from error
    given = read_size(request.base if isinstance(request, ExpressionRequest) else request.start, request.name)
    for width, height in sizes - {given}:
        raise EngineError(f"{request.name}: the engine answered with {width}x{height} instead of {given[0]}x{given[1]}")
    return Answer(picture, given)


def _call(engine: TweenEngine | ExpressionEngine, request: Request) -> MadePicture:
    if isinstance(request, SheetRequest):
        if not isinstance(engine, SheetEngine):
            raise EngineError(f"{request.name}: the engine makes no sheets; use --strategy single")
        return engine.sheet(request)
    if isinstance(request, TweenRequest):
        return engine.tween(request)  # type: ignore[union-attr]  # lanes are opened for one kind of request
    return engine.express(request)  # type: ignore[union-attr]  # as above


_engine_here: list[TweenEngine] = []


def _settle_in() -> None:
    """Make this worker process deaf to Ctrl-C, and end it with the program that it works for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_the_program()


def _perform_here(engine: str, settings: EngineSettings, request: Request) -> Answer:
    """Make one call; the first opens the engine, because an initializer could not say what kept it from that."""
    if not _engine_here:
        _engine_here.append(find_engine(engine).open_tweens(settings))
    return perform(_engine_here[0], request)


def _ended(worker: Hashable, key: Hashable, done: "Future[Answer]") -> Ended:
    if done.cancelled():
        return Ended(worker, key, None, EngineError("the call was cancelled"), died=True)
    error = done.exception()
    if error is None:
        return Ended(worker, key, done.result(), None)
    if isinstance(error, RigError):
        return Ended(worker, key, None, error)
    if isinstance(error, BrokenExecutor):
        return Ended(worker, key, None, EngineError(f"its worker process ended ({error})"), died=True)
    return Ended(worker, key, None, EngineError(f"the engine failed with {type(error).__name__}: {error}"))


def take(queue: "SimpleQueue[Happening]", timeout_s: float | None) -> Happening | None:
    """Wait in slices: a signal just before a wait, or taken by another thread, wakes nobody; on Windows none does."""
    until_s = math.inf if timeout_s is None else time.monotonic() + timeout_s
    while True:
        left_s = until_s - time.monotonic()
        try:
            return queue.get(timeout=min(_DEAF_S, max(0.0, left_s)))
        except Empty:
            if left_s <= _DEAF_S:
                return None


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Start processes with SIGINT blocked: they inherit that, so Ctrl-C in a terminal reaches the driver alone.

    The resource tracker of multiprocessing has to run before: older Pythons unblock SIGINT when they start it.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
