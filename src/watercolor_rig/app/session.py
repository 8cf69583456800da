"""What every step of one run shares: the project, the engine, the listener and the outside world."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from watercolor_rig.app.budget import ASK_ABOVE_USD, Budget, Spending
from watercolor_rig.app.engine_choice import ChosenEngine
from watercolor_rig.app.journal import Journal
from watercolor_rig.app.tally import Emit
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import DeclinedError
from watercolor_rig.core.events import WorkPlanned


@dataclass(frozen=True, slots=True)
class Session:
    """One run.

    Attributes:
        project: The folder that it writes in.
        chosen: Who draws.
        emit: Hears what happens.
        toolbox: The outside world.
    """

    project: Path
    chosen: ChosenEngine
    emit: Emit
    toolbox: Toolbox

    def open_journal(
        self,
        planned: WorkPlanned,
        expected_usd: Decimal | None,
        budget: Budget,
        *,
        reuse: bool,
    ) -> Journal:
        """Return the memory of the run, after the user agreed to what it may cost.

        Args:
            planned: What will be done.
            expected_usd: Estimate of one call, or None.
            budget: The limits.
            reuse: Whether equal requests of the past answer.

        Raises:
            UsageError: for a limit of cost where no price is known.
            DeclinedError: if the user does not agree.
            StoreError: if calls are to be paid and cannot be put on record.
        """
        spending = Spending(budget, expected_usd)
        if planned.paid:
            agree(self.toolbox.ask, budget, planned.calls, planned.cost_usd, planned.cost_at_most_usd)
        others = self.toolbox.neighbours
        recalls = (lambda _take: True) if reuse else others.recalls
        command = others.command or planned.kind
        journal = Journal(self.project, self.chosen, spending, expected_usd, recalls=recalls, command=command)
        if planned.calls and self.chosen.plugin.traits.paid:
            journal.open()
        return journal


def agree(
    ask: Callable[[str], bool] | None,
    budget: Budget,
    calls: int,
    cost_usd: Decimal | None,
    at_most_usd: Decimal | None,
) -> None:
    """Ask the user before calls that may cost much.

    Args:
        ask: Puts a question; None where nobody is there to answer.
        budget: Says whether to ask at all.
        calls: How many calls may cost money.
        cost_usd: Their estimate, or None.
        at_most_usd: The same if all have to be asked for again.

    Raises:
        DeclinedError: if the user does not agree.
    """
    if not calls or ask is None or budget.assume_yes:
        return
    most_usd = at_most_usd or cost_usd
    if cost_usd is not None and most_usd is not None and most_usd <= ASK_ABOVE_USD:
        return
    price = "an unknown price" if cost_usd is None else f"about ${cost_usd:.2f}"
    if cost_usd and most_usd and most_usd > cost_usd:
        price += f", at most ${most_usd:.2f}"
    if not ask(f"Make {calls} calls for {price}?"):
        raise DeclinedError("nothing was asked and nothing spent; --only and --max-cost make a run smaller")
