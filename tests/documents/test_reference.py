"""The reference pages say what the program does: events, errors, exit status, and what a bare start loads."""

import json
import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from documents.pages import PAGES, ROOT, blocks
from support.project import Project
from watercolor_rig.cli.export_flags import add_export_flags
from watercolor_rig.cli.flags import (
    EXIT_STATUS,
    add_cost_flags,
    add_doctor_flags,
    add_expression_flags,
    add_head_flags,
    add_inspect_flags,
    add_make_flags,
    add_preview_flags,
    add_report_flags,
    add_sequence_flags,
    add_studio_flags,
    add_takes_flags,
)
from watercolor_rig.cli.main import (
    build_expressions_parser,
    build_heads_parser,
    build_parser,
    build_poses_parser,
    build_sequences_parser,
    run_sequences,
)
from watercolor_rig.core.errors import RigError
from watercolor_rig.core.events import Event

EVENTS_PAGE = ROOT / "docs/guides/json-events.md"
EVENTS = {event.name: event for event in Event.__subclasses__()}
WITH_STATUS = ("generate-all-sequences.md", "generate-extreme-expressions.md", "make.md")
FLAGS_OF_DASK = (
    *("--host", "--port", "--no-dashboard", "--nworkers", "--nthreads"),
    *("--protocol", "--tls-ca-file", "--tls-cert", "--tls-key"),
)
"""Those of `dask scheduler` and `dask worker` that the pages name; what they show in full, Dask's own parser reads."""

SCRIPTS = sorted(path.name for path in ROOT.glob("generate_*.py"))
RUNS = (build_sequences_parser, build_expressions_parser, build_poses_parser, build_heads_parser)

HEAVY = (
    "numpy",
    "cv2",
    "PIL",
    "openai",
    "rich",
    "distributed",
    "fsspec",
    "pyrate_limiter",
    "platformdirs",
    "fastapi",
    "pydantic",
    "uvicorn",
)


def every_error(root: type[RigError] = RigError) -> list[type[RigError]]:
    return [error for child in root.__subclasses__() for error in (child, *every_error(child))]


def test_the_page_of_events_is_what_the_code_says() -> None:
    script = ROOT / "tools/json_events.py"

    written = subprocess.run([sys.executable, str(script), "-"], capture_output=True, check=True)

    assert written.stdout.decode() == EVENTS_PAGE.read_text("utf-8"), "run `make docs`"


def test_every_event_and_every_error_has_its_place_on_the_page() -> None:
    text = EVENTS_PAGE.read_text("utf-8")

    assert re.findall(r"^### `(\w+)`$", text, flags=re.MULTILINE) == list(EVENTS)
    assert [error.code for error in every_error() if f"| `{error.code}` | {error.exit_status} |" not in text] == []


def test_the_example_of_json_lines_has_the_keys_of_its_events() -> None:
    [block] = blocks("jsonl")

    for line in block.text.splitlines():
        event = json.loads(line)
        assert list(event) == ["event", *(field.name for field in fields(EVENTS[event["event"]]))]


def test_a_run_prints_the_documented_keys_and_values_of_json_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project(tmp_path)
    project.configure()
    for expression in ("neutral", "ah"):
        project.draw(expression)
    folders = ["--endpoints-dir", str(project.endpoints), "--sequences-dir", str(project.sequences)]

    status = run_sequences(["--config", str(project.config), *folders, "--engine", "scripted", "--json"])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    said = [line["event"] for line in lines if line["event"] != "left"]  # how often that is said depends on the machine
    assert [name for name in said if name != "started"] == [
        *("engine", "poses", "plan", "made", "made", "made", "wrote", "ended")
    ]
    assert said.count("started") == 3
    assert all(list(line) == ["event", *(f.name for f in fields(EVENTS[line["event"]]))] for line in lines)
    assert [line["cost_usd"] for line in lines if line["event"] == "made"] == ["0.04"] * 3
    assert lines[-1]["cost_usd"] == "0.12"


def test_an_error_that_ends_a_run_is_the_last_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run_sequences(["--config", str(tmp_path / "absent.json"), "--engine", "scripted", "--json"])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 2
    assert (lines[-1]["event"], lines[-1]["code"]) == ("error", "usage")


def test_the_guides_and_the_help_give_one_meaning_to_each_exit_status() -> None:
    said = dict(re.findall(r"(\d+) ([^;]+)", EXIT_STATUS))
    shown = {
        guide: dict(
            re.findall(r"^\| (\d+) \| (.+) \|$", (ROOT / "docs/guides" / guide).read_text("utf-8"), re.MULTILINE)
        )
        for guide in WITH_STATUS
    }

    assert set(said) == {"0", "1", "2", "130"}
    assert shown == dict.fromkeys(WITH_STATUS, said)


def test_the_help_of_the_runs_ends_in_the_exit_status() -> None:
    helps = [" ".join(build().format_help().split()) for build in RUNS]

    assert [text.endswith(EXIT_STATUS) for text in helps] == [True] * len(RUNS)


@pytest.mark.parametrize("build", [*RUNS, build_parser])
def test_every_flag_says_what_it_is_for(build: Callable[[], ArgumentParser]) -> None:
    actions = build()._actions  # noqa: SLF001
    mute = [action.option_strings for action in actions if action.option_strings and not action.help]

    assert mute == []


def test_every_flag_that_a_page_names_exists() -> None:
    known = {"--help", *FLAGS_OF_DASK}
    for add in (
        add_sequence_flags,
        add_expression_flags,
        add_head_flags,
        add_make_flags,
        add_inspect_flags,
        add_preview_flags,
        add_report_flags,
        add_export_flags,
        add_cost_flags,
        add_takes_flags,
        add_doctor_flags,
        add_studio_flags,
    ):
        parser = ArgumentParser(add_help=False)
        add(parser)
        known |= {flag for action in parser._actions for flag in action.option_strings}  # noqa: SLF001

    named = {
        (page.name, flag)
        for page in PAGES
        for flag in re.findall(r"(?<![\w/-])--[a-z][a-z-]+", page.read_text("utf-8"))
        if flag not in known
    }

    assert named == set()


@pytest.mark.parametrize("flag", ["--help", "--version"])
@pytest.mark.parametrize("entry", ["run", "run_sequences", "run_expressions", "run_heads", "run_poses"])
def test_a_bare_start_loads_nothing_heavy(entry: str, flag: str) -> None:
    program = f"""
import sys
from watercolor_rig.cli.main import {entry}
try:
    {entry}([{flag!r}])
except SystemExit as ended:
    assert ended.code == 0, ended.code
loaded = [name for name in {HEAVY!r} if name in sys.modules]
assert not loaded, loaded
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "watercolor-rig" in done.stdout or "usage: generate_" in done.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_tells_its_flags_where_no_optional_package_can_be_imported(script: str) -> None:
    program = f"""
import runpy, sys
sys.modules.update(dict.fromkeys({HEAVY!r}))
sys.argv = [{script!r}, "--help"]
runpy.run_path({str(ROOT / script)!r}, run_name="__main__")
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: {script}")
