"""From any state of a face to any other: the states, the sequences between them, and the shortest way.

A state is an expression at a pose; a sequence joins two states and is played forwards and backwards. The shortest way
is the one that shows the fewest frames. No id means anything here: an expression is a hub because sequences meet there.

Ties go by the order in which sequences are given, never by comparing text, which programming languages order
differently: the same ways are tested against `tests/golden/transitions.json`.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import heappop, heappush
from itertools import combinations

from watercolor_rig.core.errors import UnreachableError
from watercolor_rig.core.ids import PathId
from watercolor_rig.core.rig import ExpressionId, PoseId

_MOST_NAMED = 8
"""States out of reach that a message names; of more it gives the number."""


@dataclass(frozen=True, slots=True)
class State:
    """How a face may rest: an expression at a pose."""

    expression: ExpressionId
    pose: PoseId

    def __str__(self) -> str:
        return f"{self.expression!r} at {self.pose!r}"


@dataclass(frozen=True, slots=True)
class Clip:
    """A sequence between two states, as it can be played.

    Attributes:
        path: Its id.
        start: The state that its first frame shows.
        end: The state that its last frame shows.
        times: Positions of its frames, strictly ascending, at least two.
        files: Their file names, as many.
        weight: What the whole way costs, above 0; None for the number of frames that follow the first one.
    """

    path: PathId
    start: State
    end: State
    times: tuple[float, ...]
    files: tuple[str, ...]
    weight: float | None = None

    def __post_init__(self) -> None:
        if len(self.times) < 2 or len(self.times) != len(self.files):  # noqa: PLR2004 - a first and a last frame
            raise ValueError(
                f"clip {self.path!r}: {len(self.times)} times, {len(self.files)} files; expected as many, two or more"
            )
        if not 0 < self.cost < math.inf:
            raise ValueError(f"clip {self.path!r}: weight {self.weight!r}; expected a number above 0")

    @property
    def last(self) -> int:
        """The place of the last frame."""
        return len(self.times) - 1

    @property
    def cost(self) -> float:
        """What playing all of it costs, in frames unless a weight was set."""
        return self.last if self.weight is None else self.weight


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of a way: frames of one clip, by their places; `first` above `last` is played backwards.

    Attributes:
        clip: The clip's place among `TransitionGraph.clips`.
        first: The frame that it starts from.
        last: The frame that it goes to.
    """

    clip: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class MissingPath:
    """A base path or a pose path that would bring states within reach.

    Attributes:
        sequences: The two states of every sequence that it consists of and that is not there yet: for a base path one
            at each pose that has both expressions, for a pose path exactly one.
        joins: How many states it brings within reach.
    """

    sequences: tuple[tuple[State, State], ...]
    joins: int

    @property
    def is_pose_path(self) -> bool:
        """Whether the pose changes and the expression stays."""
        start, end = self.sequences[0]
        return start.expression == end.expression

    def __str__(self) -> str:
        start, end = self.sequences[0]
        if self.is_pose_path:
            return f"the pose path {start.pose!r} → {end.pose!r} of {start.expression!r}"
        return f"the base path {start.expression!r} → {end.expression!r}"


