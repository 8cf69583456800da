"""Two pictures as a pair, and putting made pieces back so that everything else stays as it was, bit for bit."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.change import Region, changed_pixels
from watercolor_rig.imaging.picture import Rgba, decode, encode_png, read_icc_profile
from watercolor_rig.imaging.premultiplied import Premultiplied, from_premultiplied, to_premultiplied

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ROUNDING = np.float32(1.001 / 255)
"""One level of 255: interpolating between equal values may stray that far and still mean the value itself."""


@dataclass(frozen=True, slots=True)
class PicturePair:
    """Two decoded pictures of one size.

    Attributes:
        start: uint8, (height, width, 4), straight alpha.
        end: The same shape.
        icc_profile: Colour profile of the start, or None.
    """

    start: Rgba
    end: Rgba
    icc_profile: bytes | None


def decode_pair(start: bytes, end: bytes, name: str) -> PicturePair:
    """Decode both ends of an in-between.

    Args:
        start: The file's bytes.
        end: The file's bytes.
        name: What errors call the in-between.

    Raises:
        PictureError: if one cannot be decoded, or their sizes differ.
    """
    first, second = decode(start, f"{name}: start"), decode(end, f"{name}: end")
    if first.shape != second.shape:
        sizes = " and ".join(f"{picture.shape[1]}x{picture.shape[0]}" for picture in (first, second))
        raise PictureError(f"{name}: the two ends differ in size ({sizes}); bring both endpoints to one size")
    return PicturePair(first, second, read_icc_profile(start, f"{name}: start"))


def compose(pair: PicturePair, pieces: Iterable[tuple[Region, Premultiplied]]) -> Rgba:
    """Return the start picture with pieces put into their regions.

    A pixel outside every region is the start's, hidden colour under alpha 0 included. So is a pixel inside where the
    two ends agree and the piece differs from them by no more than rounding.

    Args:
        pair: The two ends.
        pieces: Regions that do not overlap, each with its new content: float32, premultiplied, the box's shape.
    """
    made = pair.start.copy()
    for region, content in pieces:
        cut = region.box.slices()
        start = pair.start[cut]
        strays = (np.abs(content - to_premultiplied(start)) > _ROUNDING).any(axis=2)
        moves = region.mask & (changed_pixels(start, pair.end[cut]) | strays)
        made[cut][moves] = from_premultiplied(content)[moves]
    return made


def dissolve(pair: PicturePair, share: float) -> Rgba:
    """Return the start picture with every changed pixel mixed, premultiplied, with the end's.

    Args:
        pair: The two ends.
        share: How much of the end shows, 0 to 1.
    """
    changed = changed_pixels(pair.start, pair.end)
    made = pair.start.copy()
    start, end = (to_premultiplied(ends[changed][:, None]) for ends in (pair.start, pair.end))
    made[changed] = from_premultiplied(start * np.float32(1 - share) + end * np.float32(share))[:, 0]
    return made


def encode_like_start(pixels: Rgba, pair: PicturePair, start: bytes) -> bytes:
    """Return `pixels` as a PNG with the start's colour profile; the start's own bytes where nothing differs.

    Args:
        pixels: uint8, (height, width, 4), straight alpha.
        pair: The two ends.
        start: The start's file.
    """
    if start.startswith(_PNG_SIGNATURE) and np.array_equal(pixels, pair.start):
        return start
    return encode_png(pixels, icc_profile=pair.icc_profile)
