"""What one in-between of the embedded engine costs: seconds against DIS flow on the whole frame, and peak memory.

A frame of 1024×1536 in which a mouth and two eyes change (the adventurer on a taller canvas). Both are measured in this
run, in turns, in processor time of one thread. Memory is the peak of the process, measured by the engine alone.

    .venv/bin/python benchmarks/tween_cost.py [ROUNDS]
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from watercolor_rig.engines.api import EngineSettings, TweenRequest
from watercolor_rig.engines.local import plugin
from watercolor_rig.imaging.flow import warp
from watercolor_rig.imaging.picture import Rgba, decode, encode_png
from watercolor_rig.imaging.premultiplied import Premultiplied, from_premultiplied, over_grey, to_premultiplied

ENDPOINTS = Path(__file__).parents[1] / "examples/adventurer/frames/endpoints"
ENDS = ("neutral", "surprised_ah")
HEIGHT_PX = 1536
POSITIONS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


def main() -> None:
    """Print the table."""
    cv2.setNumThreads(1)
    ends = [encode_png(_tall(name)) for name in ENDS]
    if sys.argv[1:] == ["--memory"]:
        _by_engine(ends)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    rounds = int(sys.argv[1]) if sys.argv[1:] else 3
    _by_engine(ends)
    engine, dis = (median(_seconds(way, ends) for _ in range(rounds)) / len(POSITIONS) for way in (_by_engine, _by_dis))
    print(f"DIS on the whole frame:     {dis:6.2f} s a frame")
    print(f"engine local, three frames: {engine:6.2f} s a frame, {engine / dis:.1f} times (aim: at most 4)")
    peak = subprocess.run([sys.executable, __file__, "--memory"], capture_output=True, text=True, check=True).stdout
    print(f"peak memory of a worker:    {float(peak):6.0f} MB (aim: at most 450)")


def _tall(name: str) -> Rgba:
    picture = decode((ENDPOINTS / f"{name}__center.png").read_bytes(), name)
    return np.pad(picture, ((HEIGHT_PX - picture.shape[0], 0), (0, 0), (0, 0)))


def _seconds(way: Callable[[list[bytes]], None], ends: list[bytes]) -> float:
    began = time.process_time()
    way(ends)
    return time.process_time() - began


def _by_engine(ends: list[bytes]) -> None:
    """Draw with a new engine, so that the work of a pair is counted."""
    engine = plugin.open_tweens(EngineSettings())
    for t in POSITIONS:
        engine.tween(TweenRequest("frame", ends[0], ends[1], Fraction(0), Fraction(1), t))


def _by_dis(ends: list[bytes]) -> None:
    """Draw each frame as a plain interpolator does: decode, flow both ways, warp, blend, encode."""
    for t in map(float, POSITIONS):
        first, second = (to_premultiplied(decode(end, "end")) for end in ends)
        moved = _moved(first, second, t) * np.float32(1 - t) + _moved(second, first, 1 - t) * np.float32(t)
        encode_png(from_premultiplied(moved))


def _moved(picture: Premultiplied, towards: Premultiplied, share: float) -> Premultiplied:
    source, target = (
        np.rint(cv2.cvtColor(over_grey(end), cv2.COLOR_RGB2GRAY) * 255).astype(np.uint8) for end in (picture, towards)
    )
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow = np.asarray(search.calc(source, target, np.zeros((*source.shape, 2), np.float32)), np.float32)
    return warp(picture, flow * np.float32(-share))


if __name__ == "__main__":
    main()
