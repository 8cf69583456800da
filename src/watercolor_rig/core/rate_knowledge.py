"""What is known of a service's limit in calls a minute, and how it is learnt: arithmetic, with the clock passed in.

In this order: what the user says; what the service names; what an earlier run has learnt; else a slow start from 5 a
minute. Slow start doubles after each clean half minute that really used the rate and ends at the first refusal, at
the number of calls that the service took in the minute before: for a server that counts over the last minute that is
the limit itself. From then on the rate is raised by 5 % at growing intervals. A raise that is refused is taken back.
Where a good part of the calls is refused, as by a bucket of tokens that has run dry, the rate falls to what was taken
since; where few are, it falls by 15 % at growing intervals, so that a service that refuses at random does not bring it
to a halt. (Increase and decrease after D.-M. Chiu and R. Jain, Computer Networks and ISDN Systems 17, 1989; here on
calls a minute, because such services limit by count and their latency does not tell.)
"""

from dataclasses import dataclass
from math import inf

FIRST_PER_MINUTE = 5.0
"""The lowest tier that is known of: five images a minute."""

WINDOW_S = 60.0
SETTLED_S = 5.0
"""A start counts once so many seconds have passed without a refusal."""

_STARTING_WINDOW_S = 30.0
_USED = 0.6
"""Share of the rate that the last minute must have used before it says anything; of a rate that was doubled half a
minute ago it is at most three quarters."""

_STEP_UP = 1.05
_STEP_DOWN = 0.85
_LEAST_PER_MINUTE = 1.0
_MEASURED_AFTER_S = 20.0
_DRY = 0.15
"""Share of refused calls that tells a rate that is far too high from one that is a little."""

_FIRST_PATIENCE, _LONGEST_PATIENCE = 4, 64
_PATIENCE_OF_THE_LEARNT = 16
"""Clean windows before a raise; after each refusal twice as many, so that refusals get rare."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What one run leaves to the next.

    Attributes:
        per_minute: Calls a minute that worked, above 0.
        settled: Whether a refusal has ended the slow start, or the service named the limit.
    """

    per_minute: float
    settled: bool


