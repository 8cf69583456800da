"""What has changed, for everybody who looks on: numbered events in a bounded memory, and a call for each listener.

An event says what is different, and a later event of the same thing takes the place of the earlier one: who comes late
hears the newest of each, once. Numbers begin with the process's own mark, so that the number of an earlier process is
known to be of no use.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from threading import Lock

from watercolor_rig.app.studio.job_view import JobView

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A job began, moved on or ended; `job` is how it stood then."""

    job: JobView


@dataclass(frozen=True, slots=True)
class FrameChanged:
    """A frame got a new state (under way, failed) or a new picture."""

    path_id: str
    t: Fraction


@dataclass(frozen=True, slots=True)
class SequenceChanged:
    """A sequence's row is new or different, or the sequence is gone."""

    path_id: str


@dataclass(frozen=True, slots=True)
class EndpointsChanged:
    """The grid of endpoints is different."""


@dataclass(frozen=True, slots=True)
class ProjectChanged:
    """The configuration, the money or the history is different."""


@dataclass(frozen=True, slots=True)
class StageCommand:
    """What the character on stage is to do.

    Attributes:
        expression: Where it is to be.
        pose: At which pose.
        ms: How long the way takes; None for the frames' own pace.
        blinks: Whether it blinks by itself.
        wink: Whether it blinks now.
        by: Names the page that says so, which has done it already.
    """

    expression: str
    pose: str
    ms: float | None = None
    blinks: bool = True
    wink: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class StageToldTo:
    """The character on stage was told to do something."""

    command: StageCommand


StudioEvent = JobChanged | FrameChanged | SequenceChanged | EndpointsChanged | ProjectChanged | StageToldTo


@dataclass(frozen=True, slots=True)
class Numbered:
    """An event with its id."""

    id: str
    event: StudioEvent


class EventHub:
    """Hears events from any thread.

    Args:
        most: How many events are remembered; the oldest go first.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._lock = Lock()
        self._boot = secrets.token_hex(6)
        self._most = most
        self._last = 0
        self._forgotten = 0
        self._ring: OrderedDict[Hashable, tuple[int, StudioEvent]] = OrderedDict()
        self._listeners: dict[int, Callable[[], None]] = {}
        self._listener_count = 0

    @property
    def last_id(self) -> str:
        """The id of the newest event, or one before all events."""
        with self._lock:
            return self._id(self._last)

    def publish(self, event: StudioEvent) -> None:
        """Number and remember an event, then call every listener on this thread."""
        with self._lock:
            self._last += 1
            subject = _subject(event)
            self._ring.pop(subject, None)
            self._ring[subject] = (self._last, event)
            if len(self._ring) > self._most:
                _, (self._forgotten, _) = self._ring.popitem(last=False)
            listeners = list(self._listeners.values())
        for listener in listeners:
            listener()

    def since(self, last_id: str | None) -> tuple[list[Numbered], bool]:
        """Return what happened after the event of that id, oldest first, and whether some of it is lost.

        Args:
            last_id: The id of the last event that the listener has seen; None for one that begins now and has read
                the whole state itself, for whom nothing has happened.
        """
        with self._lock:
            if last_id is None:
                return [], False
            number = self._number(last_id)
            lost = number is None or number < self._forgotten
            seen = number if number is not None and not lost else self._last
            return [Numbered(self._id(n), event) for n, event in self._ring.values() if n > seen], lost

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every event, on the thread that published it; return what ends that.

        A listener only wakes whoever reads `since` (`loop.call_soon_threadsafe`): it returns at once and never raises.
        """
        with self._lock:
            self._listener_count += 1
            number = self._listener_count
            self._listeners[number] = listener

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.pop(number, None)

        return unsubscribe

    @property
    def listeners(self) -> int:
        """How many listen now."""
        with self._lock:
            return len(self._listeners)

    def _id(self, number: int) -> str:
        return f"{self._boot}-{number}"

    def _number(self, event_id: str) -> int | None:
        """Return the number in an id of this process, or None for any other text."""
        boot, _, number = event_id.rpartition("-")
        with suppress(ValueError):
            if boot == self._boot and 0 <= int(number) <= self._last:
                return int(number)
        return None


def _subject(event: StudioEvent) -> Hashable:
    """Return what an event is about: a later one about the same takes its place."""
    match event:
        case JobChanged(job):
            return ("job", job.id)
        case FrameChanged(path_id, t):
            return ("frame", path_id, t)
        case SequenceChanged(path_id):
            return ("sequence", path_id)
        case _:
            return type(event).__name__
