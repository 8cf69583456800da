"""`watercolor-rig export` on a folder: what is written, what is left out, what it says, how it ends."""

import json
import shutil
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from export.bookshelf import face
from watercolor_rig.app.exports import ExportOptions, make_export
from watercolor_rig.cli.main import run
from watercolor_rig.core.errors import NothingMatchedError, PictureError, StoreError, UsageError
from watercolor_rig.core.events import Event, FileWritten, Warned
from watercolor_rig.export.api import GROUP, ExportJob, Outbox, write_bytes
from watercolor_rig.imaging.picture import encode_png
from watercolor_rig.runner.control import Control


@pytest.fixture
def sequences(tmp_path: Path) -> Path:
    """Two sequences of three frames."""
    for end, mouths in (("ah", (0, 3, 6)), ("ee", (0, 1, 2))):
        folder = tmp_path / f"sequences/neutral_to_{end}__center"
        folder.mkdir(parents=True)
        frames = [{"t": at / 2, "file": f"{at:03}.png"} for at in range(3)]
        for frame, mouth in zip(frames, mouths, strict=True):
            (folder / str(frame["file"])).write_bytes(encode_png(face(mouth)))
        named = {"path_id": folder.name, "expr_start": "neutral", "expr_end": end, "pose": "center", "frames": frames}
        (folder / "manifest.json").write_text(json.dumps(named))
    return tmp_path / "sequences"


def options(sequences: Path, **changes: Any) -> ExportOptions:
    return replace(ExportOptions("aseprite-sheet", sequences, sequences / "../out"), **changes)


def test_files_are_written_and_said(sequences: Path) -> None:
    events: list[Event] = []

    status = make_export(options(sequences), events.append)

    written = [Path(event.file).name for event in events if isinstance(event, FileWritten)]
    assert (status, written) == (0, ["sheet.png", "sheet.json"])
    assert sorted(file.name for file in (sequences / "../out").iterdir()) == ["sheet.json", "sheet.png"]


def test_a_sequence_that_a_format_leaves_out_is_named_and_the_status_says_so(sequences: Path) -> None:
    manifest = sequences / "neutral_to_ah__center/manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "pose": "left"}))
    events: list[Event] = []

    status = make_export(options(sequences, format="web"), events.append)

    clips = json.loads((sequences / "../out/rig.json").read_text())["clips"]
    assert (status, [clip["path"] for clip in clips]) == (1, ["neutral_to_ee__center"])
    [warning] = [event for event in events if isinstance(event, Warned)]
    assert (warning.subject, warning.message[:22]) == ("neutral_to_ah__center", "left out: its manifest")


def test_a_broken_sequence_is_left_out_by_name_and_the_rest_is_written(sequences: Path) -> None:
    (sequences / "neutral_to_ah__center/001.png").write_bytes(b"no picture")
    events: list[Event] = []

    status = make_export(options(sequences), events.append)

    document = json.loads((sequences / "../out/sheet.json").read_text())
    assert status == 1
    assert [tag["name"] for tag in document["meta"]["frameTags"]] == ["neutral_to_ee__center"]
    [warning] = [event for event in events if isinstance(event, Warned)]
    assert warning.subject == "neutral_to_ah__center"
    assert warning.message.startswith("left out: 001.png: not a PNG")


def test_nothing_usable_is_an_error(sequences: Path) -> None:
    for file in sequences.rglob("*.png"):
        file.unlink()

    with pytest.raises(PictureError, match="no sequence can be exported"):
        make_export(options(sequences), lambda _: None)


def test_a_file_that_turns_out_to_be_torn_ends_the_export_and_keeps_what_was_there(sequences: Path) -> None:
    torn = sequences / "neutral_to_ee__center/002.png"
    torn.write_bytes(torn.read_bytes()[:-40])
    out = sequences.parent / "out"
    out.mkdir()
    (out / "sheet.png").write_bytes(b"earlier")

    with pytest.raises(PictureError, match=r"002\.png: broken or truncated"):
        make_export(options(sequences), lambda _: None)

    assert [(file.name, file.read_bytes()) for file in out.iterdir()] == [("sheet.png", b"earlier")]


