"""What a run remembers of its calls: nothing is paid twice, nothing that was replaced is lost, no limit is passed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from support.project import PAIR, Project
from watercolor_rig.app import engine_choice
from watercolor_rig.app.budget import Budget
from watercolor_rig.app.journal import EARLIER_ANSWER, open_ledger
from watercolor_rig.core.errors import DeclinedError, ProjectBusyError, UsageError
from watercolor_rig.core.events import FrameMade, RunEnded, RunStopping
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.engines.scripted import ScriptedPlugin
from watercolor_rig.store import sequence_folder
from watercolor_rig.store.blobs import BlobStore
from watercolor_rig.store.ledger import Ledger, Spending
from watercolor_rig.store.lock import project_lock

PATH = "neutral_to_ah__center"


@pytest.fixture
def ledger(project: Project) -> Iterator[Ledger]:
    with open_ledger(project.root) as opened:
        yield opened


def by_outcome(ledger: Ledger) -> dict[str, Spending]:
    return {sums.label: sums for sums in ledger.spending("outcome")}


def store(project: Project) -> BlobStore:
    return BlobStore(project.root / ".watercolor-rig/store")


def test_every_answer_stands_in_the_ledger_with_its_price_and_its_bytes(project: Project, ledger: Ledger) -> None:
    project.make(1)

    (take,) = ledger.every_take()
    assert (take.file, take.size) == (f"frames/sequences/{PATH}/050.png", (24, 32))
    assert store(project).get(take.picture) == (project.sequences / PATH / "050.png").read_bytes()
    assert take.received == take.picture
    assert by_outcome(ledger)["ok"].cost_usd == Decimal("0.04")


def test_a_lost_frame_is_taken_from_the_store_and_not_paid_again(project: Project, ledger: Ledger) -> None:
    project.make(2)
    before = {name: (project.sequences / PATH / name).read_bytes() for name in project.frames(PATH)}
    for name in ("025.png", "050.png", "manifest.json"):
        (project.sequences / PATH / name).unlink()

    again = project.make(2)

    assert {name: (project.sequences / PATH / name).read_bytes() for name in project.frames(PATH)} == before
    assert [made.shared_from for made in again.of(FrameMade)] == [EARLIER_ANSWER] * 2
    assert again.of(RunEnded)[0].cost_usd == 0
    assert by_outcome(ledger)["ok"].calls == 3


def test_an_answer_that_was_booked_but_not_written_is_not_paid_again(
    project: Project, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(sequence_folder.SequenceFolder, "add", lambda *_: (_ for _ in ()).throw(SystemExit(9)))
        with pytest.raises(SystemExit):
            project.make(1)

    again = project.make(1)

    assert (again.status, again.of(FrameMade)[0].shared_from) == (0, EARLIER_ANSWER)
    assert by_outcome(ledger)["ok"].calls == 1


def test_overwrite_asks_for_a_new_take_and_keeps_the_old_one(project: Project, ledger: Ledger) -> None:
    project.make(1)
    old = (project.sequences / PATH / "050.png").read_bytes()
    project.draw("ah", size=(24, 32), mode="RGB")

    project.make(1, overwrite=True)

    first, second = ledger.takes_of_file(f"frames/sequences/{PATH}/050.png")
    assert store(project).get(first.picture) == old
    assert store(project).get(second.picture) == (project.sequences / PATH / "050.png").read_bytes() != old
    assert by_outcome(ledger)["ok"].calls == 2


def test_a_damaged_content_is_no_answer(project: Project, ledger: Ledger) -> None:
    project.make(1)
    (take,) = ledger.every_take()
    path = store(project).path(take.picture)
    path.chmod(0o644)
    path.write_bytes(b"rot")
    (project.sequences / PATH / "050.png").unlink()

    assert project.make(1).of(FrameMade)[0].shared_from == ""
    assert by_outcome(ledger)["ok"].calls == 2


def test_other_endpoints_make_another_request(project: Project, ledger: Ledger) -> None:
    project.make(1)
    project.draw("ah", mode="RGB")

    project.make(1, refresh=True)

    assert by_outcome(ledger)["ok"].calls == 2


def test_a_reversed_path_has_its_own_take_of_the_same_picture(project: Project, ledger: Ledger) -> None:
    project.configure(PAIR)
    project.draw("ee")
    project.make(2, only="ah_to_ee,ee_to_ah")

    pictures = {tuple(take.file.split("/")[-2:]): take.picture for take in ledger.every_take()}
    assert len(pictures) == 6
    assert pictures["ah_to_ee__center", "025.png"] == pictures["ee_to_ah__center", "075.png"]


def test_what_failed_calls_may_have_cost_is_told_apart(project: Project, ledger: Ledger) -> None:
    project.make(1, script="transient*2; rejected @ t=0.75")

    assert by_outcome(ledger)["engine_transient"].perhaps_usd == Decimal("0.08")
    assert by_outcome(ledger)["ok"].answered == 1


def test_a_free_engine_needs_no_ledger_and_its_replaced_frames_stay_as_takes(project: Project) -> None:
    project.make(1, engine="crossfade", settings=EngineSettings())
    assert not (project.root / ".watercolor-rig/ledger.sqlite3").exists()
    old = (project.sequences / PATH / "050.png").read_bytes()
    project.draw("ah", mode="RGB")

    project.make(1, engine="crossfade", settings=EngineSettings(), refresh=True)

    with open_ledger(project.root) as ledger:
        (take,) = ledger.takes_of_file(f"frames/sequences/{PATH}/050.png")
    assert store(project).get(take.picture) == old


def test_a_run_makes_no_more_calls_than_allowed_and_the_next_one_goes_on(project: Project) -> None:
    first = project.make(2, budget=Budget(max_calls=2))
    second = project.make(2)

    assert (first.status, first.sums) == (1, (2, 0, 1))
    assert "--max-calls 2 is reached" in first.of(RunStopping)[0].reason
    assert (second.status, second.sums) == (0, (1, 0, 0))


def test_a_run_stops_before_a_call_that_could_pass_its_price(project: Project) -> None:
    outcome = project.make(2, budget=Budget(max_cost_usd=Decimal("0.10")), max_workers=4)

    assert (outcome.status, outcome.sums) == (1, (2, 0, 1))
    assert outcome.of(RunEnded)[0].cost_usd == Decimal("0.08")
    assert "could pass --max-cost 0.10" in outcome.of(RunStopping)[0].reason


def test_failed_calls_that_may_be_billed_count_against_the_price(project: Project) -> None:
    outcome = project.make(1, budget=Budget(max_cost_usd=Decimal("0.10")), script="transient*3")

    assert (outcome.status, outcome.sums) == (1, (0, 0, 1))


def test_a_limit_of_price_without_a_known_price_is_refused(project: Project) -> None:
    settings = EngineSettings(model="my-own-model")
    project.toolbox = replace(project.toolbox, environment={"OPENAI_API_KEY": "x"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "sk-test")
        with pytest.raises(UsageError, match="use --max-calls"):
            project.make(1, engine="openai", settings=settings, budget=Budget(max_cost_usd=Decimal(1)))


@pytest.mark.parametrize(("answer", "cost", "asked"), [(True, "0.50", 1), (False, "0.50", 1), (False, "0.10", 0)])
def test_a_run_above_a_dollar_asks_first(project: Project, *, answer: bool, cost: str, asked: int) -> None:
    questions: list[str] = []

    def ask(question: str) -> bool:
        questions.append(question)
        return answer

    project.toolbox = replace(project.toolbox, ask=ask)
    settings = EngineSettings(options={"cost": cost})

    if asked and not answer:
        with pytest.raises(DeclinedError):
            project.make(2, settings=settings)
        assert not project.sequences.exists()
    else:
        assert project.make(2, settings=settings).status == 0

    assert questions == ["Make 3 calls for about $1.50?"] * asked


def test_a_run_asks_first_that_may_pass_a_dollar_where_pictures_have_to_be_asked_for_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    redrawing = ScriptedPlugin(replace(ScriptedPlugin().traits, redraws=True))
    monkeypatch.setattr(engine_choice, "find_engine", lambda _name: redrawing)
    questions: list[str] = []

    def decline(question: str) -> bool:
        questions.append(question)
        return False

    project.toolbox = replace(project.toolbox, ask=decline)

    with pytest.raises(DeclinedError):
        project.make(2, settings=EngineSettings(options={"cost": "0.30"}))

    assert questions == ["Make 3 calls for about $0.90, at most $1.80?"]


def test_yes_is_an_answer_before_the_question(project: Project) -> None:
    project.toolbox = replace(project.toolbox, ask=lambda _question: False)
    settings = EngineSettings(options={"cost": "9"})

    assert project.make(1, settings=settings, budget=Budget(assume_yes=True)).status == 0


def test_a_second_writer_is_told_who_holds_the_project(project: Project) -> None:
    with project_lock(project.root, "sequences"), pytest.raises(ProjectBusyError) as caught:
        project.make(1)

    assert f"'sequences' (process {os.getpid()} on " in str(caught.value)
    assert project.make(1).status == 0


def test_a_lock_falls_with_its_process(tmp_path: Path) -> None:
    program = (
        "import sys, os; from pathlib import Path; from watercolor_rig.store.lock import project_lock\n"
        "with project_lock(Path(sys.argv[1]), 'sequences'):\n    os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)

    with project_lock(tmp_path, "expressions"):
        pass


def test_a_dry_run_needs_no_lock(project: Project) -> None:
    with project_lock(project.root, "sequences"):
        assert project.make(1, dry_run=True).status == 0
