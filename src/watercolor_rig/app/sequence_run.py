"""Carries a sequence plan out: endpoints and shared frames are copied, the rest is drawn, manifests follow."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from watercolor_rig.app.driving import cost_of, cut_off_by, drive, saying
from watercolor_rig.app.engine_choice import ChosenEngine
from watercolor_rig.app.journal import EARLIER_ANSWER, CallName, Journal
from watercolor_rig.app.neighbours import Claims, Unclaimed
from watercolor_rig.app.pace import Pace
from watercolor_rig.app.tally import Emit, Tally
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.app.tween_requests import TweenRequests, name_call, spell_spot
from watercolor_rig.app.workforce import Cluster, open_workforce
from watercolor_rig.core.easing import LINEAR
from watercolor_rig.core.errors import RigError, StoreError
from watercolor_rig.core.events import (
    FileWritten,
    FrameBlocked,
    FrameFailed,
    FrameMade,
    FramePlanned,
    FrameStarted,
    Warned,
)
from watercolor_rig.core.ids import PathId
from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.json import Json
from watercolor_rig.core.manifest import FrameEntry, Source, encode_frame
from watercolor_rig.core.plan import Drawing, Plan, Spot, sharing_groups
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.core.sheets import SHEET
from watercolor_rig.core.times import END
from watercolor_rig.engines.api import MadePicture
from watercolor_rig.engines.repairing import FALL_BACK, draw_instead
from watercolor_rig.runner.driver import Again, Work
from watercolor_rig.runner.lanes import Answer, Request
from watercolor_rig.store.durable import read_file
from watercolor_rig.store.picture_index import PictureFacts, facts_of
from watercolor_rig.store.sequence_folder import SequenceFolder


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame in hand: where it lies, its manifest entry, its bytes and what is known of them."""

    spot: Spot
    entry: FrameEntry
    data: bytes
    facts: PictureFacts