def test_an_export_that_is_ended_leaves_no_file(sequences: Path) -> None:
    control = Control()
    control.end()

    status = make_export(options(sequences), lambda _: None, control)

    assert (status, (sequences / "../out").exists()) == (130, False)


def test_wrong_formats_settings_and_patterns_are_refused(sequences: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'aseprite-sheet'"):
        make_export(options(sequences, format="aseprite-shet"), lambda _: None)
    with pytest.raises(UsageError, match="has no setting 'extrud'"):
        make_export(options(sequences, settings={"extrud": "1"}), lambda _: None)
    with pytest.raises(NothingMatchedError):
        make_export(options(sequences, only="angry*"), lambda _: None)


class Torn:
    """An export that fails half way through a file."""

    summary = "breaks"
    settings: dict[str, Any] = {}  # noqa: RUF012 - an attribute of a plug-in

    def export(self, clips: Any, job: ExportJob, outbox: Outbox) -> None:
        write_bytes(outbox, f"a/{job.version}.txt", str([each.name for each in clips]).encode())

        def write(file: Any) -> None:
            file.write(b"half")
            raise OSError(28, "No space left on device")

        outbox.write("a/b.txt", write)


torn = Torn()


def test_a_disk_that_refuses_leaves_whole_files_only(sequences: Path) -> None:
    entry = EntryPoint("torn", "app.test_exports:torn", GROUP)

    with pytest.raises(StoreError, match=r"cannot write .*b\.txt': No space left"):
        make_export(options(sequences, format="torn"), lambda _: None, entries=[entry])

    [file] = (sequences / "../out/a").iterdir()
    assert file.read_text() == "['neutral_to_ah__center', 'neutral_to_ee__center']"


def test_the_command_line_scales_puts_on_a_background_and_sets(
    sequences: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(sequences.parent)
    shutil.copytree(sequences, "frames/sequences")

    flags = ["--scale", "0.5", "--background", "#102030", "--only", "*_ee__*"]
    status = run(["export", "texturepacker-sheet", *flags, "--option", "padding=0", "--option", "extrude=0"])

    with Image.open("export/texturepacker-sheet/sheet.png") as page:
        assert (status, page.size, page.getpixel((0, 0))) == (0, (45, 20), (16, 32, 48, 255))
    assert "sheet.json" in capsys.readouterr().out


@pytest.mark.parametrize("flag", [("--scale", "0"), ("--scale", "x"), ("--background", "white"), ("--fps", "61")])
def test_a_flag_that_cannot_be_had_is_refused(flag: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["export", "aseprite-sheet", *flag])

    assert f"argument {flag[0]}: '{flag[1]}' is no " in capsys.readouterr().err


def test_a_character_for_the_web_goes_over_pose_paths_too(sequences: Path) -> None:
    folder = sequences / "neutral_center_to_neutral_left"
    folder.mkdir()
    frames = [{"t": at, "file": f"{at}.png"} for at in range(2)]
    for at in range(2):
        (folder / f"{at}.png").write_bytes(encode_png(face(0)[:, :: 1 - 2 * at]))
    poses = {"pose": "center", "pose_start": "center", "pose_end": "left"}
    named = {"path_id": folder.name, "expr_start": "neutral", "expr_end": "neutral", **poses, "frames": frames}
    (folder / "manifest.json").write_text(json.dumps(named))
    events: list[Event] = []

    assert make_export(options(sequences, format="web"), events.append) == 0

    clips = json.loads((sequences / "../out/rig.json").read_text())["clips"]
    [turn] = [clip for clip in clips if clip["path"] == folder.name]
    assert [turn[end] for end in ("start", "end")] == [
        {"expression": "neutral", "pose": pose} for pose in ("center", "left")
    ]
    assert [event for event in events if isinstance(event, Warned)] == []
