"""How many calls run at once: all that there are lanes for, or as many as a limit can use that is learnt on the way.

A run that knows no limit begins with a few calls. At a minute each those could never use what the service then turns
out to allow, nor would a slow start find it out: it goes on only where the rate is used.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

from watercolor_rig.app.pace import Pace
from watercolor_rig.core.pacing import Pacer
from watercolor_rig.core.schedule import Schedule

K = TypeVar("K", bound=Hashable)


class Breadth(Generic[K]):
    """The number of calls at once, as it follows from what is learnt.

    Args:
        schedule: Keeps to it.
        pace: What was known before the run.
        pacer: Knows the limit as it is learnt.
        lanes: How many calls there are lanes for.
    """

    def __init__(self, schedule: Schedule[K], pace: Pace, pacer: Pacer, lanes: int) -> None:
        self._schedule = schedule
        self._pace = pace
        self._pacer = pacer
        self._lanes = lanes
        self._at_once = lanes
        if pace.is_open:
            self._allow(pace.workers)

    @property
    def at_once(self) -> int:
        """Calls that may run at once now."""
        return self._at_once

    def learn(self, latency_s: float) -> None:
        """Follow the limit as it is known now, at so many seconds a call."""
        if self._pace.is_open:
            self._allow(self._pace.calls_at_once(self._pacer.per_minute, latency_s))

    def _allow(self, workers: int) -> None:
        self._at_once = min(self._lanes, workers)
        self._schedule.limit(self._at_once)
