"""Transparency on purpose: out on a flat ground, back with the alpha of the neighbours."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.figures import HAIR, MOUTH, head, premultiplied
from watercolor_rig.imaging.ground import GROUNDS, between, choose_ground, flatten, is_opaque, restore


def test_a_figure_that_was_not_changed_comes_back_as_it_looked() -> None:
    base = head()
    ground = choose_ground([base])

    back = restore(flatten(base, ground), ground, base)

    np.testing.assert_array_equal(back[..., 3], base[..., 3])
    assert np.abs(premultiplied(back) - premultiplied(base)).max() <= 1


def test_colours_hidden_under_alpha_0_neither_go_out_nor_come_back() -> None:
    base = head()
    ground = choose_ground([base])

    sent = flatten(base, ground)
    back = restore(sent, ground, base)

    assert (sent[base[..., 3] == 0] == ground).all()
    assert (back[back[..., 3] == 0] == 0).all()


def test_a_change_inside_the_figure_comes_through() -> None:
    base, edited = head(), head(mouth_px=20)
    ground = choose_ground([base])

    back = restore(flatten(edited, ground), ground, base)

    assert tuple(back[int(128 * 0.62) + 7, 48, :3]) == MOUTH


@pytest.mark.parametrize("radius", [0.36, 0.38, 0.42])
def test_a_figure_redrawn_smaller_or_larger_leaves_no_fringe_of_the_ground(radius: float) -> None:
    base, redrawn = head(), head(radius=radius)
    ground = (0, 177, 64)

    back = restore(flatten(redrawn, ground), ground, base)

    visible = back[..., 3] > 0
    greenness = back[..., 1].astype(int) - np.maximum(back[..., 0], back[..., 2])
    assert (greenness[visible] <= 0).all()
    np.testing.assert_array_equal(back[..., 3], base[..., 3])


def test_half_transparent_parts_inside_a_figure_lose_the_tint_of_the_ground() -> None:
    glass = np.full((40, 40, 4), (200, 40, 40, 255), np.uint8)
    glass[..., 3][:2] = 0
    glass[15:35, 10:30] = (10, 20, 200, 128)
    ground = (255, 255, 255)

    back = restore(flatten(glass, ground), ground, glass)

    assert np.abs(back[25, 20].astype(int) - (10, 20, 200, 128)).max() <= 2


def test_the_ground_differs_from_the_edges_of_every_figure() -> None:
    white, green = (np.full((30, 30, 4), 0, np.uint8) for _ in range(2))
    white[8:22, 8:22] = (250, 250, 250, 255)
    green[8:22, 8:22] = (0, 177, 64, 255)

    ground = np.array(choose_ground([white, green]))

    assert np.linalg.norm(ground - (250, 250, 250)) > 70
    assert np.linalg.norm(ground - (0, 177, 64)) > 70


def test_a_figure_of_every_candidate_still_gets_a_ground() -> None:
    stripes = np.zeros((60, 60, 4), np.uint8)
    for row, ground in enumerate(GROUNDS):
        stripes[10 + 5 * row : 15 + 5 * row, 10:50] = (*ground, 255)

    assert choose_ground([stripes]) in GROUNDS


def test_a_picture_without_a_solid_edge_gets_the_calmest_ground() -> None:
    assert choose_ground([np.zeros((8, 8, 4), np.uint8)]) == GROUNDS[0]


def test_where_both_ends_agree_an_in_between_has_exactly_their_alpha() -> None:
    start, end = head(), head(mouth_px=30)

    middle = between(start, end, Fraction(1, 3))

    np.testing.assert_array_equal(middle[..., 3], start[..., 3])


def test_where_the_ends_differ_alpha_goes_by_position_and_colour_by_what_is_visible() -> None:
    start = np.array([[[*HAIR, 255]]], np.uint8)
    end = np.array([[[255, 0, 255, 0]]], np.uint8)

    assert between(start, end, Fraction(1, 4))[0, 0].tolist() == [*HAIR, 191]


@given(st.integers(0, 2**32 - 1), st.fractions(0, 1, max_denominator=64))
def test_the_mean_of_a_picture_with_itself_is_that_picture(seed: int, position: Fraction) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 7, 4), np.uint8)
    pixels[pixels[..., 3] == 0] = 0

    np.testing.assert_array_equal(between(pixels, pixels, position), pixels)


def test_an_outline_that_moves_between_the_ends_shows_no_ground() -> None:
    start, end = head(radius=0.3), head(radius=0.45)
    middle = between(start, end, Fraction(1, 2))
    ground = (0, 177, 64)

    unsure = np.asarray(cv2.absdiff(start[..., 3], end[..., 3]), np.uint8)
    back = restore(flatten(head(radius=0.37), ground), ground, middle, unsure)

    greenness = back[..., 1].astype(int) - np.maximum(back[..., 0], back[..., 2])
    assert (greenness[back[..., 3] > 0] <= 0).all()


def test_only_a_picture_without_any_transparency_is_opaque() -> None:
    assert is_opaque(head(cut_out=False))
    assert not is_opaque(head())
