"""The real script, as users start it, against a service that fails; waits are those of the shipped policy."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.images_api import OK, QUICK, ImagesApi, never, nth, seeded
from support.patience import PATIENCE_S
from support.project import SIZE, Project, defects_of, lying_in

ROOT = Path(__file__).parents[2]
KEY = "sk-test-0123456789"
SMALL = ("--model", "loopback-image-1", "--size", f"{SIZE[0]}x{SIZE[1]}")

NAMED_WAITS = sorted(set(QUICK) - {"rate_plain"})
"""`rate_plain` names no time to wait, so the shipped policy waits for seconds."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a script ended."""

    status: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def start(script: str, *flags: str, api: ImagesApi | None = None, **variables: str) -> Ended:
    """Run a script of the repository's root to its end."""
    environment: Mapping[str, str] = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")},
        **({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": api.base_url} if api else {}),
        "PYTHONPATH": str(ROOT / "src"),
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / script), *flags],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Ended(done.returncode, done.stdout, done.stderr)


def make_sequences(project: Project, api: ImagesApi, *flags: str) -> Ended:
    folders = ("--endpoints-dir", str(project.endpoints), "--sequences-dir", str(project.sequences))
    config = ("--config", str(project.config))
    return start("generate_all_sequences.py", *config, *folders, "--engine", "openai", *SMALL, *flags, api=api)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """One path at one pose."""
    project = Project(tmp_path)
    project.configure()
    for expression in ("neutral", "ah"):
        project.draw(expression)
    return project


@pytest.mark.slow
def test_every_frame_of_an_example_is_made_in_spite_of_the_faults(tmp_path: Path) -> None:
    sylvie, sequences = ROOT / "examples/sylvie", tmp_path / "frames/sequences"
    flags = ("--config", str(sylvie / "expressions.json"), "--endpoints-dir", str(sylvie / "frames/endpoints"))

    with ImagesApi(faults=seeded(5, 0.35, NAMED_WAITS), wait_s=0.05, keep_uploads=False) as api:
        ended = start(
            "generate_all_sequences.py",
            *flags,
            *("--sequences-dir", str(sequences), "--engine", "openai", "--size", "816x816", "--max-workers", "8"),
            *("--max-depth", "3", "--no-repair", "--json"),
            api=api,
        )

    last = ended.events[-1]
    assert (ended.status, ended.err) == (0, "")
    assert (last["event"], last["success"], last["failed"], last["blocked"]) == ("ended", 56, 0, 0)
    assert defects_of(sequences) == []
    assert api.unjustified() == []
    assert api.answers[OK] == 56
    assert api.answers.total() > 70
    assert float(last["cost_usd"]) > 0


@pytest.mark.slow
def test_a_quota_that_ends_in_the_middle_stops_the_script_and_the_next_run_completes(project: Project) -> None:
    with ImagesApi(faults=nth({4: "quota"})) as api:
        stopped = make_sequences(project, api, "--max-depth", "3", "--max-workers", "1")
        api.faults = never
        completed = make_sequences(project, api, "--max-depth", "3")
        calls, before = len(api.calls), lying_in(project.root)
        idle = make_sequences(project, api, "--max-depth", "3")

    assert stopped.status == 1
    assert "[!] Stopping: " in stopped.out
    assert "add credit" in stopped.out
    assert "Success: 3, Failed: 1, Not started: 3" in stopped.out
    assert completed.status == 0
    assert api.answers[OK] == 7
    assert (idle.status, len(api.calls)) == (0, calls)
    assert "[i] Nothing to generate: every wanted tween exists." in idle.out
    assert lying_in(project.root) == before


@pytest.mark.slow
def test_a_wrong_key_ends_the_script_with_advice_and_the_key_is_never_shown(project: Project) -> None:
    with ImagesApi(key="sk-another") as api:
        ended = make_sequences(project, api)

    assert ended.status == 1
    assert "check OPENAI_API_KEY" in ended.out
    assert KEY not in ended.out + ended.err
    assert len(api.calls) == 1


@pytest.mark.slow
def test_a_short_deadline_ends_calls_that_hang(project: Project) -> None:
    with ImagesApi(faults=nth({1: "hang", 2: "trickle"})) as api:
        ended = make_sequences(project, api, "--engine-option", "deadline_s=5", "--max-depth", "1")

    assert ended.status == 0
    assert ended.out.count("no whole answer within 5 s") == 2
    assert dict(api.answers) == {"hang": 1, "trickle": 1, OK: 1}


@pytest.mark.slow
def test_expressions_without_a_key_end_with_status_2_and_one_sentence(project: Project) -> None:
    base = str(project.endpoints / "neutral__center.png")
    flags = ("--config", str(project.config), "--base-image", base)
    ended = start("generate_extreme_expressions.py", *flags, "--outdir", str(project.root / "out"))

    assert (ended.status, ended.out) == (2, "")
    assert ended.err == (
        "[!] engine 'openai' needs a key: set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server\n"
    )
    assert not (project.root / "out").exists()


@pytest.mark.slow
def test_expressions_are_made_in_spite_of_the_faults(project: Project) -> None:
    project.configure([], expressions={name: {} for name in ("neutral", *(f"mood_{number}" for number in range(8)))})
    base = str(project.endpoints / "neutral__center.png")
    flags = ("--config", str(project.config), "--base-image", base, "--outdir", str(project.root / "out"), *SMALL)

    with ImagesApi(faults=seeded(3, 0.4, NAMED_WAITS), wait_s=0.05) as api:
        ended = start("generate_extreme_expressions.py", *flags, "--max-workers", "8", api=api)

    assert ended.status == 0
    assert "[i] Expression generation completed. Success: 9, Failed: 0" in ended.out
    assert api.answers[OK] == 8
    assert api.unjustified() == []
    assert len(list((project.root / "out").glob("*.png"))) == 9
