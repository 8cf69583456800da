"""What the use cases take from outside, so that a test can turn the clock, press Ctrl-C and fix the dice."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from watercolor_rig.app.neighbours import Neighbours
from watercolor_rig.core.clock import Clock
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.runner.lanes import Lanes


class SystemClock:
    """The machine's monotonic clock."""

    def now_s(self) -> float:
        """Return seconds since some moment in the past."""
        return time.monotonic()


def no_interrupts(_lanes: Lanes) -> AbstractContextManager[None]:
    """Return a context in which Ctrl-C does what it does anyway."""
    return nullcontext()


@dataclass(frozen=True)
class Toolbox:
    """The outside world.

    Attributes:
        environment: Environment variables.
        clock: Tells the time.
        policy: Patience with a failing service.
        rng: Source of the jitter of retries.
        interrupts: Context in which Ctrl-C goes to the lanes instead of raising.
        state_folder: Returns the folder for what is known of services between runs; None to keep nothing.
        ask: Puts a question to the user; None where nobody is there to answer.
        neighbours: What the run shares with others of its process.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    rng: Random = field(default_factory=Random)
    interrupts: Callable[[Lanes], AbstractContextManager[None]] = no_interrupts
    state_folder: Callable[[], Path] | None = None
    ask: Callable[[str], bool] | None = None
    neighbours: Neighbours = field(default_factory=Neighbours)
