"""What a check-up finds, one event per finding; a finding may bring its own repair."""

from collections.abc import Callable

from watercolor_rig.app.tally import Emit
from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.project_events import Checked, CheckUpEnded

Repair = Callable[[], str]
"""Puts something right and returns what it did, in words; raises StoreError where the disk refuses."""


def counted(count: int, word: str) -> str:
    """Return a number with its word: `1 take`, `2 takes`."""
    return f"{count} {word}{'s' * (count != 1)}"


class Report:
    """Says findings and counts them.

    Args:
        emit: Hears them.
        fix: Whether repairs are carried out.
    """

    def __init__(self, emit: Emit, *, fix: bool) -> None:
        self._emit = emit
        self._fix = fix
        self._wrong = 0
        self._repaired = 0
        self._fixable = 0

    def fine(self, check: str, message: str) -> None:
        """Say that something is as it should be."""
        self._emit(Checked(check, "fine", message, fixable=False))

    def wrong(self, check: str, message: str, repair: Repair | None = None) -> bool:
        """Say that something is not; repair it, where that is wanted and possible; return whether it was repaired."""
        if repair is not None and self._fix:
            try:
                done = repair()
            except StoreError as error:
                message, repair = f"{message}; the repair failed: {error}", None
            else:
                self._repaired += 1
                self._emit(Checked(check, "repaired", f"{message}; {done}", fixable=False))
                return True
        self._wrong += 1
        self._fixable += repair is not None
        self._emit(Checked(check, "wrong", message, fixable=repair is not None))
        return False

    def end(self) -> int:
        """Say the sums; return the exit status: 1 if something is wrong now."""
        self._emit(CheckUpEnded(self._wrong, self._repaired, self._fixable))
        return 1 if self._wrong else 0
