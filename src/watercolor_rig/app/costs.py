"""The use case behind `watercolor-rig cost`: what the calls of a project cost, and may have cost."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Literal

from watercolor_rig.app.memory import Memory
from watercolor_rig.app.tally import Emit
from watercolor_rig.core.project_events import CostSummed
from watercolor_rig.store.ledger_reading import Run, Spending

Grouping = Literal["run", "sequence", "model", "outcome"]


def say_costs(project: Path, by: Grouping, emit: Emit) -> int:
    """Say the sums of all calls, and their total last; return the exit status 0.

    A project without a ledger has spent nothing.

    Raises:
        StoreError: if the ledger cannot be read.
    """
    sums: list[Spending] = []
    runs: dict[int, Run] = {}
    ledger = Memory(project.resolve()).read_ledger()
    if ledger is not None:
        with ledger:
            sums, runs = ledger.spending(by), ledger.runs()
    for part in sums:
        run = runs.get(int(part.label), Run("", "")) if by == "run" else Run("", "")
        emit(_said(by, part, run))
    emit(_said("total", total_of(sums), Run("", "")))
    return 0


def total_of(sums: Iterable[Spending]) -> Spending:
    """Return the sum of sums."""
    total = Spending("", 0, 0, Decimal(0), Decimal(0))
    for part in sums:
        total = Spending(
            "",
            total.calls + part.calls,
            total.answered + part.answered,
            total.cost_usd + part.cost_usd,
            total.perhaps_usd + part.perhaps_usd,
            total.unpriced + part.unpriced,
        )
    return total


def _said(by: Grouping | Literal["total"], part: Spending, run: Run) -> CostSummed:
    return CostSummed(
        by=by,
        label=part.label,
        began=run.began,
        command=run.command,
        calls=part.calls,
        answered=part.answered,
        cost_usd=part.cost_usd,
        perhaps_usd=part.perhaps_usd,
        unpriced=part.unpriced,
    )
