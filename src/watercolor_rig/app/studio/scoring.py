"""What can be measured of a sequence's frames without knowing the truth, from their pixels alone.

Only worker processes import this: it needs the image libraries. The measures are those of `imaging.judge`.
"""

from collections.abc import Sequence
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
    looked = [_Frame(t, pixels, seen(pixels)) for t, pixels in frames]
    start, end = looked[0], looked[-1]
    still = still_region(start.pixels, end.pixels)
    whole = _distance(start, end)
    scores: list[Scores] = []
    for at, frame in enumerate(looked):
        before, after = looked[max(0, at - 1)], looked[min(len(looked) - 1, at + 1)]
        is_key = at in (0, len(looked) - 1)
        made = _measured(frame, before, start, end, still, is_key=is_key)
        detour = 1.0 if is_key else _detour(before, frame, after, whole)
        ahead = scores[-1].progress if scores else 0.0
        faults = () if is_key else tuple(FAULTS.find(made, float(frame.t), detour, ahead))
        scores.append(made.with_faults(faults))
    return scores


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
