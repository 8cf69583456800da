import cv2
import numpy as np
import pytest

from support.shared_material import endpoint_pairs, needs_shared
from watercolor_rig.imaging.picture import Rgba, decode
from watercolor_rig.imaging.registration import Registration, estimate_registration


def drawing(seed: int = 1) -> Rgba:
    """Return a picture full of distinct corners."""
    source = np.random.default_rng(seed)
    picture = np.full((300, 300, 4), 255, dtype=np.uint8)
    for _ in range(120):
        x, y = (int(value) for value in source.integers(10, 270, 2))
        colour = tuple(int(value) for value in source.integers(0, 200, 3))
        cv2.rectangle(
            picture, (x, y), (x + int(source.integers(4, 20)), y + int(source.integers(4, 20))), (*colour, 255), 2
        )
    return picture


def moved(picture: Rgba, dx: float, dy: float, scale: float = 1) -> Rgba:
    matrix = np.array([[scale, 0, dx], [0, scale, dy]], dtype=np.float64)
    white = (255, 255, 255, 255)
    return np.asarray(cv2.warpAffine(picture, matrix, (300, 300), borderValue=white), dtype=np.uint8)


def of(start: str, end: str, character: str) -> Registration:
    pair = next(
        p for p in endpoint_pairs(character) if (p[0].stem.split("__")[0], p[1].stem.split("__")[0]) == (start, end)
    )
    return estimate_registration(*(decode(file.read_bytes(), file.name) for file in pair))


def test_a_picture_is_registered_with_itself() -> None:
    assert estimate_registration(drawing(), drawing()).is_registered


def test_a_local_edit_leaves_a_pair_registered() -> None:
    edited = drawing()
    edited[100:180, 100:180] = (10, 90, 30, 255)

    assert estimate_registration(drawing(), edited).is_registered


@pytest.mark.parametrize(("dx", "dy"), [(12, 0), (-5, 9)])
def test_a_shifted_drawing_is_found_with_its_shift(dx: float, dy: float) -> None:
    found = estimate_registration(drawing(), moved(drawing(), dx, dy))

    assert not found.is_registered
    assert found.shift_px == pytest.approx(np.hypot(dx, dy), abs=0.5)


def test_a_scaled_drawing_is_found_with_its_scale() -> None:
    found = estimate_registration(drawing(), moved(drawing(), 3, 3, scale=1.04))

    assert not found.is_registered
    assert found.scale == pytest.approx(1.04, abs=0.005)


def test_two_drawings_that_share_nothing_are_not_registered() -> None:
    assert not estimate_registration(drawing(1), drawing(2)).is_registered


def test_pictures_too_small_to_judge_raise_no_alarm() -> None:
    black, white = np.zeros((5, 5, 4), np.uint8), np.full((5, 5, 4), 255, np.uint8)

    assert estimate_registration(black, white).is_registered


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("character", ["adventurer", "antonio", "cat", "princess", "princess_full", "sylvie", "tomari"])
def test_hand_made_expressions_of_one_drawing_are_registered(character: str) -> None:
    for start, end in endpoint_pairs(character):
        first, second = decode(start.read_bytes(), start.name), decode(end.read_bytes(), end.name)

        assert estimate_registration(first, second).is_registered, end.name


@needs_shared
@pytest.mark.slow
def test_every_picture_of_the_dog_that_was_drawn_one_by_one_is_flagged() -> None:
    for start, end in endpoint_pairs("mungi_dog"):
        first, second = decode(start.read_bytes(), start.name), decode(end.read_bytes(), end.name)

        assert not estimate_registration(first, second).is_registered, end.name


@needs_shared
@pytest.mark.slow
def test_an_image_model_s_edit_is_flagged_only_where_it_drifts() -> None:
    assert of("neutral", "happy", "whale_girl").is_registered
    assert not of("neutral", "sad", "whale_girl").is_registered
