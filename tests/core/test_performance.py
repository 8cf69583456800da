"""What a character shows at any moment: ways, interruptions, easing and blinks."""

import json
import math
from itertools import islice, pairwise
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.stage import clip, clip_of, state, state_of
from watercolor_rig.core.easing import EASINGS
from watercolor_rig.core.errors import UnreachableError
from watercolor_rig.core.idle import Dice, blink_times
from watercolor_rig.core.performance import Blink, Cue, Go, Performance, Showing
from watercolor_rig.core.playback import Loop, frame_at, steps
from watercolor_rig.core.rig import ExpressionId
from watercolor_rig.core.transitions import State, TransitionGraph

GOLDEN = Path(__file__).parent.parent / "golden" / "performance.json"

CALM, GLAD, SAD, SHUT = (state(f"{name} front") for name in ("calm", "glad", "sad", "shut"))
STAR = TransitionGraph(
    [clip("to glad", CALM, GLAD, 9), clip("to sad", CALM, SAD, 5), clip("to shut", CALM, SHUT, 5)],
)
CLOSED_EYES = [ExpressionId("shut")]
FPS = 10.0

moments = st.floats(0, 4000)
cues = st.lists(
    st.builds(
        Go,
        moments,
        st.sampled_from(STAR.states),
        st.none() | st.floats(0, 2000),
        st.sampled_from(list(EASINGS)),
    )
    | st.builds(Blink, moments),
    max_size=12,
)
seeds = st.none() | st.integers(0, 2**32 - 1)


def playing(*script: Cue, seed: int | None = None, start: State = CALM) -> Performance:
    return Performance(STAR, start, script, seed=seed, blinks=CLOSED_EYES, fps=FPS)


def frames(performance: Performance, *moments_ms: float) -> list[str]:
    """Return path and file of what stands at each moment."""
    showing = [performance.showing(ms) for ms in moments_ms]
    return [f"{each.path} {each.file}" for each in showing]


def place(clip_id: str, file: str) -> tuple[str, int]:
    """Return a key of a frame that is the same for a state's drawing in every sequence that has it."""
    number = int(file.removesuffix(".png"))
    last = next(each.last for each in STAR.clips if each.path == clip_id)
    return ("calm", 0) if number == 0 else (clip_id, number if number < last else -1)


@given(moments)
def test_a_sequence_shows_what_it_shows_when_it_is_played_alone(ms: float) -> None:
    alone = frame_at(ms, FPS, steps(STAR.clips[0].times, Loop.ONCE), Loop.ONCE)

    assert f"to glad {alone.index}.png" == frames(playing(Go(0, GLAD)), ms)[0]


def test_a_way_over_two_sequences_shows_the_drawing_between_them_once() -> None:
    performance = playing(Go(0, SAD), start=GLAD)

    shown = frames(performance, *(100.0 * tick for tick in range(14)))

    assert shown[:8] == [f"to glad {place}.png" for place in range(8, 0, -1)]
    assert shown[8:] == ["to sad 0.png", "to sad 1.png", "to sad 2.png", "to sad 3.png", "to sad 4.png", "to sad 4.png"]


def test_an_interruption_goes_on_from_the_frame_that_stands() -> None:
    performance = playing(Go(0, GLAD), Go(350, SAD))

    assert frames(performance, 349, 350, 450, 550, 650) == [
        "to glad 3.png",
        "to glad 3.png",
        "to glad 2.png",
        "to glad 1.png",
        "to sad 0.png",
    ]


@given(cues, st.none() | st.integers(0, 100))
def test_no_frame_is_skipped_at_the_pace(script: list[Cue], seed: int | None) -> None:
    paced = [Go(cue.at_ms, cue.state) if isinstance(cue, Go) else cue for cue in script]
    performance = Performance(STAR, CALM, paced, seed=seed, fps=FPS)
    moments_ms = sorted({*range(0, 8000, 20), *(cue.at_ms for cue in paced)})
    shown = [performance.showing(ms) for ms in moments_ms]

    for before, after in pairwise(shown):
        (_, one), (_, other) = place(before.path, before.file), place(after.path, after.file)
        last = next(each.last for each in STAR.clips if each.path == after.path)
        near = abs((one if one >= 0 else last) - (other if other >= 0 else last))
        assert near <= 1
        assert before.path == after.path or 0 in (one, other)


