"""Entry points: each turns flags into options, a use case's result into an exit status.

Imports of the use cases stand inside the functions: `--help` and `--version` need none of them.
"""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from watercolor_rig.cli.console import Console, open_console
from watercolor_rig.cli.export_flags import add_export_flags
from watercolor_rig.cli.flags import (
    add_cost_flags,
    add_doctor_flags,
    add_expression_flags,
    add_head_flags,
    add_inspect_flags,
    add_make_flags,
    add_output_flags,
    add_preview_flags,
    add_repair_flags,
    add_report_flags,
    add_sequence_flags,
    add_studio_flags,
    add_takes_flags,
    parse_options,
)
from watercolor_rig.core.errors import RigError, UsageError
from watercolor_rig.core.times import times_of_depth

if TYPE_CHECKING:
    from watercolor_rig.app.budget import Budget
    from watercolor_rig.app.quality_tries import QualityOptions
    from watercolor_rig.app.toolbox import Toolbox
    from watercolor_rig.core.endpoints import Which
    from watercolor_rig.engines.api import EngineSettings
    from watercolor_rig.runner.lanes import Lanes

INTERRUPTED = 130

Command = Callable[[argparse.Namespace, Console], int]


def run(argv: Sequence[str] | None = None) -> int:
    """Run `watercolor-rig COMMAND …`; return the exit status."""
    arguments = build_parser().parse_args(argv)
    return _guarded(arguments.command, arguments)


def run_sequences(argv: Sequence[str] | None = None) -> int:
    """Run `generate_all_sequences.py …`; return the exit status."""
    return _guarded(_sequences, build_sequences_parser().parse_args(argv))


def run_poses(argv: Sequence[str] | None = None) -> int:
    """Run `generate_pose_sequences.py …`; return the exit status."""
    return _guarded(_poses, build_poses_parser().parse_args(argv))


def run_expressions(argv: Sequence[str] | None = None) -> int:
    """Run `generate_extreme_expressions.py …`; return the exit status."""
    return _guarded(_expressions, build_expressions_parser().parse_args(argv))


def run_heads(argv: Sequence[str] | None = None) -> int:
    """Run `generate_head_poses.py …`; return the exit status."""
    return _guarded(_heads, build_heads_parser().parse_args(argv))


def build_sequences_parser() -> argparse.ArgumentParser:
    """Return the parser of `generate_all_sequences.py`."""
    parser = argparse.ArgumentParser(
        prog="generate_all_sequences.py",
        description="Make the tween frames between every pair of endpoints that the config names.",
    )
    add_sequence_flags(parser)
    return parser


def build_poses_parser() -> argparse.ArgumentParser:
    """Return the parser of `generate_pose_sequences.py`."""
    parser = argparse.ArgumentParser(
        prog="generate_pose_sequences.py",
        description="Make the tween frames between the poses of every pose path that the config names.",
    )
    add_sequence_flags(parser)
    return parser


def build_expressions_parser() -> argparse.ArgumentParser:
    """Return the parser of `generate_extreme_expressions.py`."""
    parser = argparse.ArgumentParser(
        prog="generate_extreme_expressions.py",
        description="Edit one neutral portrait into every expression of the config with an image model.",
    )
    add_expression_flags(parser)
    return parser


