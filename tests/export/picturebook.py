"""Small made-up sequences for the tests of the exporters."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from watercolor_rig.export.frames import Frame, FrameSequence
from watercolor_rig.imaging.picture import Rgba, encode_png


def picture_at(t: Fraction, width: int = 60, height: int = 40) -> Rgba:
    """Return a see-through picture with a block whose redness tells t, and a still blue corner."""
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[10:30, 20:40] = (round(200 * t) + 20, 40, 40, 255)
    pixels[:5, :5] = (0, 0, 255, 255)
    return pixels


def frame_at(t: Fraction, width: int = 60, height: int = 40) -> Frame:
    """Return the frame that holds `picture_at(t)`."""
    png = encode_png(picture_at(t, width, height))
    return Frame(t, lambda: png, f"frame {t}")


def sequence_of(times: Sequence[Fraction], label: str = "neutral_to_ah__center") -> FrameSequence:
    """Return a sequence whose frames are in the order given."""
    return FrameSequence(label, [frame_at(t) for t in times])


QUARTERS = tuple(Fraction(k, 4) for k in range(5))
