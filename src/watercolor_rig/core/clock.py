"""The seam of time."""

from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now_s(self) -> float:
        """Return seconds on a clock that never runs backwards; only differences mean anything."""
        ...
