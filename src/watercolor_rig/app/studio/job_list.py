"""The jobs of a studio: those that live, those that have ended, and the file that keeps both."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, RLock

from watercolor_rig.app.studio.hub import EventHub, JobChanged
from watercolor_rig.app.studio.job import Job
from watercolor_rig.app.studio.job_file import MOST, read_jobs, write_jobs
from watercolor_rig.app.studio.job_view import JobView
from watercolor_rig.core.clock import Clock
from watercolor_rig.core.errors import NothingMatchedError, StoreError, UsageError

_SAVE_EVERY_S = 1.0
"""Progress is kept that often at most; a beginning and an end always."""


class JobList:
    """Safe from every thread.

    Args:
        file: Where the list is kept.
        clock: Tells the time.
        hub: Hears of every change.
    """

    def __init__(self, file: Path, clock: Clock, hub: EventHub) -> None:
        self._file = file
        self._clock = clock
        self._hub = hub
        self._lock = RLock()
        self._saving = RLock()
        self._saved_s = float("-inf")
        self._ended: dict[str, JobView] = {view.id: view for view in read_jobs(file)}
        self._alive: dict[str, Job] = {}
        self._is_closed = False

    def add(self, job: Job) -> None:
        """Take in a job that begins.

        Raises:
            UsageError: if the list is closed.
        """
        with self._lock:
            if self._is_closed:
                raise UsageError("the studio is being closed; open it again, then start the job")
            self._alive[job.id] = job
        self.has_changed(job, at_once=True)

    def bury(self, job: Job) -> None:
        """Keep what is to be known of a job that has ended."""
        with self._lock:
            del self._alive[job.id]
            self._ended[job.id] = job.view()
            for old in list(self._ended)[:-MOST]:
                del self._ended[old]
        self.save()

    def close(self) -> list[Job]:
        """Take in no more jobs; return those that live."""
        with self._lock:
            self._is_closed = True
            return list(self._alive.values())

    def alive(self) -> list[Job]:
        """Return the jobs that live."""
        with self._lock:
            return list(self._alive.values())

    def is_alive(self, job_id: str) -> bool:
        """Return whether a job lives."""
        with self._lock:
            return job_id in self._alive

    def find(self, job_id: str) -> Job | JobView:
        """Return a job that lives, or the last view of one that has ended.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        with self._lock:
            found = self._alive.get(job_id) or self._ended.get(job_id)
        if found is None:
            raise NothingMatchedError(f"there is no job {job_id!r}; only the newest {MOST} are kept")
        return found

    def view(self, job_id: str) -> JobView:
        """Return a job as it stands.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        job = self.find(job_id)
        return job.view() if isinstance(job, Job) else job

    def views(self) -> list[JobView]:
        """Return all jobs, oldest first."""
        with self._lock:
            ended, alive = list(self._ended.values()), list(self._alive.values())
        views = {view.id: view for view in [*ended, *(job.view() for job in alive)]}
        return sorted(views.values(), key=lambda view: view.created)

    def end_of(self, job_id: str) -> Event | None:
        """Return what is set when a job ends, or None where it has ended.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        job = self.find(job_id)
        return job.ended if isinstance(job, Job) else None

    def title_of(self, name: str) -> str:
        """Return what a job does, in words; whoever claims beside the jobs changes takes."""
        with self._lock:
            job = self._alive.get(name)
        return job.view().title if job else "a change of takes"

    def note_retry(self, job_id: str, retried_as: str) -> None:
        """Write down which job goes on with one that has ended."""
        with self._lock:
            if job_id not in self._ended:
                return
            view = self._ended[job_id] = replace(self._ended[job_id], retried_as=retried_as)
        self._hub.publish(JobChanged(view))
        self.save()

    def has_changed(self, job: Job, at_once: bool) -> None:  # noqa: FBT001 - a callback
        """Tell everybody how a job stands, and keep it: at once, or with the next that is kept."""
        self._hub.publish(JobChanged(job.view()))
        if at_once or self._clock.now_s() - self._saved_s >= _SAVE_EVERY_S:
            self.save()

    def save(self) -> None:
        """Keep the list; a disk that refuses costs the list and no work, and the next change tries again."""
        with self._saving, suppress(StoreError):
            self._saved_s = self._clock.now_s()
            write_jobs(self._file, self.views())
