import numpy as np
from hypothesis import given
from hypothesis.extra import numpy as arrays

from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import from_premultiplied, over_grey, to_premultiplied

pictures = arrays.arrays(
    np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=12).map(lambda side: (*side, 4))
)


def test_every_colour_under_every_alpha_above_zero_comes_back_exactly() -> None:
    colour, alpha = np.meshgrid(np.arange(256), np.arange(1, 256))
    pixels = np.stack([colour, colour, 255 - colour, alpha], axis=2).astype(np.uint8)

    assert np.array_equal(pixels, from_premultiplied(to_premultiplied(pixels)))


@given(pictures)
def test_an_invisible_pixel_comes_back_as_nothing(pixels: Rgba) -> None:
    back = from_premultiplied(to_premultiplied(pixels))

    assert (back[pixels[..., 3] == 0] == 0).all()


def test_values_that_interpolation_pushed_out_of_range_are_clipped() -> None:
    beyond = np.array([[[1.2, -0.1, 0.5, 1.1]]], dtype=np.float32)

    assert from_premultiplied(beyond).tolist() == [[[255, 0, 128, 255]]]


def test_over_grey_a_transparent_pixel_is_mid_grey_whatever_colour_it_hides() -> None:
    hidden = np.array([[[255, 0, 0, 0]]], dtype=np.uint8)

    assert over_grey(to_premultiplied(hidden)).tolist() == [[[0.5, 0.5, 0.5]]]
