"""One budget for a run that asks two engines: what both have spent counts together."""

from decimal import Decimal

from watercolor_rig.app.budget import Budget
from watercolor_rig.core.errors import BudgetError, UsageError


class OnePurse:
    """What the steps of a run spend from.

    Args:
        budget: The limits of the whole run.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._calls = 0
        self._spent_usd = self._aside_usd = Decimal(0)

    def begin(self, expected_usd: Decimal) -> None:
        """Set the estimate of a call aside before it is made.

        Raises:
            BudgetError: if it could pass a limit; then it must not be made.
        """
        most, limit = self._budget.max_calls, self._budget.max_cost_usd
        if most is not None and self._calls >= most:
            raise BudgetError(f"--max-calls {most} is reached; run again to go on")
        reserved = self._spent_usd + self._aside_usd
        if limit is not None and reserved + expected_usd > limit:
            raise BudgetError(
                f"the next call, about ${expected_usd:.3f}, could pass --max-cost {limit} (spent or under way: "
                f"${reserved:.3f}); raise it and run again to go on",
            )
        self._calls += 1
        self._aside_usd += expected_usd

    def end(self, expected_usd: Decimal, cost_usd: Decimal) -> None:
        """Take what a call cost, or may have cost, in place of what was set aside for it."""
        self._aside_usd -= expected_usd
        self._spent_usd += cost_usd

    def check(self, expected_usd: Decimal | None) -> None:
        """Refuse a run whose price is not known, where there is a limit.

        Raises:
            UsageError: then.
        """
        if self._budget.max_cost_usd is not None and expected_usd is None:
            raise UsageError("--max-cost: the price of this model is not known; use --max-calls instead")
