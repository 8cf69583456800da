"""What becomes of drawn mouths, eyes and brows between two drawings."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.drawn import (
    CAVITY,
    INK,
    SKIN,
    WHITE,
    brow,
    decibel,
    eye,
    frown,
    mouth,
    painted_eye,
    startled_eye,
    with_line,
)
from watercolor_rig.engines.local.analysis import PairAnalysis, analyse
from watercolor_rig.engines.local.candidates import FlowCandidate
from watercolor_rig.engines.local.cut import cut_out
from watercolor_rig.engines.local.options import LocalOptions
from watercolor_rig.imaging.change import Mask, regions_that_may_move
from watercolor_rig.imaging.composing import PicturePair, compose
from watercolor_rig.imaging.picture import Rgba

SHARES = [0.25, 0.5, 0.75]


def analysed(start: Rgba, end: Rgba) -> PairAnalysis:
    return analyse(PicturePair(start, end, None))


def by_flow(start: Rgba, end: Rgba, share: float) -> Rgba:
    pair = PicturePair(start, end, None)
    regions = regions_that_may_move(start, end)
    return compose(pair, ((region, FlowCandidate(cut_out(pair, region)).at(share)) for region in regions))


def like(picture: Rgba, colour: tuple[int, int, int]) -> Mask:
    near: Mask = np.abs(picture[..., :3].astype(int) - colour).max(axis=2) < 40
    return near


@pytest.mark.parametrize("share", SHARES)
def test_a_closed_mouth_opens_as_it_would_be_drawn(share: float) -> None:
    start, end, truth = mouth(0), mouth(1), mouth(share)
    made = analysed(start, end).at(share)

    assert decibel(made, truth, start, end) > 18
    assert decibel(made, truth, start, end) > 4 + decibel(by_flow(start, end, share), truth, start, end)


def test_the_outline_of_an_opening_mouth_keeps_its_weight() -> None:
    """Down its middle column lie the upper lip's line, the cavity and the lower lip's line."""
    start, end = mouth(0), mouth(1)
    column = analysed(start, end).at(0.5)[:, 80]
    ink = np.flatnonzero(column[:, :3].max(axis=1) < 80)
    cavity = np.flatnonzero(like(column[:, None], CAVITY)[:, 0])

    assert cavity.size > 8
    assert 3 <= (ink < cavity[0]).sum() <= 6
    assert 3 <= (ink > cavity[-1]).sum() <= 6


def test_a_mouth_opens_and_never_closes_again_on_its_way() -> None:
    made = analysed(mouth(0), mouth(1))
    areas = [int(like(made.at(step / 8), CAVITY).sum()) for step in range(1, 8)]

    assert areas == sorted(areas)


def test_a_mouth_is_the_same_on_the_way_back() -> None:
    there, back = analysed(mouth(0), mouth(1)).at(0.25), analysed(mouth(1), mouth(0)).at(0.75)

    assert np.abs(there.astype(int) - back).max() <= 2


@pytest.mark.parametrize("share", SHARES)
def test_a_brow_slides_and_turns_with_its_weight_kept(share: float) -> None:
    start, end, truth = brow(0), brow(1), brow(share)
    made = analysed(start, end).at(share)

    assert decibel(made, truth, start, end) > 22
    assert like(made, INK).sum() == pytest.approx(like(truth, INK).sum(), rel=0.06)


@pytest.mark.parametrize("share", SHARES)
def test_a_brow_that_comes_to_lie_on_the_outline_of_an_eye_is_told_from_it(share: float) -> None:
    start, end, truth = frown(0), frown(1), frown(share)

    assert decibel(analysed(start, end).at(share), truth, start, end) > 18


@pytest.mark.parametrize("share", SHARES)
def test_a_lid_covers_the_iris_and_does_not_squash_it(share: float) -> None:
    """What shows of the iris lies where it was: no ink appears within the white beside it."""
    start, end = eye(is_open=True), eye(is_open=False)
    made = analysed(start, end).at(share)
    shows_white = like(made, WHITE)
    was_iris = like(start, INK)[60:96, 68:100]

    assert not (shows_white[60:96, 68:100] & cv2.erode(was_iris.astype(np.uint8), np.ones((3, 3))).astype(bool)).any()


def test_an_eye_closes_steadily() -> None:
    made = analysed(eye(is_open=True), eye(is_open=False))
    white = [int(like(made.at(step / 8), WHITE).sum()) for step in range(1, 8)]

    assert white == sorted(white, reverse=True)
    assert white[-1] < 0.15 * white[0]


def test_where_the_lid_has_passed_there_is_skin() -> None:
    made = analysed(eye(is_open=True), eye(is_open=False)).at(0.75)

    assert like(made[48:58, 70:90], SKIN).all()


def test_a_painted_eye_behind_hair_closes_by_its_lid_and_never_shows_twice() -> None:
    """Halfway, the upper half of the iris is covered by skin, the lower is as it was, and no lashes are left above."""
    start, end = painted_eye(is_open=True), painted_eye(is_open=False)
    made = analysed(start, end).at(0.5)

    assert like(made[56:64, 72:88], SKIN).mean() > 0.9
    assert np.abs(made[80:86, 72:88].astype(int) - start[80:86, 72:88]).mean() < 6
    assert like(made[66:80, 70:90], INK).any(axis=0).all()


def test_hair_in_front_of_a_lid_stands_still() -> None:
    start, end = painted_eye(is_open=True), painted_eye(is_open=False)
    same = (np.abs(start.astype(int) - end).max(axis=2) == 0) & like(start, (170, 110, 60))

    assert np.abs(analysed(start, end).at(0.5).astype(int) - start)[same].mean() < 4


def test_an_iris_that_looks_aside_slides_and_keeps_its_shape() -> None:
    start, end = eye(is_open=True, iris_x=72), eye(is_open=True, iris_x=90)
    truth = eye(is_open=True, iris_x=81)

    assert decibel(analysed(start, end).at(0.5), truth, start, end) > 20


@pytest.mark.parametrize("share", SHARES)
def test_an_iris_that_goes_far_in_an_eye_that_grows_is_drawn_once_and_whole(share: float) -> None:
    start, end, truth = startled_eye(0), startled_eye(1), startled_eye(share)
    made = analyse(PicturePair(start, end, None), LocalOptions(method="shape")).at(share)
    iris = like(made, INK).astype(np.uint8)

    assert cv2.connectedComponents(iris)[0] == 2
    assert iris.sum() == pytest.approx(like(truth, INK).sum(), rel=0.25)
    assert decibel(made, truth, start, end) > 15


def test_a_line_that_appears_grows_from_one_of_its_ends() -> None:
    made = analysed(with_line(0), with_line(40))
    lengths = [int(like(made.at(step / 8), INK).any(axis=0).sum()) for step in range(1, 8)]

    assert lengths == sorted(lengths)
    assert lengths[0] < 12
    assert lengths[-1] > 25


@pytest.mark.parametrize(
    ("start", "end"),
    [(mouth(0), mouth(1)), (eye(is_open=True), eye(is_open=False)), (brow(0), brow(1))],
    ids=["mouth", "eye", "brow"],
)
def test_no_step_between_neighbouring_frames_stands_out(start: Rgba, end: Rgba) -> None:
    made = analysed(start, end)
    frames = [start, *(made.at(step / 8) for step in range(1, 8)), end]
    steps = [np.abs(one.astype(int) - other).mean() for one, other in pairwise(frames)]

    assert max(steps) <= 2.5 * np.mean(steps)


def test_a_sequence_begins_and_ends_at_the_drawings_themselves() -> None:
    start, end = mouth(0), mouth(1)
    made = analysed(start, end)

    for share, drawing in ((1e-4, start), (1 - 1e-4, end)):
        off = np.abs(made.at(share).astype(int) - drawing).max(axis=2)

        assert off.mean() < 0.02
        assert (off > 3).sum() <= 8


def test_the_method_says_what_drew_the_frame() -> None:
    dice = np.random.default_rng(3)
    noise = [np.dstack([dice.integers(0, 256, (60, 60, 3), np.uint8), np.full((60, 60), 255, np.uint8)]) for _ in "ab"]

    assert analysed(mouth(0), mouth(1)).method == "shape"
    assert analysed(*noise).method == "flow"


def test_a_picture_painted_anew_all_over_is_left_to_the_flows() -> None:
    dice = np.random.default_rng(4)
    pictures = []
    for _ in "ab":
        picture = np.full((240, 240, 4), 255, np.uint8)
        for row in range(0, 240, 20):
            for column in range(0, 240, 20):
                left, top = column + int(dice.integers(2, 8)), row + int(dice.integers(2, 8))
                picture[top : top + 7, left : left + 9, :3] = 40
        pictures.append(picture)

    choices = [choice for region in analysed(*pictures).regions for choice in region.choices]

    assert {choice.method for choice in choices} <= {"flow", "learned"}


colours = st.sampled_from([(0, 0, 0, 255), (255, 255, 255, 255), (200, 60, 60, 255), (90, 90, 200, 128), (0, 0, 0, 0)])
boxes = st.tuples(st.integers(-4, 40), st.integers(-4, 40), st.integers(1, 30), st.integers(1, 30), colours)


@st.composite
def odd_pictures(draw: st.DrawFn) -> tuple[Rgba, Rgba]:
    """Two pictures of rectangles and ellipses: touching, nested, cut by the edge, transparent, one pixel wide."""
    height, width = draw(st.integers(1, 44)), draw(st.integers(1, 44))
    pictures = []
    for _ in "ab":
        picture = np.empty((height, width, 4), np.uint8)
        picture[:] = draw(colours)
        for left, top, across, down, colour in draw(st.lists(boxes, max_size=4)):
            if across % 2:
                cv2.rectangle(picture, (left, top), (left + across, top + down), colour, cv2.FILLED)
            else:
                cv2.ellipse(picture, (left, top), (across, down), 0, 0, 360, colour, cv2.FILLED)
        pictures.append(picture)
    return pictures[0], pictures[1]


@settings(max_examples=60, deadline=None)
@given(pictures=odd_pictures(), share=st.sampled_from([0.001, 0.3, 0.5, 0.99]))
def test_odd_drawings_are_drawn_too_and_nothing_else_moves(pictures: tuple[Rgba, Rgba], share: float) -> None:
    start, end = pictures
    made = analysed(start, end).at(share)
    movable = np.zeros(start.shape[:2], dtype=bool)
    for region in regions_that_may_move(start, end):
        movable[region.box.slices()] |= region.mask

    assert start.shape == made.shape
    assert np.array_equal(start[~movable], made[~movable])
    assert np.array_equal(made, analysed(start, end).at(share))
