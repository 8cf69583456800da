"""What an in-between of the embedded engine costs: processor time against DIS flow on the whole frame, and peak memory.

Two pairs of 1024×1536: a face, in which a mouth and two eyes change (the adventurer on a taller canvas), and a figure
that moved as a whole (the same drawing 12 px further). The engine works on a pair once and then draws its frames; one
frame alone, the work of the pair included, costs more than each of three. Engine and DIS take turns, and each ratio is
of two measurements side by side, in processor time of one thread; the median and the extremes of the rounds are shown.
Memory is the peak of a process of its own that does nothing else, after one pair and after four one after another.

    .venv/bin/python benchmarks/tween_cost.py [ROUNDS]
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
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
FACES = ("neutral", "surprised_ah", "blink_closed", "speaking_ee", "happy_big")
HEIGHT_PX = 1536
MOVED_PX = 12
POSITIONS = (Fraction(1, 2), Fraction(1, 4), Fraction(3, 4))

Pair = tuple[bytes, bytes]


def main() -> None:
    """Print the table."""
    cv2.setNumThreads(1)
    faces = [_tall(name) for name in FACES]
    pairs = [(encode_png(faces[0]), encode_png(face)) for face in faces[1:]]
    if sys.argv[1:2] == ["--memory"]:
        _draw_all(pairs[: int(sys.argv[2])])
        print(_peak_mb())
        return
    rounds = int(sys.argv[1]) if sys.argv[1:] else 5
    for count in (1, len(pairs)):
        command = [sys.executable, __file__, "--memory", str(count)]
        peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        print(
            f"peak memory of a worker, pairs of faces drawn: {count}: {float(peak):4.0f} MB (aim: at most 450)",
            flush=True,
        )
    _by_engine(pairs[0], POSITIONS[:1])
    moved = encode_png(faces[0]), encode_png(np.roll(faces[0], MOVED_PX, axis=1))
    for name, pair in (("face", pairs[0]), ("whole figure", moved)):
        _compare(name, pair, rounds)


def _compare(name: str, pair: Pair, rounds: int) -> None:
    """Print what frames of a pair cost against DIS, both in each round."""
    alone, three, dis = [], [], []
    for _ in range(rounds):
        alone.append(_seconds(lambda: _by_engine(pair, POSITIONS[:1])))
        dis.append(_seconds(lambda: _by_dis(pair, POSITIONS)) / len(POSITIONS))
        three.append(_seconds(lambda: _by_engine(pair, POSITIONS)) / len(POSITIONS))
    print(f"{name}: DIS on the whole frame {median(dis):.2f} s a frame")
    for what, taken in (("three frames, each", three), ("one frame alone", alone)):
        ratios = sorted(ours / theirs for ours, theirs in zip(taken, dis, strict=True))
        spread = f"{ratios[0]:.1f} to {ratios[-1]:.1f}"
        print(f"{name}: {what:18s} {median(taken):5.2f} s, {median(ratios):4.1f} times DIS ({spread})", flush=True)


def _tall(name: str) -> Rgba:
    picture = decode((ENDPOINTS / f"{name}__center.png").read_bytes(), name)
    return np.pad(picture, ((HEIGHT_PX - picture.shape[0], 0), (0, 0), (0, 0)))


def _seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _draw_all(pairs: Sequence[Pair]) -> None:
    """Draw as a worker does: one engine, pair after pair."""
    engine = plugin.open_tweens(EngineSettings())
    for start, end in pairs:
        for t in POSITIONS:
            engine.tween(TweenRequest("frame", start, end, Fraction(0), Fraction(1), t))


def _peak_mb() -> float:
    """Return the largest resident size of this process; `getrusage` would count that of its parent, too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    if found is None:
        sys.exit("/proc/self/status names no VmHWM; memory can be measured on Linux only")
    return int(found[1]) / 1024


def _by_engine(pair: Pair, positions: Sequence[Fraction]) -> None:
    """Draw with a new engine, so that the work of a pair is counted."""
    engine = plugin.open_tweens(EngineSettings())
    for t in positions:
        engine.tween(TweenRequest("frame", *pair, Fraction(0), Fraction(1), t))


def _by_dis(pair: Pair, positions: Sequence[Fraction]) -> None:
    """Draw each frame as a plain interpolator does: decode, flow both ways, warp, blend, encode."""
    for t in map(float, positions):
        first, second = (to_premultiplied(decode(end, "end")) for end in pair)
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
