"""The studio's jobs: started, paused, resumed, cancelled, tried again and watched, on threads of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.history import History
from watercolor_rig.app.studio.hub import EventHub
from watercolor_rig.app.studio.job_view import Estimate, JobView
from watercolor_rig.app.studio.orders import Order
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import EngineUnavailableError


class Workshop:
    """Works on one project. Every method may be called from any thread; none blocks for longer than it reads the disk.

    Args:
        folders: Where the project's files are.
        toolbox: The outside world; `ask` and `interrupts` are not used.
        hub: Hears what changes.
    """

    def __init__(self, folders: StudioFolders, toolbox: Toolbox, hub: EventHub) -> None: ...

    def estimate(self, order: Order) -> Estimate:
        """Return what a job would do; nothing is made, and nobody is asked.

        Raises:
            RigError: as `start`; but an engine that cannot work now is only a warning here.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def start(self, order: Order) -> JobView:
        """Check an order and begin it on a thread of its own; return how it stands.

        Raises:
            UsageError, ConfigError, NothingMatchedError: if it cannot be carried out as it is.
            ProjectBusyError: if another program writes the project.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def jobs(self) -> list[JobView]:
        """Return the jobs, newest first, at most 100; those of earlier runs of the studio too."""
        return []

    def job(self, job_id: str) -> JobView:
        """Return a job.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def wait(self, job_id: str, timeout_s: float | None = None) -> JobView:
        """Return a job when it has ended, or as it stands after `timeout_s` seconds.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def pause(self, job_id: str) -> JobView:
        """Let nothing new start; calls under way are finished and kept. No effect on a job that has ended.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def resume(self, job_id: str) -> JobView:
        """Let a paused job go on.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def cancel(self, job_id: str) -> JobView:
        """As `pause`, and for good.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def retry(self, job_id: str) -> JobView:
        """Start a new job over what failed or was not started of one that has ended; return the new one.

        Raises:
            NothingMatchedError: if there is none of that id.
            UsageError: if it has not ended, or nothing is left to do.
            RigError: as `start`.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def running_frames(self) -> set[str]:
        """Return the frames under way in all jobs, as `path_id/file`; expressions as their file."""
        return set()

    def choose(self, take: int) -> str:
        """Put a take into its place, which can be undone; return its file inside the project, with `/`.

        The same picture in sequences that share it is exchanged as well.

        Raises:
            UsageError: if there is no such take, or its place is another one's now.
            ProjectBusyError: if another program writes the project, or a job works on the sequence.
            StoreError: if its content is missing or damaged, or the disk refuses.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def undo(self) -> History:
        """Take the last change of takes back.

        Raises:
            UsageError: if there is nothing to undo, or the place is another one's now.
            ProjectBusyError, StoreError: as `choose`.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def redo(self) -> History:
        """Do again what was undone last.

        Raises:
            UsageError, ProjectBusyError, StoreError: as `undo`.
        """
        raise EngineUnavailableError("jobs are not built in yet")

    def history(self) -> History:
        """Return what undo and redo would do."""
        return History(None, None)

    @property
    def budget_usd(self) -> Decimal | None:
        """The most that all jobs of the project may spend, in US dollars; None for no limit."""
        return None

    def set_budget(self, budget_usd: Decimal | None) -> None:
        """Change the budget; jobs that run heed it from their next call on.

        Raises:
            StoreError: if the disk refuses.
        """

    @contextmanager
    def writing(self, what: str) -> Iterator[None]:
        """Hold the project while something else than a job writes it, beside jobs of this studio.

        Args:
            what: In words, for others who find the project busy.

        Raises:
            ProjectBusyError: if another program writes the project.
        """
        yield

    def close(self, *, at_once: bool = False) -> None:
        """End all jobs as interrupted: nothing new starts, and calls under way are awaited unless `at_once`."""
