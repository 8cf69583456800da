"""Colour brought back: offset and gain of each channel in CIELAB, estimated on what did not change.

CIELAB, because a drift of lightness is one number there and hue is left alone. Each channel is fitted by least squares
on flat, unsaturated places, again and again without those that lie far off: what an expression recoloured drops out.

What was pushed against white or black has lost its offset, and so would come back too dark or too light. Such a colour
is the reference's where that is one of those it may have been; elsewhere the unchanged places tell, in a table of
colours, what each had been.
"""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import Premultiplied
from watercolor_rig.imaging.repair.levels import Levels, difference, over_channels, span, under_channels

Triple: TypeAlias = tuple[float, float, float]
Lab: TypeAlias = npt.NDArray[np.float32]
Saturated: TypeAlias = npt.NDArray[np.float32]
"""float32, (n, 3): what is to be added to the colours of each cell of a table of colours."""

_Samples: TypeAlias = npt.NDArray[np.float64]

_STEP = 3
"""Every so many rows and columns are looked at."""

_FLAT = 10
_SATURATED = 2
_ALMOST_SATURATED = 7
"""JPEG spreads what was saturated over some levels."""

_SOLID = 0.98
_SOLID_LEVEL = 250
_LEAST_SAMPLES = 200
_ROUNDS = 6
_LEAST_SIGMA = 0.25
_LEAST_SPREAD = 6.0
"""Standard deviation of a channel below which a gain cannot be told from an offset."""

_GAINS = (0.8, 1.25)
_MOST_OFFSET = 20.0
_CELLS = 32
_KEYS = _CELLS**3
_LEAST_IN_BIN = 30
_MOST_SPREAD = 5 / 255
"""Cells of the table whose residuals differ by more than this hold a mixture of things, and are not used."""

_MOST_LOST = 2.0
"""Times the drift of lightness: a channel that is pushed against its end loses up to so much, the others take part."""

_NOTHING = (0.12, 0.002)
"""Largest offset and change of gain that are left alone."""


@dataclass(frozen=True, slots=True)
class ColourFacts:
    """How a picture's colours lay to the reference's: picture = gain · reference + offset, in CIELAB.

    Attributes:
        offset: Of L (0 to 100), a and b.
        gain: Of each.
        samples: On how many pixels it was estimated; 0 where nothing could be told.
        matched: Whether it was undone.
    """

    offset: Triple = (0.0, 0.0, 0.0)
    gain: Triple = (1.0, 1.0, 1.0)
    samples: int = 0
    matched: bool = False

    @property
    def lightness(self) -> float:
        """How much lighter mid grey came back, in levels of 255."""
        return (self.offset[0] + (self.gain[0] - 1) * 50) * 2.55


def estimate_colour(picture: Rgba, reference: Rgba, where: Mask) -> ColourFacts:
    """Return how the colours of a registered picture lie to the reference's.

    Args:
        picture: uint8, (height, width, 4), premultiplied.
        reference: uint8, the same shape, straight or premultiplied: only solid pixels are looked at.
        where: bool, (height, width): pixels to look at.
    """
    ours, theirs, usable = _samples(picture, reference, where)
    for colours in (ours, theirs):
        usable &= (under_channels(colours) > _SATURATED) & (over_channels(colours) < 255 - _SATURATED)
    if int(usable.sum()) < _LEAST_SAMPLES:
        return ColourFacts()
    got, due = (to_lab(_shares(part[usable]))[0].astype(np.float64) for part in (ours, theirs))
    fits = _fits(got, due)
    return ColourFacts(
        offset=(fits[0][0], fits[1][0], fits[2][0]),
        gain=(fits[0][1], fits[1][1], fits[2][1]),
        samples=int(usable.sum()),
        matched=any(abs(offset) > _NOTHING[0] or abs(gain - 1) > _NOTHING[1] for offset, gain in fits),
    )


