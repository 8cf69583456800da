"""The ways to the services' limits: one gate for each limit, shared by all jobs of the studio."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from watercolor_rig.core.pacing import Pacer
from watercolor_rig.engines.api import LimitScope
from watercolor_rig.runner.control import Control
from watercolor_rig.runner.gate import Entrance, Gate


class Gates:
    """Safe from every thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._gates: dict[LimitScope, Gate] = {}

    @contextmanager
    def admission(self, pacer: Pacer, scope: LimitScope | None, control: Control, *, urgent: bool) -> Iterator[Pacer]:
        """Yield what grants permits to a run: its own pacer, behind the gate of its limit.

        Args:
            pacer: The run's own.
            scope: The limit, or None where there is none.
            control: Of the run; nudged when it may ask again.
            urgent: Whether it goes before the others.
        """
        if scope is None:
            yield pacer
            return
        with self._lock:
            gate = self._gates.setdefault(scope, Gate())
        entrance = Entrance(gate, pacer, control, urgent=urgent)
        try:
            yield entrance
        finally:
            entrance.close()

    def reopen(self) -> None:
        """Hear that a run was held or ended: whoever it kept out may ask again."""
        with self._lock:
            gates = list(self._gates.values())
        for gate in gates:
            gate.reopen()
