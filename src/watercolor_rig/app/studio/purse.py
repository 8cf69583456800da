"""What all jobs of a project spend from together: the project's budget, less what the ledger says was spent."""

from decimal import Decimal
from threading import Lock

from watercolor_rig.app.memory import Memory
from watercolor_rig.core.errors import BudgetError, UsageError


class ProjectPurse:
    """Counts the money of one project while jobs run. Safe from every thread.

    Args:
        memory: Where the ledger is.
        budget_usd: The most that may be spent in all, or None.
    """

    def __init__(self, memory: Memory, budget_usd: Decimal | None) -> None:
        self._lock = Lock()
        self._memory = memory
        self._spent_usd = Decimal(0)
        self._aside_usd = Decimal(0)
        self.budget_usd = budget_usd

    def look(self) -> None:
        """Count anew from the ledger, where the command line may have spent since; no job runs now.

        Raises:
            StoreError: if the ledger cannot be read.
        """
        ledger = self._memory.read_ledger()
        if ledger is None:
            return
        with ledger:
            sums = ledger.spending("run")
        with self._lock:
            self._spent_usd = sum((part.cost_usd + part.perhaps_usd for part in sums), Decimal(0))
            self._aside_usd = Decimal(0)

    def check(self, expected_usd: Decimal | None) -> None:
        """Refuse a run whose price is not known, where there is a budget.

        Raises:
            UsageError: then.
        """
        if self.budget_usd is not None and expected_usd is None:
            raise UsageError(
                "the price of this model is not known, so the project's budget cannot be kept; "
                "choose another model, or remove the budget",
            )

    def begin(self, expected_usd: Decimal) -> None:
        """Set the estimate of a call aside before it is made.

        Raises:
            BudgetError: if it could pass the budget; then it must not be made.
        """
        with self._lock:
            reserved = self._spent_usd + self._aside_usd
            if self.budget_usd is not None and reserved + expected_usd > self.budget_usd:
                raise BudgetError(
                    f"the next call, about ${expected_usd:.3f}, could pass the project's budget of "
                    f"${self.budget_usd:.2f} (spent or under way: ${reserved:.3f}); raise it to go on",
                )
            self._aside_usd += expected_usd

    def end(self, expected_usd: Decimal, cost_usd: Decimal) -> None:
        """Take what a call cost, or may have cost, in place of what was set aside for it."""
        with self._lock:
            self._aside_usd -= expected_usd
            self._spent_usd += cost_usd
