"""Animated PNG (PNG specification, third edition, section 11.3.6), frame by frame.

After the first, a frame is only the rectangle that changed, and replaces it wholly (blend 0), so every pixel, clear
ones too, is exactly that of the frame.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO

from PIL import Image

from watercolor_rig.export.animated.film import Film, changed_box
from watercolor_rig.imaging.picture import Rgba

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def write_apng(film: Film, file: BinaryIO) -> None:
    """Write a film whose durations are milliseconds, each below 65.536 s.

    Raises:
        PictureError: if a frame cannot be decoded.
        StoreError: if a file cannot be read.
    """
    numbers = count()
    file.write(SIGNATURE)
    file.write(_chunk(b"IHDR", struct.pack(">IIBBBBB", *film.size, 8, 6, 0, 0, 0)))
    file.write(_chunk(b"acTL", struct.pack(">II", len(film.durations), 0 if film.repeats else 1)))
    before: Rgba | None = None
    for picture, ms in zip(film.pictures(), film.durations, strict=True):
        left, top, right, bottom = (0, 0, *film.size) if before is None else changed_box(before, picture)
        control = (next(numbers), right - left, bottom - top, left, top, min(ms, 0xFFFF), 1000, 0, 0)
        file.write(_chunk(b"fcTL", struct.pack(">IIIIIHHBB", *control)))
        for data in _compressed(picture[top:bottom, left:right]):
            is_first = before is None
            file.write(_chunk(b"IDAT", data) if is_first else _chunk(b"fdAT", struct.pack(">I", next(numbers)) + data))
        before = picture
    file.write(_chunk(b"IEND", b""))


def _compressed(pixels: Rgba) -> Iterator[bytes]:
    """Yield what stands in the IDAT chunks of a picture."""
    out = io.BytesIO()
    Image.fromarray(pixels.copy()).save(out, "PNG", compress_level=6)
    data, at = out.getvalue(), len(SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IDAT":
            yield data[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
