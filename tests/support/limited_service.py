"""A service with a limit a minute, on a clock that only moves when the driver waits: hours of calls in a second."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from support.virtual_lanes import ANSWER, Outcome, VirtualLanes
from watercolor_rig.core.errors import RateLimitedError
from watercolor_rig.engines.api import Usage
from watercolor_rig.runner.lanes import Request

MINUTE_S = 60.0
REFUSED_AFTER_S = 0.2


class Server(Protocol):
    """Counts calls."""

    def take(self, now_s: float) -> float:
        """Take a call and return 0, or return the seconds after which one would be taken."""


@dataclass
class SlidingWindow:
    """At most `limit` calls in any minute; refused ones do not count."""

    limit: int
    _taken: deque[float] = field(default_factory=deque)

    def take(self, now_s: float) -> float:
        while self._taken and self._taken[0] <= now_s - MINUTE_S:
            self._taken.popleft()
        if len(self._taken) >= self.limit:
            return self._taken[0] + MINUTE_S - now_s
        self._taken.append(now_s)
        return 0.0


@dataclass
class TokenBucket:
    """A full bucket of `limit` tokens that refills by `limit` a minute."""

    limit: int
    _tokens: float = -1.0
    _at_s: float = 0.0

    def take(self, now_s: float) -> float:
        before = self.limit if self._tokens < 0 else self._tokens
        self._tokens = min(self.limit, before + (now_s - self._at_s) * self.limit / MINUTE_S)
        self._at_s = now_s
        if self._tokens < 1:
            return (1 - self._tokens) * MINUTE_S / self.limit
        self._tokens -= 1
        return 0.0


@dataclass(frozen=True)
class Manners:
    """What a refusal says, and an answer.

    Attributes:
        hints: It names the time to wait.
        names: It names the limit.
        heads: Every good answer names it, as headers do.
    """

    hints: bool = True
    names: bool = False
    heads: bool = False


class LimitedLanes(VirtualLanes):
    """Lanes to such a service.

    Args:
        workers: How many.
        server: Counts calls as they arrive.
        latency_s: Returns the length of a call that is taken.
        manners: What refusals say.
        seed: Of latencies and of the way to the server, which takes up to half a second.
    """

    def __init__(
        self,
        workers: int,
        server: Server,
        latency_s: Callable[[Random], float],
        manners: Manners = Manners(),
        seed: int = 1,
    ) -> None:
        super().__init__(workers)
        if manners.heads:
            usage = Usage("limited-1", limit_per_minute=float(getattr(server, "limit", 0)))
            self.answer = replace(ANSWER, picture=replace(ANSWER.picture, usage=usage))
        self.refused = 0
        self._arrives_s = 0.0
        self._server = server
        self._latency_s = latency_s
        self._manners = manners
        self._rng = Random(seed)
        self._seed = seed

    def outcome_of(self, request: Request) -> Outcome:
        self._arrives_s = max(self._arrives_s, self.now_s() + self._rng.uniform(0.0, 0.5))
        way_s = self._arrives_s - self.now_s()
        wait_s = self._server.take(self._arrives_s)
        if wait_s <= 0:
            return Outcome(way_s + self._latency_s(Random(f"{self._seed} {request.name}")))
        self.refused += 1
        limit = float(getattr(self._server, "limit", 0)) if self._manners.names else None
        hint = wait_s if self._manners.hints else None
        error = RateLimitedError(f"{request.name}: 429", wait_s=hint, limit_per_minute=limit)
        return Outcome(way_s + REFUSED_AFTER_S, error)
