"""Which way of drawing is taken for each part of a region: once for all positions, so that it never flickers.

Every candidate draws the whole region; each part is judged at three positions, and shows the candidate that looks best
there. Between parts lies skin that no candidate moves, so the borders do not show. Where a shape crosses such a border
(two candidates differ there), the parts are one after all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.candidates import Candidate
from watercolor_rig.engines.local.scoring import Seen, Verdict, judge
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.parts import Part, joined
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey

Small: TypeAlias = npt.NDArray[np.float16]
"""float16, (height, width, 3)."""

LOOKED_AT = (0.25, 0.5, 0.75)
"""Positions that a choice is made by."""

POOR = 1.2
"""From this score on a part is worth a warning."""

_HANDICAPS = {"learned": 1.25, "shape": 0.9}
"""What looks as good may be less true: the learned flow hides that it does not know by a soft, plausible picture. And
shapes that could be told apart are worth more than the score sees: a flow that is hardly better doubles one.
"""

_JUMPS = 0.6
_JUMP_HANDICAP = 1.6
"""What shows one end until it shows the other looks like that end throughout; it is taken if nothing else will do."""

_DOUBT = 0.05

_SPARED, _TRUSTED, _GOOD = {"learned"}, {"shape"}, 0.6
"""The costly learned flow is not asked where shapes draw every part this well: it has never won there."""

_SEAM_PX = 3
_SEAM_SHOWS = 0.06
_SOFT_PX = 2.0


_NONE: Mapping[str, Verdict] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What draws a part, and how it compares.

    Attributes:
        part: The part.
        method: Of the candidate that draws it.
        verdicts: Of each candidate that was tried by its method, means over the positions looked at.
    """

    part: Part
    method: str
    verdicts: Mapping[str, Verdict]

    @property
    def score(self) -> float:
        """Badness of what was chosen: 0 is faultless."""
        return self.verdicts[self.method].badness


class ChosenCandidate:
    """Draws a region part by part with what was chosen.

    Args:
        candidates: By method.
        choices: One for each part.
    """

    method = "chosen"

    def __init__(self, candidates: Mapping[str, Candidate], choices: Sequence[Choice]) -> None:
        methods = sorted({choice.method for choice in choices})
        self._drawing = [candidates[method] for method in methods]
        self._weights = _weights([[choice.part.area for choice in choices if choice.method == m] for m in methods])

    def at(self, share: float) -> Premultiplied:
        """Return the region's box at `share` of the way."""
        if len(self._drawing) == 1:
            return self._drawing[0].at(share)
        pieces = [
            drawing.at(share) * weight[..., None] for drawing, weight in zip(self._drawing, self._weights, strict=True)
        ]
        mixed: Premultiplied = np.sum(pieces, axis=0, dtype=np.float32)
        return mixed


def choose(
    candidates: Mapping[str, Candidate],
    parts: Sequence[Part],
    ends: tuple[Premultiplied, Premultiplied],
    *,
    try_all: bool = False,
) -> tuple[Choice, ...]:
    """Return for each part which candidate draws it; parts that cannot be told apart are joined.

    Args:
        candidates: By method, the preferred one of equals first; at least one.
        parts: The parts of the region.
        ends: The start and the end in the region's box.
        try_all: Try the costly ones even where they have never won.
    """
    seen = tuple(over_grey(end) for end in ends)
    drawn: dict[str, list[Small]] = {}
    choices = [Choice(part, "", {}) for part in parts]
    for method, made in candidates.items():
        if not try_all and method in _SPARED and all(_is_good_enough(choice) for choice in choices):
            continue
        drawn[method] = [_kept(made.at(share)) for share in LOOKED_AT]
        choices = [_judged(choice.part, drawn, seen, choice.verdicts) for choice in choices]
    while pair := _crossing(choices, drawn):
        one, other = (choices[index] for index in pair)
        rest = [choice for choice in choices if choice not in (one, other)]
        choices = [*rest, _judged(joined(one.part, other.part), drawn, seen)]
    return tuple(sorted(choices, key=lambda choice: (choice.part.box.top, choice.part.box.left)))


def _is_good_enough(choice: Choice) -> bool:
    return choice.method in _TRUSTED and choice.score < _GOOD


def _kept(made: Premultiplied) -> Small:
    """Return what is looked at, in half the memory: all ways at all positions are held at once."""
    return over_grey(made).astype(np.float16)


def _judged(
    part: Part, drawn: Mapping[str, list[Small]], ends: tuple[Seen, ...], known: Mapping[str, Verdict] = _NONE
) -> Choice:
    """Return the candidate that looks best in a part, given the verdicts that are known."""
    rows, columns = np.flatnonzero(part.area.any(axis=1)), np.flatnonzero(part.area.any(axis=0))
    cut = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    start, end = (end[cut] for end in ends)
    verdicts = dict(known)
    for method, pictures in drawn.items():
        if method not in known:
            seen = [picture[cut].astype(np.float32) for picture in pictures]
            verdicts[method] = judge(seen, (start, end), part.area[cut], LOOKED_AT)
    best = min(verdicts, key=lambda method: _handicap(method, verdicts[method]) * (verdicts[method].badness + _DOUBT))
    return Choice(part, best, verdicts)


def _handicap(method: str, verdict: Verdict) -> float:
    return _HANDICAPS.get(method, 1.0) * (_JUMP_HANDICAP if verdict.jerk > _JUMPS else 1.0)


def _crossing(choices: Sequence[Choice], drawn: Mapping[str, list[Small]]) -> tuple[int, int] | None:
    """Return two parts drawn by different candidates that differ visibly where the parts touch."""
    around = np.ones((2 * _SEAM_PX + 1, 2 * _SEAM_PX + 1), np.uint8)
    near = [cv2.dilate(choice.part.area.astype(np.uint8), around) > 0 for choice in choices]
    for one, other in combinations(range(len(choices)), 2):
        ours, theirs = choices[one].method, choices[other].method
        if ours == theirs:
            continue
        seam = near[one] & near[other]
        pictures = zip(drawn[ours], drawn[theirs], strict=True)
        if any((np.abs(a[seam] - b[seam]) > _SEAM_SHOWS).any() for a, b in pictures):
            return one, other
    return None


def _weights(areas: Sequence[Sequence[Mask]]) -> list[npt.NDArray[np.float32]]:
    """Return how much each method counts at each pixel: the areas softened, together 1."""
    sharp = [np.logical_or.reduce(group).astype(np.float32) for group in areas]
    soft = [np.asarray(cv2.GaussianBlur(mask, (0, 0), _SOFT_PX), np.float32) + np.float32(1e-6) for mask in sharp]
    total = np.sum(soft, axis=0)
    return [mask / total for mask in soft]
