"""One purse for all jobs: what is set aside counts, what was perhaps billed counts, and nothing counts twice."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.app.budget import Budget, Spending
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.studio.purse import ProjectPurse
from watercolor_rig.core.errors import BudgetError, UsageError
from watercolor_rig.store.ledger import OK, Ending, NewAttempt

D = Decimal


def purse(budget: str | None, folder: Path = Path("nowhere")) -> ProjectPurse:
    return ProjectPurse(Memory(folder), None if budget is None else D(budget))


def test_calls_under_way_in_several_jobs_count_together() -> None:
    shared = purse("0.10")
    first, second = (Spending(Budget(purse=shared), D("0.04")) for _ in range(2))
    first.begin()
    second.begin()

    with pytest.raises(BudgetError, match=r"budget of \$0\.10 \(spent or under way: \$0\.080\); raise it to go on"):
        first.begin()
    second.end(D("0.01"), perhaps_billed=True)
    first.begin()


def test_a_call_that_may_have_been_billed_unseen_counts_as_its_estimate() -> None:
    shared = purse("0.05")
    spending = Spending(Budget(purse=shared), D("0.04"))
    spending.begin()
    spending.end(None, perhaps_billed=True)

    with pytest.raises(BudgetError):
        spending.begin()


def test_without_a_budget_nothing_is_refused_and_any_price_will_do() -> None:
    spending = Spending(Budget(purse=purse(None)), None)

    for _ in range(100):
        spending.begin()


def test_a_price_that_is_not_known_cannot_be_kept_within_a_budget() -> None:
    with pytest.raises(UsageError, match="choose another model, or remove the budget"):
        Spending(Budget(purse=purse("1")), None)


def test_what_the_ledger_knows_is_spent_already(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    with memory.open_ledger() as ledger:
        ledger.begin_run("tween")
        number = ledger.begin_attempt(NewAttempt("key", "a t=0.5", "a", "openai", "m", D("0.04")))
        ledger.end_attempt(number, Ending(OK, cost_usd=D("0.03")))
        ledger.begin_attempt(NewAttempt("key", "a t=0.25", "a", "openai", "m", D("0.04")))
    shared = purse("0.10", tmp_path)
    shared.look()

    shared.begin(D("0.03"))
    with pytest.raises(BudgetError):
        shared.begin(D("0.01"))


@given(st.lists(st.tuples(st.integers(1, 9), st.none() | st.integers(0, 9), st.booleans()), max_size=30))
def test_no_sequence_of_calls_as_dear_as_expected_passes_the_budget(
    calls: list[tuple[int, int | None, bool]],
) -> None:
    shared = purse("20")
    billed = D(0)
    for expected, cost, perhaps in calls:
        try:
            shared.begin(D(expected))
        except BudgetError:
            continue
        real = D(min(expected, cost)) if cost is not None else D(expected) if perhaps else D(0)
        shared.end(D(expected), real)
        billed += real

    assert billed <= 20
