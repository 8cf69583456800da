"""Paces the calls of one service: what is known of its limit, applied to a log of starts that processes may share."""

from collections import deque
from collections.abc import Callable

from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.rate_knowledge import WINDOW_S, RateKnowledge
from watercolor_rig.store.start_log import StartLog

USED_SHARE = 0.98
"""Share of the limit that is aimed at: calls may arrive up to 1.2 s less far apart in a minute than they started."""


class LimitPacer:
    """A `Pacer` that keeps to a limit and learns it.

    Args:
        knowledge: What is known of the limit.
        starts: Where starts are logged.
        lost: Hears, once, why the log cannot be used any more; pacing goes on in this process alone.
    """

    def __init__(self, knowledge: RateKnowledge, starts: StartLog, lost: Callable[[str], None]) -> None:
        self.knowledge = knowledge
        self._starts = starts
        self._lost = lost
        self._own: deque[float] = deque()

    @property
    def per_minute(self) -> float | None:
        """Calls a minute that are aimed at, by what is known now, or None where no limit is known or expected."""
        return self.knowledge.per_minute

    def acquire(self, now_s: float) -> float:
        """Take a permit and return 0, or return the seconds after which to ask again, above 0."""
        if self.knowledge.is_review_due(now_s):
            self.knowledge.review(now_s, self._last_minute(now_s))
        per_minute = self.knowledge.per_minute
        wait_s = 0.0 if per_minute is None else self._take(now_s, WINDOW_S / (USED_SHARE * per_minute))
        if wait_s <= 0:
            self._own.append(now_s)
            self.knowledge.started(now_s)
        return wait_s

    def answered(self, now_s: float, limit_per_minute: float | None) -> None:
        """Hear of a usable answer, and of the limit that its headers named, if any."""
        if limit_per_minute is not None:
            self.knowledge.named(now_s, limit_per_minute)

    def refused(self, now_s: float, limit_per_minute: float | None) -> None:
        """Hear of a refusal by the rate limit, and of the limit that it named, if any."""
        self.knowledge.refused(now_s, limit_per_minute, self._last_minute(now_s))

    def close(self) -> None:
        """Let go of the log."""
        self._starts.close()

    def _take(self, now_s: float, spacing_s: float) -> float:
        try:
            return self._starts.take(now_s, spacing_s)
        except StoreError as error:
            self._go_on_alone(error)
            return self._starts.take(now_s, spacing_s)

    def _last_minute(self, now_s: float) -> int:
        """Return the starts of all processes; never fewer than ours, which no clock that is set can hide."""
        while self._own and self._own[0] <= now_s - WINDOW_S:
            self._own.popleft()
        try:
            shared = self._starts.last_minute(now_s)
        except StoreError as error:
            self._go_on_alone(error)
            shared = 0
        return max(shared, len(self._own))

    def _go_on_alone(self, error: StoreError) -> None:
        self._lost(str(error))
        self._starts.close()
        self._starts = StartLog.in_memory()