class TransitionGraph:
    """The states of a character and the clips between them.

    Args:
        clips: In order of preference: of two ways that cost the same, the one with fewer clips is taken, and then the
            one that takes the earlier clip where they part.
        states: Further states that have a drawing, so that those no clip reaches can be named.
    """

    def __init__(self, clips: Iterable[Clip], states: Iterable[State] = ()) -> None:
        self.clips = tuple(clips)
        mentioned = (state for clip in self.clips for state in (clip.start, clip.end))
        self.states = tuple(dict.fromkeys((*mentioned, *states)))
        self._exits: Mapping[State, list[tuple[int, State]]] = {state: [] for state in self.states}
        for number, clip in enumerate(self.clips):
            self._exits[clip.start].append((number, clip.end))
            if clip.start != clip.end:
                self._exits[clip.end].append((number, clip.start))

    def route(self, start: State, end: State) -> tuple[Leg, ...]:
        """Return the shortest way between two states, empty from a state to itself.

        The algorithm is E. W. Dijkstra's (Numerische Mathematik 1, 1959, pages 269–271).

        Raises:
            UnreachableError: if there is no way, naming what is out of reach and the path that would help most; or if
                one of the states is unknown.
        """
        self._check(start, end)
        waiting: list[tuple[float, int, tuple[int, ...], State]] = [(0, 0, (), start)]
        done: set[State] = set()
        while waiting:
            cost, count, taken, state = heappop(waiting)  # no two have the same clips, so states are never compared
            if state == end:
                return self._legs(start, taken)
            if state in done:
                continue
            done.add(state)
            for number, other in self._exits[state]:
                if other not in done:
                    heappush(waiting, (cost + self.clips[number].cost, count + 1, (*taken, number), other))
        raise UnreachableError(self._no_way(start, end))

    def route_from(self, clip: int, frame: int, end: State) -> tuple[Leg, ...]:
        """Return the shortest way from any frame of a clip: on to one of its ends or back to the other, and from there.

        What is left of a clip costs its share of the frames. Of two ways that cost the same, with as many clips, the
        one that goes on forwards is taken.

        Args:
            clip: Its place among `clips`.
            frame: The frame's place in it.
            end: Where to.

        Raises:
            UnreachableError: as for `route`.
        """
        there = self.clips[clip]
        resting = self.state_at(clip, frame)
        if resting is not None:
            return self.route(resting, end)
        forwards = (Leg(clip, frame, there.last), *self.route(there.end, end))
        backwards = (Leg(clip, frame, 0), *self.route(there.start, end))
        return min(forwards, backwards, key=lambda legs: (self.cost(legs), len(legs)))

    def direct(self, start: State, end: State) -> Leg | None:
        """Return the cheapest single clip between two states, the earliest of several, or None where there is none."""
        between = [number for number, other in self._exits.get(start, ()) if other == end != start]
        if not between:
            return None
        return self._legs(start, (min(between, key=lambda number: self.clips[number].cost),))[0]

    def cost(self, legs: Iterable[Leg]) -> float:
        """Return what playing these legs costs."""
        total = 0.0
        for leg in legs:
            clip = self.clips[leg.clip]
            total += clip.cost * abs(leg.last - leg.first) / clip.last
        return total

    def state_at(self, clip: int, frame: int) -> State | None:
        """Return the state that a frame shows, or None for one in between."""
        there = self.clips[clip]
        return there.start if frame == 0 else there.end if frame == there.last else None

    def first_frame(self, state: State) -> tuple[int, int] | None:
        """Return a frame that shows a state, as the places of clip and frame; None where no clip meets it."""
        for number, _ in self._exits.get(state, ()):
            return number, 0 if self.clips[number].start == state else self.clips[number].last
        return None

    def unreachable(self, start: State) -> tuple[State, ...]:
        """Return the states that no way leads to from `start`, in the order of `states`.

        Raises:
            UnreachableError: if `start` is unknown.
        """
        self._check(start)
        home = self._components()[start]
        return tuple(state for state, component in self._components().items() if component != home)

    def missing_path(self, start: State) -> MissingPath | None:
        """Return the one path that would bring most states within reach of `start`.

        Of several that help as much it is the one with the fewest sequences to make, then the one between the states
        where most clips meet, then the first in the order of `states`.

        Returns:
            None where all is within reach, or where what is out of reach shares neither a pose nor an expression with
            the rest, so that a drawing is missing before a sequence is.

        Raises:
            UnreachableError: if `start` is unknown.
        """
        self._check(start)
        components = self._components()
        sizes: dict[int, int] = defaultdict(int)
        for component in components.values():
            sizes[component] += 1
        best: tuple[tuple[int, int, int], MissingPath] | None = None
        for pairs in self._paths_to_make(components):
            joined = _within_reach(components[start], [(components[a], components[b]) for a, b in pairs])
            joins = sum(sizes[component] for component in joined)
            meeting = sum(len(self._exits[state]) for pair in pairs for state in pair)
            rank = (-joins, len(pairs), -meeting)
            if joins and (best is None or rank < best[0]):
                best = rank, MissingPath(pairs, joins)
        return best[1] if best else None

    def _paths_to_make(self, components: Mapping[State, int]) -> Iterator[tuple[tuple[State, State], ...]]:
        """Yield the sequences of every base path and pose path that could join two components."""
        expressions = tuple(dict.fromkeys(state.expression for state in self.states))
        poses = tuple(dict.fromkeys(state.pose for state in self.states))
        known = set(self.states)

        def to_make(pairs: Iterable[tuple[State, State]]) -> tuple[tuple[State, State], ...]:
            drawn = [pair for pair in pairs if known.issuperset(pair)]
            if all(components[a] == components[b] for a, b in drawn):
                return ()
            return tuple((a, b) for a, b in drawn if self.direct(a, b) is None)

        for first, second in combinations(expressions, 2):
            if pairs := to_make((State(first, pose), State(second, pose)) for pose in poses):
                yield pairs
        for expression in expressions:
            for one, other in combinations(poses, 2):
                if pairs := to_make([(State(expression, one), State(expression, other))]):
                    yield pairs

    def _components(self) -> dict[State, int]:
        """Return a number for each state, the same for states that a way joins; in the order of `states`."""
        found: dict[State, int] = {}
        for number, state in enumerate(self.states):
            waiting = [] if state in found else [state]
            while waiting:
                at = waiting.pop()
                if at not in found:
                    found[at] = number
                    waiting += [other for _, other in self._exits[at]]
        return {state: found[state] for state in self.states}

    def _legs(self, start: State, taken: Iterable[int]) -> tuple[Leg, ...]:
        legs, at = [], start
        for number in taken:
            clip = self.clips[number]
            forwards = clip.start == at
            legs.append(Leg(number, 0, clip.last) if forwards else Leg(number, clip.last, 0))
            at = clip.end if forwards else clip.start
        return tuple(legs)

    def _check(self, *states: State) -> None:
        for state in states:
            if state not in self._exits:
                known = [str(each) for each in self.states]
                close = get_close_matches(str(state), known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"there are {_listing(known) or 'none'}"
                raise UnreachableError(f"no state {state}; {hint}")

    def _no_way(self, start: State, end: State) -> str:
        out_of_reach = [str(state) for state in self.unreachable(start)]
        path = self.missing_path(start)
        advice = (
            f"make {path}, which joins {path.joins} of {len(out_of_reach)}"
            if path
            else "draw one of their expressions at a pose that is within reach, or the other way round"
        )
        return f"no way from {start} to {end}; out of reach: {_listing(out_of_reach)}; {advice}"


def _within_reach(home: int, joints: Iterable[tuple[int, int]]) -> set[int]:
    """Return the other components that these joints bring within reach of `home`."""
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in joints:
        beside[one].append(other)
        beside[other].append(one)
    reached: set[int] = set()
    waiting = [home]
    while waiting:
        at = waiting.pop()
        if at not in reached:
            reached.add(at)
            waiting += beside[at]
    return reached - {home}


def _listing(names: list[str]) -> str:
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
