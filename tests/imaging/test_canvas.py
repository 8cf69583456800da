"""Fitting a picture into a canvas and bringing it back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.figures import head
from watercolor_rig.imaging.canvas import Fit, border_colour

SIDES = st.integers(1, 90)


@given(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES))
def test_a_picture_that_is_not_larger_comes_back_bit_for_bit(picture: tuple[int, int], room: tuple[int, int]) -> None:
    colours = np.random.default_rng(7).integers(0, 256, (picture[1], picture[0], 3), np.uint8)
    fit = Fit.plan(picture, (picture[0] + room[0], picture[1] + room[1]))

    back = fit.bring_back(fit.place(colours, (1, 2, 3)))

    assert not fit.is_scaled
    np.testing.assert_array_equal(back, colours)


@given(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES))
def test_every_picture_lies_within_its_canvas_and_comes_back_in_its_size(
    picture: tuple[int, int], canvas: tuple[int, int]
) -> None:
    colours = np.zeros((picture[1], picture[0], 3), np.uint8)
    fit = Fit.plan(picture, canvas)

    placed = fit.place(colours, (9, 9, 9))

    assert placed.shape == (canvas[1], canvas[0], 3)
    assert fit.bring_back(placed).shape == colours.shape
    assert fit.scale <= 1
    assert fit.is_scaled == (picture[0] > canvas[0] or picture[1] > canvas[1])


def test_padding_is_flat_and_of_the_colour_given() -> None:
    fit = Fit.plan((10, 10), (20, 30))

    placed = fit.place(np.zeros((10, 10, 3), np.uint8), (200, 100, 50))

    assert fit.is_padded
    assert (placed[:10] == (200, 100, 50)).all()
    assert (placed[10:20, 5:15] == 0).all()


def test_a_larger_picture_is_scaled_down_and_keeps_its_shape() -> None:
    fit = Fit.plan((1672, 941), (1024, 1536))

    assert fit.inner == (1024, 576)
    assert fit.scale == pytest.approx(0.6124, abs=1e-3)


def test_a_scaled_picture_comes_back_close_to_the_original() -> None:
    colours = head((200, 260), cut_out=False)[..., :3]
    fit = Fit.plan((200, 260), (150, 150))

    back = fit.bring_back(fit.place(colours, (0, 0, 0)))

    assert np.abs(back.astype(int) - colours).mean() < 2


def test_an_opaque_picture_is_padded_with_the_colour_of_its_border() -> None:
    assert border_colour(head(cut_out=False)[..., :3]) == (60, 80, 140)
