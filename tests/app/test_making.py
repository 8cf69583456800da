"""A portrait in, the whole rig out: one plan, one price, one budget, and nothing paid for twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from support.command_line import ROOT
from support.images_api import OK, ImagesApi, Seen
from support.patience import PATIENCE_S
from support.project import QUICK_POLICY, SIZE, Outcome, Project, defects_of, lying_in, picture
from watercolor_rig.app.budget import Budget
from watercolor_rig.app.costs import say_costs
from watercolor_rig.app.making import MakeOptions, make_rig
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.cli.wording import lines_of
from watercolor_rig.core.errors import DeclinedError, ProjectBusyError, UsageError
from watercolor_rig.core.events import (
    Event,
    FrameBlocked,
    FrameMade,
    FramePlanned,
    RunEnded,
    RunStopping,
    SequenceSkipped,
    Warned,
)
from watercolor_rig.core.project_events import CostSummed, RigPlanned
from watercolor_rig.core.times import times_of_depth
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.store.lock import project_lock

ENDPOINTS = {"neutral__center", "happy__center", "neutral__left", "happy__left"}
SEQUENCES = {"smile__center", "smile__left", "neutral_center_to_neutral_left"}
CALLS = 3 + 3
"""An expression, two heads, and the middle of three sequences."""

PRICE = Decimal("0.04")
"""What the scripted engine charges."""


@pytest.fixture
def rig(tmp_path: Path) -> Project:
    """A portrait and a config: one expression, one more pose, one base path and one pose path."""
    project = Project(tmp_path, Toolbox(policy=QUICK_POLICY))
    project.configure(
        [{"id": "smile", "start": "neutral", "end": "happy"}],
        expressions={"neutral": {}, "happy": {}},
        poses=["center", "left"],
        pose_paths=[{"id": "turn", "start": "center", "end": "left"}],
    )
    (tmp_path / "portrait.png").write_bytes(picture(2))
    return project


def make(project: Project, script: str = "", **changes: Any) -> Outcome:
    given: dict[str, Any] = {
        "portrait": project.root / "portrait.png",
        "engine": "scripted",
        "tween_engine": "scripted",
        "settings": EngineSettings(options={"script": script}),
        **changes,
    }
    options = MakeOptions(
        config=project.config,
        endpoints_dir=project.endpoints,
        sequences_dir=project.sequences,
        times=times_of_depth(1),
        **given,
    )
    events: list[Event] = []
    return Outcome(make_rig(options, events.append, project.toolbox), events)


def endpoints(project: Project) -> set[str]:
    return {file.stem for file in project.endpoints.iterdir()}


def sequences(project: Project) -> set[str]:
    return {folder.name for folder in project.sequences.iterdir()}


def test_everything_is_made_from_one_portrait(rig: Project) -> None:
    outcome = make(rig)

    assert outcome.status == 0
    assert endpoints(rig) == ENDPOINTS
    assert sequences(rig) == SEQUENCES
    assert defects_of(rig.sequences) == []
    assert [ended.success for ended in outcome.of(RunEnded)] == [4, 3]


def test_one_price_for_all_of_it_is_told_before_and_is_what_it_costs(rig: Project) -> None:
    planned = make(rig, dry_run=True)
    made = make(rig)

    [whole] = planned.of(RigPlanned)
    assert (whole.endpoints, whole.tweens, whole.sequences, whole.calls) == (3, 3, 3, CALLS)
    assert (whole.cost_usd, whole.paid) == (CALLS * PRICE, True)
    assert made.of(RigPlanned) == [whole]
    assert sum(event.cost_usd or 0 for event in made.of(FrameMade)) == whole.cost_usd


def test_a_dry_run_writes_nothing_at_all(rig: Project) -> None:
    before = lying_in(rig.root)

    outcome = make(rig, dry_run=True, verbose=True)

    assert lying_in(rig.root) == before
    planned = [
        (frame.subject, [Path(source).name for source in frame.made_between]) for frame in outcome.of(FramePlanned)
    ]
    assert planned == [
        ("happy__center", ["portrait.png"]),
        ("neutral__left", ["neutral__center.png"]),
        ("happy__left", ["happy__center.png"]),
    ]


def test_a_head_waits_for_its_expression_and_for_nothing_else(rig: Project) -> None:
    outcome = make(rig, script="rejected @ happy__center")

    assert outcome.status == 1
    assert [blocked.subject for blocked in outcome.of(FrameBlocked)] == ["happy__left"]
    assert endpoints(rig) == {"neutral__center", "neutral__left"}
    assert {skipped.path_id for skipped in outcome.of(SequenceSkipped)} == {"smile__center", "smile__left"}
    assert sequences(rig) == {"neutral_center_to_neutral_left"}


def test_the_next_run_makes_what_is_missing_and_asks_for_nothing_else(rig: Project) -> None:
    make(rig, script="rejected @ happy__center")

    outcome = make(rig)

    [whole] = outcome.of(RigPlanned)
    assert (outcome.status, whole.endpoints, whole.tweens, whole.calls) == (0, 2, 2, 4)
    assert sequences(rig) == SEQUENCES


def test_a_run_with_nothing_to_do_writes_nothing(rig: Project) -> None:
    make(rig)
    before = lying_in(rig.root / "frames")

    outcome = make(rig)

    [whole] = outcome.of(RigPlanned)
    assert (outcome.status, whole.calls, whole.cost_usd) == (0, 0, Decimal(0))
    assert lying_in(rig.root / "frames") == before


def test_one_limit_holds_for_both_steps(rig: Project) -> None:
    outcome = make(rig, budget=Budget(max_cost_usd=Decimal("0.17"), assume_yes=True), max_workers=1)

    assert outcome.status == 1
    assert len([made for made in outcome.of(FrameMade) if made.cost_usd]) == 4
    assert "could pass --max-cost 0.17" in outcome.of(RunStopping)[-1].reason


def test_one_limit_of_calls_holds_for_both_steps(rig: Project) -> None:
    outcome = make(rig, budget=Budget(max_calls=4), max_workers=1)

    assert len([made for made in outcome.of(FrameMade) if made.cost_usd]) == 4
    assert make(rig).status == 0


def test_a_limit_where_a_price_is_not_known_is_refused_before_anything_is_spent(
    rig: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    unknown = EngineSettings(size=SIZE, model="loopback-image-1")

    with pytest.raises(UsageError, match="--max-calls"):
        make(rig, tween_engine="openai", settings=unknown, budget=Budget(max_cost_usd=Decimal(5)))

    assert not rig.endpoints.exists()


def test_the_user_is_asked_once_for_all_of_it(rig: Project) -> None:
    asked: list[str] = []

    def agree(question: str) -> bool:
        asked.append(question)
        return True

    rig.toolbox = Toolbox(policy=QUICK_POLICY, ask=agree)

    make(rig, settings=EngineSettings(options={"cost": "0.5"}))

    assert asked == [f"Make {CALLS} calls for about $3.00?"]


def test_whoever_says_no_has_spent_nothing(rig: Project) -> None:
    rig.toolbox = Toolbox(policy=QUICK_POLICY, ask=lambda _question: False)

    with pytest.raises(DeclinedError):
        make(rig, settings=EngineSettings(options={"cost": "0.5"}))

    assert not rig.endpoints.exists()


def test_the_ledger_says_what_the_money_was_for(rig: Project) -> None:
    make(rig)
    heard: list[Event] = []

    say_costs(rig.root, "sequence", heard.append)

    labels = {event.label for event in heard if isinstance(event, CostSummed) and event.by == "sequence"}
    assert labels == {"expressions__center", "heads__left", *SEQUENCES}


def test_tweens_can_be_drawn_here_while_a_model_makes_the_endpoints(rig: Project) -> None:
    outcome = make(rig, tween_engine="local", settings=EngineSettings())

    [whole] = outcome.of(RigPlanned)
    assert (outcome.status, whole.calls, whole.cost_usd) == (0, 3, 3 * PRICE)
    assert {frame["engine"] for frame in rig.manifest("smile__left")["frames"] if frame["t"] == 0.5} == {"local"}


@pytest.fixture
def without_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("without_key")
def test_without_a_key_what_is_drawn_is_used_and_the_rest_is_named(rig: Project) -> None:
    rig.put("happy__center.png", picture(7))

    outcome = make(rig, engine="auto", tween_engine="auto", settings=EngineSettings())

    assert outcome.status == 1
    assert "OPENAI_API_KEY" in outcome.of(Warned)[0].message
    assert {blocked.subject for blocked in outcome.of(FrameBlocked)} == {"neutral__left", "happy__left"}
    assert sequences(rig) == {"smile__center"}
    assert defects_of(rig.sequences) == []


@pytest.mark.usefixtures("without_key")
def test_without_a_key_a_rig_that_is_all_drawn_is_made(rig: Project) -> None:
    for name in ENDPOINTS:
        rig.put(f"{name}.png", picture(3 + len(name) % 4))

    outcome = make(rig, engine="auto", tween_engine="auto", settings=EngineSettings(), portrait=None)

    assert outcome.status == 0
    assert sequences(rig) == SEQUENCES


@pytest.mark.usefixtures("without_key")
def test_without_a_key_and_without_drawings_it_says_what_is_missing(rig: Project) -> None:
    outcome = make(rig, engine="auto", tween_engine="auto", settings=EngineSettings())

    [whole] = outcome.of(RigPlanned)
    assert (outcome.status, whole.endpoints, whole.lacking) == (1, 0, 3)
    assert lines_of(whole, verbose=False) == [
        "[!] 3 expressions and heads are missing, and no image model is there to make them."
    ]
    assert endpoints(rig) == {"neutral__center"}
    assert len(outcome.of(FrameBlocked)) == 3
    assert "No sequences to generate" in outcome.of(Warned)[-1].message


def test_a_portrait_is_needed_until_there_is_a_neutral(rig: Project) -> None:
    with pytest.raises(UsageError, match=r"PORTRAIT: name the neutral portrait, or put it at '.*neutral__center.png'"):
        make(rig, portrait=None)


def test_a_pose_that_the_config_does_not_list_is_refused(rig: Project) -> None:
    with pytest.raises(UsageError, match="--pose 'centre' is not among the poses of the config"):
        make(rig, pose="centre")


def test_folders_of_two_projects_are_refused(rig: Project, tmp_path: Path) -> None:
    rig.root.joinpath("other/frames").mkdir(parents=True)
    options = MakeOptions(
        rig.config, rig.root / "portrait.png", rig.endpoints, tmp_path / "other/frames/sequences", times_of_depth(1)
    )

    with pytest.raises(UsageError, match="lie in two projects"):
        make_rig(options, lambda _event: None, rig.toolbox)


def test_two_runs_do_not_write_one_project_at_once(rig: Project) -> None:
    with project_lock(rig.root, "sequences"), pytest.raises(ProjectBusyError):
        make(rig)


def test_a_config_with_expressions_alone_is_made_too(rig: Project) -> None:
    rig.configure([], expressions={"neutral": {}, "happy": {}})

    outcome = make(rig)

    assert (outcome.status, endpoints(rig)) == (0, {"neutral__center", "happy__center"})
    assert not rig.sequences.exists()


# Killed by a process that nobody asks, against a service that counts


def start(project: Project, api: ImagesApi) -> "subprocess.Popen[bytes]":
    flags = ["portrait.png", "--max-depth", "1", "--engine", "openai", "--tweens-by", "openai", "--max-workers", "1"]
    loopback = ["--model", "loopback-image-1", "--size", f"{SIZE[0]}x{SIZE[1]}", "--images-per-minute", "30000"]
    environment = os.environ | {
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": api.base_url,
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-c", "import sys; from watercolor_rig.cli.main import run; sys.exit(run())"]
    return subprocess.Popen(
        [*command, "make", *flags, *loopback, "--retries-for-quality", "0"],
        cwd=project.root, env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def killing(processes: "list[subprocess.Popen[bytes]]", number: int) -> Callable[[Seen], str | None]:
    """Return a plan that kills the newest process when it makes a certain call, which is then never answered."""

    def plan(seen: Seen) -> str | None:
        if seen.number != number:
            return None
        os.kill(processes[-1].pid, signal.SIGKILL)
        return "drop"

    return plan


@pytest.mark.parametrize("number", [1, 3, 4, 6])
def test_a_run_that_is_killed_at_any_call_goes_on_and_no_answer_is_paid_for_twice(rig: Project, number: int) -> None:
    processes: list[subprocess.Popen[bytes]] = []
    with ImagesApi(faults=killing(processes, number)) as api:
        processes.append(start(rig, api))
        killed = processes[-1].wait(PATIENCE_S)
        paid_before = api.answers[OK]
        processes.append(start(rig, api))
        status = processes[-1].wait(PATIENCE_S)

    assert (killed, status) == (-signal.SIGKILL, 0)
    assert (paid_before, api.answers[OK]) == (number - 1, CALLS)
    assert endpoints(rig) == ENDPOINTS
    assert sequences(rig) == SEQUENCES
    assert defects_of(rig.sequences) == []
