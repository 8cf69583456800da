"""What a job's run says, as counts: from events to a view of the job."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import RLock
from typing import Any

from watercolor_rig.app.studio.hub import EndpointsChanged, FrameChanged, SequenceChanged, StudioEvent
from watercolor_rig.app.studio.job_view import JobFailure, JobState, JobView
from watercolor_rig.core import events as e
from watercolor_rig.core.clock import Clock
from watercolor_rig.core.times import from_json_number

_MOST_FAILURES = 200
_RECKON_EVERY_S = 1.0
"""So often at most the remaining time is reckoned anew, because it takes a look at every open frame."""


class JobLog:
    """The counts of one job. Written on the job's thread, read on any.

    Args:
        view: The job at its beginning.
        clock: Tells the time.
        publish: Hears what else is different: frames and sequences, not the job itself.
    """

    def __init__(self, view: JobView, clock: Clock, publish: Callable[[StudioEvent], None]) -> None:
        self._lock = RLock()
        self._view = view
        self._clock = clock
        self._publish = publish
        self._began_s = clock.now_s()
        self._running: dict[tuple[str, float | None], str] = {}
        self._begun: set[str] = set()
        self._paid = False
        self._left: tuple[float, float] | None = None

    def view(self, state: JobState) -> JobView:
        """Return the job as it stands, given the state of one that has not ended."""
        with self._lock:
            if self._view.state.is_final:
                return self._view
            elapsed_s = round(self._clock.now_s() - self._began_s, 3)
            left_s = self._left_s(state)
            return replace(
                self._view, state=state, running=tuple(self._running.values()), elapsed_s=elapsed_s, left_s=left_s
            )

    def end(self, state: JobState, ended: str, message: str | None = None) -> None:
        """Hear that the job has ended, when, and why, where that is not known yet."""
        with self._lock:
            view = replace(self.view(state), running=(), left_s=None, ended=ended)
            self._view = view if message is None else replace(view, message=message)

    def note(self, message: str | None) -> None:
        """Hear what the job waits for, in words, or that it waits no more."""
        with self._lock:
            self._view = replace(self._view, message=message)

    def has_begun(self, sequence: str) -> bool:
        """Return whether anything of a sequence was under way, made or failed."""
        with self._lock:
            return sequence in self._begun

    def fail(self, reason: str, code: str) -> None:
        """Hear that the whole job has failed."""
        with self._lock:
            failure = JobFailure("", None, reason, code)
            self._view = replace(self._view, message=reason, failures=(*self._view.failures, failure))

    def hear(self, event: e.Event) -> None:
        """Hear what the run says."""
        with self._lock:
            changed = self._count(event)
        for each in changed:
            self._publish(each)

    def _count(self, event: e.Event) -> list[StudioEvent]:
        """Count what is said of a frame; return what is different about it."""
        view = self._view
        match event:
            case e.FrameStarted():
                place = event.file if event.t is None else f"{event.subject}/{event.file}"
                self._running[event.subject, event.t] = place
                return self._changes(event.subject, event.t)
            case e.FrameMade():
                self._made(event)
                return self._changes(event.subject, event.t)
            case e.FrameRetried():
                self._running.pop((event.subject, event.t), None)
                self._spend(event.cost_usd)
                return self._changes(event.subject, event.t)
            case e.FrameFailed():
                self._fail_frame(event)
                return self._changes(event.subject, event.t)
            case e.FrameBlocked():
                self._running.pop((event.subject, event.t), None)
                self._view = replace(view, blocked=view.blocked + 1)
            case _:
                self._view = self._told(event)
        return []

    def _told(self, event: e.Event) -> JobView:
        """Return the view after what is said of the whole run."""
        view = self._view
        changes: dict[str, Any] = {}
        match event:
            case e.EngineChosen():
                changes = {"engine": event.engine}
            case e.WorkPlanned():
                self._paid = event.paid
                self._left = None if event.seconds is None else (self._clock.now_s(), event.seconds)
                changes = {"total": event.frames, "expected_usd": event.cost_usd}
            case e.WorkLeft():
                self._left = self._clock.now_s(), event.left_s
            case e.RunPaused():
                changes = {"message": f"{event.reason}; waiting {event.wait_s:.0f} s"}
            case e.RunStopping():
                changes = {"message": event.reason}
            case e.Warned() if view.message is None:
                changes = {"message": f"{event.subject}: {event.message}"}
            case e.FileWritten() if event.kind != "manifest":
                made = view.made + 1
                files = (*view.files, Path(event.file).name)
                changes = {"files": files, "made": made, "total": max(view.total, made)}
            case e.RunEnded() if event.cost_usd is not None:
                changes = {"spent_usd": event.cost_usd}
        return replace(view, **changes)

    def _made(self, event: e.FrameMade) -> None:
        view = self._view
        unknown = self._paid and event.cost_usd is None and not event.shared_from
        self._view = replace(view, made=view.made + 1, price_unknown=view.price_unknown or unknown)
        self._spend(event.cost_usd)
        self._running.pop((event.subject, event.t), None)

    def _fail_frame(self, event: e.FrameFailed) -> None:
        self._running.pop((event.subject, event.t), None)
        self._spend(event.cost_usd)
        failure = JobFailure(event.subject, event.t, event.reason, event.code)
        failures = (*self._view.failures, failure)[-_MOST_FAILURES:]
        self._view = replace(self._view, failed=self._view.failed + 1, failures=failures)

    def _left_s(self, state: JobState) -> float | None:
        """Return what is left of the time that was said last; while nothing starts, nothing gets less."""
        if self._left is None:
            return None
        said_s, left_s = self._left
        passed_s = 0.0 if state is JobState.PAUSED else self._clock.now_s() - said_s
        return round(max(0.0, left_s - passed_s), 1)

    def _spend(self, cost_usd: Decimal | None) -> None:
        self._view = replace(self._view, spent_usd=self._view.spent_usd + (cost_usd or 0))

    def _changes(self, subject: str, t: float | None) -> list[StudioEvent]:
        """Return what is different about a frame; its sequence too, when this is the first of it."""
        if t is None:
            return [EndpointsChanged()]
        changed: list[StudioEvent] = [FrameChanged(subject, from_json_number(t))]
        if subject not in self._begun:
            self._begun.add(subject)
            changed.append(SequenceChanged(subject))
        return changed
