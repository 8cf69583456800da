"""The use case behind `generate_extreme_expressions.py`: edit one portrait into every expression at one pose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from watercolor_rig.app.driving import cost_of, cut_off_by, drive, save_index, saying
from watercolor_rig.app.engine_choice import ChosenEngine, choose_expression_engine
from watercolor_rig.app.rigs import load_rig, matching
from watercolor_rig.app.tally import Emit, Tally
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import PictureError, RigError, UsageError
from watercolor_rig.core.events import (
    EngineChosen,
    FrameBlocked,
    FrameBroken,
    FrameFailed,
    FrameFound,
    FrameMade,
    FramePlanned,
    Warned,
    WorkPlanned,
)
from watercolor_rig.core.ids import endpoint_file, fault_of_id
from watercolor_rig.core.job_graph import Job, makespan_bound
from watercolor_rig.core.prompts import expression_prompt
from watercolor_rig.core.rig import NEUTRAL, ExpressionId, PoseId, Rig
from watercolor_rig.engines.api import EngineSettings, ExpressionRequest
from watercolor_rig.imaging.picture import as_png, read_size
from watercolor_rig.runner.driver import Work
from watercolor_rig.runner.lanes import Answer, open_expression_lanes
from watercolor_rig.store.durable import make_directory, sweep_leftovers, write_file
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, facts_of, project_of


@dataclass(frozen=True, slots=True)
class ExpressionOptions:
    """What the user asked for; the fields are the flags of `generate_extreme_expressions.py`."""

    config: Path
    base_image: Path
    pose: PoseId
    outdir: Path
    max_workers: int = 4
    include_neutral: bool = False
    overwrite: bool = False
    only: str | None = None
    engine: str = "auto"
    settings: EngineSettings = field(default_factory=EngineSettings)
    dry_run: bool = False
    verbose: bool = False


@dataclass(frozen=True, slots=True)
class _Portrait:
    """The neutral portrait as a PNG, and what is known of it."""

    png: bytes
    facts: PictureFacts


def make_expressions(options: ExpressionOptions, emit: Emit, toolbox: Toolbox) -> int:
    """Make what is missing of the expressions; return the exit status (0 all there, 1 some failed, 130 interrupted).

    Raises:
        RigError: before anything is made, where the input cannot be used or matches nothing; or a StoreError later.
    """
    chosen = choose_expression_engine(options.engine, options.settings, toolbox.environment, dry_run=options.dry_run)
    rig = load_rig(options.config)
    if fault := fault_of_id(options.pose):
        raise UsageError(f"--pose {options.pose!r} {fault}")
    portrait = _read_portrait(options)
    wanted = _wanted_expressions(options, rig)
    emit(EngineChosen(chosen.name, chosen.reason))
    if chosen.unavailable:
        emit(Warned(chosen.name, chosen.unavailable))
    if rig.poses and options.pose not in rig.poses:
        emit(Warned(options.pose, f"is not among the poses of the config ({', '.join(rig.poses)})"))
    index = PictureIndex(project_of(options.outdir))
    missing = _look_around(options, wanted, portrait, index, emit)
    prompts = {name: expression_prompt(rig, name, options.pose) for name in missing}
    _say_plan(missing, portrait, chosen, options.max_workers, emit)
    if options.dry_run:
        for name in missing if options.verbose else ():
            file = endpoint_file(name, options.pose)
            emit(FramePlanned(file.removesuffix(".png"), None, file, (str(options.base_image),), prompts[name]))
        return 0
    tally = Tally("expression", emit, toolbox.clock, paid=chosen.plugin.traits.paid)
    run = _ExpressionRun(options, portrait, prompts, index, chosen, emit, tally)
    try:
        run.settle_neutral()
        interrupted = bool(missing) and run.draw(missing, toolbox)
    finally:
        save_index(index, emit)
    return tally.end(interrupted=interrupted)


def _read_portrait(options: ExpressionOptions) -> _Portrait:
    path = options.base_image
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"--base-image: cannot read {str(path)!r}: {error.strerror or error}") from error
    try:
        png = as_png(data, str(path))
    except PictureError as error:
        raise UsageError(f"--base-image: {error}") from error
    neutral = options.outdir / endpoint_file(NEUTRAL, options.pose)
    if options.include_neutral and neutral.exists() and neutral.samefile(path):
        raise UsageError(
            f"--include-neutral would replace the base image itself ({str(path)!r}); keep the portrait elsewhere",
        )
    return _Portrait(png, facts_of(png, read_size(png, str(path))))


def _wanted_expressions(options: ExpressionOptions, rig: Rig) -> list[ExpressionId]:
    names = list(rig.expressions)
    if options.include_neutral and NEUTRAL not in names:
        names.insert(0, NEUTRAL)
    if not options.include_neutral:
        names = [name for name in names if name != NEUTRAL]
    return [ExpressionId(name) for name in matching(names, options.only, "expression")]


def _look_around(
    options: ExpressionOptions,
    wanted: list[ExpressionId],
    portrait: _Portrait,
    index: PictureIndex,
    emit: Emit,
) -> list[ExpressionId]:
    """Say what exists, is broken or odd; return what has to be made."""
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


def _fault(facts: PictureFacts | PictureError | None, portrait: _Portrait) -> str:
    if isinstance(facts, PictureError):
        return str(facts)
    if facts and facts.size != portrait.facts.size:
        (width, height), (right_width, right_height) = facts.size, portrait.facts.size
        return f"is {width}x{height}, the base image is {right_width}x{right_height}"
    return ""


def _say_plan(
    missing: list[ExpressionId],
    portrait: _Portrait,
    chosen: ChosenEngine,
    workers: int,
    emit: Emit,
) -> None:
    quote = chosen.plugin.quote(chosen.settings, portrait.facts.size, 1)
    calls = len(missing)
    bound = makespan_bound(dict.fromkeys(missing, ()), workers, quote.latency_s)
    cost = Decimal(0) if calls == 0 else None if quote.cost_usd is None else quote.cost_usd * calls
    emit(
        WorkPlanned(
            kind="expression",
            frames=calls,
            shared=0,
            calls=calls,
            sequences=0,
            workers=workers,
            cost_usd=cost,
            seconds=round(bound, 1),
            paid=chosen.plugin.traits.paid,
        ),
    )


@dataclass
class _ExpressionRun:
    """One run over the expressions that are missing."""

    options: ExpressionOptions
    portrait: _Portrait
    prompts: Mapping[ExpressionId, str]
    index: PictureIndex
    chosen: ChosenEngine
    emit: Emit
    tally: Tally

    def settle_neutral(self) -> None:
        """Make the folder, and put the portrait there as neutral unless the model redraws that.

        Raises:
            StoreError: if the disk refuses.
        """
        make_directory(self.options.outdir)
        sweep_leftovers(self.options.outdir)
        file = endpoint_file(NEUTRAL, self.options.pose)
        known = self.index.inspect(self.options.outdir, [file]).get(file)
        is_good = isinstance(known, PictureFacts)
        is_same = isinstance(known, PictureFacts) and known.sha256 == self.portrait.facts.sha256
        if self.options.include_neutral or is_same or (is_good and not self.options.overwrite):
            return
        self._write(file, self.portrait.png, self.portrait.facts)
        subject = file.removesuffix(".png")
        self.tally.made(FrameMade(subject, None, file, 0.0, shared_from=str(self.options.base_image)), called=False)

    def draw(self, missing: list[ExpressionId], toolbox: Toolbox) -> bool:
        """Ask the engine for every expression that is missing; return whether the user interrupted it.

        Raises:
            KeyboardInterrupt: at the second interrupt.
        """
        jobs = [Job(name, (), name) for name in missing]
        work = Work(
            request=self._request,
            keep=self._keep,
            failed=self._book_failure,
            told=saying(lambda name: (self._subject(name), None), self.emit, self.tally),
        )
        workers = min(self.options.max_workers, len(jobs))
        lanes = open_expression_lanes(self.chosen.plugin, self.chosen.settings, workers)
        result = drive(jobs, lanes, work, toolbox)
        for name in result.not_started:
            self.tally.blocked(FrameBlocked(self._subject(name), None, cut_off_by(result)))
        return result.interrupted

    def _request(self, name: ExpressionId) -> ExpressionRequest:
        return ExpressionRequest(self._subject(name), self.portrait.png, self.prompts[name])

    def _keep(self, name: ExpressionId, answer: Answer, seconds: float) -> None:
        picture = answer.picture
        file = endpoint_file(name, self.options.pose)
        self._write(file, picture.png, facts_of(picture.png, answer.size))
        cost = picture.usage.cost_usd if picture.usage else None
        self.tally.made(FrameMade(self._subject(name), None, file, round(seconds, 3), cost), called=True)
        for note in picture.notes:
            self.emit(Warned(self._subject(name), note))

    def _write(self, file: str, data: bytes, facts: PictureFacts) -> None:
        path = self.options.outdir / file
        write_file(path, data)
        self.index.record(path, facts)

    def _book_failure(self, name: ExpressionId, _blocked: tuple[ExpressionId, ...], error: RigError) -> None:
        self.tally.failed(FrameFailed(self._subject(name), None, str(error), error.code, cost_of(error)))

    def _subject(self, name: ExpressionId) -> str:
        return endpoint_file(name, self.options.pose).removesuffix(".png")
