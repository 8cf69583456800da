"""From any state to any other, and what is missing where there is no way."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.stage import clip, clip_of, state, state_of
from watercolor_rig.core.errors import UnreachableError
from watercolor_rig.core.transitions import Clip, Leg, MissingPath, State, TransitionGraph

GOLDEN = Path(__file__).parent.parent / "golden" / "transitions.json"

EXPRESSIONS = ["calm", "glad", "sad", "wide"]
POSES = ["front", "left", "up"]
GRID = [state(f"{expression} {pose}") for expression in EXPRESSIONS for pose in POSES]


def joinable(pair: tuple[State, State]) -> bool:
    """Return whether one sequence can join two states: a base path keeps the pose, a pose path the expression."""
    one, other = pair
    return one != other and (one.pose == other.pose or one.expression == other.expression)


pairs = st.tuples(st.sampled_from(GRID), st.sampled_from(GRID)).filter(joinable)


@st.composite
def graphs(draw: st.DrawFn, *, most_clips: int = 25) -> TransitionGraph:
    """Return a graph of any clips, several between the same states and single states among them."""
    drawn = draw(st.lists(st.tuples(pairs, st.integers(2, 6), st.none() | st.integers(1, 9)), max_size=most_clips))
    clips = [
        clip(f"{number}", start, end, frames, weight) for number, ((start, end), frames, weight) in enumerate(drawn)
    ]
    return TransitionGraph(clips, draw(st.lists(st.sampled_from(GRID), min_size=1)))


def as_networkx(graph: TransitionGraph) -> "nx.MultiGraph[State]":
    theirs: nx.MultiGraph[State] = nx.MultiGraph()
    theirs.add_nodes_from(graph.states)
    theirs.add_edges_from((each.start, each.end, {"cost": each.cost}) for each in graph.clips)
    return theirs


def walked(graph: TransitionGraph, start: State, legs: Iterable[Leg]) -> list[State]:
    """Return the states that legs go through, each leg beginning where the one before has ended."""
    states = [start]
    for leg in legs:
        assert graph.state_at(leg.clip, leg.first) == states[-1]
        end = graph.state_at(leg.clip, leg.last)
        assert end is not None
        states.append(end)
    return states


@given(graphs(), st.data())
def test_a_route_costs_what_networkx_says_and_leads_there(graph: TransitionGraph, data: st.DataObject) -> None:
    start, end = data.draw(st.sampled_from(graph.states)), data.draw(st.sampled_from(graph.states))
    theirs = as_networkx(graph)

    if nx.has_path(theirs, start, end):
        legs = graph.route(start, end)

        assert (start, end) == (walked(graph, start, legs)[0], walked(graph, start, legs)[-1])
        assert nx.dijkstra_path_length(theirs, start, end, weight="cost") == graph.cost(legs)
    else:
        with pytest.raises(UnreachableError, match="no way from"):
            graph.route(start, end)


@given(graphs(most_clips=8), st.data())
def test_of_equal_ways_the_one_with_fewer_and_then_earlier_clips_is_taken(
    graph: TransitionGraph, data: st.DataObject
) -> None:
    start = data.draw(st.sampled_from(graph.states))
    end = data.draw(st.sampled_from([each for each in graph.states if each not in graph.unreachable(start)]))

    def ways(at: State, taken: tuple[Leg, ...], seen: frozenset[State]) -> list[tuple[Leg, ...]]:
        found = [taken] if at == end else []
        for number, each in enumerate(graph.clips):
            forwards = ((each.start, each.end, Leg(number, 0, each.last)),)
            for here, there, leg in (*forwards, (each.end, each.start, Leg(number, each.last, 0))):
                if here == at and there not in seen:
                    found += ways(there, (*taken, leg), seen | {there})
        return found

    best = min(
        ways(start, (), frozenset({start})),
        key=lambda legs: (graph.cost(legs), len(legs), [leg.clip for leg in legs]),
    )

    assert best == graph.route(start, end)


@given(graphs(), st.data())
def test_from_a_frame_in_between_the_way_is_as_short_as_with_that_frame_as_a_state(
    graph: TransitionGraph, data: st.DataObject
) -> None:
    middles = [(number, frame) for number, each in enumerate(graph.clips) for frame in range(1, each.last)]
    if not middles:
        return
    number, frame = data.draw(st.sampled_from(middles))
    cut = graph.clips[number]
    end = data.draw(st.sampled_from([each for each in graph.states if each not in graph.unreachable(cut.start)]))
    theirs = as_networkx(graph)
    middle = state("cut here")
    theirs.add_edge(cut.start, middle, cost=cut.cost * frame / cut.last)
    theirs.add_edge(middle, cut.end, cost=cut.cost * (cut.last - frame) / cut.last)

    legs = graph.route_from(number, frame, end)

    assert (number, frame) == (legs[0].clip, legs[0].first)
    assert pytest.approx(nx.dijkstra_path_length(theirs, middle, end, weight="cost")) == graph.cost(legs)


@given(graphs(), st.data())
def test_what_is_out_of_reach_is_what_networkx_does_not_join(graph: TransitionGraph, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(graph.states))
    joined = nx.node_connected_component(as_networkx(graph), start)

    assert [each for each in graph.states if each not in joined] == list(graph.unreachable(start))


@given(graphs(), st.data())
def test_no_other_path_would_bring_more_states_within_reach(graph: TransitionGraph, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(graph.states))
    before = len(graph.unreachable(start))

    def joins(sequences: Iterable[tuple[State, State]]) -> int:
        more = [clip(f"new {number}", a, b) for number, (a, b) in enumerate(sequences)]
        return before - len(TransitionGraph([*graph.clips, *more], graph.states).unreachable(start))

    known = [each for each in GRID if each in graph.states]
    base_paths = [
        [(a, b) for a in known for b in known if (a.expression, b.expression) == names and a.pose == b.pose]
        for names in ((one, other) for one in EXPRESSIONS for other in EXPRESSIONS if one < other)
    ]
    pose_paths = [[(a, b)] for a in known for b in known if a.expression == b.expression and a.pose < b.pose]
    most = max((joins(path) for path in [*base_paths, *pose_paths]), default=0)
    missing = graph.missing_path(start)

    assert most == (missing.joins if missing else 0)
    if missing:
        assert missing.joins == joins(missing.sequences)


def test_a_state_leads_to_itself_without_a_frame() -> None:
    graph = TransitionGraph([clip("a", "calm front", "glad front")])

    assert graph.route(state("calm front"), state("calm front")) == ()


def test_a_clip_is_played_backwards_where_that_is_the_way() -> None:
    graph = TransitionGraph([clip("a", "calm front", "glad front", 5), clip("b", "calm front", "sad front", 3)])

    assert (Leg(0, 4, 0), Leg(1, 0, 2)) == graph.route(state("glad front"), state("sad front"))


def test_a_weight_turns_the_way() -> None:
    way_round = [clip("b", "calm front", "sad front", 3), clip("c", "sad front", "glad front", 3)]
    light = TransitionGraph([clip("a", "calm front", "glad front", 9, weight=3), *way_round])
    heavy = TransitionGraph([clip("a", "calm front", "glad front", 3, weight=5), *way_round])

    assert len(light.route(state("calm front"), state("glad front"))) == 1
    assert len(heavy.route(state("calm front"), state("glad front"))) == 2


def test_a_message_names_what_is_out_of_reach_and_the_path_that_would_help_most() -> None:
    graph = TransitionGraph(
        [
            clip("a", "calm front", "glad front"),
            clip("b", "calm left", "glad left"),
            clip("c", "calm left", "sad left"),
        ],
        [state("wide front")],
    )

    with pytest.raises(UnreachableError) as caught:
        graph.route(state("glad front"), state("sad left"))

    assert str(caught.value) == (
        "no way from 'glad' at 'front' to 'sad' at 'left'; out of reach: 'calm' at 'left', 'glad' at 'left', "
        "'sad' at 'left', 'wide' at 'front'; make the pose path 'front' → 'left' of 'calm', which joins 3 of 4"
    )


def test_a_base_path_counts_at_every_pose_that_has_both_expressions() -> None:
    poses = [clip("p", "calm front", "calm left"), clip("q", "calm left", "calm up")]
    graph = TransitionGraph(poses, [state("sad front"), state("sad left"), state("glad up")])

    missing = graph.missing_path(state("calm up"))

    assert missing is not None
    assert str(missing) == "the base path 'calm' → 'sad'"
    assert (missing.joins, len(missing.sequences)) == (2, 2)


def test_where_no_path_helps_a_drawing_is_asked_for() -> None:
    graph = TransitionGraph([], [state("calm front"), state("sad left")])

    with pytest.raises(UnreachableError, match="draw one of their expressions at a pose that is within reach"):
        graph.route(state("calm front"), state("sad left"))


def test_an_unknown_state_is_named_with_one_like_it() -> None:
    graph = TransitionGraph([clip("a", "calm front", "glad front")])

    with pytest.raises(UnreachableError, match="no state 'glat' at 'front'; did you mean 'glad' at 'front'"):
        graph.route(state("calm front"), state("glat front"))


@pytest.mark.parametrize(("frames", "weight"), [(1, None), (3, 0), (3, -1), (3, float("inf")), (3, float("nan"))])
def test_a_clip_that_cannot_be_a_way_is_refused(frames: int, weight: float | None) -> None:
    with pytest.raises(ValueError, match="clip 'a'"):
        clip("a", "calm front", "glad front", frames, weight)


def test_as_many_files_as_times_are_needed() -> None:
    good = clip("a", "calm front", "glad front")

    with pytest.raises(ValueError, match="expected as many"):
        Clip(good.path, good.start, good.end, good.times, good.files[1:])


@pytest.mark.parametrize("case", json.loads(GOLDEN.read_text(encoding="utf-8")))
def test_the_graph_says_what_the_golden_file_says(case: dict[str, Any]) -> None:
    graph = TransitionGraph(map(clip_of, case["clips"]), map(state_of, case["states"]))

    for start, end, legs in case["routes"]:
        found = graph.route(state_of(start), state_of(end))
        assert legs == [[leg.clip, leg.first, leg.last] for leg in found]
    for number, frame, end, legs in case["routes_from"]:
        found = graph.route_from(number, frame, state_of(end))
        assert legs == [[leg.clip, leg.first, leg.last] for leg in found]
    for start, end, message in case["refused"]:
        with pytest.raises(UnreachableError) as caught:
            graph.route(state_of(start), state_of(end))
        assert message == str(caught.value)
    for start, sequences, joins in case["missing"]:
        path = graph.missing_path(state_of(start))
        expected = MissingPath(tuple((state_of(a), state_of(b)) for a, b in sequences), joins) if sequences else None
        assert expected == path
