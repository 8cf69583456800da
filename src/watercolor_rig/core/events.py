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
    """The first event: which engine works, and why.

    Attributes:
        engine: Its name.
        reason: Why this one, and what it works with.
    """

    name = "engine"
    engine: str
    reason: str


@dataclass(frozen=True, slots=True)
class EngineListed(Event):
    """One installed engine.

    Attributes:
        engine: Its name.
        state: Whether it can work now.
        makes: `tweens`, `expressions` or both; empty where it is broken.
        detail: What it is, and what keeps it from working.
    """

    name = "engine_listed"
    engine: str
    state: Literal["ready", "unavailable", "broken"]
    makes: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class PosesFound(Event):
    """The poses with at least one endpoint.

    Attributes:
        poses: Sorted.
    """

    name = "poses"
    poses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilesIgnored(Event):
    """Files in the endpoints folder that fit no known expression.

    Attributes:
        folder: As given by the flag.
        files: Names, sorted.
    """

    name = "ignored"
    folder: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SequenceSkipped(Event):
    """A sequence that cannot be made for lack of an endpoint.

    Attributes:
        path_id: The sequence.
        missing: File names that were looked for and not found.
    """

    name = "skipped"
    path_id: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Warned(Event):
    """Something that the user should know; nothing failed.

    Attributes:
        subject: What it is about: a file, a sequence, a pose, an engine.
        message: In words.
    """

    name = "warning"
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class FrameFound(Event):
    """A frame that exists and stays.

    Attributes:
        subject: The sequence, or the expression at its pose.
        t: Position on the sequence; null for an expression.
        file: Name inside the folder.
    """

    name = "exists"
    subject: str
    t: float | None
    file: str


@dataclass(frozen=True, slots=True)
class FrameBroken(Event):
    """A file that counts as absent.

    Attributes:
        subject: The sequence, or the expression at its pose.
        t: Position on the sequence; null for an expression.
        file: Name inside the folder.
        fault: What is wrong with it.
    """

    name = "broken"
    subject: str
    t: float | None
    file: str
    fault: str


@dataclass(frozen=True, slots=True)
class FrameStale(Event):
    """A frame that stays although a picture it was made from has changed.

    Attributes:
        subject: The sequence.
        t: Position on it.
        file: Name inside the folder.
    """

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
        calls: Pictures that an engine is asked for.
        sequences: Sequences that get a file; 0 for expressions.
        workers: Calls or processes at once when the run begins, which become more where a limit is learnt that allows
            it; the workers of a cluster; null for a cluster that was not asked, in a dry run.
        cost_usd: Estimate, or null where the price is not known.
        cost_at_most_usd: The same if every picture is asked for as often as it may be, because it is no good; null
            where the price is not known.
        seconds: Estimate of the whole run; null where `workers` is.
        paid: Whether calls may cost money.
    """

    name = "plan"
    kind: Literal["tween", "expression"]
    frames: int
    shared: int
    calls: int
    sequences: int
    workers: int | None
    cost_usd: Decimal | None
    seconds: float | None
    paid: bool
    cost_at_most_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SequencePlanned(Event):
    """One sequence of a dry run.

    Attributes:
        path_id: The sequence.
        draw: Positions to draw.
        share: Positions that get a copy of another sequence's frame.
        shared_with: That sequence; empty where nothing is shared.
        existing: Frames that are there and stay.
    """

    name = "sequence"
    path_id: str
    draw: tuple[float, ...]
    share: tuple[float, ...]
    shared_with: str
    existing: int


@dataclass(frozen=True, slots=True)
class FramePlanned(Event):
    """One frame of a verbose dry run.

    Attributes:
        subject: The sequence, or the expression at its pose.
        t: Position on the sequence; null for an expression.
        file: Name inside the folder.
        made_between: The pictures that go in.
        prompt: What an image model would be told; empty for an engine without one.
    """

    name = "frame"
    subject: str
    t: float | None
    file: str
    made_between: tuple[str, ...]
    prompt: str


@dataclass(frozen=True, slots=True)
class FrameStarted(Event):
    """A call for a frame that starts.

    Attributes:
        subject: The sequence, or the expression at its pose.
        t: Position on the sequence; null for an expression.
        file: Name inside the folder.
    """

    name = "started"
    subject: str
    t: float | None
    file: str


@dataclass(frozen=True, slots=True)
class FrameMade(Event):
    """A frame that was written.

    Attributes:
        subject: The sequence, or the expression at its pose.
        t: Position on the sequence; null for an expression.
        file: Name inside the folder.
        seconds: Length of the call; 0 for a copy.
        cost_usd: What the service reported; null for a copy, or where it named no price.
        shared_from: Where a copy comes from; empty for a frame that was drawn.
    """

    name = "made"
    subject: str
    t: float | None
    file: str
    seconds: float
    cost_usd: Decimal | None = None
    shared_from: str = ""


@dataclass(frozen=True, slots=True)
class WorkLeft(Event):
    """How long the run still takes: said after frames, at most once a second, after pauses and after a stop.

    Attributes:
        left_s: Seconds that what is open needs at least, if calls take as long as those of this run do on average;
            before the first is answered, as long as was expected.
    """

    name = "left"
    left_s: float


@dataclass(frozen=True, slots=True)
class FrameRetried(Event):
    """A failed try that will be repeated.

    Attributes:
        subject: The sequence, or the expression at its pose.
        t: Position on the sequence; null for an expression.
        reason: What went wrong.
        wait_s: Seconds until the next try, at least.
        cost_usd: What the try cost all the same, where the service said so; else null.
    """

    name = "retry"
    subject: str
    t: float | None
    reason: str
    wait_s: float
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RunPaused(Event):
    """The service asked to slow down.

    Attributes:
        reason: The service's words.
        wait_s: Seconds in which no call starts.
    """

    name = "paused"
    reason: str
    wait_s: float


@dataclass(frozen=True, slots=True)
class FrameFailed(Event):
    """A frame that will not be made in this run.

    Attributes:
        subject: The sequence, or the expression at its pose.
        t: Position on the sequence; null for an expression, or where the whole sequence cannot be made.
        reason: What went wrong, and what to do.
        code: The error's code.
        cost_usd: What its last call cost all the same, where the service said so; else null.
    """

    name = "failed"
    subject: str
    t: float | None
    reason: str
    code: str
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FrameBlocked(Event):
    """A frame that waits for one that failed or was not started.

    Attributes:
        subject: The sequence, or the expression at its pose.
        t: Position on the sequence; null for an expression.
        by: The frame that failed, or what ended the run.
    """

    name = "blocked"
    subject: str
    t: float | None
    by: str


@dataclass(frozen=True, slots=True)
class RunStopping(Event):
    """Nothing new starts; `running` calls are awaited.

    Attributes:
        reason: Why, and what to do.
        running: Calls under way, which are awaited and saved.
    """

    name = "stopping"
    reason: str
    running: int


@dataclass(frozen=True, slots=True)
class FileWritten(Event):
    """A manifest or another file of the result.

    Attributes:
        kind: What it is, such as `manifest`, `animation` or `contact sheet`.
        file: Its path.
    """

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
        seconds: Length of the run.
        cost_usd: What the service reported, 0 for a free engine; null where an answer named no price.
    """

    name = "ended"
    kind: Literal["tween", "expression"]
    success: int
    failed: int
    blocked: int
    seconds: float
    cost_usd: Decimal | None
