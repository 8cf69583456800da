"""Every check finds what it is for, says it in one line, and repairs only what loses nothing."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support.images_api import ImagesApi
from support.project import Project, defects_of, lying_in, picture
from watercolor_rig.app.doctor import surroundings
from watercolor_rig.app.doctor.check_up import DoctorOptions, check_up
from watercolor_rig.app.doctor.ledger_rebuilding import rebuild_ledger
from watercolor_rig.app.journal import EARLIER_ANSWER
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.take_restoring import restore_take
from watercolor_rig.app.takes import digest_of
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import ProjectBusyError
from watercolor_rig.core.events import FrameMade
from watercolor_rig.core.project_events import Checked
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.engines.registry import Listing, list_engines, probe_engine
from watercolor_rig.engines.scripted import ScriptedPlugin
from watercolor_rig.store.durable import sweep_leftovers
from watercolor_rig.store.ledger import NewAttempt
from watercolor_rig.store.lock import project_lock

PATH = "neutral_to_ah__center"
LEFTOVER = ".050.png.99999999-0123abcd.tmp"
"""Of a process whose number is above all that there are."""


class CheckUp(NamedTuple):
    """How a check-up ended."""

    status: int
    wrong: list[tuple[str, str]]
    repaired: list[tuple[str, str]]
    fine: dict[str, str]
    fixable: int


def examine(project: Project, environment: Mapping[str, str] | None = None, **changes: Any) -> CheckUp:
    said: list[Any] = []
    given: dict[str, Any] = {"config": project.config, "engine": "local"} | changes
    options = DoctorOptions(project.endpoints, project.sequences, **given)
    status = check_up(options, said.append, Toolbox(environment=dict(environment or {})))
    *found, ended = said
    by_state: dict[str, list[tuple[str, str]]] = {"fine": [], "wrong": [], "repaired": []}
    for event in found:
        assert isinstance(event, Checked)
        by_state[event.state].append((event.check, event.message))
    assert ended.wrong == len(by_state["wrong"])
    return CheckUp(status, by_state["wrong"], by_state["repaired"], dict(by_state["fine"]), ended.fixable)


@pytest.fixture
def made(project: Project) -> Project:
    """Three paid frames."""
    project.make(2)
    return project


def frame(project: Project, name: str = "050.png") -> Path:
    return project.sequences / PATH / name


def content(project: Project, name: str = "050.png") -> Path:
    """Return the file of a frame's content in the store, writable."""
    path = Memory(project.root).blobs.path(digest_of(frame(project, name)) or "")
    path.chmod(0o644)
    return path


def break_ledger(project: Project) -> Path:
    path = Memory(project.root).ledger_file
    path.write_bytes(b"no database at all" * 300)
    return path


# Everything as it should be


@pytest.mark.parametrize("read_data", [False, True])
def test_a_sound_project_is_sound_and_nothing_is_written(made: Project, *, read_data: bool) -> None:
    before = lying_in(made.root)

    found = examine(made, read_data=read_data)

    assert (found.status, found.wrong) == (0, [])
    assert {"config", "index", "endpoints", "leftovers", "sequences"} <= set(found.fine)
    assert {"ledger", "takes", "lock", "engine", "key", "disk"} <= set(found.fine)
    assert lying_in(made.root) == before


def test_a_project_in_which_nothing_was_made_yet_is_sound_and_gets_no_state_folder(project: Project) -> None:
    assert examine(project).wrong == []
    assert not (project.root / ".watercolor-rig").exists()


def test_without_a_configuration_the_folders_speak_for_themselves(made: Project) -> None:
    assert examine(made, config=None).wrong == []
    frame(made).unlink()
    assert [check for check, _ in examine(made, config=None).wrong] == ["manifest"]


# What people see


def test_every_problem_of_the_configuration_is_a_line(made: Project) -> None:
    made.config.write_text('{"base_paths": [{"id": "a", "start": "x y/", "end": 3}], "character": 5}')

    found = examine(made)

    assert found.status == 1
    assert len([check for check, _ in found.wrong if check == "config"]) > 1


def test_a_configuration_that_is_not_there_is_found(made: Project) -> None:
    assert examine(made, config=made.root / "absent.json").wrong[0][0] == "config"


def test_an_endpoint_that_does_not_decode_is_found(made: Project) -> None:
    made.put("ah__center.png", picture(8)[:200])

    assert any(check == "endpoints" and "ah__center.png" in said for check, said in examine(made).wrong)


