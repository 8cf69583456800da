"""Clips and their times: what every export gets."""

from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.bookshelf import QUARTERS, clip, face, frames_of, spec_of
from watercolor_rig.core.errors import PictureError
from watercolor_rig.core.ids import pose_path_id
from watercolor_rig.core.playback import Loop, frame_at, steps
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.export.clips import clip_of
from watercolor_rig.export.frames import Frame, FrameSequence
from watercolor_rig.export.timing import at_each_tick, durations, round_of
from watercolor_rig.imaging.picture import decode

FACES = FrameSequence("faces", frames_of([face(k) for k in range(5)], QUARTERS))


def test_a_clip_shows_the_frames_as_they_are_and_hands_out_the_files_themselves() -> None:
    [first, *_] = clip_of(FACES).frames

    assert np.array_equal(first.read(), face(0))
    assert first.read_file() == FACES.in_order()[0].read()


def test_a_clip_of_a_pose_path_begins_in_one_pose_and_ends_in_the_other() -> None:
    turn = pose_path_id(ExpressionId("neutral"), PoseId("center"), PoseId("left"))
    neutral = ExpressionId("neutral")

    made = clip_of(FACES, SequenceSpec(turn, BasePathId(turn), neutral, neutral, PoseId("center"), PoseId("left")))

    assert (made.start, made.end, made.pose, made.last_pose) == ("neutral", "neutral", "center", "left")


def test_a_clip_of_a_base_path_stays_in_its_pose() -> None:
    made = clip_of(FACES, spec_of("neutral", "ah", "left"))

    assert (made.start, made.end, made.pose, made.last_pose) == ("neutral", "ah", "left", "left")


def test_a_scaled_clip_has_scaled_pictures_and_files() -> None:
    scaled = clip_of(FACES, scale=0.5)

    assert scaled.size == (15, 20)
    assert scaled.frames[2].read().shape == (20, 15, 4)
    assert np.array_equal(decode(scaled.frames[2].read_file(), "file"), scaled.frames[2].read())


def test_a_background_shows_through_and_nothing_is_clear() -> None:
    pixels = clip_of(FACES, background=(10, 20, 30)).frames[0].read()

    assert (pixels[..., 3] == 255).all()
    assert tuple(pixels[0, 0]) == (10, 20, 30, 255)
    assert tuple(pixels[20, 15]) == tuple(face(0)[20, 15])


def test_pictures_of_two_sizes_are_refused_by_name() -> None:
    two = frames_of([face(0), face(0, (32, 40))], [Fraction(0), Fraction(1)])

    with pytest.raises(PictureError, match=r"1\.00\.png: is 32x40 where the sequence begins with 30x40"):
        clip_of(FrameSequence("two", two))


def test_a_torn_file_is_found_when_it_is_asked_for() -> None:
    [good, *_] = FACES.in_order()
    torn = clip_of(FrameSequence("torn", [Frame(Fraction(0), lambda: good.read()[:-30], "000.png")]))

    with pytest.raises(PictureError, match=r"000\.png: broken or truncated"):
        torn.frames[0].read_file()


TIMES = st.lists(st.fractions(0, 1, max_denominator=64), min_size=1, max_size=12, unique=True).map(sorted)


@given(TIMES, st.sampled_from(Loop), st.integers(1, 60), st.floats(0, 0.999))
def test_an_exported_file_shows_the_frame_that_the_studio_shows(
    times: list[Fraction], loop: Loop, fps: int, share: float
) -> None:
    round_ = steps([float(t) for t in times], loop)
    stands = durations(round_, fps, units_per_s=1_000_000)
    ends = list(accumulate(stands))
    moment = share * ends[-1]

    [shown] = [step for step, late, ms in zip(round_, ends, stands, strict=True) if late - ms <= moment < late]

    near = {frame_at(max(0.0, (moment + off) / 1000), fps, round_, Loop.LOOP).index for off in (-1, 0, 1)}
    assert shown.index in near


@given(TIMES, st.integers(1, 60), st.sampled_from([100, 1000]))
def test_rounded_durations_never_drift_by_more_than_half_a_unit(times: list[Fraction], fps: int, units: int) -> None:
    round_ = steps([float(t) for t in times], Loop.PING_PONG)
    exact = list(accumulate(step.ticks * units / fps for step in round_))
    stands = durations(round_, fps, units, least=0)

    drift = [abs(found - true) for found, true in zip(accumulate(stands), exact, strict=True)]

    assert max(drift) <= 0.5 + 1e-9


def test_a_frame_stands_at_least_as_long_as_a_format_can_say() -> None:
    round_ = round_of(clip(times=[Fraction(k, 100) for k in (0, 1, 2, 3, 100)]))

    assert durations(round_, 10, 100, least=2) == [2, 2, 2, 34, 10]


def test_an_even_clip_has_one_frame_a_tick_and_an_uneven_one_holds_frames() -> None:
    even, uneven = clip(), clip(times=[Fraction(k, 8) for k in (0, 1, 2, 4, 8)])

    assert at_each_tick(even) == [0, 1, 2, 3, 4]
    assert at_each_tick(uneven) == [0, 2, 3, 3, 4]
