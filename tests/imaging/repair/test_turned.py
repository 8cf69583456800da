"""A turned head is mended in alpha and colour, never laid back onto what it was made from."""

import numpy as np
import pytest

from support.redrawn import SIZE, face, redrawn
from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.judge.turned import judge_turned
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.repair.turned import repair_turned

STRAIGHT = face()


def turned(px: int = 9) -> Rgba:
    """Return the face with its head moved sideways against the shoulders."""
    picture = STRAIGHT.copy()
    head = np.roll(STRAIGHT[:225], px, axis=1)
    picture[:225] = head
    return picture


def tinted(picture: Rgba, levels: int) -> Rgba:
    made = picture.astype(np.int16)
    made[..., :3][made[..., 3] > 0] += levels
    return np.clip(made, 0, 255).astype(np.uint8)


def test_a_good_answer_comes_out_as_it_went_in() -> None:
    answer = turned()

    repaired = repair_turned(answer, STRAIGHT)

    assert np.array_equal(repaired.pixels, answer)
    assert not repaired.touched
    assert judge_turned(repaired.pixels, (STRAIGHT,), repaired).is_good


def test_a_head_that_stands_elsewhere_stays_where_it_is() -> None:
    moved = redrawn(turned(), dx=6, dy=3)

    repaired = repair_turned(moved, STRAIGHT)

    assert np.array_equal(repaired.pixels[..., 3] > 128, moved[..., 3] > 128)
    assert not repaired.region.any()


def test_a_drift_of_colour_is_undone() -> None:
    answer = turned()

    repaired = repair_turned(tinted(answer, -12), STRAIGHT)

    solid = answer[..., 3] == 255
    off = np.abs(repaired.pixels[..., :3].astype(int) - answer[..., :3])[solid]
    assert repaired.colour.matched
    assert off.mean() < 3


def test_a_haze_over_the_clear_ground_is_taken_away() -> None:
    answer = turned()
    hazy = answer.copy()
    hazy[..., 3] = np.maximum(hazy[..., 3], 30)

    repaired = repair_turned(hazy, STRAIGHT)

    assert (repaired.pixels[..., 3][answer[..., 3] == 0] == 0).all()
    assert not judge_turned(hazy, (STRAIGHT,)).is_good
    assert judge_turned(repaired.pixels, (STRAIGHT,), repaired).is_good


def test_a_painted_ground_is_a_fault_that_the_next_try_hears_of() -> None:
    painted = turned()
    painted[painted[..., 3] == 0] = (200, 200, 200, 255)

    repaired = repair_turned(painted, STRAIGHT)
    quality = judge_turned(repaired.pixels, (STRAIGHT,), repaired)

    assert (quality.is_good, quality.needs) == (False, ("alpha",))
    assert repaired.notes == ("it came back on a painted ground instead of transparent",)


def test_a_head_that_has_not_turned_is_a_fault() -> None:
    assert judge_turned(STRAIGHT.copy(), (STRAIGHT,)).faults == ("nothing has changed: the head has not turned",)


def test_an_in_between_must_be_another_picture_than_either_neighbour() -> None:
    other = turned(20)

    assert judge_turned(turned(10), (STRAIGHT, other)).is_good
    assert not judge_turned(other.copy(), (STRAIGHT, other)).is_good


def test_pictures_of_two_sizes_are_refused() -> None:
    with pytest.raises(PictureError, match=f"{SIZE[0]}x{SIZE[1]}"):
        repair_turned(STRAIGHT, STRAIGHT[:-1])
    with pytest.raises(PictureError, match=f"{SIZE[0]}x{SIZE[1]}"):
        judge_turned(STRAIGHT, (STRAIGHT[:-1],))
