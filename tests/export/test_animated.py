"""Animated pictures are read back with Pillow: what is shown, and how long, is what the clip says."""

import io
import struct
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

from export.bookshelf import Shelf, clip, exported
from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Clip
from watercolor_rig.imaging.picture import Rgba

CLIP = clip()
ENDING = {"apng": "png", "webp": "webp", "gif": "gif"}


def shown(shelf: Shelf) -> tuple[list[Rgba], list[float], Any]:
    """Return the pictures of the only file, their durations in ms, and its loop count."""
    [data] = shelf.files.values()
    pictures, durations = [], []
    with Image.open(io.BytesIO(data)) as film:
        for picture in ImageSequence.Iterator(film):
            pictures.append(np.array(picture.convert("RGBA")))
            durations.append(picture.info.get("duration", 0))
        return pictures, durations, film.info.get("loop")


def wanted(a_clip: Clip, places: Sequence[int]) -> list[Rgba]:
    return [a_clip.frames[at].read() for at in places]


def clearing(pixels: Rgba) -> Rgba:
    """Return what a viewer sees: the colour of clear pixels does not count."""
    return np.where(pixels[..., 3:] > 0, pixels, 0).astype(np.uint8)


@pytest.mark.parametrize("name", ENDING)
def test_a_file_bears_the_name_of_its_sequence(name: str) -> None:
    assert list(exported(name, [CLIP]).files) == [f"neutral_to_ah__center.{ENDING[name]}"]


def test_an_apng_has_exactly_the_pixels_of_the_frames_clear_ones_too() -> None:
    pictures, _, _ = shown(exported("apng", [CLIP]))

    assert np.array_equal(pictures, wanted(CLIP, (0, 1, 2, 3, 4, 3, 2, 1)))


def test_an_apng_keeps_pixels_that_become_clear() -> None:
    shrinking = [CLIP.frames[0].read() for _ in range(3)]
    shrinking[1][:20] = 0
    frames = tuple(replace(f, read=lambda p=p: p) for f, p in zip(CLIP.frames, shrinking, strict=False))  # type: ignore[misc]

    pictures, _, _ = shown(exported("apng", [replace(CLIP, frames=frames)], loop="once"))

    assert np.array_equal(pictures, shrinking)


def test_a_lossless_webp_shows_the_frames_as_they_are() -> None:
    pictures, _, _ = shown(exported("webp", [CLIP]))

    frames = [clearing(picture) for picture in wanted(CLIP, (0, 1, 2, 3, 4, 3, 2, 1))]
    assert np.array_equal([clearing(picture) for picture in pictures], frames)


def test_a_webp_with_loss_is_smaller_and_looks_alike() -> None:
    noisy = np.random.default_rng(1).integers(0, 60, (40, 30, 4), np.uint8) + np.uint8(150)
    frames = tuple(replace(f, read=lambda s=s: np.roll(noisy, s, 0)) for s, f in enumerate(CLIP.frames))  # type: ignore[misc]
    rough = replace(CLIP, frames=frames)

    exact, lossy = exported("webp", [rough]), exported("webp", [rough], quality="60")

    assert 2 * sum(map(len, lossy.files.values())) < sum(map(len, exact.files.values()))
    assert np.abs(np.mean(shown(lossy)[0][0].astype(int) - noisy)) < 8


def test_a_gif_shows_the_frames_by_their_nearest_colours_and_hard_edges() -> None:
    pictures, _, _ = shown(exported("gif", [CLIP]))

    for picture, frame in zip(pictures, wanted(CLIP, (0, 1, 2, 3, 4, 3, 2, 1)), strict=True):
        solid = frame[..., 3] >= 128
        assert np.array_equal(picture[..., 3] == 255, solid)
        assert np.abs(picture[solid][:, :3].astype(int) - frame[solid][:, :3]).max() <= 2


def test_a_gif_wipes_what_becomes_clear() -> None:
    shrinking = [CLIP.frames[0].read() for _ in range(4)]
    shrinking[1][:20] = 0
    shrinking[2][30:] = 0
    frames = tuple(replace(f, read=lambda p=p: p) for f, p in zip(CLIP.frames, shrinking, strict=False))  # type: ignore[misc]

    pictures, _, _ = shown(exported("gif", [replace(CLIP, frames=frames)], loop="once"))

    assert np.array_equal([picture[..., 3] == 255 for picture in pictures], [p[..., 3] >= 128 for p in shrinking])


