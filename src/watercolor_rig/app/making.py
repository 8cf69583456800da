"""The use case behind `watercolor-rig make`: a portrait in, the whole rig out.

Two steps under one plan, one price, one budget and one lock. First the endpoints: expressions from the portrait and
heads turned from these, as one graph, in which a head waits for its expression only. Then the in-betweens of all
sequences, as one graph too. They are two because the plan of a sequence needs its endpoints: their sizes, and the
digests that say what is stale.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from watercolor_rig.app.budget import Budget
from watercolor_rig.app.driving import save_index
from watercolor_rig.app.endpoint_run import Commission, EndpointRun, Portrait
from watercolor_rig.app.engine_choice import AUTO, ChosenEngine, choose_expression_engine, choose_tween_engine
from watercolor_rig.app.expressions import (
    ExpressionOptions,
    endpoints_claim,
    look_at_expressions,
    plan_endpoints,
    read_portrait,
)
from watercolor_rig.app.heads import HeadWork, block_lacking, heads_of, look_at_heads, say_planned_endpoints
from watercolor_rig.app.one_purse import OnePurse
from watercolor_rig.app.pace import Pace, Speed, plan_pace
from watercolor_rig.app.quality_tries import QualityOptions, QualityTries
from watercolor_rig.app.rigs import load_rig
from watercolor_rig.app.sequences import SequenceOptions, foresee_sequences, make_sequences
from watercolor_rig.app.session import Session, agree
from watercolor_rig.app.tally import INTERRUPTED_STATUS, Emit, Tally
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.easing import LINEAR
from watercolor_rig.core.errors import EngineUnavailableError, NothingMatchedError, UsageError
from watercolor_rig.core.events import EngineChosen, FrameBlocked, Warned, WorkPlanned
from watercolor_rig.core.ids import endpoint_file, fault_of_id
from watercolor_rig.core.project_events import RigPlanned
from watercolor_rig.core.rig import NEUTRAL, PoseId, Rig
from watercolor_rig.core.sequences import Rest
from watercolor_rig.engines.api import EngineSettings, Quote
from watercolor_rig.imaging.picture import Size
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, project_of


@dataclass(frozen=True, slots=True)
class MakeOptions:
    """What the user asked for; the fields are the flags of `watercolor-rig make`.

    `engine` makes the endpoints, `tween_engine` the in-betweens.
    """

    config: Path
    portrait: Path | None
    endpoints_dir: Path
    sequences_dir: Path
    times: tuple[Fraction, ...]
    pose: str | None = None
    max_workers: int | None = None
    images_per_minute: float | None = None
    engine: str = AUTO
    tween_engine: str = AUTO
    settings: EngineSettings = field(default_factory=EngineSettings)
    easing: str = LINEAR
    budget: Budget = field(default_factory=Budget)
    dry_run: bool = False
    verbose: bool = False
    quality: QualityOptions = field(default_factory=QualityOptions)


@dataclass(frozen=True, slots=True)
class _Endpoints:
    """What is to be done for the endpoints, and who does it; nobody where no image model can be asked."""

    portrait: Portrait
    pose: PoseId
    base_image: Path
    neutral_comes: bool
    work: HeadWork
    chosen: ChosenEngine | None
    quote: Quote
    pace: Pace
    planned: WorkPlanned


def make_rig(options: MakeOptions, emit: Emit, toolbox: Toolbox) -> int:
    """Make what is missing of a rig; return the exit status (0 all there, 1 some is not, 130 interrupted).

    Raises:
        RigError: before anything is made, where the input cannot be used; or a StoreError later.
    """
    rig = load_rig(options.config)
    project = project_of(options.sequences_dir)
    if project_of(options.endpoints_dir) != project:
        raise UsageError("--endpoints-dir and --sequences-dir lie in two projects; put both into one folder")
    tweens_by = choose_tween_engine(
        options.tween_engine, options.settings, toolbox.environment, dry_run=options.dry_run
    )
    with nullcontext() if options.dry_run else toolbox.neighbours.lock(project, "make"):
        index = PictureIndex(project)
        endpoints = _plan_endpoints(options, rig, tweens_by, index, emit, toolbox)
        ahead = foresee_sequences(_sequence_options(options), rig, tweens_by, _coming(endpoints), toolbox)
        whole = _whole(endpoints, ahead)
        if options.dry_run:
            emit(endpoints.planned)
            base_image = str(endpoints.base_image)
            say_planned_endpoints(endpoints.work, rig, emit, verbose=options.verbose, portrait=base_image)
            emit(EngineChosen(tweens_by.name, tweens_by.reason))
            emit(ahead)
            emit(whole)
            return 0
        emit(whole)
        purse = OnePurse(options.budget)
        if whole.paid:
            purse.check(whole.cost_usd)
            agree(toolbox.ask, options.budget, whole.calls, whole.cost_usd, whole.cost_at_most_usd)
        inner = replace(toolbox, ask=None, neighbours=replace(toolbox.neighbours, lock=_held, command="make"))
        options = replace(options, budget=Budget(purse=purse))
        status = _make_endpoints(options, rig, endpoints, Session(project, tweens_by, emit, inner), index)
        if status == INTERRUPTED_STATUS or not (rig.base_paths or rig.pose_paths):
            return status
        return max(status, _make_sequences(options, emit, inner))


def _held(_project: Path, _what: str) -> AbstractContextManager[None]:
    """Return a context that holds what this run holds already."""
    return nullcontext()


def _plan_endpoints(
    options: MakeOptions, rig: Rig, tweens_by: ChosenEngine, index: PictureIndex, emit: Emit, toolbox: Toolbox
) -> _Endpoints:
    pose = _source_pose(rig, options.pose)
    base_image = options.portrait or options.endpoints_dir / endpoint_file(NEUTRAL, pose)
    if options.portrait is None and not base_image.is_file():
        raise UsageError(f"PORTRAIT: name the neutral portrait, or put it at {str(base_image)!r}")
    given = ExpressionOptions(options.config, base_image, pose, options.endpoints_dir)
    portrait = read_portrait(given, "PORTRAIT")
    wanted = [name for name in rig.expressions if name != NEUTRAL]
    missing = look_at_expressions(given, wanted, portrait, index, emit)
    size = portrait.facts.size
    coming: dict[Rest, Size] = {(name, pose): size for name in missing}
    known = index.inspect(options.endpoints_dir, [endpoint_file(NEUTRAL, pose)])
    neutral_comes = not any(isinstance(facts, PictureFacts) for facts in known.values())
    if neutral_comes:
        coming[NEUTRAL, pose] = size
    heads = look_at_heads(options.endpoints_dir, pose, heads_of(rig, pose), index, emit, coming=coming, overwrite=False)
    expressions = {(name, pose): Commission(name, pose, lambda: portrait.png) for name in missing}
    work = replace(heads, commissions=expressions | dict(heads.commissions))
    chosen = _choose(options, work, emit, toolbox)
    maker = chosen or tweens_by
    quote = maker.plugin.quote(maker.settings, size, 1)
    pace = plan_pace(maker, Speed(options.max_workers, options.images_per_minute), quote.latency_s, toolbox)
    planned = plan_endpoints(work.commissions if chosen else {}, quote, pace, maker, options.quality)
    return _Endpoints(portrait, pose, base_image, neutral_comes, work, chosen, quote, pace, planned)


def _source_pose(rig: Rig, asked: str | None) -> PoseId:
    if asked is None:
        return rig.poses[0] if rig.poses else PoseId("center")
    if fault := fault_of_id(asked):
        raise UsageError(f"--pose {asked!r} {fault}")
    if rig.poses and asked not in rig.poses:
        raise UsageError(f"--pose {asked!r} is not among the poses of the config ({', '.join(rig.poses)})")
    return PoseId(asked)


def _choose(options: MakeOptions, work: HeadWork, emit: Emit, toolbox: Toolbox) -> ChosenEngine | None:
    """Return who makes the endpoints; nobody where there is none to make, or `auto` finds no key."""
    if not work.commissions:
        return None
    try:
        chosen = choose_expression_engine(
            options.engine, options.settings, toolbox.environment, dry_run=options.dry_run
        )
    except EngineUnavailableError as error:
        if options.engine != AUTO:
            raise
        emit(Warned("expressions", f"{error}; going on with the drawings that are there"))
        return None
    emit(EngineChosen(chosen.name, chosen.reason))
    if chosen.unavailable:
        emit(Warned(chosen.name, chosen.unavailable))
    return chosen


def _coming(endpoints: _Endpoints) -> dict[str, Size]:
    """Return the files that the endpoints' step leaves, beside those that are there, with their size."""
    made = [each.file for each in endpoints.work.commissions.values()] if endpoints.chosen else []
    neutral = [endpoint_file(NEUTRAL, endpoints.pose)] if endpoints.neutral_comes else []
    return dict.fromkeys([*neutral, *made], endpoints.portrait.facts.size)


