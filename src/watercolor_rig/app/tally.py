"""Counts what a run did, and says it as events."""

from collections.abc import Callable
from decimal import Decimal
from typing import Literal

from watercolor_rig.core.clock import Clock
from watercolor_rig.core.events import Event, FrameBlocked, FrameFailed, FrameMade, FrameRetried, RunEnded

Emit = Callable[[Event], None]

INTERRUPTED_STATUS = 130


class Tally:
    """The sums of one run."""

    def __init__(self, kind: Literal["tween", "expression"], emit: Emit, clock: Clock, *, paid: bool) -> None:
        self._kind: Literal["tween", "expression"] = kind
        self._emit = emit
        self._clock = clock
        self._began_s = clock.now_s()
        self._paid = paid
        self._success = 0
        self._failed = 0
        self._blocked = 0
        self._cost_usd = Decimal(0)
        self._price_unknown = False

    def made(self, event: FrameMade, *, called: bool) -> None:
        """Count a written file; `called` where an engine was asked for it."""
        self._success += 1
        if event.cost_usd is not None:
            self._cost_usd += event.cost_usd
        elif called and self._paid:
            self._price_unknown = True
        self._emit(event)

    def spent(self, cost_usd: Decimal | None) -> None:
        """Count what a failed call cost."""
        self._cost_usd += cost_usd or 0

    def retried(self, event: FrameRetried) -> None:
        """Count what a failed try cost."""
        self.spent(event.cost_usd)
        self._emit(event)

    def failed(self, event: FrameFailed) -> None:
        """Count a frame that failed, and what that cost."""
        self._failed += 1
        self.spent(event.cost_usd)
        self._emit(event)

    def blocked(self, event: FrameBlocked) -> None:
        """Count a frame that was not started."""
        self._blocked += 1
        self._emit(event)

    def end(self, *, interrupted: bool) -> int:
        """Say the sums; return the exit status."""
        self._emit(
            RunEnded(
                kind=self._kind,
                success=self._success,
                failed=self._failed,
                blocked=self._blocked,
                seconds=round(self._clock.now_s() - self._began_s, 3),
                cost_usd=None if self._price_unknown else self._cost_usd,
            ),
        )
        if interrupted:
            return INTERRUPTED_STATUS
        return 1 if self._failed or self._blocked else 0