def match_levels(seen: Levels, reference: Levels, solid: Mask, facts: ColourFacts) -> Levels:
    """Return a picture with a drift of colour undone within a level or two: good enough to see what changed.

    A saturated colour that may have been the reference's is the reference's.

    Args:
        seen: uint8, (height, width, 3), registered.
        reference: The same shape.
        solid: bool, (height, width): where both are solid; elsewhere the picture is left as it is.
        facts: What to undo.
    """
    if not facts.matched:
        return seen
    lab = cv2.cvtColor(seen, cv2.COLOR_RGB2Lab)
    made = np.asarray(cv2.cvtColor(cv2.LUT(lab, _table(facts)), cv2.COLOR_Lab2RGB), np.uint8)
    saturated = (over_channels(seen) > 255 - _ALMOST_SATURATED) | (under_channels(seen) < _ALMOST_SATURATED)
    explained = saturated & (difference(made, reference) <= _most_lost(facts))
    cv2.copyTo(reference, explained.astype(np.uint8), made)
    return np.asarray(cv2.copyTo(made, solid.astype(np.uint8), seen.copy()), np.uint8)


def match_colour(
    picture: Premultiplied, reference: Premultiplied, facts: ColourFacts, learned: Saturated
) -> Premultiplied:
    """Return a picture, or a part of one, with a drift of colour undone.

    Args:
        picture: float32, (height, width, 4), registered.
        reference: The same shape.
        facts: What to undo.
        learned: What saturated colours had been.
    """
    if not facts.matched:
        return picture
    alpha = picture[..., 3:]
    straight = np.minimum(picture[..., :3] / np.maximum(alpha, np.float32(1 / 255)), 1)
    rgb = _undone(straight, facts)
    saturated = _is_saturated(straight)
    due, made = reference[..., :3][saturated], rgb[saturated]
    explained = (reference[..., 3][saturated] > _SOLID) & (np.abs(due - made) <= _most_lost(facts) / 255).all(axis=1)
    mended = np.clip(made + learned[_keys(straight[saturated])], 0, 1)
    mended[explained] = due[explained]
    rgb[saturated] = mended
    return np.dstack([rgb * alpha, alpha])


def learn_saturated(picture: Rgba, reference: Rgba, where: Mask, facts: ColourFacts) -> Saturated:
    """Return what is to be added to colours that came saturated, by what the reference shows where nothing changed.

    Args:
        picture: uint8, (height, width, 4), premultiplied, registered.
        reference: uint8, the same shape.
        where: bool, (height, width): pixels to learn from.
        facts: What was undone.
    """
    ours, theirs, usable = _samples(picture, reference, where)
    if not facts.matched or not usable.any():
        return np.zeros((_KEYS, 3), np.float32)
    came, due = (_shares(part[usable]) for part in (ours, theirs))
    saturated = _is_saturated(came)
    residuals = (due - _undone(came, facts))[saturated]
    return _medians(_keys(came[saturated]), residuals, _most_lost(facts) / 255)


