"""Two writers, a damaged content, a damaged ledger, a clock that jumps."""

import os
import subprocess
from pathlib import Path

import pytest

from faults.workload import Workload, debts, wounds
from support.patience import PATIENCE_S
from support.project import Project, lying_in
from watercolor_rig.app import journal
from watercolor_rig.app.journal import open_ledger
from watercolor_rig.core.events import FrameMade, RunEnded
from watercolor_rig.store import ledger
from watercolor_rig.store.blobs import BlobStore

PATH = "neutral_to_ah__center"


def test_of_two_runs_at_once_the_second_says_who_writes_and_changes_nothing(tmp_path: Path) -> None:
    workload = Workload(tmp_path / "project").lay()
    workload.hold("to_bb")
    with subprocess.Popen(workload.command, env=workload.environment, text=True, stdout=subprocess.PIPE) as first:
        assert first.stdout
        assert any(line.startswith("[✓]") for line in first.stdout)
        second = workload.run()
        workload.let_go()
        first.communicate(timeout=PATIENCE_S)

    assert (first.returncode, second.status, second.made) == (0, 2, [])
    assert f"is being written by 'sequences' (process {first.pid} on " in second.err
    assert wounds(workload.root) == debts(workload) == workload.leftovers() == []


def test_a_damaged_content_of_the_same_length_is_asked_for_again_and_whole_from_then_on(project: Project) -> None:
    project.make(1)
    with open_ledger(project.root) as opened:
        (take,) = opened.every_take()
    store = BlobStore(project.root / ".watercolor-rig/store")
    content = store.path(take.picture)
    whole = content.read_bytes()
    content.chmod(0o644)
    content.write_bytes(bytes(len(whole)))
    (project.sequences / PATH / "050.png").unlink()

    again = project.make(1)

    assert (again.status, again.of(FrameMade)[0].shared_from) == (0, "")
    assert content.read_bytes() == whole
    assert wounds(project.root) == []


@pytest.mark.parametrize("damage", ["no ledger at all", "cut short", "a page of rubbish"])
def test_a_damaged_ledger_is_said_before_anything_is_paid_and_harms_no_frame(tmp_path: Path, damage: str) -> None:
    workload = Workload(tmp_path / "project").lay()
    workload.run()
    file = workload.state / "ledger.sqlite3"
    data = file.read_bytes()
    file.write_bytes(
        {
            "no ledger at all": b"not a database, but long enough to look at" * 200,
            "cut short": data[: len(data) // 2],
            "a page of rubbish": data[:4096] + os.urandom(4096) * (len(data) // 4096 - 1),
        }[damage]
    )
    calls = workload.calls()
    before = {name: data for name, data in workload.files().items() if name.endswith(".png")}
    lost = workload.sequences / "to_bb__center" / "050.png"
    lost.unlink()

    ended = workload.run()

    assert ended.status == 1
    assert "Traceback" not in ended.out + ended.err
    assert "the ledger " in ended.out + ended.err
    assert "watercolor-rig doctor" in ended.out + ended.err
    assert workload.calls() == calls
    assert {name: data for name, data in workload.files().items() if name.endswith(".png")} == {
        name: data for name, data in before.items() if name != "to_bb__center/050.png"
    }


def test_a_clock_that_jumps_back_a_year_makes_and_pays_nothing_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.make(2)
    for file in project.root.rglob("*"):
        if file.suffix in {".sqlite3", ".json"}:
            os.utime(file, (4_000_000_000, 4_000_000_000))  # what was written before the jump lies in the future
    before = lying_in(project.sequences)
    for module in (ledger, journal):
        monkeypatch.setattr(module, "utc_now", lambda: "1970-01-01T00:00:00+00:00")
    monkeypatch.setattr(ledger, "_now", lambda: "1970-01-01T00:00:00+00:00")

    idle = project.make(2)
    deeper = project.make(3)

    assert (idle.status, idle.sums, deeper.sums) == (0, (0, 0, 0), (4, 0, 0))
    assert deeper.of(RunEnded)[0].success == 4
    assert {name: stamp for name, stamp in lying_in(project.sequences).items() if name in before and "png" in name} == {
        name: stamp for name, stamp in before.items() if "png" in name
    }
    with open_ledger(project.root) as opened:
        assert [sums.calls for sums in opened.spending("outcome")] == [7]
        assert len(opened.every_take()) == 7