def _whole(endpoints: _Endpoints, ahead: WorkPlanned) -> RigPlanned:
    parts = [part for part in (endpoints.planned, ahead) if part.calls]
    paid = [part for part in parts if part.paid]
    return RigPlanned(
        endpoints=endpoints.planned.frames,
        lacking=0 if endpoints.chosen else len(endpoints.work.commissions),
        tweens=ahead.frames,
        sequences=ahead.sequences,
        calls=sum(part.calls for part in paid or parts),
        cost_usd=_sum([part.cost_usd for part in paid]),
        cost_at_most_usd=_sum([part.cost_at_most_usd for part in paid]),
        seconds=round(sum(part.seconds or 0.0 for part in parts), 1),
        paid=bool(paid),
    )


def _sum(prices: list[Decimal | None]) -> Decimal | None:
    known = [price for price in prices if price is not None]
    return sum(known, Decimal(0)) if len(known) == len(prices) else None


def _make_endpoints(
    options: MakeOptions, rig: Rig, endpoints: _Endpoints, session: Session, index: PictureIndex
) -> int:
    """Make the endpoints; without an image model only the portrait becomes neutral."""
    emit, work, chosen = session.emit, endpoints.work, endpoints.chosen
    maker = replace(session, chosen=chosen or session.chosen)
    commissions: Mapping[Rest, Commission] = work.commissions if chosen else {}
    session.toolbox.neighbours.claims.claim(sorted({endpoints_claim(pose) for _, pose in work.commissions}))
    if commissions:
        emit(endpoints.planned)
        endpoints.pace.say(emit)
    tally = Tally("expression", emit, session.toolbox.clock, paid=maker.chosen.plugin.traits.paid)
    journal = maker.open_journal(endpoints.planned, endpoints.quote.cost_usd, options.budget, reuse=True)
    tries = QualityTries[Rest](options.quality)
    run = EndpointRun(options.endpoints_dir, commissions, rig, tries, index, maker, journal, tally)
    try:
        run.settle_neutral(endpoints.portrait, endpoints.pose, str(endpoints.base_image), overwrite=False)
        block_lacking(work, tally)
        for each in () if chosen else work.commissions.values():
            tally.blocked(FrameBlocked(each.subject, None, "the missing image model; set its key, or draw it"))
        interrupted = bool(commissions) and run.draw(endpoints.pace)
    finally:
        journal.close()
        save_index(index, emit)
    return tally.end(interrupted=interrupted)


def _make_sequences(options: MakeOptions, emit: Emit, toolbox: Toolbox) -> int:
    try:
        return make_sequences(_sequence_options(options), emit, toolbox)
    except NothingMatchedError as error:
        emit(Warned("sequences", str(error)))
        return 1


def _sequence_options(options: MakeOptions) -> SequenceOptions:
    return SequenceOptions(
        config=options.config,
        endpoints_dir=options.endpoints_dir,
        sequences_dir=options.sequences_dir,
        times=options.times,
        max_workers=options.max_workers,
        images_per_minute=options.images_per_minute,
        engine=options.tween_engine,
        settings=options.settings,
        easing=options.easing,
        budget=options.budget,
        verbose=options.verbose,
        quality=options.quality,
        which="all",
    )
