"""Carries out what is missing of the endpoints: expressions from a portrait, and heads turned to other poses."""

from collections.abc import Callable, Mapping, Sequence
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
from watercolor_rig.core.sequences import Rest
from watercolor_rig.core.turn_prompts import Turn, head_prompt
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
class Commission:
    """One endpoint wanted.

    Attributes:
        expression: What it shows.
        pose: At which pose.
        source: Returns the picture that it is an edit of, as it is when the call is made; may raise a StoreError.
        turned_from: The pose of that picture where only the head turns; None for an edit of the pose's portrait.
    """

    expression: ExpressionId
    pose: PoseId
    source: Callable[[], bytes]
    turned_from: PoseId | None = None

    @property
    def rest(self) -> Rest:
        """What it is known by."""
        return self.expression, self.pose

    @property
    def file(self) -> str:
        """Its file name."""
        return endpoint_file(self.expression, self.pose)

    @property
    def subject(self) -> str:
        """What messages call it."""
        return self.file.removesuffix(".png")

    @property
    def call(self) -> CallName:
        """What the ledger calls its call."""
        kind = "expressions" if self.turned_from is None else "heads"
        return CallName(self.subject, f"{kind}__{self.pose}")

    @property
    def needs(self) -> tuple[Rest, ...]:
        """The endpoints that have to be there before."""
        return () if self.turned_from is None else ((self.expression, self.turned_from),)

    def prompt(self, rig: Rig, needs: Sequence[str] = ()) -> str:
        """Return what the engine is told, `needs` being what was wrong with an earlier try."""
        if self.turned_from is None:
            return expression_prompt(rig, self.expression, self.pose, needs)
        return head_prompt(rig, Turn(self.expression, self.turned_from, self.pose), needs)


