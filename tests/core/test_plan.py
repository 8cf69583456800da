"""What a run has to do, given what lies there."""

from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.ids import PathId
from watercolor_rig.core.plan import Plan, Wanted, plan_run
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId
from watercolor_rig.core.sequences import Condition, FoundFrame, SequenceSpec, SequenceState
from watercolor_rig.core.times import END, START, times_of_depth


def spec(start: str, end: str, pose: str = "center", path: str = "") -> SequenceSpec:
    base = path or f"{start}_to_{end}"
    return SequenceSpec(
        PathId(f"{base}__{pose}"), BasePathId(base), ExpressionId(start), ExpressionId(end), PoseId(pose)
    )


def state(**conditions: Condition) -> SequenceState:
    """State from names such as `t050=GOOD`."""
    frames = {F(int(name[1:]), 100): FoundFrame(f"{name[1:]}.png", found) for name, found in conditions.items()}
    return SequenceState(frames, {found.file: t for t, found in frames.items()})


def plan(
    specs: list[SequenceSpec],
    states: dict[str, SequenceState] | None = None,
    *,
    only: list[str] | None = None,
    depth: int = 2,
    **options: Any,
) -> Plan:
    selected = [s.path for s in specs] if only is None else [PathId(path) for path in only]
    wanted = Wanted(times_of_depth(depth), **options)
    return plan_run(specs, {PathId(k): v for k, v in (states or {}).items()}, wanted, selected)


def drawn(made: Plan) -> list[tuple[str, F]]:
    return [(drawing.spot.path, drawing.spot.t) for drawing in made.drawings]


def test_an_empty_folder_gets_every_tween_between_its_nearest_neighbours() -> None:
    made = plan([spec("a", "b")])

    assert drawn(made) == [("a_to_b__center", F(1, 2)), ("a_to_b__center", F(1, 4)), ("a_to_b__center", F(3, 4))]
    assert [parent.spot.file for parent in made.drawings[1].parents] == ["000.png", "050.png"]


def parents_beside(found: FoundFrame) -> list[tuple[F, F]]:
    """Return the parents at depth 2 for a direct engine where a frame is found at the middle."""
    states = {spec("a", "b").path: SequenceState({F(1, 2): found})}
    wanted = Wanted(times_of_depth(2), direct=True, direct_engines=frozenset({"local"}))
    made = plan_run([spec("a", "b")], states, wanted, [spec("a", "b").path])
    return [(drawing.parents[0].t, drawing.parents[1].t) for drawing in made.drawings]


@pytest.mark.parametrize(
    "found",
    [
        FoundFrame("050.png", Condition.GOOD, made_by="openai"),
        FoundFrame("050.png", Condition.GOOD, made_by="local", is_marked=True),
    ],
)
def test_a_frame_that_is_fixed_splits_the_way_of_a_direct_engine(found: FoundFrame) -> None:
    assert parents_beside(found) == [(F(0), F(1, 2)), (F(1, 2), F(1))]


@pytest.mark.parametrize(
    "found",
    [
        FoundFrame("050.png", Condition.GOOD, made_by="local"),
        FoundFrame("050.png", Condition.GOOD),
        FoundFrame("050.png", Condition.STALE, made_by="openai"),
    ],
)
def test_any_other_frame_does_not(found: FoundFrame) -> None:
    assert set(parents_beside(found)) == {(F(0), F(1))}


def test_a_direct_engine_draws_everything_from_the_ends() -> None:
    made = plan([spec("a", "b")], direct=True)

    assert {tuple(parent.t for parent in drawing.parents) for drawing in made.drawings} == {(START, END)}


def test_a_reversed_path_is_drawn_once_and_turned_round() -> None:
    made = plan([spec("a", "b"), spec("b", "a")])

    assert len(made.drawings) == 3
    quarter = next(drawing for drawing in made.drawings if drawing.spot.t == F(1, 4))
    assert [(o.path, o.t, o.file) for o in quarter.outputs] == [
        ("a_to_b__center", F(1, 4), "025.png"),
        ("b_to_a__center", F(3, 4), "075.png"),
    ]
    assert (made.frames_to_write, made.frames_shared, made.sequences_to_write) == (6, 3, 2)


