"""Boxes hold every change and little else, whatever changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from watercolor_rig.imaging.patchwork import Box, area, changed_boxes, seen, seen_box, tiles
from watercolor_rig.imaging.picture import Rgba

PICTURES = npst.arrays(np.uint8, (17, 23, 4), elements=st.sampled_from([0, 7, 255]), fill=st.just(0))


def plain(width: int = 200, height: int = 100) -> Rgba:
    return np.full((height, width, 4), 255, np.uint8)


def patched(base: Rgba, picture: Rgba, boxes: list[Box]) -> Rgba:
    """Return the base with the picture's boxes on it."""
    made = base.copy()
    for left, top, width, height in boxes:
        made[top : top + height, left : left + width] = picture[top : top + height, left : left + width]
    return made


@given(PICTURES, PICTURES)
def test_a_base_with_the_changed_boxes_on_it_is_the_picture(picture: Rgba, base: Rgba) -> None:
    boxes = changed_boxes(picture, base)

    assert np.array_equal(patched(base, picture, boxes), picture)
    assert all(
        left >= 0 and top >= 0 and left + width <= 23 and top + height <= 17 for left, top, width, height in boxes
    )


@given(PICTURES)
def test_equal_pictures_have_no_boxes(picture: Rgba) -> None:
    assert changed_boxes(picture, picture.copy()) == []


def test_changes_far_from_each_other_have_a_tight_box_each() -> None:
    picture = plain()
    picture[0:40, 0:50] = 0
    picture[60:100, 140:200] = 3

    assert sorted(changed_boxes(picture, plain())) == [(0, 0, 50, 40), (140, 60, 60, 40)]


def test_changes_close_to_each_other_share_a_box() -> None:
    picture = plain()
    picture[10:50, 20:60] = 0
    picture[10:50, 64:90] = 0

    assert changed_boxes(picture, plain()) == [(20, 10, 70, 40)]


def test_a_small_change_beside_a_large_one_joins_it() -> None:
    picture = plain()
    picture[10:50, 20:60] = 0
    picture[30, 72] = 0

    assert changed_boxes(picture, plain()) == [(20, 10, 53, 40)]


def test_specks_all_over_are_a_few_boxes() -> None:
    picture = plain(1500, 1000)
    picture[5::60, 5::60] = 0

    boxes = changed_boxes(picture, plain(1500, 1000))

    assert len(boxes) <= 64
    assert np.array_equal(patched(plain(1500, 1000), picture, boxes), picture)


@given(PICTURES)
def test_what_is_clear_counts_for_nothing(picture: Rgba) -> None:
    tinted = picture.copy()
    tinted[picture[..., 3] == 0] = (9, 8, 7, 0)

    assert np.array_equal(seen(tinted), seen(picture))
    assert np.array_equal(seen(picture)[picture[..., 3] > 0], picture[picture[..., 3] > 0])


@given(PICTURES)
def test_the_seen_part_is_all_that_is_not_clear(picture: Rgba) -> None:
    shown = seen(picture)
    box = seen_box(shown)

    assert np.array_equal(patched(np.zeros_like(shown), shown, [box] if box else []), shown)


def test_a_clear_picture_has_no_seen_part() -> None:
    assert seen_box(np.zeros((4, 5, 4), np.uint8)) is None


@given(st.tuples(*[st.integers(0, 9)] * 2, *[st.integers(1, 40)] * 2), st.integers(1, 12))
def test_tiles_cover_a_box_once_and_none_is_too_long(box: Box, most: int) -> None:
    covered = np.zeros((60, 60), int)
    for left, top, width, height in tiles(box, most):
        covered[top : top + height, left : left + width] += 1

        assert max(width, height) <= most
    left, top, width, height = box
    assert covered[top : top + height, left : left + width].min() == 1
    assert covered.sum() == area([box])


@pytest.mark.parametrize("most", [40, 100])
def test_a_box_that_is_not_too_long_stays_whole(most: int) -> None:
    assert tiles((3, 4, 40, 40), most) == [(3, 4, 40, 40)]