@dataclass
class SequenceRun:
    """One run over a plan. A call goes by the place of its first drawing.

    Attributes:
        plan: What to do.
        folders: Where the frames of every sequence lie, those that only lend frames included.
        chosen: Who draws.
        requests: What the engine is asked.
        journal: Remembers calls and replaced pictures.
        emit: Hears what happens.
        tally: Counts it.
        cluster: Where the calls run, or None for this machine.
        together: Every sequence to those that share its pictures, itself among them; they are claimed as one.
    """

    plan: Plan
    folders: Mapping[PathId, SequenceFolder]
    chosen: ChosenEngine
    requests: TweenRequests
    journal: Journal
    emit: Emit
    tally: Tally
    cluster: Cluster | None = None
    together: Mapping[PathId, tuple[PathId, ...]] = field(default_factory=dict)
    _claims: Claims = field(init=False, default_factory=Unclaimed)
    _open: Counter[tuple[PathId, ...]] = field(init=False)
    _drawings: dict[Spot, Drawing] = field(init=False)
    _calls: dict[Spot, tuple[Drawing, ...]] = field(init=False)
    _noted: set[tuple[str, str]] = field(default_factory=set)
    _said: set[Spot] = field(default_factory=set)
    """Frames that were said to be made."""
    _best: dict[Spot, _Frame] = field(default_factory=dict)
    """Frames of which another answer is asked for, as they stand meanwhile."""

    def __post_init__(self) -> None:
        self._drawings = {drawing.spot: drawing for drawing in self.plan.drawings}
        self._calls = {drawings[0].spot: drawings for drawings in self.plan.calls}
        self._open = Counter(self._family(call.path) for call in self._calls)

    def carry_out(self, toolbox: Toolbox, pace: Pace) -> bool:
        """Do the work; return whether the user interrupted it.

        Raises:
            StoreError: if a folder cannot be made or an endpoint not be copied.
            KeyboardInterrupt: at the second interrupt.
        """
        self._claims = toolbox.neighbours.claims
        for spec in self.plan.sequences:
            self.folders[spec.path].settle_ends()
        self._share_what_exists()
        idle = {family for spec in self.plan.sequences if not self._open[family := self._family(spec.path)]}
        self._claims.release({path for family in idle for path in family})
        interrupted = bool(self._drawings) and self._draw(toolbox, pace)
        for spec in self.plan.sequences:
            self._write_manifest(spec.path)
        return interrupted

    def _family(self, path: PathId) -> tuple[PathId, ...]:
        return self.together.get(path, (path,))

    def _finish(self, call: Spot) -> None:
        """Hear that a call has ended, one way or another; the last one of a sequence lets others have it."""
        family = self._family(call.path)
        self._open[family] -= 1
        if not self._open[family]:
            self._claims.release(family)

    def _write_manifest(self, path: PathId) -> None:
        try:
            self.emit(FileWritten("manifest", str(self.folders[path].write_manifest())))
        except StoreError as error:
            self.tally.failed(FrameFailed(path, None, str(error), error.code))

    def _share_what_exists(self) -> None:
        for sharing in self.plan.sharings:
            source = sharing.source
            folder = self.folders[source.path]
            entry = folder.entry(source.t) or FrameEntry(source.t, source.file)
            facts = PictureFacts(folder.size, folder.digest(source.t))
            data = read_file(folder.path / source.file)
            self._write_shared(_Frame(source, entry, data, facts), sharing.target)

    def _draw(self, toolbox: Toolbox, pace: Pace) -> bool:
        jobs = [
            Job(call, tuple(parent.spot for parent in drawings[0].parents), call.path)
            for call, drawings in self._calls.items()
        ]
        work = Work(
            request=lambda call: self.requests.request(self._calls[call]),
            keep=self._keep,
            failed=self._book_failure,
            told=saying(lambda call: (call.path, float(call.t)), self.emit, self.tally),
            recall=lambda _call, request: self.journal.recall(request),
            begin=self._begin,
            end=lambda call, error, seconds: self.journal.fail(self._call_name(call), error, seconds),
            reword=self.requests.reword,
            make_do=self._make_do,
        )
        workers = min(pace.lanes, len(jobs))
        opener = toolbox.neighbours.open_lanes
        lanes = open_workforce(self.chosen, self.cluster, workers, self.journal.store, opener)
        result = drive(jobs, lanes, work, pace, toolbox, self.emit)
        for call in result.not_started:
            if not self._make_do(call):
                self._block(call, cut_off_by(result))
        return result.interrupted

    def _call_name(self, call: Spot) -> CallName:
        return CallName(name_call(self._calls[call]), call.path)

    def _begin(self, call: Spot, request: Request) -> None:
        self.journal.begin(request, self._call_name(call))
        for drawing in self._calls[call]:
            for output in drawing.outputs:
                self.emit(FrameStarted(output.path, float(output.t), output.file))

    def _keep(self, call: Spot, answer: Answer, seconds: float) -> Again | None:
        """Put an answer on record and its frames into their places; ask again for one that is no good."""
        drawings = self._calls[call]
        entries = [
            FrameEntry(drawing.spot.t, drawing.spot.file, self._sources(drawing), self._origin(picture))
            for drawing, picture in zip(drawings, answer.frames, strict=True)
        ]
        files = [self._files(drawing, entry) for drawing, entry in zip(drawings, entries, strict=True)]
        self.journal.keep(self._call_name(call), answer, seconds, files)
        cost = answer.picture.usage.cost_usd if answer.picture.usage else None
        for entry, drawing, picture in zip(entries, drawings, answer.frames, strict=True):
            again = self._place(drawing.spot, entry, picture, answer)
            if again:
                return Again(again, cost)  # of a sheet no frame is asked for again
            first = drawing is drawings[0]
            event = self._made(drawing.spot, answer, seconds if first else 0.0, cost if first else None)
            self._say_made(event, drawing.spot, called=first and not answer.recalled)
            self._share(drawing.spot)
        self._finish(call)
        return None

    def _files(self, drawing: Drawing, entry: FrameEntry) -> dict[Path, dict[str, Json]]:
        """Return the files that will show a drawing, with their manifest entries."""
        spot, *others = drawing.outputs
        entries = {spot: entry} | {output: self._shared_entry(entry, spot, output) for output in others}
        return {self._path(output): encode_frame(given) for output, given in entries.items()}

    def _place(self, spot: Spot, entry: FrameEntry, picture: MadePicture, answer: Answer) -> str:
        """Put a frame into its place if it is the best so far; return why another is asked for, or ""."""
        for note in picture.notes:
            self._warn_once(spot.path, note)
        verdict = self.requests.tries.book(spot, picture.quality)
        if verdict.is_best:
            frame = _Frame(spot, entry, picture.png, facts_of(picture.png, answer.size))
            self._write(spot, entry, frame)
            self._best[spot] = frame
        if verdict.again:
            return verdict.again
        if instead := self._instead(spot, picture, recalled=answer.recalled):
            origin = {**self._origin(instead, asked=False), "engine": FALL_BACK, "instead_of": self._origin(picture)}
            entry = FrameEntry(spot.t, spot.file, entry.made_from, origin)
            frame = _Frame(spot, entry, instead.png, facts_of(instead.png, answer.size))
            self._write(spot, entry, frame)
            self._best[spot] = frame
            self._warn_once(spell_spot(spot), f"no answer was good enough; drawn by the {FALL_BACK} engine instead")
        return ""

    def _instead(self, spot: Spot, picture: MadePicture, *, recalled: bool) -> MadePicture | None:
        """Return what is shown instead of an answer that is no good; a recalled one was never near an engine."""
        if not recalled or picture.quality is None or picture.quality.is_good:
            return picture.instead
        request = self.requests.tween(self._drawings[spot])
        return draw_instead(request) if request.care.fall_back else None

    def _make_do(self, spot: Spot, _error: RigError | None = None) -> bool:
        """Let the best answer so far stand, where no further one will come; return whether there is one.

        There is none of a sheet, which is asked for once.
        """
        if self.plan.sheet or spot not in self._best:
            return False
        self._say_made(FrameMade(spot.path, float(spot.t), spot.file, 0.0), spot, called=False)
        self._share(spot)
        self._finish(spot)
        return True

    def _say_made(self, event: FrameMade, spot: Spot, *, called: bool) -> None:
        self.tally.made(event, called=called)
        self._said.add(spot)

    def _share(self, spot: Spot) -> None:
        """Give a frame that is settled to the sequences that share it."""
        frame = self._best.pop(spot)
        for output in self._drawings[spot].outputs[1:]:
            self._write_shared(frame, output)

    def _made(self, spot: Spot, answer: Answer, seconds: float, cost: Decimal | None) -> FrameMade:
        origin = EARLIER_ANSWER if answer.recalled else ""
        return FrameMade(spot.path, float(spot.t), spot.file, round(seconds, 3), cost, origin)

    def _write_shared(self, frame: _Frame, target: Spot) -> None:
        """Give a frame to another sequence between the same endpoints."""
        self._write(target, self._shared_entry(frame.entry, frame.spot, target), frame)
        event = FrameMade(target.path, float(target.t), target.file, 0.0, shared_from=frame.spot.path)
        self._say_made(event, target, called=False)

    def _shared_entry(self, entry: FrameEntry, source: Spot, target: Spot) -> FrameEntry:
        """Return the entry of the same picture on another sequence; a reversed one counts from the other end."""
        lender, borrower = self.folders[source.path], self.folders[target.path]
        made_from = _seen_from(lender, borrower, entry.made_from)
        if any(not borrower.holds(origin.t) for origin in made_from):
            made_from = _merged(*made_from, *_seen_from(lender, borrower, lender.roots(source.t)))
        return FrameEntry(target.t, target.file, made_from, {**entry.extra, "shared_from": source.path})

    def _write(self, spot: Spot, entry: FrameEntry, frame: _Frame) -> None:
        """Write a frame; the picture that it replaces stays as an earlier take."""
        folder = self.folders[spot.path]
        old = folder.entry(spot.t)
        if old is not None and folder.digest(spot.t) != frame.facts.sha256:
            replaced = PictureFacts(folder.size, folder.digest(spot.t))
            self.journal.preserve(folder.path / old.file, replaced, encode_frame(old))
        folder.add(entry, frame.data, frame.facts)

    def _path(self, spot: Spot) -> Path:
        return self.folders[spot.path].path / spot.file

    def _sources(self, drawing: Drawing) -> tuple[Source, ...]:
        """Return the parents as they are now; of one that lies in another folder also the endpoints it stems from.

        By those a change is seen from this folder alone.
        """
        here = self.folders[drawing.spot.path]
        found = []
        for parent in drawing.parents:
            there = self.folders[parent.spot.path]
            found.append(Source(parent.t, there.digest(parent.spot.t)))
            if there is not here:
                found += _seen_from(there, here, there.roots(parent.spot.t))
        return _merged(*found)

    def _origin(self, picture: MadePicture, *, asked: bool = True) -> dict[str, Json]:
        """Return who made a picture and how; `asked` where it is the engine's answer."""
        origin: dict[str, Json] = {"engine": self.chosen.name, "method": picture.method}
        if self.plan.sheet and asked:
            origin["strategy"] = SHEET
        if picture.usage:
            origin["model"] = picture.usage.model
        if self.requests.easing != LINEAR:
            origin["easing"] = self.requests.easing
        if picture.facts:
            origin["facts"] = dict(picture.facts)
        if picture.quality:
            origin["quality"] = picture.quality.to_json()
        return origin

    def _book_failure(self, call: Spot, blocked: tuple[Spot, ...], error: RigError) -> None:
        cost = cost_of(error)
        for output in self._outputs(call):
            if output in self._said:
                continue  # the disk refused the next one
            self.tally.failed(FrameFailed(output.path, float(output.t), str(error), error.code, cost))
            cost = None
        self._finish(call)
        for descendant in blocked:
            self._block(descendant, spell_spot(call))
            self._finish(descendant)

    def _block(self, call: Spot, by: str) -> None:
        for output in self._outputs(call):
            self.tally.blocked(FrameBlocked(output.path, float(output.t), by))

    def _outputs(self, call: Spot) -> list[Spot]:
        return [output for drawing in self._calls[call] for output in drawing.outputs]

    def _warn_once(self, subject: str, message: str) -> None:
        if (subject, message) not in self._noted:
            self._noted.add((subject, message))
            self.emit(Warned(subject, message))


