"""The studio's hold on a project: one lock for all that it does at a time, so that no other program writes beside."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock

from watercolor_rig.store.lock import project_lock


class ProjectHold:
    """Taken with the first of several holders, let go with the last.

    Args:
        project: The folder.
        taken: Called each time that nobody of this studio held it before.
    """

    def __init__(self, project: Path, taken: Callable[[], None]) -> None:
        self._project = project
        self._taken = taken
        self._lock = Lock()
        self._holders = 0
        self._held: AbstractContextManager[None] | None = None

    def take(self) -> None:
        """Hold the project until `let_go`, which may come from another thread.

        Raises:
            ProjectBusyError: if another program writes it; says which.
            StoreError: if the disk refuses.
        """
        with self._lock:
            if self._held is None:
                held = project_lock(self._project, "studio")
                held.__enter__()
                try:
                    self._taken()
                except BaseException:
                    held.__exit__(None, None, None)
                    raise
                self._held = held
            self._holders += 1

    def let_go(self) -> None:
        """End one `take`."""
        with self._lock:
            self._holders -= 1
            if not self._holders and self._held is not None:
                held, self._held = self._held, None
                held.__exit__(None, None, None)

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Hold the project inside the context.

        Raises:
            ProjectBusyError, StoreError: as `take`.
        """
        self.take()
        try:
            yield
        finally:
            self.let_go()
