"""What a run has to do: one plan over all sequences, made before anything is.

Sequences that run between the same two endpoints share their pictures: the first of them in the
config is drawn, a reversed one gets the same files at 1−t. So a *drawing* has one or more *outputs*, and costs one
call. Nothing here reads a clock or a disk; the states of the folders come in as values.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from watercolor_rig.core.ids import PathId
from watercolor_rig.core.sequences import NOTHING, Condition, Rest, SequenceSpec, SequenceState
from watercolor_rig.core.sheets import MOST_PANELS
from watercolor_rig.core.times import END, START, bisection_parents, frame_names


@dataclass(frozen=True, slots=True)
class Spot:
    """One frame's place: a sequence, a position on it, and the file it has there."""

    path: PathId
    t: Fraction
    file: str


@dataclass(frozen=True, slots=True)
class Parent:
    """One of the two frames that a drawing is made between.

    Attributes:
        t: Its position on the sequence that is drawn for.
        spot: Where it lies: there, or on another sequence that shares the picture.
    """

    t: Fraction
    spot: Spot


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture that an engine has to make.

    Attributes:
        outputs: Where it goes; the first is the sequence that it is drawn for, the others share it.
        parents: The two frames it is made between, the earlier one first.
    """

    outputs: tuple[Spot, ...]
    parents: tuple[Parent, Parent]

    @property
    def spot(self) -> Spot:
        """Where it is drawn."""
        return self.outputs[0]


@dataclass(frozen=True, slots=True)
class Sharing:
    """A frame that another sequence already has: copied, not made."""

    source: Spot
    target: Spot


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for.

    Attributes:
        times: Positions strictly between 0 and 1.
        overwrite: Make existing tweens again.
        refresh: Make stale tweens again.
        replaced_engines: Make tweens again that these have drawn, unless they are marked as keys.
        share: Draw sequences between the same endpoints once.
        direct: The engine makes every t from the two ends, so frames do not wait for each other.
        sheet: One call draws all in-betweens of a sequence in one picture, between its two ends; keys do not count.
        direct_engines: Engines of that kind. A good frame that another engine made is a key for a direct one, which
            begins and ends at it; so is a frame that is marked as one.
    """

    times: tuple[Fraction, ...]
    overwrite: bool = False
    refresh: bool = False
    share: bool = True
    direct: bool = False
    sheet: bool = False
    direct_engines: frozenset[str] = frozenset()
    replaced_engines: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of a run.

    Attributes:
        sequences: Every sequence of the run, in order.
        drawings: In order of sequence, parents before children.
        sharings: Copies that need no drawing.
        existing: Frames that are there and stay.
        stale: Those of `existing` that were made from pictures that have changed since.
        broken: Files that count as absent, with their fault.
        sheet: Whether one call draws all in-betweens of a sequence.
    """

    sequences: tuple[SequenceSpec, ...]
    drawings: tuple[Drawing, ...]
    sharings: tuple[Sharing, ...]
    existing: tuple[Spot, ...]
    stale: tuple[Spot, ...]
    broken: tuple[tuple[Spot, str], ...]
    sheet: bool = False

    @property
    def calls(self) -> tuple[tuple[Drawing, ...], ...]:
        """The drawings by the call that makes them: each has its own, or those of a sequence share it, by t."""
        if not self.sheet:
            return tuple((drawing,) for drawing in self.drawings)
        by_sequence: defaultdict[PathId, list[Drawing]] = defaultdict(list)
        for drawing in self.drawings:
            by_sequence[drawing.spot.path].append(drawing)
        return tuple(
            tuple(drawings[at : at + MOST_PANELS])
            for drawings in (sorted(several, key=lambda drawing: drawing.spot.t) for several in by_sequence.values())
            for at in range(0, len(drawings), MOST_PANELS)
        )

    @property
    def frames_to_write(self) -> int:
        """Files that the run will write: drawn or copied."""
        return sum(len(drawing.outputs) for drawing in self.drawings) + len(self.sharings)

    @property
    def frames_shared(self) -> int:
        """Files that cost no call because another sequence has the same picture."""
        return self.frames_to_write - len(self.drawings)

    @property
    def sequences_to_write(self) -> int:
        """Sequences that get at least one new file."""
        spots = [spot for drawing in self.drawings for spot in drawing.outputs]
        return len({spot.path for spot in [*spots, *(sharing.target for sharing in self.sharings)]})


def sharing_groups(specs: Iterable[SequenceSpec]) -> list[tuple[SequenceSpec, ...]]:
    """Return the sequences in groups that run between the same two endpoints, each in order."""
    groups: defaultdict[frozenset[Rest], list[SequenceSpec]] = defaultdict(list)
    for spec in specs:
        groups[frozenset({spec.first, spec.last})].append(spec)
    return [tuple(group) for group in groups.values()]


def plan_run(
    specs: Sequence[SequenceSpec],
    states: Mapping[PathId, SequenceState],
    wanted: Wanted,
    selected: Iterable[PathId],
) -> Plan:
    """Return the plan for the `selected` sequences; the others only lend frames that they already have.

    Args:
        specs: Every sequence that has both endpoints, in the order of the config.
        states: What the folder of each holds; a sequence without an entry holds nothing.
        wanted: Times and options.
        selected: Sequences to complete.
    """
    chosen = set(selected)
    groups = sharing_groups(specs) if wanted.share else [(spec,) for spec in specs]
    parts = []
    for group in groups:
        members = [
            _Member(spec, spec.first != group[0].first, spec.path in chosen, states.get(spec.path, NOTHING), wanted)
            for spec in group
        ]
        if any(member.chosen for member in members):
            parts.append(_plan_group(members, wanted))
    order = {spec.path: at for at, spec in enumerate(specs)}
    by_sequence = sorted((spot for part in parts for spot in part.existing), key=lambda s: (order[s.path], s.t))
    stale = {spot for part in parts for spot in part.stale}
    return Plan(
        sequences=tuple(spec for spec in specs if spec.path in chosen),
        drawings=tuple(drawing for part in parts for drawing in part.drawings),
        sharings=tuple(sharing for part in parts for sharing in part.sharings),
        existing=tuple(by_sequence),
        stale=tuple(spot for spot in by_sequence if spot in stale),
        broken=tuple(fault for part in parts for fault in part.broken),
        sheet=wanted.sheet,
    )


class _Member:
    """One sequence of a group that shares its pictures; every `t` here is a position on the group's first sequence."""

    def __init__(
        self,
        spec: SequenceSpec,
        reverse: bool,  # noqa: FBT001 - one of five positional facts
        chosen: bool,  # noqa: FBT001 - one of five positional facts
        state: SequenceState,
        wanted: Wanted,
    ) -> None:
        self.path = spec.path
        self.reverse = reverse
        self.chosen = chosen
        self.wanted = {self.own(t) for t in wanted.times} if chosen else set()
        self.frames = {self.own(t): found for t, found in state.frames.items()}
        self._direct_engines = wanted.direct_engines
        self._replaced_engines = wanted.replaced_engines
        self._remakes_stale = wanted.refresh and chosen
        self._owned_names = state.owned_names

    def name_frames(self, times: Iterable[Fraction]) -> None:
        """Settle the file names of all `times`; those that exist keep theirs."""
        found = {self.own(t): frame.file for t, frame in self.frames.items()}
        taken = {**self._owned_names, **{file: t for t, file in found.items()}}
        self._names = frame_names({START, END, *map(self.own, times)}, taken) | found

    def spot(self, t: Fraction) -> Spot:
        return Spot(self.path, self.own(t), self._names[self.own(t)])

    def condition(self, t: Fraction) -> Condition | None:
        found = self.frames.get(t)
        return found.condition if found else None

    def is_key(self, t: Fraction) -> bool:
        """Return whether the good frame at `t` was made by an engine that redraws, or was marked."""
        found = self.frames.get(t)
        if found is None or found.condition is not Condition.GOOD:
            return False
        return found.is_marked or bool(found.made_by and found.made_by not in self._direct_engines)

    def is_draft(self, t: Fraction) -> bool:
        """Return whether there is a frame at `t` that shall be replaced because of who made it."""
        found = self.frames.get(t)
        return found is not None and not found.is_marked and found.made_by in self._replaced_engines

    def keeps(self, t: Fraction) -> bool:
        """Return whether the file at `t` is there and stays, given that it is not overwritten."""
        condition = self.condition(t)
        return condition is Condition.GOOD or (condition is Condition.STALE and not self._remakes_stale)

    def own(self, t: Fraction) -> Fraction:
        """Return the position on this sequence; the same call leads back."""
        return END - t if self.reverse else t


