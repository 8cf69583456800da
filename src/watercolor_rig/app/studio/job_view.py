"""A job as it stands: what the studio shows, and what is kept of it between two runs of the studio."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from watercolor_rig.app.studio.orders import Order


class JobState(StrEnum):
    """Where a job stands; the last four are final."""

    QUEUED = "queued"
    """It waits for another job; `message` says for which."""
    RUNNING = "running"
    PAUSED = "paused"
    """Nothing new starts; calls under way are finished and kept."""
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    """Some frames are not there; `failures` says why."""
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """The studio was closed in the middle of it; starting it again goes on where it stopped."""

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class JobFailure:
    """A frame that could not be made.

    Attributes:
        subject: The sequence, or the expression at its pose.
        t: Position on the sequence; None for an expression, or where all of it failed.
        reason: What went wrong, and what to do.
        code: The error's code.
    """

    subject: str
    t: float | None
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class JobView:
    """A job now. Money is in US dollars, moments are ISO 8601 in UTC.

    Attributes:
        id: Unique in the project.
        title: What it does, in words.
        order: As asked for.
        state: Where it stands.
        engine: Who draws; "" before that is settled, and for an export.
        message: What it waits for, or what ended it, in words.
        total: Files to write: frames, or files of an export; 0 before that is planned.
        made: Files written.
        failed: Frames that failed.
        blocked: Frames that were not started: blocked by a failed one, or cut off by a stop.
        spent_usd: What the service reported.
        price_unknown: Whether some answer named no price.
        expected_usd: Estimate before the start, or None where it is not known.
        elapsed_s: Seconds since the start, or from start to end.
        left_s: Least seconds that the rest takes, by what calls have taken so far; None where that is not known.
        created: When it was asked for.
        ended: When it ended, or None.
        running: Frames under way, as `path_id/file`; expressions as their file.
        failures: One for each frame that failed, the newest last; at most 200.
        files: Of an export: names in the exports folder.
        goes_on_with: Ids of the jobs that it is another try of, the first one first.
        retried_as: Id of the job that went on with it, or None.
    """

    id: str
    title: str
    order: Order
    state: JobState
    engine: str = ""
    message: str | None = None
    total: int = 0
    made: int = 0
    failed: int = 0
    blocked: int = 0
    spent_usd: Decimal = Decimal(0)
    price_unknown: bool = False
    expected_usd: Decimal | None = None
    elapsed_s: float = 0.0
    left_s: float | None = None
    created: str = ""
    ended: str | None = None
    running: tuple[str, ...] = ()
    failures: tuple[JobFailure, ...] = ()
    files: tuple[str, ...] = ()
    goes_on_with: tuple[str, ...] = ()
    retried_as: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a job would do, before it does; the fields of the plan.

    Attributes:
        engine: Who would draw; "" for an export.
        reason: Why this one.
        paid: Whether calls may cost money.
        frames: Files to write.
        shared: Those of them that need no call.
        calls: Pictures that the engine would be asked for.
        sequences: Sequences that get a file.
        workers: Calls at once.
        cost_usd: What it would cost, or None where that is not known.
        cost_at_most_usd: The same if every picture had to be asked for again because it is no good.
        seconds: The least time that it would take.
        warnings: What the user should know before.
    """

    engine: str
    reason: str
    paid: bool
    frames: int
    shared: int
    calls: int
    sequences: int
    workers: int
    cost_usd: Decimal | None
    cost_at_most_usd: Decimal | None
    seconds: float
    warnings: tuple[str, ...] = ()
