"""Worker processes that stay for the next frame: starting one takes longer than drawing with it."""

from collections.abc import Callable, Hashable, Sequence
from threading import Lock, Timer

from watercolor_rig.engines.api import EnginePlugin, EngineSettings
from watercolor_rig.runner.lanes import Answer, Happening, Lanes, Request, open_tween_lanes

IDLE_S = 300.0
"""After so long without a frame the processes end; each holds the libraries and two analysed pairs."""

_WORKERS = 4


class WarmLanes:
    """Lends lanes of process workers, one run at a time; lanes of threads are opened anew, which takes no time.

    Args:
        idle_s: Seconds after which lanes that nobody uses end.
    """

    def __init__(self, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._lock = Lock()
        self._idle: list[_Lent] = []
        self._timer: Timer | None = None
        self._is_closed = False

    def open(
        self,
        name: str,
        plugin: EnginePlugin,
        settings: EngineSettings,
        workers: int,
        store: Callable[[Answer], None] | None = None,
    ) -> Lanes:
        """Return lanes as `open_tween_lanes` does.

        Raises:
            UsageError: if the engine cannot be opened.
        """
        if plugin.traits.runs_in != "processes":
            return open_tween_lanes(name, plugin, settings, workers, store)
        with self._lock:
            for lent in self._idle:
                if lent.engine == (name, settings) and lent.most >= workers:
                    self._idle.remove(lent)
                    return lent.again(workers)
        most = max(_WORKERS, workers)
        return _Lent(self, (name, settings), open_tween_lanes(name, plugin, settings, most, store), most).again(workers)

    def close(self) -> None:
        """End the processes that nobody uses; those in use end with their run."""
        with self._lock:
            self._is_closed = True
        self._let_go()

    @property
    def idle(self) -> int:
        """How many lanes wait for the next frame."""
        with self._lock:
            return len(self._idle)

    def take_back(self, lent: "_Lent") -> None:
        """Keep lanes whose run has ended, unless there are some of their kind already."""
        with self._lock:
            is_kept = not self._is_closed and all(other.engine != lent.engine for other in self._idle)
            if is_kept:
                self._idle.append(lent)
                if self._timer is not None:
                    self._timer.cancel()
                self._timer = Timer(self._idle_s, self._let_go)
                self._timer.daemon = True
                self._timer.start()
        if not is_kept:
            lent.end()

    def _let_go(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        for lent in idle:
            lent.end()


class _Lent:
    """Lanes that go back to their owner when the run lets them go in good order."""

    sticky = True

    def __init__(self, owner: WarmLanes, engine: tuple[str, EngineSettings], lanes: Lanes, most: int) -> None:
        self.engine = engine
        self.most = most
        self.workers: Sequence[Hashable] = lanes.workers
        self._owner = owner
        self._lanes = lanes

    def again(self, workers: int) -> "_Lent":
        self.workers = self._lanes.workers[:workers]
        return self

    def submit(self, worker: Hashable, key: Hashable, request: Request) -> None:
        self._lanes.submit(worker, key, request)

    def wait(self, timeout_s: float | None) -> Happening | None:
        return self._lanes.wait(timeout_s)

    def interrupt(self) -> None:
        self._lanes.interrupt()

    def nudge(self) -> None:
        self._lanes.nudge()

    def close(self, *, at_once: bool = False) -> None:
        if at_once:
            self._lanes.close(at_once=True)
        else:
            self._owner.take_back(self)

    def end(self) -> None:
        self._lanes.close()
