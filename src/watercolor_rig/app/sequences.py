"""The use case behind `generate_all_sequences.py` and `generate_pose_sequences.py`.

Completes every sequence that has both endpoints: of a base path the expression changes, of a pose path the pose.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Literal

from watercolor_rig.app.budget import Budget
from watercolor_rig.app.driving import save_index
from watercolor_rig.app.engine_choice import ChosenEngine, choose_tween_engine
from watercolor_rig.app.pace import Pace, Speed, plan_pace
from watercolor_rig.app.quality_tries import QualityOptions, QualityTries
from watercolor_rig.app.rigs import list_files, load_rig, matching
from watercolor_rig.app.sequence_run import SequenceRun, families, planned_frames
from watercolor_rig.app.session import Session
from watercolor_rig.app.tally import Emit, Tally
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.app.tween_requests import TweenRequests
from watercolor_rig.app.workforce import Cluster, choose_cluster, crew_of
from watercolor_rig.core.easing import LINEAR, is_same_backwards
from watercolor_rig.core.endpoints import Which, catalogue_endpoints, pair_all, sequence_of
from watercolor_rig.core.errors import NothingMatchedError, PictureError, UsageError
from watercolor_rig.core.events import (
    EngineChosen,
    FilesIgnored,
    FrameBroken,
    FrameFailed,
    FrameFound,
    FrameStale,
    PosesFound,
    SequencePlanned,
    SequenceSkipped,
    Warned,
    WorkPlanned,
)
from watercolor_rig.core.ids import PathId
from watercolor_rig.core.plan import Plan, Wanted, plan_run
from watercolor_rig.core.rig import Rig
from watercolor_rig.core.sequences import SequenceSpec, SequenceState
from watercolor_rig.core.sheets import SHEET
from watercolor_rig.engines.api import EngineSettings, Quote
from watercolor_rig.engines.registry import direct_engines
from watercolor_rig.imaging.picture import Size
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, project_of
from watercolor_rig.store.sequence_folder import Ends, SequenceFolder

Strategy = Literal["single", "sheet"]


@dataclass(frozen=True, slots=True)
class SequenceOptions:
    """What the user asked for; the fields are the flags of `generate_all_sequences.py`.

    Two have no flag. `paths`: path ids, to complete these alone. `which`: whether base paths, pose paths or both are
    meant, which is a command of its own each.
    """

    config: Path
    endpoints_dir: Path
    sequences_dir: Path
    times: tuple[Fraction, ...]
    max_workers: int | None = None
    images_per_minute: float | None = None
    overwrite: bool = False
    refresh: bool = False
    final: bool = False
    reuse_reversed: bool = True
    only: str | None = None
    paths: frozenset[str] | None = None
    engine: str = "auto"
    settings: EngineSettings = field(default_factory=EngineSettings)
    anchor: Literal["neutral"] | None = None
    easing: str = LINEAR
    budget: Budget = field(default_factory=Budget)
    dry_run: bool = False
    verbose: bool = False
    cluster: str | None = None
    cluster_store: str | None = None
    quality: QualityOptions = field(default_factory=QualityOptions)
    strategy: Strategy = "single"
    which: Which = "base"

    @property
    def tries(self) -> QualityOptions:
        """What becomes of pictures by an engine that redraws; a sheet is asked for once."""
        return self.quality if self.strategy == "single" else replace(self.quality, retries=0)


@dataclass(frozen=True, slots=True)
class _Stock:
    """What lies on the disk for the sequences that can be made."""

    folders: Mapping[PathId, SequenceFolder]
    specs: list[SequenceSpec]
    unusable: list[tuple[SequenceSpec, str]]


def make_sequences(options: SequenceOptions, emit: Emit, toolbox: Toolbox) -> int:
    """Make what is missing of the wanted tweens; return the exit status (0 all there, 1 some failed, 130 interrupted).

    Raises:
        RigError: before anything is made, where the input cannot be used or matches nothing; or a StoreError later.
    """
    chosen = choose_tween_engine(options.engine, options.settings, toolbox.environment, dry_run=options.dry_run)
    _require_strategy(options.strategy, chosen)
    cluster = choose_cluster(options.cluster, options.cluster_store, options.sequences_dir, chosen)
    rig = load_rig(options.config)
    emit(EngineChosen(chosen.name, chosen.reason))
    if chosen.unavailable:
        emit(Warned(chosen.name, chosen.unavailable))
    if cluster and options.max_workers is not None:
        emit(Warned("--max-workers", "does not count with --cluster: all of its workers draw"))
    project = project_of(options.sequences_dir)
    with nullcontext() if options.dry_run else toolbox.neighbours.lock(project, "sequences"):
        return _complete(options, rig, Session(project, chosen, emit, toolbox), cluster)


def _complete(options: SequenceOptions, rig: Rig, session: Session, cluster: Cluster | None) -> int:
    emit, chosen = session.emit, session.chosen
    every, selected = _find_sequences(options, rig, emit)
    together = families(every)
    if not options.dry_run:
        session.toolbox.neighbours.claims.claim({member for path in selected for member in together[path]})
    index = PictureIndex(session.project)
    stock = _take_stock(options, every, index)
    plan = _plan(stock, _wanted(options, chosen), selected, index, options.times)
    _say_what_is_there(plan, emit)
    quote = _quote(plan, stock, chosen, options)
    speed = Speed(options.max_workers, options.images_per_minute)
    drawn_by = cluster if plan.drawings else None
    crew = None if options.dry_run else crew_of(drawn_by)
    pace = plan_pace(chosen, speed, quote.latency_s, session.toolbox, crew)
    planned = work_planned(plan, quote, None if drawn_by and crew is None else pace, chosen, options.tries)
    emit(planned)
    pace.say(emit)
    unusable = [(spec, fault) for spec, fault in stock.unusable if spec.path in selected]
    specs = {spec.path: spec for spec in plan.sequences}
    requests = TweenRequests(
        rig,
        specs,
        stock.folders,
        options.endpoints_dir,
        anchored=options.anchor is not None,
        easing=options.easing,
        tries=QualityTries(options.tries),
        sheet=plan.sheet,
    )
    for path in requests.missing_anchors():
        emit(Warned(path.name, f"is not there for --anchor {options.anchor}; its pose goes on without it"))
    if options.dry_run:
        _say_dry_run(plan, requests, unusable, options, session)
        return 0
    tally = Tally("tween", emit, session.toolbox.clock, paid=chosen.plugin.traits.paid)
    journal = session.open_journal(planned, quote.cost_usd, options.budget, reuse=not options.overwrite)
    for spec, fault in unusable:
        tally.failed(FrameFailed(spec.path, None, fault, PictureError.code))
    run = SequenceRun(plan, stock.folders, chosen, requests, journal, emit, tally, cluster, together)
    try:
        interrupted = run.carry_out(session.toolbox, pace)
    finally:
        journal.close()
        save_index(index, emit)
    return tally.end(interrupted=interrupted)


def _require_strategy(strategy: Strategy, chosen: ChosenEngine) -> None:
    """Refuse sheets of an engine that cannot make them, before anything is spent."""
    traits = chosen.plugin.traits
    if strategy == SHEET and not (traits.redraws and traits.sheets):
        raise UsageError(
            f"--strategy {SHEET} is for image models that redraw the whole picture; {chosen.name!r} makes frame by "
            "frame: use --strategy single, or --engine openai"
        )


def _wanted(options: SequenceOptions, chosen: ChosenEngine) -> Wanted:
    return Wanted(
        options.times,
        overwrite=options.overwrite,
        refresh=options.refresh,
        share=options.reuse_reversed and is_same_backwards(options.easing),
        direct=chosen.plugin.traits.direct,
        sheet=options.strategy == SHEET,
        direct_engines=frozenset(direct_engines()),
        replaced_engines=frozenset(set(direct_engines()) - {chosen.name}) if options.final else frozenset(),
    )


def _say_dry_run(
    plan: Plan,
    requests: TweenRequests,
    unusable: list[tuple[SequenceSpec, str]],
    options: SequenceOptions,
    session: Session,
) -> None:
    for sequence in _planned_sequences(plan):
        session.emit(sequence)
    for spec, fault in unusable:
        session.emit(Warned(spec.path, fault))
    prompted = session.chosen.plugin.traits.paid
    for frame in planned_frames(plan, requests, prompted=prompted) if options.verbose else ():
        session.emit(frame)


def _find_sequences(options: SequenceOptions, rig: Rig, emit: Emit) -> tuple[list[SequenceSpec], set[PathId]]:
    catalogue = catalogue_endpoints(list_files("--endpoints-dir", options.endpoints_dir), rig)
    emit(PosesFound(catalogue.poses))
    if catalogue.ignored:
        emit(FilesIgnored(str(options.endpoints_dir), catalogue.ignored))
    every, missing = pair_all(rig, catalogue, options.which)
    for lack in missing:
        emit(SequenceSkipped(lack.path, lack.files))
    if not every:
        raise NothingMatchedError(f"No sequences to generate ({_nothing_of(options.which, rig)}).")
    names = {spec.path: spec for spec in every}
    if options.paths is not None:
        if unknown := sorted(options.paths - names.keys()):
            raise NothingMatchedError(f"no sequence {unknown[0]!r} with both endpoints; draw them, or ask for another")
        return every, {PathId(path) for path in options.paths}
    if options.only is None:
        return every, set(names)
    ids = {sequence_of(path).path: path.id for path in rig.pose_paths}
    by_either_name = {path: {path, ids.get(path, spec.base_path)} for path, spec in names.items()}
    known = [*names, *dict.fromkeys(ids.get(spec.path, spec.base_path) for spec in every)]
    found = set(matching(known, options.only, "sequence"))
    return every, {path for path, either in by_either_name.items() if either & found}


def _nothing_of(which: Which, rig: Rig) -> str:
    """Return why there is no sequence at all, in words."""
    if which == "pose" and not rig.pose_paths:
        return "the config lists no pose_paths"
    if which == "base" and not rig.base_paths and rig.pose_paths:
        return "the config has pose_paths only, which 'watercolor-rig poses' makes"
    return "no matching endpoint pairs"


def _take_stock(options: SequenceOptions, every: list[SequenceSpec], index: PictureIndex) -> _Stock:
    files = {file for spec in every for file in spec.endpoint_files}
    endpoints = index.inspect(options.endpoints_dir, sorted(files))
    folders: dict[PathId, SequenceFolder] = {}
    usable: list[SequenceSpec] = []
    unusable: list[tuple[SequenceSpec, str]] = []
    for spec in every:
        ends = usable_ends(options.endpoints_dir, spec.endpoint_files, endpoints)
        if isinstance(ends, str):
            unusable.append((spec, ends))
        else:
            usable.append(spec)
            folders[spec.path] = SequenceFolder(options.sequences_dir, spec, ends, index)
    return _Stock(folders, usable, unusable)


def usable_ends(
    folder: Path,
    names: tuple[str, str],
    endpoints: Mapping[str, PictureFacts | PictureError],
) -> Ends | str:
    """Return the two endpoints of a sequence, or why it cannot be made of them."""
    start, end = (endpoints.get(name, PictureError(f"{folder / name}: is gone")) for name in names)
    if isinstance(start, PictureError):
        return str(start)
    if isinstance(end, PictureError):
        return str(end)
    if start.size != end.size:
        sizes = [f"{name} is {facts.size[0]}x{facts.size[1]}" for name, facts in zip(names, (start, end), strict=True)]
        return f"{' and '.join(sizes)}; bring both endpoints to one size"
    return Ends(start, end, folder / names[0], folder / names[1])


def _plan(
    stock: _Stock,
    wanted: Wanted,
    selected: set[PathId],
    index: PictureIndex,
    times: tuple[Fraction, ...],
) -> Plan:
    return plan_run(stock.specs, _states(stock, index, times), wanted, selected)


def _states(stock: _Stock, index: PictureIndex, times: tuple[Fraction, ...]) -> dict[PathId, SequenceState]:
    both_ways = tuple({*times, *(1 - t for t in times)})
    folders = stock.folders
    found = index.inspect_many([(folder.path, folder.files_to_inspect(both_ways)) for folder in folders.values()])
    return {path: folder.take_stock(both_ways, found[folder.path]) for path, folder in folders.items()}


def foresee_sequences(
    options: SequenceOptions, rig: Rig, chosen: ChosenEngine, coming: Mapping[str, Size], toolbox: Toolbox
) -> WorkPlanned:
    """Return what a run will have to do once further endpoints are there; what they change is taken to be not made yet.

    Args:
        options: Of the run.
        rig: What the config says.
        chosen: Who will draw.
        coming: File names of the endpoints that will be made, with their size in pixels.
        toolbox: The outside world.

    Raises:
        StoreError: if a file cannot be read.
    """
    folder = options.endpoints_dir
    there = list_files("--endpoints-dir", folder) if folder.is_dir() else []
    every, _ = pair_all(rig, catalogue_endpoints({*there, *coming}, rig), options.which)
    ahead = {spec.path for spec in every if coming.keys() & set(spec.endpoint_files)}
    index = PictureIndex(project_of(options.sequences_dir))
    stock = _take_stock(options, [spec for spec in every if spec.path not in ahead], index)
    states = _states(stock, index, options.times)
    specs = [spec for spec in every if spec.path in ahead or spec.path in states]
    plan = plan_run(specs, states, _wanted(options, chosen), [spec.path for spec in specs])
    sizes = [stock.folders[spec.path].size for spec in specs if spec.path in states]
    size = next(iter([*coming.values(), *sizes]), (1, 1))
    quote = chosen.plugin.quote(chosen.settings, size, 3 if options.anchor else 2)
    pace = plan_pace(chosen, Speed(options.max_workers, options.images_per_minute), quote.latency_s, toolbox)
    return work_planned(plan, quote, pace, chosen, options.tries)


def _say_what_is_there(plan: Plan, emit: Emit) -> None:
    for spot in plan.existing:
        emit(FrameFound(spot.path, float(spot.t), spot.file))
    for spot, fault in plan.broken:
        emit(FrameBroken(spot.path, float(spot.t), spot.file, fault))
    for spot in plan.stale:
        emit(FrameStale(spot.path, float(spot.t), spot.file))


def _quote(plan: Plan, stock: _Stock, chosen: ChosenEngine, options: SequenceOptions) -> Quote:
    size = next((stock.folders[spec.path].size for spec in plan.sequences), (1, 1))
    return chosen.plugin.quote(chosen.settings, size, 3 if options.anchor else 2)


def work_planned(
    plan: Plan, quote: Quote, pace: Pace | None, chosen: ChosenEngine, quality: QualityOptions
) -> WorkPlanned:
    """Return the plan in numbers; without a pace where nobody was asked how many will work."""
    calls = len(plan.calls)
    cost_usd = Decimal(0) if calls == 0 else None if quote.cost_usd is None else quote.cost_usd * calls
    needs = {drawings[0].spot: [parent.spot for parent in drawings[0].parents] for drawings in plan.calls}
    return WorkPlanned(
        kind="tween",
        frames=plan.frames_to_write,
        shared=plan.frames_shared,
        calls=calls,
        sequences=plan.sequences_to_write,
        workers=pace.workers if pace else None,
        cost_usd=cost_usd,
        seconds=round(pace.seconds(needs), 1) if pace else None,
        paid=chosen.plugin.traits.paid,
        cost_at_most_usd=quality.at_most(cost_usd, chosen.plugin.traits),
    )


def _planned_sequences(plan: Plan) -> list[SequencePlanned]:
    draw: dict[str, list[float]] = {}
    share: dict[str, list[float]] = {}
    shared_with: dict[str, str] = {}
    existing: dict[str, int] = {}
    for drawing in plan.drawings:
        draw.setdefault(drawing.spot.path, []).append(float(drawing.spot.t))
        for output in drawing.outputs[1:]:
            share.setdefault(output.path, []).append(float(output.t))
            shared_with[output.path] = drawing.spot.path
    for sharing in plan.sharings:
        share.setdefault(sharing.target.path, []).append(float(sharing.target.t))
        shared_with[sharing.target.path] = sharing.source.path
    for spot in plan.existing:
        existing[spot.path] = existing.get(spot.path, 0) + 1
    return [
        SequencePlanned(
            spec.path,
            tuple(sorted(draw.get(spec.path, ()))),
            tuple(sorted(share.get(spec.path, ()))),
            shared_with.get(spec.path, ""),
            existing.get(spec.path, 0),
        )
        for spec in plan.sequences
    ]