def to_lab(colours: npt.NDArray[np.float32]) -> Lab:
    """Return float RGB, 0 to 1, as CIELAB."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(colours), cv2.COLOR_RGB2Lab), np.float32)


def _samples(picture: Rgba, reference: Rgba, where: Mask) -> tuple[Levels, Levels, Mask]:
    """Return every third row and column of both, and which of them are flat and solid in both."""
    cut = (slice(None, None, _STEP), slice(None, None, _STEP))
    ours, theirs = picture[cut], reference[cut]
    flat = span(np.asarray(cv2.cvtColor(reference, cv2.COLOR_RGBA2RGB), np.uint8), 5)[cut] <= _FLAT
    usable: Mask = where[cut] & flat & (ours[..., 3] > _SOLID_LEVEL) & (theirs[..., 3] > _SOLID_LEVEL)
    return np.ascontiguousarray(ours[..., :3]), np.ascontiguousarray(theirs[..., :3]), usable


def _shares(colours: npt.NDArray[np.uint8]) -> Lab:
    """Return levels, (n, 3), as shares of one row: float32, (1, n, 3)."""
    return np.asarray(colours[None] / np.float32(255), np.float32)


def _table(facts: ColourFacts) -> npt.NDArray[np.uint8]:
    """Return the correction of 8-bit CIELAB, in which L is stretched to 255 and a and b are shifted by 128."""
    at = np.arange(256)
    scales, zeros = (100 / 255, 1.0, 1.0), (0, 128, 128)
    lines = [
        ((at - zero) * scale - offset) / gain / scale + zero
        for zero, scale, offset, gain in zip(zeros, scales, facts.offset, facts.gain, strict=True)
    ]
    return np.clip(np.rint(np.stack(lines, axis=-1)), 0, 255).astype(np.uint8)[None]


def _undone(straight: Lab, facts: ColourFacts) -> Lab:
    lab = to_lab(straight)
    lab -= np.asarray(facts.offset, np.float32)
    lab /= np.asarray(facts.gain, np.float32)
    np.clip(lab[..., 0], 0, 100, out=lab[..., 0])
    return np.clip(np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32), 0, 1)


def _is_saturated(colours: npt.NDArray[np.float32]) -> Mask:
    saturated: Mask = (colours.max(axis=2) > 1 - _ALMOST_SATURATED / 255) | (
        colours.min(axis=2) < _ALMOST_SATURATED / 255
    )
    return saturated


def _most_lost(facts: ColourFacts) -> float:
    """Return how much of a channel, in levels, saturation can have cost."""
    return _MOST_LOST * (abs(facts.lightness) + _SATURATED)


def _medians(keys: npt.NDArray[np.intp], residuals: npt.NDArray[np.float32], most: float) -> npt.NDArray[np.float32]:
    """Return the median residual of each cell that has enough, close to each other and below `most`; 0 for others."""
    found = np.zeros((_KEYS, 3), np.float32)
    order = np.argsort(keys, kind="stable")
    cells, starts, counts = np.unique(keys[order], return_index=True, return_counts=True)
    for cell, start, count in zip(cells, starts, counts, strict=True):
        if count >= _LEAST_IN_BIN:
            inside = residuals[order[start : start + count]]
            median = np.median(inside, axis=0)
            spread = float(np.median(np.abs(inside - median), axis=0).max())
            if spread <= _MOST_SPREAD and float(np.abs(median).max()) <= most:
                found[cell] = median
    return found


def _keys(colours: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """Return the number of each colour's cell in the table: colours are float32, (n, 3)."""
    cells = np.minimum(_CELLS - 1, (colours * _CELLS).astype(np.intp))
    keys: npt.NDArray[np.intp] = (cells[:, 0] * _CELLS + cells[:, 1]) * _CELLS + cells[:, 2]
    return keys


def _fits(got: _Samples, due: _Samples) -> list[tuple[float, float]]:
    """Return offset and gain of each channel, fitted to the samples, (n, 3), on which all channels agree."""
    kept = np.ones(len(got), np.bool_)
    fits = [(0.0, 1.0)] * 3
    for _ in range(_ROUNDS):
        fits = [_fit_line(due[kept, channel], got[kept, channel]) for channel in range(3)]
        away = np.stack([got[:, at] - gain * due[:, at] - offset for at, (offset, gain) in enumerate(fits)], axis=1)
        centred = away - np.median(away[kept], axis=0)
        sigma = np.maximum(_LEAST_SIGMA, 1.4826 * np.median(np.abs(centred), axis=0))
        now = np.asarray((np.abs(centred) < 3 * sigma).all(axis=1), np.bool_)
        if now.sum() < _LEAST_SAMPLES // 2:
            break
        kept = now
    return fits


def _fit_line(due: npt.NDArray[np.float64], got: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return offset and gain of got = gain · due + offset; the median offset where the values hardly spread."""
    spread = float(due.std())
    gain = 1.0
    if spread >= _LEAST_SPREAD:
        gain = float(np.clip(((due - due.mean()) * (got - got.mean())).mean() / spread**2, *_GAINS))
    offset = float(np.clip(np.median(got - gain * due), -_MOST_OFFSET, _MOST_OFFSET))
    return offset, gain
