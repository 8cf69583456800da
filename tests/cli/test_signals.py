"""Ctrl-C as users press it: on real processes, in step with the lines that those print."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.command_line import SmallProject, on_a_terminal
from support.patience import PATIENCE_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

ENGINES = ["scripted", "scripted-processes"]
ONE_RUNS = "until:go @ to_aa; until:go @ to_c; until:go @ to_d; until:go @ to_e; until:go @ to_f"
"""While `to_aa` is under way, `to_bb` is made by the second worker; the line of `to_bb` says that `to_aa` runs.

What runs comes to its end when the test lets it go, so that nothing depends on how fast a machine is.
"""
ONE_HANGS = "delay:600 @ to_aa; delay:600 @ to_c"
DEPTH_1 = ("--max-depth", "1", "--max-workers", "2")
FIRST = "to_bb__center t=0.50 -> 050.png"


@pytest.fixture
def project(tmp_path: Path) -> SmallProject:
    return SmallProject(tmp_path).lay()


def read_until(process: "subprocess.Popen[str]", text: str) -> str:
    assert process.stdout
    said = ""
    while text not in said:
        line = process.stdout.readline()
        assert line, f"the program ended without {text!r}:\n{said}{process.stderr.read() if process.stderr else ''}"
        said += line
    return said


def let_go(project: SmallProject) -> None:
    """Let the calls of `ONE_RUNS` answer."""
    (project.root / "go").touch()


def manifests_are_true(project: SmallProject) -> bool:
    """Return whether the manifests list what is there and nothing else."""
    for folder in (project.root / "frames" / "sequences").iterdir():
        frames = json.loads((folder / "manifest.json").read_bytes())["frames"]
        if {frame["file"] for frame in frames} != {path.name for path in folder.glob("*.png")}:
            return False
    return True


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_after_one_signal_what_runs_is_saved_and_nothing_starts(
    project: SmallProject, number: signal.Signals, engine: str
) -> None:
    with project.start(project.command(ONE_RUNS, *DEPTH_1, engine=engine)) as process:
        read_until(process, FIRST)
        process.send_signal(number)
        said = read_until(process, "[!] Stopping")
        let_go(project)
        rest, complaints = process.communicate(timeout=PATIENCE_S)
        said += rest

    assert (process.returncode, complaints) == (130, "")
    assert "[!] Stopping: interrupted: nothing new starts; press Ctrl-C again to end at once." in said
    assert "[✓] to_aa__center t=0.50 -> 050.png" in said
    assert "[!] Not started: to_ff__center t=0.50, because of the interrupt" in said
    assert {"to_aa__center/050.png", "to_bb__center/050.png"} <= set(project.made)
    assert "to_ff__center/050.png" not in project.made
    assert project.leftovers == []
    assert manifests_are_true(project)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_the_run_at_once(project: SmallProject, second: signal.Signals, engine: str) -> None:
    with project.start(project.command(ONE_HANGS, *DEPTH_1, engine=engine)) as process:
        read_until(process, FIRST)
        process.send_signal(signal.SIGINT)
        read_until(process, "[!] Stopping")
        process.send_signal(second)
        _, complaints = process.communicate(timeout=PATIENCE_S)  # far below what the call takes

    assert process.returncode == 130
    assert complaints == "[!] Ended at once; calls under way may still be billed. The next run continues.\n"
    assert project.made == ["to_bb__center/050.png"]
    assert project.leftovers == []


@pytest.mark.parametrize("engine", ENGINES)
def test_more_signals_than_two_do_no_harm(project: SmallProject, engine: str) -> None:
    with project.start(project.command(ONE_HANGS, *DEPTH_1, engine=engine)) as process:
        read_until(process, FIRST)
        process.send_signal(signal.SIGINT)
        read_until(process, "[!] Stopping")
        for _ in range(20):
            process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 130
    assert complaints == "[!] Ended at once; calls under way may still be billed. The next run continues.\n"


@pytest.mark.parametrize("presses", [1, 2])
def test_the_next_run_makes_what_an_interrupted_one_left_open(project: SmallProject, presses: int) -> None:
    with project.start(project.command(ONE_RUNS, *DEPTH_1)) as process:
        read_until(process, FIRST)
        process.send_signal(signal.SIGINT)
        read_until(process, "[!] Stopping")
        if presses > 1:
            process.send_signal(signal.SIGINT)
        else:
            let_go(project)
        process.communicate(timeout=PATIENCE_S)
    made_before = project.made

    done = project.run(project.command("", *DEPTH_1))

    assert done.returncode == 0
    assert f"Success: {6 - len(made_before)}, Failed: 0" in done.stdout
    assert project.made == [f"to_{name}__center/050.png" for name in project.expressions]
    assert manifests_are_true(project)


def test_an_interrupt_during_a_pause_of_the_service_ends_the_run(project: SmallProject) -> None:
    with project.start(project.command("limited:3000 @ to_aa", "--max-depth", "1", "--max-workers", "1")) as process:
        read_until(process, "[i] Waiting 3000.0 s, as the service asks")
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 130
    assert "Success: 0, Failed: 0, Not started: 6" in said


@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_on_a_terminal_reaches_the_whole_group_and_still_saves_what_runs(
    project: SmallProject, engine: str
) -> None:
    with on_a_terminal(project, project.command(ONE_RUNS, *DEPTH_1, engine=engine)) as terminal:
        terminal.read_until(FIRST)
        terminal.press("\x03")
        terminal.read_until("Stopping")
        let_go(project)
        status = terminal.wait()

    assert status == 130
    assert "to_aa__center t=0.50 -> 050.png" in terminal.shown
    assert "worker process ended" not in terminal.shown
    assert "Traceback" not in terminal.shown
    assert "to_aa__center/050.png" in project.made


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("moment", ["Engine:", "Found poses", "Will generate", "Estimate"])
def test_ctrl_c_at_any_moment_before_the_first_frame_ends_without_a_traceback(
    project: SmallProject, moment: str, engine: str
) -> None:
    with on_a_terminal(project, project.command("until:go", engine=engine), {"TERM": "dumb"}) as terminal:
        terminal.read_until(moment)
        terminal.press("\x03")
        let_go(project)
        status = terminal.wait()

    assert status == 130
    assert "Traceback" not in terminal.shown
    assert project.leftovers == []


def test_a_second_ctrl_c_puts_the_bar_away_and_gives_the_cursor_back(project: SmallProject) -> None:
    with on_a_terminal(project, project.command(ONE_HANGS, *DEPTH_1)) as terminal:
        terminal.read_until(FIRST)
        terminal.press("\x03")
        terminal.read_until("Stopping")
        terminal.press("\x03")
        status = terminal.wait()

    assert status == 130
    assert terminal.shown.rindex("\x1b[?25h") > terminal.shown.rindex("\x1b[?25l")
    assert "Ended at once" in terminal.shown
