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
from watercolor_rig.imaging.premultiplied import Premultiplied

Triple: TypeAlias = tuple[float, float, float]
Lab: TypeAlias = npt.NDArray[np.float32]
_Samples: TypeAlias = npt.NDArray[np.float64]

_STEP = 3
"""Every so many rows and columns are looked at."""

_FLAT = 10 / 255
_SATURATED = 2.5 / 255
_ALMOST_SATURATED = 7 / 255
"""JPEG spreads what was saturated over some levels."""

_SOLID = 0.98
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


def estimate_colour(picture: Premultiplied, reference: Premultiplied, where: Mask) -> ColourFacts:
    """Return how the colours of a registered picture lie to the reference's.

    Args:
        picture: float32, (height, width, 4).
        reference: The same shape.
        where: bool, (height, width): pixels to look at.
    """
    cut = (slice(None, None, _STEP), slice(None, None, _STEP))
    ours, theirs = picture[cut], reference[cut]
    usable = where[cut] & (ours[..., 3] > _SOLID) & (theirs[..., 3] > _SOLID) & _flat(reference)[cut]
    for colours in (ours[..., :3], theirs[..., :3]):
        usable &= (colours.min(axis=2) > _SATURATED) & (colours.max(axis=2) < 1 - _SATURATED)
    if int(usable.sum()) < _LEAST_SAMPLES:
        return ColourFacts()
    got, due = (_to_lab(part[usable][None, :, :3])[0].astype(np.float64) for part in (ours, theirs))
    fits = _fits(got, due)
    return ColourFacts(
        offset=(fits[0][0], fits[1][0], fits[2][0]),
        gain=(fits[0][1], fits[1][1], fits[2][1]),
        samples=int(usable.sum()),
        matched=any(abs(offset) > _NOTHING[0] or abs(gain - 1) > _NOTHING[1] for offset, gain in fits),
    )


def match_colour(picture: Premultiplied, reference: Premultiplied, where: Mask, facts: ColourFacts) -> Premultiplied:
    """Return a picture with an estimated drift of colour undone.

    Args:
        picture: float32, (height, width, 4), registered.
        reference: The same shape.
        where: bool, (height, width): pixels to look at for what saturated colours had been.
        facts: What to undo.
    """
    if not facts.matched:
        return picture
    alpha = picture[..., 3:]
    straight = np.minimum(picture[..., :3] / np.maximum(alpha, np.float32(1 / 255)), 1)
    lab = _to_lab(straight)
    lab -= np.asarray(facts.offset, np.float32)
    lab /= np.asarray(facts.gain, np.float32)
    np.clip(lab[..., 0], 0, 100, out=lab[..., 0])
    rgb = np.clip(np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32), 0, 1)
    solid = where & (picture[..., 3] > _SOLID) & (reference[..., 3] > _SOLID) & _flat(reference)
    _restore_saturated(rgb, straight, reference, solid, _MOST_LOST * (abs(facts.lightness) / 255 + _SATURATED))
    return np.dstack([rgb * alpha, alpha])


def _restore_saturated(rgb: Lab, came: Lab, reference: Premultiplied, where: Mask, most: float) -> None:
    """Put right, in place, the colours that came saturated, by what the reference shows where they came unchanged.

    Args:
        rgb: float32, (height, width, 3): the matched colours.
        came: float32, the same shape: as they came.
        reference: float32, (height, width, 4).
        where: bool, (height, width): pixels to learn from.
        most: Largest part of a channel that saturation can have cost.
    """
    saturated = (came.max(axis=2) > 1 - _ALMOST_SATURATED) | (came.min(axis=2) < _ALMOST_SATURATED)
    due, made = reference[..., :3][saturated], rgb[saturated]
    solid = reference[..., 3][saturated] > _SOLID
    explained = solid & (np.abs(due - made) <= most).all(axis=1)
    learn = saturated & where
    medians = _medians(_keys(came[learn]), reference[..., :3][learn] - rgb[learn], most)
    mended = np.clip(made + medians[_keys(came[saturated])], 0, 1)
    mended[explained] = due[explained]
    rgb[saturated] = mended


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


def _to_lab(colours: npt.NDArray[np.float32]) -> Lab:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(colours), cv2.COLOR_RGB2Lab), np.float32)


def _flat(reference: Premultiplied) -> Mask:
    """Return where the reference has no line or edge, on which half a pixel of drift would pass for colour."""
    seen = (reference[..., :3] * 255).astype(np.uint8)
    spans = np.asarray(cv2.morphologyEx(seen, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)))
    flat: Mask = spans.max(axis=2) <= _FLAT * 255
    return flat


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
