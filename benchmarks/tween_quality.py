"""Score the free engines against in-betweens that are known: one table, every row measured in this run.

    python benchmarks/tween_quality.py [--shared FOLDER] [SET ...]

The measures are those of `data/tools/truth.py` in the shared folder: PSNR (dB, higher is better) and ghost (share of
changed pixels off by more than 10 %, lower is better) over the changed pixels at t = 0.25, 0.5, 0.75; lock, the pixels
altered outside what may move (must be 0). Seconds are per frame, all three frames of a pair by one engine, PNG in and
PNG out for the engines; the array baselines save no PNG.
"""

import argparse
import importlib.util
import os
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from watercolor_rig.engines import crossfade, local
from watercolor_rig.engines.api import EngineSettings, TweenEngine, TweenRequest
from watercolor_rig.imaging.picture import decode

Pixels: TypeAlias = npt.NDArray[np.uint8]
Maker: TypeAlias = Callable[[Path, Path, float], Pixels]

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = os.environ.get("WATERCOLOR_RIG_SHARED", str(ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=Path(shared), help="folder that holds data/")
    parser.add_argument("sets", nargs="*", default=["gt_svg", "gt_lottie"], help="truth sets to run")
    chosen = parser.parse_args()
    tools = chosen.shared / "data/tools/truth.py"
    if not tools.is_file():
        sys.exit(f"{tools} is missing: name the folder with --shared or WATERCOLOR_RIG_SHARED")
    truth = load(tools)
    makers = _makers(truth)
    print(
        f"{'set':10s} {'method':18s} {'frames':>6s} {'psnr':>6s} {'worst':>6s} "
        f"{'ghost':>6s} {'lock':>6s} {'s/frame':>8s}"
    )
    for name in chosen.sets:
        for method, make in makers.items():
            print(f"{name:10s} {method:18s} {_row(truth, chosen.shared / 'data/truth' / name, make)}", flush=True)


def load(path: Path) -> ModuleType:
    """Return a Python file as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _makers(truth: ModuleType) -> dict[str, Maker]:
    def on_arrays(function: Callable[[Pixels, Pixels, float], Pixels]) -> Maker:
        return lambda start, end, t: function(truth.raw(start), truth.raw(end), t)

    settings = EngineSettings()
    return {
        "hold nearer end": on_arrays(lambda start, end, t: start if t < 0.5 else end),
        "DIS, whole frame": on_arrays(truth.dis),
        "engine crossfade": _by(crossfade.plugin.open_tweens(settings)),
        "engine local": _by(local.plugin.open_tweens(settings)),
    }


def _by(engine: TweenEngine) -> Maker:
    def make(start: Path, end: Path, t: float) -> Pixels:
        request = TweenRequest(
            name=f"{start.stem} t={t}",
            start=start.read_bytes(),
            end=end.read_bytes(),
            start_t=Fraction(0),
            end_t=Fraction(1),
            t=Fraction(t),
        )
        return decode(engine.tween(request).png, request.name)

    return make


def _row(truth: ModuleType, folder: Path, make: Maker) -> str:
    scores, seconds = [], 0.0
    for _, t, start, end, known in truth.cases(folder):
        began = time.perf_counter()
        made = make(start, end, t)
        seconds += time.perf_counter() - began
        scores.append(truth.measure(truth.raw(start), truth.raw(end), made, truth.raw(known)))
    psnr, ghost, lock = (np.array(column) for column in zip(*scores, strict=True))
    return (
        f"{len(scores):6d} {psnr.mean():6.2f} {psnr.min():6.2f} {ghost.mean():6.1%} {int(lock.sum()):6d} "
        f"{seconds / len(scores):8.2f}"
    )


if __name__ == "__main__":
    main()
