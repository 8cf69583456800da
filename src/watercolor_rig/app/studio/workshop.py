"""The studio's jobs: started, paused, resumed, cancelled, tried again and watched, on threads of their own.

All jobs go through the use cases of the command line. What is the studio's own is how they live beside each other: one
hold on the project for all, one writer for each sequence, one purse, and a frame that the user waits for goes before
everything that runs in the background.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import RLock, Thread

from watercolor_rig.app.budget import Budget
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.neighbours import Neighbours
from watercolor_rig.app.studio.claim_book import CancelledWaitingError, Claimant, ClaimBook, JobClaims, Obstacle
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.gates import Gates
from watercolor_rig.app.studio.history import History, TakeHistory
from watercolor_rig.app.studio.hold import ProjectHold
from watercolor_rig.app.studio.hub import EventHub, ProjectChanged, SequenceChanged
from watercolor_rig.app.studio.job import Job, now
from watercolor_rig.app.studio.job_file import MOST
from watercolor_rig.app.studio.job_list import JobList
from watercolor_rig.app.studio.job_log import JobLog
from watercolor_rig.app.studio.job_view import Estimate, JobState, JobView
from watercolor_rig.app.studio.order_running import Surroundings, carry_out, check, estimate, title_of
from watercolor_rig.app.studio.orders import Order
from watercolor_rig.app.studio.purse import ProjectPurse
from watercolor_rig.app.studio.retrying import Recall, command_of, order_of_the_rest
from watercolor_rig.app.studio.settings import StudioSettings, read_settings, write_settings
from watercolor_rig.app.studio.take_changes import TakeChanges
from watercolor_rig.app.studio.warm_lanes import WarmLanes
from watercolor_rig.app.tally import INTERRUPTED_STATUS
from watercolor_rig.app.toolbox import Toolbox, no_interrupts
from watercolor_rig.core.errors import RigError
from watercolor_rig.core.ids import PathId
from watercolor_rig.runner.lanes import open_tween_lanes


class Workshop:
    """Works on one project. Every method may be called from any thread; none blocks for longer than it reads the disk.

    Args:
        folders: Where the project's files are.
        toolbox: The outside world; `ask`, `interrupts` and `neighbours` are not used.
        hub: Hears what changes.
    """

    def __init__(self, folders: StudioFolders, toolbox: Toolbox, hub: EventHub) -> None:
        self._folders = folders
        self._toolbox = replace(toolbox, ask=None, interrupts=no_interrupts)
        self._hub = hub
        self._lock = RLock()
        self._memory = Memory(folders.project)
        self._settings = read_settings(self._settings_file)
        self._purse = ProjectPurse(self._memory, self._settings.budget_usd)
        self._history = TakeHistory(self._memory, folders.state / "history.json")
        self._hold = ProjectHold(folders.project, self._begin_holding)
        self._claims = ClaimBook()
        self._gates = Gates()
        self._warm = WarmLanes()
        self._takes = TakeChanges(folders, self._history, self._claims, hub)
        self._jobs = JobList(folders.state / "jobs.json", toolbox.clock, hub)
        self._threads: dict[str, Thread] = {}
        if self._history.is_unsettled:
            with suppress(RigError), self._hold.holding():  # else with the first work on the project
                pass

    def estimate(self, order: Order) -> Estimate:
        """Return what a job would do; nothing is made, and nobody is asked.

        Raises:
            RigError: as `start`; but an engine that cannot work now is only a warning here.
        """
        return estimate(order, self._surroundings(_unrecorded), self._toolbox)

    def start(self, order: Order) -> JobView:
        """Check an order and begin it on a thread of its own; return how it stands.

        Raises:
            UsageError, ConfigError, NothingMatchedError: if it cannot be carried out as it is.
            ProjectBusyError: if another program writes the project.
            StoreError: if the disk refuses.
        """
        return self._start(order, ())

    def jobs(self) -> list[JobView]:
        """Return the jobs, newest first, at most 100; those of earlier runs of the studio too."""
        return self._jobs.views()[::-1][:MOST]

    def job(self, job_id: str) -> JobView:
        """Return a job.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        return self._jobs.view(job_id)

    def wait(self, job_id: str, timeout_s: float | None = None) -> JobView:
        """Return a job when it has ended, or as it stands after `timeout_s` seconds.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        ending = self._jobs.end_of(job_id)
        if ending is not None:
            ending.wait(timeout_s)
        return self.job(job_id)

    def pause(self, job_id: str) -> JobView:
        """Let nothing new start; calls under way are finished and kept. No effect on a job that has ended.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        job = self._jobs.find(job_id)
        if isinstance(job, Job):
            job.pause()
            self._gates.reopen()
        return self.job(job_id)

    def resume(self, job_id: str) -> JobView:
        """Let a paused job go on.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        job = self._jobs.find(job_id)
        if isinstance(job, Job):
            job.resume()
        return self.job(job_id)

    def cancel(self, job_id: str) -> JobView:
        """As `pause`, and for good.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        job = self._jobs.find(job_id)
        if isinstance(job, Job):
            self._cancel(job)
        return self.job(job_id)

    def retry(self, job_id: str) -> JobView:
        """Start a new job over what failed or was not started of one that has ended; return the new one.

        Raises:
            NothingMatchedError: if there is none of that id.
            UsageError: if it has not ended, or nothing is left to do.
            RigError: as `start`.
        """
        old = self.job(job_id)
        view = self._start(order_of_the_rest(old), (*old.goes_on_with, old.id))
        self._jobs.note_retry(job_id, view.id)
        return view

    def running_frames(self) -> set[str]:
        """Return the frames under way in all jobs, as `path_id/file`; expressions as their file."""
        return {frame for job in self._jobs.alive() for frame in job.view().running}

    def choose(self, take: int) -> str:
        """Put a take into its place, which can be undone; return its file inside the project, with `/`.

        The same picture in sequences that share it is exchanged as well.

        Raises:
            UsageError: if there is no such take, or its place is another one's now.
            ProjectBusyError: if another program writes the project, or a job works on the sequence.
            StoreError: if its content is missing or damaged, or the disk refuses.
        """
        with self._hold.holding():
            return self._takes.choose(take)

    def undo(self) -> History:
        """Take the last change of takes back.

        Raises:
            UsageError: if there is nothing to undo, or the place is another one's now.
            ProjectBusyError, StoreError: as `choose`.
        """
        with self._hold.holding():
            return self._takes.undo()

    def redo(self) -> History:
        """Do again what was undone last.

        Raises:
            UsageError, ProjectBusyError, StoreError: as `undo`.
        """
        with self._hold.holding():
            return self._takes.undo(redo=True)

    def history(self) -> History:
        """Return what undo and redo would do."""
        return self._history.view()

    @property
    def depth(self) -> int:
        """The project's rounds of halving, where a job does not say."""
        return self._settings.depth

    @property
    def budget_usd(self) -> Decimal | None:
        """The most that all jobs of the project may spend, in US dollars; None for no limit."""
        return self._purse.budget_usd

    def set_budget(self, budget_usd: Decimal | None) -> None:
        """Change the budget; jobs that run heed it from their next call on.

        Raises:
            StoreError: if the disk refuses.
        """
        settings = StudioSettings(budget_usd, self._settings.depth)
        write_settings(self._settings_file, settings)
        self._settings = settings
        self._purse.budget_usd = budget_usd
        self._hub.publish(ProjectChanged())

    @contextmanager
    def writing(self, what: str) -> Iterator[None]:
        """Hold the project while something else than a job writes it, beside jobs of this studio.

        Args:
            what: In words, for others who find the project busy.

        Raises:
            ProjectBusyError: if another program writes the project.
        """
        del what
        with self._hold.holding():
            yield

    def close(self, *, at_once: bool = False) -> None:
        """End all jobs as interrupted: nothing new starts, and calls under way are awaited unless `at_once`."""
        jobs = self._jobs.close()
        for job in jobs:
            self._cancel(job, closing=True)
        with self._lock:
            threads = list(self._threads.values())
        for job in () if at_once else jobs:
            job.ended.wait()
        for thread in () if at_once else threads:
            thread.join()
        self._warm.close()
        self._jobs.save()

    def _start(self, order: Order, lineage: tuple[str, ...]) -> JobView:
        check(order, self._surroundings(_unrecorded), self._toolbox)
        self._hold.take()
        try:
            job = self._open_job(order, lineage)
        except BaseException:
            self._hold.let_go()
            raise
        view = job.view()
        thread = Thread(target=self._work, args=(job, lineage), name=f"job {job.id}", daemon=True)
        with self._lock:
            self._threads[job.id] = thread
        thread.start()
        return view

    def _open_job(self, order: Order, lineage: tuple[str, ...]) -> Job:
        view = JobView(
            f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}",
            title_of(order),
            order,
            JobState.QUEUED,
            created=now(),
            goes_on_with=lineage,
        )
        log = JobLog(view, self._toolbox.clock, self._hub.publish)
        job = Job(log, order, self._jobs.has_changed, self._jobs.title_of)
        self._jobs.add(job)
        return job

    def _work(self, job: Job, lineage: tuple[str, ...]) -> None:
        status: int | None = None
        try:
            job.begin()
            status = self._carry_out(job, lineage)
        except CancelledWaitingError:
            status = INTERRUPTED_STATUS
        except RigError as error:
            job.log.fail(str(error), error.code)
            status = 1
        finally:
            released = self._claims.release(job.id)
            self._gates.reopen()
            self._hold.let_go()
            job.settle(status)
            self._bury(job, released)

    def _carry_out(self, job: Job, lineage: tuple[str, ...]) -> int:
        order = job.order

        @contextmanager
        def changes(before: Mapping[str, str]) -> Iterator[None]:
            step = self._history.begin(job.view().title, before)
            try:
                yield
            finally:
                if self._history.settle(step):
                    self._hub.publish(ProjectChanged())

        def waits(obstacle: Obstacle | None) -> None:
            job.waits_for(obstacle)
            if obstacle is not None and job.is_urgent:
                self._hurry(obstacle)

        def say_released(paths: list[PathId]) -> None:
            self._say_released(job, paths)

        claimant = Claimant(job.id, job.is_urgent, lambda: job.control.is_ended, waits)
        neighbours = Neighbours(
            control=job.control,
            lock=lambda _project, _command: nullcontext(),
            claims=JobClaims(self._claims, claimant, say_released),
            admission=lambda pacer, scope: self._gates.admission(pacer, scope, job.control, urgent=job.is_urgent),
            open_lanes=self._warm.open if job.is_urgent else open_tween_lanes,
            command=command_of(job.id),
            recalls=Recall(self._memory, self._history, lineage, self._jobs.is_alive),
        )
        budget = Budget(max_cost_usd=order.max_cost_usd, assume_yes=True, purse=self._purse)
        toolbox = replace(self._toolbox, neighbours=neighbours)
        return carry_out(order, self._surroundings(changes), budget, job.hear, toolbox)

    def _bury(self, job: Job, released: list[PathId]) -> None:
        self._jobs.bury(job)
        self._say_released(job, released)
        self._hub.publish(ProjectChanged())
        with self._lock:
            self._threads.pop(job.id, None)

    def _cancel(self, job: Job, *, closing: bool = False) -> None:
        job.cancel(closing=closing)
        self._claims.wake()
        self._gates.reopen()

    def _begin_holding(self) -> None:
        self._history.settle_what_was_left()
        self._purse.look()

    def _surroundings(self, changes: Callable[[Mapping[str, str]], AbstractContextManager[None]]) -> Surroundings:
        return Surroundings(self._folders, self._settings.depth, changes)

    def _say_released(self, job: Job, paths: list[PathId]) -> None:
        for path in paths:
            if job.log.has_begun(path):
                self._hub.publish(SequenceChanged(path))

    def _hurry(self, obstacle: Obstacle) -> None:
        """Have a job begin with what an urgent one waits for."""
        for job in self._jobs.alive():
            if job.id == obstacle.holder:
                job.control.prefer(sorted(obstacle.wanted))

    @property
    def _settings_file(self) -> Path:
        return self._folders.state / "settings.json"


def _unrecorded(_before: Mapping[str, str]) -> AbstractContextManager[None]:
    """Nothing is changed by a plan."""
    return nullcontext()
