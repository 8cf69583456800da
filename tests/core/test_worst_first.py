"""What to look at first, and in which order."""

from watercolor_rig.core.report import FrameShown, LookAt, WorstFirst

BROKEN = FrameShown("broken", "1.png", broken="is no picture")
USELESS = FrameShown("useless", "2.png", score=0.1, is_good=False, faults=("drifts",))
POOR = FrameShown("poor", "3.png", score=0.4, is_good=False, faults=("drifts",))
STRAY = FrameShown("stray", "4.png", faults=("has changed where nothing should move",), severity=3.0)
STANDS_IN = FrameShown("stands in", "5.png", instead_of="no answer of it was good enough")
FINE = FrameShown("fine", "6.png", score=0.9)


def worst(most: int, *frames: FrameShown) -> tuple[list[str], int]:
    found = WorstFirst(most)
    for frame in frames:
        found.add(LookAt("g1f1", "a_to_b__center", frame))
    return [entry.frame.name for entry in found.entries()], len(found)


def test_the_worst_stands_first_whether_a_judge_or_the_pixels_say_so() -> None:
    names, _ = worst(9, STANDS_IN, POOR, STRAY, BROKEN, USELESS)

    assert names == ["broken", "useless", "stray", "poor", "stands in"]


def test_a_frame_that_nothing_is_wrong_with_is_left_out() -> None:
    assert worst(9, FINE, FrameShown("drawn", "000.png")) == ([], 0)


def test_only_the_worst_are_kept_and_all_are_counted() -> None:
    assert worst(2, POOR, BROKEN, STRAY, USELESS) == (["broken", "useless"], 4)


def test_of_equal_ones_the_first_comes_first() -> None:
    first, second = (FrameShown(name, "1.png", score=0.2, is_good=False) for name in ("first", "second"))

    assert worst(9, first, second)[0] == ["first", "second"]
    assert worst(1, first, second)[0] == ["first"]
