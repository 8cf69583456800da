"""Work on pixels, in processes of its own: the server stays quick and small, and a bad picture breaks only a worker.

The processes are started when there is work and let go when there has been none for a while. One that dies, or takes
too long, is replaced; the work that it had is an error of that work.
"""

import contextlib
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from threading import Lock, Thread, Timer
from typing import ParamSpec, TypeVar

from watercolor_rig.core.errors import PictureError, StoreError
from watercolor_rig.runner.orphans import end_with_the_program

P = ParamSpec("P")
T = TypeVar("T")

WORKERS = 2
LIMIT_S = 60.0
IDLE_S = 20.0

_MOST_MEMORY = 4 * 1024**3
"""Of one worker: a picture of the most pixels that are read takes a twentieth of it."""


class PixelWorkers:
    """A few processes; may be asked on any thread, which waits for the answer.

    Args:
        workers: How many at most.
        limit_s: Seconds that one piece of work may take.
        idle_s: Seconds without work after which the processes are let go.
    """

    def __init__(self, workers: int = WORKERS, limit_s: float = LIMIT_S, idle_s: float = IDLE_S) -> None:
        self._workers = workers
        self._limit_s = limit_s
        self._idle_s = idle_s
        self._lock = Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._under_way = 0
        self._timer: Timer | None = None
        self._is_closed = False

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` returns, which is a function of a module and takes and returns plain values.

        Raises:
            PictureError: if it raises one, takes too long, or brings its process down.
            StoreError: if no process can be started, or the studio closes.
        """
        future = self._submit(work, *args, **kwargs)
        try:
            return future.result(self._limit_s)
        except TimeoutError:
            self._drop(at_once=True)
            raise PictureError(f"the picture took more than {self._limit_s:.0f} s; scale it down") from None
        except (BrokenProcessPool, CancelledError):
            self._drop(at_once=True)
            if self._is_closed:
                raise _closing() from None
            raise PictureError("the picture needed too much memory, or broke the decoder; replace it") from None
        finally:
            self._end()

    def warm_up(self) -> None:
        """Start a process on a thread of its own: the first thumbnail comes half a second sooner."""
        Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    def _warm_up(self) -> None:
        with contextlib.suppress(PictureError, StoreError):
            self.run(_load)

    def close(self) -> None:
        """Let the processes go, with the work that they have; nothing is taken on any more."""
        with self._lock:
            self._is_closed = True
            if self._timer:
                self._timer.cancel()
        self._drop(at_once=True)

    def _submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with self._lock:
            if self._is_closed:
                raise _closing()
            if self._timer:
                self._timer.cancel()
            self._under_way += 1
            for _ in range(2):
                if self._pool is None:
                    self._pool = ProcessPoolExecutor(self._workers, get_context("spawn"), initializer=_prepare)
                with contextlib.suppress(BrokenProcessPool):
                    return self._pool.submit(work, *args, **kwargs)
                self._pool = None
            self._under_way -= 1
        raise StoreError("no process can be started for work on pictures; see what the system's limits are")

    def _end(self) -> None:
        with self._lock:
            self._under_way -= 1
            if not self._under_way and self._pool is not None:
                self._timer = Timer(self._idle_s, self._drop_if_idle)
                self._timer.daemon = True
                self._timer.start()

    def _drop_if_idle(self) -> None:
        with self._lock:
            if self._under_way:
                return
        self._drop(at_once=False)

    def _drop(self, *, at_once: bool) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((getattr(pool, "_processes", None) or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes if at_once else []:
            process.kill()


def _load() -> None:
    import watercolor_rig.app.studio.pictures  # noqa: PLC0415 - what thumbnails are made with
    import watercolor_rig.imaging.picture  # noqa: F401, PLC0415 - as above


def _closing() -> StoreError:
    return StoreError("the studio is being closed; start it again")


def _prepare() -> None:
    end_with_the_program()
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only
    import signal  # noqa: PLC0415 - as above

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the server ends its workers
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
