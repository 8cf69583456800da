"""The use case behind `generate_head_poses.py`: turn the head of every expression to every pose of the config.

Each is an edit of the same expression at the source pose, so it can be told to keep all but the head's orientation.
What comes back cannot be laid onto its source: size, alpha and colour are set right, nothing is put back.
"""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from watercolor_rig.app.budget import Budget
from watercolor_rig.app.driving import save_index
from watercolor_rig.app.endpoint_run import Commission, EndpointRun
from watercolor_rig.app.engine_choice import choose_expression_engine
from watercolor_rig.app.expressions import endpoints_claim, plan_endpoints
from watercolor_rig.app.pace import Speed, plan_pace
from watercolor_rig.app.quality_tries import QualityOptions, QualityTries
from watercolor_rig.app.rigs import load_rig, matching
from watercolor_rig.app.session import Session
from watercolor_rig.app.tally import Emit, Tally
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import PictureError, UsageError
from watercolor_rig.core.events import EngineChosen, FrameBlocked, FrameBroken, FrameFound, FramePlanned, Warned
from watercolor_rig.core.ids import endpoint_file
from watercolor_rig.core.rig import PoseId, Rig
from watercolor_rig.core.sequences import Rest
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.imaging.picture import Size
from watercolor_rig.store.durable import read_file
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, project_of


@dataclass(frozen=True, slots=True)
class HeadOptions:
    """What the user asked for; the fields are the flags of `generate_head_poses.py`."""

    config: Path
    endpoints_dir: Path
    source_pose: str | None = None
    max_workers: int | None = None
    images_per_minute: float | None = None
    overwrite: bool = False
    only: str | None = None
    engine: str = "auto"
    settings: EngineSettings = field(default_factory=EngineSettings)
    budget: Budget = field(default_factory=Budget)
    dry_run: bool = False
    verbose: bool = False
    quality: QualityOptions = field(default_factory=QualityOptions)


@dataclass(frozen=True, slots=True)
class HeadWork:
    """What there is to do.

    Attributes:
        commissions: The heads to be turned.
        lacking: Heads that cannot be, with the name of the source that is missing or broken.
        size: (width, height) of the first source, pixels; None where there is nothing to do.
    """

    commissions: Mapping[Rest, Commission]
    lacking: Mapping[Rest, str]
    size: Size | None


def make_heads(options: HeadOptions, emit: Emit, toolbox: Toolbox) -> int:
    """Make what is missing of the heads; return the exit status (0 all there, 1 some failed, 130 interrupted).

    Raises:
        RigError: before anything is made, where the input cannot be used or matches nothing; or a StoreError later.
    """
    chosen = choose_expression_engine(options.engine, options.settings, toolbox.environment, dry_run=options.dry_run)
    rig = load_rig(options.config)
    source = source_pose_of(rig, options.source_pose)
    wanted = _wanted(options, rig, source)
    emit(EngineChosen(chosen.name, chosen.reason))
    if chosen.unavailable:
        emit(Warned(chosen.name, chosen.unavailable))
    project = project_of(options.endpoints_dir)
    others = toolbox.neighbours
    toolbox = replace(toolbox, neighbours=replace(others, command=others.command or "heads"))
    with nullcontext() if options.dry_run else others.lock(project, "heads"):
        return _complete(options, rig, source, wanted, Session(project, chosen, emit, toolbox))


def source_pose_of(rig: Rig, asked: str | None) -> PoseId:
    """Return the pose that heads are turned from: the one asked for, or the first of the config.

    Raises:
        UsageError: if the config lists no poses, or not this one.
    """
    if not rig.poses:
        raise UsageError(
            'the config lists no poses to turn heads to; give it some, such as "poses": ["center", "left"]'
        )
    if asked is None:
        return rig.poses[0]
    if asked not in rig.poses:
        raise UsageError(f"--source-pose {asked!r} is not among the poses of the config ({', '.join(rig.poses)})")
    return PoseId(asked)


def heads_of(rig: Rig, source: PoseId) -> list[Rest]:
    """Return every head that is turned from a pose: pose after pose, in the order of the config."""
    return [(expression, pose) for pose in rig.poses if pose != source for expression in rig.expressions]


