"""What a job is asked to do, as values."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from watercolor_rig.app.engine_choice import AUTO

ExportFormat = Literal["webp", "contact-sheet", "zip"]


@dataclass(frozen=True, slots=True)
class SequencesWork:
    """Make what is missing of sequences.

    Attributes:
        paths: Path ids, or None for all.
        depth: Rounds of halving, or None for the project's.
        overwrite: Make existing tweens again.
        refresh: Make stale tweens again.
    """

    kind: ClassVar[Literal["sequences"]] = "sequences"
    paths: tuple[str, ...] | None = None
    depth: int | None = None
    overwrite: bool = False
    refresh: bool = True


@dataclass(frozen=True, slots=True)
class ExpressionsWork:
    """Make missing endpoints from the pose's neutral portrait with an image model.

    Attributes:
        expressions: Ids, or None for all of the config.
        pose: The pose; its neutral is the portrait.
        overwrite: Make existing ones again; neutral itself always stays.
    """

    kind: ClassVar[Literal["expressions"]] = "expressions"
    expressions: tuple[str, ...] | None = None
    pose: str = "center"
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class RegenerateWork:
    """Make frames of one sequence anew; the old ones stay as takes.

    Attributes:
        path_id: The sequence.
        times: Positions of frames that it has, each strictly between 0 and 1.
        anchor_start_t: The frame to start from, or None for the nearest one that stays.
        anchor_end_t: The frame to end at, or None likewise.
        note: Added to the prompt of an image model.
        trusted: Positions among `times` that stay as they are and are made from.
    """

    kind: ClassVar[Literal["regenerate"]] = "regenerate"
    path_id: str
    times: tuple[Fraction, ...]
    anchor_start_t: Fraction | None = None
    anchor_end_t: Fraction | None = None
    note: str = ""
    trusted: frozenset[Fraction] = frozenset()


@dataclass(frozen=True, slots=True)
class ExportWork:
    """Write something to look at or take along.

    Attributes:
        paths: Path ids, or None for all.
        format: A looping WebP for each sequence, contact sheets of all, or one ZIP of their folders.
        fps: Frames a second of the animations.
    """

    kind: ClassVar[Literal["export"]] = "export"
    paths: tuple[str, ...] | None = None
    format: ExportFormat = "webp"
    fps: float = 12.0


@dataclass(frozen=True, slots=True)
class FormatWork:
    """Write sequences in a format for the programs that play them, as `watercolor-rig export` does.

    Attributes:
        format: Name of an installed format.
        paths: Path ids, or None for all.
        fps: Frames a second.
        scale: Factor to both sides of every picture.
        background: Colour behind everything, such as `#ffffff`, or None to stay see-through.
        settings: Of the format; the rest have their defaults.
    """

    kind: ClassVar[Literal["format"]] = "format"
    format: str
    paths: tuple[str, ...] | None = None
    fps: float = 12.0
    scale: float = 1.0
    background: str | None = None
    settings: dict[str, str] = field(default_factory=dict)


Work = SequencesWork | ExpressionsWork | RegenerateWork | ExportWork | FormatWork


@dataclass(frozen=True, slots=True)
class Order:
    """A job that is asked for, or only its price.

    Attributes:
        work: What to do.
        engine: Name of an engine, or `auto`.
        model: Image model, or None for the engine's default.
        quality: Its quality, or None likewise.
        max_workers: Calls at once, or None for as many as are of use.
        max_cost_usd: The job stops before a call that could pass this; None for no limit of its own.
        options: Further settings of one engine.
    """

    work: Work
    engine: str = AUTO
    model: str | None = None
    quality: str | None = None
    max_workers: int | None = None
    max_cost_usd: Decimal | None = None
    options: dict[str, str] = field(default_factory=dict)
