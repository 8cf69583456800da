"""Score the free engines against in-betweens that are known: one table, every row measured in this run.

    python benchmarks/tween_quality.py [--shared FOLDER] [--pairs] [SET ...]

Sets: gt_svg and gt_lottie of the shared folder, and `drawn` and `drawn-held`, made anew from DiceBear styles
(`drawn_truth.py`; nothing is tuned on the held ones). The measures are those of `data/tools/truth.py` in the shared
folder: PSNR (dB, higher is better) and ghost (share of changed pixels off by more than 10 %, lower is better) over the
changed pixels at t = 0.25, 0.5, 0.75; lock, the pixels altered outside what may move (must be 0). `behind` counts the
pairs whose mean PSNR is more than 0.5 dB under the best baseline of that pair. Seconds are per frame, PNG in and PNG
out for the engines; the array baselines save no PNG.
"""

import argparse
import importlib.util
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from truth_sets import SETS, Case, cases
from watercolor_rig.engines import crossfade, local
from watercolor_rig.engines.api import EngineSettings, TweenEngine, TweenRequest
from watercolor_rig.engines.local.network import load_network
from watercolor_rig.engines.local.options import METHODS
from watercolor_rig.imaging.change import bounding_box, changed_pixels
from watercolor_rig.imaging.flow import warp
from watercolor_rig.imaging.picture import decode
from watercolor_rig.imaging.premultiplied import from_premultiplied, over_grey, to_premultiplied

Pixels: TypeAlias = npt.NDArray[np.uint8]
Maker: TypeAlias = Callable[[Case], Pixels]

ROOT = Path(__file__).parents[1]
BEHIND_DB = 0.5
CONTEXT_PX = 24


@dataclass(frozen=True, slots=True)
class Score:
    """What one frame got.

    Attributes:
        pair: Its pair.
        psnr: In dB.
        ghost: A share.
        lock: Pixels.
        seconds: That it took.
    """

    pair: str
    psnr: float
    ghost: float
    lock: int
    seconds: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = os.environ.get("WATERCOLOR_RIG_SHARED", str(ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=Path(shared), help="folder that holds data/")
    parser.add_argument("--pairs", action="store_true", help="a line for each pair, too")
    parser.add_argument("sets", nargs="*", default=SETS, help="truth sets to run")
    chosen = parser.parse_args()
    tools = chosen.shared / "data/tools/truth.py"
    if not tools.is_file():
        sys.exit(f"{tools} is missing: name the folder with --shared or WATERCOLOR_RIG_SHARED")
    truth = load(tools)
    print(
        f"{'set':10s} {'method':18s} {'frames':>6s} {'psnr':>6s} {'worst':>6s} "
        f"{'ghost':>6s} {'lock':>6s} {'behind':>6s} {'s/frame':>8s}"
    )
    for name in chosen.sets:
        _report(truth, name, list(cases(name, chosen.shared)), each_pair=chosen.pairs)


def load(path: Path) -> ModuleType:
    """Return a Python file as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _report(truth: ModuleType, name: str, known: list[Case], *, each_pair: bool) -> None:
    best: dict[str, float] = defaultdict(lambda: -np.inf)
    for method, make in _baselines(truth).items():
        scores = _scores(truth, known, make)
        for pair, psnr in _by_pair(scores).items():
            best[pair] = max(best[pair], psnr)
        print(f"{name:10s} {method:18s} {_row(scores)} {'':6s} {_seconds(scores)}", flush=True)
    for method, make in _own().items():
        scores = _scores(truth, known, make)
        behind = {pair: psnr for pair, psnr in _by_pair(scores).items() if psnr < best[pair] - BEHIND_DB}
        print(f"{name:10s} {method:18s} {_row(scores)} {len(behind):6d} {_seconds(scores)}", flush=True)
        for pair, psnr in _by_pair(scores).items() if each_pair else ():
            print(f"    {pair:60s} {psnr:6.2f}  best baseline {best[pair]:6.2f}{'  BEHIND' * (pair in behind)}")


def _baselines(truth: ModuleType) -> dict[str, Maker]:
    def on_arrays(function: Callable[[Pixels, Pixels, float], Pixels]) -> Maker:
        return lambda case: function(decode(case.start, case.pair), decode(case.end, case.pair), float(case.t))

    return {
        "hold nearer end": on_arrays(lambda start, end, t: start if t < 0.5 else end),
        "crossfade": _by(crossfade.plugin.open_tweens(EngineSettings())),
        "DIS, whole frame": on_arrays(truth.dis),
        "RIFE, changed box": on_arrays(_rife),
    }


def _own() -> dict[str, Maker]:
    forced = {
        f"local {method}": _by(local.plugin.open_tweens(EngineSettings(options={"method": method})))
        for method in METHODS
    }
    return forced | {"local, chosen": _by(local.plugin.open_tweens(EngineSettings()))}


def _rife(start: Pixels, end: Pixels, t: float) -> Pixels:
    """Return the start with the box of what changes drawn by the network alone."""
    made = start.copy()
    box = bounding_box(changed_pixels(start, end))
    if box is None:
        return made
    cut = box.grown(CONTEXT_PX, start.shape).slices()
    first, second = to_premultiplied(start[cut]), to_premultiplied(end[cut])
    motion = load_network().motion(over_grey(first), over_grey(second), t)
    mask = motion.mask[..., None]
    made[cut] = from_premultiplied(
        warp(first, motion.to_first) * mask + warp(second, motion.to_second) * (np.float32(1) - mask)
    )
    return made


def _by(engine: TweenEngine) -> Maker:
    def make(case: Case) -> Pixels:
        request = TweenRequest(
            name=f"{case.pair} t={case.t}",
            start=case.start,
            end=case.end,
            start_t=Fraction(0),
            end_t=Fraction(1),
            t=case.t,
        )
        return decode(engine.tween(request).png, request.name)

    return make


def _scores(truth: ModuleType, known: Iterable[Case], make: Maker) -> list[Score]:
    scores = []
    for case in known:
        began = time.perf_counter()
        made = make(case)
        seconds = time.perf_counter() - began
        start, end, target = (decode(data, case.pair) for data in (case.start, case.end, case.known))
        psnr, ghost, lock = truth.measure(start, end, made, target)
        scores.append(Score(case.pair, psnr, ghost, lock, seconds))
    return scores


def _by_pair(scores: Iterable[Score]) -> dict[str, float]:
    found = defaultdict(list)
    for score in scores:
        found[score.pair].append(score.psnr)
    return {pair: float(np.mean(values)) for pair, values in found.items()}


def _row(scores: list[Score]) -> str:
    psnr, ghost = (np.array([getattr(score, name) for score in scores]) for name in ("psnr", "ghost"))
    lock = sum(score.lock for score in scores)
    return f"{len(scores):6d} {psnr.mean():6.2f} {psnr.min():6.2f} {ghost.mean():6.1%} {lock:6d}"


def _seconds(scores: list[Score]) -> str:
    return f"{sum(score.seconds for score in scores) / len(scores):8.2f}"


if __name__ == "__main__":
    main()
