"""A painted eye that closes: too rich to be told apart into shapes, but its lid is one.

In a place that changes, the closed end shows skin and one dark line, the lashes. The open end shows an eye whose upper
lashes are the top of what is dark. Column by column the lid's edge goes from the one to the other: above it lies the
skin that the closed end shows, below it the eye as it is, and the lashes ride on it. Strands of hair in front, which
both ends share, stay as they are, because both ends show them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.engines.local.shapes.filling import filled
from watercolor_rig.engines.local.shapes.masks import areas, grown, holes_filled
from watercolor_rig.engines.local.shapes.morphs import Piece
from watercolor_rig.engines.local.shapes.outlines import Soft
from watercolor_rig.imaging.change import Box, Mask
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey

Heights = npt.NDArray[np.float64]
"""float64, (width,): a row for each column of a place."""

_LEAST_WIDTH_PX = 14
_LEAST_HEIGHT_PX = 7
_DARK = 0.2
_CLEAR = 0.1
_SAME = 0.04
_STRAND = 0.15
_OFF_THE_BOW = 0.12
_LEAST_TRAVEL, _MOST_TRAVEL = 0.2, 1.1
_LINE_LENGTH = 0.6
_SKIN_SHARE = 0.6
_STEEPEST = 2
_MARGIN_PX = 3
_MORE_DARK = 1.3


@dataclass(frozen=True)
class Lid:
    """Where a lid's edge is at both ends.

    Attributes:
        top: The upper edge of the open eye.
        bottom: Its lower edge.
        closed_top: The upper edge of the closed lashes.
        closed_bottom: Their lower edge.
        columns: bool, (width,): where the open eye is.
        thickness: How thick the open eye's upper lashes are.
    """

    top: Heights
    bottom: Heights
    closed_top: Heights
    closed_bottom: Heights
    columns: npt.NDArray[np.bool_]
    thickness: Heights


class LidMorph:
    """An eye behind a lid.

    Args:
        box: The place, in the cut.
        ends: The cut's two ends within the box.
        cover: How much of each pixel of the box is drawn.
        lid: Where the lid's edge is.
        closes: Whether the first end is the open one.
    """

    def __init__(
        self, box: Box, ends: tuple[Premultiplied, Premultiplied], cover: Soft, lid: Lid, *, closes: bool
    ) -> None:
        self._box, self._cover, self._lid, self._closes = box, cover, lid, closes
        self._open, self._closed = ends if closes else ends[::-1]
        rows = np.arange(cover.shape[0], dtype=np.float64)[:, None]
        lashes = (rows > lid.closed_top - 2) & (rows < lid.closed_bottom + 2)
        eye = (rows > lid.top - 2) & (rows < lid.bottom + 2) & lid.columns
        self._skin = filled(self._closed, ~lashes)
        self._around = np.where(eye[..., None], self._skin, self._open)
        self._tone = float(np.median(_light(self._skin)[cover > 0]))

    def at(self, share: float) -> Piece:
        """Return the eye at `share`."""
        gone = share if self._closes else 1 - share
        lid = self._lid
        rows = np.arange(self._cover.shape[0], dtype=np.float64)[:, None]
        upper = lid.top + (lid.closed_top - lid.top) * gone
        lower = lid.bottom + (lid.closed_bottom - lid.bottom) * gone
        seen = np.clip(rows - upper + 0.5, 0, 1) * np.clip(lower - rows + 0.5, 0, 1) * lid.columns
        below = self._around * np.float32(1 - gone) + self._skin * np.float32(gone)
        made = below * (1 - seen[..., None]) + self._open * seen[..., None]
        opened, strong = self._lashes(self._open, upper - lid.top, upper, upper + lid.thickness)
        closed, faint = self._lashes(
            self._closed, upper - lid.closed_top, upper, upper + lid.closed_bottom - lid.closed_top
        )
        strong, faint = strong * np.float32(1 - gone) * lid.columns, faint * np.float32(gone)
        total = np.maximum(strong + faint, 1e-6)[..., None]
        line = (opened * strong[..., None] + closed * faint[..., None]) / total
        amount = np.clip(strong + faint, 0, 1)[..., None]
        made = made * (1 - amount) + line * amount
        return Piece(self._box, self._cover, made.astype(np.float32))

    def _lashes(self, end: Premultiplied, shift: Heights, top: Heights, bottom: Heights) -> tuple[Premultiplied, Soft]:
        """Return an end's lashes moved down by `shift`, and how much of each pixel they cover."""
        height, width = self._cover.shape
        rows = np.arange(height, dtype=np.float64)[:, None]
        columns = np.broadcast_to(np.arange(width, dtype=np.float32), (height, width))
        source = (rows - shift).astype(np.float32)
        moved = np.asarray(
            cv2.remap(end, np.ascontiguousarray(columns), source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
            dtype=np.float32,
        )
        dark = np.clip((self._tone - _light(moved)) / (2 * _DARK), 0, 1)
        band = np.clip(rows - top + 2.5, 0, 1) * np.clip(bottom - rows + 1.5, 0, 1)
        return moved, (dark * band).astype(np.float32)


def find_lids(first: Premultiplied, second: Premultiplied, unexplained: Mask) -> list[tuple[LidMorph, Mask]]:
    """Return the eyes that open or close in places that nothing else explains, with the pixels each draws.

    Args:
        first: float32, (height, width, 4).
        second: The same shape.
        unexplained: bool, (height, width): what changes and is no part of a matched shape.
    """
    reach = max(2, round(max(unexplained.shape) / 120))
    together = areas(grown(unexplained, reach))
    found = []
    for number in together.numbers(_LEAST_WIDTH_PX * _LEAST_HEIGHT_PX):
        place, own = together.cut(number, _MARGIN_PX)
        mask = holes_filled(own & grown(unexplained[place], 1))
        ends = np.ascontiguousarray(first[place]), np.ascontiguousarray(second[place])
        light = _light(ends[0]), _light(ends[1])
        skin = max(float(np.median(each[mask])) for each in light)
        dark = [float((each[mask] < skin - _DARK).mean()) for each in light]
        closes = dark[0] > dark[1]
        if max(dark) < _MORE_DARK * min(dark):
            continue
        lid = _lid_between(*(light if closes else light[::-1]), mask)
        if lid is None:
            continue
        rows, columns = place
        box = Box(columns.start, rows.start, columns.stop, rows.stop)
        cover = np.asarray(cv2.GaussianBlur(grown(mask, 1).astype(np.float32), (0, 0), 0.8), dtype=np.float32)
        whole = np.zeros_like(unexplained)
        whole[place] = mask
        found.append((LidMorph(box, ends, cover, lid, closes=closes), whole))
    return found


def _light(picture: Premultiplied) -> Soft:
    light: Soft = over_grey(picture).mean(axis=2)
    return light


def _lid_between(opened: Soft, closed: Soft, mask: Mask) -> Lid | None:
    """Return the lid's edges, or None if the one end shows no open eye or the other no closed one."""
    skin = float(np.median(closed[mask]))
    changed = np.abs(opened - closed) > _SAME
    dark = (opened < skin - _DARK) & mask & changed
    wanted = max(_LEAST_WIDTH_PX, _LINE_LENGTH * int(mask.any(axis=0).sum()))
    largest = _largest(dark, dark)
    if largest.any(axis=0).sum() < wanted:
        largest = _largest(_bridged(dark), dark)
    shown = largest.any(axis=0)
    if shown.sum() < wanted:
        return None
    span = np.flatnonzero(shown)
    columns = np.zeros_like(shown)
    columns[span[0] : span[-1] + 1] = True
    differs = areas((np.abs(opened - closed) > _CLEAR) & mask)
    whole = largest | np.isin(differs.labels, np.unique(differs.labels[largest & (differs.labels > 0)]))
    height = len(opened)
    top = _smooth(np.where(shown, np.argmax(largest, axis=0), np.nan))
    bottom = _smooth(np.where(shown, height - 1 - np.argmax(whole[::-1], axis=0), np.nan))
    opening = float((bottom - top)[columns].max())
    if opening < _LEAST_HEIGHT_PX or not _is_an_arch(top, columns, opening):
        return None
    rows = np.arange(height)[:, None]
    within = mask & (rows > top + 0.15 * opening) & (rows < bottom + 0.15 * opening + 2)
    line = _closed_lashes(np.where(changed, closed, np.maximum(closed, skin)), within, skin)
    if line is None:
        return None
    closed_top, closed_bottom = line
    travel = np.median((closed_top - top)[columns]) / np.median((bottom - top)[columns])
    if not _LEAST_TRAVEL < travel < _MOST_TRAVEL:
        return None
    usual = float(np.median(closed_bottom - closed_top))
    run = ((opened < skin - _DARK) & (rows >= top)).astype(np.int64)
    thick = np.array([_first_run(run[:, column]) for column in range(run.shape[1])], dtype=np.float64)
    return Lid(top, bottom, closed_top, closed_bottom, columns, np.minimum(thick, 1.5 * usual + 2))


def _largest(together: Mask, mask: Mask) -> Mask:
    """Return what of `mask` lies in the largest connected area of `together`."""
    found = areas(together)
    if len(found) < 2:  # noqa: PLR2004 - nothing but the background
        return np.zeros_like(mask)
    largest: Mask = mask & (found.labels == 1 + int(np.argmax(found.sizes[1:])))
    return largest


def _bridged(dark: Mask) -> Mask:
    """Return a mask whose gaps as wide as a strand of hair are closed."""
    width = max(3, round(_STRAND * int(dark.any(axis=0).sum())))
    kernel = np.ones((1, width), np.uint8)
    framed = np.pad(dark.astype(np.uint8), ((0, 0), (width, width)))
    return np.asarray(cv2.morphologyEx(framed, cv2.MORPH_CLOSE, kernel))[:, width:-width] > 0


def _is_an_arch(top: Heights, columns: npt.NDArray[np.bool_], opening: float) -> bool:
    """Return whether an upper edge follows one bow: lashes do, strands of hair that were taken for them do not."""
    across = np.flatnonzero(columns).astype(np.float64)
    bow = np.polynomial.Polynomial.fit(across, top[columns], 2)(across)
    return float(np.sqrt(((top[columns] - bow) ** 2).mean())) < _OFF_THE_BOW * opening


def _closed_lashes(closed: Soft, mask: Mask, skin: float) -> tuple[Heights, Heights] | None:
    """Return the upper and lower edge of the one dark line, or None if there is more, or none."""
    dark = (closed < skin - _DARK) & mask
    columns = np.flatnonzero(mask.any(axis=0))
    if columns.size < _LEAST_WIDTH_PX or dark[mask].mean() > 1 - _SKIN_SHARE:
        return None
    middle = _darkest_way(np.where(mask, closed, skin + 0.1), columns)
    lines = areas(dark)
    on_way = lines.labels[np.clip(np.rint(middle).astype(int), 0, len(closed) - 1), np.arange(closed.shape[1])]
    if (on_way[columns] > 0).mean() < _LINE_LENGTH:
        return None
    own = np.isin(lines.labels, np.unique(on_way[on_way > 0]))
    shown = own.any(axis=0)
    top = _smooth(np.where(shown, np.argmax(own, axis=0), np.nan))
    bottom = _smooth(np.where(shown, len(closed) - 1 - np.argmax(own[::-1], axis=0), np.nan))
    return top, np.maximum(bottom, top + 1)


def _darkest_way(light: Soft, columns: npt.NDArray[np.intp]) -> Heights:
    """Return the row of the darkest way through a place from left to right (dynamic programming)."""
    first, last = int(columns[0]), int(columns[-1])
    height = len(light)
    sums = light[:, first].astype(np.float64)
    back = np.zeros((last - first + 1, height), dtype=np.intp)
    for column in range(first + 1, last + 1):
        padded = np.pad(sums, _STEEPEST, constant_values=np.inf)
        options = np.stack([padded[step : step + height] for step in range(2 * _STEEPEST + 1)])
        taken = np.argmin(options, axis=0)
        back[column - first] = np.arange(height) + taken - _STEEPEST
        sums = options[taken, np.arange(height)] + light[:, column]
    way = np.zeros(light.shape[1])
    row = int(np.argmin(sums))
    for column in range(last, first - 1, -1):
        way[column] = row
        row = int(back[column - first][row])
    way[:first], way[last + 1 :] = way[first], way[last]
    return way


def _smooth(heights: Heights) -> Heights:
    """Return heights without jumps, continued over columns that have none (NaN)."""
    known = np.flatnonzero(~np.isnan(heights))
    whole = np.interp(np.arange(len(heights)), known, heights[known])
    reach = max(1, len(known) // 20)
    around = np.pad(whole, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * reach + 1)
    middle = np.median(windows, axis=1)
    kernel = np.ones(2 * reach + 1) / (2 * reach + 1)
    smooth: Heights = np.convolve(np.pad(middle, reach, mode="edge"), kernel, "valid")
    return smooth


def _first_run(values: npt.NDArray[np.int64]) -> int:
    """Return the length of the first run of ones."""
    start = int(np.argmax(values))
    if not values[start]:
        return 0
    rest = np.flatnonzero(values[start:] == 0)
    return int(rest[0]) if rest.size else len(values) - start