def test_what_stays_the_same_in_a_gif_does_not_flicker() -> None:
    pictures, _, _ = shown(exported("gif", [CLIP]))

    still = np.all([picture[:28] for picture in wanted(CLIP, range(5))] == CLIP.frames[0].read()[:28], axis=0)
    assert all(np.array_equal(picture[:28][still], pictures[0][:28][still]) for picture in pictures)


def test_a_gif_says_that_it_lost_soft_edges_and_says_nothing_where_it_did_not() -> None:
    opaque = tuple(replace(f, read=lambda f=f: f.read() | np.array([0, 0, 0, 255], np.uint8)) for f in CLIP.frames)  # type: ignore[misc]

    soft, hard = exported("gif", [CLIP]), exported("gif", [replace(CLIP, frames=opaque)])

    assert [subject for subject, _ in soft.warnings] == [CLIP.name]
    assert hard.warnings == []


@pytest.mark.parametrize("name", ENDING)
def test_frames_stand_as_long_as_their_distance_says(name: str) -> None:
    uneven = clip(times=[Fraction(k, 8) for k in (0, 1, 2, 4, 8)])

    _, durations, _ = shown(exported(name, [uneven], fps=10, loop="once"))

    assert [round(ms) for ms in durations] == [50, 50, 100, 200, 100]


@pytest.mark.parametrize("name", ENDING)
def test_durations_do_not_drift(name: str) -> None:
    _, durations, _ = shown(exported(name, [CLIP], fps=24))

    assert abs(sum(durations) - 8 * 1000 / 24) < {"gif": 10}.get(name, 1)


@pytest.mark.parametrize(
    ("loop", "count", "repeats"), [("once", 5, {"apng": 1, "webp": 1}), ("loop", 5, 0), ("ping-pong", 8, 0)]
)
@pytest.mark.parametrize("name", ENDING)
def test_a_file_plays_once_or_for_ever(name: str, loop: str, count: int, repeats: Any) -> None:
    pictures, _, said = shown(exported(name, [CLIP], loop=loop))

    assert (len(pictures), said) == (count, repeats.get(name) if isinstance(repeats, dict) else repeats)


@pytest.mark.parametrize("name", ENDING)
def test_a_single_frame_is_a_still_picture(name: str) -> None:
    pictures, _, _ = shown(exported(name, [clip(mouths=(3,))]))

    assert len(pictures) == 1


@pytest.mark.parametrize("name", ENDING)
def test_the_same_clip_gives_the_same_bytes(name: str) -> None:
    assert exported(name, [CLIP]).files == exported(name, [CLIP]).files


def test_a_gif_is_refused_at_a_speed_that_players_do_not_have() -> None:
    with pytest.raises(UsageError, match=r"--fps 60: players show a \.gif with at most 50"):
        exported("gif", [CLIP], fps=60)


def test_a_frame_that_repeats_the_one_before_takes_a_pixel() -> None:
    [data] = exported("apng", [clip(mouths=(3, 3))], loop="once").files.values()
    at = data.rindex(b"fcTL")

    assert struct.unpack_from(">IIIII", data, at + 4) == (1, 1, 1, 0, 0)


@pytest.mark.parametrize("name", ["apng", "gif"])
def test_a_long_film_is_made_with_two_pictures_in_memory(name: str) -> None:
    alive, most = set[int](), 0
    long = clip(mouths=tuple(k % 7 for k in range(60)))

    class Counted(np.ndarray[Any, Any]):
        """Pixels that tell when they are let go."""

        def __del__(self) -> None:
            alive.discard(id(self))

    def counted(pixels: Rgba) -> Rgba:
        nonlocal most
        held = pixels.view(Counted)
        alive.add(id(held))
        most = max(most, len(alive))
        return held

    frames = tuple(replace(f, read=lambda f=f: counted(f.read())) for f in long.frames)  # type: ignore[misc]
    exported(name, [replace(long, frames=frames)], loop="once")

    assert most <= 5