def _plan_group(members: Sequence[_Member], wanted: Wanted) -> Plan:
    asked = {t for member in members for t in member.wanted}
    remade = asked if wanted.overwrite else {t for member in members for t in member.wanted if member.is_draft(t)}
    good = {t for m in members for t in m.frames if m.condition(t) is Condition.GOOD} - remade
    keys = set() if wanted.sheet else {t for member in members for t in good if member.is_key(t)}
    is_direct = wanted.direct or wanted.sheet
    parents = _between_keys(asked, keys) if is_direct else bisection_parents(asked | good)
    for member in members:
        member.name_frames(asked | good | member.frames.keys())
    drawings: dict[Fraction, Drawing] = {}
    sharings: list[Sharing] = []
    existing: list[Spot] = []
    stale: list[Spot] = []
    for t in (t for t in parents if t in asked):
        targets = [m for m in members if t in m.wanted and (t in remade or not m.keeps(t))]
        kept = [m for m in members if t in m.wanted and m not in targets]
        existing += [m.spot(t) for m in kept]
        stale += [m.spot(t) for m in kept if m.condition(t) is Condition.STALE]
        if targets and t in good:
            lender = next(m for m in members if m.condition(t) is Condition.GOOD)
            sharings += [Sharing(lender.spot(t), target.spot(t)) for target in targets]
        elif targets:
            low, high = (_parent(p, targets[0], members, drawings) for p in parents[t])
            ends = (low, high) if low.t < high.t else (high, low)
            drawings[t] = Drawing(tuple(target.spot(t) for target in targets), ends)
    return Plan(
        sequences=(),
        drawings=tuple(drawings.values()),
        sharings=tuple(sharings),
        existing=tuple(existing),
        stale=tuple(stale),
        broken=tuple(
            (member.spot(t), found.fault)
            for member in members
            if member.chosen
            for t, found in member.frames.items()
            if found.condition is Condition.BROKEN and t in member.wanted
        ),
    )


def _between_keys(asked: Iterable[Fraction], keys: Iterable[Fraction]) -> dict[Fraction, tuple[Fraction, Fraction]]:
    """Return for each position the nearest key on either side, in order; a sequence's ends are keys."""
    fixed = sorted({START, END, *keys})
    return {t: (max(key for key in fixed if key < t), min(key for key in fixed if key > t)) for t in sorted(asked)}


def _parent(t: Fraction, child: _Member, members: Sequence[_Member], drawings: Mapping[Fraction, Drawing]) -> Parent:
    """Return the frame at `t` that a drawing for `child` starts from: its own endpoint, a new drawing, a kept file."""
    position = child.own(t)
    if t in (START, END):
        return Parent(position, child.spot(t))
    if t in drawings:
        return Parent(position, drawings[t].spot)
    keepers = [member for member in (child, *members) if member.keeps(t)]
    best = min(keepers, key=lambda member: member.condition(t) is not Condition.GOOD)
    return Parent(position, best.spot(t))
