"""The binary form of `.aseprite` (aseprite/aseprite, docs/ase-file-specs.md): little-endian, chunks within frames.

Only what an export needs is here: RGBA, normal layers, compressed and linked cels, tags that play forwards.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.picture import Rgba, Size

HEADER_BYTES = 128

MOST_FRAMES = MOST_MS = MOST_PIXELS = 0xFFFF
"""Numbers of two bytes."""

_FILE, _FRAME = 0xA5E0, 0xF1FA
_LAYER, _CEL, _TAGS = 0x2004, 0x2005, 0x2018
_LINKED, _COMPRESSED = 1, 2
_VISIBLE_AND_EDITABLE, _PREFERS_LINKS = 3, 16
_RGBA_BITS = 32
_OPACITY_COUNTS = 1


@dataclass(frozen=True, slots=True)
class Tag:
    """A name for the frames from `first` to `last`, both of them part of it."""

    name: str
    first: int
    last: int


def header(file_bytes: int, frames: int, size: Size) -> bytes:
    """Return the head of a file of so many bytes, itself included."""
    fixed = struct.pack("<IHHHHHIH", file_bytes, _FILE, frames, *size, _RGBA_BITS, _OPACITY_COUNTS, 100)
    square_pixels = struct.pack("<8xB3xHBB", 0, 0, 1, 1)
    return (fixed + square_pixels).ljust(HEADER_BYTES, b"\0")


def frame(chunks: Sequence[bytes], ms: int) -> bytes:
    """Return a frame that stands `ms` milliseconds."""
    body = b"".join(chunks)
    old_count = min(len(chunks), 0xFFFF)
    return struct.pack("<IHHH2xI", 16 + len(body), _FRAME, old_count, min(ms, MOST_MS), len(chunks)) + body


def layer(name: str, *, is_still: bool) -> bytes:
    """Return a layer; one that `is_still` keeps its picture in frames that an artist adds."""
    flags = _VISIBLE_AND_EDITABLE | (_PREFERS_LINKS if is_still else 0)
    return _chunk(_LAYER, struct.pack("<HHHHHHB3x", flags, 0, 0, 0, 0, 0, 255) + _string(name))


def tags(found: Sequence[Tag]) -> bytes:
    """Return the tags; they stand in the first frame."""
    body = struct.pack("<H8x", len(found))
    for tag in found:
        body += struct.pack("<HHBH6x4B", tag.first, tag.last, 0, 0, 0, 0, 0, 0) + _string(tag.name)
    return _chunk(_TAGS, body)


def cel(layer_at: int, box: Box, pixels: Rgba) -> bytes:
    """Return the picture that a layer shows in a frame, in its place."""
    size = struct.pack("<HH", box.right - box.left, box.bottom - box.top)
    return _chunk(_CEL, _cel_head(layer_at, box, _COMPRESSED) + size + zlib.compress(pixels.tobytes(), 6))


def linked_cel(layer_at: int, box: Box, frame_at: int) -> bytes:
    """Return a cel that shows what the layer shows in an earlier frame."""
    return _chunk(_CEL, _cel_head(layer_at, box, _LINKED) + struct.pack("<H", frame_at))


def _cel_head(layer_at: int, box: Box, kind: int) -> bytes:
    return struct.pack("<HhhBH7x", layer_at, box.left, box.top, 255, kind)


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<H", len(data)) + data


def _chunk(kind: int, body: bytes) -> bytes:
    return struct.pack("<IH", 6 + len(body), kind) + body
