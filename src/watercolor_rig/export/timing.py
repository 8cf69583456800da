"""When which frame stands in an exported file: the studio's rule (`core.playback`), in the units that formats count in.

Moments are rounded, not durations, so that the parts of a long film do not drift from each other. Exports and the
studio's player are both held to `tests/golden/exports.json`: the same frame at the same time.
"""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

from watercolor_rig.core.playback import Loop, Step, shown_after, steps
from watercolor_rig.export.api import Clip, Setting

_LATE = 1e-9
"""Ticks; a frame whose moment has come but for a rounding is shown."""

LOOP = Setting(
    "ping-pong",
    ("once", "loop", "ping-pong"),
    "`once` stops at the last frame, `loop` begins again, `ping-pong` plays forth and back",
)
"""The setting of formats that play by themselves."""


def round_of(clip: Clip, loop: Loop = Loop.ONCE) -> tuple[Step, ...]:
    """Return the frames of one round in order, with the ticks that each stands."""
    return steps(clip.times, loop)


def durations(round_: Sequence[Step], fps: float, units_per_s: int = 1000, least: int = 1) -> list[int]:
    """Return how long each frame of a round stands, in whole units.

    Args:
        round_: What `round_of` returned.
        fps: Ticks a second.
        units_per_s: 1000 for milliseconds, 100 for hundredths.
        least: Units that a frame stands at least; frames after one that was held longer come sooner, if they can.
    """
    moments = [0]
    for ticks in accumulate(step.ticks for step in round_):
        moments.append(max(moments[-1] + least, math.floor(ticks * units_per_s / fps + 0.5)))
    return [late - early for early, late in pairwise(moments)]


def at_each_tick(clip: Clip, loop: Loop = Loop.ONCE) -> list[int]:
    """Return the place of the frame that stands when each tick of a round begins: for formats of one rate."""
    round_ = round_of(clip, loop)
    count = max(1, round(sum(step.ticks for step in round_)))
    return [shown_after(tick + _LATE, round_, loop).index for tick in range(count)]
