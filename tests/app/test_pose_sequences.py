"""Sequences between two poses: made by a command of their own, and handled by everything that reads manifests."""

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support import images_replies
from support.images_api import ImagesApi
from support.project import Project, defects_of, lying_in
from support.redrawn import face
from support.studio import opened
from watercolor_rig.app.doctor.check_up import DoctorOptions, check_up
from watercolor_rig.app.exports import ExportOptions, make_export
from watercolor_rig.app.inspect import InspectOptions, inspect_sequence
from watercolor_rig.app.preview import PreviewOptions, make_previews
from watercolor_rig.app.repair import RepairCommand, repair_project
from watercolor_rig.app.report.make import ReportOptions, make_report
from watercolor_rig.app.sequences import SequenceOptions
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.app.studio.views import RowState
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import NothingMatchedError
from watercolor_rig.core.events import Event, FramePlanned, SequenceSkipped, WorkPlanned
from watercolor_rig.core.project_events import Checked, FrameRepaired, Reported
from watercolor_rig.core.times import times_of_depth
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.imaging.picture import decode, encode_png

TURN, BACK, SMILE = "neutral_center_to_neutral_left", "neutral_left_to_neutral_center", "ah_center_to_ah_left"
POSE_PATHS = [
    {"id": "turn", "start": "center", "end": "left"},
    {"id": "back", "start": "left", "end": "center"},
    {"id": "turn_ah", "expression": "ah", "start": "center", "end": "left"},
]


@pytest.fixture
def turning(tmp_path: Path) -> Project:
    """A project with one base path and three pose paths, one the way back of another; 'left' differs in the mouth."""
    project = Project(tmp_path)
    project.configure(pose_paths=POSE_PATHS, poses=["center", "left"])
    for expression in ("neutral", "ah"):
        project.draw(expression, "center")
    project.put("neutral__left.png", project.draw("oh", "center").read_bytes())
    project.put("ah__left.png", project.draw("ee", "center").read_bytes())
    for spare in ("oh", "ee"):
        (project.endpoints / f"{spare}__center.png").unlink()
    return project


def make(project: Project, depth: int = 2, **changes: Any) -> Any:
    return project.make(depth, which="pose", **changes)


def test_pose_paths_become_sequences_with_both_poses_in_the_manifest(turning: Project) -> None:
    outcome = make(turning)

    manifest = turning.manifest(TURN)
    assert outcome.status == 0
    assert sorted(path.name for path in turning.sequences.iterdir()) == sorted([TURN, BACK, SMILE])
    assert [manifest[key] for key in ("path_id", "expr_start", "expr_end", "pose", "pose_start", "pose_end")] == [
        TURN, "neutral", "neutral", "center", "center", "left"
    ]  # fmt: skip
    assert turning.listed(TURN) == [(t / 4, f"{25 * t:03}.png") for t in range(5)]
    assert turning.read(TURN, "000.png") == (turning.endpoints / "neutral__center.png").read_bytes()
    assert turning.read(TURN, "100.png") == (turning.endpoints / "neutral__left.png").read_bytes()
    assert defects_of(turning.sequences) == []


def test_the_way_back_is_mirrored_and_costs_nothing(turning: Project) -> None:
    outcome = make(turning)

    [planned] = outcome.of(WorkPlanned)
    assert (planned.frames, planned.shared, planned.calls) == (9, 3, 6)
    assert turning.read(BACK, "025.png") == turning.read(TURN, "075.png")
    assert [frame["shared_from"] for frame in turning.manifest(BACK)["frames"][1:-1]] == [TURN] * 3


def test_a_second_run_has_nothing_to_do_and_changes_no_byte(turning: Project) -> None:
    make(turning)
    before = lying_in(turning.sequences)

    outcome = make(turning)

    assert [planned.calls for planned in outcome.of(WorkPlanned)] == [0]
    assert lying_in(turning.sequences) == before


def test_each_command_leaves_the_sequences_of_the_other_alone_without_a_word(turning: Project) -> None:
    make(turning)
    before = lying_in(turning.sequences)
    base = turning.make(2)
    after = {name: what for name, what in lying_in(turning.sequences).items() if not name.startswith("neutral_to_ah")}
    again = make(turning)

    assert after == before
    assert base.sums == (6, 0, 0)
    assert [event for outcome in (base, again) for event in outcome.events if event.name in {"warned", "skipped"}] == []
    assert [planned.calls for planned in again.of(WorkPlanned)] == [0]


@pytest.mark.parametrize("only", [SMILE, "turn_ah", "ah_*"])
def test_a_sequence_is_chosen_by_its_folder_or_by_the_id_of_its_path(turning: Project, only: str) -> None:
    make(turning, only=only)

    assert [path.name for path in turning.sequences.iterdir()] == [SMILE]