def test_two_paths_with_the_same_ends_share_too() -> None:
    assert len(plan([spec("a", "b"), spec("a", "b", path="again")]).drawings) == 3


def test_sharing_can_be_turned_off() -> None:
    assert len(plan([spec("a", "b"), spec("b", "a")], share=False).drawings) == 6


def test_poses_do_not_share() -> None:
    assert len(plan([spec("a", "b", "left"), spec("b", "a", "right")]).drawings) == 6


def test_what_exists_is_not_made() -> None:
    made = plan([spec("a", "b")], {"a_to_b__center": state(t025=Condition.GOOD, t050=Condition.GOOD)})

    assert drawn(made) == [("a_to_b__center", F(3, 4))]
    assert [spot.file for spot in made.existing] == ["025.png", "050.png"]


def test_what_the_reversed_path_has_is_copied_instead_of_paid_for_again() -> None:
    made = plan([spec("a", "b"), spec("b", "a")], {"b_to_a__center": state(t025=Condition.GOOD)})

    assert [(s.source.path, s.source.t, s.target.path, s.target.t) for s in made.sharings] == [
        ("b_to_a__center", F(1, 4), "a_to_b__center", F(3, 4)),
    ]
    assert ("a_to_b__center", F(3, 4)) not in drawn(made)


def test_a_path_that_is_not_selected_still_lends_its_frames() -> None:
    full = state(t025=Condition.GOOD, t050=Condition.GOOD, t075=Condition.GOOD)
    made = plan([spec("a", "b"), spec("b", "a")], {"a_to_b__center": full}, only=["b_to_a__center"])

    assert made.drawings == ()
    assert {sharing.target.path for sharing in made.sharings} == {"b_to_a__center"}


def test_a_broken_file_is_made_again_and_told() -> None:
    frames = {F(1, 2): FoundFrame("050.png", Condition.BROKEN, "truncated")}
    made = plan([spec("a", "b")], {"a_to_b__center": SequenceState(frames)}, depth=1)

    assert drawn(made) == [("a_to_b__center", F(1, 2))]
    assert [(spot.file, fault) for spot, fault in made.broken] == [("050.png", "truncated")]


def test_a_stale_frame_stays_until_it_is_asked_to_be_refreshed() -> None:
    states = {"a_to_b__center": state(t050=Condition.STALE)}

    kept = plan([spec("a", "b")], states, depth=1)
    refreshed = plan([spec("a", "b")], states, depth=1, refresh=True)

    assert (drawn(kept), [spot.file for spot in kept.stale]) == ([], ["050.png"])
    assert (drawn(refreshed), refreshed.stale) == ([("a_to_b__center", F(1, 2))], ())


def test_a_stale_frame_is_never_lent() -> None:
    made = plan([spec("a", "b"), spec("b", "a")], {"a_to_b__center": state(t050=Condition.STALE)}, depth=1)

    assert made.sharings == ()
    assert drawn(made) == [("b_to_a__center", F(1, 2))]


def test_overwrite_makes_everything_again_and_borrows_nothing() -> None:
    full = state(t025=Condition.GOOD, t050=Condition.GOOD, t075=Condition.GOOD)
    made = plan([spec("a", "b"), spec("b", "a")], {"a_to_b__center": full, "b_to_a__center": full}, overwrite=True)

    assert (len(made.drawings), made.sharings, made.existing) == (3, (), ())


