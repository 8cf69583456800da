"""The flags of every command, in one place: the scripts at the root and the sub-commands share them."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from watercolor_rig import __version__
from watercolor_rig.cli.flag_values import (
    DEFAULT_SIZE,
    read_calls,
    read_depth,
    read_dollars,
    read_fps,
    read_port,
    read_rate,
    read_size,
    read_take,
    read_times,
    read_workers,
)
from watercolor_rig.core.easing import EASINGS, LINEAR
from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.sheets import SHEET
from watercolor_rig.core.times import MAX_DEPTH
from watercolor_rig.engines.local.options import AUTO, DEVICES, METHODS

EXIT_STATUS = (
    "exit status: 0 every wanted frame exists; 1 some frame failed or is blocked; "
    "2 bad usage, bad config or nothing matched; 130 interrupted"
)


def add_sequence_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `generate_all_sequences.py` takes."""
    _add_config(parser)
    _add_folders(parser)
    _add_times(parser)
    parser.add_argument("--overwrite", action="store_true", help="make existing tweens again")
    parser.add_argument("--refresh", action="store_true", help="make tweens again whose endpoints have changed since")
    parser.add_argument(
        "--final", action="store_true", help="make tweens again that the local engine drew as drafts; others stay"
    )
    parser.add_argument(
        "--only", metavar="PATTERN", help="only sequences that match, such as 'neutral_to_*' or 'a__center,b__left'"
    )
    parser.add_argument("--no-reuse-reversed", action="store_true", help="draw a→b and b→a separately instead of once")
    _add_engine_flags(parser)
    _add_quality_flags(parser)
    _add_no_fall_back(parser)
    parser.add_argument(
        "--strategy",
        choices=["single", SHEET],
        default="single",
        help="what an image service is asked for: a picture for each tween, or (experimental) one with all tweens of a "
        "sequence, which is cut up (default: %(default)s)",
    )
    _add_way_flags(parser)
    _add_easing(parser)
    parser.add_argument(
        "--anchor", choices=["neutral"], help="also send the pose's neutral to an image service (costs more)"
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="draw on the workers of a Dask cluster instead, such as tcp://127.0.0.1:8786; for engines that work on "
        "a machine's own processor (--max-workers does not count then)",
    )
    parser.add_argument(
        "--cluster-store",
        metavar="URL",
        help="where the machines of the cluster exchange pictures: file:///folder or s3://bucket/prefix (default: "
        ".watercolor-rig/cluster in the project)",
    )
    _add_run_flags(parser)


