"""What a run may spend, and the question before it spends much."""

from dataclasses import dataclass
from decimal import Decimal

from watercolor_rig.core.errors import BudgetError, UsageError

ASK_ABOVE_USD = Decimal(1)
"""On a terminal, an estimate above this is confirmed first."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one run.

    Attributes:
        max_cost_usd: The run stops before a call that could pass this; None for no limit.
        max_calls: The run makes no more calls than this; None for no limit.
        assume_yes: Do not ask.
    """

    max_cost_usd: Decimal | None = None
    max_calls: int | None = None
    assume_yes: bool = False


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
        self._calls += 1
        self._under_way += 1

    def end(self, cost_usd: Decimal | None, *, perhaps_billed: bool) -> None:
        """Count how a call ended; one that may have been billed unseen counts as its estimate."""
        self._under_way -= 1
        if cost_usd is not None:
            self._spent_usd += cost_usd
        elif perhaps_billed:
            self._spent_usd += self._expected_usd
