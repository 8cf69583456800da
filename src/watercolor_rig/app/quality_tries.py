"""Asks once more for pictures that are no good, and remembers which answer is the best so far."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from watercolor_rig.core.quality import Quality
from watercolor_rig.engines.api import Care, Traits

K = TypeVar("K", bound=Hashable)

DEFAULT_RETRIES = 1


@dataclass(frozen=True, slots=True)
class QualityOptions:
    """What becomes of pictures by an engine that redraws everything.

    Attributes:
        retries: How often a picture that is no good is asked for again, at least 0.
        repair: Whether what must not move is put back, and pictures are judged.
        snap_alpha: Whether haze and near-opaque alpha are cleared away.
        fall_back: Whether the local engine draws an in-between that no try has brought.
    """

    retries: int = DEFAULT_RETRIES
    repair: bool = True
    snap_alpha: bool = True
    fall_back: bool = True

    def at_most(self, cost_usd: Decimal | None, traits: Traits) -> Decimal | None:
        """Return what a run costs where every picture has to be asked for as often as it may be.

        A picture that shall not be repaired is not judged either, so it is asked for once.

        Args:
            cost_usd: What it costs if each is asked for once, or None.
            traits: Of the engine.
        """
        is_judged = traits.redraws and self.repair
        return cost_usd * (1 + self.retries) if cost_usd is not None and is_judged else cost_usd


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an answer.

    Attributes:
        is_best: No earlier one of this run is better.
        again: Why another one is asked for, in words; "" where this settles the matter.
    """

    is_best: bool
    again: str = ""


@dataclass
class QualityTries(Generic[K]):
    """The tries of one run.

    Attributes:
        options: How often to try, and what to do then.
    """

    options: QualityOptions = field(default_factory=QualityOptions)
    _tries: Counter[K] = field(default_factory=Counter)
    _best: dict[K, float] = field(default_factory=dict)
    _needs: dict[K, tuple[str, ...]] = field(default_factory=dict)

    def needs(self, key: K) -> tuple[str, ...]:
        """Return what the next prompt must mind: keys of `core.prompts.MINDED`."""
        return self._needs.get(key, ())

    def care(self, key: K) -> Care:
        """Return what shall become of the next answer."""
        options = self.options
        is_last = self._tries[key] >= options.retries
        return Care(options.repair, options.snap_alpha, fall_back=options.fall_back and is_last)

    def book(self, key: K, quality: Quality | None) -> Verdict:
        """Book an answer and return what becomes of it; one that nobody has judged is taken."""
        if quality is None:
            return Verdict(is_best=True)
        self._tries[key] += 1
        is_best = quality.score > self._best.get(key, -1.0)
        if is_best:
            self._best[key] = quality.score
        if quality.is_good or self._tries[key] > self.options.retries:
            return Verdict(is_best)
        self._needs[key] = quality.needs
        return Verdict(is_best, f"not good enough: {'; '.join(quality.faults)}; asking again")

    def has_answer(self, key: K) -> bool:
        """Return whether some answer has come, good or not."""
        return key in self._best