def test_drafts_are_made_again_and_what_another_engine_made_or_the_user_marked_stays() -> None:
    found = {
        F(1, 4): FoundFrame("025.png", Condition.GOOD, made_by="local"),
        F(1, 2): FoundFrame("050.png", Condition.GOOD, made_by="openai"),
        F(3, 4): FoundFrame("075.png", Condition.GOOD, made_by="local", is_marked=True),
    }
    made = plan(
        [spec("a", "b")], {"a_to_b__center": SequenceState(found)}, replaced_engines=frozenset({"local", "crossfade"})
    )

    assert drawn(made) == [("a_to_b__center", F(1, 4))]
    assert [spot.t for spot in made.existing] == [F(1, 2), F(3, 4)]


def test_a_frame_that_lies_there_beyond_the_wanted_ones_serves_as_a_neighbour() -> None:
    specs, states = [spec("a", "b")], {"a_to_b__center": state(t050=Condition.GOOD)}
    wanted = Wanted((F(1, 4),))

    made = plan_run(specs, {PathId(k): v for k, v in states.items()}, wanted, [specs[0].path])

    assert [parent.t for parent in made.drawings[0].parents] == [START, F(1, 2)]


def test_parents_on_a_reversed_path_keep_their_order() -> None:
    states = {"a_to_b__center": state(t050=Condition.GOOD)}
    made = plan([spec("a", "b"), spec("b", "a")], states, only=["b_to_a__center"])

    quarter = next(drawing for drawing in made.drawings if drawing.spot.t == F(1, 4))
    assert [(p.t, p.spot.path, p.spot.t) for p in quarter.parents] == [
        (START, "b_to_a__center", START),
        (F(1, 2), "a_to_b__center", F(1, 2)),
    ]


conditions = st.sampled_from([None, Condition.GOOD, Condition.STALE, Condition.BROKEN])


@given(st.data())
def test_every_wanted_frame_is_kept_copied_or_drawn_from_frames_that_will_be_there(data: st.DataObject) -> None:
    specs = [spec("a", "b"), spec("b", "a"), spec("a", "c"), spec("a", "b", path="twin")]
    depth = data.draw(st.integers(1, 3))
    states = {}
    for one in specs:
        found = {t: data.draw(conditions) for t in times_of_depth(3)}
        frames = {t: FoundFrame(f"{t.numerator}_{t.denominator}.png", c) for t, c in found.items() if c}
        states[one.path] = SequenceState(frames, {frame.file: t for t, frame in frames.items()})
    selected = data.draw(st.sets(st.sampled_from([one.path for one in specs]), min_size=1))
    flags: dict[str, Any] = {name: data.draw(st.booleans()) for name in ("overwrite", "refresh", "share", "direct")}

    made = plan_run(specs, states, Wanted(times_of_depth(depth), **flags), selected)

    there = {
        (path, t)
        for path, held in states.items()
        for t, frame in held.frames.items()
        if frame.condition is not Condition.BROKEN
    }
    there |= {(one.path, t) for one in specs for t in (START, END)}
    for sharing in made.sharings:
        assert (sharing.source.path, sharing.source.t) in there
        there.add((sharing.target.path, sharing.target.t))
    drawn_spots = {(d.spot.path, d.spot.t) for d in made.drawings}
    done: set[tuple[str, F]] = set()
    for drawing in made.drawings:
        low, high = drawing.parents
        assert low.t < drawing.spot.t < high.t
        for parent in drawing.parents:
            place = (parent.spot.path, parent.spot.t)
            assert place in done or (place in there and place not in drawn_spots)
        done |= {(output.path, output.t) for output in drawing.outputs}
    every = {(path, t) for path in selected for t in times_of_depth(depth)}
    existing = {(spot.path, spot.t) for spot in made.existing}
    shared = {(sharing.target.path, sharing.target.t) for sharing in made.sharings}
    assert existing | shared | done == every
    assert len(existing) + len(shared) + len(done) == len(every)
    files = [(o.path, o.file) for d in made.drawings for o in d.outputs]
    files += [(sharing.target.path, sharing.target.file) for sharing in made.sharings]
    files += [(spot.path, spot.file) for spot in made.existing]
    assert len(set(files)) == len(files)
