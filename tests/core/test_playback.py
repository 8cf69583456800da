"""Which frame stands when."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.playback import Loop, Section, Shown, Spacing, Step, frame_at, shown_after, steps

GOLDEN = Path(__file__).parent.parent / "golden" / "playback.json"

fractions = st.integers(0, 1024).map(lambda k: k / 1024)
some_times = st.lists(fractions, min_size=1, max_size=40, unique=True).map(sorted)
loops = st.sampled_from(Loop)
spacings = st.sampled_from(Spacing)


@st.composite
def rounds(draw: st.DrawFn) -> tuple[list[float], Loop, tuple[Step, ...]]:
    times, loop = draw(some_times), draw(loops)
    ends = sorted(draw(st.lists(st.integers(0, len(times) - 1), min_size=2, max_size=2)))
    section = draw(st.sampled_from([None, Section(*ends)]))
    return times, loop, steps(times, loop, draw(spacings), backwards=draw(st.booleans()), section=section)


@pytest.mark.parametrize("case", json.loads(GOLDEN.read_text(encoding="utf-8")))
def test_the_rule_says_what_the_golden_file_says(case: dict[str, object]) -> None:
    times, loop, section = case["times"], Loop(str(case["loop"])), case["section"]
    assert isinstance(times, list)
    assert section is None or isinstance(section, list)
    round_ = steps(
        times,
        loop,
        Spacing(str(case["spacing"])),
        backwards=bool(case["backwards"]),
        section=Section(*section) if section else None,
    )

    assert case["steps"] == [[step.index, step.ticks] for step in round_]
    shown = case["shown"]
    assert isinstance(shown, list)
    for elapsed, fps, index, ended in shown:
        assert Shown(index, ended) == frame_at(elapsed, fps, round_, loop)


def test_a_frame_stands_as_long_as_its_distance_to_the_next_says() -> None:
    round_ = steps([0, 0.5, 0.75, 1], Loop.LOOP)

    assert (Step(0, 1.5), Step(1, 0.75), Step(2, 0.75), Step(3, 1)) == round_


def test_a_ping_pong_shows_neither_end_twice() -> None:
    round_ = steps([0, 0.5, 1], Loop.PING_PONG)
    order = [step.index for step in round_]

    assert order == [0, 1, 2, 1]


def test_once_stays_at_the_last_frame() -> None:
    round_ = steps([0, 1], Loop.ONCE)

    assert Shown(1, ended=False) == frame_at(1999, 1, round_, Loop.ONCE)
    assert Shown(1, ended=True) == frame_at(2000, 1, round_, Loop.ONCE)


def test_a_section_plays_at_the_pace_of_the_whole_sequence() -> None:
    times = [0, 0.1, 0.2, 0.6, 1]
    whole = steps(times, Loop.ONCE)
    part = steps(times, Loop.ONCE, section=Section(1, 3))

    assert whole[1:3] == part[:2]


@given(count=st.integers(2, 60), loop=loops, backwards=st.booleans())
def test_evenly_spaced_frames_stand_one_tick_each_in_either_spacing(count: int, loop: Loop, *, backwards: bool) -> None:
    times = [float(k) for k in range(count)]

    assert steps(times, loop, Spacing.UNIFORM, backwards=backwards) == steps(times, loop, backwards=backwards)


@given(rounds())
def test_a_round_takes_as_many_ticks_as_its_frames_lie_apart(case: tuple[list[float], Loop, tuple[Step, ...]]) -> None:
    _, loop, round_ = case
    standing = [step.ticks for step in round_]

    assert all(ticks > 0 for ticks in standing)
    if loop is Loop.PING_PONG and len(round_) > 1:
        assert standing[: len(standing) // 2] == standing[: len(standing) // 2 - 1 : -1]


@given(rounds(), st.floats(0, 1e6))
def test_there_is_a_frame_of_the_round_at_every_moment(
    case: tuple[list[float], Loop, tuple[Step, ...]], ticks: float
) -> None:
    _, loop, round_ = case

    assert shown_after(ticks, round_, loop).index in {step.index for step in round_}


@given(some_times, spacings, st.sampled_from([Loop.LOOP, Loop.PING_PONG]))
def test_backwards_shows_the_same_frames_in_the_other_order(times: list[float], spacing: Spacing, loop: Loop) -> None:
    forth = [step.index for step in steps(times, loop, spacing)]
    back = [step.index for step in steps(times, loop, spacing, backwards=True)]

    assert sorted(forth) == sorted(back)
    assert (len(times) - 1, 0) == (back[0], forth[0])


@pytest.mark.parametrize("times", [[], [0, 0], [0.5, 0.25]])
def test_times_that_do_not_ascend_are_refused(times: list[float]) -> None:
    with pytest.raises(ValueError, match="strictly ascending"):
        steps(times, Loop.ONCE)


@pytest.mark.parametrize("section", [Section(0, 2), Section(-1, 0), Section(1, 0)])
def test_a_section_outside_the_frames_is_refused(section: Section) -> None:
    with pytest.raises(ValueError, match="section"):
        steps([0, 1], Loop.ONCE, section=section)
