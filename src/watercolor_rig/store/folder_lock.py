"""One writer of a manifest at a time among the threads of a process; the project's lock keeps out other programs."""

from pathlib import Path
from threading import Lock, RLock
from weakref import WeakValueDictionary


class FolderLock:
    """Held by the one run of this process that writes the folder's manifest now; the same run may take it twice."""

    def __init__(self) -> None:
        self._lock = RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


_locks: WeakValueDictionary[str, FolderLock] = WeakValueDictionary()
_looking_up = Lock()


def lock_of(folder: Path) -> FolderLock:
    """Return the lock of a folder, there or not: one and the same for all who ask while somebody has it."""
    name = str(folder.resolve())
    with _looking_up:
        lock = _locks.get(name)
        if lock is None:
            lock = _locks[name] = FolderLock()
        return lock
