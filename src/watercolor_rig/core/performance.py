"""Which frame of which sequence a character shows at any moment, as it goes from state to state and blinks.

Everything follows from a graph, a first state, a seed and a list of cues: time goes in as a number, and asking changes
nothing. A transition is the frames of its way in one row, paced by `core/playback.py` as each sequence is alone; a
drawing where two sequences meet comes once. Whatever interrupts it begins at the frame that stands there then.

The player has the same in TypeScript (`player/src/performance.ts`). Both are tested against
`tests/golden/performance.json`, and both add and multiply in the same order.
"""

import math
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from watercolor_rig.core.easing import EASINGS, LINEAR, ease
from watercolor_rig.core.errors import UnreachableError
from watercolor_rig.core.idle import blink_times
from watercolor_rig.core.ids import PathId
from watercolor_rig.core.playback import Loop, Section, Step, frame_at, shown_after, steps
from watercolor_rig.core.rig import ExpressionId
from watercolor_rig.core.transitions import Leg, State, TransitionGraph

CLOSING_MS = 80.0
CLOSED_MS = 40.0
OPENING_MS = 160.0
"""A blink of 280 ms: lids fall faster than they rise, and stay closed for at least two pictures of a 60 Hz screen."""


@dataclass(frozen=True, slots=True)
class Go:
    """A cue: from now on to a state.

    Attributes:
        at_ms: When, at least 0.
        state: Where to.
        ms: How long the whole way takes; 0 shows the end at once, and None is what the frames take at the pace.
        easing: How the way goes with time; a key of `EASINGS`.
    """

    at_ms: float
    state: State
    ms: float | None = None
    easing: str = LINEAR


@dataclass(frozen=True, slots=True)
class Blink:
    """A cue: blink now, if the face rests.

    Attributes:
        at_ms: When, at least 0.
    """

    at_ms: float


Cue = Go | Blink


@dataclass(frozen=True, slots=True)
class Showing:
    """What stands on the screen.

    Attributes:
        path: The sequence.
        frame: The frame's place in it.
        t: The frame's position on it.
        file: The frame's file.
        state: Where the character was last told to go; a blink does not change it.
        arrived: Whether it is there; it stays there while it blinks.
    """

    path: PathId
    frame: int
    t: float
    file: str
    state: State
    arrived: bool


