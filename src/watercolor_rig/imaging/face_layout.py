"""What parts of a face are, told from where they lie: eyes and brows lie in pairs, a mouth below and between them.

That is all that the places of a few boxes can say, and it is said only where it is clear. What the rig says (on which
axes two expressions differ) settles what places leave open: whether a pair that changes alone is eyes or brows.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from watercolor_rig.imaging.change import Box

MOUTH, EYES, BROWS = "mouth", "eyes", "brows"

_ALIKE = 0.5
"""Width and height of the smaller one of a pair are at least this part of the larger one's."""

_TILT = 0.6
"""The middles of a pair lie at heights that differ by at most this part of the higher one's height…"""

_TILT_OF_DISTANCE = 0.25
"""…and by at most this part of how far apart they are."""

_FARTHEST = 3.0
"""Between the two of a pair lie at most so many of their widths."""


def name_by_place(boxes: Sequence[Box], changing: Collection[str] = ()) -> dict[int, str]:
    """Return what some parts that change are, by their place in `boxes`; those that are not clear are not in it.

    Left and right are as the viewer sees them.

    Args:
        boxes: Of the parts that are large enough to count.
        changing: Axes on which the two expressions differ; () where that is not known.
    """
    known = set(changing) & {MOUTH, EYES, BROWS}
    may = known or {MOUTH, EYES, BROWS}
    pairs = _pairs(boxes)
    named: dict[int, str] = {}
    for pair, kind in _kinds(pairs, boxes, may, is_told=bool(known)).items():
        named |= {at: f"{side} {kind}" for at, side in zip(pair, ("left", "right"), strict=True)}
    mouth = _mouth([at for at in range(len(boxes)) if at not in named], boxes, pairs)
    if mouth is not None and MOUTH in may:
        named[mouth] = MOUTH
    return named


def _pairs(boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Return pairs of like size at like height, left one first, top pair first; none where a box is in several."""
    found = []
    for one, other in combinations(range(len(boxes)), 2):
        left, right = sorted((one, other), key=lambda at: boxes[at].left)
        if _are_a_pair(boxes[left], boxes[right]):
            found.append((left, right))
    used = [at for pair in found for at in pair]
    return sorted(
        (pair for pair in found if all(used.count(at) == 1 for at in pair)), key=lambda pair: _top(pair, boxes)
    )


def _are_a_pair(left: Box, right: Box) -> bool:
    widths, heights = sorted((_width(left), _width(right))), sorted((_height(left), _height(right)))
    apart = right.left - left.right
    tilt = abs(_middle(left)[1] - _middle(right)[1])
    return (
        widths[0] >= _ALIKE * widths[1]
        and heights[0] >= _ALIKE * heights[1]
        and 0 < apart <= _FARTHEST * widths[1]
        and tilt <= min(_TILT * heights[1], _TILT_OF_DISTANCE * (_middle(right)[0] - _middle(left)[0]))
    )


def _kinds(
    pairs: Sequence[tuple[int, int]], boxes: Sequence[Box], may: Collection[str], *, is_told: bool
) -> Mapping[tuple[int, int], str]:
    """Return what each pair is, as far as that is clear."""
    able = [kind for kind in ("brow", "eye") if f"{kind}s" in may]
    match pairs:
        case [upper, lower] if len(able) == len(pairs) and _lie_above(upper, lower, boxes):
            return {upper: "brow", lower: "eye"}
        case [pair] if able:
            return {pair: (" and " if is_told else " or ").join(reversed(able))}
    return {}


def _lie_above(upper: tuple[int, int], lower: tuple[int, int], boxes: Sequence[Box]) -> bool:
    """Return whether each of a pair lies over its own of the other pair."""
    return all(
        boxes[above].left < boxes[below].right
        and boxes[below].left < boxes[above].right
        and _middle(boxes[above])[1] < _middle(boxes[below])[1]
        for above, below in zip(upper, lower, strict=True)
    )


def _mouth(rest: Sequence[int], boxes: Sequence[Box], pairs: Sequence[tuple[int, int]]) -> int | None:
    """Return the lowest one of the rest that lies below the lowest pair and between its two, or None."""
    if not pairs:
        return None
    left, right = (boxes[at] for at in pairs[-1])
    floor = max(_middle(left)[1], _middle(right)[1])
    below = [
        at
        for at in rest
        if _middle(left)[0] < _middle(boxes[at])[0] < _middle(right)[0]
        and boxes[at].top > floor
        and _width(boxes[at]) < right.right - left.left
    ]
    return max(below, key=lambda at: boxes[at].bottom, default=None)


def _top(pair: tuple[int, int], boxes: Sequence[Box]) -> int:
    return min(boxes[at].top for at in pair)


def _width(box: Box) -> int:
    return box.right - box.left


def _height(box: Box) -> int:
    return box.bottom - box.top


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2
