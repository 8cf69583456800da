"""What the studio shows of a project, as plain values; times are exact, moments ISO 8601 in UTC, money US dollars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True)
class ExpressionView:
    """One expression and its value for each axis."""

    id: str
    axes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BasePathView:
    """One edge of the graph of expressions."""

    id: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class MoneyView:
    """What the project has cost, by its ledger; `budget_usd` None for no limit."""

    spent_usd: float = 0.0
    perhaps_usd: float = 0.0
    unpriced_calls: int = 0
    budget_usd: float | None = None


@dataclass(frozen=True, slots=True)
class ProjectView:
    """The project as its config says it.

    Attributes:
        open: Whether there is a config.
        name: Of its folder.
        folder: Where it lies.
        config_file: The config's name in it.
        config_version: Names the content of the config; "" where there is none.
        character: Who is drawn, in words.
        style: How, in words.
        axes: Axis to its values.
        poses: Of the config, and those that only endpoints have.
        expressions: In the order of the config.
        base_paths: In the order of the config.
        neutral: Id of the neutral expression, None where the config has none.
        problems: What keeps the config from being used.
        warnings: What the user should know.
        money: What was spent.
        writable_by: Which other program writes the project now, or None.
    """

    open: bool
    name: str
    folder: str
    config_file: str
    config_version: str = ""
    character: str = ""
    style: str = ""
    axes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    poses: Sequence[str] = ()
    expressions: Sequence[ExpressionView] = ()
    base_paths: Sequence[BasePathView] = ()
    neutral: str | None = None
    problems: Sequence[str] = ()
    warnings: Sequence[str] = ()
    money: MoneyView = MoneyView()
    writable_by: str | None = None


@dataclass(frozen=True, slots=True)
class EngineView:
    """An installed engine.

    Attributes:
        name: What it is chosen by.
        state: Whether it can work now.
        makes: `tweens`, `expressions` or both.
        summary: One line.
        detail: What it would work with, or what keeps it from working.
        paid: Whether a call may cost money.
        default: Whether `auto` takes it for tweens.
        takes_prompt: Whether words reach it.
        cost_usd: Of one frame of this project; None where that is not known.
        seconds: That one frame takes, about.
    """

    name: str
    state: Literal["ready", "unavailable", "broken"]
    makes: Sequence[str]
    summary: str
    detail: str
    paid: bool
    default: bool
    takes_prompt: bool
    cost_usd: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class CellView:
    """One place of the grid; `fault` says what is wrong with a broken picture, or why one is not there."""

    expression: str
    pose: str
    file: str
    state: Literal["present", "missing", "broken", "running"]
    digest: str | None = None
    width: int | None = None
    height: int | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class EndpointsView:
    """The grid, rows by expression and columns by pose; `ignored` are files that fit no known expression."""

    poses: Sequence[str]
    expressions: Sequence[str]
    cells: Sequence[CellView]
    ignored: Sequence[str]


class RowState(StrEnum):
    """Where a sequence stands; of several that fit, the first in this order."""

    RUNNING = "running"
    BROKEN = "broken"
    BLOCKED = "blocked"
    MISSING = "missing"
    STALE = "stale"
    FLAGGED = "flagged"
    COMPLETE = "complete"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class RowView:
    """A sequence in the list.

    Attributes:
        path_id: Its id, and its folder's name.
        base_path: The edge that it shows.
        expr_start: Where it starts.
        expr_end: Where it ends.
        pose: At which pose; of a pose path, the one that it starts from.
        state: Where it stands.
        frames: Tweens that are there and can be used, stale ones too.
        wanted: Tweens that should be there: those of the project's depth, and what the manifest lists beyond.
        stale: Tweens made from pictures that have changed since.
        flagged: Frames that the user has flagged.
        reason: Why it is blocked or broken.
        start_digest: The picture that it starts with.
        end_digest: The picture that it ends with.
        end_pose: The pose that it ends with, None where the pose stays.
    """

    path_id: str
    base_path: str
    expr_start: str
    expr_end: str
    pose: str
    state: RowState = RowState.UNCHECKED
    frames: int = 0
    wanted: int = 0
    stale: int = 0
    flagged: int = 0
    reason: str | None = None
    start_digest: str | None = None
    end_digest: str | None = None
    end_pose: str | None = None


class FrameState(StrEnum):
    """Where a frame stands."""

    KEY = "key"
    MADE = "made"
    STALE = "stale"
    MISSING = "missing"
    BROKEN = "broken"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class SourceView:
    """A picture that a frame was made from, as it was then."""

    t: Fraction
    digest: str


@dataclass(frozen=True, slots=True)
class FrameView:
    """One frame of a sequence; what is not known of it is None."""

    t: Fraction
    file: str
    state: FrameState
    digest: str | None = None
    bytes: int | None = None
    engine: str | None = None
    model: str | None = None
    method: str | None = None
    prompt: str | None = None
    cost_usd: float | None = None
    seconds: float | None = None
    made: str | None = None
    made_from: Sequence[SourceView] = ()
    shared_from: str | None = None
    fault: str | None = None
    flagged: bool = False
    trusted: bool = False
    takes: int = 0
    judged: float | None = None
    judged_faults: Sequence[str] = ()
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class SequenceView:
    """A sequence with its frames, sorted by t; `folder` is inside the project."""

    row: RowView
    width: int | None
    height: int | None
    folder: str
    frames: Sequence[FrameView]


@dataclass(frozen=True, slots=True)
class TakeView:
    """One picture that a frame has had."""

    take: int
    digest: str
    made: str
    engine: str
    model: str
    cost_usd: float | None
    in_place: bool


@dataclass(frozen=True, slots=True)
class SettingView:
    """One choice that a format leaves.

    Attributes:
        name: Of the setting.
        default: The value without a word of the user.
        words: The words that can be given, or None.
        least: The smallest whole number that can be given, or None.
        most: The largest one. Where there are neither words nor numbers, any text can be given.
        meaning: In words.
    """

    name: str
    default: str
    words: Sequence[str] | None
    least: int | None
    most: int | None
    meaning: str


@dataclass(frozen=True, slots=True)
class FormatView:
    """An installed format for exports.

    Attributes:
        name: What it is chosen by.
        summary: One line.
        fault: What keeps it from working; "" where nothing does.
        settings: The choices that it leaves.
    """

    name: str
    summary: str
    fault: str
    settings: Sequence[SettingView]


@dataclass(frozen=True, slots=True)
class ExportView:
    """A file that was exported."""

    name: str
    bytes: int
    made: str