@dataclass
class EndpointRun:
    """One run over the endpoints that are missing.

    Attributes:
        folder: Where they go.
        commissions: What is to be made.
        rig: Words for the prompts.
        tries: What was wrong with earlier answers, and how often to ask.
        index: What is known of the files.
        session: Project, engine and the outside world.
        journal: Remembers calls and replaced pictures.
        tally: Counts what happens.
    """

    folder: Path
    commissions: Mapping[Rest, Commission]
    rig: Rig
    tries: QualityTries[Rest]
    index: PictureIndex
    session: Session
    journal: Journal
    tally: Tally
    _in_plain_words: set[Rest] = field(default_factory=set)

    def settle_neutral(self, portrait: Portrait, pose: PoseId, base_image: str, *, overwrite: bool) -> None:
        """Make the folder, and put the portrait there as neutral where there is none, or it may be replaced.

        Args:
            portrait: What it shows.
            pose: At which pose.
            base_image: What the portrait is called.
            overwrite: Whether another neutral is replaced.

        Raises:
            StoreError: if the disk refuses.
        """
        make_directory(self.folder)
        file = endpoint_file(NEUTRAL, pose)
        known = self.index.inspect(self.folder, [file]).get(file)
        if isinstance(known, PictureFacts) and (known.sha256 == portrait.facts.sha256 or not overwrite):
            return
        self._write(file, portrait.png, portrait.facts)
        event = FrameMade(file.removesuffix(".png"), None, file, 0.0, shared_from=base_image)
        self.tally.made(event, called=False)

    def draw(self, pace: Pace) -> bool:
        """Ask the engine for every endpoint that is missing; return whether the user interrupted it.

        Raises:
            StoreError: if the folder cannot be made.
            KeyboardInterrupt: at the second interrupt.
        """
        make_directory(self.folder)
        sweep_leftovers(self.folder)
        jobs = [Job(rest, commission.needs, rest) for rest, commission in self.commissions.items()]
        work = Work(
            request=self._request,
            keep=self._keep,
            failed=self._book_failure,
            told=saying(lambda rest: (self.commissions[rest].subject, None), self.session.emit, self.tally),
            recall=lambda _rest, request: self.journal.recall(request),
            begin=self._begin,
            end=lambda rest, error, seconds: self.journal.fail(self.commissions[rest].call, error, seconds),
            reword=self._reword,
            make_do=self._make_do,
        )
        chosen = self.session.chosen
        lanes = open_expression_lanes(chosen.plugin, chosen.settings, min(pace.lanes, len(jobs)))
        result = drive(jobs, lanes, work, pace, self.session.toolbox, self.session.emit)
        for rest in result.not_started:
            if not self._make_do(rest):
                self._block(rest, cut_off_by(result))
        return result.interrupted

    def _begin(self, rest: Rest, request: Request) -> None:
        commission = self.commissions[rest]
        self.journal.begin(request, commission.call)
        self.session.emit(FrameStarted(commission.subject, None, commission.file))

    def _reword(self, rest: Rest) -> bool:
        """Return whether a refused endpoint shall be asked for once more, now in plain words."""
        if not self.rig.reword_rejected or rest in self._in_plain_words:
            return False
        self._in_plain_words.add(rest)
        return True

    def _request(self, rest: Rest) -> ExpressionRequest:
        commission = self.commissions[rest]
        rig = in_plain_words(self.rig) if rest in self._in_plain_words else self.rig
        turns = commission.turned_from is not None
        return ExpressionRequest(
            commission.subject,
            commission.source(),
            commission.prompt(rig, self.tries.needs(rest)),
            care=self.tries.care(rest),
            regions={} if turns else self.rig.regions.get(commission.pose, {}),
            turns=turns,
        )

    def _keep(self, rest: Rest, answer: Answer, seconds: float) -> Again | None:
        picture, commission = answer.picture, self.commissions[rest]
        origin: JsonObject = {"engine": self.session.chosen.name, "method": picture.method}
        if picture.quality:
            origin["quality"] = picture.quality.to_json()
        self.journal.keep(commission.call, answer, seconds, [{self.folder / commission.file: origin}])
        for note in picture.notes:
            self.session.emit(Warned(commission.subject, note))
        verdict = self.tries.book(rest, picture.quality)
        if verdict.is_best:
            self._write(commission.file, picture.png, facts_of(picture.png, answer.size))
        cost = picture.usage.cost_usd if picture.usage else None
        if verdict.again:
            return Again(verdict.again, cost)
        origin_in_words = EARLIER_ANSWER if answer.recalled else ""
        event = FrameMade(commission.subject, None, commission.file, round(seconds, 3), cost, origin_in_words)
        self.tally.made(event, called=not answer.recalled)
        if picture.quality and not picture.quality.is_good:
            faults = "; ".join(picture.quality.faults)
            self.session.emit(Warned(commission.subject, f"is the best answer, yet not good: {faults}"))
        return None

    def _make_do(self, rest: Rest, _error: RigError | None = None) -> bool:
        """Let the best answer so far stand, where no further one will come; return whether there is one."""
        if not self.tries.has_answer(rest):
            return False
        commission = self.commissions[rest]
        self.tally.made(FrameMade(commission.subject, None, commission.file, 0.0), called=False)
        return True

    def _write(self, file: str, data: bytes, facts: PictureFacts) -> None:
        """Write an endpoint; the picture that it replaces stays as an earlier take."""
        path = self.folder / file
        old = self.index.inspect(self.folder, [file]).get(file)
        if isinstance(old, PictureFacts) and old.sha256 != facts.sha256:
            self.journal.preserve(path, old, {})
        write_file(path, data)
        self.index.record(path, facts)

    def _book_failure(self, rest: Rest, blocked: tuple[Rest, ...], error: RigError) -> None:
        subject = self.commissions[rest].subject
        self.tally.failed(FrameFailed(subject, None, str(error), error.code, cost_of(error)))
        for descendant in blocked:
            self._block(descendant, subject)

    def _block(self, rest: Rest, by: str) -> None:
        self.tally.blocked(FrameBlocked(self.commissions[rest].subject, None, by))
