"""What is remembered between runs: paid answers, failed calls, and pictures that were replaced.

The order is the promise. Before a call its attempt is on the disk; after it first the bytes and the takes' cards, then
one transaction that ends the attempt and adds the takes, and only then the frame in the project. So a run that is
killed anywhere pays again for nothing that had arrived, and whatever was perhaps billed stands in the ledger.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from watercolor_rig.app.budget import Spending
from watercolor_rig.app.engine_choice import ChosenEngine
from watercolor_rig.app.memory import Memory
from watercolor_rig.core.errors import EngineError, RigError, StoreError, TransientError
from watercolor_rig.core.json import Json
from watercolor_rig.core.quality import Quality
from watercolor_rig.core.request_key import request_key
from watercolor_rig.engines.api import ExpressionRequest, MadePicture, SheetRequest, TweenRequest, Usage
from watercolor_rig.runner.lanes import Answer, Request
from watercolor_rig.store.ledger import OK, Ending, Ledger, NewAttempt, Take, utc_now
from watercolor_rig.store.picture_index import PictureFacts

EARLIER_ANSWER = "an equal request answered before"
"""Where a recalled picture comes from, in words."""


@dataclass(frozen=True, slots=True)
class CallName:
    """What the ledger calls a call.

    Attributes:
        frame: The frame, such as `a_to_b__center t=0.25`.
        sequence: What costs are summed by.
    """

    frame: str
    sequence: str


class Journal:
    """The memory of one project during one run.

    Args:
        project: Its folder.
        chosen: The engine of the run.
        spending: Counts what the run spends.
        expected_usd: Estimate of one call, or None.
        recalls: Whether a take that an equal request has brought in the past answers it now, from the store; where
            new pictures are asked for, only one that has arrived and was never put into its place.
        command: What the run does, for the ledger.
    """

    def __init__(
        self,
        project: Path,
        chosen: ChosenEngine,
        spending: Spending,
        expected_usd: Decimal | None,
        *,
        recalls: Callable[[Take], bool],
        command: str,
    ) -> None:
        self._memory = Memory(project)
        self._blobs = self._memory.blobs
        self._chosen = chosen
        self._spending = spending
        self._expected_usd = expected_usd
        self._recalls = recalls
        self._command = command
        self._ledger: Ledger | None = None
        self._attempts: dict[str, int] = {}
        self._keys: dict[str, tuple[str, ...]] = {}  # of every frame of a request
        self._given: dict[str, set[str]] = {}
        self._left_open = 0

    @property
    def left_open(self) -> int:
        """How many calls earlier runs left without an end: they may have been billed."""
        return self._left_open

    def open(self) -> None:
        """Open the ledger now: one that is damaged is one error before the run, not one for every frame.

        Raises:
            StoreError: if it cannot be opened.
        """
        self._opened()

    def close(self) -> None:
        """End the run in the ledger."""
        if self._ledger is not None:
            self._ledger.close()

    def recall(self, request: Request) -> Answer | None:
        """Return the answer that an equal request has been paid for, or None; a free engine is always asked.

        A request that comes again in this run is for another answer: none that it has had already is returned. A sheet
        is known where each of its panels is, from whatever sheets.

        Raises:
            StoreError: if the ledger cannot be read.
        """
        if not self._chosen.plugin.traits.paid:
            return None
        self._keys[request.name] = keys = tuple(map(self._key, _frames_of(request)))
        known = [answer for answer in map(self._recall_frame, keys) if answer is not None]
        if len(known) < len(keys):
            return None
        if not isinstance(request, SheetRequest):
            return known[0]
        panels = tuple(answer.picture for answer in known)
        return Answer(replace(panels[0], panels=panels), known[0].size, recalled=True)

    def _recall_frame(self, key: str) -> Answer | None:
        given = self._given.setdefault(key, set())
        for take in filter(self._recalls, self._opened().takes_of_request(key)):
            if take.picture in given:
                continue
            try:
                png = self._blobs.get(take.picture)
            except StoreError:
                continue  # a damaged or removed content is no answer; `doctor` reports it
            given.add(take.picture)
            origin = json.loads(take.origin)
            model = origin.get("model")
            usage = Usage(str(model)) if model else None
            quality = Quality.from_json(origin.get("quality"))
            facts = origin.get("facts", {})
            picture = MadePicture(png, str(origin.get("method", "")), usage=usage, facts=facts, quality=quality)
            return Answer(picture, take.size, recalled=True)
        return None

    def begin(self, request: Request, name: CallName) -> None:
        """Put a call on record before it is made.

        Raises:
            BudgetError: if it could pass a limit.
            StoreError: if it cannot be put on record: then it must not be made.
        """
        if not self._chosen.plugin.traits.paid:
            return
        self._spending.begin()
        model = self._chosen.plugin.identity(self._chosen.settings).get("model", "")
        attempt = NewAttempt(
            self._key(request), name.frame, name.sequence, self._chosen.name, model, self._expected_usd
        )
        try:
            self._attempts[request.name] = self._opened().begin_attempt(attempt)
        except StoreError:
            self._spending.end(None, perhaps_billed=False)  # it is not made
            raise

    def fail(self, name: CallName, error: RigError, seconds: float) -> None:
        """Book a call that brought no usable answer.

        Raises:
            StoreError: if the ledger cannot be written.
        """
        number = self._attempts.pop(name.frame, None)
        if number is None:
            return
        cost = error.cost_usd if isinstance(error, EngineError) else None
        self._spending.end(cost, perhaps_billed=isinstance(error, TransientError))
        self._opened().end_attempt(number, Ending(error.code, str(error), round(seconds, 3), cost))

    def store(self, answer: Answer) -> None:
        """Put the bytes of an answer on the disk on the thread of its call, so that `keep` finds them there.

        Many calls that end together thus wait for the disk together. What the disk refuses here, `keep` tries again.
        """
        if not self._chosen.plugin.traits.paid:
            return
        with suppress(StoreError):
            for frame in answer.frames:
                self._put(frame)

    def keep(
        self,
        name: CallName,
        answer: Answer,
        seconds: float,
        files: Sequence[Mapping[Path, Mapping[str, Json]]],
    ) -> None:
        """Keep a paid answer for good, before its frames are written.

        Args:
            name: Of the call.
            answer: As the engine gave it.
            seconds: How long it took.
            files: For each frame of the answer, the files that will show it, and their manifest entries; an endpoint's
                has no `t`.

        Raises:
            StoreError: if the disk refuses.
        """
        number = self._attempts.pop(name.frame, None)
        if number is None:
            return  # free, or recalled: nothing was asked
        takes = [
            take
            for frame, key, shown in zip(answer.frames, self._keys[name.frame], files, strict=True)
            for take in self._takes(frame, key, answer.size, shown)
        ]
        for take in takes:
            self._memory.cards.write(take)
        usage = answer.picture.usage
        ending = Ending(
            OK,
            seconds=round(seconds, 3),
            cost_usd=usage.cost_usd if usage else None,
            request_id=usage.request_id if usage else None,
            input_tokens=usage.input_tokens if usage else None,
            output_tokens=usage.output_tokens if usage else None,
        )
        self._spending.end(ending.cost_usd, perhaps_billed=True)
        self._opened().end_attempt(number, ending, takes)

    def preserve(self, file: Path, facts: PictureFacts, origin: Mapping[str, Json]) -> None:
        """Keep the picture in `file` as a take, because it is about to be replaced.

        Raises:
            StoreError: if the disk refuses: then it must not be replaced.
        """
        self._memory.preserve(self._opened(), file, facts, origin)

    def _takes(
        self, frame: MadePicture, key: str, size: tuple[int, int], files: Mapping[Path, Mapping[str, Json]]
    ) -> list[Take]:
        """Return the takes of a frame, whose bytes are on the disk then."""
        digest, received = self._put(frame)
        self._given.setdefault(key, set()).add(digest)
        return [
            Take(0, self._memory.relative(file), key, digest, received, utc_now(), size, json.dumps(dict(entry)))
            for file, entry in files.items()
        ]

    def _put(self, picture: MadePicture) -> tuple[str, str | None]:
        digest = self._blobs.put(picture.png)
        return digest, None if picture.received is None else self._blobs.put(picture.received)

    def _opened(self) -> Ledger:
        if self._ledger is None:
            self._ledger = self._memory.open_ledger()
            self._left_open = self._ledger.begin_run(self._command)
            self._memory.sweep()
        return self._ledger

    def _key(self, request: Request) -> str:
        identity = self._chosen.plugin.identity(self._chosen.settings)
        if isinstance(request, ExpressionRequest):
            return request_key(self._chosen.name, identity, request.prompt, [request.base], None)
        tween = request.panels[0] if isinstance(request, SheetRequest) else request
        inputs = [tween.start, tween.end, *([tween.anchor] if tween.anchor else [])]
        position = None if isinstance(request, SheetRequest) else request.position
        return request_key(self._chosen.name, identity, request.prompt, inputs, position)


def _frames_of(request: Request) -> tuple[TweenRequest | ExpressionRequest, ...]:
    """Return what is wanted frame by frame."""
    return request.panels if isinstance(request, SheetRequest) else (request,)


def open_ledger(project: Path) -> Ledger:
    """Return the project's ledger, made where absent.

    Raises:
        StoreError: if it cannot be opened.
    """
    return Memory(project).open_ledger()
