"""Money in the studio, against a loopback service: nothing is paid twice, nothing that arrived is lost, limits hold."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F

import pytest

from support.images_api import ImagesApi
from support.images_engine import KEY
from support.killed_studio import kill_at
from support.patience import PATIENCE_S
from support.project import Project
from support.studio import Studio, opened
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.studio.job_view import JobState
from watercolor_rig.app.studio.orders import Order, RegenerateWork, SequencesWork
from watercolor_rig.core.errors import UsageError

SEQUENCE = "neutral_to_ah__center"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[ImagesApi]:
    with ImagesApi() as api:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", api.base_url)
        yield api


@pytest.fixture
def studio(project: Project, api: ImagesApi) -> Iterator[Studio]:
    del api
    with opened(project) as studio:
        yield studio


def paid(work: SequencesWork | RegenerateWork, **changes: object) -> Order:
    return replace(Order(work, engine="openai"), **changes)  # type: ignore[arg-type]  # its fields


def test_a_frame_is_asked_for_anew_although_an_equal_request_was_answered(studio: Studio, api: ImagesApi) -> None:
    studio.done(studio.workshop.start(paid(SequencesWork(depth=1))))
    work = RegenerateWork(SEQUENCE, (F(1, 2),))

    first = studio.done(studio.workshop.start(paid(work)))
    second = studio.done(studio.workshop.start(paid(work)))

    assert len(api.calls) == 3
    assert first.spent_usd == second.spent_usd > 0
    assert first.expected_usd is not None


def test_a_note_is_in_the_prompt(studio: Studio, api: ImagesApi) -> None:
    studio.done(studio.workshop.start(paid(SequencesWork(depth=1))))
    studio.done(studio.workshop.start(paid(RegenerateWork(SEQUENCE, (F(1, 2),), note="show the teeth"))))

    assert ["Of this frame in particular: show the teeth" in call.seen.prompt for call in api.calls] == [False, True]


def test_an_answer_that_arrived_and_was_never_placed_is_used_and_not_paid_again(studio: Studio, api: ImagesApi) -> None:
    studio.project.make(1)
    order = paid(RegenerateWork(SEQUENCE, (F(1, 2),)))
    kill_at("kept", 1, studio.project.root, order)
    assert len(api.calls) == 1

    ended = studio.done(studio.workshop.start(order))
    assert (len(api.calls), ended.made, ended.spent_usd) == (1, 1, Decimal(0))
    assert studio.workshop.history().undo == f"Regenerate {SEQUENCE} t=0.50"

    studio.done(studio.workshop.start(order))
    assert len(api.calls) == 2


def test_an_answer_that_was_placed_before_a_kill_is_no_answer_to_the_next_wish(studio: Studio, api: ImagesApi) -> None:
    studio.project.make(1)
    before = studio.project.read(SEQUENCE, "050.png")
    order = paid(RegenerateWork(SEQUENCE, (F(1, 2),)))
    kill_at("placed", 1, studio.project.root, order)

    with opened(studio.project) as later:
        later.workshop.undo()
        assert studio.project.read(SEQUENCE, "050.png") == before
        later.done(later.workshop.start(order))

    assert len(api.calls) == 2


def test_a_second_try_of_an_overwriting_job_pays_only_for_what_had_not_arrived(studio: Studio, api: ImagesApi) -> None:
    studio.done(studio.workshop.start(paid(SequencesWork(depth=2))))
    studio.workshop.close()
    order = paid(SequencesWork(depth=2, overwrite=True), max_workers=1)
    kill_at("kept", 2, studio.project.root, order)
    assert len(api.calls) == 5

    with opened(studio.project) as later:
        job = later.workshop.jobs()[0]
        assert job.state is JobState.INTERRUPTED
        ended = later.done(later.workshop.retry(job.id))

    assert (ended.made, len(api.calls)) == (3, 6)


def test_a_call_that_a_kill_cut_off_counts_against_the_budget_as_perhaps_billed(studio: Studio, api: ImagesApi) -> None:
    order = paid(SequencesWork(depth=1))
    price = studio.workshop.estimate(order).cost_usd
    assert price is not None
    kill_at("asked", 1, studio.project.root, order)
    studio.workshop.set_budget(price * Decimal("1.5"))

    ended = studio.end_of(studio.workshop.start(order))

    assert (ended.state, ended.made) == (JobState.FAILED, 0)
    assert len(api.calls) <= 1


def test_the_projects_budget_holds_for_all_jobs_together(studio: Studio, api: ImagesApi) -> None:
    one = studio.workshop.estimate(paid(SequencesWork(depth=1))).cost_usd
    assert one is not None
    studio.workshop.set_budget(one * Decimal("1.5"))
    studio.end_of(studio.workshop.start(paid(SequencesWork(depth=1))))
    second = studio.end_of(studio.workshop.start(paid(SequencesWork(depth=2))))
    assert second.message is not None

    assert (second.state, second.made, len(api.calls)) == (JobState.FAILED, 0, 1)
    assert "could pass the project's budget" in second.message

    studio.workshop.set_budget(None)
    assert studio.done(studio.workshop.retry(second.id)).made == 2


def test_the_budget_is_kept_between_runs_of_the_studio(studio: Studio) -> None:
    studio.workshop.set_budget(Decimal("2.50"))
    kept = json.loads((studio.project.root / ".watercolor-rig/studio/settings.json").read_bytes())

    with opened(studio.project) as later:
        assert later.workshop.budget_usd == Decimal("2.50")
    assert kept == {"schema": 1, "budget_usd": "2.50", "depth": 2}


def test_a_jobs_own_limit_holds_beside_the_budget(studio: Studio, api: ImagesApi) -> None:
    order = paid(SequencesWork(depth=2), max_cost_usd=Decimal("0.001"))

    ended = studio.end_of(studio.workshop.start(order))

    assert (ended.state, api.calls) == (JobState.FAILED, [])


def test_a_budget_cannot_be_kept_with_a_model_whose_price_is_not_known(studio: Studio, api: ImagesApi) -> None:
    studio.workshop.set_budget(Decimal(1))

    ended = studio.end_of(studio.workshop.start(paid(SequencesWork(depth=1), model="some-model")))

    assert (ended.state, api.calls) == (JobState.FAILED, [])
    assert ended.message is not None
    assert "price of this model is not known" in ended.message


def test_what_two_jobs_spend_at_once_stands_in_one_ledger(pair: Project, api: ImagesApi) -> None:
    with opened(pair) as studio:
        jobs = [
            studio.workshop.start(paid(SequencesWork((path,), depth=2)))
            for path in ("neutral_to_ah__center", "neutral_to_ah__left")
        ]
        ended = [studio.workshop.wait(job.id, PATIENCE_S) for job in jobs]

    reader = Memory(pair.root).read_ledger()
    assert reader is not None
    with reader:
        spent = {sums.label: (sums.calls, sums.cost_usd) for sums in reader.spending("sequence")}
        outcomes = [sums.label for sums in reader.spending("outcome")]
    assert spent == {job.order.work.paths[0]: (3, job.spent_usd) for job in ended}  # type: ignore[union-attr, index]
    assert outcomes == ["ok"]
    assert len(api.calls) == 6


def test_a_model_that_is_not_there_is_refused_before_a_job_begins(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.delenv("OPENAI_BASE_URL")

    with pytest.raises(UsageError, match="OPENAI_API_KEY"):
        studio.workshop.start(paid(SequencesWork()))
