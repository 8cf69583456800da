"""What to do after a failed call: pure arithmetic on the number of tries, no clock and no sleep."""

from dataclasses import dataclass
from random import Random

_HINTS_TRUSTED = 3
"""After so many refusals in a row, waiting as long as the service says has been shown not to be enough."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient a run is; all times in seconds.

    Attributes:
        tries: Attempts at one picture before a transient failure is final, at least 1.
        first_wait_s: Upper end of the wait before the second attempt; doubled for each further one.
        longest_wait_s: Cap of that.
        limited_wait_s: Pause after the first refusal by a rate limit that names no time; doubled for each further
            refusal in a row.
        longest_limited_wait_s: Cap of that; a time that the service names is obeyed as it is, and lengthened only
            when it has proved too short several times in a row.
        patience_s: How long refusals in a row, with no answer in between, are borne before the run stops.
    """

    tries: int = 4
    first_wait_s: float = 2.0
    longest_wait_s: float = 30.0
    limited_wait_s: float = 12.0
    longest_limited_wait_s: float = 120.0
    patience_s: float = 1800.0

    def wait_after_failure(self, failures: int, rng: Random) -> float | None:
        """Return the seconds to wait after the `failures`-th transient failure, or None where that was the last try.

        Exponential back-off with full jitter: uniform between 0 and the cap, so that many workers that failed
        together do not come back together (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015).
        """
        if failures >= self.tries:
            return None
        return rng.uniform(0, min(self.longest_wait_s, self.first_wait_s * 2 ** (failures - 1)))

    def wait_after_refusal(self, refusals: int, named_s: float | None) -> float:
        """Return the pause after the `refusals`-th refusal in a row; `named_s` is what the service asked for."""
        if named_s is None:
            return min(self.longest_limited_wait_s, self.limited_wait_s * 2.0 ** (refusals - 1))
        if refusals <= _HINTS_TRUSTED:
            return max(0.0, named_s)
        least_s = self.first_wait_s * 2.0 ** (refusals - _HINTS_TRUSTED - 1)
        return max(named_s, min(self.longest_limited_wait_s, least_s))
