"""From an order to the use case that carries it out: the same that the command line calls."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from watercolor_rig.app.archive import archive_sequences
from watercolor_rig.app.budget import Budget
from watercolor_rig.app.engine_choice import choose_expression_engine, choose_tween_engine
from watercolor_rig.app.exports import ExportOptions
from watercolor_rig.app.expressions import ExpressionOptions, make_expressions
from watercolor_rig.app.preview import PreviewOptions, make_previews, sequences_to_show
from watercolor_rig.app.rigs import load_rig
from watercolor_rig.app.sequences import SequenceOptions, make_sequences
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.job_view import Estimate
from watercolor_rig.app.studio.orders import (
    ExportWork,
    ExpressionsWork,
    FormatWork,
    Order,
    RegenerateWork,
    SequencesWork,
)
from watercolor_rig.app.studio.packed_export import export_packed
from watercolor_rig.app.studio.regeneration import Changes, RegenerateOptions, regenerate
from watercolor_rig.app.tally import Emit
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.colours import read_colour
from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.events import EngineChosen, Event, Warned, WorkPlanned
from watercolor_rig.core.ids import endpoint_file, fault_of_id
from watercolor_rig.core.rig import NEUTRAL, PoseId
from watercolor_rig.core.times import spell, times_of_depth
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.export.registry import find_export, read_settings
from watercolor_rig.runner.control import Control

_NO_CALLS = WorkPlanned("tween", 0, 0, 0, 0, 1, Decimal(0), 0.0, paid=False)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an order is carried out in.

    Attributes:
        folders: Of the project.
        depth: The project's rounds of halving.
        changes: Context in which frames that are made anew get other pictures.
    """

    folders: StudioFolders
    depth: int
    changes: Changes


def carry_out(order: Order, here: Surroundings, budget: Budget, emit: Emit, toolbox: Toolbox) -> int:
    """Do what an order says; return the exit status (0 all there, 1 some failed, 130 ended before).

    Raises:
        RigError: where it cannot be done as it is.
    """
    return _use_case(order, here, budget, dry_run=False)(emit, toolbox)


def estimate(order: Order, here: Surroundings, toolbox: Toolbox) -> Estimate:
    """Return what an order would do; nothing is made. An engine that cannot work now is only a warning.

    Raises:
        RigError: where it cannot be done as it is.
    """
    heard = _plan(order, here, toolbox)
    chosen = next((event for event in heard if isinstance(event, EngineChosen)), EngineChosen("", ""))
    planned = next((event for event in heard if isinstance(event, WorkPlanned)), _NO_CALLS)
    return Estimate(
        engine=chosen.engine,
        reason=chosen.reason,
        paid=planned.paid,
        frames=planned.frames,
        shared=planned.shared,
        calls=planned.calls,
        sequences=planned.sequences,
        workers=planned.workers or 0,
        cost_usd=planned.cost_usd,
        cost_at_most_usd=planned.cost_at_most_usd,
        seconds=planned.seconds or 0.0,
        warnings=tuple(f"{event.subject}: {event.message}" for event in heard if isinstance(event, Warned)),
    )


def check(order: Order, here: Surroundings, toolbox: Toolbox) -> None:
    """Refuse at once what can be seen to be wrong without looking at every sequence.

    Raises:
        RigError: then.
    """
    engine = order.engine
    if isinstance(order.work, SequencesWork):
        load_rig(here.folders.config)
    else:
        chosen = (event.engine for event in _plan(order, here, toolbox) if isinstance(event, EngineChosen))
        engine = next(chosen, "")
    if engine:
        choose = choose_expression_engine if isinstance(order.work, ExpressionsWork) else choose_tween_engine
        choose(engine, _settings_of(order), toolbox.environment, dry_run=False)


def title_of(order: Order) -> str:
    """Return what an order does, in words."""
    match order.work:
        case SequencesWork(paths=paths, overwrite=overwrite):
            return f"{'Make' if overwrite else 'Complete'} {_several(paths, 'sequence')}{' again' if overwrite else ''}"
        case ExpressionsWork(expressions=names, pose=pose):
            return f"Make {_several(names, 'expression')} at {pose}"
        case RegenerateWork(path_id=path, times=times):
            frames = f"t={spell(times[0])}" if len(times) == 1 else f"{len(times)} frames"
            return f"Regenerate {path} {frames}"
        case ExportWork(paths=paths, format=kind) | FormatWork(paths=paths, format=kind):
            return f"Export {_several(paths, 'sequence')} as {kind}"