def _seen_from(there: SequenceFolder, here: SequenceFolder, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return sources of one sequence by their positions on another between the same endpoints."""
    if there.first == here.first:
        return sources
    return tuple(replace(source, t=END - source.t) for source in reversed(sources))


def _merged(*sources: Source) -> tuple[Source, ...]:
    return tuple(sorted(dict.fromkeys(sources), key=lambda source: source.t))


def families(specs: Iterable[SequenceSpec]) -> dict[PathId, tuple[PathId, ...]]:
    """Return every sequence with those that may share its pictures, itself among them."""
    groups = [tuple(spec.path for spec in group) for group in sharing_groups(specs)]
    return {path: group for group in groups for path in group}


def planned_frames(plan: Plan, requests: TweenRequests, *, prompted: bool) -> list[FramePlanned]:
    """Return every drawing with its parents and, where an image model is asked, the prompt of its call.

    That of a sheet stands at the first of its drawings.
    """
    prompts = {drawings[0].spot: requests.prompt(drawings) for drawings in plan.calls} if prompted else {}
    return [
        FramePlanned(
            drawing.spot.path,
            float(drawing.spot.t),
            drawing.spot.file,
            tuple(f"{parent.spot.path}/{parent.spot.file}" for parent in drawing.parents),
            prompts.get(drawing.spot, ""),
        )
        for drawing in plan.drawings
    ]