def build_heads_parser() -> argparse.ArgumentParser:
    """Return the parser of `generate_head_poses.py`."""
    parser = argparse.ArgumentParser(
        prog="generate_head_poses.py",
        description="Turn the head of every expression to every pose of the config with an image model.",
    )
    add_head_flags(parser)
    return parser


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `watercolor-rig`."""
    parser = argparse.ArgumentParser(
        prog="watercolor-rig",
        description="One neutral portrait of a drawn character in, a complete animated face rig out.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, text, add_flags, command in (
        ("make", "make the whole rig: expressions, heads, tweens and pose sequences", add_make_flags, _make),
        ("expressions", "edit the portrait into every expression", add_expression_flags, _expressions),
        ("heads", "turn the head of every expression to every pose", add_head_flags, _heads),
        ("sequences", "make the tweens between the expressions", add_sequence_flags, _sequences),
        ("poses", "make the tweens between the poses of an expression", add_sequence_flags, _poses),
        ("preview", "looping animations and contact sheets of the sequences", add_preview_flags, _preview),
        ("export", "write the sequences in a format that other programs play", add_export_flags, _export),
        ("report", "one page on everything that was made, and what to look at first", add_report_flags, _report),
        ("inspect", "show how the local engine draws a sequence, and why", add_inspect_flags, _inspect),
        ("repair", "put redrawn pictures back onto what they were made from", add_repair_flags, _repair),
        ("engines", "list what can make pictures here", add_output_flags, _engines),
        ("cost", "what the calls of a project cost", add_cost_flags, _cost),
        ("takes", "list the pictures that a frame has had, or bring one back", add_takes_flags, _takes),
        ("studio", "see, play, compare and make frames anew in the browser", add_studio_flags, _studio),
        ("doctor", "check a project and what it needs, and repair it", add_doctor_flags, _doctor),
    ):
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        add_flags(sub)
        sub.set_defaults(command=command)
    return parser


def _sequences(arguments: argparse.Namespace, console: Console) -> int:
    return _make_sequences("base", arguments, console)


def _poses(arguments: argparse.Namespace, console: Console) -> int:
    return _make_sequences("pose", arguments, console)


def _make_sequences(which: "Which", arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.sequences import SequenceOptions, make_sequences  # noqa: PLC0415 - see the module's text

    options = SequenceOptions(
        which=which,
        config=arguments.config,
        endpoints_dir=arguments.endpoints_dir,
        sequences_dir=arguments.sequences_dir,
        times=arguments.times or times_of_depth(arguments.max_depth),
        max_workers=arguments.max_workers,
        images_per_minute=arguments.images_per_minute,
        overwrite=arguments.overwrite,
        refresh=arguments.refresh,
        final=arguments.final,
        reuse_reversed=not arguments.no_reuse_reversed,
        only=arguments.only,
        engine=arguments.engine,
        settings=_settings(arguments),
        anchor=arguments.anchor,
        easing=arguments.easing,
        budget=_budget(arguments),
        dry_run=arguments.dry_run,
        verbose=arguments.verbose,
        cluster=arguments.cluster,
        cluster_store=arguments.cluster_store,
        quality=_quality(arguments, fall_back=not arguments.no_fall_back),
        strategy=arguments.strategy,
    )
    return make_sequences(options, console.emit, _toolbox(console))


def _make(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.making import MakeOptions, make_rig  # noqa: PLC0415 - as above

    options = MakeOptions(
        config=arguments.config,
        portrait=arguments.portrait,
        endpoints_dir=arguments.endpoints_dir,
        sequences_dir=arguments.sequences_dir,
        times=arguments.times or times_of_depth(arguments.max_depth),
        pose=arguments.pose,
        max_workers=arguments.max_workers,
        images_per_minute=arguments.images_per_minute,
        engine=arguments.engine,
        tween_engine=arguments.tweens_by,
        settings=_settings(arguments),
        easing=arguments.easing,
        budget=_budget(arguments),
        dry_run=arguments.dry_run,
        verbose=arguments.verbose,
        quality=_quality(arguments, fall_back=not arguments.no_fall_back),
    )
    return make_rig(options, console.emit, _toolbox(console))


def _expressions(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.expressions import ExpressionOptions, make_expressions  # noqa: PLC0415 - as above

    options = ExpressionOptions(
        config=arguments.config,
        base_image=arguments.base_image,
        pose=arguments.pose,
        outdir=arguments.outdir,
        max_workers=arguments.max_workers,
        images_per_minute=arguments.images_per_minute,
        include_neutral=arguments.include_neutral,
        overwrite=arguments.overwrite,
        only=arguments.only,
        engine=arguments.engine,
        settings=_settings(arguments),
        budget=_budget(arguments),
        dry_run=arguments.dry_run,
        verbose=arguments.verbose,
        quality=_quality(arguments, fall_back=False),
    )
    return make_expressions(options, console.emit, _toolbox(console))


def _heads(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.heads import HeadOptions, make_heads  # noqa: PLC0415 - as above

    options = HeadOptions(
        config=arguments.config,
        endpoints_dir=arguments.endpoints_dir,
        source_pose=arguments.source_pose,
        max_workers=arguments.max_workers,
        images_per_minute=arguments.images_per_minute,
        overwrite=arguments.overwrite,
        only=arguments.only,
        engine=arguments.engine,
        settings=_settings(arguments),
        budget=_budget(arguments),
        dry_run=arguments.dry_run,
        verbose=arguments.verbose,
        quality=_quality(arguments, fall_back=False),
    )
    return make_heads(options, console.emit, _toolbox(console))


def _preview(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.preview import PreviewOptions, make_previews  # noqa: PLC0415 - as above

    options = PreviewOptions(arguments.sequences_dir, arguments.outdir, arguments.fps, arguments.only)
    return make_previews(options, console.emit)


def _export(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.exports import ExportOptions, make_export  # noqa: PLC0415 - as above

    options = ExportOptions(
        format=arguments.format,
        sequences_dir=arguments.sequences_dir,
        outdir=arguments.outdir or Path("export") / arguments.format,
        fps=arguments.fps,
        scale=arguments.scale,
        background=arguments.background,
        settings=parse_options(arguments.option, "--option"),
        only=arguments.only,
    )
    return make_export(options, console.emit)


def _report(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.report.make import ReportOptions, make_report  # noqa: PLC0415 - as above

    options = ReportOptions(arguments.sequences_dir, arguments.endpoints_dir, arguments.outdir, arguments.only)
    return make_report(options, console.emit)


def _repair(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.repair import RepairCommand, repair_project  # noqa: PLC0415 - as above

    options = RepairCommand(
        arguments.config,
        arguments.endpoints_dir,
        arguments.sequences_dir,
        arguments.only,
        snap_alpha=not arguments.keep_alpha,
        dry_run=arguments.dry_run,
    )
    return repair_project(options, console.emit)


def _inspect(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.inspect import InspectOptions, inspect_sequence  # noqa: PLC0415 - as above
    from watercolor_rig.engines.api import EngineSettings  # noqa: PLC0415 - as above

    settings = EngineSettings(options={"method": arguments.method, "device": arguments.device})
    options = InspectOptions(arguments.sequence, arguments.sequences_dir, arguments.outdir, settings, arguments.config)
    return inspect_sequence(options, console.emit)


def _engines(_arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.engine_list import say_engines  # noqa: PLC0415 - as above

    return say_engines(console.emit)


def _cost(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.costs import say_costs  # noqa: PLC0415 - as above

    return say_costs(arguments.project, arguments.by, console.emit)


def _takes(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.take_restoring import restore_take  # noqa: PLC0415 - as above
    from watercolor_rig.app.takes import list_takes  # noqa: PLC0415 - as above

    if arguments.restore is None:
        return list_takes(arguments.project, arguments.frame, console.emit)
    if arguments.frame is not None:
        raise UsageError("--restore N says which frame by itself; leave FRAME out")
    return restore_take(arguments.project, arguments.restore, console.emit)


def _studio(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.server.serving import ServeOptions, serve  # noqa: PLC0415 - as above

    options = ServeOptions(
        project=arguments.project,
        host=arguments.host,
        port=arguments.port,
        browser=not arguments.no_browser,
        token=arguments.token,
        cors_origin=arguments.cors_origin,
    )
    return serve(options, console.emit, _toolbox(console))


def _doctor(arguments: argparse.Namespace, console: Console) -> int:
    from watercolor_rig.app.doctor.check_up import DoctorOptions, check_up  # noqa: PLC0415 - as above

    options = DoctorOptions(
        config=arguments.config,
        endpoints_dir=arguments.endpoints_dir,
        sequences_dir=arguments.sequences_dir,
        read_data=arguments.read_data,
        fix=arguments.fix,
        engine=arguments.engine,
        settings=_settings(arguments),
    )
    return check_up(options, console.emit, _toolbox(console))


def _settings(arguments: argparse.Namespace) -> "EngineSettings":
    from watercolor_rig.engines.api import EngineSettings  # noqa: PLC0415 - as above

    flags = {name: getattr(arguments, name) for name in ("method", "device") if name in arguments}
    options = flags | parse_options(arguments.engine_option)
    return EngineSettings(arguments.size, arguments.model, arguments.quality, options)


def _budget(arguments: argparse.Namespace) -> "Budget":
    from watercolor_rig.app.budget import Budget  # noqa: PLC0415 - as above

    return Budget(arguments.max_cost, arguments.max_calls, assume_yes=arguments.yes)


def _quality(arguments: argparse.Namespace, *, fall_back: bool) -> "QualityOptions":
    from watercolor_rig.app.quality_tries import QualityOptions  # noqa: PLC0415 - as above

    return QualityOptions(
        arguments.retries_for_quality,
        repair=not arguments.no_repair,
        snap_alpha=not arguments.keep_alpha,
        fall_back=fall_back,
    )


def _toolbox(console: Console) -> "Toolbox":
    from watercolor_rig.app.toolbox import Toolbox  # noqa: PLC0415 - as above
    from watercolor_rig.store.limits import state_folder  # noqa: PLC0415 - as above

    environment = dict(os.environ)
    return Toolbox(
        environment=environment,
        interrupts=_interrupts_go_to,
        state_folder=lambda: state_folder(environment),
        ask=console.asker(),
    )


@contextlib.contextmanager
def _interrupts_go_to(lanes: "Lanes") -> Iterator[None]:
    """Let Ctrl-C and a polite kill wake the driver, which ends in good order; what a shell has silenced stays so."""
    signals = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) != signal.SIG_IGN]
    before = [signal.signal(number, lambda _number, _frame: lanes.interrupt()) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _guarded(command: Command, arguments: argparse.Namespace) -> int:
    """Run a command; an error of the tree becomes a line and its exit status."""
    try:
        with open_console(as_json=arguments.json, verbose=arguments.verbose) as console:
            try:
                return command(arguments, console)
            except RigError as error:
                console.fail(error)
                return error.exit_status
    except KeyboardInterrupt:
        _leave_at_once()


def _leave_at_once() -> NoReturn:
    """End without waiting for calls under way: their threads would hold an ordinary exit back for minutes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, ValueError, AttributeError):  # whoever read them may have gone
        sys.stdout.flush()
        sys.stderr.write("[!] Ended at once; calls under way may still be billed. The next run continues.\n")
        sys.stderr.flush()
    os._exit(INTERRUPTED)


def _version() -> str:
    from watercolor_rig import __version__  # noqa: PLC0415 - as above

    return f"watercolor-rig {__version__}"
