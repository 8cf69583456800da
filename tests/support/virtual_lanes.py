"""Workers on a clock that only moves when the driver waits: hours of pauses pass in no time."""

import heapq
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from watercolor_rig.core.errors import EngineError, RigError
from watercolor_rig.engines.api import MadePicture
from watercolor_rig.runner.lanes import Answer, Ended, Happening, Interrupted, Nudged, Request

ANSWER = Answer(MadePicture(png=b"", method="virtual"), (1, 1))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one call ends."""

    after_s: float = 1.0
    error: RigError | None = None
    died: bool = False


DIES = Outcome(error=EngineError("its worker process ended"), died=True)


class VirtualLanes:
    """Lanes and clock in one.

    Args:
        workers: How many.
        script: Per job, how its first, second … call ends; after that, and for every other job, with an answer after
            one second.
        interrupts: Moments at which the user presses Ctrl-C.
        words: Moments at which something else happens beside, such as a word to a control; it nudges by itself.
        sticky: As the driver sees it.
    """

    def __init__(
        self,
        workers: int = 1,
        script: Mapping[str, Sequence[Outcome]] | None = None,
        *,
        interrupts: Sequence[float] = (),
        words: Sequence[tuple[float, Callable[[], None]]] = (),
        sticky: bool = False,
    ) -> None:
        self.workers: Sequence[Hashable] = range(workers)
        self.sticky = sticky
        self.answer = ANSWER
        self.starts: list[tuple[float, str]] = []
        self.worker_of: dict[str, Hashable] = {}
        self._now_s = 0.0
        self._script = {job: list(outcomes) for job, outcomes in (script or {}).items()}
        self._order = count()
        self._coming: list[tuple[float, int, Happening]] = []
        for moment_s in interrupts:
            self._come(moment_s, Interrupted())
        self._words = dict(words)
        for moment_s in self._words:
            self._come(moment_s, Nudged())

    def now_s(self) -> float:
        return self._now_s

    def submit(self, worker: Hashable, key: Hashable, request: Request) -> None:
        assert worker not in self._busy, "a worker has one call at a time"
        assert request.name == key
        outcome = self.outcome_of(request)
        answer = None if outcome.error else self.answer
        self.starts.append((self._now_s, request.name))
        self.worker_of[request.name] = worker
        self._come(self._now_s + outcome.after_s, Ended(worker, key, answer, outcome.error, outcome.died))

    def outcome_of(self, request: Request) -> Outcome:
        """Return how the call that starts now will end."""
        outcomes = self._script.get(request.name)
        return outcomes.pop(0) if outcomes else Outcome()

    def wait(self, timeout_s: float | None) -> Happening | None:
        assert timeout_s is None or timeout_s >= 0
        assert self._coming or timeout_s is not None, "the driver would wait for ever"
        if timeout_s is not None and (not self._coming or self._now_s + timeout_s < self._coming[0][0]):
            self._now_s += timeout_s
            return None
        self._now_s, _, happened = heapq.heappop(self._coming)
        if isinstance(happened, Nudged) and self._now_s in self._words:
            self._words.pop(self._now_s)()
        return happened

    def interrupt(self) -> None:
        self._come(self._now_s, Interrupted())

    def nudge(self) -> None:
        self._come(self._now_s, Nudged())

    def close(self, *, at_once: bool = False) -> None:
        """Nothing to let go."""

    @property
    def _busy(self) -> set[Hashable]:
        return {ended.worker for _, _, ended in self._coming if isinstance(ended, Ended)}

    def _come(self, at_s: float, happening: Happening) -> None:
        heapq.heappush(self._coming, (at_s, next(self._order), happening))
