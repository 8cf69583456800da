"""Sequences as exporters see them: scaled, on their background, all pictures of one size."""

from collections.abc import Callable
from functools import partial

import numpy as np
from PIL import Image

from watercolor_rig.core.colours import Colour
from watercolor_rig.core.errors import PictureError
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.export.api import Clip, ClipFrame
from watercolor_rig.export.frames import Frame, FrameSequence, open_frame, scaled
from watercolor_rig.imaging.picture import Rgba, Size, encode_png, read_size

_PNG = b"\x89PNG\r\n\x1a\n"


def clip_of(
    sequence: FrameSequence,
    spec: SequenceSpec | None = None,
    *,
    scale: float = 1.0,
    background: Colour | None = None,
) -> Clip:
    """Return a sequence as a clip; the headers of all its pictures are read now, their pixels later.

    Args:
        sequence: Its frames in any order.
        spec: What its manifest says that it is, where it does.
        scale: Factor to both sides, above 0.
        background: RGB to put the pictures on; None leaves them see-through.

    Raises:
        PictureError: if there is no frame, one is no picture, or they differ in size.
        StoreError: if a file cannot be read.
    """
    frames = sequence.in_order()
    sizes = [read_size(frame.read(), frame.name) for frame in frames]
    for frame, found in zip(frames, sizes, strict=True):
        if found != sizes[0]:
            is_now, expected = ("{}x{}".format(*each) for each in (found, sizes[0]))
            raise PictureError(f"{frame.name}: is {is_now} where the sequence begins with {expected}; remake it")
    size = max(1, round(sizes[0][0] * scale)), max(1, round(sizes[0][1] * scale))
    is_unchanged = background is None and size == sizes[0]
    shown = []
    for frame in frames:
        read = partial(_pixels, frame, size, background)
        shown.append(ClipFrame(frame.t, frame.name, read, partial(_file, frame, read) if is_unchanged else _png(read)))
    names = (spec.start, spec.end, spec.pose) if spec else ("", "", "")
    end_pose = spec.last[1] if spec and spec.turns else ""
    return Clip(sequence.label, *names, size, tuple(shown), end_pose)


def _pixels(frame: Frame, size: Size, background: Colour | None) -> Rgba:
    picture = scaled(open_frame(frame), size)
    if background is not None:
        picture = Image.alpha_composite(Image.new("RGBA", size, (*background, 255)), picture)
    return np.array(picture)


def _file(frame: Frame, read: Callable[[], Rgba]) -> bytes:
    data = frame.read()
    pixels = read()  # a torn file is found here, and not by the user's game
    return data if data.startswith(_PNG) else encode_png(pixels)


def _png(read: Callable[[], Rgba]) -> Callable[[], bytes]:
    return lambda: encode_png(read())
