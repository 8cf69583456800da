"""Bytes to pixels and back: every mode in, RGB or RGBA out, nothing half and nothing huge."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.picture import as_png, decode, encode_png, read_icc_profile, read_size

ORIENTATION = 0x0112


def as_file(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def gradient(mode: str = "RGBA", size: tuple[int, int] = (5, 3)) -> Image.Image:
    values = np.arange(size[0] * size[1] * 4, dtype=np.uint8).reshape(size[1], size[0], 4)
    return Image.fromarray(values).convert(mode)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L", "LA", "P", "1"])
def test_every_colour_mode_reads_as_rgba(mode: str) -> None:
    pixels = decode(as_file(gradient(mode)), "f")

    assert (pixels.shape, pixels.dtype.name) == ((3, 5, 4), "uint8")
    assert np.array_equal(pixels, np.asarray(gradient(mode).convert("RGBA")))


def test_what_is_written_reads_back_exactly() -> None:
    pixels = np.array(gradient())

    assert np.array_equal(decode(encode_png(pixels), "f"), pixels)


def test_a_picture_without_transparency_is_written_as_rgb() -> None:
    pixels = np.array(gradient("RGB").convert("RGBA"))

    assert Image.open(io.BytesIO(encode_png(pixels))).mode == "RGB"


def test_the_colour_profile_goes_along() -> None:
    data = encode_png(np.array(gradient()), icc_profile=b"a profile")

    assert read_icc_profile(data, "f") == b"a profile"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_size_and_pixels_of_a_turned_photograph_agree(orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    data = as_file(gradient("RGB", (6, 4)), "JPEG", exif=exif)

    height, width = decode(data, "f").shape[:2]
    assert read_size(data, "f") == (width, height) == ((4, 6) if orientation >= 5 else (6, 4))


def test_a_png_stays_its_own_bytes_and_others_become_one() -> None:
    png, jpeg = as_file(gradient()), as_file(gradient("RGB"), "JPEG")

    assert as_png(png, "f") == png
    assert np.array_equal(decode(as_png(jpeg, "f"), "f"), decode(jpeg, "f"))


@pytest.mark.parametrize("left", [0, 1, 8, 30, 60, -13, -12, -1])
def test_a_picture_cut_anywhere_is_an_error(left: int) -> None:
    data = as_file(gradient(size=(40, 40)))

    with pytest.raises(PictureError, match=r"^f: "):
        decode(data[:left], "f")


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<html>", b"\x89PNG\r\n\x1a\n", as_file(gradient("RGB"), "BMP")])
def test_what_is_no_picture_of_ours_is_an_error(data: bytes) -> None:
    with pytest.raises(PictureError, match="replace the file"):
        decode(data, "f")


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 16000, 16000, 8, 6, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")

    with pytest.raises(PictureError, match="scale it down"):
        read_size(data, "f")
