"""Which way of drawing is taken, on cases whose winner is known."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from support.drawn import brow, mouth
from watercolor_rig.engines.local.choosing import LOOKED_AT, ChosenCandidate, choose
from watercolor_rig.engines.local.scoring import Verdict, judge
from watercolor_rig.imaging.change import regions_that_may_move
from watercolor_rig.imaging.composing import PicturePair, compose
from watercolor_rig.imaging.parts import Part, parts_of
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import Premultiplied, over_grey, to_premultiplied

Course = Callable[[float], Rgba]


class Drawn:
    """A candidate that draws what it is told."""

    def __init__(self, method: str, course: Callable[[float], Premultiplied]) -> None:
        self.method = method
        self.at = course


def faded(course: Course) -> Callable[[float], Premultiplied]:
    start, end = (to_premultiplied(course(t)) for t in (0, 1))
    return lambda t: (start * np.float32(1 - t) + end * np.float32(t)).astype(np.float32)


def stuck(course: Course) -> Callable[[float], Premultiplied]:
    start = to_premultiplied(course(0))
    return lambda _: start


def true(course: Course) -> Callable[[float], Premultiplied]:
    return lambda t: to_premultiplied(course(t))


def side_by_side(left: Rgba, right: Rgba) -> Rgba:
    gap = np.tile(left[:1, :1], (left.shape[0], 80, 1))
    return np.concatenate([left, gap, right], axis=1)


def whole(course: Course) -> tuple[Part, ...]:
    area = np.ones(course(0).shape[:2], dtype=np.bool_)
    (region,) = regions_that_may_move(course(0), course(1))
    return (Part(region.box, area, area),)


def judged(course: Course, way: Callable[[Course], Callable[[float], Premultiplied]]) -> Verdict:
    start, end = (over_grey(to_premultiplied(course(t))) for t in (0, 1))
    frames = [over_grey(way(course)(t)) for t in LOOKED_AT]
    return judge(frames, (start, end), np.ones(start.shape[:2], dtype=np.bool_), LOOKED_AT)


@pytest.mark.parametrize("course", [brow, mouth])
def test_the_truth_looks_better_than_a_ghost_and_than_standing_still(course: Course) -> None:
    best = judged(course, true).badness

    assert best < judged(course, faded).badness
    assert best < judged(course, stuck).badness


def test_a_ghost_has_patches_that_are_in_neither_end() -> None:
    assert judged(brow, faded).novelty > 2 * judged(brow, true).novelty


def test_what_stands_still_and_jumps_has_unequal_steps() -> None:
    assert judged(brow, stuck).jerk > 1


def test_two_equal_ends_have_nothing_to_find() -> None:
    still = judged(lambda _: brow(0), true)

    assert still.badness == 0


@pytest.mark.parametrize("course", [brow, mouth])
def test_the_best_candidate_is_chosen(course: Course) -> None:
    candidates = {
        "fade": Drawn("fade", faded(course)),
        "hold": Drawn("hold", stuck(course)),
        "truth": Drawn("truth", true(course)),
    }
    ends = to_premultiplied(course(0)), to_premultiplied(course(1))
    (choice,) = choose(candidates, whole(course), ends)

    assert choice.method == "truth"


@pytest.mark.parametrize(("shapes", "tried"), [(true, False), (faded, True)], ids=["good shapes", "ghosts"])
def test_the_costly_flow_is_tried_only_where_shapes_are_not_good_enough(
    *, shapes: Callable[[Course], Callable[[float], Premultiplied]], tried: bool
) -> None:
    candidates = {"shape": Drawn("shape", shapes(brow)), "learned": Drawn("learned", true(brow))}
    ends = to_premultiplied(brow(0)), to_premultiplied(brow(1))
    (choice,) = choose(candidates, whole(brow), ends)

    assert ("learned" in choice.verdicts) == tried


def two_parts() -> tuple[Course, Course, Course]:
    """Return a brow beside a mouth, and ways that draw only the left or only the right one well."""

    def course(t: float) -> Rgba:
        return side_by_side(brow(t), mouth(t))

    return course, lambda t: side_by_side(brow(t), mouth(0)), lambda t: side_by_side(brow(0), mouth(t))


def chosen_of_two() -> tuple[Mapping[str, Drawn], tuple[Part, ...], ChosenCandidate, Course]:
    course, left, right = two_parts()
    candidates = {"left": Drawn("left", true(left)), "right": Drawn("right", true(right))}
    ends = to_premultiplied(course(0)), to_premultiplied(course(1))
    area = np.ones(course(0).shape[:2], dtype=np.bool_)
    half = area.copy()
    half[:, course(0).shape[1] // 2 :] = False
    regions = regions_that_may_move(course(0), course(1))
    parts = (Part(regions[0].box, half, half), Part(regions[-1].box, ~half, ~half))
    return candidates, parts, ChosenCandidate(candidates, choose(candidates, parts, ends)), course


def test_each_part_is_drawn_by_what_is_best_for_it_without_a_seam() -> None:
    _, _, chosen, course = chosen_of_two()

    assert np.abs(chosen.at(0.5) - to_premultiplied(course(0.5))).max() < 0.01


def test_parts_that_a_shape_crosses_are_joined() -> None:
    """Half a brow by each way would be torn: one way draws it all."""
    ends = to_premultiplied(brow(0)), to_premultiplied(brow(1))
    area = np.ones(brow(0).shape[:2], dtype=np.bool_)
    left = area.copy()
    left[:, 80:] = False
    (region,) = regions_that_may_move(brow(0), brow(1))

    def half_true(t: float) -> Premultiplied:
        return np.where(left[..., None], true(brow)(t), faded(brow)(t)).astype(np.float32)

    def other_half(t: float) -> Premultiplied:
        return np.where(left[..., None], faded(brow)(t), true(brow)(t)).astype(np.float32)

    parts = (Part(region.box, left, left), Part(region.box, ~left, ~left))
    candidates = {"one": Drawn("one", half_true), "other": Drawn("other", other_half)}

    assert len(choose(candidates, parts, ends)) == 1


def test_the_parts_of_a_region_cover_it_and_do_not_overlap() -> None:
    course, _, _ = two_parts()
    start, end = course(0), course(1)
    for region in regions_that_may_move(start, end):
        cut = region.box.slices()
        parts = parts_of(region, to_premultiplied(start[cut]), to_premultiplied(end[cut]), 400)

        assert np.array_equal(np.sum([part.area for part in parts], axis=0), region.mask.astype(int))


def test_two_features_of_a_face_are_two_parts() -> None:
    start, end = (np.concatenate([brow(t)[:, 30:130], mouth(t)[:, 30:130]], axis=1) for t in (0, 1))
    (region,) = regions_that_may_move(start, end)
    cut = region.box.slices()

    assert len(parts_of(region, to_premultiplied(start[cut]), to_premultiplied(end[cut]), 200)) == 2


def test_what_is_composed_of_chosen_parts_leaves_everything_else_alone() -> None:
    _, _, _, course = chosen_of_two()
    start, end = course(0), course(1)
    regions = regions_that_may_move(start, end)
    made = compose(PicturePair(start, end, None), [(r, to_premultiplied(end[r.box.slices()])) for r in regions])
    outside = np.ones(start.shape[:2], dtype=np.bool_)
    for region in regions:
        outside[region.box.slices()] &= ~region.mask

    assert np.array_equal(start[outside], made[outside])
