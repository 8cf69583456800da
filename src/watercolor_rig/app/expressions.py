"""The use case behind `generate_extreme_expressions.py`: edit one portrait into every expression at one pose."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from watercolor_rig.app.budget import Budget
from watercolor_rig.app.driving import save_index
from watercolor_rig.app.endpoint_run import Commission, EndpointRun, Portrait
from watercolor_rig.app.engine_choice import ChosenEngine, choose_expression_engine
from watercolor_rig.app.pace import Pace, Speed, plan_pace
from watercolor_rig.app.quality_tries import QualityOptions, QualityTries
from watercolor_rig.app.rigs import load_rig, matching
from watercolor_rig.app.session import Session
from watercolor_rig.app.tally import Emit, Tally
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import NothingMatchedError, PictureError, UsageError
from watercolor_rig.core.events import EngineChosen, FrameBroken, FrameFound, FramePlanned, Warned, WorkPlanned
from watercolor_rig.core.ids import PathId, endpoint_file, fault_of_id
from watercolor_rig.core.rig import NEUTRAL, ExpressionId, PoseId, Rig
from watercolor_rig.core.sequences import Rest
from watercolor_rig.engines.api import EngineSettings, Quote
from watercolor_rig.imaging.picture import as_png, read_size
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, facts_of, project_of


@dataclass(frozen=True, slots=True)
class ExpressionOptions:
    """What the user asked for; the fields are the flags of `generate_extreme_expressions.py`.

    `names` has no flag: ids of expressions, to make these alone.
    """

    config: Path
    base_image: Path
    pose: PoseId
    outdir: Path
    max_workers: int | None = None
    images_per_minute: float | None = None
    include_neutral: bool = False
    overwrite: bool = False
    only: str | None = None
    names: frozenset[str] | None = None
    engine: str = "auto"
    settings: EngineSettings = field(default_factory=EngineSettings)
    budget: Budget = field(default_factory=Budget)
    dry_run: bool = False
    verbose: bool = False
    quality: QualityOptions = field(default_factory=QualityOptions)


def make_expressions(options: ExpressionOptions, emit: Emit, toolbox: Toolbox) -> int:
    """Make what is missing of the expressions; return the exit status (0 all there, 1 some failed, 130 interrupted).

    Raises:
        RigError: before anything is made, where the input cannot be used or matches nothing; or a StoreError later.
    """
    chosen = choose_expression_engine(options.engine, options.settings, toolbox.environment, dry_run=options.dry_run)
    rig = load_rig(options.config)
    if fault := fault_of_id(options.pose):
        raise UsageError(f"--pose {options.pose!r} {fault}")
    portrait = read_portrait(options)
    wanted = _wanted_expressions(options, rig)
    emit(EngineChosen(chosen.name, chosen.reason))
    if chosen.unavailable:
        emit(Warned(chosen.name, chosen.unavailable))
    if rig.poses and options.pose not in rig.poses:
        emit(Warned(options.pose, f"is not among the poses of the config ({', '.join(rig.poses)})"))
    project = project_of(options.outdir)
    with nullcontext() if options.dry_run else toolbox.neighbours.lock(project, "expressions"):
        return _complete(options, rig, portrait, wanted, Session(project, chosen, emit, toolbox))


def endpoints_claim(pose: PoseId) -> PathId:
    """Return what a run over the expressions at a pose claims, as if it were a sequence; no sequence has such an id."""
    return PathId(f"endpoints at {pose}")


def _complete(
    options: ExpressionOptions,
    rig: Rig,
    portrait: Portrait,
    wanted: list[ExpressionId],
    session: Session,
) -> int:
    emit, chosen = session.emit, session.chosen
    if not options.dry_run:
        session.toolbox.neighbours.claims.claim([endpoints_claim(options.pose)])
    index = PictureIndex(session.project)
    missing = look_at_expressions(options, wanted, portrait, index, emit)
    quote = chosen.plugin.quote(chosen.settings, portrait.facts.size, 1)
    speed = Speed(options.max_workers, options.images_per_minute)
    pace = plan_pace(chosen, speed, quote.latency_s, session.toolbox)
    commissions = {(name, options.pose): Commission(name, options.pose, lambda: portrait.png) for name in missing}
    planned = plan_endpoints(commissions, quote, pace, chosen, options.quality)
    emit(planned)
    pace.say(emit)
    if options.dry_run:
        for each in commissions.values() if options.verbose else ():
            emit(FramePlanned(each.subject, None, each.file, (str(options.base_image),), each.prompt(rig)))
        return 0
    journal = session.open_journal(planned, quote.cost_usd, options.budget, reuse=not options.overwrite)
    tally = Tally("expression", emit, session.toolbox.clock, paid=chosen.plugin.traits.paid)
    run = EndpointRun(options.outdir, commissions, rig, QualityTries(options.quality), index, session, journal, tally)
    try:
        if not options.include_neutral:
            run.settle_neutral(portrait, options.pose, str(options.base_image), overwrite=options.overwrite)
        interrupted = bool(missing) and run.draw(pace)
    finally:
        journal.close()
        save_index(index, emit)
    return tally.end(interrupted=interrupted)


def read_portrait(options: ExpressionOptions, flag: str = "--base-image") -> Portrait:
    """Return the portrait as a PNG.

    Args:
        options: Of the run.
        flag: How the user has named it.

    Raises:
        UsageError: if it cannot be used.
    """
    path = options.base_image
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{flag}: cannot read {str(path)!r}: {error.strerror or error}") from error
    try:
        png = as_png(data, str(path))
    except PictureError as error:
        raise UsageError(f"{flag}: {error}") from error
    neutral = options.outdir / endpoint_file(NEUTRAL, options.pose)
    if options.include_neutral and neutral.exists() and neutral.samefile(path):
        raise UsageError(
            f"--include-neutral would replace the base image itself ({str(path)!r}); keep the portrait elsewhere",
        )
    return Portrait(png, facts_of(png, read_size(png, str(path))))


def _wanted_expressions(options: ExpressionOptions, rig: Rig) -> list[ExpressionId]:
    names = list(rig.expressions)
    if options.include_neutral and NEUTRAL not in names:
        names.insert(0, NEUTRAL)
    if not options.include_neutral:
        names = [name for name in names if name != NEUTRAL]
    if options.names is not None:
        if unknown := sorted(options.names - set(names)):
            raise NothingMatchedError(f"no expression {unknown[0]!r} to make; the config has: {', '.join(names)}")
        return [name for name in names if name in options.names]
    return [ExpressionId(name) for name in matching(names, options.only, "expression")]


def look_at_expressions(
    options: ExpressionOptions,
    wanted: list[ExpressionId],
    portrait: Portrait,
    index: PictureIndex,
    emit: Emit,
) -> list[ExpressionId]:
    """Say what exists, is broken or odd; return what has to be made.

    Args:
        options: Of the run.
        wanted: The expressions.
        portrait: What they are edits of.
        index: What is known of the files.
        emit: Hears what is there.
    """
    files = {name: endpoint_file(name, options.pose) for name in [*wanted, NEUTRAL]}
    found = index.inspect(options.outdir, files.values())
    missing = []
    for name in wanted:
        file, facts = files[name], found.get(files[name])
        subject = file.removesuffix(".png")
        fault = _fault(facts, portrait)
        if fault:
            emit(FrameBroken(subject, None, file, fault))
        if options.overwrite or fault or facts is None:
            missing.append(name)
        else:
            emit(FrameFound(subject, None, file))
    neutral = found.get(files[NEUTRAL])
    is_other = isinstance(neutral, PictureFacts) and neutral.sha256 != portrait.facts.sha256
    if is_other and not options.include_neutral and not options.overwrite:
        emit(Warned(files[NEUTRAL], "is another picture than the base image and stays; --overwrite replaces it"))
    return missing


def _fault(facts: PictureFacts | PictureError | None, portrait: Portrait) -> str:
    if isinstance(facts, PictureError):
        return str(facts)
    if facts and facts.size != portrait.facts.size:
        (width, height), (right_width, right_height) = facts.size, portrait.facts.size
        return f"is {width}x{height}, the base image is {right_width}x{right_height}"
    return ""


def plan_endpoints(
    commissions: Mapping[Rest, Commission], quote: Quote, pace: Pace, chosen: ChosenEngine, quality: QualityOptions
) -> WorkPlanned:
    """Return the endpoints to be made in numbers."""
    calls = len(commissions)
    cost_usd = Decimal(0) if calls == 0 else None if quote.cost_usd is None else quote.cost_usd * calls
    return WorkPlanned(
        kind="expression",
        frames=calls,
        shared=0,
        calls=calls,
        sequences=0,
        workers=pace.workers,
        cost_usd=cost_usd,
        seconds=round(pace.seconds({rest: each.needs for rest, each in commissions.items()}), 1),
        paid=chosen.plugin.traits.paid,
        cost_at_most_usd=quality.at_most(cost_usd, chosen.plugin.traits),
    )