def add_expression_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `generate_extreme_expressions.py` takes."""
    _add_config(parser)
    parser.add_argument(
        "--base-image", type=Path, required=True, metavar="FILE", help="the neutral portrait at this pose"
    )
    parser.add_argument("--pose", default="center", help="default: %(default)s")
    parser.add_argument(
        "--outdir", type=Path, default=Path("frames/endpoints"), metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument("--include-neutral", action="store_true", help="let the model redraw neutral too")
    parser.add_argument("--overwrite", action="store_true", help="make existing expressions again")
    parser.add_argument(
        "--only", metavar="PATTERN", help="only expressions that match, such as 'happy_*' or 'happy_big,angry'"
    )
    _add_engine_flags(parser)
    _add_quality_flags(parser)
    _add_run_flags(parser)


def add_head_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `generate_head_poses.py` takes."""
    _add_config(parser)
    parser.add_argument(
        "--endpoints-dir", type=Path, default=Path("frames/endpoints"), metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument(
        "--source-pose", metavar="POSE", help="the pose that heads are turned from (default: the config's first)"
    )
    parser.add_argument("--overwrite", action="store_true", help="make existing heads again")
    parser.add_argument(
        "--only", metavar="PATTERN", help="only heads that match, such as 'happy_*' or '*__left,neutral__right'"
    )
    _add_engine_flags(parser)
    _add_quality_flags(parser)
    _add_run_flags(parser)


def add_make_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig make` takes."""
    parser.add_argument(
        "portrait",
        nargs="?",
        type=Path,
        metavar="PORTRAIT",
        help="the neutral portrait (default: the neutral that lies among the endpoints)",
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=Path("expressions.json"),
        metavar="FILE",
        help="path to expressions.json (default: %(default)s)",
    )
    _add_folders(parser)
    parser.add_argument("--pose", help="the pose that the portrait shows (default: the config's first, or center)")
    _add_times(parser)
    _add_engine_flags(parser)
    parser.add_argument(
        "--tweens-by",
        default="auto",
        metavar="NAME",
        help="the engine for the tweens, such as local, where --engine is to make expressions and heads only; auto "
        "takes openai when OPENAI_API_KEY is set",
    )
    _add_quality_flags(parser)
    _add_no_fall_back(parser)
    _add_way_flags(parser)
    _add_easing(parser)
    _add_run_flags(parser)


def add_preview_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig preview` takes."""
    parser.add_argument(
        "--sequences-dir", type=Path, default=Path("frames/sequences"), metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument("--outdir", type=Path, default=Path("preview"), metavar="DIR", help="default: %(default)s")
    parser.add_argument("--fps", type=read_fps, default=12.0, help="frames a second, 1 to 60 (default: 12)")
    parser.add_argument("--only", metavar="PATTERN", help="only sequences that match")
    add_output_flags(parser)


def add_report_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig report` takes."""
    _add_folders(parser)
    parser.add_argument("--outdir", type=Path, default=Path("report"), metavar="DIR", help="default: %(default)s")
    parser.add_argument("--only", metavar="PATTERN", help="only sequences and expressions that match")
    add_output_flags(parser)


def add_inspect_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig inspect` takes."""
    parser.add_argument("sequence", metavar="SEQUENCE", help="name of a sequence's folder, such as a_to_b__center")
    parser.add_argument(
        "--sequences-dir", type=Path, default=Path("frames/sequences"), metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument("--outdir", type=Path, default=Path("inspect"), metavar="DIR", help="default: %(default)s")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="path to expressions.json, whose regions and axes name the parts"
    )
    _add_way_flags(parser)
    add_output_flags(parser)


def add_repair_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig repair` takes."""
    _add_config(parser)
    _add_folders(parser)
    parser.add_argument("--only", metavar="PATTERN", help="only expressions and sequences that match")
    _add_keep_alpha(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what would be repaired; write nothing")
    add_output_flags(parser)
    parser.epilog = EXIT_STATUS


def add_cost_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig cost` takes."""
    _add_project(parser)
    parser.add_argument(
        "--by", choices=["run", "sequence", "model", "outcome"], default="run", help="what to sum by (default: run)"
    )
    add_output_flags(parser)


def add_takes_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig takes` takes."""
    parser.add_argument(
        "frame",
        nargs="?",
        metavar="FRAME",
        help="only takes of a file such as a_to_b__center/050.png, of a sequence, or of an endpoint's file",
    )
    _add_project(parser)
    parser.add_argument("--restore", type=read_take, metavar="N", help="put take N into its place")
    add_output_flags(parser)


def add_studio_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig studio` takes."""
    parser.add_argument(
        "project",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="PROJECT",
        help="the folder with expressions.json and frames/, or an empty one to begin in (default: the current one)",
    )
    parser.add_argument(
        "--port", type=read_port, default=5174, metavar="N", help="default: %(default)s; 0 takes a free one"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen; anything but this computer's own needs a token (default: %(default)s)",
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address and open no browser")
    parser.add_argument("--token", action="store_true", help="ask for a token on this computer too")
    parser.add_argument(
        "--cors-origin", metavar="ORIGIN", help="let pages of this origin ask too, such as http://localhost:3000"
    )
    add_output_flags(parser)


def add_doctor_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig doctor` takes."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="path to expressions.json; without it, the folders speak for it"
    )
    _add_folders(parser)
    parser.add_argument("--read-data", action="store_true", help="read and hash every picture and every kept content")
    parser.add_argument("--fix", action="store_true", help="repair what can be repaired without losing anything")
    _add_engine_flags(parser)
    add_output_flags(parser)
    parser.epilog = "exit status: 0 nothing is wrong; 1 something is; 2 bad usage, or the project is being written"


def add_output_flags(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes."""
    parser.add_argument("--json", action="store_true", help="events as JSON lines, for programs")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more")
    parser.add_argument("--version", action="version", version=f"watercolor-rig {__version__}")


def parse_options(pairs: Sequence[str], flag: str = "--engine-option") -> dict[str, str]:
    """Return the settings of a flag such as `--engine-option KEY=VALUE`.

    Raises:
        UsageError: for one without `=`.
    """
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(f"{flag}: {pair!r} is no KEY=VALUE")
    return dict(pair.split("=", 1) for pair in pairs)


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="path to expressions.json")


