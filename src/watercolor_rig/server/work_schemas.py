"""What the versioned API says and hears of jobs: orders, prices, and how they stand."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from watercolor_rig.server.schemas import Model, Position, Tween


class SequencesWork(Model):
    """Make what is missing of sequences."""

    kind: Literal["sequences"]
    paths: list[str] | None = None
    """Path ids; null for all."""
    depth: Annotated[int, Field(ge=1, le=7)] | None = None
    """Null for the project's."""
    overwrite: bool = False
    refresh: bool = True
    """Make stale frames again as well."""


class ExpressionsWork(Model):
    """Make missing endpoints from the neutral portrait with an image model."""

    kind: Literal["expressions"]
    expressions: list[str] | None = None
    pose: str = "center"
    overwrite: bool = False


class RegenerateWork(Model):
    """Make frames of one sequence anew, the old ones staying as takes.

    One time with anchors is made between these. Several are made in dependency order, siblings in parallel, each
    between its nearest neighbours that stay or are made before it; trusted frames stay.
    """

    kind: Literal["regenerate"]
    path_id: str
    times: Annotated[list[Tween], Field(min_length=1)]
    anchor_start_t: Position | None = None
    anchor_end_t: Position | None = None
    note: Annotated[str, Field(max_length=2000)] = ""


class ExportWork(Model):
    """Write something to look at or take along."""

    kind: Literal["export"]
    paths: list[str] | None = None
    format: Literal["webp", "contact-sheet", "zip"]
    fps: Annotated[float, Field(gt=0, le=60)] = 12


class FormatWork(Model):
    """Write sequences in a format for the programs that play them; several files become one ZIP."""

    kind: Literal["format"]
    format: str
    """One of `/api/v1/formats`."""
    paths: list[str] | None = None
    fps: Annotated[float, Field(ge=1, le=60)] = 12
    scale: Annotated[float, Field(ge=0.01, le=4)] = 1
    background: Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$")] | None = None
    """Null to stay see-through."""
    settings: Annotated[dict[str, str], Field(default_factory=dict)]
    """Of the format; the rest have their defaults."""


AnyWork = SequencesWork | ExpressionsWork | RegenerateWork | ExportWork | FormatWork


class WorkOrder(Model):
    """A job that is asked for, or only its price."""

    work: Annotated[AnyWork, Field(discriminator="kind")]
    engine: str = "auto"
    model: str | None = None
    quality: str | None = None
    max_workers: Annotated[int, Field(ge=1, le=256)] | None = None
    max_cost_usd: Annotated[float, Field(ge=0)] | None = None


class Estimate(Model):
    """What a job would do, before it does."""

    engine: str
    reason: str
    paid: bool
    frames: int
    shared: int
    calls: int
    sequences: int
    workers: int
    cost_usd: float | None
    cost_at_most_usd: float | None
    """If every picture had to be asked for again, because it is no good."""
    seconds: float
    warnings: list[str]


class JobState(StrEnum):
    """Where a job stands; the last four are final."""

    QUEUED = "queued"
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


class JobFailure(Model):
    """A frame that could not be made."""

    subject: str
    t: Position | None
    reason: str
    code: str


class Job(Model):
    """A job as it stands now."""

    id: str
    title: str
    order: WorkOrder
    state: JobState
    engine: str
    message: str | None
    """What it waits for, or what ended it, in words."""
    total: int
    made: int
    failed: int
    blocked: int
    spent_usd: float
    price_unknown: bool
    expected_usd: float | None
    elapsed_s: float
    left_s: float | None
    created: str
    ended: str | None
    running: list[str]
    """Frames under way, as `path_id/file`."""
    failures: list[JobFailure]
    files: list[str]
    """Of an export: names to download from `/api/v1/exports/{name}`."""
    retried_as: str | None
    """Id of the job that went on with it."""


class Export(Model):
    """A file that was exported."""

    name: str
    bytes: int
    made: str


class FormatSetting(Model):
    """One choice that a format leaves: one of several words, a whole number, or any text."""

    name: str
    default: str
    words: list[str] | None
    least: int | None
    most: int | None
    meaning: str


class ExportFormat(Model):
    """An installed format for exports."""

    name: str
    summary: str
    fault: str
    """What keeps it from working; empty where nothing does."""
    settings: list[FormatSetting]
