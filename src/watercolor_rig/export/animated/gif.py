"""GIF (89a), frame by frame, with one palette for the whole film.

One palette, made from a few of its pictures, keeps a colour that stays the same from flickering. A pixel is clear or
solid, nothing between. A frame is only the rectangle that changed, unless a pixel becomes clear: a GIF cannot draw
clearness, so the frame before is then wiped away whole.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from watercolor_rig.export.animated.film import Box, Film, changed_box
from watercolor_rig.imaging.picture import Rgba

CLEAR = 255
"""Place of the palette that stands for clear; 255 colours are left."""

_HALF = 128
_SAMPLES = 5
_STAY, _WIPE = 1, 2
_FOR_EVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class _Shot:
    """A frame by palette, and how long it stands in hundredths."""

    pixels: npt.NDArray[np.uint8]
    hundredths: int


def write_gif(film: Film, file: BinaryIO) -> bool:
    """Write a film whose durations are hundredths of a second; return whether soft pixels became clear or solid.

    Raises:
        PictureError: if a frame cannot be decoded.
        StoreError: if a file cannot be read.
    """
    palette = _palette(film)
    softened = False

    def shots() -> Iterator[_Shot]:
        nonlocal softened
        for picture, hundredths in zip(film.pictures(), film.durations, strict=True):
            softened = softened or bool(((picture[..., 3] > 0) & (picture[..., 3] < 255)).any())  # noqa: PLR2004 - solid
            yield _Shot(_indexed(picture, palette), hundredths)

    colours = bytes(palette.getpalette() or ())[: 3 * CLEAR].ljust(3 * 256, b"\0")
    file.write(b"GIF89a" + struct.pack("<HHBBB", *film.size, 0xF7, CLEAR, 0) + colours)
    file.write(_FOR_EVER if film.repeats else b"")
    _write_shots(shots(), film, file)
    file.write(b";")
    return softened


def _write_shots(shots: Iterator[_Shot], film: Film, file: BinaryIO) -> None:
    """Write the frames, each when the next is known: that one says whether this one is wiped away after it."""
    before: npt.NDArray[np.uint8] | None = None
    shot: _Shot | None = next(shots)
    while shot is not None:
        after = next(shots, None)
        wipes = after is not None and bool(((shot.pixels != CLEAR) & (after.pixels == CLEAR)).any())
        is_whole = wipes or before is None
        box = (0, 0, *film.size) if is_whole else changed_box(_as_picture(before), _as_picture(shot.pixels))
        _write_shot(shot, box, _WIPE if wipes else _STAY, file)
        before = None if wipes else shot.pixels
        shot = after


def _write_shot(shot: _Shot, box: Box, disposal: int, file: BinaryIO) -> None:
    left, top, right, bottom = box
    file.write(b"\x21\xf9\x04" + struct.pack("<BHBB", disposal << 2 | 1, shot.hundredths, CLEAR, 0))
    file.write(b"\x2c" + struct.pack("<HHHHB", left, top, right - left, bottom - top, 0))
    file.write(_compressed(shot.pixels[top:bottom, left:right]))


def _compressed(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return the LZW blocks of a picture, begun by their code size: the end of a GIF of one frame."""
    picture = Image.fromarray(pixels.copy())  # 256 greys: the values themselves, in the palette's order
    out = io.BytesIO()
    picture.save(out, "GIF", optimize=False, interlace=False)
    data = out.getvalue()
    at = 13 + 3 * 256
    while data[at] != 0x2C:  # noqa: PLR2004 - an extension before the descriptor
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    return data[at + 10 : -1]


def _palette(film: Film) -> Image.Image:
    """Return a picture with the palette: of the colours that can be seen in a few frames, spread over the film."""
    last = len(film.durations) - 1
    places = sorted({round(at * last / max(1, _SAMPLES - 1)) for at in range(_SAMPLES)})
    seen = [picture[picture[..., 3] >= _HALF][:, :3] for picture in map(film.picture, places)]
    colours = np.concatenate([*seen, np.zeros((1, 3), np.uint8)])
    side = int(np.ceil(np.sqrt(len(colours))))
    square = np.resize(colours, (side, side, 3))
    return Image.fromarray(square).quantize(CLEAR, Image.Quantize.MEDIANCUT, kmeans=1)


def _indexed(picture: Rgba, palette: Image.Image) -> npt.NDArray[np.uint8]:
    colours = Image.fromarray(picture[..., :3].copy()).quantize(palette=palette, dither=Image.Dither.NONE)
    return np.where(picture[..., 3] >= _HALF, np.array(colours), np.uint8(CLEAR)).astype(np.uint8)


def _as_picture(pixels: npt.NDArray[np.uint8] | None) -> Rgba:
    return np.zeros((1, 1, 1), np.uint8) if pixels is None else pixels[..., None]
