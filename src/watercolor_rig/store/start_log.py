"""When calls started: a log that paces them, in memory or in a file that all processes with one key share.

The pacing is pyrate-limiter's, with two rates: one call in so many milliseconds, so that a service that counts over the
last minute never sees a burst, and as many in a minute as that makes, so that a rate that has just been lowered holds
for the minute before as well. A start that is taken a little late counts from when it was due, so that lateness does
not add up. A shared log has to use the wall clock, the only one that two processes and two boots agree on; a clock that
was set back is known by a wait longer than any rate can ask for, and the log is begun anew.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from watercolor_rig.core.errors import StoreError

if TYPE_CHECKING:
    from pyrate_limiter import InMemoryBucket, SQLiteBucket

_MINUTE_MS = 60_000
_INCLUSIVE_MS = 1
"""The library's window includes both its ends, so that a call waits one millisecond longer than the interval."""

_LATE_MS = 250
"""So much later than it was due a start still counts from then; well below what `USED_SHARE` leaves of a minute."""


def wall_ms() -> int:
    """Return milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class StartLog:
    """Grants starts that keep a distance.

    Args:
        bucket: The library's log.
        clock_ms: Its clock, or None for the caller's.
    """

    def __init__(self, bucket: "InMemoryBucket | SQLiteBucket", clock_ms: Callable[[], int] | None) -> None:
        self._bucket = bucket
        self._clock_ms = clock_ms
        self._longest_ms = self._spacing_ms = 0
        self._due_ms: int | None = None

    @classmethod
    def in_memory(cls) -> Self:
        """Return a log of this process alone, on the clock of `take`."""
        from pyrate_limiter import InMemoryBucket, Rate  # noqa: PLC0415 - a run with nothing to do needs none

        return cls(InMemoryBucket([Rate(1, 1)]), None)

    @classmethod
    def shared(cls, file: Path, clock_ms: Callable[[], int] = wall_ms) -> Self:
        """Return the log in a file that other processes use as well; its folder exists.

        Raises:
            StoreError: if it cannot be opened.
        """
        from pyrate_limiter import Rate, SQLiteBucket  # noqa: PLC0415 - as above

        with _spoken(file):
            bucket = SQLiteBucket.init_from_file([Rate(1, 1)], table="start", db_path=str(file), use_file_lock=True)
            return cls(bucket, clock_ms)

    def take(self, now_s: float, spacing_s: float) -> float:
        """Log a start and return 0, or return the seconds after which to ask again, above 0.

        Args:
            now_s: The caller's clock.
            spacing_s: Least distance from the start before, above 0.

        Raises:
            StoreError: if the file cannot be written.
        """
        with _spoken():
            wait_ms = self._put(now_s, spacing_s)
            if wait_ms > self._longest_ms + _INCLUSIVE_MS:  # the last start lies in the future: the clock was set back
                self._due_ms = None
                self._bucket.flush()
                wait_ms = self._put(now_s, spacing_s)
            return wait_ms / 1000

    def last_minute(self, now_s: float) -> int:
        """Return how many starts the last minute saw.

        Raises:
            StoreError: as `take`.
        """
        with _spoken():
            self._bucket.leak(self._now_ms(now_s) - _MINUTE_MS + self._longest_ms)
            return self._bucket.count()

    def close(self) -> None:
        """Let go of the file."""
        self._bucket.close()

    def _put(self, now_s: float, spacing_s: float) -> int:
        """Return 0 for a start that was logged, else the milliseconds to wait."""
        from pyrate_limiter import RateItem  # noqa: PLC0415 - as above

        self._keep_to(max(2, int(spacing_s * 1000)))
        now_ms, due_ms, self._due_ms = self._now_ms(now_s), self._due_ms, None
        if due_ms is not None and 0 < now_ms - due_ms <= _LATE_MS and self._bucket.put(RateItem("start", due_ms)):
            return 0
        item = RateItem("start", now_ms)
        if self._bucket.put(item):
            return 0
        wait_ms = self._bucket.waiting(item)
        wait_ms = max(1, wait_ms) if isinstance(wait_ms, int) else 1  # an int, as neither bucket is asynchronous
        self._due_ms = now_ms + wait_ms
        return wait_ms

    def _keep_to(self, spacing_ms: int) -> None:
        from pyrate_limiter import Rate  # noqa: PLC0415 - as above

        if spacing_ms == self._spacing_ms:
            return
        rates = [Rate(1, spacing_ms - _INCLUSIVE_MS)]
        in_a_minute = _MINUTE_MS // spacing_ms
        if in_a_minute > 1:
            rates.append(Rate(in_a_minute, in_a_minute * spacing_ms - _INCLUSIVE_MS))
        self._bucket.rates = rates
        self._spacing_ms, self._longest_ms = spacing_ms, rates[-1].interval

    def _now_ms(self, now_s: float) -> int:
        return int(now_s * 1000) if self._clock_ms is None else self._clock_ms()


@contextmanager
def _spoken(file: Path | None = None) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        what = "the log of starts" if file is None else repr(str(file))
        raise StoreError(f"cannot use {what}: {error}") from error
