"""What exporters are given: the frames of a sequence, each read when it is needed and not before.

An exporter knows times and bytes; where the bytes come from (a manifest's folder, an archive, a test) is the caller's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from PIL import Image

from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.picture import Size, decode


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a sequence.

    Attributes:
        t: Its position, 0 to 1, as the manifest says.
        read: Returns the file's bytes (PNG, JPEG or WebP); called anew each time the frame is needed.
        name: What errors call it.
    """

    t: Fraction
    read: Callable[[], bytes]
    name: str = "frame"


@dataclass(frozen=True, slots=True)
class FrameSequence:
    """A sequence to show.

    Attributes:
        label: What captions call it, such as `neutral_to_speaking_ah__center`.
        frames: At least one, in any order; every exporter orders them by `t`.
    """

    label: str
    frames: Sequence[Frame]

    def in_order(self) -> list[Frame]:
        """Return the frames by ascending t.

        Raises:
            PictureError: if there is none.
        """
        if not self.frames:
            raise PictureError(f"{self.label}: has no frames to show; generate the sequence first")
        return sorted(self.frames, key=lambda frame: frame.t)


def open_frame(frame: Frame) -> Image.Image:
    """Return the whole picture of a frame, mode RGBA.

    Raises:
        PictureError: if it is undecodable, truncated or too large.
    """
    return Image.fromarray(decode(frame.read(), frame.name))


def fitted_size(size: Size, max_side: int) -> Size:
    """Return `size` scaled down, never up, so that no side is over `max_side` pixels, and no side below 1."""
    scale = min(1.0, max_side / max(size))
    width, height = (max(1, round(side * scale)) for side in size)
    return width, height


def scaled(picture: Image.Image, size: Size) -> Image.Image:
    """Return a picture resampled to `size`; Pillow weighs the colours of RGBA by their alpha."""
    return picture if picture.size == size else picture.resize(size, Image.Resampling.BICUBIC)
