"""One at a time, those first whom somebody waits for."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Turns:
    """A lock with two queues: work in the background lets everything else go first."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._is_taken = False
        self._urgent = 0

    @property
    def somebody_urgent_waits(self) -> bool:
        """Whether somebody waits who goes first."""
        return self._urgent > 0

    @contextmanager
    def now(self) -> Iterator[None]:
        """Hold the lock, before all who can wait."""
        with self._changed:
            self._urgent += 1
            while self._is_taken:
                self._changed.wait()
            self._urgent -= 1
            self._is_taken = True
        try:
            yield
        finally:
            self._release()

    @contextmanager
    def later(self) -> Iterator[None]:
        """Hold the lock once nobody urgent waits."""
        with self._changed:
            while self._is_taken or self._urgent:
                self._changed.wait()
            self._is_taken = True
        try:
            yield
        finally:
            self._release()

    def _release(self) -> None:
        with self._changed:
            self._is_taken = False
            self._changed.notify_all()
