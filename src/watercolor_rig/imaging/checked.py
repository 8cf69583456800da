"""A picture that is known to be whole, and that is decoded only where its pixels are needed.

An opaque PNG of plain RGB goes to an image service and comes back as the file it is; its checksums prove it whole at a
fiftieth of what decoding costs. Every other picture is decoded at once, which proves it too.
"""

import io
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image

from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.picture import PNG_END, Rgba, Size, decode, is_plain_png, read_size


@dataclass(frozen=True)
class CheckedPicture:
    """A whole picture.

    Attributes:
        data: The file's bytes.
        name: What errors call it.
        size: (width, height) in pixels.
        is_plain: Whether it is an opaque PNG whose file says all that its pixels do.
    """

    data: bytes
    name: str
    size: Size
    is_plain: bool

    @cached_property
    def pixels(self) -> Rgba:
        """The pixels: uint8, (height, width, 4).

        Raises:
            PictureError: if they cannot be decoded, although the checksums are right.
        """
        return decode(self.data, self.name)

    @property
    def is_opaque(self) -> bool:
        """Whether no pixel is transparent at all."""
        return self.is_plain or bool((self.pixels[..., 3] == np.iinfo(np.uint8).max).all())


def check(data: bytes, name: str) -> CheckedPicture:
    """Return the picture in `data`.

    Raises:
        PictureError: if it is undecodable, truncated, damaged or too large.
    """
    checked = CheckedPicture(data, name, read_size(data, name), is_plain_png(data, name))
    if not checked.is_plain:
        _ = checked.pixels
    elif not _checksums_are_right(data):
        raise PictureError(f"{name}: broken or truncated picture; replace the file")
    return checked


def _checksums_are_right(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            image.verify()
    except (OSError, SyntaxError, ValueError, EOFError):
        return False
    return data.rfind(PNG_END) >= 0