def test_endpoints_of_several_sizes_at_one_pose_are_found(made: Project) -> None:
    made.draw("ah", size=(48, 64))

    (said,) = (said for check, said in examine(made).wrong if check == "endpoints")
    assert "24x32: neutral__center.png; 48x64: ah__center.png" in said or "48x64: ah__center.png; 24x32" in said


def test_a_missing_folder_of_endpoints_is_found(made: Project) -> None:
    shutil.rmtree(made.endpoints)

    assert "endpoints" in [check for check, _ in examine(made).wrong]


def test_a_frame_that_does_not_decode_is_found(made: Project) -> None:
    frame(made).write_bytes(frame(made).read_bytes()[:100])

    ((check, said),) = examine(made).wrong
    assert (check, str(frame(made)) in said) == ("frames", True)


def test_a_frame_of_another_size_is_found(made: Project) -> None:
    frame(made).write_bytes(picture(8, size=(12, 16)))

    ((_, said),) = examine(made).wrong
    assert "is 12x16, 000.png 24x32" in said


def test_a_copy_of_a_drawing_that_has_changed_is_found(made: Project) -> None:
    made.draw("ah", mode="RGB")

    ((_, said),) = examine(made).wrong
    assert "100.png is not ah__center.png as it is now" in said


def test_a_copy_of_a_drawing_that_is_missing_is_found(made: Project) -> None:
    frame(made, "000.png").unlink()

    assert any("000.png is missing; the next run copies" in said for _, said in examine(made).wrong)


def test_bytes_that_rot_under_an_unchanged_date_are_found_by_reading_the_data(made: Project) -> None:
    status = frame(made).stat()
    frame(made).write_bytes(_same_length(frame(made).read_bytes()))
    os.utime(frame(made), ns=(status.st_atime_ns, status.st_mtime_ns))

    assert examine(made).wrong == []
    found = examine(made, read_data=True)

    assert any(check == "frames" and "050.png" in said for check, said in found.wrong)


def _same_length(png: bytes) -> bytes:
    """Return another whole picture of the same length: a further chunk's worth of bytes differs."""
    return png[:40] + bytes([png[40] ^ 1]) + png[41:]


# Manifests


def spoil_entry(project: Project) -> None:
    frame(project, "025.png").unlink()


def spoil_manifest(project: Project) -> None:
    frame(project, "manifest.json").write_bytes(b'{"path_id": "')


def remove_manifest(project: Project) -> None:
    frame(project, "manifest.json").unlink()


def forget_entry(project: Project) -> None:
    manifest = project.manifest(PATH)
    manifest["frames"] = [entry for entry in manifest["frames"] if entry["file"] != "025.png"]
    frame(project, "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_entry, "lists 025.png, which is not there"),
        (forget_entry, "does not list 025.png"),
        (remove_manifest, "manifest.json is missing"),
        (spoil_manifest, "manifest.json is damaged"),
    ],
)
def test_a_manifest_that_does_not_fit_the_files_is_found_and_written_anew(
    made: Project, spoil: Callable[[Project], None], words: str
) -> None:
    sound = made.manifest(PATH)
    spoil(made)

    found = examine(made)
    repaired = examine(made, fix=True)

    assert (found.status, found.fixable) == (1, 1)
    assert words in found.wrong[0][1]
    assert (repaired.status, [check for check, _ in repaired.repaired]) == (0, ["manifest"])
    assert defects_of(made.sequences) == []
    assert [entry for entry in sound["frames"] if frame(made, entry["file"]).exists()] == made.manifest(PATH)["frames"]
    assert examine(made).wrong == []


def test_a_frame_whose_time_nothing_tells_is_found_and_let_alone(made: Project) -> None:
    shutil.copy(frame(made), frame(made, "033.png"))

    ((_, said),) = examine(made, fix=True).wrong

    assert "nothing says which time it shows" in said
    assert frame(made, "033.png").exists()


CUT_OFF = """
import os, sys
from pathlib import Path
from watercolor_rig.app.take_restoring import restore_take

really_replace = os.replace

def replace(old, new):
    if Path(new).name == "manifest.json":
        os._exit(9)
    really_replace(old, new)

os.replace = replace
restore_take(Path(sys.argv[1]), int(sys.argv[2]), lambda event: None)
"""
"""Killed between the frame and its manifest."""


