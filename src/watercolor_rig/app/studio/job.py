"""One job while it lives: what it is told, what it says, and where it stands."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, RLock

from watercolor_rig.app.studio.claim_book import Obstacle
from watercolor_rig.app.studio.job_log import JobLog
from watercolor_rig.app.studio.job_view import JobState, JobView
from watercolor_rig.app.studio.orders import Order, RegenerateWork
from watercolor_rig.core import events as e
from watercolor_rig.runner.control import Control

_DEFECT = "a defect of the program ended it; the studio's console says more. Please report it; trying again goes on"


class Job:
    """Safe from every thread.

    Args:
        log: Its counts.
        order: What to do.
        changed: Hears that it stands differently; the argument says whether that shall be kept at once.
        title_of: Returns what another job does, in words, for messages.
    """

    def __init__(
        self, log: JobLog, order: Order, changed: Callable[["Job", bool], None], title_of: Callable[[str], str]
    ) -> None:
        self.log = log
        self.order = order
        self.control = Control()
        self.ended = Event()
        self.id = log.view(JobState.QUEUED).id
        self._changed = changed
        self._title_of = title_of
        self._lock = RLock()
        self._waits = True
        self._is_closed = False

    @property
    def is_urgent(self) -> bool:
        """Whether the user waits for it: a frame made anew."""
        return isinstance(self.order.work, RegenerateWork)

    def view(self) -> JobView:
        """Return the job as it stands."""
        return self.log.view(self._state())

    def hear(self, event: e.Event) -> None:
        """Hear what its run says."""
        self.log.hear(event)
        if not isinstance(event, _QUIET):
            self._changed(self, False)

    def begin(self) -> None:
        """Hear that its thread has begun."""
        self._waits = False
        self._changed(self, True)

    def waits_for(self, obstacle: Obstacle | None) -> None:
        """Hear which sequence it waits for, and which job has that; None: it goes on."""
        self._waits = obstacle is not None
        if obstacle is None:
            self.log.note(None)
        else:
            self.log.note(f"waits for {obstacle.path!r}, which {self._title_of(obstacle.holder)!r} works on")
        self._changed(self, True)

    def pause(self) -> None:
        """Let nothing new start."""
        self.control.hold()
        self._changed(self, True)

    def resume(self) -> None:
        """Go on."""
        self.control.go_on()
        self._changed(self, True)

    def cancel(self, *, closing: bool = False) -> None:
        """Let nothing new start any more; `closing`, because the studio is closed."""
        self._is_closed = self._is_closed or closing
        self.control.end()
        self._changed(self, True)

    def settle(self, status: int | None) -> None:
        """End with the exit status of the use case, or with None where it raised no error of ours."""
        if status == 0:
            self.log.end(JobState.DONE, now())
        elif status is None:
            self.log.end(JobState.FAILED, now(), _DEFECT)
        elif self.control.is_ended and status != 1:
            state = JobState.INTERRUPTED if self._is_closed else JobState.CANCELLED
            self.log.end(state, now(), _CLOSED if self._is_closed else None)
        else:
            self.log.end(JobState.FAILED, now())
        self.ended.set()
        self._changed(self, True)

    def _state(self) -> JobState:
        if self.control.is_ended:
            return JobState.CANCELLING
        if self.control.is_held:
            return JobState.PAUSED
        return JobState.QUEUED if self._waits else JobState.RUNNING


_CLOSED = "the studio was closed in the middle of it; try again to go on where it stopped"
_QUIET = e.FrameFound | e.FrameStale | e.FrameBroken | e.PosesFound | e.SequenceSkipped | e.FilesIgnored


def now() -> str:
    """Return the present moment in UTC, ISO 8601 to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
