"""What the commands say that look after a project: money, takes, checks. Values, as in `core.events`."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from watercolor_rig.core.events import Event


@dataclass(frozen=True, slots=True)
class CostSummed(Event):
    """What some of the calls cost that the ledger knows of; the last one is the total.

    Attributes:
        by: What the calls have in common.
        label: The run's number, the sequence, the model or the outcome; empty for the total.
        began: When the run began, in UTC, ISO 8601; empty for everything else.
        command: What the run did; empty for everything else.
        calls: Calls made.
        answered: Those that brought a usable picture.
        cost_usd: What the service reported.
        perhaps_usd: What calls without a report may have cost, by the estimates made before them.
        unpriced: Calls that may have cost something of which there is neither report nor estimate.
    """

    name = "cost"
    by: Literal["run", "sequence", "model", "outcome", "total"]
    label: str
    began: str
    command: str
    calls: int
    answered: int
    cost_usd: Decimal
    perhaps_usd: Decimal
    unpriced: int


@dataclass(frozen=True, slots=True)
class TakeListed(Event):
    """One picture that a frame has or had.

    Attributes:
        take: Its number in the project.
        file: The frame's file, inside the project.
        made: When it came into the store, in UTC, ISO 8601.
        engine: What drew it; empty where that is not known.
        model: The image model; empty where there was none, or it is not known.
        cost_usd: What the service reported; null for a free picture, or where it is not known.
        in_place: Whether the file holds this picture now.
    """

    name = "take"
    take: int
    file: str
    made: str
    engine: str
    model: str
    cost_usd: Decimal | None
    in_place: bool


@dataclass(frozen=True, slots=True)
class TakesCounted(Event):
    """The end of a list of takes.

    Attributes:
        takes: How many were listed.
        files: Of how many frames.
    """

    name = "takes"
    takes: int
    files: int


@dataclass(frozen=True, slots=True)
class TakeRestored(Event):
    """A take that is in its place again.

    Attributes:
        take: Its number.
        file: The frame's file, inside the project.
        kept: Number of the take that the replaced picture is; null where there was none.
    """

    name = "restored"
    take: int
    file: str
    kept: int | None


@dataclass(frozen=True, slots=True)
class Checked(Event):
    """One finding of `watercolor-rig doctor`.

    Attributes:
        check: What was looked at, such as `ledger`.
        state: `fine`; `wrong`, and what to do stands in the message; or `repaired`, which was wrong before.
        message: In words.
        fixable: Whether `--fix` would repair what is wrong.
    """

    name = "check"
    check: str
    state: Literal["fine", "wrong", "repaired"]
    message: str
    fixable: bool


@dataclass(frozen=True, slots=True)
class CheckUpEnded(Event):
    """The last line of `watercolor-rig doctor`.

    Attributes:
        wrong: Findings that are wrong now.
        repaired: Findings that were repaired.
        fixable: Of the wrong ones, those that `--fix` repairs.
    """

    name = "checked"
    wrong: int
    repaired: int
    fixable: int


@dataclass(frozen=True, slots=True)
class StudioServing(Event):
    """`watercolor-rig studio` answers; said again when a link was used that works once.

    Attributes:
        address: Where.
        link: What to open: the address, with a token that works once where one is needed.
        token: What programs send as `Authorization: Bearer`; empty where none is needed.
        project: The folder.
    """

    name = "studio"
    address: str
    link: str
    token: str
    project: str


@dataclass(frozen=True, slots=True)
class GroupReported(Event):
    """A sequence, or the expressions of a pose, that stands in the report.

    Attributes:
        subject: The sequence, or the pose.
        frames: Pictures in it.
        conspicuous: Those of them that somebody should look at.
    """

    name = "group_reported"
    subject: str
    frames: int
    conspicuous: int


@dataclass(frozen=True, slots=True)
class Reported(Event):
    """The last line of `watercolor-rig report`.

    Attributes:
        sequences: In the report.
        frames: Pictures in it, those of expressions included.
        conspicuous: Those of them that somebody should look at.
        broken: Pictures, or whole sequences, that could not be shown.
    """

    name = "reported"
    sequences: int
    frames: int
    conspicuous: int
    broken: int


@dataclass(frozen=True, slots=True)
class FrameRepaired(Event):
    """A picture that a model may have redrawn was looked at, and put back where it had moved.

    Attributes:
        subject: The expression and pose, or the sequence.
        t: Position of an in-between; null for an expression.
        file: Its file.
        repaired: Whether another picture was written, or would be in a dry run.
        score: How good it is now, 0 to 1; null where nobody has judged.
        faults: What is still conspicuous, in words.
        shift_px: How far the figure had slid, in pixels; null where that could not be told.
        scale: Size of the figure relative to the one it should lie on; null as above.
        rotation_deg: How far it was turned, in degrees; null as above.
        changed_before: Share of the pixels that differed visibly from the picture it is held against.
        changed_after: The same now.
    """

    name = "repaired"
    subject: str
    t: float | None
    file: str
    repaired: bool
    score: float | None
    faults: tuple[str, ...]
    shift_px: float | None
    scale: float | None
    rotation_deg: float | None
    changed_before: float
    changed_after: float


@dataclass(frozen=True, slots=True)
class RepairEnded(Event):
    """The last event of a repair.

    Attributes:
        repaired: Pictures that were written, or would be in a dry run.
        still: Those that lay still already, or could not be put back and were left as they are.
        failed: Those that could not be read.
        dry_run: Nothing was written.
    """

    name = "repair_ended"
    repaired: int
    still: int
    failed: int
    dry_run: bool


@dataclass(frozen=True, slots=True)
class RigPlanned(Event):
    """What a run that makes a whole rig will do, before any of it is done.

    Attributes:
        endpoints: Expressions and turned heads to be made.
        lacking: Those that are missing and cannot be made, for want of an image model.
        tweens: In-between frames to be written, as far as the endpoints are there by then.
        sequences: Sequences that get a frame.
        calls: Pictures that an engine is asked for; where some cost money, only those.
        cost_usd: Estimate, or null where a price is not known.
        cost_at_most_usd: The same if every picture is asked for as often as it may be; null likewise.
        seconds: Estimate of the whole run.
        paid: Whether calls may cost money.
    """

    name = "rig_plan"
    endpoints: int
    lacking: int
    tweens: int
    sequences: int
    calls: int
    cost_usd: Decimal | None
    cost_at_most_usd: Decimal | None
    seconds: float
    paid: bool
