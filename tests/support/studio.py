"""A workshop over a small project, and the ways to wait for what it does: by its events, never by time."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from threading import Condition
from typing import Any

from support.patience import PATIENCE_S
from support.project import Project
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.hub import EventHub, JobChanged, StudioEvent
from watercolor_rig.app.studio.job_view import JobState, JobView
from watercolor_rig.app.studio.orders import Order, RegenerateWork, SequencesWork, Work
from watercolor_rig.app.studio.workshop import Workshop


@dataclass
class Studio:
    """A workshop and what it said."""

    project: Project
    hub: EventHub = field(default_factory=EventHub)
    events: list[StudioEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._heard = Condition()
        self._seen = self.hub.last_id
        self.hub.subscribe(self._listen)
        self.workshop = Workshop(StudioFolders.of(self.project.root), self.project.toolbox, self.hub)

    def order(self, work: Work, **changes: Any) -> Order:
        """Return an order to the scripted engine."""
        options: Mapping[str, str] = changes.pop("options", {})
        script = {"script": changes.pop("script", "")}
        return replace(Order(work, engine="scripted", options={**script, **options}), **changes)

    def complete(self, *paths: str, depth: int = 2, overwrite: bool = False, **changes: Any) -> JobView:
        """Start a job over these sequences, or all."""
        work = SequencesWork(paths or None, depth, overwrite=overwrite)
        return self.workshop.start(self.order(work, **changes))

    def regenerate(self, path: str, *times: Fraction, **changes: Any) -> JobView:
        """Start a job over frames of a sequence; what `RegenerateWork` knows goes there."""
        keys = ("anchor_start_t", "anchor_end_t", "note", "trusted")
        work = RegenerateWork(path, times, **{key: changes.pop(key) for key in keys if key in changes})
        return self.workshop.start(self.order(work, **changes))

    def end_of(self, job: JobView) -> JobView:
        """Return a job when it has ended."""
        ended = self.workshop.wait(job.id, PATIENCE_S)
        assert ended.state.is_final, ended
        return ended

    def done(self, job: JobView) -> JobView:
        """Return a job that has ended well."""
        ended = self.end_of(job)
        assert ended.state is JobState.DONE, ended
        return ended

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Return when something holds; it is looked at after every event."""
        with self._heard:
            assert self._heard.wait_for(holds, PATIENCE_S), self.workshop.jobs()

    def wait_for_job(self, job: JobView, holds: Callable[[JobView], bool]) -> JobView:
        """Return a job as it is when something holds of it."""
        self.wait_for(lambda: holds(self.workshop.job(job.id)))
        return self.workshop.job(job.id)

    def views(self, job: JobView) -> list[JobView]:
        """Return how a job stood at its events."""
        return [event.job for event in self.events if isinstance(event, JobChanged) and event.job.id == job.id]

    def _listen(self) -> None:
        with self._heard:
            fresh, _ = self.hub.since(self._seen)
            self.events.extend(numbered.event for numbered in fresh)
            if fresh:
                self._seen = fresh[-1].id
            self._heard.notify_all()


@contextmanager
def opened(project: Project) -> Iterator[Studio]:
    """Open a workshop, and close it."""
    studio = Studio(project)
    try:
        yield studio
    finally:
        studio.workshop.close()


class Door:
    """A file that calls of the scripted engine wait for."""

    def __init__(self, folder: Path, name: str = "door") -> None:
        self.path = folder / name

    def open(self) -> None:
        """Let them through."""
        self.path.touch()
