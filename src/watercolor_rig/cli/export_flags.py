"""The flags of `watercolor-rig export`."""

import argparse
from pathlib import Path

from watercolor_rig.cli.flag_values import read_fps
from watercolor_rig.cli.flags import add_output_flags
from watercolor_rig.core.colours import Colour, read_colour
from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.names import BUILT_IN

MIN_SCALE, MAX_SCALE = 0.01, 4


def add_export_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `watercolor-rig export` takes."""
    parser.add_argument(
        "format", metavar="FORMAT", help=f"what to make: {', '.join(BUILT_IN)}, or an installed plug-in"
    )
    parser.add_argument(
        "--sequences-dir", type=Path, default=Path("frames/sequences"), metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument("--outdir", type=Path, metavar="DIR", help="default: export/FORMAT")
    parser.add_argument("--only", metavar="PATTERN", help="only sequences that match")
    parser.add_argument("--fps", type=read_fps, default=12.0, help="frames a second, 1 to 60 (default: 12)")
    parser.add_argument("--scale", type=_scale, default=1.0, metavar="FACTOR", help="0.01 to 4 (default: 1)")
    parser.add_argument(
        "--background", type=_colour, metavar="COLOUR", help="such as '#ffffff'; without it, clear pixels stay clear"
    )
    parser.add_argument(
        "--option", action="append", default=[], metavar="KEY=VALUE", help="a setting of the format; may be repeated"
    )
    add_output_flags(parser)


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise argparse.ArgumentTypeError(f"{text!r} is no factor from {MIN_SCALE} to {MAX_SCALE}")
    return scale


def _colour(text: str) -> Colour:
    try:
        return read_colour(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
