"""Colour brought back: offset and gain of each channel in CIELAB, estimated on what did not change.

CIELAB, because a drift of lightness is one number there and hue is left alone. Each channel is fitted by least squares
on flat, unsaturated places, again and again without those that lie far off: what an expression recoloured drops out.
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
_SOLID = 0.98
_LEAST_SAMPLES = 200
_ROUNDS = 6
_LEAST_SIGMA = 0.25
_LEAST_SPREAD = 6.0
"""Standard deviation of a channel below which a gain cannot be told from an offset."""

_GAINS = (0.8, 1.25)
_MOST_OFFSET = 20.0
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


def match_colour(picture: Premultiplied, facts: ColourFacts) -> Premultiplied:
    """Return a picture with an estimated drift of colour undone.

    Args:
        picture: float32, (height, width, 4).
        facts: What to undo.
    """
    if not facts.matched:
        return picture
    alpha = picture[..., 3:]
    solid = np.maximum(alpha, np.float32(1 / 255))
    lab = _to_lab(np.minimum(picture[..., :3] / solid, 1))
    lab -= np.asarray(facts.offset, np.float32)
    lab /= np.asarray(facts.gain, np.float32)
    np.clip(lab[..., 0], 0, 100, out=lab[..., 0])
    rgb = np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32)
    return np.dstack([np.clip(rgb, 0, 1) * alpha, alpha])


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
