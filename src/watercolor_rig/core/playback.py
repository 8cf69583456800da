"""Which frame stands on the screen when: one rule for the studio's player and for everything that is exported.

A sequence is played in ticks; at n frames a second a tick takes 1/n s. A frame stands until the moment of the next one
comes, so its ticks are its distance in t to the next frame, in units of the mean distance: evenly spaced frames stand
one tick each. Played backwards, a frame stands until the one before it comes. What has no next frame stands one tick.

The player has the same rule in TypeScript (`player/src/timing.ts`). Both are tested against
`tests/golden/playback.json`, and both add and multiply in the same order, so that not even a rounding differs.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise


class Loop(StrEnum):
    """What happens at the end."""

    ONCE = "once"
    """The last frame stays."""
    LOOP = "loop"
    """The first frame follows the last."""
    PING_PONG = "ping-pong"
    """Forth and back, without showing either end twice."""


class Spacing(StrEnum):
    """How long a frame stands."""

    TRUE = "true"
    """As its distance in t says."""
    UNIFORM = "uniform"
    """One tick, whatever its t."""


@dataclass(frozen=True, slots=True)
class Step:
    """A frame, by its place among all frames of the sequence, and how long it stands, in ticks."""

    index: int
    ticks: float


@dataclass(frozen=True, slots=True)
class Section:
    """The frames that play, by their places: both ends are part of it."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The frame to show now; `ended` once there is nothing more to come."""

    index: int
    ended: bool


def steps(
    times: Sequence[float],
    loop: Loop,
    spacing: Spacing = Spacing.TRUE,
    *,
    backwards: bool = False,
    section: Section | None = None,
) -> tuple[Step, ...]:
    """Return the frames of one round in the order in which they are shown.

    Args:
        times: Positions of all frames of the sequence, strictly ascending, at least one.
        loop: What happens at the end; a ping-pong's round is forth and back.
        spacing: How long a frame stands.
        backwards: Whether the round begins at its other end.
        section: The part that plays; None for all. The pace is that of the whole sequence.

    Raises:
        ValueError: for times that do not ascend, none at all, or a section outside them.
    """
    gaps = _gaps(times, spacing)
    first, last = (section.first, section.last) if section else (0, len(times) - 1)
    if not 0 <= first <= last < len(times):
        raise ValueError(f"section {first}–{last} of {len(times)} frames: expected two places in order")
    forth = [Step(index, gaps[index]) for index in range(first, last)]
    back = [Step(index, gaps[index - 1]) for index in range(last, first, -1)]
    if loop is Loop.PING_PONG and first < last:
        return tuple(back + forth if backwards else forth + back)
    return (*back, Step(first, 1.0)) if backwards else (*forth, Step(last, 1.0))


def frame_at(elapsed_ms: float, fps: float, round_: Sequence[Step], loop: Loop) -> Shown:
    """Return the frame to show `elapsed_ms` after the start of a round that `steps` returned.

    Args:
        elapsed_ms: At least 0.
        fps: Ticks a second, above 0; a speed multiplies it.
        round_: The steps of one round.
        loop: As given to `steps`.
    """
    return shown_after(elapsed_ms * fps / 1000, round_, loop)


def shown_after(ticks: float, round_: Sequence[Step], loop: Loop) -> Shown:
    """Return the frame to show when `ticks`, at least 0, have passed since the start of a round."""
    ends = list(accumulate(step.ticks for step in round_))
    if loop is Loop.ONCE and ticks >= ends[-1]:
        return Shown(round_[-1].index, ended=True)
    return Shown(round_[bisect_right(ends, math.fmod(ticks, ends[-1]))].index, ended=False)


def _gaps(times: Sequence[float], spacing: Spacing) -> list[float]:
    """Return the ticks between each frame and the next."""
    if not times or any(late <= early for early, late in pairwise(times)):
        raise ValueError(f"times {list(times)!r}: expected at least one, strictly ascending")
    if spacing is Spacing.UNIFORM:
        return [1.0] * (len(times) - 1)
    mean = (times[-1] - times[0]) / max(1, len(times) - 1)
    return [(late - early) / mean for early, late in pairwise(times)]
