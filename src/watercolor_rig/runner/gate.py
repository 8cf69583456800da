"""Between several runs and one service's limit: an urgent run takes the next permit, whoever has waited longer.

A run asks for its permit first and chooses its job then. So it is enough that no other run gets a permit while an
urgent one wants it: the urgent call is the very next one.
"""

from math import inf
from threading import Lock

from watercolor_rig.core.pacing import Pacer
from watercolor_rig.runner.control import Control


class Gate:
    """One for everything under one limit."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wanting: set[Entrance] = set()
        self._barred: set[Entrance] = set()

    def acquire(self, entrance: "Entrance", now_s: float) -> float:
        """Take a permit from the entrance's pacer and return 0, or return the seconds after which to ask again.

        They are infinite while an urgent run wants the next one: the run is nudged when that has changed.
        """
        with self._lock:
            if not entrance.urgent and any(other.is_awake for other in self._wanting):
                self._barred.add(entrance)
                return inf
            wait_s = entrance.pacer.acquire(now_s)
            if not entrance.urgent:
                return wait_s
            if wait_s > 0:
                self._wanting.add(entrance)
                return wait_s
        self.leave(entrance)
        return wait_s

    def leave(self, entrance: "Entrance") -> None:
        """Hear that an entrance wants no permit now."""
        with self._lock:
            self._wanting.discard(entrance)
            self._barred.discard(entrance)
        self.reopen()

    def reopen(self) -> None:
        """Let those ask again that an urgent run kept out: it may be held or ended now."""
        with self._lock:
            barred, self._barred = self._barred, set()
        for entrance in barred:
            entrance.control.nudge()


class Entrance:
    """A run's own way through the gate: a `Pacer` before its pacer.

    Args:
        gate: Shared by all runs under one limit.
        pacer: The run's own.
        control: Of the run.
        urgent: Whether it goes before the others.
    """

    def __init__(self, gate: Gate, pacer: Pacer, control: Control, *, urgent: bool) -> None:
        self.pacer = pacer
        self.control = control
        self.urgent = urgent
        self._gate = gate

    @property
    def is_awake(self) -> bool:
        """Whether the run would use a permit now."""
        return not (self.control.is_held or self.control.is_ended)

    @property
    def per_minute(self) -> float | None:
        """Calls a minute that the run's pacer grants, or None where nothing limits it."""
        return self.pacer.per_minute

    def acquire(self, now_s: float) -> float:
        """Take a permit and return 0, or return the seconds after which to ask again, above 0, perhaps infinite."""
        return self._gate.acquire(self, now_s)

    def answered(self, now_s: float, limit_per_minute: float | None) -> None:
        """Hear of a usable answer."""
        self.pacer.answered(now_s, limit_per_minute)

    def refused(self, now_s: float, limit_per_minute: float | None) -> None:
        """Hear of a refusal by the rate limit."""
        self.pacer.refused(now_s, limit_per_minute)

    def close(self) -> None:
        """Leave the gate: the run has ended."""
        self._gate.leave(self)
