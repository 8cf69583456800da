"""How long calls take, and from that how long one may take: pure arithmetic on seconds."""

from bisect import insort
from collections import deque
from dataclasses import dataclass
from statistics import fmean

TIMES_THE_MEDIAN = 3.0
SHORTEST_DEADLINE_S = 120.0
LONGEST_DEADLINE_S = 600.0
"""A call given up may have been billed, so none is given up early; simulated with 2 % hung calls, shorter floors gain
no time and cost more calls."""

_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Latency:
    """What one run leaves to the next; all in seconds, above 0.

    Attributes:
        p50_s: Median of answered calls.
        p90_s: Nine of ten calls were answered sooner.
        mean_s: Mean, by which the calls under way are reckoned (J. D. C. Little, Operations Research 9, 1961).
    """

    p50_s: float
    p90_s: float
    mean_s: float


class Latencies:
    """The calls of a run.

    Args:
        before: What earlier runs have measured, or None.
    """

    def __init__(self, before: Latency | None = None) -> None:
        self._before = before
        self._recent: deque[float] = deque()
        self._sorted: list[float] = []
        self._answers = 0

    def answered(self, seconds: float) -> None:
        """Hear of an answer."""
        self._answers += 1
        self._add(seconds)

    def gave_up(self, seconds: float) -> None:
        """Hear of a call that was given up: it would have taken longer, and so may the others."""
        self._add(seconds)

    @property
    def summary(self) -> Latency | None:
        """The last calls of this run, what was known before it, or None where nothing is known."""
        if not self._answers:
            return self._before
        last = len(self._sorted) - 1
        p50_s, p90_s = (self._sorted[round(share * last)] for share in (0.5, 0.9))
        return Latency(p50_s, p90_s, fmean(self._recent))

    def deadline_s(self, given_up: int = 0) -> float | None:
        """Return how long the next call may take, or None where nothing is known.

        Args:
            given_up: How many calls for this picture were given up before; each doubles the time, so that a service
                that has become slow loses no picture.
        """
        known = self.summary
        if known is None:
            return LONGEST_DEADLINE_S if given_up else None
        deadline_s = max(SHORTEST_DEADLINE_S, TIMES_THE_MEDIAN * known.p50_s) * 2.0**given_up
        return min(LONGEST_DEADLINE_S, deadline_s)

    def _add(self, seconds: float) -> None:
        self._recent.append(seconds)
        insort(self._sorted, seconds)
        if len(self._recent) > _REMEMBERED:
            self._sorted.remove(self._recent.popleft())


def usable_workers(per_minute: float, latency_s: float) -> int:
    """Return how many calls at once a limit can keep busy, at least 1.

    On average m = R·L/60 are under way (Little's law, as above). Half as many again, and never less than three standard
    deviations of a Poisson number more, is what keeps a slow answer from costing a start that was allowed.

    Args:
        per_minute: R, above 0.
        latency_s: L, the mean seconds of a call, above 0.
    """
    mean = per_minute * latency_s / 60.0
    return max(1, -int(-1.5 * mean // 1), -int(-(mean + 3 * mean**0.5) // 1))
