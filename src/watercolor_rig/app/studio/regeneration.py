"""The use case behind "regenerate": frames of one sequence are made anew, between frames that stay.

What is drawn is planned here; it is carried out as any run. The pictures that are replaced stay as takes, and what was
made from them counts as stale, because the manifest names the pictures that each frame was made from. A manifest of
another program does not: there a frame counts as made from its two neighbours by halving, and where one of these is
replaced, that is written down with the digest of the old picture, so that the frame is found stale.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from watercolor_rig.app.budget import Budget
from watercolor_rig.app.driving import save_index
from watercolor_rig.app.engine_choice import AUTO, ChosenEngine, choose_tween_engine
from watercolor_rig.app.neighbours import Unclaimed
from watercolor_rig.app.open_sequences import (
    OpenSequence,
    amend_silent,
    family_of,
    open_relatives,
    open_sequence,
    same_picture,
)
from watercolor_rig.app.pace import Speed, plan_pace
from watercolor_rig.app.quality_tries import QualityOptions, QualityTries
from watercolor_rig.app.rigs import load_rig
from watercolor_rig.app.sequence_run import SequenceRun
from watercolor_rig.app.sequences import work_planned
from watercolor_rig.app.session import Session
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.orders import RegenerateWork
from watercolor_rig.app.tally import Emit, Tally
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.app.tween_requests import TweenRequests
from watercolor_rig.core.errors import NothingMatchedError, UsageError
from watercolor_rig.core.events import EngineChosen, Warned
from watercolor_rig.core.ids import PathId
from watercolor_rig.core.plan import Drawing, Parent, Plan, Spot
from watercolor_rig.core.times import END, START, parents_between, spell
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.store.picture_index import PictureIndex

_ONCE = QualityOptions(retries=0, fall_back=False)
"""Whoever asks for one frame sees the answer, and decides whether to pay for another."""

Changes = Callable[[Mapping[str, str]], AbstractContextManager[None]]
"""Context in which files get other pictures: file inside the project to the digest of what it holds before."""


@dataclass(frozen=True, slots=True)
class RegenerateOptions:
    """What to make anew, and how.

    Attributes:
        folders: Of the project.
        work: What to make anew.
        engine: Name of an engine, or `auto`: the one that made the frame, if it can work.
        settings: Of the engine.
        max_workers: Calls at once, or None.
        budget: The limits.
        dry_run: Only say what would be done.
    """

    folders: StudioFolders
    work: RegenerateWork
    engine: str = AUTO
    settings: EngineSettings = field(default_factory=EngineSettings)
    max_workers: int | None = None
    budget: Budget = field(default_factory=Budget)
    dry_run: bool = False


def regenerate(options: RegenerateOptions, changes: Changes, emit: Emit, toolbox: Toolbox) -> int:
    """Make the frames anew; return the exit status (0 all made, 1 some failed, 130 ended before).

    Raises:
        RigError: before anything is made, where the input cannot be used or matches nothing; or a StoreError later.
    """
    work, folders, others = options.work, options.folders, toolbox.neighbours
    rig = load_rig(options.folders.config)
    family = family_of(rig, folders.sequences, PathId(work.path_id))
    if not options.dry_run:
        others.claims.claim(family)
    index = PictureIndex(folders.project)
    sequence = open_sequence(folders.sequences, work.path_id, work.times, index)
    chosen = _choose(options, sequence, toolbox.environment)
    emit(EngineChosen(chosen.name, chosen.reason))
    if chosen.unavailable:
        emit(Warned(chosen.name, chosen.unavailable))
    relatives = open_relatives(folders.sequences, family, sequence, index)
    plan = plan_regeneration(work, sequence, relatives)
    quote = chosen.plugin.quote(chosen.settings, sequence.folder.size, 2)
    pace = plan_pace(chosen, Speed(options.max_workers), quote.latency_s, toolbox)
    planned = work_planned(plan, quote, pace, chosen, _ONCE)
    emit(planned)
    if options.dry_run:
        return 0
    all_of_them = {each.spec.path: each for each in (sequence, *relatives)}
    opened = {path: each.folder for path, each in all_of_them.items()}
    specs = {path: each.spec for path, each in all_of_them.items()}
    tries = QualityTries[Spot](_ONCE)
    requests = TweenRequests(rig, specs, opened, folders.endpoints, anchored=False, note=work.note, tries=tries)
    tally = Tally("tween", emit, toolbox.clock, paid=chosen.plugin.traits.paid)
    session = Session(folders.project, chosen, emit, toolbox)
    journal = session.open_journal(planned, quote.cost_usd, options.budget, reuse=False)
    run = SequenceRun(plan, opened, chosen, requests, journal, emit, tally)
    try:
        with changes(_replaced(plan, all_of_them, folders.project)):
            for each in all_of_them.values():
                spots = [spot for drawing in plan.drawings for spot in drawing.outputs]
                amend_silent(each, {spot.t for spot in spots if spot.path == each.spec.path})
            # the claims stay until the step is written down
            alone = replace(toolbox, neighbours=replace(others, claims=Unclaimed()))
            interrupted = run.carry_out(alone, pace)
    finally:
        journal.close()
        save_index(index, emit)
    return tally.end(interrupted=interrupted)


def plan_regeneration(work: RegenerateWork, sequence: OpenSequence, relatives: Collection[OpenSequence]) -> Plan:
    """Return what to draw: parents before children; each between its nearest neighbours that stay, or the anchors.

    A frame goes as well to the sequences of `relatives` that hold the same picture now.

    Raises:
        UsageError: if a time or an anchor cannot be used as it is.
        NothingMatchedError: if the sequence has no frame there.
    """
    targets = _targets(work, sequence)
    trusted = work.trusted & set(work.times) & sequence.usable
    if work.anchor_start_t is None and work.anchor_end_t is None:
        kept = sequence.usable - targets
    else:
        low, high = _anchors(work, sequence, targets)
        kept = {low, high} | {t for t in trusted if low < t < high}
    drawings = []
    for t, parents in parents_between(targets, kept).items():
        copies = [each.spot(own) for each in relatives if (own := same_picture(sequence, each, t)) is not None]
        low_parent, high_parent = (Parent(parent, sequence.spot(parent)) for parent in parents)
        drawings.append(Drawing((sequence.spot(t), *copies), (low_parent, high_parent)))
    return Plan((), tuple(drawings), (), (), (), ())


def _targets(work: RegenerateWork, sequence: OpenSequence) -> set[Fraction]:
    known = sequence.files
    for t in sorted(set(work.times)):
        if not START < t < END:
            raise UsageError(f"t={float(t):g} is not strictly between 0 and 1; the endpoints are drawings of yours")
        if t not in known:
            there = ", ".join(spell(each) for each in sorted(known) if START < each < END) or "none yet"
            raise NothingMatchedError(f"{work.path_id} has no frame at t={spell(t)}; there are: {there}")
    targets = set(work.times) - (work.trusted & sequence.usable)
    if not targets:
        raise UsageError(f"{work.path_id}: every frame asked for is trusted; take the mark off one, or choose others")
    return targets


def _anchors(work: RegenerateWork, sequence: OpenSequence, targets: set[Fraction]) -> tuple[Fraction, Fraction]:
    first, last = min(targets), max(targets)
    stays = sequence.usable - targets
    low = max(t for t in stays if t < first) if work.anchor_start_t is None else work.anchor_start_t
    high = min(t for t in stays if t > last) if work.anchor_end_t is None else work.anchor_end_t
    for anchor, name in ((low, "anchor_start_t"), (high, "anchor_end_t")):
        if anchor not in sequence.files:
            raise NothingMatchedError(
                f"{name}: {work.path_id} has no frame at t={float(anchor):g}; name one that it has"
            )
        if anchor not in sequence.usable:
            raise UsageError(
                f"{name}: the frame at t={spell(anchor)} is missing or broken; make it first, or name another"
            )
    if not low < first:
        raise UsageError(f"anchor_start_t {float(low):g} is not before t={spell(first)}; name an earlier frame")
    if not high > last:
        raise UsageError(f"anchor_end_t {float(high):g} is not after t={spell(last)}; name a later frame")
    return low, high


def _choose(options: RegenerateOptions, sequence: OpenSequence, environment: Mapping[str, str]) -> ChosenEngine:
    """Return the engine asked for; of `auto`, the one that made the first frame, if it is here and can work."""
    entry = sequence.folder.entry(min(options.work.times))
    named = entry.extra.get("engine") if entry and options.engine == AUTO else None
    if isinstance(named, str):
        with suppress(UsageError):  # not installed here, without a key, or broken: then as for any run
            chosen = choose_tween_engine(named, options.settings, environment, dry_run=False)
            return replace(chosen, reason="it made this frame")
    return choose_tween_engine(options.engine, options.settings, environment, dry_run=options.dry_run)


def _replaced(plan: Plan, sequences: Mapping[PathId, OpenSequence], project: Path) -> dict[str, str]:
    """Return the files that the plan replaces, inside the project, with the digests of what they hold."""
    found = {}
    for spot in (spot for drawing in plan.drawings for spot in drawing.outputs):
        sequence = sequences[spot.path]
        digest = sequence.digest(spot.t)
        if digest is not None:
            found[(sequence.folder.path / spot.file).resolve().relative_to(project).as_posix()] = digest
    return found