class RateKnowledge:
    """The rate to keep to, as it is learnt.

    Args:
        chosen: Calls a minute that the user asked for; nothing is learnt then.
        learnt: What an earlier run left.
        limited: Whether a limit is to be expected; without one, and with nothing learnt, the rate is unlimited until
            the service names a limit.
    """

    def __init__(self, *, chosen: float | None = None, learnt: Learnt | None = None, limited: bool = True) -> None:
        self._is_chosen = chosen is not None
        self._rate = FIRST_PER_MINUTE if limited else inf
        self._is_starting = limited
        self._has_just_ended = self._is_raised = False
        self._patience = _FIRST_PATIENCE
        if learnt is not None:
            self._rate = learnt.per_minute
            self._is_starting = not learnt.settled
            self._patience = _PATIENCE_OF_THE_LEARNT
        if chosen is not None:
            self._rate = chosen
        self._proven: float | None = None if learnt is None else learnt.per_minute
        self._named_by_answers = inf
        self._named_by_refusal = inf
        self._clean_windows = 0
        self._first_start_s: float | None = None
        self._window_from_s = self._changed_s = -inf
        self._step_down_after_s = WINDOW_S
        self._starts_since_refusal = self._starts_since_change = 0
        self._refused_together = self._refused_since_change = 0

    @property
    def per_minute(self) -> float | None:
        """Calls a minute to keep to, or None where no limit is known or expected."""
        return None if self._rate == inf else self._rate

    @property
    def learnt(self) -> Learnt | None:
        """What the next run should start from, or None where the user chose, or nothing has been seen to work."""
        if self._is_chosen or self._rate == inf:
            return None
        if not self._is_starting and not self._is_raised:
            return Learnt(self._rate, settled=True)
        return None if self._proven is None else Learnt(self._proven, settled=not self._is_starting)

    def started(self, now_s: float) -> None:
        """Hear of a call that starts."""
        if self._first_start_s is None:
            self._first_start_s = self._window_from_s = now_s
        self._starts_since_refusal += 1
        self._starts_since_change += 1

    def is_review_due(self, now_s: float) -> bool:
        """Return whether a whole window has passed cleanly, so that `review` may raise the rate."""
        if self._is_chosen or self._rate == inf or self._first_start_s is None:
            return False
        window_s = _STARTING_WINDOW_S if self._is_starting else WINDOW_S
        return now_s - self._window_from_s >= window_s + SETTLED_S

    def review(self, now_s: float, starts: int) -> None:
        """Raise the rate if a clean window has used it.

        Args:
            now_s: The clock of `started`.
            starts: Calls that started in the last minute, on this key, by whomever.
        """
        if not self.is_review_due(now_s) or starts < int(_USED * self._rate):
            return
        self._window_from_s = now_s
        self._proven = max(self._proven or 0.0, self._rate)
        self._is_raised = False
        if self._is_starting:
            self._raise_to(self._rate * 2, now_s)
            return
        self._clean_windows += 1
        if self._clean_windows >= self._patience:
            self._clean_windows = 0
            self._raise_to(self._rate * _STEP_UP, now_s)

    def named(self, now_s: float, limit: float) -> None:
        """Hear of a limit in calls a minute that the headers of an answer name."""
        if not 0 < limit < inf or limit == self._named_by_answers:
            return
        self._named_by_answers = limit
        if self._is_chosen:
            return
        if self._is_starting or self._rate > limit:
            self._settle(limit, now_s)

    def refused(self, now_s: float, limit: float | None, starts: int) -> None:
        """Hear of a refusal by the rate limit.

        Args:
            now_s: The clock of `started`.
            limit: Calls a minute that the refusal names, or None.
            starts: Calls that started in the last minute, this one and other refused ones among them.
        """
        again = self._starts_since_refusal > 0
        self._refused_together = 1 if again else self._refused_together + 1
        self._refused_since_change += 1
        self._starts_since_refusal = 0
        self._window_from_s = now_s
        self._clean_windows = 0
        if self._is_chosen:
            return
        if limit is not None and 0 < limit < inf and limit != self._named_by_refusal:
            self._named_by_refusal = limit
            self._settle(limit, now_s)
        elif self._is_starting or (self._has_just_ended and not again):
            self._end_slow_start(now_s, starts - self._refused_together)
        elif again and self._rate < inf:
            self._has_just_ended = False
            self._retreat(now_s)

    def _end_slow_start(self, now_s: float, taken: int) -> None:
        """Fall to what the service took in the last minute; start slowly from there if that was not all ours."""
        self._change_to(max(_LEAST_PER_MINUTE, min(self._rate, float(taken))), now_s)
        self._has_just_ended = True
        self._is_starting = self._first_start_s is None or now_s - self._first_start_s < WINDOW_S

    def _retreat(self, now_s: float) -> None:
        since_s = now_s - self._changed_s
        is_dry = self._refused_since_change >= _DRY * self._starts_since_change
        if self._proven is not None and self._rate > self._proven:
            self._patience = min(_LONGEST_PATIENCE, self._patience * 2)
            self._change_to(self._proven, now_s)
        elif is_dry and since_s >= _MEASURED_AFTER_S:
            taken = (self._starts_since_change - self._refused_since_change) * WINDOW_S / since_s
            self._lower_to(min(self._rate, max(taken, self._rate / 2)), now_s)
        elif since_s >= self._step_down_after_s:
            self._step_down_after_s *= 2
            self._lower_to(self._rate * _STEP_DOWN, now_s)

    def _lower_to(self, rate: float, now_s: float) -> None:
        self._change_to(max(_LEAST_PER_MINUTE, rate), now_s)
        self._proven = self._rate

    def _settle(self, limit: float, now_s: float) -> None:
        self._is_starting = False
        self._change_to(limit, now_s)
        self._proven = self._rate

    def _raise_to(self, rate: float, now_s: float) -> None:
        self._change_to(rate, now_s)
        self._is_raised = True

    def _change_to(self, rate: float, now_s: float) -> None:
        self._rate = min(rate, self._named_by_answers, self._named_by_refusal)
        self._is_raised = False
        self._changed_s = now_s
        self._starts_since_change = self._refused_since_change = 0
