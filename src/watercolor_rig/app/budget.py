"""What a run may spend, and the question before it spends much."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from watercolor_rig.core.errors import BudgetError, UsageError

ASK_ABOVE_USD = Decimal(1)
"""On a terminal, an estimate above this is confirmed first."""


class Purse(Protocol):
    """What several runs spend from together."""

    def begin(self, expected_usd: Decimal) -> None:
        """Set the estimate of a call aside before it is made.

        Raises:
            BudgetError: if it could pass the limit; then it must not be made.
        """
        ...

    def end(self, expected_usd: Decimal, cost_usd: Decimal) -> None:
        """Take what a call cost, or may have cost, in place of what was set aside for it."""
        ...

    def check(self, expected_usd: Decimal | None) -> None:
        """Refuse a run whose price is not known, where there is a limit.

        Raises:
            UsageError: then.
        """
        ...


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one run.

    Attributes:
        max_cost_usd: The run stops before a call that could pass this; None for no limit.
        max_calls: The run makes no more calls than this; None for no limit.
        assume_yes: Do not ask.
        purse: What other runs spend from as well, or None.
    """

    max_cost_usd: Decimal | None = None
    max_calls: int | None = None
    assume_yes: bool = False
    purse: Purse | None = None


class Spending:
    """What one run has spent and may have spent.

    Args:
        budget: Its limits.
        expected_usd: Estimate of one call, or None where the price is not known.

    Raises:
        UsageError: for a limit of cost where no call's price is known.
    """

    def __init__(self, budget: Budget, expected_usd: Decimal | None) -> None:
        if budget.max_cost_usd is not None and expected_usd is None:
            raise UsageError("--max-cost: the price of this model is not known; use --max-calls instead")
        if budget.purse is not None:
            budget.purse.check(expected_usd)
        self._budget = budget
        self._expected_usd = expected_usd or Decimal(0)
        self._calls = 0
        self._under_way = 0
        self._spent_usd = Decimal(0)

    def begin(self) -> None:
        """Count a call that is about to be made.

        Raises:
            BudgetError: if it could pass a limit; then it must not be made.
        """
        most = self._budget.max_calls
        if most is not None and self._calls >= most:
            raise BudgetError(f"--max-calls {most} is reached; run again to go on")
        limit = self._budget.max_cost_usd
        reserved = self._spent_usd + self._expected_usd * (self._under_way + 1)
        if limit is not None and reserved > limit:
            raise BudgetError(
                f"the next call, about ${self._expected_usd:.3f}, could pass --max-cost {limit} "
                f"(spent or under way: ${reserved - self._expected_usd:.3f}); raise it and run again to go on",
            )
        if self._budget.purse is not None:
            self._budget.purse.begin(self._expected_usd)
        self._calls += 1
        self._under_way += 1

    def end(self, cost_usd: Decimal | None, *, perhaps_billed: bool) -> None:
        """Count how a call ended; one that may have been billed unseen counts as its estimate."""
        self._under_way -= 1
        spent_usd = cost_usd if cost_usd is not None else self._expected_usd if perhaps_billed else Decimal(0)
        self._spent_usd += spent_usd
        if self._budget.purse is not None:
            self._budget.purse.end(self._expected_usd, spent_usd)
