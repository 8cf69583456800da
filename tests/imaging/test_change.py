import numpy as np
import pytest
from hypothesis import given, settings

from support.shared_material import CHARACTERS, endpoint_pairs, needs_shared, scorer
from support.synthetic import face, pairs
from watercolor_rig.imaging.change import Box, Mask, Region, bounding_box, changed_pixels, regions_that_may_move
from watercolor_rig.imaging.picture import Rgba


def union(regions: tuple[Region, ...], shape: tuple[int, ...]) -> Mask:
    inside = np.zeros(shape[:2], dtype=bool)
    for region in regions:
        assert not (inside[region.box.slices()] & region.mask).any()
        inside[region.box.slices()] |= region.mask
    return inside


def test_colour_hidden_under_alpha_zero_is_no_change() -> None:
    first = np.zeros((4, 4, 4), dtype=np.uint8)
    second = first.copy()
    second[..., 0] = 200

    assert not changed_pixels(first, second).any()


def test_a_pixel_that_becomes_visible_has_changed() -> None:
    first = np.zeros((4, 4, 4), dtype=np.uint8)
    second = first.copy()
    second[1, 2] = (0, 0, 0, 1)

    assert np.argwhere(changed_pixels(first, second)).tolist() == [[1, 2]]


def test_equal_pictures_have_no_region() -> None:
    assert regions_that_may_move(face(30, 40), face(30, 40)) == ()


def test_changes_far_apart_are_regions_of_their_own() -> None:
    first = np.full((200, 200, 4), 255, dtype=np.uint8)
    second = first.copy()
    second[10:14, 10:14, 0] = 0
    second[180:184, 180:184, 0] = 0

    assert [region.box for region in regions_that_may_move(first, second)] == [(6, 6, 18, 18), (176, 176, 188, 188)]


def test_changes_near_each_other_share_the_hull_that_spans_the_gap() -> None:
    first = np.full((200, 200, 4), 255, dtype=np.uint8)
    second = first.copy()
    second[100:104, 90:94, 0] = 0
    second[100:104, 110:114, 0] = 0
    (region,) = regions_that_may_move(first, second)

    assert region.mask[102 - region.box.top, 102 - region.box.left]


@settings(max_examples=100, deadline=None)
@given(pairs())
def test_every_changed_pixel_lies_in_exactly_one_region(ends: tuple[Rgba, Rgba]) -> None:
    inside = union(regions_that_may_move(*ends), ends[0].shape)

    assert not (changed_pixels(*ends) & ~inside).any()


@needs_shared
@settings(max_examples=100, deadline=None)
@given(pairs())
def test_on_made_up_pictures_the_regions_are_those_of_the_quality_measure(ends: tuple[Rgba, Rgba]) -> None:
    assert np.array_equal(scorer().may_change(*ends), union(regions_that_may_move(*ends), ends[0].shape))


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("character", CHARACTERS)
def test_on_real_pictures_the_regions_are_those_of_the_quality_measure(character: str) -> None:
    truth = scorer()
    for start, end in endpoint_pairs(character)[:2]:
        first, second = truth.raw(start), truth.raw(end)

        assert np.array_equal(truth.may_change(first, second), union(regions_that_may_move(first, second), first.shape))


def test_a_grown_box_stops_at_the_edge_of_the_picture() -> None:
    assert Box(2, 3, 8, 9).grown(4, (10, 100, 4)) == (0, 0, 12, 10)


def test_nothing_has_no_bounding_box() -> None:
    assert bounding_box(np.zeros((3, 3), dtype=bool)) is None
