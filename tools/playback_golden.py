"""Writes what the timing rule says, for the Python and the TypeScript tests alike, into tests/golden.

`playback.json` has the frames that the studio's player shows; `exports.json` has those of exported films and how long
each stands there, so that both show the same frame at the same time.

Usage: playback_golden.py [--check]
"""

import json
import sys
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np

from watercolor_rig.core.playback import Loop, Section, Spacing, frame_at, steps
from watercolor_rig.export.api import Clip, ClipFrame
from watercolor_rig.export.timing import at_each_tick, durations, round_of

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "golden"

TIMES = [
    [0.0],
    [0.0, 1.0],
    [0.0, 0.25, 0.5, 0.75, 1.0],
    [0.0, 0.1, 0.5, 0.9, 1.0],
    [0.0, 0.125, 0.25, 0.3333333333333333, 1.0],
    [0.25, 0.5, 0.625],
]
MOMENTS = [(0.0, 12.0), (41.0, 24.0), (83.4, 12.0), (250.0, 12.0), (333.3, 60.0), (1000.0, 1.0), (7777.7, 23.976)]


def golden() -> list[dict[str, object]]:
    """Return every case with its answer."""
    cases: list[dict[str, object]] = []
    for times, loop, spacing, backwards in product(TIMES, Loop, Spacing, (False, True)):
        last = len(times) - 1
        for section in [None, *([Section(1, last - 1)] if last > 1 else [])]:
            round_ = steps(times, loop, spacing, backwards=backwards, section=section)
            shown = [frame_at(elapsed, fps, round_, loop) for elapsed, fps in MOMENTS]
            cases.append(
                {
                    "times": times,
                    "loop": loop.value,
                    "spacing": spacing.value,
                    "backwards": backwards,
                    "section": [section.first, section.last] if section else None,
                    "steps": [[step.index, step.ticks] for step in round_],
                    "shown": [
                        [elapsed, fps, frame.index, frame.ended]
                        for (elapsed, fps), frame in zip(MOMENTS, shown, strict=True)
                    ],
                }
            )
    return cases


RATES = [1.0, 12.0, 23.976, 24.0, 50.0]
UNITS = [100, 1000]
"""A GIF counts hundredths of a second, everything else milliseconds."""


def exports() -> list[dict[str, object]]:
    """Return every case of an exported film: pictures with durations, and pictures tick by tick."""
    cases: list[dict[str, object]] = []
    for times, loop, fps in product(TIMES, Loop, RATES):
        clip = _clip(times)
        round_ = round_of(clip, loop)
        cases.append(
            {
                "times": times,
                "loop": loop.value,
                "fps": fps,
                "indices": [step.index for step in round_],
                "durations": {str(units): durations(round_, fps, units) for units in UNITS},
                "ticks": at_each_tick(clip, loop),
            }
        )
    return cases


def _clip(times: list[float]) -> Clip:
    empty = np.zeros((1, 1, 4), np.uint8)
    frames = tuple(ClipFrame(Fraction(t), "frame", lambda: empty, lambda: b"") for t in times)
    return Clip("clip", "", "", "", (1, 1), frames)


def text(cases: list[dict[str, object]]) -> str:
    """Return a file's text, one case a line."""
    return "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n"


def main() -> int:
    """Return the exit status."""
    is_old = False
    for file, cases in ((FOLDER / "playback.json", golden()), (FOLDER / "exports.json", exports())):
        if "--check" not in sys.argv[1:]:
            file.write_text(text(cases), encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != text(cases):
            print(f"{file}: old; run tools/playback_golden.py", file=sys.stderr)
            is_old = True
    return int(is_old)


if __name__ == "__main__":
    sys.exit(main())
