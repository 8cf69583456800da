"""Carries out what is missing of the expressions: the portrait becomes neutral, the rest is asked of the engine."""

from dataclasses import dataclass, field
from pathlib import Path

from watercolor_rig.app.driving import cost_of, cut_off_by, drive, saying
from watercolor_rig.app.journal import EARLIER_ANSWER, CallName, Journal
from watercolor_rig.app.pace import Pace
from watercolor_rig.app.quality_tries import QualityTries
from watercolor_rig.app.session import Session
from watercolor_rig.app.tally import Tally
from watercolor_rig.core.errors import RigError
from watercolor_rig.core.events import FrameBlocked, FrameFailed, FrameMade, FrameStarted, Warned
from watercolor_rig.core.ids import endpoint_file
from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.json import JsonObject
from watercolor_rig.core.prompts import expression_prompt, in_plain_words
from watercolor_rig.core.rig import NEUTRAL, ExpressionId, PoseId, Rig
from watercolor_rig.engines.api import ExpressionRequest
from watercolor_rig.runner.driver import Again, Work
from watercolor_rig.runner.lanes import Answer, Request, open_expression_lanes
from watercolor_rig.store.durable import make_directory, sweep_leftovers, write_file
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, facts_of


@dataclass(frozen=True, slots=True)
class Portrait:
    """The neutral portrait as a PNG, and what is known of it."""

    png: bytes
    facts: PictureFacts


@dataclass(frozen=True, slots=True)
class Place:
    """Where the endpoints of one pose lie."""

    folder: Path
    pose: PoseId

    def file(self, name: ExpressionId) -> str:
        """Return an expression's file name."""
        return endpoint_file(name, self.pose)

    def subject(self, name: ExpressionId) -> str:
        """Return what messages call an expression at this pose."""
        return self.file(name).removesuffix(".png")


