"""How fast a run may go: workers, calls a minute and patience with one call, from what is asked and what is known."""

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from watercolor_rig.app.engine_choice import ChosenEngine
from watercolor_rig.app.tally import Emit
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.events import Warned
from watercolor_rig.core.job_graph import makespan_bound
from watercolor_rig.core.latency import Latencies, usable_workers
from watercolor_rig.core.pacing import Pacer, Unpaced
from watercolor_rig.core.rate_knowledge import RateKnowledge
from watercolor_rig.engines.api import LimitScope
from watercolor_rig.runner.pacing import LimitPacer
from watercolor_rig.store.limits import Known, LimitFile
from watercolor_rig.store.start_log import StartLog

K = TypeVar("K", bound=Hashable)

DEFAULT_WORKERS = 4
"""Where no limit is known; and the most processes on this computer, each of which holds decoded pictures."""

MAX_WORKERS = 256


@dataclass(frozen=True, slots=True)
class Speed:
    """What the user asked for.

    Attributes:
        max_workers: Calls at once, or None for as many as can be of use.
        images_per_minute: Calls a minute, or None for what is learnt.
    """

    max_workers: int | None = None
    images_per_minute: float | None = None


@dataclass(frozen=True)
class Pace:
    """How fast one run may go.

    Attributes:
        workers: Calls at once when the run begins.
        width: Those of them that the limit can keep busy.
        lanes: Calls at once that it may come to: more than `workers` where those follow from a limit that is learnt.
        latency_s: Seconds of one call: measured before, else as the engine estimates.
        per_minute: Calls a minute, where known.
    """

    workers: int
    width: int
    lanes: int
    latency_s: float
    per_minute: float | None
    _speed: Speed
    _known: Known
    _scope: LimitScope | None
    _file: LimitFile | None

    @property
    def scope(self) -> LimitScope | None:
        """What shares its limit of calls a minute, or None where nothing limits it."""
        return self._scope

    def seconds(self, needs: Mapping[K, Iterable[K]]) -> float:
        """Return the least time that jobs need, each with those that it waits for."""
        return makespan_bound(needs, self.workers, self.latency_s, self.per_minute)

    @property
    def is_open(self) -> bool:
        """Whether the calls at once follow the limit as it is learnt."""
        return self.lanes > self.workers

    def calls_at_once(self, per_minute: float | None, latency_s: float) -> int:
        """Return how many calls a limit can keep busy, never fewer than at the beginning.

        Args:
            per_minute: What is known of the limit by now, or None.
            latency_s: Seconds of one call as measured by now, above 0.
        """
        if per_minute is None:
            return self.workers
        return min(self.lanes, max(self.workers, usable_workers(per_minute, latency_s)))

    def say(self, emit: Emit) -> None:
        """Say so where more workers were asked for than the limit can use."""
        asked = self._speed.max_workers
        if self.per_minute is None or asked is None or asked <= self.width:
            return
        said = f"{asked} are more than {self.per_minute:g} images a minute keep busy: at {self.latency_s:.0f} s each"
        emit(Warned("--max-workers", f"{said}, {self.width} do the same"))

    @contextmanager
    def keep_to(self, emit: Emit) -> Iterator[tuple[Pacer, Latencies | None]]:
        """Yield what paces the calls and what times them; afterwards keep what was learnt."""
        if self._scope is None and self._speed.images_per_minute is None:
            yield Unpaced(), None
            return
        limited = self._scope is None or self._scope.limited
        knowledge = RateKnowledge(chosen=self._speed.images_per_minute, learnt=self._known.learnt, limited=limited)
        latencies = Latencies(self._known.latency)
        lost = _Once(emit)
        pacer = LimitPacer(knowledge, self._open_log(lost), lost)
        try:
            yield pacer, latencies if self._scope else None
        finally:
            pacer.close()
            self._remember(Known(knowledge.learnt or self._known.learnt, latencies.summary), lost)

    def _open_log(self, lost: "_Once") -> StartLog:
        if self._file is None:
            return StartLog.in_memory()
        try:
            return self._file.open_log()
        except StoreError as error:
            lost(str(error))
            return StartLog.in_memory()

    def _remember(self, known: Known, lost: "_Once") -> None:
        if self._file is None or known == self._known:
            return
        try:
            self._file.save(known)
        except StoreError as error:
            lost(str(error))


def plan_pace(chosen: ChosenEngine, speed: Speed, quoted_s: float, toolbox: Toolbox, crew: int | None = None) -> Pace:
    """Return how fast a run may go.

    Args:
        chosen: The engine.
        speed: What the user asked for.
        quoted_s: Seconds of one call by the engine's estimate.
        toolbox: Where to look for what is known.
        crew: How many workers a cluster has, all of which draw; None where there is none.
    """
    scope = chosen.plugin.limit_scope(chosen.settings)
    file = None
    if scope is not None and toolbox.state_folder is not None:
        file = LimitFile(toolbox.state_folder(), scope.service, scope.model, scope.account)
    known = file.load() if file else Known()
    latency_s = known.latency.mean_s if known.latency else quoted_s
    per_minute = speed.images_per_minute
    usable = None if per_minute is None else usable_workers(per_minute, latency_s)
    if known.learnt and per_minute is None:
        per_minute = known.learnt.per_minute
        growth = 1 if known.learnt.settled else 2  # a slow start goes on where the last one ended
        usable = usable_workers(per_minute * growth, latency_s)
    most = min(MAX_WORKERS, usable) if usable else _unlimited_workers(chosen)
    workers = crew or speed.max_workers or most
    is_open = speed.max_workers is None and scope is not None and chosen.plugin.traits.runs_in == "threads"
    lanes = MAX_WORKERS if is_open else workers
    return Pace(workers, min(workers, usable or workers), lanes, latency_s, per_minute, speed, known, scope, file)


def _unlimited_workers(chosen: ChosenEngine) -> int:
    if chosen.plugin.traits.runs_in == "threads":
        return DEFAULT_WORKERS
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(DEFAULT_WORKERS, processors)


class _Once:
    """Says that the state folder cannot be used, and what follows from it; the same again is not worth a word."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._has_spoken = False

    def __call__(self, why: str) -> None:
        if not self._has_spoken:
            self._has_spoken = True
            said = (
                "this run keeps to the limit by itself, not counting other programs with this key, and what it learns"
            )
            self._emit(Warned("rate limit", f"{why}; {said} is forgotten"))