class Performance:
    """A character that goes where its cues say.

    Args:
        graph: Its sequences.
        start: Where it rests at 0 ms.
        cues: In any order; of two at one moment the later in the list comes second.
        seed: Of the blinks that come by themselves; None for none.
        blinks: The expressions that are closed eyes, in order of preference. A state can blink where one sequence joins
            it to such an expression at its pose; a way over a third expression would be no blink.
        fps: Ticks a second of what is not told how long to take, above 0.

    Raises:
        UnreachableError: for a state that no way leads to, or a first state without a frame.
        ValueError: for a cue or a pace that makes no sense.
    """

    def __init__(
        self,
        graph: TransitionGraph,
        start: State,
        cues: Iterable[Cue] = (),
        *,
        seed: int | None = None,
        blinks: Iterable[ExpressionId] = (),
        fps: float = 24.0,
    ) -> None:
        if not 0 < fps < math.inf:
            raise ValueError(f"fps {fps!r}: expected a number above 0")
        frame = graph.first_frame(start)
        if frame is None:
            raise UnreachableError(f"no sequence begins or ends at {start}, so there is no frame of it; make one")
        self._graph, self._start, self._fps = graph, start, fps
        self._closed_eyes = tuple(blinks)
        self._stretches = [_Stretch(0.0, _still(frame), 0.0, LINEAR, start, is_blink=False)]
        self._idle: Iterator[float] = iter(()) if seed is None else blink_times(seed)
        self._next_idle_ms = next(self._idle, math.inf)
        self._blinks: dict[State, tuple[_Film, _Film] | None] = {}
        self._cues: list[Cue] = []
        self._played = 0
        self._asked_ms = -1.0
        for cue in cues:
            self.add(cue)

    def add(self, cue: Cue) -> None:
        """Put one more cue in, as if it had been among the first ones.

        Raises:
            UnreachableError: if no way leads to its state.
            ValueError: if it makes no sense, or is not later than every moment that was asked for.
        """
        if not self._asked_ms < cue.at_ms < math.inf or cue.at_ms < 0:
            asked = f" and above {self._asked_ms!r}, which was asked for already" if self._asked_ms >= 0 else ""
            raise ValueError(f"a cue at {cue.at_ms!r} ms: expected a number of at least 0{asked}")
        if isinstance(cue, Go):
            if cue.ms is not None and not 0 <= cue.ms < math.inf:
                raise ValueError(f"a transition of {cue.ms!r} ms: expected a number of at least 0")
            if cue.easing not in EASINGS:
                raise ValueError(f"easing {cue.easing!r}: expected one of {', '.join(EASINGS)}")
            self._graph.route(self._start, cue.state)
        insort(self._cues, cue, lo=self._played, key=lambda each: each.at_ms)

    def showing(self, ms: float) -> Showing:
        """Return what stands on the screen `ms` after the start; the same for the same time, whatever was asked before.

        Raises:
            ValueError: for a time below 0.
        """
        if not 0 <= ms < math.inf:
            raise ValueError(f"{ms!r} ms: expected a number of at least 0")
        self._play_to(ms)
        stretch = self._stretches[bisect_right(self._stretches, ms, key=lambda each: each.begins_ms) - 1]
        place = stretch.place_at(ms, self._fps)
        number, frame = stretch.film.frames[place]
        clip = self._graph.clips[number]
        arrived = stretch.is_blink or place == stretch.film.last
        return Showing(clip.path, frame, clip.times[frame], clip.files[frame], stretch.state, arrived)

    def _play_to(self, ms: float) -> None:
        """Turn the cues and blinks up to a moment into stretches; a cue comes before a blink of the same moment."""
        self._asked_ms = max(self._asked_ms, ms)
        while True:
            cue = self._cues[self._played] if self._played < len(self._cues) else None
            at_ms = min(cue.at_ms if cue else math.inf, self._next_idle_ms)
            if at_ms > ms:
                return
            if cue is None or self._next_idle_ms < cue.at_ms:
                self._blink(self._next_idle_ms)
                self._next_idle_ms = next(self._idle, math.inf)
                continue
            self._played += 1
            if isinstance(cue, Go):
                self._go(cue)
            else:
                self._blink(cue.at_ms)

    def _go(self, cue: Go) -> None:
        """Begin a transition at the frame that stands; what is on its way there already goes on."""
        if cue.ms is None and cue.easing == LINEAR and cue.state == self._stretches[-1].state:
            return
        while self._stretches[-1].begins_ms > cue.at_ms:
            self._stretches.pop()
        now = self._stretches[-1]
        number, frame = now.film.frames[now.place_at(cue.at_ms, self._fps)]
        legs = self._graph.route_from(number, frame, cue.state)
        film = _film(self._graph, legs) if legs else _still((number, frame))
        ms = cue.ms
        if ms is None and cue.easing != LINEAR:
            ms = film.ticks * 1000 / self._fps
        self._stretches.append(_Stretch(cue.at_ms, film, ms, cue.easing, cue.state, is_blink=False))

    def _blink(self, at_ms: float) -> None:
        """Close and open the eyes, if the face rests in a state that can."""
        now = self._stretches[-1]
        if now.begins_ms > at_ms or now.place_at(at_ms, self._fps) < now.film.last:
            return
        films = self._blink_of(now.state)
        if films is None:
            return
        for begins_ms, film, ms in (
            (at_ms, films[0], CLOSING_MS),
            (at_ms + CLOSING_MS + CLOSED_MS, films[1], OPENING_MS),
        ):
            self._stretches.append(_Stretch(begins_ms, film, ms, LINEAR, now.state, is_blink=True))

    def _blink_of(self, state: State) -> "tuple[_Film, _Film] | None":
        """Return the frames that close and that open the eyes, the same ones each time."""
        if state not in self._blinks:
            closed = [] if state.expression in self._closed_eyes else self._closed_eyes
            found = (self._graph.direct(state, State(expression, state.pose)) for expression in closed)
            leg = next((leg for leg in found if leg), None)
            if leg is None:
                self._blinks[state] = None
            else:
                back = Leg(leg.clip, leg.last, leg.first)
                self._blinks[state] = _film(self._graph, (leg,)), _film(self._graph, (back,))
        return self._blinks[state]


@dataclass(frozen=True, slots=True)
class _Film:
    """Frames in one row, by the places of clip and frame, and how long each stands.

    `ticks` is the time until the last frame, which stays.
    """

    frames: tuple[tuple[int, int], ...]
    round_: tuple[Step, ...]
    ticks: float

    @property
    def last(self) -> int:
        return len(self.frames) - 1


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A film from a moment on, until the next stretch begins; without `ms` it goes at the pace."""

    begins_ms: float
    film: _Film
    ms: float | None
    easing: str
    state: State
    is_blink: bool

    def place_at(self, ms: float, fps: float) -> int:
        """Return the place in the film of the frame that stands at a moment, not before the stretch begins."""
        elapsed_ms = ms - self.begins_ms
        if self.ms is None:
            return frame_at(elapsed_ms, fps, self.film.round_, Loop.ONCE).index
        if elapsed_ms >= self.ms:
            return self.film.last
        return shown_after(ease(elapsed_ms / self.ms, self.easing) * self.film.ticks, self.film.round_, Loop.ONCE).index


def _still(frame: tuple[int, int]) -> _Film:
    return _Film((frame,), (Step(0, 1.0),), 0.0)


def _film(graph: TransitionGraph, legs: Iterable[Leg]) -> _Film:
    """Return the frames of a way; where two legs meet, the drawing stands as the first frame of the second."""
    frames: list[tuple[int, int]] = []
    standing: list[float] = []
    for leg in legs:
        low, high = min(leg.first, leg.last), max(leg.first, leg.last)
        times, backwards = graph.clips[leg.clip].times, leg.first > leg.last
        shown = steps(times, Loop.ONCE, backwards=backwards, section=Section(low, high))
        frames[-1:] = [(leg.clip, step.index) for step in shown]
        standing[-1:] = [step.ticks for step in shown]
    round_ = tuple(Step(place, ticks) for place, ticks in enumerate(standing))
    ends = list(accumulate(standing))  # not `sum`, which rounds differently from Python 3.12 on
    return _Film(tuple(frames), round_, ends[-2])