def look_at_heads(  # noqa: PLR0913 - what one look goes by
    folder: Path,
    source: PoseId,
    wanted: Iterable[Rest],
    index: PictureIndex,
    emit: Emit,
    *,
    coming: Mapping[Rest, Size],
    overwrite: bool,
) -> HeadWork:
    """Say what exists or is broken; return what has to be made.

    Args:
        folder: Where the endpoints lie.
        source: The pose that heads are turned from.
        wanted: The heads.
        index: What is known of the files.
        emit: Hears what is there.
        coming: Sources that are not there yet but will be, with their size in pixels.
        overwrite: Make those again that exist.
    """
    heads = list(wanted)
    found = index.inspect(folder, {endpoint_file(e, pose) for e, own in heads for pose in (own, source)})
    commissions: dict[Rest, Commission] = {}
    lacking: dict[Rest, str] = {}
    first: Size | None = None
    for expression, pose in heads:
        origin = endpoint_file(expression, source)
        size = coming.get((expression, source)) or _size_of(found.get(origin))
        commission = Commission(expression, pose, partial(read_file, folder / origin), turned_from=source)
        facts = found.get(commission.file)
        if isinstance(facts, PictureError):
            emit(FrameBroken(commission.subject, None, commission.file, str(facts)))
        if isinstance(facts, PictureFacts) and not overwrite:  # of any size: a pose may be drawn on a canvas of its own
            emit(FrameFound(commission.subject, None, commission.file))
        elif size is None:
            lacking[commission.rest] = origin
        else:
            commissions[commission.rest] = commission
            first = first or size
    return HeadWork(commissions, lacking, first)


def _complete(options: HeadOptions, rig: Rig, source: PoseId, wanted: list[Rest], session: Session) -> int:
    emit, chosen = session.emit, session.chosen
    if not options.dry_run:
        session.toolbox.neighbours.claims.claim(sorted({endpoints_claim(pose) for _, pose in wanted}))
    index = PictureIndex(session.project)
    work = look_at_heads(options.endpoints_dir, source, wanted, index, emit, coming={}, overwrite=options.overwrite)
    quote = chosen.plugin.quote(chosen.settings, work.size or (1, 1), 1)
    speed = Speed(options.max_workers, options.images_per_minute)
    pace = plan_pace(chosen, speed, quote.latency_s, session.toolbox)
    planned = plan_endpoints(work.commissions, quote, pace, chosen, options.quality)
    emit(planned)
    pace.say(emit)
    if options.dry_run:
        say_planned_endpoints(work, rig, emit, verbose=options.verbose)
        return 0
    tally = Tally("expression", emit, session.toolbox.clock, paid=chosen.plugin.traits.paid)
    journal = session.open_journal(planned, quote.cost_usd, options.budget, reuse=not options.overwrite)
    run = EndpointRun(
        options.endpoints_dir, work.commissions, rig, QualityTries(options.quality), index, session, journal, tally
    )
    try:
        block_lacking(work, tally)
        interrupted = bool(work.commissions) and run.draw(pace)
    finally:
        journal.close()
        save_index(index, emit)
    return tally.end(interrupted=interrupted)


def say_planned_endpoints(work: HeadWork, rig: Rig, emit: Emit, *, verbose: bool, portrait: str = "") -> None:
    """Say what a run would make from what, with the prompts where more is wanted, and what it could not.

    Args:
        work: What there is to do.
        rig: Words for the prompts.
        emit: Hears it.
        verbose: Whether to say each endpoint.
        portrait: What the portrait is called, where some are edits of it.
    """
    for (expression, pose), origin in work.lacking.items():
        emit(Warned(endpoint_file(expression, pose), f"cannot be made: {origin} is not there; make or draw it first"))
    for each in work.commissions.values() if verbose else ():
        sources = tuple(endpoint_file(*rest) for rest in each.needs) or (portrait,)
        emit(FramePlanned(each.subject, None, each.file, sources, each.prompt(rig)))


def block_lacking(work: HeadWork, tally: Tally) -> None:
    """Count the heads whose source is missing or broken as not started."""
    for (expression, pose), origin in work.lacking.items():
        subject = endpoint_file(expression, pose).removesuffix(".png")
        tally.blocked(FrameBlocked(subject, None, f"{origin}, which is not there; make or draw it first"))


def _wanted(options: HeadOptions, rig: Rig, source: PoseId) -> list[Rest]:
    heads = {endpoint_file(*rest).removesuffix(".png"): rest for rest in heads_of(rig, source)}
    if not heads:
        raise UsageError(
            f"the config lists no pose but {source!r}, so there is none to turn heads to; add some to 'poses'"
        )
    return [heads[name] for name in matching(heads, options.only, "head")]


def _size_of(facts: PictureFacts | PictureError | None) -> Size | None:
    return facts.size if isinstance(facts, PictureFacts) else None