@pytest.fixture
def half_restored(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, Any]]:
    """A frame whose earlier take was being restored, and the manifest that a whole restore leaves."""
    project.make(1, engine="crossfade", settings=EngineSettings())
    project.make(1, overwrite=True)
    manifest = project.manifest(PATH)
    manifest["frames"][1]["seen_by"] = "another program"
    frame(project, "manifest.json").write_text(json.dumps(manifest))
    whole = Project(tmp_path_factory.mktemp("whole") / "project")
    shutil.copytree(project.root, whole.root)
    with Memory(project.root).open_ledger() as ledger:
        [number] = [take.id for take in ledger.every_take() if "crossfade" in take.origin]
    restore_take(whole.root, number, lambda _event: None)

    killed = subprocess.run([sys.executable, "-c", CUT_OFF, str(project.root), str(number)], check=False)

    assert killed.returncode == 9
    assert project.read(PATH, "050.png") == whole.read(PATH, "050.png")
    assert project.manifest(PATH) == manifest != whole.manifest(PATH)
    return project, whole.manifest(PATH)


@pytest.mark.parametrize("is_swept", [False, True])
def test_a_restore_that_was_cut_off_before_the_manifest_is_found_and_mended(
    half_restored: tuple[Project, dict[str, Any]],
    is_swept: bool,  # noqa: FBT001 - parametrised
) -> None:
    """By the manifest that was ready, or, where somebody has swept that, by what is recorded of the takes."""
    project, sound = half_restored
    if is_swept:
        sweep_leftovers(project.sequences / PATH)

    found = examine(project)
    repaired = examine(project, fix=True)

    assert [said for check, said in found.wrong if check == "manifest"] == [
        f"{PATH}: tells of another picture than 050.png shows"
    ]
    assert {check for check, _ in repaired.repaired} == ({"manifest"} if is_swept else {"manifest", "leftovers"})
    assert project.manifest(PATH) == sound
    assert (examine(project).wrong, defects_of(project.sequences)) == ([], [])


def test_a_frame_that_was_made_again_with_the_bytes_of_an_earlier_take_is_no_lie(project: Project) -> None:
    """The records agree with what the manifest says of either; only one that another picture had is wrong."""
    for engine in ("crossfade", "scripted", "crossfade"):
        project.make(1, overwrite=True, engine=engine, settings=EngineSettings())

    assert examine(project).wrong == []


# What the program remembers


@pytest.mark.parametrize(
    "folder", ["frames/endpoints", "frames/sequences", f"frames/sequences/{PATH}", ".watercolor-rig", "store", "cards"]
)
def test_leftovers_of_killed_runs_are_found_everywhere_and_swept(made: Project, folder: str) -> None:
    memory = Memory(made.root)
    places = {"store": memory.blobs.folders()[0], "cards": memory.cards.folders()[0]}
    leftover = places.get(folder, made.root / folder) / LEFTOVER
    leftover.write_bytes(b"half")

    assert [check for check, _ in examine(made).wrong] == ["leftovers"]
    assert leftover.exists()
    assert examine(made, fix=True).status == 0
    assert not leftover.exists()


@pytest.mark.parametrize("damage", [b"{", b"[]", b'{"version": 1}', b'{"version": 1, "folders": {"a": {"b": [1]}}}'])
def test_a_damaged_index_is_found_and_dropped(made: Project, damage: bytes) -> None:
    index = made.root / ".watercolor-rig/pictures.json"
    index.write_bytes(damage)

    assert [check for check, _ in examine(made).wrong] == ["index"]
    assert [check for check, _ in examine(made, fix=True).repaired] == ["index"]
    assert examine(made).wrong == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def scribble(path: Path) -> None:
    path.write_bytes(b"no database at all" * 300)