def _plan(order: Order, here: Surroundings, toolbox: Toolbox) -> list[Event]:
    """Return what a dry run of the order says; an export has nothing to say."""
    heard: list[Event] = []
    if isinstance(order.work, ExportWork | FormatWork):
        sequences_to_show(here.folders.sequences, None, _chosen(order.work.paths))
        if isinstance(order.work, FormatWork):
            options = _format_options(order.work, here.folders)
            read_settings(options.format, find_export(options.format).settings, options.settings)
    else:
        _use_case(order, here, Budget(), dry_run=True)(heard.append, toolbox)
    return heard


def _settings_of(order: Order) -> EngineSettings:
    return EngineSettings(model=order.model, quality=order.quality, options=order.options)


def _use_case(order: Order, here: Surroundings, budget: Budget, *, dry_run: bool) -> Callable[[Emit, Toolbox], int]:
    work, folders = order.work, here.folders
    settings = _settings_of(order)
    if isinstance(work, SequencesWork):
        sequences = SequenceOptions(
            config=folders.config,
            endpoints_dir=folders.endpoints,
            sequences_dir=folders.sequences,
            times=times_of_depth(work.depth or here.depth),
            max_workers=order.max_workers,
            overwrite=work.overwrite,
            refresh=work.refresh,
            paths=_chosen(work.paths),
            which="all",
            engine=order.engine,
            settings=settings,
            budget=budget,
            dry_run=dry_run,
        )
        return lambda emit, toolbox: make_sequences(sequences, emit, toolbox)
    if isinstance(work, ExpressionsWork):
        expressions = ExpressionOptions(
            config=folders.config,
            base_image=_portrait(folders, work.pose),
            pose=PoseId(work.pose),
            outdir=folders.endpoints,
            max_workers=order.max_workers,
            overwrite=work.overwrite,
            names=_chosen(work.expressions),
            engine=order.engine,
            settings=settings,
            budget=budget,
            dry_run=dry_run,
        )
        return lambda emit, toolbox: make_expressions(expressions, emit, toolbox)
    if isinstance(work, RegenerateWork):
        frames = RegenerateOptions(folders, work, order.engine, settings, order.max_workers, budget, dry_run)
        return lambda emit, toolbox: regenerate(frames, here.changes, emit, toolbox)
    if isinstance(work, FormatWork):
        options = _format_options(work, folders)
        return lambda emit, toolbox: export_packed(options, emit, toolbox.neighbours.control)
    return lambda emit, toolbox: _export(work, folders, emit, toolbox.neighbours.control)


def _format_options(work: FormatWork, folders: StudioFolders) -> ExportOptions:
    return ExportOptions(
        work.format,
        folders.sequences,
        folders.exports,
        fps=work.fps,
        scale=work.scale,
        background=None if work.background is None else read_colour(work.background),
        settings=work.settings,
        paths=_chosen(work.paths),
    )


def _export(work: ExportWork, folders: StudioFolders, emit: Emit, control: Control) -> int:
    paths = _chosen(work.paths)
    if work.format == "zip":
        names = sequences_to_show(folders.sequences, None, paths)
        target = folders.exports / f"{names[0] if len(names) == 1 else 'sequences'}.zip"
        return archive_sequences(folders.sequences, names, target, emit, control)
    animated = work.format == "webp"
    options = PreviewOptions(
        folders.sequences, folders.exports, work.fps, paths=paths, animations=animated, sheets=not animated
    )
    return make_previews(options, emit, control)


def _portrait(folders: StudioFolders, pose: str) -> Path:
    """Return the neutral portrait of a pose.

    Raises:
        UsageError: if there is none.
    """
    if fault := fault_of_id(pose):
        raise UsageError(f"pose {pose!r} {fault}")
    path = folders.endpoints / endpoint_file(NEUTRAL, PoseId(pose))
    if not path.is_file():
        raise UsageError(f"pose {pose!r} has no portrait: add the drawing {path.name!r} first")
    return path


def _chosen(names: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _several(names: tuple[str, ...] | None, what: str) -> str:
    if names is None:
        return f"all {what}s"
    return names[0] if len(names) == 1 else f"{len(names)} {what}s"
