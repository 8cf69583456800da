"""What happens during a run, as values: the command line prints them, `--json` writes them, a server will stream them.

The field names are the keys of the JSON lines; each class's `name` is the value of the key `event`.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Event:
    """Root of the events."""

    name: ClassVar[str] = "event"


@dataclass(frozen=True, slots=True)
class EngineChosen(Event):
    """The first event: which engine works, and why."""

    name = "engine"
    engine: str
    reason: str


@dataclass(frozen=True, slots=True)
class EngineListed(Event):
    """One installed engine."""

    name = "engine_listed"
    engine: str
    state: Literal["ready", "unavailable", "broken"]
    makes: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class PosesFound(Event):
    """The poses with at least one endpoint."""

    name = "poses"
    poses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilesIgnored(Event):
    """Files in the endpoints folder that fit no known expression."""

    name = "ignored"
    folder: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SequenceSkipped(Event):
    """A sequence that cannot be made for lack of an endpoint."""

    name = "skipped"
    path_id: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Warned(Event):
    """Something that the user should know; nothing failed."""

    name = "warning"
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class FrameFound(Event):
    """A frame that exists and stays."""

    name = "exists"
    subject: str
    t: float | None
    file: str


@dataclass(frozen=True, slots=True)
class FrameBroken(Event):
    """A file that counts as absent."""

    name = "broken"
    subject: str
    t: float | None
    file: str
    fault: str


@dataclass(frozen=True, slots=True)
class FrameStale(Event):
    """A frame that stays although a picture it was made from has changed."""

    name = "stale"
    subject: str
    t: float
    file: str


@dataclass(frozen=True, slots=True)
class WorkPlanned(Event):
    """What the run will do.

    Attributes:
        kind: Tweens or expressions.
        frames: Files to write.
        shared: Those of them that need no call.
        sequences: Sequences that get a file; 0 for expressions.
        workers: Parallel calls or processes.
        cost_usd: Estimate, or None where the price is not known.
        seconds: Estimate of the whole run.
        paid: Whether calls may cost money.
    """

    name = "plan"
    kind: Literal["tween", "expression"]
    frames: int
    shared: int
    calls: int
    sequences: int
    workers: int
    cost_usd: Decimal | None
    seconds: float
    paid: bool


@dataclass(frozen=True, slots=True)
class SequencePlanned(Event):
    """One sequence of a dry run."""

    name = "sequence"
    path_id: str
    draw: tuple[float, ...]
    share: tuple[float, ...]
    shared_with: str
    existing: int


@dataclass(frozen=True, slots=True)
class FramePlanned(Event):
    """One frame of a verbose dry run; `prompt` is empty for an engine without one."""

    name = "frame"
    subject: str
    t: float | None
    file: str
    made_between: tuple[str, ...]
    prompt: str


@dataclass(frozen=True, slots=True)
class FrameMade(Event):
    """A frame that was written."""

    name = "made"
    subject: str
    t: float | None
    file: str
    seconds: float
    cost_usd: Decimal | None = None
    shared_from: str = ""


@dataclass(frozen=True, slots=True)
class FrameRetried(Event):
    """A failed try that will be repeated; `cost_usd` is what it cost all the same, where the service said so."""

    name = "retry"
    subject: str
    t: float | None
    reason: str
    wait_s: float
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RunPaused(Event):
    """The service asked to slow down."""

    name = "paused"
    reason: str
    wait_s: float


@dataclass(frozen=True, slots=True)
class FrameFailed(Event):
    """A frame that will not be made in this run; `cost_usd` is what its last call cost all the same."""

    name = "failed"
    subject: str
    t: float | None
    reason: str
    code: str
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FrameBlocked(Event):
    """A frame that waits for one that failed or was not started."""

    name = "blocked"
    subject: str
    t: float | None
    by: str


@dataclass(frozen=True, slots=True)
class RunStopping(Event):
    """Nothing new starts; `running` calls are awaited."""

    name = "stopping"
    reason: str
    running: int


@dataclass(frozen=True, slots=True)
class FileWritten(Event):
    """A manifest or another file of the result."""

    name = "wrote"
    kind: str
    file: str


@dataclass(frozen=True, slots=True)
class RunEnded(Event):
    """The last event.

    Attributes:
        kind: Tweens or expressions.
        success: Files written.
        failed: Frames that failed.
        blocked: Frames that were not started: blocked by a failed one, or cut off by a stop.
        cost_usd: What the service reported, 0 for a free engine; None where an answer named no price.
    """

    name = "ended"
    kind: Literal["tween", "expression"]
    success: int
    failed: int
    blocked: int
    seconds: float
    cost_usd: Decimal | None