def test_a_pose_path_that_lacks_a_drawing_is_skipped_by_name(turning: Project) -> None:
    (turning.endpoints / "ah__left.png").unlink()

    outcome = make(turning)

    assert [(skipped.path_id, skipped.missing) for skipped in outcome.of(SequenceSkipped)] == [
        (SMILE, ("ah__left.png",))
    ]
    assert outcome.status == 0


@pytest.mark.parametrize(
    ("keys", "which", "reason"),
    [
        ({"paths": [{"id": "p", "start": "neutral", "end": "ah"}]}, "pose", "the config lists no pose_paths"),
        ({"paths": [], "pose_paths": POSE_PATHS[:1]}, "base", "which 'watercolor-rig poses' makes"),
    ],
)
def test_a_config_without_paths_of_the_kind_says_so(
    turning: Project, keys: dict[str, Any], which: str, reason: str
) -> None:
    turning.configure(**keys)

    with pytest.raises(NothingMatchedError, match=reason):
        turning.make(1, which=which)


def test_what_an_image_model_is_told_is_a_turn(turning: Project) -> None:
    plan = make(turning, 1, dry_run=True, verbose=True, only="turn")

    [frame] = plan.of(FramePlanned)
    assert "Pose: the head turns from “center” to “left”; body and camera exactly as in Image 1" in frame.prompt


def test_another_drawing_at_one_end_makes_the_frames_stale(turning: Project) -> None:
    make(turning)
    turning.put("neutral__left.png", turning.draw("ah", "center").read_bytes())

    outcome = make(turning, refresh=True, only="turn")

    assert outcome.sums == (3, 0, 0)
    assert turning.read(TURN, "100.png") == (turning.endpoints / "neutral__left.png").read_bytes()


def test_a_manifest_of_another_program_is_taken_over(turning: Project) -> None:
    make(turning)
    path = turning.sequences / TURN / "manifest.json"
    theirs = {key: turning.manifest(TURN)[key] for key in ("path_id", "expr_start", "expr_end", "pose")}
    theirs["frames"] = [{"t": t, "file": file} for t, file in turning.listed(TURN)]
    path.write_text(json.dumps(theirs), encoding="utf-8")

    outcome = make(turning)

    assert [planned.calls for planned in outcome.of(WorkPlanned)] == [0]
    assert turning.manifest(TURN)["pose_end"] == "left"


def test_the_embedded_engine_draws_a_turn(turning: Project) -> None:
    outcome = make(turning, 1, engine="local", settings=EngineSettings())

    assert outcome.sums == (3, 0, 0)
    assert defects_of(turning.sequences) == []


def heard(make_it: Any, options: Any, *more: Any) -> tuple[int, list[Event]]:
    events: list[Event] = []
    return make_it(options, events.append, *more), events


def test_previews_a_report_and_an_export_show_it(turning: Project, tmp_path: Path) -> None:
    make(turning)

    previews = heard(make_previews, PreviewOptions(turning.sequences, tmp_path / "preview", 12.0, None))
    report = heard(make_report, ReportOptions(turning.sequences, turning.endpoints, tmp_path / "report", None))
    export = heard(
        make_export, ExportOptions(format="webp", sequences_dir=turning.sequences, outdir=tmp_path / "webp", fps=12.0)
    )

    assert (previews[0], report[0], export[0]) == (0, 0, 0)
    assert (tmp_path / f"preview/{TURN}.webp").is_file()
    assert "neutral, pose center to left. " in next((tmp_path / "report").glob("*.html")).read_text("utf-8")
    assert [event.sequences for event in report[1] if isinstance(event, Reported)] == [3]
    assert (tmp_path / f"webp/{TURN}.webp").is_file()


def test_an_exporter_sees_both_poses(turning: Project, tmp_path: Path) -> None:
    make(turning)
    turning.make(1)

    heard(make_export, ExportOptions(format="otio", sequences_dir=turning.sequences, outdir=tmp_path / "out", fps=12.0))

    [file] = tmp_path.glob("out/**/*.otio")
    text = file.read_text("utf-8")
    assert text.count('"pose_end": "left"') == 2
    assert text.count('"pose_end": "center"') == 1


def test_inspect_explains_it(turning: Project, tmp_path: Path) -> None:
    make(turning)
    options = InspectOptions(TURN, turning.sequences, tmp_path / "inspect", EngineSettings(), turning.config)

    assert heard(inspect_sequence, options)[0] == 0
    assert (tmp_path / f"inspect/{TURN}.html").is_file()


