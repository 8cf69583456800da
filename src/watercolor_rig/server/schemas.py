"""What the versioned API says and hears; the types of the user interface are generated from these models.

Times are numbers between 0 and 1, money is a number in US dollars, or null where nobody knows, moments are ISO 8601 in
UTC. A picture is named by its digest (SHA-256 of the file's bytes, in hexadecimal), so that its URL never changes what
it shows: `/api/v1/pictures/{digest}.png`, `/api/v1/thumbnails/{width}/{digest}.webp`, `/api/v1/previews/{digest}.webp`.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Root of the models: unknown keys are refused, so that a misspelt option is never silently left out."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, ser_json_inf_nan="null")


Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Position = Annotated[float, Field(ge=0, le=1)]
Tween = Annotated[float, Field(gt=0, lt=1)]


class Problem(Model):
    """What every error answer says, beside its HTTP status."""

    code: str
    detail: str
    problems: list[str]


# The project


class Expression(Model):
    """One expression: its id and a value for each axis."""

    id: str
    axes: dict[str, str]


class BasePath(Model):
    """One edge of the graph of expressions: a sequence at every pose."""

    id: str
    start: str
    end: str


class Money(Model):
    """What the project has cost, by its ledger."""

    spent_usd: float
    perhaps_usd: float
    unpriced_calls: int
    budget_usd: float | None


class Project(Model):
    """The project as its config says it; `open` is false where there is none yet."""

    open: bool
    name: str
    folder: str
    config_file: str
    config_version: str
    character: str
    style: str
    axes: dict[str, list[str]]
    poses: list[str]
    expressions: list[Expression]
    base_paths: list[BasePath]
    neutral: str | None
    problems: list[str]
    warnings: list[str]
    money: Money
    writable_by: str | None
    """Null, or which other program writes the project now."""


class BasePathsEdit(Model):
    """New base paths for the config; `config_version` is that of the project that was edited."""

    base_paths: list[BasePath]
    config_version: str


class BudgetEdit(Model):
    """The most that the project's jobs may spend in all; null for no limit."""

    budget_usd: Annotated[float, Field(ge=0)] | None


class EngineInfo(Model):
    """An installed engine, and what one frame of this project costs with it."""

    name: str
    state: Literal["ready", "unavailable", "broken"]
    makes: list[str]
    summary: str
    detail: str
    paid: bool
    default: bool
    takes_prompt: bool
    cost_usd: float | None
    seconds: float


# Endpoints


class EndpointCell(Model):
    """One place of the grid of expressions and poses."""

    expression: str
    pose: str
    file: str
    state: Literal["present", "missing", "broken", "running"]
    digest: Digest | None
    width: int | None
    height: int | None
    fault: str | None


class Endpoints(Model):
    """The whole grid; `ignored` are files that fit no known expression."""

    poses: list[str]
    expressions: list[str]
    cells: list[EndpointCell]
    ignored: list[str]


# Sequences


class SequenceState(StrEnum):
    """Where a sequence stands; of several that fit, the first in this order."""

    RUNNING = "running"
    BROKEN = "broken"
    BLOCKED = "blocked"
    """It can't be made: an endpoint is missing or unusable; `reason` says which."""
    MISSING = "missing"
    """Frames of the project's depth are not there yet."""
    STALE = "stale"
    FLAGGED = "flagged"
    COMPLETE = "complete"
    UNCHECKED = "unchecked"
    """Not looked at yet; an event brings its state."""


class SequenceRow(Model):
    """A sequence in the list."""

    path_id: str
    base_path: str
    expr_start: str
    expr_end: str
    pose: str
    """Of a pose path, the one that it starts from."""
    end_pose: str | None
    """The pose that it ends with, where the head turns."""
    state: SequenceState
    frames: int
    """Tweens that are there and can be used, stale ones too; the two endpoints are not counted."""
    wanted: int
    """Tweens that should be there: those of the usual depth, and what the manifest lists beyond."""
    stale: int
    flagged: int
    reason: str | None
    """Why it is blocked or broken."""
    start_digest: Digest | None
    end_digest: Digest | None


class FrameState(StrEnum):
    """Where a frame stands."""

    KEY = "key"
    """One of the two endpoints."""
    MADE = "made"
    STALE = "stale"
    """A picture that it was made from has changed since."""
    MISSING = "missing"
    BROKEN = "broken"
    RUNNING = "running"


class MadeFrom(Model):
    """One of the pictures that a frame was made from, as it was then."""

    t: Position
    digest: Digest


class Scores(Model):
    """What can be measured of a frame without knowing the truth; each from 0 to 1 except `drift_px`."""

    step: float
    """Mean difference to the frame before, in what can be seen (premultiplied); a smooth sequence has even steps."""
    progress: float
    """Distance to the start over the sum of the distances to both ends; should follow t."""
    changed: float
    """Share of the pixels that differ from the start."""
    stray: float
    """Share of the pixels that differ visibly from both ends where nothing may move between them; should be 0."""
    drift_px: float | None
    """How far what should stand still has slid, in pixels; null where it can't be told."""
    faults: list[str]
    """What is conspicuous, in words; empty for a frame that looks well."""


class Frame(Model):
    """One frame of a sequence."""

    t: Position
    file: str
    state: FrameState
    digest: Digest | None
    bytes: int | None
    engine: str | None
    model: str | None
    method: str | None
    prompt: str | None
    cost_usd: float | None
    seconds: float | None
    made: str | None
    made_from: list[MadeFrom]
    shared_from: str | None
    fault: str | None
    flagged: bool
    trusted: bool
    """An anchor: a range that is regenerated leaves it as it is and is made from it."""
    takes: int
    judged: float | None
    """How good the picture of an image model was when it came, 0 to 1; null where nobody has judged."""
    judged_faults: list[str]
    instead_of: str | None
    """The engine whose answers were not good enough, so that another one drew this frame."""


class Sequence(Model):
    """A sequence with its frames, sorted by t."""

    row: SequenceRow
    width: int | None
    height: int | None
    folder: str
    frames: list[Frame]


class FrameScores(Model):
    """The scores of one frame."""

    t: Position
    digest: Digest
    scores: Scores


class MarksEdit(Model):
    """What the user thinks of a frame; what is left out stays."""

    flagged: bool | None = None
    trusted: bool | None = None


# Takes


class Take(Model):
    """One picture that a frame has had."""

    take: int
    digest: Digest
    made: str
    engine: str
    model: str
    cost_usd: float | None
    in_place: bool


class History(Model):
    """What undo and redo would do next, in words; null where there is nothing."""

    undo: str | None
    redo: str | None
