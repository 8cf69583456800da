"""Disks as they are: full at any moment, and read-only."""

import os
import subprocess
from pathlib import Path

import pytest

from faults.mounts import memory_disk, needs_mount, system, tried
from faults.workload import Workload, debts, wounds
from support.patience import PATIENCE_S

pytestmark = needs_mount


def free_bytes(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


@pytest.mark.parametrize("room_kb", [0, 60, 120, 200, 300])
def test_a_disk_that_gets_full_ends_the_run_with_a_sentence_and_the_next_run_completes(
    tmp_path: Path, room_kb: int
) -> None:
    with memory_disk(tmp_path / "disk", "2m") as disk:
        workload = Workload(disk / "project", calls=tmp_path / "calls").lay()
        (disk / "filler").write_bytes(bytes(max(0, free_bytes(disk) - room_kb * 1024)))

        full = workload.run()
        found = wounds(workload.root)
        (disk / "filler").unlink()
        again = workload.run()

        assert (full.status, "Traceback" in full.err) == (1, False)
        assert "No space left on device" in full.out + full.err or "disk is full" in full.out + full.err
        assert found == []
        assert (again.status, again.err) == (0, "")
        assert wounds(workload.root) == debts(workload) == workload.leftovers() == []


def test_a_read_only_disk_is_said_before_anything_is_paid(tmp_path: Path) -> None:
    with memory_disk(tmp_path / "disk", "2m") as disk:
        workload = Workload(disk / "project", calls=tmp_path / "calls").lay()
        system("mount", "-o", "remount,ro", disk)

        ended = workload.run()

    assert (ended.status, ended.out.count("Traceback"), ended.err.count("\n")) == (1, 0, 1)
    assert "Read-only file system" in ended.err
    assert workload.calls() == {}


def test_a_finished_project_on_a_read_only_disk_is_an_error_of_ours_too(tmp_path: Path) -> None:
    with memory_disk(tmp_path / "disk", "2m") as disk:
        workload = Workload(disk / "project", calls=tmp_path / "calls").lay()
        workload.run()
        before = workload.files()
        system("mount", "-o", "remount,ro", disk)

        ended = workload.run()

        assert (ended.status, ended.err.count("\n")) == (1, 1)
        assert "cannot lock" in ended.err
        assert workload.files() == before


def test_a_disk_that_turns_read_only_in_the_middle_loses_nothing_that_was_said(tmp_path: Path) -> None:
    with memory_disk(tmp_path / "disk", "2m") as disk:
        workload = Workload(disk / "project", calls=tmp_path / "calls", depth=4).lay()
        with subprocess.Popen(
            workload.command, env=workload.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as run:
            assert run.stdout
            said = ""
            while said.count("[✓]") < 3:
                line = run.stdout.readline()
                assert line, f"the run ended after {said}"
                said += line
            while not tried("mount", "-o", "remount,ro", disk) and run.poll() is None:
                pass  # it is refused while a file is being written
            rest, complaints = run.communicate(timeout=PATIENCE_S)
        system("mount", "-o", "remount,rw", disk)

        made = [line.split() for line in (said + rest).splitlines() if line.startswith("[✓]")]
        lost = [words for words in made if not (workload.sequences / words[1] / words[4]).is_file()]
        assert "Traceback" not in complaints
        assert lost == []
        assert wounds(workload.root) == []
        assert workload.run().status == 0
        assert debts(workload) == workload.leftovers() == []
