"""kill -9 at random moments, again and again until the work is done."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from faults.workload import Workload, debts, ledger_copy, wounds
from support.command_line import ROOT
from support.images_api import OK, ImagesApi
from support.project import SIZE, Project, defects_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

WORKERS = 8
POSES = ("center", "left", "side")
PATHS = [{"id": f"neutral_to_{name}", "start": "neutral", "end": name} for name in ("ah", "ee", "oh", "uu")]
UNLIMITED = ("--images-per-minute", "30000")
DRAWN = len(PATHS) * len(POSES) * 15


def killed_after(command: list[str], environment: dict[str, str], frames: int) -> bool:
    """Run until so many frames are said to be made, then kill; return whether the run was done before."""
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE) as run:
        assert run.stdout
        left = frames
        for line in run.stdout:
            left -= line.startswith("[✓]")
            if left <= 0:
                break
        run.send_signal(signal.SIGKILL)
        run.stdout.close()
    assert run.returncode in {0, -signal.SIGKILL}, "it ended by itself, and not well"
    return run.returncode == 0


def test_a_run_killed_again_and_again_pays_for_each_frame_once(tmp_path: Path) -> None:
    dice = random.Random(23)
    workload = Workload(tmp_path / "project", depth=3).lay()

    for _ in range(6):
        killed_after(workload.command, workload.environment, dice.randrange(1, 4))
        assert wounds(workload.root) == []
    last = workload.run()

    assert (last.status, last.err) == (0, "")
    assert wounds(workload.root) == debts(workload) == workload.leftovers() == []
    assert defects_of(workload.sequences) == []


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_a_long_run_killed_again_and_again_pays_a_service_only_for_calls_that_were_cut_off(tmp_path: Path) -> None:
    dice = random.Random(24)
    project = Project(tmp_path)
    project.configure(PATHS)
    for pose in POSES:
        for expression in ("neutral", "ah", "ee", "oh", "uu"):
            project.draw(expression, pose)

    kills = 0
    with ImagesApi(latency_s=0.05, keep_uploads=False) as api:
        command = command_of(project)
        environment = environment_of(api)
        while not killed_after(command, environment, dice.randrange(5, 30)):
            kills += 1
            assert wounds(project.root) == []
        answers, tries = api.answers, Counter(call.seen.key for call in api.calls)

    with ledger_copy(project.root / ".watercolor-rig") as db:
        assert db
        booked = dict(db.execute("SELECT outcome, count(*) FROM attempt GROUP BY outcome"))
        unknown = dict(
            db.execute("SELECT request, count(*) FROM attempt WHERE outcome = 'unknown' GROUP BY request").fetchall()
        )
    assert kills >= 5
    assert defects_of(project.sequences) == wounds(project.root) == []
    assert booked["ok"] == DRAWN == len(tries)
    assert set(booked) <= {"ok", "unknown"}
    assert answers[OK] <= DRAWN + booked.get("unknown", 0)
    assert sum(tries.values()) - len(tries) <= sum(unknown.values()) <= kills * WORKERS


def command_of(project: Project) -> list[str]:
    script = [sys.executable, str(ROOT / "generate_all_sequences.py"), "--config", str(project.config)]
    folders = ["--endpoints-dir", str(project.endpoints), "--sequences-dir", str(project.sequences)]
    engine = ["--engine", "openai", "--model", "loopback-image-1", "--size", f"{SIZE[0]}x{SIZE[1]}"]
    return [*script, *folders, *engine, "--no-repair", "--max-depth", "4", "--max-workers", str(WORKERS), *UNLIMITED]


def environment_of(api: ImagesApi) -> dict[str, str]:
    service = {"OPENAI_API_KEY": "sk-test-0123456789", "OPENAI_BASE_URL": api.base_url}
    return {**os.environ, **service, "PYTHONPATH": str(ROOT / "src")}
