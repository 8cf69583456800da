"""What users and programs read: every event in words, as JSON, on a terminal, and where nobody listens any more."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from support.command_line import SmallProject, on_a_terminal
from support.patience import PATIENCE_S
from watercolor_rig.cli.console import JsonConsole, TextConsole, open_console
from watercolor_rig.cli.wording import lines_of
from watercolor_rig.core import events as e
from watercolor_rig.core import project_events as p
from watercolor_rig.core.errors import ConfigError, NothingMatchedError, StoreError

SPOT: dict[str, Any] = {"subject": "neutral_to_speaking_ah__center", "t": 0.5}
ALONE: dict[str, Any] = {"subject": "happy_big__center", "t": None}
PLAN: dict[str, Any] = {
    "kind": "tween", "frames": 12, "shared": 0, "calls": 12, "sequences": 4, "workers": 6,
    "cost_usd": Decimal("0.48"), "seconds": 180.0, "paid": True,
}  # fmt: skip
ENDED: dict[str, Any] = {
    "kind": "tween", "success": 12, "failed": 0, "blocked": 0, "seconds": 3.0, "cost_usd": Decimal(0),
}  # fmt: skip

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals and shells")


def every_event_class() -> list[type[e.Event]]:
    """Return the events of the module (`__subclasses__` knows those as well that `slots=True` has replaced)."""
    every = [*vars(e).values(), *vars(p).values()]
    kinds = (kind for kind in every if isinstance(kind, type) and issubclass(kind, e.Event))
    return sorted(set(kinds) - {e.Event}, key=lambda kind: kind.__name__)


SAID: list[tuple[e.Event, list[str]]] = [
    (e.EngineChosen("local", "OPENAI_API_KEY is not set"), ["[i] Engine: local (OPENAI_API_KEY is not set)"]),
    (
        e.EngineListed("local", "ready", ("tweens",), "moves pixels"),
        ["[✓] local (ready, makes tweens): moves pixels"],
    ),
    (
        e.EngineListed("other", "broken", (), "ImportError: no module"),
        ["[!] other (broken): ImportError: no module"],
    ),
    (e.PosesFound(("center",)), ["[i] Found poses in endpoints: ['center']"]),
    (e.PosesFound(("center", "left")), ["[i] Found poses in endpoints: ['center', 'left']"]),
    (
        e.FilesIgnored("frames/endpoints", ("x.png", "y.txt")),
        ["[i] Ignored in frames/endpoints (no known expression): x.png, y.txt"],
    ),
    (
        e.SequenceSkipped("a_to_b__left", ("a__left.png", "b__left.png")),
        ["[i] Skipping a_to_b__left: looked for a__left.png and b__left.png"],
    ),
    (e.Warned("a_to_b__left", "is not registered"), ["[!] a_to_b__left: is not registered"]),
    (
        e.FrameFound(**SPOT, file="050.png"),
        ["[i] Tween exists, skipping: neutral_to_speaking_ah__center t=0.50 -> 050.png"],
    ),
    (
        e.FrameFound(**ALONE, file="happy_big__center.png"),
        ["[i] Expression exists, skipping: happy_big__center.png"],
    ),
    (
        e.FrameBroken(**SPOT, file="050.png", fault="is 1x1, should be 6x4"),
        ["[!] Broken file, making it again: neutral_to_speaking_ah__center t=0.50 -> 050.png (is 1x1, should be 6x4)"],
    ),
    (
        e.FrameStale("a__b", 0.5, "050.png"),
        [
            "[!] Stale: a__b t=0.50 -> 050.png was made from endpoints that have changed; --refresh makes it again",
        ],
    ),
    (
        e.WorkPlanned(**PLAN),
        [
            "[i] Will generate 12 tween frames across 4 sequences using 6 workers.",
            "[i] Estimate: 12 calls, about $0.48, about 3 min.",
        ],
    ),
    (
        e.WorkPlanned(**PLAN, cost_at_most_usd=Decimal("0.96")),
        [
            "[i] Will generate 12 tween frames across 4 sequences using 6 workers.",
            "[i] Estimate: 12 calls, about $0.48 (at most $0.96, if all have to be asked for again), about 3 min.",
        ],
    ),
    (
        e.WorkPlanned(**PLAN | {"shared": 3, "calls": 9, "workers": 1, "cost_usd": None}),
        [
            "[i] Will generate 12 tween frames across 4 sequences using 1 worker.",
            "[i] 3 of them are shared between paths with the same endpoints: no call for those.",
            "[i] Estimate: 9 calls, about an unknown price, about 3 min.",
        ],
    ),
    (
        e.WorkPlanned(**PLAN | {"workers": None, "seconds": None, "paid": False, "cost_usd": Decimal(0)}),
        [
            "[i] Will generate 12 tween frames across 4 sequences using the workers of the cluster.",
            "[i] Estimate: 12 frames to draw, no cost, in a time that depends on the cluster.",
        ],
    ),
    (e.WorkPlanned(**PLAN | {"frames": 0, "calls": 0}), ["[i] Nothing to generate: every wanted tween exists."]),
    (
        e.SequencePlanned("b_to_a__center", (0.5,), (0.25, 0.75), "a_to_b__center", 4),
        ["[i] b_to_a__center: draw t=0.50; share t=0.25,0.75 with a_to_b__center; 4 exist"],
    ),
    (
        e.FramePlanned(**SPOT, file="050.png", made_between=("x/000.png", "x/100.png"), prompt="Draw.\nKeep."),
        [
            "[i] neutral_to_speaking_ah__center t=0.50 -> 050.png from x/000.png and x/100.png",
            "      Draw.",
            "      Keep.",
        ],
    ),
    (e.FrameStarted(**SPOT, file="050.png"), []),
    (
        e.FrameMade("neutral_to_speaking_ah__center", 0.25, "025.png", 1.5, Decimal("0.04")),
        ["[✓] neutral_to_speaking_ah__center t=0.25 -> 025.png"],
    ),
    (
        e.FrameMade("b_to_a__center", 0.125, "012.png", 0.0, shared_from="a_to_b__center"),
        ["[✓] b_to_a__center t=0.125 -> 012.png (from a_to_b__center)"],
    ),
    (e.WorkLeft(180.0), []),
    (
        e.FrameRetried(**SPOT, reason="neutral_to_speaking_ah__center t=0.50: 502 Bad\nGateway", wait_s=1.25),
        ["[i] Trying again in 1.2 s: neutral_to_speaking_ah__center t=0.50: 502 Bad Gateway"],
    ),
    (
        e.RunPaused("429 Too Many Requests", 20.0),
        ["[i] Waiting 20.0 s, as the service asks: 429 Too Many Requests"],
    ),
    (
        e.FrameFailed(
            **SPOT, reason="neutral_to_speaking_ah__center t=0.50: 429 Too Many Requests", code="engine_rate_limited"
        ),
        ["[!] Failed neutral_to_speaking_ah__center t=0.50: 429 Too Many Requests"],
    ),
    (
        e.FrameBlocked(**SPOT, by="the interrupt"),
        ["[!] Not started: neutral_to_speaking_ah__center t=0.50, because of the interrupt"],
    ),
    (e.RunStopping("no credit left", 0), ["[!] Stopping: no credit left."]),
    (
        e.RunStopping("no credit left", 1),
        ["[!] Stopping: no credit left. 1 running call is awaited and saved."],
    ),
    (
        e.RunStopping("no credit left", 3),
        ["[!] Stopping: no credit left. 3 running calls are awaited and saved."],
    ),
    (
        e.FileWritten("manifest", "frames/sequences/neutral_to_speaking_ah__center/manifest.json"),
        ["[i] Wrote manifest: frames/sequences/neutral_to_speaking_ah__center/manifest.json"],
    ),
    (
        p.FrameRepaired(
            "happy__center", None, "happy__center.png", True, 0.4, ("it slid",), 3.2, 1.01, 0.0, 0.314, 0.029
        ),
        ["[✓] happy__center: 31.4% of the picture had changed, 2.9% has now", "[!] happy__center: it slid"],
    ),
    (
        p.RigPlanned(3, 0, 9, 3, 12, Decimal("0.42"), Decimal("0.84"), 240.0, paid=True),
        [
            "[i] In all: 3 expressions and heads, then 9 tween frames across 3 sequences.",
            (
                "[i] Estimate of all: 12 calls, about $0.42 (at most $0.84, if all have to be asked for again), "
                "about 4 min."
            ),
        ],
    ),
    (
        p.RigPlanned(0, 3, 9, 3, 9, Decimal(0), Decimal(0), 1.0, paid=False),
        [
            "[!] 3 expressions and heads are missing, and no image model is there to make them.",
            "[i] In all: 0 expressions and heads, then 9 tween frames across 3 sequences.",
            "[i] Estimate of all: 9 frames to draw, no cost, about 1 s.",
        ],
    ),
    (
        p.RigPlanned(0, 0, 0, 0, 0, Decimal(0), Decimal(0), 0.0, paid=False),
        ["[i] Nothing to make: every wanted picture exists."],
    ),
    (p.RepairEnded(3, 8, 0, dry_run=False), ["[i] Repaired: 3, Left as they are: 8"]),
    (p.RepairEnded(3, 8, 1, dry_run=True), ["[i] Would repair: 3, Left as they are: 8, Failed: 1"]),
    (e.RunEnded(**ENDED), ["[i] Tween generation completed. Success: 12, Failed: 0"]),
    (
        e.RunEnded(**ENDED | {"kind": "expression", "failed": 1, "blocked": 2, "cost_usd": Decimal("1.5")}),
        [
            "[i] Expression generation completed. Success: 12, Failed: 1, Not started: 2",
            "[i] Cost: $1.50, by the tokens that the service reported.",
        ],
    ),
    (
        e.RunEnded(**ENDED | {"cost_usd": None}),
        [
            "[i] Tween generation completed. Success: 12, Failed: 0",
            "[i] Cost: unknown; the service did not say it for every call.",
        ],
    ),
    (
        p.CostSummed("run", "3", "2026-11-23T10:04:05+00:00", "sequences", 10, 9, Decimal("0.36"), Decimal("0.04"), 0),
        [
            (
                "[i] run 3 (2026-11-23 10:04 UTC, sequences): $0.36, 9 usable of 10 calls; "
                "up to $0.04 more for calls that the service did not report"
            ),
        ],
    ),
    (
        p.CostSummed("model", "", "", "", 1, 0, Decimal(0), Decimal(0), 1),
        ["[i] model unknown: $0.00, 0 usable of 1 call; 1 call of unknown price"],
    ),
    (
        p.CostSummed("total", "", "", "", 10, 9, Decimal("1.36"), Decimal(0), 0),
        ["[i] In all: $1.36, 9 usable of 10 calls"],
    ),
    (
        p.CostSummed("total", "", "", "", 0, 0, Decimal(0), Decimal(0), 0),
        ["[i] Nothing was spent here: no call is on record."],
    ),
    (
        p.TakeListed(
            7, "frames/x/050.png", "2026-11-23T10:04:05+00:00", "openai", "m", Decimal("0.035"), in_place=True
        ),
        ["[✓] take 7 of frames/x/050.png: 2026-11-23 10:04 UTC, openai m, $0.035, in place"],
    ),
    (
        p.TakeListed(8, "frames/x/050.png", "2026-11-23T10:04:05+00:00", "", "", None, in_place=False),
        ["[i] take 8 of frames/x/050.png: 2026-11-23 10:04 UTC, origin unknown"],
    ),
    (p.TakesCounted(2, 1), ["[i] 2 takes of 1 frame. --restore N puts take N into its place."]),
    (
        p.TakesCounted(0, 0),
        ["[i] No takes yet: paid pictures are kept as takes, and every picture before it is replaced."],
    ),
    (
        p.TakeRestored(7, "frames/x/050.png", 8),
        ["[✓] Take 7 is in place: frames/x/050.png; the picture before it is take 8"],
    ),
    (p.TakeRestored(7, "frames/x/050.png", None), ["[✓] Take 7 is in place: frames/x/050.png"]),
    (p.Checked("disk", "fine", "9 GB free", fixable=False), ["[✓] disk: 9 GB free"]),
    (p.Checked("index", "wrong", "damaged", fixable=True), ["[!] index: damaged (--fix repairs it)"]),
    (p.Checked("index", "repaired", "damaged; removed", fixable=False), ["[✓] index: repaired: damaged; removed"]),
    (p.CheckUpEnded(0, 0, 0), ["[✓] Nothing is wrong."]),
    (p.CheckUpEnded(0, 2, 0), ["[✓] Nothing is wrong. 2 repaired."]),
    (p.CheckUpEnded(1, 0, 0), ["[!] 1 thing is wrong."]),
    (p.CheckUpEnded(3, 1, 2), ["[!] 3 things are wrong. 1 repaired. --fix repairs 2 of them."]),
    (p.GroupReported("a__p", 5, 0), ["[i] a__p: 5 pictures"]),
    (p.GroupReported("a__p", 1, 1), ["[i] a__p: 1 picture, 1 to look at"]),
    (p.Reported(1, 5, 0, 0), ["[✓] 5 pictures in the report. Nothing stands out."]),
    (p.Reported(2, 9, 3, 1), ["[!] 9 pictures in the report. 3 to look at first. 1 could not be shown."]),
    (
        p.StudioServing("http://localhost:5174", "http://localhost:5174", "", "mychar"),
        ["[i] Studio of 'mychar': http://localhost:5174", "[i] Ctrl-C ends it."],
    ),
    (
        p.StudioServing("http://a:1", "http://a:1/?token=once", "always", "mychar"),
        [
            "[i] Studio of 'mychar': http://a:1/?token=once",
            "[i] That address works once; then the next one is shown.",
            "[i] Programs: Bearer always",
            "[i] Ctrl-C ends it.",
        ],
    ),
]


@pytest.mark.parametrize(("event", "lines"), SAID, ids=range(len(SAID)))
def test_an_event_is_said_in_the_words_that_users_know(event: e.Event, lines: list[str]) -> None:
    assert lines_of(event, verbose=False) == lines


@pytest.mark.parametrize("kind", every_event_class())
def test_every_event_has_words_of_its_own_a_name_of_its_own_and_an_example_here(kind: type[e.Event]) -> None:
    assert lines_of.dispatch(kind) is not lines_of.dispatch(e.Event)
    assert [other for other in every_event_class() if other.name == kind.name] == [kind]
    assert kind in {type(event) for event, _ in SAID}


def test_many_ignored_files_are_cut_off_unless_the_user_wants_all() -> None:
    event = e.FilesIgnored("f", tuple(f"{at}.txt" for at in range(20)))

    assert lines_of(event, verbose=False)[0].endswith("11.txt and 8 more")
    assert lines_of(event, verbose=True)[0].endswith("18.txt, 19.txt")


def test_the_verbose_line_of_a_frame_says_its_time_and_price() -> None:
    event = e.FrameMade("a_to_b__center", 0.5, "050.png", 12.34, Decimal("0.041"))

    assert lines_of(event, verbose=True) == ["[✓] a_to_b__center t=0.50 -> 050.png [12.3 s, $0.041]"]


# JSON


@pytest.mark.parametrize("event", [event for event, _ in SAID], ids=range(len(SAID)))
def test_every_event_is_one_json_line_with_its_name_and_fields(
    event: e.Event, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_console(as_json=True, verbose=False) as console:
        console.emit(event)

    (line,) = capsys.readouterr().out.splitlines()
    document = json.loads(line)
    assert document["event"] == event.name
    assert set(document) == {"event", *(field.name for field in fields(event))}


def test_money_is_a_text_so_that_no_digit_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    with open_console(as_json=True, verbose=False) as console:
        console.emit(e.FrameMade("a__b", 0.5, "050.png", 1.0, Decimal("0.0410")))

    assert json.loads(capsys.readouterr().out)["cost_usd"] == "0.0410"


def test_an_error_is_an_event_with_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    with open_console(as_json=True, verbose=False) as console:
        console.fail(StoreError("cannot write 'x'"))

    said = capsys.readouterr()
    assert json.loads(said.out) == {"event": "error", "code": "store", "message": "cannot write 'x'"}
    assert said.err == ""


# Text


def test_errors_go_where_errors_go_each_problem_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with open_console(as_json=False, verbose=False) as console:
        console.fail(ConfigError(["x.json: poses: is no list", "x.json: axes: is no table"]))

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "[!] x.json: poses: is no list\n[!] x.json: axes: is no table\n"


def test_that_nothing_matched_is_no_error_line(capsys: pytest.CaptureFixture[str]) -> None:
    with open_console(as_json=False, verbose=False) as console:
        console.fail(NothingMatchedError("No sequences to generate (no matching endpoint pairs)."))

    assert capsys.readouterr().out == "[i] No sequences to generate (no matching endpoint pairs).\n"


@pytest.mark.parametrize("as_json", [True, False])
def test_a_program_without_any_output_still_works(monkeypatch: pytest.MonkeyPatch, as_json: bool) -> None:  # noqa: FBT001 - a parameter
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    with open_console(as_json=as_json, verbose=False) as console:
        assert isinstance(console, JsonConsole if as_json else TextConsole)
        console.emit(e.PosesFound(("center",)))
        console.fail(StoreError("cannot write 'x'"))


# Whole runs


@pytest.fixture
def project(tmp_path: Path) -> SmallProject:
    return SmallProject(tmp_path).lay()


ALL = [f"to_{name}__center/050.png" for name in SmallProject(Path()).expressions]


def made_json(text: str) -> Iterator[dict[str, Any]]:
    return (document for document in map(json.loads, text.splitlines()) if document["event"] == "made")


def test_a_run_says_the_lines_of_the_contract(project: SmallProject) -> None:
    flags = ("--max-depth", "1", "--max-workers", "1")
    project.run(project.command("", *flags, "--only", "to_bb"))

    done = project.run(project.command("rejected @ to_aa", *flags))

    said = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (1, "")
    assert said[1:3] == [
        "[i] Found poses in endpoints: ['center']",
        "[i] Tween exists, skipping: to_bb__center t=0.50 -> 050.png",
    ]
    assert "[i] Will generate 5 tween frames across 5 sequences using 1 worker." in said
    assert "[!] Failed to_aa__center t=0.50: refused by the safety system" in said
    assert "[✓] to_cc__center t=0.50 -> 050.png" in said
    assert "[i] Wrote manifest: frames/sequences/to_aa__center/manifest.json" in said
    assert "[i] Tween generation completed. Success: 4, Failed: 1" in said


def test_a_run_that_matches_nothing_says_so_and_ends_with_2(project: SmallProject) -> None:
    for drawing in (project.root / "frames" / "endpoints").iterdir():
        drawing.unlink()

    done = project.run(project.command())

    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.splitlines()[-1] == "[i] No sequences to generate (no matching endpoint pairs)."


def test_a_reader_that_goes_away_neither_ends_the_run_nor_gets_a_traceback(project: SmallProject) -> None:
    with project.start(project.command("delay:0.1 @ to_aa", "--max-depth", "1")) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        complaints = process.stderr.read()
        status = process.wait(PATIENCE_S)

    assert (status, complaints) == (0, "")
    assert project.made == ALL


def test_a_reader_that_goes_away_from_a_run_with_nothing_to_do_gets_no_traceback(project: SmallProject) -> None:
    with project.start(project.command("", "--only", "nothing")) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        complaints = process.stderr.read()
        status = process.wait(PATIENCE_S)

    assert (status, complaints) == (2, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device")
def test_a_log_on_a_full_disk_does_not_end_the_run(project: SmallProject) -> None:
    with Path("/dev/full").open("w") as full:
        done = project.run(project.command("", "--max-depth", "1"), stdout=full)

    assert (done.returncode, done.stderr) == (0, "")
    assert project.made == ALL


@posix
def test_a_run_whose_output_is_closed_works(project: SmallProject) -> None:
    shell = shutil.which("sh") or "sh"

    done = project.run([shell, "-c", '"$@" >&- 2>&-', "sh", *project.command("", "--max-depth", "1")])

    assert done.returncode == 0
    assert project.made == ALL


def test_an_output_that_knows_no_check_mark_gets_a_question_mark(project: SmallProject) -> None:
    done = project.run(project.command("", "--max-depth", "1"), {"PYTHONIOENCODING": "ascii"})

    assert (done.returncode, done.stderr) == (0, "")
    assert "[?] to_aa__center t=0.50 -> 050.png" in done.stdout


def test_json_loses_no_letter_in_any_encoding(tmp_path: Path) -> None:
    project = SmallProject(tmp_path, ("größe", "口")).lay()

    done = project.run(project.command("", "--max-depth", "1", "--json"), {"PYTHONIOENCODING": "ascii"})

    assert done.returncode == 0
    assert sorted(made["subject"] for made in made_json(done.stdout)) == ["to_größe__center", "to_口__center"]


def test_every_line_of_a_json_run_is_json(project: SmallProject) -> None:
    done = project.run(project.command("transient*1 @ to_aa; rejected @ to_bb", "--json", "--max-depth", "1"))

    names = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert (names[0], names[-1]) == ("engine", "ended")
    assert {"poses", "plan", "made", "retry", "failed", "wrote"} <= set(names)
    assert done.stderr == ""


@posix
def test_a_terminal_shows_counts_and_cost_and_is_left_as_it_was(project: SmallProject) -> None:
    with on_a_terminal(project, project.command("rejected @ to_aa", "--max-depth", "1")) as terminal:
        status = terminal.wait()

    assert status == 1
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.shown)
    assert "6/6" in plain
    assert "$0.20" in plain
    assert "1 failed" in plain
    assert re.search(r"left \d:\d\d:\d\d", plain)
    assert "[✓] to_bb__center t=0.50 -> 050.png\r\n" in plain
    assert plain.rstrip().endswith("service reported.")
    assert terminal.shown.rindex("\x1b[?25h") > terminal.shown.rindex("\x1b[?25l")


@posix
@pytest.mark.parametrize("flags", [(), ("-v",)])
def test_a_terminal_counts_frames_that_exist_and_lists_them_only_if_asked(
    project: SmallProject, flags: tuple[str, ...]
) -> None:
    project.run(project.command("", "--max-depth", "1"))

    with on_a_terminal(project, project.command("", "--max-depth", "1", *flags)) as terminal:
        assert terminal.wait() == 0

    assert terminal.shown.count("Tween exists, skipping") == (6 if flags else 0)
    assert ("6 exist and are skipped (-v lists them)" in terminal.shown) == (not flags)
    assert "Nothing to generate: every wanted tween exists." in terminal.shown


@posix
def test_a_terminal_that_knows_no_movement_gets_plain_lines(project: SmallProject) -> None:
    with on_a_terminal(project, project.command("", "--max-depth", "1"), {"TERM": "dumb"}) as terminal:
        assert terminal.wait() == 0

    assert "\x1b" not in terminal.shown
    assert "[✓] to_aa__center t=0.50 -> 050.png" in terminal.shown


@posix
def test_an_error_on_a_terminal_is_one_line(project: SmallProject) -> None:
    (project.root / "expressions.json").unlink()

    with on_a_terminal(project, project.command()) as terminal:
        assert terminal.wait() == 2

    assert "[!] --config: cannot read 'expressions.json': No such file or directory\r\n" in terminal.shown
    assert "Traceback" not in terminal.shown
