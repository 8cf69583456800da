"""What a project cost, by run, sequence, model and outcome; what is not known is said to be unknown."""

from decimal import Decimal
from typing import Any

import pytest

from support.project import PAIR, Project
from watercolor_rig.app.costs import Grouping, say_costs
from watercolor_rig.app.journal import open_ledger
from watercolor_rig.core.project_events import CostSummed
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.store.ledger import OK, Ending, NewAttempt

PATH = "neutral_to_ah__center"


def costs(project: Project, by: Grouping = "run") -> list[CostSummed]:
    said: list[Any] = []
    assert say_costs(project.root, by, said.append) == 0
    return said


def test_a_project_without_a_ledger_spent_nothing_and_gets_none(project: Project) -> None:
    (total,) = costs(project)

    assert (total.by, total.calls, total.cost_usd) == ("total", 0, Decimal(0))
    assert not (project.root / ".watercolor-rig").exists()


def test_each_run_has_its_sum_its_date_and_its_command_and_the_total_comes_last(project: Project) -> None:
    project.make(1)
    base = project.put("portrait.png", (project.endpoints / "neutral__center.png").read_bytes())
    project.express(base, overwrite=True)

    first, second, total = costs(project)

    assert (first.label, first.command, first.calls, first.cost_usd) == ("1", "tween", 1, Decimal("0.04"))
    assert (second.label, second.command) == ("2", "expression")
    assert first.began <= second.began
    assert (total.by, total.began) == ("total", "")
    assert total.cost_usd == first.cost_usd + second.cost_usd


def test_answers_that_are_recalled_cost_nothing(project: Project) -> None:
    project.make(1)
    (project.sequences / PATH / "050.png").unlink()
    project.make(1)

    assert costs(project)[-1].cost_usd == Decimal("0.04")


def test_failed_calls_may_have_cost_their_estimate(project: Project) -> None:
    project.make(1, script="transient*2")

    *_, total = costs(project, "outcome")

    assert (total.calls, total.answered) == (3, 1)
    assert (total.cost_usd, total.perhaps_usd) == (Decimal("0.04"), Decimal("0.08"))


def test_calls_are_summed_by_sequence_and_by_model(project: Project) -> None:
    project.configure(PAIR)
    project.draw("ee")
    project.make(1, reuse_reversed=False)

    assert [(part.label, part.calls) for part in costs(project, "sequence")[:-1]] == [
        ("neutral_to_ah__center", 1),
        ("ah_to_ee__center", 1),
        ("ee_to_ah__center", 1),
    ]
    assert [(part.label, part.calls) for part in costs(project, "model")[:-1]] == [("scripted", 3)]


@pytest.mark.parametrize(
    ("expected", "perhaps", "unpriced"), [(Decimal("0.05"), Decimal("0.05"), 0), (None, Decimal(0), 1)]
)
def test_an_answer_without_a_price_is_not_taken_for_free(
    project: Project, expected: str | None, perhaps: str, unpriced: int
) -> None:
    with open_ledger(project.root) as ledger:
        ledger.begin_run("tween")
        number = ledger.begin_attempt(
            NewAttempt("key", "a t=0.5", "a", "openai", "m", Decimal(expected) if expected else None)
        )
        ledger.end_attempt(number, Ending(OK))

    *_, total = costs(project)

    assert (total.cost_usd, total.perhaps_usd, total.unpriced) == (Decimal(0), Decimal(perhaps), unpriced)


def test_the_sums_can_be_read_while_a_run_writes(project: Project) -> None:
    with open_ledger(project.root) as ledger:
        ledger.begin_run("tween")
        ledger.begin_attempt(NewAttempt("key", "a t=0.5", "a", "openai", "m", Decimal("0.05")))

        *_, total = costs(project)

    assert (total.calls, total.perhaps_usd) == (1, Decimal("0.05"))


def test_a_free_run_costs_nothing(project: Project) -> None:
    project.make(1, engine="crossfade", settings=EngineSettings())

    assert costs(project)[-1].calls == 0