@dataclass
class ExpressionRun:
    """One run over the expressions that are missing.

    Attributes:
        place: Where they go.
        portrait: What they are edits of.
        rig: Words for the prompts.
        tries: What was wrong with earlier answers, and how often to ask.
        index: What is known of the files.
        session: Project, engine and the outside world.
        journal: Remembers calls and replaced pictures.
        tally: Counts what happens.
    """

    place: Place
    portrait: Portrait
    rig: Rig
    tries: QualityTries[ExpressionId]
    index: PictureIndex
    session: Session
    journal: Journal
    tally: Tally
    _in_plain_words: set[ExpressionId] = field(default_factory=set)

    def prompt(self, name: ExpressionId) -> str:
        """Return what the engine is told."""
        rig = in_plain_words(self.rig) if name in self._in_plain_words else self.rig
        return expression_prompt(rig, name, self.place.pose, self.tries.needs(name))

    def settle_neutral(self, base_image: str, *, overwrite: bool) -> None:
        """Make the folder, and put the portrait there as neutral where there is none, or it may be replaced.

        Args:
            base_image: What the portrait is called.
            overwrite: Whether another neutral is replaced.

        Raises:
            StoreError: if the disk refuses.
        """
        make_directory(self.place.folder)
        file = self.place.file(NEUTRAL)
        known = self.index.inspect(self.place.folder, [file]).get(file)
        if isinstance(known, PictureFacts) and (known.sha256 == self.portrait.facts.sha256 or not overwrite):
            return
        self._write(file, self.portrait.png, self.portrait.facts)
        event = FrameMade(self.place.subject(NEUTRAL), None, file, 0.0, shared_from=base_image)
        self.tally.made(event, called=False)

    def draw(self, missing: list[ExpressionId], pace: Pace) -> bool:
        """Ask the engine for every expression that is missing; return whether the user interrupted it.

        Raises:
            StoreError: if the folder cannot be made.
            KeyboardInterrupt: at the second interrupt.
        """
        make_directory(self.place.folder)
        sweep_leftovers(self.place.folder)
        jobs = [Job(name, (), name) for name in missing]
        work = Work(
            request=self._request,
            keep=self._keep,
            failed=self._book_failure,
            told=saying(lambda name: (self.place.subject(name), None), self.session.emit, self.tally),
            recall=lambda _name, request: self.journal.recall(request),
            begin=self._begin,
            end=lambda name, error, seconds: self.journal.fail(self._call(name), error, seconds),
            reword=self._reword,
            make_do=self._make_do,
        )
        chosen = self.session.chosen
        lanes = open_expression_lanes(chosen.plugin, chosen.settings, min(pace.lanes, len(jobs)))
        result = drive(jobs, lanes, work, pace, self.session.toolbox, self.session.emit)
        for name in result.not_started:
            if not self._make_do(name):
                self.tally.blocked(FrameBlocked(self.place.subject(name), None, cut_off_by(result)))
        return result.interrupted

    def _begin(self, name: ExpressionId, request: Request) -> None:
        self.journal.begin(request, self._call(name))
        self.session.emit(FrameStarted(self.place.subject(name), None, self.place.file(name)))

    def _reword(self, name: ExpressionId) -> bool:
        """Return whether a refused expression shall be asked for once more, now in plain words."""
        if not self.rig.reword_rejected or name in self._in_plain_words:
            return False
        self._in_plain_words.add(name)
        return True

    def _request(self, name: ExpressionId) -> ExpressionRequest:
        return ExpressionRequest(
            self.place.subject(name),
            self.portrait.png,
            self.prompt(name),
            care=self.tries.care(name),
            regions=self.rig.regions.get(self.place.pose, {}),
        )

    def _keep(self, name: ExpressionId, answer: Answer, seconds: float) -> Again | None:
        picture = answer.picture
        file = self.place.file(name)
        origin: JsonObject = {"engine": self.session.chosen.name, "method": picture.method}
        if picture.quality:
            origin["quality"] = picture.quality.to_json()
        self.journal.keep(self._call(name), answer, seconds, [{self.place.folder / file: origin}])
        for note in picture.notes:
            self.session.emit(Warned(self.place.subject(name), note))
        verdict = self.tries.book(name, picture.quality)
        if verdict.is_best:
            self._write(file, picture.png, facts_of(picture.png, answer.size))
        cost = picture.usage.cost_usd if picture.usage else None
        if verdict.again:
            return Again(verdict.again, cost)
        origin_in_words = EARLIER_ANSWER if answer.recalled else ""
        event = FrameMade(self.place.subject(name), None, file, round(seconds, 3), cost, origin_in_words)
        self.tally.made(event, called=not answer.recalled)
        if picture.quality and not picture.quality.is_good:
            faults = "; ".join(picture.quality.faults)
            self.session.emit(Warned(self.place.subject(name), f"is the best answer, yet not good: {faults}"))
        return None

    def _make_do(self, name: ExpressionId, _error: RigError | None = None) -> bool:
        """Let the best answer so far stand, where no further one will come; return whether there is one."""
        if not self.tries.has_answer(name):
            return False
        self.tally.made(FrameMade(self.place.subject(name), None, self.place.file(name), 0.0), called=False)
        return True

    def _write(self, file: str, data: bytes, facts: PictureFacts) -> None:
        """Write an endpoint; the picture that it replaces stays as an earlier take."""
        path = self.place.folder / file
        old = self.index.inspect(self.place.folder, [file]).get(file)
        if isinstance(old, PictureFacts) and old.sha256 != facts.sha256:
            self.journal.preserve(path, old, {})
        write_file(path, data)
        self.index.record(path, facts)

    def _book_failure(self, name: ExpressionId, _blocked: tuple[ExpressionId, ...], error: RigError) -> None:
        self.tally.failed(FrameFailed(self.place.subject(name), None, str(error), error.code, cost_of(error)))

    def _call(self, name: ExpressionId) -> CallName:
        return CallName(self.place.subject(name), f"expressions__{self.place.pose}")
