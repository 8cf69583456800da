"""That the studio is closing, for whoever waits for something else meanwhile."""

from collections.abc import Callable
from threading import Lock


class Ending:
    """Begins once; may be asked and begun on any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: dict[int, Callable[[], None]] = {}
        self._count = 0
        self.has_begun = False

    def begin(self) -> None:
        """Call every listener; a second call does nothing."""
        with self._lock:
            if self.has_begun:
                return
            self.has_begun = True
            listeners = list(self._listeners.values())
        for listener in listeners:
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when the end begins, on that thread; return what ends the subscription."""
        with self._lock:
            self._count += 1
            number = self._count
            self._listeners[number] = listener
        return lambda: self._leave(number)

    def _leave(self, number: int) -> None:
        with self._lock:
            self._listeners.pop(number, None)
