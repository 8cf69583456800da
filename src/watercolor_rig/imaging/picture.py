"""Decoding and encoding, with caps before any decoder runs.

A picture inside the program is `Rgba`: a uint8 array of shape (height, width, 4), straight (not premultiplied) alpha,
as in the file. Palette, grey and RGB files become RGBA on the way in; a picture without any transparency goes out as
RGB, which decodes to the same values.
"""

import io
import struct
import zlib
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from watercolor_rig.core.errors import PictureError

Rgba: TypeAlias = npt.NDArray[np.uint8]
Size: TypeAlias = tuple[int, int]

MAX_PIXELS = 50_000_000
"""A cap against decompression bombs: about 7000×7000, far above any portrait."""

MAX_BYTES = 64 * 1024 * 1024
"""The largest file that is read at all."""

_ORIENTATION = 0x0112
_FIRST_TURNED = 5
"""EXIF orientations from here on lie on their side."""

_FORMATS = ("PNG", "JPEG", "WEBP")
PNG_END = b"IEND\xaeB`\x82"
"""The last chunk. Pillow does without it, and without the checksums before it, once it has all pixels."""

_MEANINGFUL = frozenset({"icc_profile", "transparency", "gamma", "chromaticity"})
"""What changes the meaning of a PNG's values; `srgb` says only what is taken for granted."""

_DECODER_ERRORS = (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, MemoryError, IndexError)


def read_size(data: bytes, name: str) -> Size:
    """Return (width, height) from the header alone, as `decode` will show the picture.

    Args:
        data: The file's bytes: PNG, JPEG or WebP.
        name: What the error calls it.

    Raises:
        PictureError: for no such picture, or one over `MAX_PIXELS`.
    """
    with _opened(data, name) as image:
        width, height = image.size
        is_turned = image.format == "JPEG" and image.getexif().get(_ORIENTATION, 1) >= _FIRST_TURNED
        return (height, width) if is_turned else (width, height)


def decode(data: bytes, name: str) -> Rgba:
    """Return the pixels of a whole picture; a truncated or damaged file is an error, never a partial picture.

    Args:
        data: The file's bytes: PNG, JPEG or WebP.
        name: What the error calls it.

    Returns:
        uint8, (height, width, 4), straight alpha, writable.

    Raises:
        PictureError: if it is undecodable, truncated or over `MAX_PIXELS`.
    """
    with _opened(data, name) as image:
        try:
            image.load()
            if image.format == "PNG" and data.rfind(PNG_END) < 0:
                raise EOFError("its end is missing")
            upright = ImageOps.exif_transpose(image) if image.format == "JPEG" else image
            return np.array(upright.convert("RGBA"))
        except _DECODER_ERRORS as error:
            raise PictureError(f"{name}: broken or truncated picture ({error}); replace the file") from error


def encode_png(pixels: Rgba, *, icc_profile: bytes | None = None) -> bytes:
    """Return `pixels` as a PNG, quickly: level 1 with run-length coding costs 2 % size against the default.

    Args:
        pixels: uint8, (height, width, 4), straight alpha.
        icc_profile: Colour profile to carry over from the source, if it had one.

    Returns:
        An RGB file where every pixel is opaque, otherwise RGBA.
    """
    opaque = bool((pixels[..., 3] == 255).all())  # noqa: PLR2004 - full alpha
    image = Image.fromarray(np.ascontiguousarray(pixels[..., :3] if opaque else pixels))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1, compress_type=zlib.Z_RLE, icc_profile=icc_profile)
    return out.getvalue()


def read_icc_profile(data: bytes, name: str) -> bytes | None:
    """Return the embedded colour profile, or None.

    Raises:
        PictureError: for no picture at all.
    """
    with _opened(data, name) as image:
        profile = image.info.get("icc_profile")
        return profile if isinstance(profile, bytes) else None


def as_png(data: bytes, name: str) -> bytes:
    """Return a whole picture as PNG: the bytes themselves where they are one, else the same pixels re-encoded.

    Raises:
        PictureError: as `decode`.
    """
    pixels = decode(data, name)
    with _opened(data, name) as image:
        if image.format == "PNG":
            return data
    return encode_png(pixels, icc_profile=read_icc_profile(data, name))


def is_plain_png(data: bytes, name: str) -> bool:
    """Return whether a picture is a PNG of 8-bit RGB whose values mean what they say: no profile, no transparency.

    Such a file says all that its decoded pixels do, so it need not be encoded again.

    Raises:
        PictureError: for no picture at all.
    """
    with _opened(data, name) as image:
        return image.format == "PNG" and image.mode == "RGB" and not _MEANINGFUL & image.info.keys()


def _opened(data: bytes, name: str) -> Image.Image:
    if len(data) > MAX_BYTES:
        raise PictureError(f"{name}: {len(data) / 1e6:.0f} MB is over the limit of {MAX_BYTES / 1e6:.0f} MB; shrink it")
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise PictureError(f"{name}: too many pixels for a portrait; scale it down") from error
    except _DECODER_ERRORS as error:
        raise PictureError(f"{name}: not a PNG, JPEG or WebP picture; replace the file") from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        image.close()
        limit = MAX_PIXELS // 1_000_000
        raise PictureError(f"{name}: {width}x{height} is over the limit of {limit} megapixels; scale it down")
    return image