def lose_a_table(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute("DROP TABLE take")
    database.close()


def lose_a_run(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("DELETE FROM run")
    database.commit()
    database.close()


def vanish(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [cut, empty, scribble, lose_a_table, lose_a_run, vanish])
def test_a_damaged_ledger_is_found_and_made_anew_and_nothing_that_arrived_is_paid_again(
    made: Project, damage: Callable[[Path], None]
) -> None:
    path = Memory(made.root).ledger_file
    damage(path)
    damaged = path.read_bytes() if path.exists() else None

    assert [check for check, _ in examine(made).wrong][:1] == ["ledger"]
    repaired = examine(made, fix=True)

    assert (repaired.status, repaired.repaired[0][0]) == (0, "ledger")
    assert "lost is what calls cost" in repaired.repaired[0][1]
    aside = [file for file in path.parent.glob("*.damaged-*") if not file.name.endswith(("-wal", "-shm"))]
    assert [file.read_bytes() for file in aside] == ([] if damaged is None else [damaged])
    for name in ("025.png", "050.png", "075.png"):
        frame(made, name).unlink()
    again = made.make(2)
    assert [event.shared_from for event in again.of(FrameMade)] == [EARLIER_ANSWER] * 3
    assert examine(made, read_data=True).wrong == []


def test_side_files_of_a_damaged_ledger_go_with_it(made: Project) -> None:
    path = break_ledger(made)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).write_bytes(b"stale")

    rebuild_ledger(Memory(made.root), [])

    assert sorted(file.name.rpartition("-")[2] for file in path.parent.glob("*.damaged-*-*")) == ["shm", "wal"]
    assert examine(made).wrong == []


def test_without_cards_the_frames_in_place_become_takes_again(made: Project) -> None:
    break_ledger(made)
    shutil.rmtree(made.root / ".watercolor-rig/takes")

    examine(made, fix=True)

    with Memory(made.root).open_ledger() as ledger:
        takes = ledger.every_take()
    frames = [take for take in takes if "/sequences/" in take.file]
    assert sorted(take.file.rpartition("/")[2] for take in frames) == ["025.png", "050.png", "075.png"]
    assert all(json.loads(take.origin)["made_from"] for take in frames)


def test_a_ledger_of_a_later_program_is_no_damage_and_stays(made: Project) -> None:
    path = Memory(made.root).ledger_file
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()

    ((check, said),) = examine(made, fix=True).wrong

    assert (check, "schema 99" in said) == ("ledger", True)
    assert not list(path.parent.glob("*.damaged-*"))


def test_a_disk_that_refuses_the_repair_is_said_and_nothing_is_lost(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = break_ledger(made)
    damaged = path.read_bytes()

    def refuse(_old: Path, new: Path) -> None:
        if ".damaged-" in Path(new).name:
            raise OSError(28, "No space left on device")
        Path(_old).rename(new)

    monkeypatch.setattr(os, "replace", refuse)

    ((_, said),) = examine(made, fix=True).wrong

    assert "the repair failed" in said
    assert path.read_bytes() == damaged


def test_an_answer_whose_run_was_killed_before_the_ledger_knew_it_is_entered(made: Project) -> None:
    database = sqlite3.connect(Memory(made.root).ledger_file)
    database.execute("DELETE FROM take WHERE file LIKE '%/050.png'")
    database.commit()
    database.close()

    assert "1 answer arrived" in examine(made).wrong[0][1]
    assert examine(made, fix=True).status == 0
    frame(made).unlink()
    assert made.make(2).of(FrameMade)[0].shared_from == EARLIER_ANSWER


def test_a_damaged_card_is_found(made: Project) -> None:
    next((made.root / ".watercolor-rig/takes").rglob("*.json")).write_bytes(b"{}")

    assert any("1 damaged card;" in said for _, said in examine(made).wrong)


def test_a_missing_content_is_found_and_kept_again_from_the_frame(made: Project) -> None:
    content(made).unlink()

    assert [check for check, _ in examine(made).wrong] == ["takes"]
    assert examine(made, fix=True).status == 0
    assert content(made).exists()


def test_a_damaged_content_is_found_by_reading_it_and_kept_again_from_the_frame(made: Project) -> None:
    path = content(made)
    path.write_bytes(bytes(path.stat().st_size))

    assert examine(made).wrong == []
    assert [check for check, _ in examine(made, read_data=True).wrong] == ["takes"]
    assert examine(made, read_data=True, fix=True).status == 0
    assert path.read_bytes() == frame(made).read_bytes()


def test_a_content_that_nobody_else_has_is_not_repaired(made: Project) -> None:
    content(made).unlink()
    for name in ("025.png", "050.png", "075.png"):
        frame(made, name).unlink()

    found = examine(made, fix=True)

    assert [check for check, _ in found.wrong] == ["takes"]
    assert "bring" in found.wrong[0][1]


def test_a_damaged_content_that_no_take_needs_is_found(made: Project) -> None:
    blobs = Memory(made.root).blobs
    path = blobs.path(blobs.put(b"nobody's"))
    path.chmod(0o644)
    path.write_bytes(b"nobody?s")

    assert any("of no take is damaged" in said for _, said in examine(made, read_data=True).wrong)


def leave_open(project: Project) -> None:
    ledger = Memory(project.root).open_ledger()
    ledger.begin_run("tween")
    ledger.begin_attempt(NewAttempt("key", "a t=0.5", "a", "openai", "m", None))
    ledger.close()


def test_calls_that_a_killed_run_left_open_are_found_and_booked(made: Project) -> None:
    leave_open(made)

    assert [check for check, _ in examine(made).wrong] == ["calls"]
    assert examine(made, fix=True).status == 0
    assert examine(made).wrong == []


def test_calls_of_a_run_that_still_works_are_no_fault(made: Project) -> None:
    leave_open(made)

    with project_lock(made.root, "sequences"):
        found = examine(made)

    assert found.wrong == []
    assert found.fine["calls"] == "1 under way"
    assert "'sequences' (process" in found.fine["lock"]


def test_nothing_is_repaired_while_another_process_writes(made: Project) -> None:
    with project_lock(made.root, "sequences"), pytest.raises(ProjectBusyError, match="'sequences'"):
        examine(made, fix=True)


def test_after_a_repair_of_everything_a_normal_run_completes_and_pays_for_what_is_lost_only(made: Project) -> None:
    break_ledger(made)
    spoil_manifest(made)
    (made.root / ".watercolor-rig/pictures.json").write_bytes(b"{")
    frame(made, LEFTOVER).write_bytes(b"half")
    frame(made, "025.png").unlink()

    repaired = examine(made, fix=True)
    again = made.make(2)

    assert repaired.status == 0
    assert {check for check, _ in repaired.repaired} == {"ledger", "manifest", "index", "leftovers"}
    assert [event.shared_from for event in again.of(FrameMade)] == [EARLIER_ANSWER]
    assert defects_of(made.sequences) == []
    assert examine(made, read_data=True).wrong == []


# What it needs around it


def test_every_engine_is_said_and_one_that_lacks_its_key_is_wrong_only_where_it_is_asked_for(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)

    assert examine(project).wrong == []
    asked = examine(project, engine="openai").wrong
    assert {check for check, _ in asked} == {"engine", "service"}
    assert all("OPENAI_API_KEY" in said for _, said in asked)


def test_an_engine_that_does_not_exist_is_found(project: Project) -> None:
    ((check, said),) = examine(project, engine="opneai").wrong

    assert (check, "there is no 'opneai'" in said) == ("engine", True)


def test_settings_that_the_engine_cannot_use_are_found(project: Project) -> None:
    settings = EngineSettings(options={"script": "nonsense"})

    found = examine(project, engine="scripted", settings=settings)

    assert any("cannot read the cue" in said for _, said in found.wrong)


def test_it_says_which_engine_a_run_would_take(project: Project) -> None:
    assert "OPENAI_API_KEY is not set; a run takes the engine 'local'" in examine(project, engine="auto").fine["key"]


def test_a_disk_without_room_for_what_is_missing_is_found(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(project.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=50_000_000))

    ((check, said),) = examine(project).wrong

    assert (check, "50.0 MB free" in said) == ("disk", True)


def test_a_disk_with_little_room_is_enough_where_nothing_is_missing(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(made.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=50_000_000))

    assert examine(made).wrong == []


def test_a_broken_plug_in_is_found_whoever_draws(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [*list_engines(), Listing("other", None, "ImportError: no module")]
    monkeypatch.setattr(surroundings, "list_engines", lambda: listed)

    assert examine(project).wrong == [("engine", "other is broken: ImportError: no module")]


@pytest.mark.parametrize(("models", "sound"), [(["gpt-image-2.5-sunburst"], True), (["other"], False)])
def test_the_service_is_asked_for_its_models_and_for_nothing_else(
    project: Project, monkeypatch: pytest.MonkeyPatch, models: list[str], *, sound: bool
) -> None:
    with ImagesApi(models=models) as api:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", api.base_url)

        found = examine(project, {"OPENAI_API_KEY": "sk-test"}, engine="auto")

        assert api.calls == []
    assert [check for check, _ in found.wrong] == ([] if sound else ["service"])
    assert ("service" in found.fine) == sound


def test_whatever_a_plug_in_answers_with_when_probed_is_a_finding() -> None:
    class Rude(ScriptedPlugin):
        def probe(self, settings: EngineSettings) -> str:
            raise ZeroDivisionError(settings.size)

    assert probe_engine(ScriptedPlugin(), EngineSettings()) is None
    assert probe_engine(Rude(), EngineSettings()) == (False, "ZeroDivisionError: (1024, 1536)")
