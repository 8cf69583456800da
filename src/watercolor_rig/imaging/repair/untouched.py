"""Whether a picture needs no repair at all: its still part is the reference's, bit for bit.

A redraw leaves hardly a line as it was. So where most of the drawing's lines lie outside of the compact regions that
differ, the picture was edited in place, by hand or by a program, and is taken as it is.
"""

import cv2
import numpy as np

from watercolor_rig.imaging.change import Mask, changed_pixels, still_region
from watercolor_rig.imaging.picture import Rgba

_LINES_LEFT = 0.35
"""Least share of the reference's lines that must lie outside of every region that differs."""

_MOST_CHANGED_LINES = 0.65
"""Above this share of changed pixels on lines nothing else needs to be looked at."""

_LINE = 24
_LEAST_LINE_PIXELS = 32


def lines_of(pixels: Rgba) -> Mask:
    """Return the pixels on lines and edges, those of the outline included: bool, (height, width)."""
    channels = [pixels[..., 3]]
    if pixels[..., 3].any():
        channels.append(np.where(pixels[..., 3] > 0, cv2.cvtColor(pixels, cv2.COLOR_RGBA2GRAY), 0).astype(np.uint8))
    around = np.ones((3, 3), np.uint8)
    spans = [np.asarray(cv2.morphologyEx(np.ascontiguousarray(one), cv2.MORPH_GRADIENT, around)) for one in channels]
    lines: Mask = np.maximum.reduce(spans) > _LINE
    return lines


def is_untouched(answer: Rgba, reference: Rgba) -> bool:
    """Return whether the picture is the reference, bit for bit, outside of compact regions.

    Args:
        answer: uint8, (height, width, 4), straight alpha.
        reference: The same shape.
    """
    changed = changed_pixels(answer, reference)
    if not changed.any():
        return True
    lines = lines_of(reference)
    of_lines = int(lines.sum())
    if of_lines < _LEAST_LINE_PIXELS or int((changed & lines).sum()) > _MOST_CHANGED_LINES * of_lines:
        return False
    still = still_region(answer, reference)
    return int((lines & still).sum()) >= _LINES_LEFT * of_lines
