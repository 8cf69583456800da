"""Steers a run from other threads: holds it, lets it go on, ends it. Its driver hears of that at once."""

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from typing import Protocol


class Sleeper(Protocol):
    """Lanes, as far as they can be woken."""

    def nudge(self) -> None:
        """Wake `wait`, so that the driver looks around."""
        ...


class Control:
    """What a run is told while it goes on. Safe from every thread; whatever is said stays said for runs to come."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._spoken = Condition(self._lock)
        self._lanes: list[Sleeper] = []
        self._is_held = False
        self._is_ended = False
        self._preferred: dict[Hashable, None] = {}

    @property
    def preferred(self) -> tuple[Hashable, ...]:
        """Groups of jobs that somebody waits for: they go first, in this order."""
        return tuple(self._preferred)

    @property
    def is_held(self) -> bool:
        """Whether nothing new may start now; calls under way are finished and kept."""
        return self._is_held

    @property
    def is_ended(self) -> bool:
        """Whether nothing new starts any more."""
        return self._is_ended

    def hold(self) -> None:
        """Let nothing new start until `go_on`."""
        self._is_held = True
        self.nudge()

    def go_on(self) -> None:
        """Let calls start again."""
        self._is_held = False
        self.nudge()

    def prefer(self, groups: Iterable[Hashable]) -> None:
        """Let jobs of these groups go before all others from now on."""
        with self._lock:
            self._preferred = self._preferred | dict.fromkeys(groups)
        self.nudge()

    def end(self) -> None:
        """Let nothing new start any more, whether held or not."""
        self._is_ended = True
        self._is_held = False
        self.nudge()

    def proceed(self) -> bool:
        """Wait while the run is held; return whether it goes on, for steps that no driver starts."""
        with self._spoken:
            self._spoken.wait_for(lambda: not self._is_held or self._is_ended)
            return not self._is_ended

    def nudge(self) -> None:
        """Make the drivers look around now."""
        with self._spoken:
            self._spoken.notify_all()
            lanes = list(self._lanes)
        for each in lanes:
            each.nudge()

    @contextmanager
    def over(self, lanes: Sleeper) -> Iterator[None]:
        """Wake these lanes at every word from now on."""
        with self._lock:
            self._lanes.append(lanes)
        try:
            yield
        finally:
            with self._lock:
                self._lanes.remove(lanes)
