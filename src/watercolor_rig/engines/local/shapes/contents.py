"""What is seen inside an outline on its way: carried with the outline, held behind it, or moved by its own flow."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

import cv2
import numpy as np

from watercolor_rig.engines.local.shapes.carrying import carried_inside, shifted, taken_from
from watercolor_rig.engines.local.shapes.ends import End
from watercolor_rig.engines.local.shapes.masks import shrunk
from watercolor_rig.engines.local.shapes.outlines import Points, Soft, coverage
from watercolor_rig.engines.local.shapes.patches import patchwork
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.flow import estimate_motion, motion_at, warp
from watercolor_rig.imaging.premultiplied import Premultiplied
from watercolor_rig.imaging.splatting import Motion

Corner = np.ndarray[tuple[int], np.dtype[np.float64]]

_WELL_FOUND = 0.08
_LEAST_SEEN_PX = 30
_PREFERENCE = 0.03
_PARTS_FROM, _PATCHES_FROM, _EXPLAINED = 0.3, 0.2, 0.6
"""Share of the difference that a flow leaves: from where parts and patches are looked for, and where it is no use."""


class Drawing(Protocol):
    """A picture that can be drawn at any share of the way."""

    def settled(self, share: float) -> Premultiplied:
        """Return the picture at `share`, 0 to 1; at 0 and 1 the ends themselves."""
        ...


Redraw: TypeAlias = Callable[[Premultiplied, Premultiplied, Mask], Drawing | None]
"""Draws by its own parts what two pictures show within a mask; None if their parts do not redraw it."""

_Inside: TypeAlias = Callable[[float], Premultiplied]


class Content(Protocol):
    """What is inside an outline."""

    def at(self, share: float, here: Points, corner: Corner, shape: tuple[int, int]) -> Premultiplied:
        """Return the colours inside.

        Args:
            share: 0 to 1.
            here: The outline at that moment, in the box's pixels.
            corner: Where the box lies in the cut: x, y.
            shape: (height, width) of the box.
        """
        ...


class Carried:
    """The inside of the open end, carried along with the outline: what hangs on a lip goes with it."""

    def __init__(self, end: End, ring: Soft, loop: Points) -> None:
        self._colours, self._loop = end.without(ring), loop - end.corner

    def at(self, share: float, here: Points, corner: Corner, shape: tuple[int, int]) -> Premultiplied:
        """Return the colours inside."""
        del share, corner
        return taken_from(self._colours, carried_inside(here, self._loop, shape))


class Held:
    """The inside of the open end, which stays as it is and is covered.

    Args:
        end: The open end.
        ring: Its outline's line, which is no content.
        drift: How far it goes until it is covered, x and y.
        closes: Whether the open end is the first.
    """

    def __init__(self, end: End, ring: Soft, drift: Corner, *, closes: bool) -> None:
        self._colours, self._corner, self._drift, self._closes = end.without(ring), end.corner, drift, closes

    def at(self, share: float, here: Points, corner: Corner, shape: tuple[int, int]) -> Premultiplied:
        """Return the colours inside."""
        del here
        gone = share if self._closes else 1 - share
        return taken_from(self._colours, shifted(shape, corner - self._corner - self._drift * gone))


class Sliding:
    """One and the same inside at both ends, seen through two openings: it slides, and is not bent.

    Args:
        wide: The end that shows more of it.
        narrow: The other.
        rings: The line along each outline.
        shift: From the wide end's inside to the narrow end's, x and y.
        closes: Whether the wide end is the first.
    """

    def __init__(self, wide: End, narrow: End, rings: tuple[Soft, Soft], shift: Corner, *, closes: bool) -> None:
        self._wide, self._wide_corner, self._shift, self._closes = wide.without(rings[0]), wide.corner, shift, closes
        height, width = narrow.soft.shape
        behind = taken_from(self._wide, shifted((height, width), narrow.corner - wide.corner - shift))
        clear = shrunk(narrow.inside(rings[1]), 2).astype(np.float32)
        seen = np.asarray(cv2.GaussianBlur(clear, (0, 0), 1.0), dtype=np.float32)[..., None]
        self._narrow, self._narrow_corner = narrow.picture * seen + behind * (1 - seen), narrow.corner

    def at(self, share: float, here: Points, corner: Corner, shape: tuple[int, int]) -> Premultiplied:
        """Return the colours inside."""
        del here
        gone = share if self._closes else 1 - share
        wide = taken_from(self._wide, shifted(shape, corner - self._wide_corner - self._shift * gone))
        narrow = taken_from(self._narrow, shifted(shape, corner - self._narrow_corner + self._shift * (1 - gone)))
        mixed: Premultiplied = wide * np.float32(1 - gone) + narrow * np.float32(gone)
        return mixed


def same_inside(wide: End, narrow: End, rings: tuple[Soft, Soft]) -> Corner | None:
    """Return how far the inside of the wide end has slid at the narrow one, or None if it is not the same.

    Args:
        wide: The end that shows more of it.
        narrow: The other.
        rings: The line along each outline, in the ends' own pixels.
    """
    inside = narrow.inside(rings[1])
    if inside.sum() < _LEAST_SEEN_PX:
        return None
    rows, columns = np.nonzero(inside)
    cut = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    pattern, mask = np.ascontiguousarray(narrow.picture[cut][..., :3]), inside[cut].astype(np.float32)
    height, width = mask.shape
    whole = cv2.copyMakeBorder(
        np.ascontiguousarray(wide.without(rings[0])[..., :3]), height, height, width, width, cv2.BORDER_REPLICATE
    )
    wrong = cv2.matchTemplate(whole, pattern, cv2.TM_SQDIFF, mask=np.repeat(mask[..., None], 3, axis=2))
    top, left = np.unravel_index(
        int(np.argmin(_near_first(np.asarray(wrong, np.float32), wide, narrow, cut, mask))), wrong.shape
    )
    error = float(np.sqrt(max(wrong[top, left], 0) / (3 * mask.sum())))
    if error > _WELL_FOUND:
        return None
    start = np.array([columns.min(), rows.min()]) + narrow.corner
    found = np.array([left - width, top - height]) + wide.corner
    return (start - found).astype(np.float64)


def _near_first(wrong: Soft, wide: End, narrow: End, cut: tuple[slice, slice], mask: Soft) -> Soft:
    """Return the errors with a slight preference for little motion: a white eye fits anywhere."""
    height, width = mask.shape
    rows, columns = np.indices(wrong.shape)
    right = cut[1].start + narrow.corner[0] - wide.corner[0] - (columns - width)
    down = cut[0].start + narrow.corner[1] - wide.corner[1] - (rows - height)
    away = np.hypot(right, down) / max(height, width)
    preferred: Soft = (wrong + 3 * mask.sum() * (_PREFERENCE * away) ** 2).astype(np.float32)
    return preferred


class Flowing:
    """Two insides that differ: each is brought into the outline halfway, and moves to the other by its flow.

    Where the flow leaves much of the difference, parts inside (an iris) are matched and drawn for themselves. Where
    they do not redraw it, and something travels as a whole or the flow explains little (teeth at one end, a tongue at
    the other), flat colours go by their borders; what is painted too richly for that fades.

    Args:
        ends: Both ends.
        rings: The line along each outline, or None to count it as content.
        loops: Both outlines.
        redraw: Draws the inside by its own parts; None within what is such a part itself.
    """

    def __init__(
        self,
        ends: tuple[End, End],
        rings: tuple[Soft, Soft] | None,
        loops: tuple[Points, Points],
        redraw: Redraw | None,
    ) -> None:
        self._colours = (
            tuple(end.own for end in ends)
            if rings is None
            else tuple(end.without(ring) for end, ring in zip(ends, rings, strict=True))
        )
        middle = (loops[0] + loops[1]) / 2
        least, most = np.floor(middle.min(axis=0)) - 3, np.ceil(middle.max(axis=0)) + 4
        self._middle = middle - least
        shape = (int(most[1] - least[1]), int(most[0] - least[0]))
        self._places = [
            carried_inside(self._middle, loop - end.corner, shape) for end, loop in zip(ends, loops, strict=True)
        ]
        seen = [taken_from(colours, places) for colours, places in zip(self._colours, self._places, strict=True)]
        motion = estimate_motion(seen[0], seen[1], np.ones(shape, dtype=np.float32))
        half = motion_at(motion, np.float32(0.5)) * np.float32(0.5)
        apart = float(np.abs(warp(seen[0], -half) - warp(seen[1], half)).mean())
        unexplained = apart / max(float(np.abs(seen[0] - seen[1]).mean()), 1e-6)
        self._motion = motion if unexplained < _EXPLAINED else None
        self._inside: _Inside | None = None
        if redraw is not None and unexplained > _PARTS_FROM:
            within = shrunk(coverage([self._middle], shape) > 0.5, 1)  # noqa: PLR2004 - half covered
            drawing = redraw(seen[0], seen[1], within)
            self._inside = drawing.settled if drawing is not None else None
        if self._inside is None and unexplained > _PATCHES_FROM:
            self._inside = _by_patches(seen, self._middle, ends, only_travellers=self._motion is not None)

    def at(self, share: float, here: Points, corner: Corner, shape: tuple[int, int]) -> Premultiplied:
        """Return the colours inside."""
        del corner
        to_middle = carried_inside(here, self._middle, shape)
        if self._inside is not None:
            return taken_from(self._inside(share), to_middle)
        inner = min(max(share, 1e-3), 1 - 1e-3)
        path: Motion = np.zeros_like(to_middle)
        if self._motion is not None:
            path = taken_from(motion_at(self._motion, np.float32(inner)), to_middle)
        first, second = (
            taken_from(colours, taken_from(places, to_middle + np.float32(ahead) * path))
            for colours, places, ahead in zip(self._colours, self._places, (-inner, 1 - inner), strict=True)
        )
        mixed: Premultiplied = first * np.float32(1 - share) + second * np.float32(share)
        return mixed


def _by_patches(
    seen: list[Premultiplied], outline: Points, ends: tuple[End, End], *, only_travellers: bool
) -> _Inside | None:
    """Return what draws two insides, brought into one outline, by their patches; None if there are none of use."""
    within = np.zeros(seen[0].shape[:2], np.uint8)
    cv2.fillPoly(within, [np.rint(outline).astype(np.int32)], (1,))
    wider = int(ends[1].feature.area_px > ends[0].feature.area_px)
    patches = patchwork(seen[0], seen[1], within > 0, revealed=wider)
    return None if patches is None or (only_travellers and not patches.has_travellers) else patches.at
