import io
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from export.picturebook import QUARTERS, frame_at, picture_at, sequence_of
from watercolor_rig.core.errors import PictureError, UsageError
from watercolor_rig.export.frames import Frame, FrameSequence
from watercolor_rig.export.looping import looping_webp, there_and_back
from watercolor_rig.imaging.picture import Rgba, encode_png


def shown(webp: bytes) -> tuple[list[Rgba], list[int], int]:
    """Return the pictures, their durations in ms, and the loop count of an animation."""
    with Image.open(io.BytesIO(webp)) as film:
        pictures, durations = [], []
        for picture in ImageSequence.Iterator(film):
            pictures.append(np.array(picture.convert("RGBA")))
            durations.append(int(picture.info["duration"]))
        return pictures, durations, film.info["loop"]


def redness(picture: Rgba) -> int:
    return int(picture[20, 30, 0])


def test_a_loop_plays_forth_and_back_without_showing_an_end_twice() -> None:
    pictures, _, _ = shown(looping_webp(sequence_of(QUARTERS)))

    assert [redness(picture) for picture in pictures] == [20, 70, 120, 170, 220, 170, 120, 70]


def test_a_loop_repeats_for_ever() -> None:
    _, _, loop = shown(looping_webp(sequence_of(QUARTERS)))

    assert loop == 0


def test_frames_are_ordered_by_time_whatever_their_order_in_the_list() -> None:
    shuffled = [QUARTERS[k] for k in (3, 0, 4, 2, 1)]

    assert looping_webp(sequence_of(shuffled)) == looping_webp(sequence_of(QUARTERS))


def test_shown_pixels_are_those_of_the_frames_transparency_included() -> None:
    pictures, _, _ = shown(looping_webp(sequence_of(QUARTERS)))

    visible = picture_at(Fraction(1, 4))[..., 3] > 0
    assert np.array_equal(pictures[1][..., 3], picture_at(Fraction(1, 4))[..., 3])
    assert np.array_equal(pictures[1][visible], picture_at(Fraction(1, 4))[visible])


def test_durations_add_up_to_the_speed_asked_for() -> None:
    _, durations, _ = shown(looping_webp(sequence_of(QUARTERS), fps=12))

    assert sum(durations) == round(8 * 1000 / 12)
    assert set(durations) <= {83, 84}


def test_a_large_picture_is_scaled_down_to_the_side_asked_for() -> None:
    sequence = FrameSequence("wide", [frame_at(t, 600, 400) for t in QUARTERS])

    pictures, _, _ = shown(looping_webp(sequence, max_side=150))

    assert pictures[0].shape == (100, 150, 4)


def test_a_small_picture_is_not_enlarged() -> None:
    pictures, _, _ = shown(looping_webp(sequence_of(QUARTERS), max_side=512))

    assert pictures[0].shape == (40, 60, 4)


def test_scaling_does_not_let_hidden_colours_bleed_into_the_edges() -> None:
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[...] = (0, 255, 0, 0)  # invisible green
    pixels[16:47, 16:47] = (200, 0, 0, 255)
    png = encode_png(pixels)
    ends = FrameSequence("hidden", [Frame(Fraction(k), lambda: png) for k in (0, 1)])

    pictures, _, _ = shown(looping_webp(ends, max_side=32))

    assert int(pictures[0][pictures[0][..., 3] > 16][:, 1].max()) <= 2


def test_the_same_frames_give_the_same_bytes() -> None:
    assert looping_webp(sequence_of(QUARTERS)) == looping_webp(sequence_of(QUARTERS))


def test_frames_are_read_one_at_a_time_while_the_film_is_written() -> None:
    reads: list[Fraction] = []

    def noted(t: Fraction) -> Frame:
        inner = frame_at(t)

        def read() -> bytes:
            reads.append(t)
            return inner.read()

        return Frame(t, read)

    looping_webp(FrameSequence("noted", [noted(t) for t in QUARTERS]))

    after_the_size = reads[1:]
    assert after_the_size[:8] == [*QUARTERS, *QUARTERS[-2:0:-1]]


def test_a_single_frame_makes_a_still_picture() -> None:
    with Image.open(io.BytesIO(looping_webp(sequence_of([Fraction(0)])))) as film:
        assert film.size == (60, 40)
        assert getattr(film, "n_frames", 1) == 1


def test_a_frame_of_another_size_is_refused_by_name() -> None:
    mixed = FrameSequence("mixed", [frame_at(Fraction(0)), frame_at(Fraction(1), 80, 40)])

    with pytest.raises(PictureError, match=r"frame 1: is 80x40 where the sequence begins with 60x40"):
        looping_webp(mixed)


def test_a_broken_frame_is_refused_by_name() -> None:
    broken = Frame(Fraction(1), lambda: b"no picture", "sequences/a/100.png")

    with pytest.raises(PictureError, match=r"sequences/a/100\.png"):
        looping_webp(FrameSequence("broken", [frame_at(Fraction(0)), broken]))


def test_a_sequence_without_frames_is_refused_by_name() -> None:
    with pytest.raises(PictureError, match="neutral_to_ah__center"):
        looping_webp(sequence_of([]))


@pytest.mark.parametrize("fps", [0, -1, 61])
def test_a_speed_that_cannot_be_shown_is_refused(fps: float) -> None:
    with pytest.raises(UsageError, match="frames a second"):
        looping_webp(sequence_of(QUARTERS), fps=fps)


@given(st.integers(1, 40))
def test_a_loop_shows_the_ends_once_and_the_rest_twice(count: int) -> None:
    frames = [Frame(Fraction(k, 64), bytes) for k in range(count)]

    loop = there_and_back(frames)

    assert loop.count(frames[0]) == loop.count(frames[-1]) == 1
    assert all(loop.count(frame) == 2 for frame in frames[1:-1])
    assert loop[1:] == loop[:0:-1]
