"""Exact positions, their file names, and who is made between whom."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.times import (
    bisection_parents,
    frame_names,
    from_json_number,
    parents_between,
    parse_times,
    spell,
    times_of_depth,
)

times = st.fractions(min_value=F(1, 1000), max_value=F(999, 1000), max_denominator=1000)


def test_depth_two_is_the_quarters() -> None:
    assert times_of_depth(2) == (F(1, 4), F(1, 2), F(3, 4))


@pytest.mark.parametrize("depth", [0, -1, 11])
def test_a_depth_out_of_range_is_refused(depth: int) -> None:
    with pytest.raises(UsageError, match="from 1 to 10"):
        times_of_depth(depth)


def test_a_list_of_times_is_read_exactly_sorted_and_without_repeats() -> None:
    assert parse_times("0.75, 0.1,1/3,0.10") == (F(1, 10), F(1, 3), F(3, 4))


@pytest.mark.parametrize("text", ["", "x", "0", "1", "-0.5", "1.5", "0.5,", "1/0", "nan", "inf", "0.123456789"])
def test_a_list_with_a_bad_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--times"):
        parse_times(text)


def test_the_quarters_as_a_list_are_the_same_plan_as_depth_two() -> None:
    assert bisection_parents(parse_times("0.25,0.5,0.75")) == bisection_parents(times_of_depth(2))


def test_depth_three_halves_intervals_recursively() -> None:
    parents = bisection_parents(times_of_depth(3))

    assert parents[F(1, 2)] == (F(0), F(1))
    assert parents[F(3, 8)] == (F(1, 4), F(1, 2))
    assert parents[F(7, 8)] == (F(3, 4), F(1))


@given(st.sets(times, max_size=20))
def test_every_time_lies_between_two_parents_that_come_before_it(wanted: set[F]) -> None:
    done = {F(0), F(1)}
    for time, (low, high) in bisection_parents(wanted).items():
        assert low < time < high
        assert {low, high} <= done
        assert not any(low < other < high for other in done), "its parents are its nearest neighbours"
        done.add(time)
    assert done == wanted | {F(0), F(1)}


@given(st.sets(times, max_size=12), st.sets(times, max_size=12))
def test_between_frames_that_stay_each_gap_is_halved_by_itself(wanted: set[F], kept: set[F]) -> None:
    stays = {F(0), F(1)} | (kept - wanted)
    done = set(stays)
    for time, (low, high) in parents_between(wanted, kept).items():
        assert low < time < high
        assert {low, high} <= done
        assert not any(low < other < high for other in done), "its parents are its nearest neighbours"
        done.add(time)

    assert done == stays | wanted


def test_tweens_are_named_by_rounded_percent() -> None:
    names = frame_names([F(0), *times_of_depth(3), F(1)], {})

    assert list(names.values()) == [
        "000.png", "012.png", "025.png", "038.png", "050.png", "062.png", "075.png", "088.png", "100.png",
    ]  # fmt: skip


@pytest.mark.parametrize("depth", range(1, 7))
def test_up_to_depth_six_all_names_are_percents(depth: int) -> None:
    names = frame_names(times_of_depth(depth), {})

    assert all(names[t] == f"{round(100 * float(t)):03d}.png" for t in times_of_depth(depth))


def test_from_depth_seven_on_no_two_times_share_a_name() -> None:
    names = frame_names([F(0), *times_of_depth(10), F(1)], {})

    assert len(set(names.values())) == 1025
    assert (names[F(1, 128)], names[F(1, 64)]) == ("000_78125.png", "002.png")


def test_a_time_that_is_no_halving_takes_its_percent_if_nobody_else_does() -> None:
    names = frame_names([F(1, 3), F(33, 100), F(1, 2), F(501, 1000)], {})

    assert names == {F(33, 100): "033.png", F(1, 3): "033_1of3.png", F(1, 2): "050.png", F(501, 1000): "050_1.png"}


@given(st.sets(times, max_size=40), st.sets(times, max_size=10))
def test_names_never_collide_and_never_take_what_the_manifest_owns(wanted: set[F], listed: set[F]) -> None:
    taken = {name: t for t, name in frame_names(listed, {}).items()}

    names = frame_names(wanted, taken)

    assert len(set(names.values())) == len(wanted)
    assert all(taken.get(name, t) == t for t, name in names.items())
    assert not {"000.png", "100.png"} & set(names.values())


@given(times)
def test_a_time_survives_the_way_through_json(time: F) -> None:
    assert from_json_number(float(time)) == time


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_number_that_is_no_position_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no position"):
        from_json_number(value)


@pytest.mark.parametrize(
    ("time", "text"), [(F(1, 2), "0.50"), (F(1, 8), "0.125"), (F(1, 3), "0.3333333"), (F(1), "1.00")]
)
def test_a_time_is_spelt_with_two_decimals_or_more(time: F, text: str) -> None:
    assert spell(time) == text