@given(cues, seeds, st.lists(st.floats(0, 1e5), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_what_shows_depends_on_the_time_alone(
    script: list[Cue], seed: int | None, moments_ms: list[float], dice: Any
) -> None:
    once = playing(*script, seed=seed)
    expected = {ms: playing(*script, seed=seed).showing(ms) for ms in moments_ms}
    dice.shuffle(moments_ms)

    assert expected == {ms: once.showing(ms) for ms in moments_ms}


@given(cues, seeds, st.lists(st.floats(0, 1e4), max_size=5))
def test_a_cue_that_comes_later_is_as_good_as_one_known_before(
    script: list[Cue], seed: int | None, moments_ms: list[float]
) -> None:
    live = playing(seed=seed)
    for cue in sorted(script, key=lambda each: each.at_ms):
        if cue.at_ms > 0:
            live.showing(math.nextafter(cue.at_ms, 0))
        live.add(cue)
    known = playing(*script, seed=seed)

    assert [known.showing(ms) for ms in moments_ms] == [live.showing(ms) for ms in moments_ms]


@given(cues, st.sampled_from(STAR.states), st.none() | st.floats(0, 2000), st.sampled_from(list(EASINGS)))
def test_after_the_last_cue_the_character_arrives(
    script: list[Cue], goal: State, ms: float | None, easing: str
) -> None:
    performance = playing(*script, Go(4000, goal, ms, easing))

    shown = performance.showing(10_000)

    assert (shown.state, shown.arrived) == (goal, True)
    assert f"{shown.path} {shown.file}" in frames(playing(start=goal), 0) + [
        f"{each.path} {file}"
        for each in STAR.clips
        for end, file in ((each.start, each.files[0]), (each.end, each.files[-1]))
        if end == goal
    ]


def test_a_duration_holds_for_the_whole_way() -> None:
    performance = playing(Go(0, SAD, 240), start=GLAD)

    assert [performance.showing(ms).arrived for ms in (0, 239, 240)] == [False, False, True]


def test_no_duration_shows_the_end_at_once() -> None:
    assert frames(playing(Go(70, SAD, 0)), 69, 70) == ["to glad 0.png", "to sad 4.png"]


def test_easing_bends_the_way_and_keeps_its_ends() -> None:
    even, eased = playing(Go(0, GLAD, 800)), playing(Go(0, GLAD, 800, "ease-in"))

    assert frames(even, 0, 400, 800) == ["to glad 0.png", "to glad 4.png", "to glad 8.png"]
    assert frames(eased, 0, 400, 800) == ["to glad 0.png", "to glad 2.png", "to glad 8.png"]


def test_easing_without_a_duration_takes_as_long_as_the_frames_do() -> None:
    performance = playing(Go(0, GLAD, easing="ease-in-out"))

    assert [performance.showing(ms).arrived for ms in (799, 800)] == [False, True]


def test_being_told_the_same_again_changes_nothing() -> None:
    told_once, told_twice = playing(Go(0, GLAD)), playing(Go(0, GLAD), Go(250, GLAD), Go(449, GLAD))

    assert frames(told_once, *range(0, 1000, 10)) == frames(told_twice, *range(0, 1000, 10))


def test_a_blink_closes_the_eyes_and_opens_them() -> None:
    performance = playing(Blink(1000))

    assert frames(performance, 999, 1020, 1080, 1119, 1120, 1240, 1280) == [
        "to glad 0.png",
        "to shut 1.png",
        "to shut 4.png",
        "to shut 4.png",
        "to shut 4.png",
        "to shut 1.png",
        "to shut 0.png",
    ]
    assert all(performance.showing(ms).arrived for ms in range(900, 1400, 10))


def test_a_cue_in_the_middle_of_a_blink_goes_on_from_there() -> None:
    performance = playing(Blink(1000), Go(1060, GLAD))

    assert frames(performance, 1060, 1160, 1460, 2300) == [
        "to shut 3.png",
        "to shut 2.png",
        "to glad 1.png",
        "to glad 8.png",
    ]


def test_what_a_face_cannot_do_by_one_sequence_is_no_blink() -> None:
    assert frames(playing(Blink(100), start=GLAD), 150) == ["to glad 8.png"]
    assert frames(playing(Blink(100), start=SHUT), 150) == ["to shut 4.png"]


def test_a_face_on_its_way_does_not_blink() -> None:
    with_blink, without = playing(Go(0, SAD), Blink(50), Blink(399)), playing(Go(0, SAD))

    assert frames(with_blink, *range(0, 900, 10)) == frames(without, *range(0, 900, 10))


def test_a_character_left_alone_blinks_when_its_seed_says() -> None:
    performance = playing(seed=5)
    blinks = list(islice(blink_times(5), 20))

    for before, at_ms in pairwise([0.0, *blinks]):
        assert frames(performance, before + 299) == (frames(playing(), 0) if before == 0 else ["to shut 0.png"])
        assert frames(performance, at_ms + 100) == ["to shut 4.png"]


@given(st.integers(0, 2**32 - 1))
def test_blinks_come_at_natural_intervals(seed: int) -> None:
    pauses = [late - early for early, late in pairwise(islice(blink_times(seed), 600))]

    assert min(pauses) >= 600
    assert max(pauses) <= 12_300
    assert 3000 < mean(pauses) < 4100
    assert 0.55 < stdev(pauses) / mean(pauses) < 0.9


@pytest.mark.parametrize(
    ("seed", "rolls"),
    [
        (0, [0.26642920868471265, 0.0003297457005828619, 0.2232720274478197]),
        (42, [0.6011037519201636, 0.44829055899754167, 0.8524657934904099]),
        (4294967295, [0.8964226141106337, 0.189478256739676, 0.7156526781618595]),
    ],
)
def test_dice_roll_what_mulberry32_does_in_javascript(seed: int, rolls: list[float]) -> None:
    dice = Dice(seed)

    assert rolls == [dice.roll() for _ in rolls]


@pytest.mark.parametrize(
    ("cue", "message"),
    [
        (Go(-1, GLAD), "a cue at -1 ms"),
        (Go(float("nan"), GLAD), "a cue at nan ms"),
        (Blink(float("inf")), "a cue at inf ms"),
        (Go(0, GLAD, -5), "a transition of -5 ms"),
        (Go(0, GLAD, 5, "bounce"), "easing 'bounce': expected one of linear, ease-in"),
    ],
)
def test_a_cue_that_makes_no_sense_is_refused(cue: Cue, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        playing(cue)


def test_a_cue_for_what_was_asked_for_already_is_refused() -> None:
    performance = playing()
    performance.showing(500)

    with pytest.raises(ValueError, match="above 500, which was asked for already"):
        performance.add(Go(500, GLAD))


def test_a_state_out_of_reach_is_refused_before_it_begins() -> None:
    far = state("far away")
    graph = TransitionGraph(STAR.clips, [far])

    with pytest.raises(UnreachableError, match="no way from 'calm' at 'front' to 'far' at 'away'"):
        Performance(graph, CALM, [Go(0, far)])
    with pytest.raises(UnreachableError, match="no sequence begins or ends at 'far' at 'away'"):
        Performance(graph, far)


@pytest.mark.parametrize("fps", [0, -1, float("inf"), float("nan")])
def test_a_pace_that_makes_no_sense_is_refused(fps: float) -> None:
    with pytest.raises(ValueError, match="fps"):
        Performance(STAR, CALM, fps=fps)


@pytest.mark.parametrize("ms", [-1, float("nan"), float("inf")])
def test_a_time_that_makes_no_sense_is_refused(ms: float) -> None:
    with pytest.raises(ValueError, match="expected a number of at least 0"):
        playing().showing(ms)


@pytest.mark.parametrize("case", json.loads(GOLDEN.read_text(encoding="utf-8")))
def test_a_performance_shows_what_the_golden_file_says(case: dict[str, Any]) -> None:
    graph = TransitionGraph(map(clip_of, case["clips"]), map(state_of, case["states"]))
    script = [
        Go(cue["at_ms"], state_of(cue["state"]), cue["ms"], cue["easing"]) if "state" in cue else Blink(cue["at_ms"])
        for cue in case["cues"]
    ]
    start, blinks = state_of(case["start"]), map(ExpressionId, case["blinks"])
    performance = Performance(graph, start, script, seed=case["seed"], blinks=blinks, fps=case["fps"])

    for ms, number, frame, goal, arrived in case["shown"]:
        clip_then, state_then = graph.clips[number], graph.states[goal]
        t, file = clip_then.times[frame], clip_then.files[frame]
        expected = Showing(clip_then.path, frame, t, file, state_then, bool(arrived))
        assert expected == performance.showing(ms)
