"""Drawn outlines as masks of a picture."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from watercolor_rig.core.outlines import Outline, read_outline
from watercolor_rig.imaging.outlines import outlined


def outline(value: object) -> Outline:
    found = read_outline(value)
    assert not isinstance(found, str)
    return found


def test_a_box_covers_its_own_pixels_and_at_most_their_neighbours() -> None:
    mask = outlined(outline([3, 2, 7, 9]), (12, 13))
    beyond = mask.copy()
    beyond[1:10, 2:8] = False

    assert mask.shape == (13, 12)
    assert mask[2:9, 3:7].all()
    assert not beyond.any()


def test_a_polygon_leaves_out_what_lies_beyond_its_edge() -> None:
    mask = outlined(outline([[0, 0], [20, 0], [0, 20]]), (20, 20))

    assert mask[2, 2]
    assert not mask[17, 17]


def test_what_lies_outside_the_picture_is_cut_off() -> None:
    assert outlined(outline([0, 0, 100_000, 100_000]), (4, 3)).all()
    assert not outlined(outline([50, 50, 60, 60]), (4, 3)).any()


@given(st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=2), min_size=3, max_size=3))
@example([[0, 0], [4, 1], [5, 1]])
def test_a_triangle_holds_its_middle_unless_it_is_a_sliver_and_not_much_more(
    corners: list[list[float]],
) -> None:
    drawn = read_outline(corners)
    if isinstance(drawn, str):
        return
    mask = outlined(drawn, (31, 31))
    (ax, ay), (bx, by), (cx, cy) = drawn
    area = abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2
    around = sum(np.hypot(x - u, y - v) for (x, y), (u, v) in zip(drawn, (*drawn[1:], drawn[0]), strict=True))

    assert mask[int((ay + by + cy) / 3), int((ax + bx + cx) / 3)] or area < around
    assert area - around <= mask.sum() <= area + 2 * around + 4
