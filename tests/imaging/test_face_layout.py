"""What boxes of a face are, by their places."""

import pytest

from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.face_layout import name_by_place

LEFT_EYE, RIGHT_EYE = Box(230, 490, 380, 640), Box(445, 460, 625, 635)
LEFT_BROW, RIGHT_BROW = Box(220, 400, 345, 475), Box(440, 396, 620, 450)
MOUTH = Box(312, 643, 465, 700)


def test_a_pair_and_what_lies_below_between_them_are_eyes_or_brows_and_a_mouth() -> None:
    assert name_by_place([MOUTH, RIGHT_EYE, LEFT_EYE]) == {0: "mouth", 1: "right eye or brow", 2: "left eye or brow"}


def test_of_two_pairs_the_upper_one_is_the_brows() -> None:
    named = name_by_place([LEFT_BROW, RIGHT_BROW, LEFT_EYE, RIGHT_EYE, MOUTH])

    assert list(named.values()) == ["left brow", "right brow", "left eye", "right eye", "mouth"]


@pytest.mark.parametrize(
    ("changing", "names"),
    [
        ((), {0: "left eye or brow", 1: "right eye or brow"}),
        (("brows",), {0: "left brow", 1: "right brow"}),
        (("eyes", "mouth"), {0: "left eye", 1: "right eye"}),
        (("eyes", "brows"), {0: "left eye and brow", 1: "right eye and brow"}),
        (("mouth",), {}),
        (("ears",), {0: "left eye or brow", 1: "right eye or brow"}),
    ],
)
def test_a_pair_alone_is_what_the_rig_says_that_it_is(changing: tuple[str, ...], names: dict[int, str]) -> None:
    assert name_by_place([Box(100, 100, 200, 140), Box(300, 100, 400, 140)], changing) == names


@pytest.mark.parametrize(
    "boxes",
    [
        [MOUTH],
        [Box(200, 140, 310, 200), Box(246, 229, 262, 235)],
        [Box(0, 0, 55, 720), Box(345, 0, 403, 716)],
        [LEFT_EYE, Box(445, 700, 625, 880)],
        [LEFT_EYE, Box(300, 490, 450, 640)],
        [],
    ],
    ids=["one alone", "one below another", "strips at the edges", "at other heights", "overlapping", "none"],
)
def test_what_is_not_clear_has_no_name(boxes: list[Box]) -> None:
    assert name_by_place(boxes) == {}


def test_three_alike_in_a_row_are_no_pair() -> None:
    assert name_by_place([Box(x, 100, x + 80, 180) for x in (100, 200, 300)]) == {}


def test_a_mouth_that_the_rig_keeps_still_is_not_seen() -> None:
    assert name_by_place([LEFT_EYE, RIGHT_EYE, MOUTH], ["eyes"]) == {0: "left eye", 1: "right eye"}