def test_doctor_finds_nothing_wrong_and_repairs_a_lost_manifest(turning: Project) -> None:
    make(turning)
    options = DoctorOptions(turning.endpoints, turning.sequences, config=turning.config, engine="local")
    before = turning.manifest(TURN)

    sound = heard(check_up, options, Toolbox())
    (turning.sequences / TURN / "manifest.json").unlink()
    status, events = heard(check_up, replace(options, fix=True), Toolbox())

    assert sound[0] == 0
    assert [event.state for event in events if isinstance(event, Checked) and event.check == "manifest"] == ["repaired"]
    assert status == 0
    after = turning.manifest(TURN)
    assert {key: after[key] for key in before if key != "frames"} == {
        key: before[key] for key in before if key != "frames"
    }
    assert [frame["file"] for frame in after["frames"]] == [frame["file"] for frame in before["frames"]]


def test_repair_leaves_a_turned_head_where_it_is(turning: Project) -> None:
    make(turning)
    for path in (TURN, BACK, SMILE):
        file = turning.sequences / path / "manifest.json"
        file.write_text(file.read_text("utf-8").replace('"engine": "scripted"', '"engine": "openai"'), encoding="utf-8")
    before = turning.read(TURN, "050.png")

    status, events = heard(
        repair_project, RepairCommand(turning.config, turning.endpoints, turning.sequences, only=f"{TURN},{SMILE}")
    )

    looked = [event for event in events if isinstance(event, FrameRepaired)]
    assert status == 0
    assert {event.subject for event in looked} == {TURN, SMILE}
    assert {event.shift_px for event in looked} <= {0.0, None}
    assert turning.read(TURN, "050.png") == before


@pytest.fixture
def studio(turning: Project) -> Iterator[Studio]:
    make(turning)
    studio = Studio(turning.root, Toolbox())
    yield studio
    studio.close()


def test_the_studio_lists_pose_sequences_after_those_of_the_base_paths(studio: Studio) -> None:
    studio.look_everywhere()

    rows = {row.path_id: row for row in studio.rows()[1]}
    assert list(rows) == ["neutral_to_ah__center", "neutral_to_ah__left", TURN, BACK, SMILE]
    assert [rows[path].state for path in (TURN, BACK, SMILE)] == [RowState.COMPLETE] * 3
    assert (rows[TURN].expr_start, rows[TURN].expr_end, rows[TURN].pose, rows[TURN].end_pose) == (
        "neutral", "neutral", "center", "left"
    )  # fmt: skip


def test_the_studio_lists_one_that_lacks_a_drawing_with_the_reason(turning: Project) -> None:
    (turning.endpoints / "ah__left.png").unlink()
    studio = Studio(turning.root, Toolbox())

    [row] = [row for row in studio.rows()[1] if row.path_id == SMILE]
    studio.close()

    assert (row.state, row.reason) == (RowState.BLOCKED, "ah__left.png is missing in frames/endpoints")


def test_the_studio_regenerates_a_frame_of_one_and_of_its_way_back(turning: Project) -> None:
    make(turning)
    with opened(turning) as studio:
        studio.done(studio.regenerate(TURN, F(1, 4)))

    [mine] = [frame for frame in turning.manifest(TURN)["frames"] if frame["t"] == 0.25]
    [theirs] = [frame for frame in turning.manifest(BACK)["frames"] if frame["t"] == 0.75]
    assert [source["t"] for source in mine["made_from"]] == [0.0, 0.5]
    assert theirs["shared_from"] == TURN
    assert defects_of(turning.sequences) == []


def test_the_studio_completes_sequences_of_both_kinds(turning: Project) -> None:
    with opened(turning) as studio:
        studio.done(studio.complete(depth=1))

    assert sorted(path.name for path in turning.sequences.iterdir()) == sorted(
        [TURN, BACK, SMILE, "neutral_to_ah__center", "neutral_to_ah__left"]
    )


def test_options_are_of_base_paths_unless_they_say_otherwise() -> None:
    options = SequenceOptions(Path(), Path(), Path(), times_of_depth(1))

    assert options.which == "base"


def test_an_image_model_s_turn_is_neither_put_back_nor_drawn_by_the_local_engine(
    turning: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre, left = face(), np.roll(face(), 24, axis=1)
    for pose, pixels in (("center", centre), ("left", left)):
        pixels[pixels[..., 3] == 0] = (180, 200, 220, 255)
        turning.put(f"neutral__{pose}.png", encode_png(pixels))
    middle = np.roll(centre, 12, axis=1)
    monkeypatch.setattr(images_replies, "drawn", lambda _uploads, _size: encode_png(middle))

    with ImagesApi() as api:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", api.base_url)
        settings = EngineSettings(size=(240, 320), model="loopback-image-1", options={"deadline_s": "60"})
        outcome = make(turning, 1, engine="openai", settings=settings, only="turn")

    [_, frame, _] = turning.manifest(TURN)["frames"]
    assert (outcome.status, len(api.calls)) == (0, 1)
    assert np.array_equal(decode(turning.read(TURN, "050.png"), "made"), middle)
    assert (frame["engine"], frame["quality"]["good"]) == ("openai", True)
