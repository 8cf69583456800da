"""Writes tests/golden/playback.json: what the timing rule says, for the Python and the TypeScript tests alike.

Usage: playback_golden.py [--check]
"""

import json
import sys
from itertools import product
from pathlib import Path

from watercolor_rig.core.playback import Loop, Section, Spacing, frame_at, steps

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden" / "playback.json"

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


def text() -> str:
    """Return the file's text, one case a line."""
    return "[\n" + ",\n".join(json.dumps(case) for case in golden()) + "\n]\n"


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(0 if GOLDEN.read_text(encoding="utf-8") == text() else f"{GOLDEN}: old; run tools/playback_golden.py")
    GOLDEN.write_text(text(), encoding="utf-8")
