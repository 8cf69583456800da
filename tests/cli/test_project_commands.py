"""`cost`, `takes`, `report` and `doctor` as they are typed: words, JSON and exit status."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.project import Project
from watercolor_rig.cli.main import run

PATH = "neutral_to_ah__center"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """One paid frame."""
    project = Project(tmp_path)
    project.configure()
    for expression in ("neutral", "ah"):
        project.draw(expression)
    project.make(1)
    return project


def folders(project: Project) -> list[str]:
    return ["--endpoints-dir", str(project.endpoints), "--sequences-dir", str(project.sequences), "--engine", "local"]


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_cost_says_what_was_spent(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", "--project", str(project.root), "--by", "model"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "[i] model scripted: $0.04, 1 usable of 1 call",
        "[i] In all: $0.04, 1 usable of 1 call",
    ]


def test_cost_of_nothing_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", "--project", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "[i] Nothing was spent here: no call is on record.\n"


def test_takes_are_listed_and_restored_in_json(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (project.sequences / PATH / "050.png").unlink()

    assert run(["takes", PATH, "--project", str(project.root), "--json"]) == 0
    listed = said(capsys)
    assert run(["takes", "--restore", "1", "--project", str(project.root), "--json"]) == 0

    assert [(line["event"], line.get("in_place")) for line in listed] == [("take", False), ("takes", None)]
    assert [line["event"] for line in said(capsys)] == ["wrote", "restored"]


@pytest.mark.parametrize("words", [["--restore", "9"], ["x", "--restore", "1"], ["nothing__there"]])
def test_takes_that_cannot_be_are_bad_usage(project: Project, words: list[str]) -> None:
    assert run(["takes", *words, "--project", str(project.root)]) == 2


def test_a_take_is_a_number(project: Project) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["takes", "--restore", "-1", "--project", str(project.root)])

    assert ended.value.code == 2


def test_report_names_its_page_and_ends_in_what_to_look_at(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    out = project.root / "report"
    words = ["report", *folders(project)[:-2], "--outdir", str(out), "--only", PATH]

    assert run(words) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"[i] {PATH}: 3 pictures",
        f"[i] Wrote page: {out / 'index.html'}",
        "[✓] 3 pictures in the report. Nothing stands out.",
    ]
    (project.sequences / PATH / "050.png").write_bytes(b"no picture")
    assert run([*words, "--json"]) == 1
    assert [line["event"] for line in said(capsys)] == ["warning", "group_reported", "wrote", "reported"]


def test_report_of_nothing_is_bad_usage_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--sequences-dir", str(tmp_path / "a"), "--endpoints-dir", str(tmp_path / "b")]) == 2
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_doctor_ends_in_the_sum_and_status_1_until_all_is_repaired(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.sequences / PATH / "manifest.json").unlink()
    words = ["doctor", "--config", str(project.config), *folders(project)]

    assert run(words) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "[!] 1 thing is wrong. --fix repairs 1 of them."
    assert run([*words, "--fix"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "[✓] Nothing is wrong. 1 repaired."
    assert run([*words, "--json"]) == 0
    assert said(capsys)[-1] == {"event": "checked", "wrong": 0, "repaired": 0, "fixable": 0}


def test_a_run_over_a_damaged_ledger_points_at_the_doctor(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / ".watercolor-rig/ledger.sqlite3").write_bytes(b"no database" * 99)
    (project.sequences / PATH / "050.png").unlink()
    words = ["sequences", "--config", str(project.config), *folders(project)[:-1], "scripted", "--max-depth", "1"]

    assert run(words) == 1
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), "'watercolor-rig doctor' checks and repairs it" in lines[0]) == (1, True)