def _add_times(parser: argparse.ArgumentParser) -> None:
    times = parser.add_mutually_exclusive_group()
    times.add_argument(
        "--max-depth",
        type=read_depth,
        default=2,
        metavar="N",
        help=f"rounds of halving, 1 to {MAX_DEPTH}: 1 makes t=0.5, 2 makes 3 tweens, 3 makes 7 (default: 2)",
    )
    times.add_argument(
        "--times", type=read_times, metavar="LIST", help="exact positions instead, such as 0.25,0.5,0.75 or 1/3"
    )


def _add_no_fall_back(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-fall-back",
        action="store_true",
        help="keep the best answer of an image service even if it is no good, instead of the local engine's tween",
    )


def _add_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--endpoints-dir", type=Path, default=Path("frames/endpoints"), metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument(
        "--sequences-dir", type=Path, default=Path("frames/sequences"), metavar="DIR", help="default: %(default)s"
    )


def _add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the folder that holds frames/ and .watercolor-rig/ (default: %(default)s)",
    )


def _add_engine_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine",
        default="auto",
        metavar="NAME",
        help="auto, openai, local, crossfade or an installed plug-in; auto takes openai when OPENAI_API_KEY is set "
        "(see 'watercolor-rig engines')",
    )
    parser.add_argument("--model", metavar="NAME", help="image model of the service (default: the engine's)")
    parser.add_argument(
        "--quality", metavar="LEVEL", help="low, medium or high, as the model has it (default: the engine's)"
    )
    parser.add_argument(
        "--size",
        type=read_size,
        default=read_size(DEFAULT_SIZE),
        metavar="WxH",
        help=f"canvas asked of the image service; files keep the size of their sources (default: {DEFAULT_SIZE})",
    )
    parser.add_argument(
        "--engine-option",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a further setting of the engine; may be repeated",
    )


def _add_quality_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--retries-for-quality",
        type=read_calls,
        default=1,
        metavar="N",
        help="ask an image service again, up to N times, for a picture that is no good (default: %(default)s)",
    )
    parser.add_argument(
        "--no-repair", action="store_true", help="take an image service's picture as it is: neither put back nor judged"
    )
    _add_keep_alpha(parser)


def _add_keep_alpha(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep-alpha", action="store_true", help="keep haze and near-opaque transparency of an image service's picture"
    )


def _add_way_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--method",
        choices=[AUTO, *METHODS],
        default=AUTO,
        help="how the local engine draws: one way for everything, for comparison, instead of the best for each part "
        "(default: auto)",
    )
    parser.add_argument(
        "--device",
        choices=DEVICES,
        default="cpu",
        help="where the local engine's learned flow runs; others than cpu need an onnxruntime for it (default: cpu)",
    )


def _add_easing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--easing",
        choices=list(EASINGS),
        default=LINEAR,
        help="how the change goes with time: t stays in the manifest, the picture is that of the eased t",
    )


def _add_run_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-workers",
        type=read_workers,
        metavar="N",
        help="parallel calls or processes (default: what the service's limit can use, 4 until one is known, and at "
        "most 4 processes)",
    )
    parser.add_argument(
        "--images-per-minute",
        type=read_rate,
        metavar="N",
        help="calls a minute that the service allows you (default: learnt, beginning with 5)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show the plan, the calls and the estimate; make nothing"
    )
    parser.add_argument(
        "--max-cost",
        type=read_dollars,
        metavar="USD",
        help="stop before a call that could take the run over this price",
    )
    parser.add_argument("--max-calls", type=read_calls, metavar="N", help="make no more than N calls in this run")
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask before a run that costs over $1")
    add_output_flags(parser)
    parser.epilog = EXIT_STATUS
