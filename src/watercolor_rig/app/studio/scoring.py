"""What can be measured of a sequence's frames without knowing the truth, from their pixels alone.

It needs the image libraries, so the studio imports it in worker processes only. The measures are those of
`imaging.judge`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from watercolor_rig.app.studio.scores import FAULTS, Scores
from watercolor_rig.imaging.change import Mask, still_region
from watercolor_rig.imaging.judge.measures import NOISE_LEVELS, Seen, distance, drift_px, seen
from watercolor_rig.imaging.picture import Rgba

_NOISE = np.float32(NOISE_LEVELS / 255)


@dataclass(frozen=True, slots=True)
class _Frame:
    t: Fraction
    pixels: Rgba
    seen: Seen


def score(frames: Sequence[tuple[Fraction, Rgba]]) -> list[Scores]:
    """Return the scores of a sequence's frames.

    Args:
        frames: At least two, ascending, the endpoints included: position and pixels, uint8 (height, width, 4), all of
            one shape.
    """
    return list(score_each(frames, frames[0][1], frames[-1][1]))


def score_each(frames: Iterable[tuple[Fraction, Rgba]], start: Rgba, end: Rgba) -> Iterator[Scores]:
    """Yield the scores of a sequence's frames while they come; at most five are held, however many there are.

    Args:
        frames: As for `score`; each is taken one ahead of its scores.
        start: The first of them.
        end: The last of them.
    """
    first, last = _looked_at(Fraction(0), start), _looked_at(Fraction(1), end)
    still = still_region(start, end)
    whole = _distance(first, last)
    ahead = 0.0
    for before, frame, after in _with_neighbours(_looked_at(t, pixels) for t, pixels in frames):
        is_key = before is None or after is None
        made = _measured(frame, before or frame, first, last, still, is_key=is_key)
        detour = 1.0 if before is None or after is None else _detour(before, frame, after, whole)
        faults = () if is_key else tuple(FAULTS.find(made, float(frame.t), detour, ahead))
        ahead = made.progress
        yield made.with_faults(faults)


def _looked_at(t: Fraction, pixels: Rgba) -> _Frame:
    return _Frame(t, pixels, seen(pixels))


def _with_neighbours(frames: Iterable[_Frame]) -> Iterator[tuple[_Frame | None, _Frame, _Frame | None]]:
    """Yield each frame between the one before it and the one after it."""
    before: _Frame | None = None
    current: _Frame | None = None
    for frame in frames:
        if current is not None:
            yield before, current, frame
        before, current = current, frame
    if current is not None:
        yield before, current, None


def _measured(frame: _Frame, before: _Frame, start: _Frame, end: _Frame, still: Mask, *, is_key: bool) -> Scores:
    differs = np.abs(frame.seen - start.seen).max(axis=2) > _NOISE
    away = differs & (np.abs(frame.seen - end.seen).max(axis=2) > _NOISE)
    from_start, from_end = _distance(frame, start), _distance(frame, end)
    progress = float(frame.t) if from_start + from_end == 0 else from_start / (from_start + from_end)
    return Scores(
        step=_distance(frame, before),
        progress=progress,
        changed=float(differs.mean()),
        stray=float((away & still).mean()),
        drift_px=0.0 if is_key else drift_px(frame.pixels, start.pixels, still),
        faults=(),
    )


def _distance(first: _Frame, second: _Frame) -> float:
    return distance(first.seen, second.seen)


def _detour(before: _Frame, frame: _Frame, after: _Frame, whole: float) -> float:
    """Return how much longer the way is by this frame than without it, 1 being straight on.

    Where its neighbours look alike, the share of the whole movement that lies between them is what is taken as due.
    """
    due = whole * float(after.t - before.t)
    direct = max(_distance(before, after), due)
    over = _distance(before, frame) + _distance(frame, after)
    return 1.0 if over == 0 else over / direct if direct else float("inf")
