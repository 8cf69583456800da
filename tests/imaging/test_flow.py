import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.imaging.flow import between, estimate_motion, warp
from watercolor_rig.imaging.premultiplied import Premultiplied
from watercolor_rig.imaging.splatting import fill, splat


def dot_at(x: float, y: float, side: int = 96) -> Premultiplied:
    """Return a soft red disk on a transparent ground."""
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32)
    alpha = np.clip(12 - np.hypot(columns - x, rows - y), 0, 1)
    return np.stack([alpha, 0.2 * alpha, 0 * alpha, alpha], axis=2).astype(np.float32)


def free(side: int = 96) -> npt.NDArray[np.float32]:
    return np.ones((side, side), dtype=np.float32)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_shape_that_slides_is_drawn_on_its_way_not_twice(share: float) -> None:
    first, second = dot_at(40, 48), dot_at(54, 48)
    made = between(first, second, estimate_motion(first, second, free()), share)

    assert np.abs(made - dot_at(40 + 14 * share, 48)).mean() < 0.004


def test_alpha_is_moved_with_the_colour_so_that_no_edge_changes_hue() -> None:
    first, second = dot_at(40, 48), dot_at(54, 48)
    made = between(first, second, estimate_motion(first, second, free()), 0.5)

    assert np.allclose(made[..., 0], made[..., 3], atol=1e-5)
    assert np.allclose(made[..., 1], 0.2 * made[..., 3], atol=1e-5)


def test_a_pixel_without_freedom_stays_where_it_is() -> None:
    first, second = dot_at(40, 48), dot_at(54, 48)
    held = 0 * free()
    made = between(first, second, estimate_motion(first, second, held), 0.5)

    assert np.abs(made - (first + second) / 2).max() < 0.5
    assert estimate_motion(first, second, held).forward.max() == 0


def test_what_is_hidden_in_one_picture_is_taken_from_the_other() -> None:
    """Where both ends agree on still ground, the ground is exact although something moves beside it."""
    first, second = dot_at(30, 48), dot_at(36, 48)
    first[..., 2] += 0.3
    second[..., 2] += 0.3
    made = between(first, second, estimate_motion(first, second, free()), 0.5)

    assert np.abs(made[:, 70:, 2] - 0.3).max() < 1e-3


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 2), (63, 65)])
def test_pictures_below_the_search_s_own_least_size_are_taken(shape: tuple[int, int]) -> None:
    first, second = np.zeros((*shape, 4), np.float32), np.ones((*shape, 4), np.float32)
    made = between(first, second, estimate_motion(first, second, np.ones(shape, np.float32)), 0.5)

    assert made.shape == (*shape, 4)
    assert np.isfinite(made).all()


def test_warping_by_whole_pixels_shifts_exactly() -> None:
    values = np.arange(25, dtype=np.float32).reshape(5, 5)
    shift = np.zeros((5, 5, 2), dtype=np.float32)
    shift[..., 0] = 1

    assert np.array_equal(values[:, 1:], warp(values, shift)[:, :-1])


@given(dx=st.floats(-3, 3, width=32), dy=st.floats(-3, 3, width=32))
def test_splatting_keeps_the_weight_of_what_lands_inside(dx: float, dy: float) -> None:
    motion = np.full((20, 20, 2), (dx, dy), dtype=np.float32)
    weights = np.zeros((20, 20), dtype=np.float32)
    weights[8:12, 8:12] = 1
    sums, landed = splat(motion, weights, motion)

    assert landed.sum() == pytest.approx(16, rel=1e-4)
    assert sums[..., 0].sum() == pytest.approx(16 * dx, rel=1e-3, abs=1e-3)


def test_holes_are_filled_with_what_surrounds_them() -> None:
    sums, weights = np.full((32, 32, 2), 3, np.float32), np.ones((32, 32), np.float32)
    sums[12:20, 12:20] = 0
    weights[12:20, 12:20] = 0

    assert np.allclose(fill(sums, weights, 0.02), 3, atol=1e-3)
