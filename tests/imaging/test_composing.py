import numpy as np
import pytest

from support.synthetic import face, png
from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.change import Box, Region
from watercolor_rig.imaging.composing import PicturePair, compose, decode_pair, dissolve, encode_like_start
from watercolor_rig.imaging.picture import decode
from watercolor_rig.imaging.premultiplied import to_premultiplied


def region(left: int, top: int, right: int, bottom: int) -> Region:
    return Region(Box(left, top, right, bottom), np.ones((bottom - top, right - left), dtype=bool))


def test_a_piece_replaces_its_region_and_nothing_else() -> None:
    start = face(30, 40)
    pair = PicturePair(start, start, None)
    red = np.zeros((4, 5, 4), np.float32)
    red[...] = (1, 0, 0, 1)
    made = compose(pair, [(region(10, 12, 15, 16), red)])

    assert (made[12:16, 10:15] == (255, 0, 0, 255)).all()
    made[12:16, 10:15] = start[12:16, 10:15]
    assert np.array_equal(start, made)


def test_where_both_ends_agree_rounding_does_not_alter_the_value() -> None:
    start = face(30, 40)
    close = to_premultiplied(start) + np.float32(0.9 / 255)
    made = compose(PicturePair(start, start, None), [(region(0, 0, 30, 40), close.astype(np.float32))])

    assert np.array_equal(start, made)


def test_a_dissolve_leaves_equal_pixels_and_hidden_colour_alone() -> None:
    start, end = face(30, 40), face(30, 40, mouth_height=0.3)
    made = dissolve(PicturePair(start, end, None), 0.5)

    equal = (start == end).all(axis=2)
    assert np.array_equal(start[equal], made[equal])


def test_a_dissolve_into_nothing_fades_alpha_and_keeps_the_colour() -> None:
    start = np.array([[[200, 100, 50, 255]]], dtype=np.uint8)
    end = np.array([[[0, 255, 0, 0]]], dtype=np.uint8)

    assert dissolve(PicturePair(start, end, None), 0.5).tolist() == [[[200, 100, 50, 128]]]


def test_the_broken_side_is_named() -> None:
    with pytest.raises(PictureError, match=r"x t=0\.5: end: "):
        decode_pair(png(face(8, 8)), b"no picture", "x t=0.5")


def test_a_start_that_is_no_png_is_encoded_as_one() -> None:
    pixels = face(8, 8)
    made = encode_like_start(pixels, PicturePair(pixels, pixels, None), b"RIFF")

    assert np.array_equal(pixels, decode(made, "made"))
    assert made.startswith(b"\x89PNG")
