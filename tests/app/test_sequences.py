"""Runs over sequences on real folders, with the scripted engine."""

import json
import os
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

from support.project import SIZE, Project, defects_of, lying_in, picture
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import ConfigError, EngineUnavailableError, NothingMatchedError, UsageError
from watercolor_rig.core.events import (
    EngineChosen,
    FilesIgnored,
    FileWritten,
    FrameBlocked,
    FrameBroken,
    FrameFailed,
    FrameFound,
    FrameMade,
    FramePlanned,
    FrameStale,
    PosesFound,
    RunEnded,
    SequencePlanned,
    SequenceSkipped,
    Warned,
    WorkPlanned,
)
from watercolor_rig.core.times import times_of_depth
from watercolor_rig.engines.api import EngineSettings

PAIR = [
    {"id": "neutral_to_ah", "start": "neutral", "end": "ah"},
    {"id": "ah_to_ee", "start": "ah", "end": "ee"},
    {"id": "ee_to_ah", "start": "ee", "end": "ah"},
]


@pytest.fixture
def pair(project: Project) -> Project:
    """Three paths, one the reverse of another, at two poses."""
    project.configure(PAIR)
    for pose in ("center", "left"):
        for expression in ("neutral", "ah", "ee"):
            project.draw(expression, pose)
    return project


def made_by(project: Project, times: int = 2, **changes: Any) -> list[tuple[str, float | None]]:
    return [(event.subject, event.t) for event in project.make(times, **changes).of(FrameMade)]


# What a run makes


def test_a_run_makes_the_folder_that_players_know(project: Project) -> None:
    outcome = project.make(2)

    assert (outcome.status, outcome.sums) == (0, (3, 0, 0))
    assert project.frames("neutral_to_ah__center") == ["000.png", "025.png", "050.png", "075.png", "100.png"]
    manifest = project.manifest("neutral_to_ah__center")
    assert list(manifest)[:5] == ["path_id", "expr_start", "expr_end", "pose", "frames"]
    assert manifest["path_id"] == "neutral_to_ah__center"
    assert (manifest["expr_start"], manifest["expr_end"], manifest["pose"]) == ("neutral", "ah", "center")
    assert manifest["size"] == list(SIZE)
    assert project.listed("neutral_to_ah__center") == [
        (0.0, "000.png"),
        (0.25, "025.png"),
        (0.5, "050.png"),
        (0.75, "075.png"),
        (1.0, "100.png"),
    ]


def test_the_ends_of_a_sequence_are_copies_of_its_endpoints_byte_for_byte(project: Project) -> None:
    project.put("ah__center.png", picture(8) + b"bytes behind the end, as some programs leave them")

    project.make(1)

    for file, endpoint in (("000.png", "neutral__center.png"), ("100.png", "ah__center.png")):
        copy = project.sequences / "neutral_to_ah__center" / file
        assert copy.read_bytes() == (project.endpoints / endpoint).read_bytes()
        assert not copy.is_symlink()
        assert copy.stat().st_nlink == 1


def test_depth_7_has_129_frames_under_129_names(project: Project) -> None:
    outcome = project.make(7)

    assert outcome.sums == (127, 0, 0)
    listed = project.listed("neutral_to_ah__center")
    assert [t for t, _ in listed] == [k / 128 for k in range(129)]
    assert len({file for _, file in listed}) == 129
    assert dict(listed)[0.125] == "012.png"
    assert dict(listed)[0.375] == "038.png"
    assert dict(listed)[1 / 128] == "000_78125.png"
    assert defects_of(project.sequences) == []


def test_going_deeper_keeps_every_name_and_byte_of_the_shallower_run(project: Project) -> None:
    project.make(3)
    before = lying_in(project.sequences)
    project.make(7)
    after = lying_in(project.sequences)

    assert {name: after[name] for name in before if not name.endswith(".json")} == {
        name: facts for name, facts in before.items() if not name.endswith(".json")
    }


def test_explicit_times_are_exact_and_made_from_their_nearest_neighbours(project: Project) -> None:
    outcome = project.make([F(1, 3), F(2, 3), F(1, 10)])

    assert outcome.status == 0
    assert project.listed("neutral_to_ah__center")[1:-1] == [
        (0.1, "010.png"),
        (float(F(1, 3)), "033.png"),
        (float(F(2, 3)), "067.png"),
    ]
    parents = {
        frame["file"]: [source["t"] for source in frame["made_from"]]
        for frame in project.manifest("neutral_to_ah__center")["frames"][1:-1]
    }
    assert parents == {"033.png": [0.0, 1.0], "010.png": [0.0, float(F(1, 3))], "067.png": [float(F(1, 3)), 1.0]}


def test_the_times_of_a_depth_given_one_by_one_are_the_same_plan(tmp_path: Path) -> None:
    plans = []
    for name, times in (("depth", times_of_depth(2)), ("list", (F(1, 4), F(1, 2), F(3, 4)))):
        project = Project(tmp_path / name)
        project.root.mkdir()
        project.configure()
        project.draw("neutral")
        project.draw("ah")
        project.make(times)
        plans.append({file: facts[0] for file, facts in lying_in(project.sequences).items()})

    assert plans[0] == plans[1]


def test_every_pose_with_both_endpoints_gets_its_sequence(pair: Project) -> None:
    outcome = pair.make(1)

    assert outcome.of(PosesFound)[0].poses == ("center", "left")
    assert sorted(folder.name for folder in pair.sequences.iterdir()) == [
        f"{path['id']}__{pose}" for path in sorted(PAIR, key=lambda path: path["id"]) for pose in ("center", "left")
    ]
    assert defects_of(pair.sequences) == []


# Reversed paths


def test_a_reversed_path_is_mirrored_byte_for_byte(pair: Project) -> None:
    outcome = pair.make(3)

    there, back = dict(pair.listed("ah_to_ee__left")), dict(pair.listed("ee_to_ah__left"))
    assert all(pair.read("ah_to_ee__left", there[t]) == pair.read("ee_to_ah__left", back[1 - t]) for t in there)
    assert outcome.of(WorkPlanned)[0].shared == 2 * 7
    assert outcome.of(WorkPlanned)[0].calls == 4 * 7


def test_a_mirrored_frame_names_its_origin_and_its_parents_from_the_other_end(pair: Project) -> None:
    pair.make(2)

    frames = {frame["t"]: frame for frame in pair.manifest("ee_to_ah__left")["frames"]}
    assert frames[0.75]["shared_from"] == "ah_to_ee__left"
    assert [source["t"] for source in frames[0.75]["made_from"]] == [0.5, 1.0]


def test_without_sharing_each_direction_is_drawn_by_itself(pair: Project) -> None:
    outcome = pair.make(1, reuse_reversed=False)

    assert outcome.of(WorkPlanned)[0].shared == 0
    assert outcome.of(WorkPlanned)[0].calls == 6


def test_a_reverse_that_is_asked_for_later_is_copied_without_a_call(pair: Project) -> None:
    pair.make(2, only="ah_to_ee")
    outcome = pair.make(2, only="ee_to_ah")

    assert outcome.of(WorkPlanned)[0].calls == 0
    assert outcome.sums == (6, 0, 0)
    assert outcome.of(RunEnded)[0].cost_usd == 0
    assert defects_of(pair.sequences) == []


def test_a_mirrored_path_that_is_complete_stays_so_on_the_next_run(pair: Project) -> None:
    pair.make(2)
    before = lying_in(pair.root)
    outcome = pair.make(2)

    assert outcome.sums == (0, 0, 0)
    assert outcome.of(FrameStale) == []
    assert lying_in(pair.root) == before


# Running again


def test_a_second_run_makes_nothing_and_changes_no_file(pair: Project) -> None:
    pair.make(3)
    before = lying_in(pair.root)
    again = pair.make(3)

    assert (again.status, again.sums) == (0, (0, 0, 0))
    assert lying_in(pair.root) == before
    assert again.of(WorkPlanned)[0].frames == 0
    assert len(again.of(FrameFound)) == 6 * 7


def test_a_second_run_asks_no_engine(project: Project) -> None:
    project.make(2)

    assert project.make(2, script="bad").status == 0


def test_overwrite_makes_every_tween_again(project: Project) -> None:
    project.make(2)
    project.put("ah__center.png", picture(12))
    outcome = project.make(2, overwrite=True)

    assert outcome.sums == (3, 0, 0)
    assert outcome.of(FrameStale) == []
    assert project.make(2).of(FrameStale) == []


def test_a_failed_frame_is_made_by_the_next_run(project: Project) -> None:
    first = project.make(2, script="rejected @ t=0.25")
    second = project.make(2)

    assert (first.status, first.sums) == (1, (2, 1, 0))
    assert (second.status, second.sums) == (0, (1, 0, 0))
    assert defects_of(project.sequences) == []


def test_a_failed_frame_blocks_its_descendants_and_nothing_else(pair: Project) -> None:
    outcome = pair.make(2, script="rejected @ neutral_to_ah__left t=0.50", only="neutral_to_ah")

    assert (outcome.status, outcome.sums) == (1, (3, 1, 2))
    assert [(event.subject, event.t) for event in outcome.of(FrameFailed)] == [("neutral_to_ah__left", 0.5)]
    assert {(event.t, event.by) for event in outcome.of(FrameBlocked)} == {
        (0.25, "neutral_to_ah__left t=0.50"),
        (0.75, "neutral_to_ah__left t=0.50"),
    }
    assert pair.listed("neutral_to_ah__left") == [(0.0, "000.png"), (1.0, "100.png")]


@pytest.mark.parametrize(
    ("cue", "code", "said"),
    [
        ("crash", "engine", "ZeroDivisionError"),
        ("garbage", "engine", "no whole picture"),
        ("small", "engine", "1x1 instead of 24x32"),
        ("transient", "engine_transient", "502 Bad Gateway"),
    ],
)
def test_an_engine_that_misbehaves_fails_its_frame_and_leaves_no_file(
    project: Project, cue: str, code: str, said: str
) -> None:
    outcome = project.make(1, script=cue)

    [failed] = outcome.of(FrameFailed)
    assert outcome.status == 1
    assert failed.code == code
    assert said in failed.reason
    assert project.frames("neutral_to_ah__center") == ["000.png", "100.png"]


# Only some


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("neutral_to_ah__left", ["neutral_to_ah__left"]),
        ("neutral_to_ah", ["neutral_to_ah__center", "neutral_to_ah__left"]),
        ("*__left", ["ah_to_ee__left", "ee_to_ah__left", "neutral_to_ah__left"]),
        ("ah_to_ee__center, neutral_*__left", ["ah_to_ee__center", "neutral_to_ah__left"]),
    ],
)
def test_only_takes_names_of_sequences_and_of_base_paths(pair: Project, pattern: str, paths: list[str]) -> None:
    outcome = pair.make(1, only=pattern)

    assert outcome.status == 0
    assert sorted(folder.name for folder in pair.sequences.iterdir()) == paths


def test_only_without_a_match_says_what_there_is_and_makes_nothing(pair: Project) -> None:
    with pytest.raises(NothingMatchedError, match=r"'happy\*' matches no sequence; there are: neutral_to_ah__center"):
        pair.make(1, only="happy*")

    assert not pair.sequences.exists()


# What is missing, odd or broken


def test_a_missing_endpoint_is_said_by_its_file_name_and_the_rest_goes_on(pair: Project) -> None:
    (pair.endpoints / "ee__left.png").unlink()

    outcome = pair.make(1)

    assert outcome.status == 0
    assert [(event.path_id, event.missing) for event in outcome.of(SequenceSkipped)] == [
        ("ah_to_ee__left", ("ee__left.png",)),
        ("ee_to_ah__left", ("ee__left.png",)),
    ]
    assert outcome.sums == (4, 0, 0)


def test_without_any_pair_the_run_says_so(project: Project) -> None:
    (project.endpoints / "ah__center.png").unlink()

    with pytest.raises(NothingMatchedError, match=r"No sequences to generate \(no matching endpoint pairs\)"):
        project.make(1)

    assert not project.sequences.exists()


def test_files_that_fit_no_expression_are_listed_as_ignored(project: Project) -> None:
    for name in ("notes.txt", "happy__center.png", "ah__center__v2.png", ".DS_Store"):
        project.put(name, b"")

    outcome = project.make(1)

    assert outcome.status == 0
    assert outcome.of(FilesIgnored)[0].files == ("ah__center__v2.png", "happy__center.png", "notes.txt")


def test_endpoints_of_two_sizes_fail_their_sequence_with_both_sizes_named_and_the_others_go_on(pair: Project) -> None:
    pair.draw("ah", "left", size=(30, 40))

    outcome = pair.make(1)

    failed = outcome.of(FrameFailed)
    assert outcome.status == 1
    assert [event.subject for event in failed] == ["neutral_to_ah__left", "ah_to_ee__left", "ee_to_ah__left"]
    assert "neutral__left.png is 24x32 and ah__left.png is 30x40" in failed[0].reason
    assert outcome.sums == (3, 3, 0)
    assert sorted(folder.name for folder in pair.sequences.iterdir()) == [
        "ah_to_ee__center",
        "ee_to_ah__center",
        "neutral_to_ah__center",
    ]


@pytest.mark.parametrize("data", [b"", b"<html>", picture(4)[:200]])
def test_a_broken_endpoint_fails_its_sequences_by_name_and_the_others_go_on(pair: Project, data: bytes) -> None:
    pair.put("ee__left.png", data)

    outcome = pair.make(1)

    failed = outcome.of(FrameFailed)
    assert outcome.status == 1
    assert [event.subject for event in failed] == ["ah_to_ee__left", "ee_to_ah__left"]
    assert all("ee__left.png" in event.reason and "replace the file" in event.reason for event in failed)
    assert all(event.code == "picture" for event in failed)


@pytest.mark.parametrize("data", [b"", picture(5)[:150], picture(5, size=(8, 8))], ids=["empty", "truncated", "small"])
def test_a_broken_tween_is_made_again_and_that_is_said(project: Project, data: bytes) -> None:
    project.make(2)
    folder = project.sequences / "neutral_to_ah__center"
    whole = (folder / "050.png").read_bytes()
    (folder / "050.png").write_bytes(data)

    outcome = project.make(2)

    assert [event.file for event in outcome.of(FrameBroken)] == ["050.png"]
    assert [event.file for event in outcome.of(FrameMade)] == ["050.png"]
    assert (folder / "050.png").read_bytes() == whole
    assert outcome.status == 0


def test_a_tween_that_was_deleted_is_made_again(project: Project) -> None:
    project.make(2)
    (project.sequences / "neutral_to_ah__center" / "075.png").unlink()

    assert made_by(project) == [("neutral_to_ah__center", 0.75)]


def test_a_copy_of_an_endpoint_that_was_damaged_is_put_right(project: Project) -> None:
    project.make(1)
    copy = project.sequences / "neutral_to_ah__center/100.png"
    copy.write_bytes(b"")

    outcome = project.make(1)

    assert outcome.status == 0
    assert copy.read_bytes() == (project.endpoints / "ah__center.png").read_bytes()


def test_an_unreadable_configuration_is_refused_before_anything_is_made(project: Project) -> None:
    project.config.write_text('{"base_paths": [{"id": "a", "start": "x"}]}', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"base_paths\[0\]"):
        project.make(1)
    project.config.unlink()
    with pytest.raises(UsageError, match="--config"):
        project.make(1)

    assert not project.sequences.exists()


def test_a_missing_endpoints_folder_is_said_with_its_flag(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.configure()

    with pytest.raises(UsageError, match="--endpoints-dir"):
        project.make(1)


# Stale frames


def test_a_changed_endpoint_makes_its_tweens_stale_and_they_are_kept(project: Project) -> None:
    project.make(2)
    before = {name: project.read("neutral_to_ah__center", name) for name in ("025.png", "050.png", "075.png")}
    project.put("ah__center.png", picture(12))

    outcome = project.make(2)

    assert outcome.status == 0
    assert [event.file for event in outcome.of(FrameStale)] == ["025.png", "050.png", "075.png"]
    assert outcome.of(FrameMade) == []
    assert {name: project.read("neutral_to_ah__center", name) for name in before} == before


def test_the_copies_of_the_endpoints_follow_even_where_stale_tweens_are_kept(project: Project) -> None:
    project.make(2)
    project.put("ah__center.png", picture(12))
    project.make(2)

    assert project.read("neutral_to_ah__center", "100.png") == picture(12)
    assert project.read("neutral_to_ah__center", "000.png") == picture(2)


def test_stale_tweens_are_said_again_on_every_run_until_they_are_refreshed(project: Project) -> None:
    project.make(2)
    project.put("ah__center.png", picture(12))
    project.make(2)
    kept = project.make(2)
    refreshed = project.make(2, refresh=True)
    after = project.make(2)

    assert len(kept.of(FrameStale)) == 3
    assert (refreshed.status, refreshed.sums) == (0, (3, 0, 0))
    assert after.of(FrameStale) == []
    assert after.sums == (0, 0, 0)
    assert project.read("neutral_to_ah__center", "075.png") == picture(12)


def test_refresh_leaves_frames_alone_whose_endpoints_are_as_they_were(pair: Project) -> None:
    pair.make(1)
    pair.put("neutral__left.png", picture(3))

    assert made_by(pair, 1, refresh=True) == [("neutral_to_ah__left", 0.5)]


def test_refresh_of_a_pair_remakes_both_directions_from_one_drawing(pair: Project) -> None:
    pair.make(2)
    pair.put("ee__left.png", picture(14))
    outcome = pair.make(2, refresh=True)

    assert outcome.of(WorkPlanned)[0].calls == 3
    assert outcome.sums == (6, 0, 0)
    assert pair.make(2).of(FrameStale) == []
    assert pair.read("ah_to_ee__left", "025.png") == pair.read("ee_to_ah__left", "075.png")


def test_an_endpoint_that_is_changed_back_is_stale_no_more(project: Project) -> None:
    project.make(2)
    project.put("ah__center.png", picture(12))
    project.make(2)
    project.draw("ah")

    assert project.make(2).of(FrameStale) == []


def test_a_touched_endpoint_with_the_same_bytes_changes_nothing(project: Project) -> None:
    project.make(2)
    os.utime(project.endpoints / "ah__center.png", (1, 1))

    assert project.make(2).of(FrameStale) == []


def test_a_failed_refresh_leaves_the_old_frame_and_its_warning(project: Project) -> None:
    project.make(1)
    old = project.read("neutral_to_ah__center", "050.png")
    project.put("ah__center.png", picture(12))
    failed = project.make(1, refresh=True, script="rejected")
    later = project.make(1)

    assert failed.status == 1
    assert project.read("neutral_to_ah__center", "050.png") == old
    assert [event.file for event in later.of(FrameStale)] == ["050.png"]
    assert defects_of(project.sequences) == []


# Folders from before


def test_keys_of_a_manifest_that_are_not_ours_are_kept(project: Project) -> None:
    project.make(1)
    file = project.sequences / "neutral_to_ah__center/manifest.json"
    manifest = json.loads(file.read_bytes())
    manifest["author"] = {"name": "me"}
    manifest["frames"][1]["hold"] = 3
    manifest["frames"][0]["label"] = "rest"
    file.write_text(json.dumps(manifest), encoding="utf-8")

    project.make(2)

    after = project.manifest("neutral_to_ah__center")
    frames = {frame["t"]: frame for frame in after["frames"]}
    assert after["author"] == {"name": "me"}
    assert frames[0.5]["hold"] == 3
    assert frames[0.0]["label"] == "rest"
    assert sorted(frames) == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_tweens_of_an_old_folder_without_a_manifest_are_kept_and_listed(project: Project) -> None:
    folder = project.sequences / "neutral_to_ah__center"
    folder.mkdir(parents=True)
    (folder / "050.png").write_bytes(picture(5))
    (folder / "025.png").write_bytes(picture(3))

    outcome = project.make(2)

    assert [event.file for event in outcome.of(FrameMade)] == ["075.png"]
    assert (folder / "050.png").read_bytes() == picture(5)
    assert defects_of(project.sequences) == []


def test_tweens_beyond_the_wanted_depth_stay_listed(project: Project) -> None:
    project.make(3)
    project.make(1)

    assert len(project.listed("neutral_to_ah__center")) == 9
    assert defects_of(project.sequences) == []


def test_a_manifest_that_is_damaged_is_rewritten_from_the_files(project: Project) -> None:
    project.make(2)
    file = project.sequences / "neutral_to_ah__center/manifest.json"
    file.write_bytes(file.read_bytes()[:100])

    outcome = project.make(2)

    assert (outcome.status, outcome.sums) == (0, (0, 0, 0))
    assert defects_of(project.sequences) == []


def test_what_a_killed_run_left_is_swept(project: Project) -> None:
    project.make(1)
    leftover = project.sequences / "neutral_to_ah__center/.050.png.999999999-0123abcd.tmp"
    leftover.write_bytes(b"half a picture")

    project.make(1)

    assert not leftover.exists()


# Dry runs


def test_a_dry_run_makes_nothing_at_all(pair: Project) -> None:
    before = lying_in(pair.root)
    outcome = pair.make(3, dry_run=True, verbose=True)

    assert outcome.status == 0
    assert lying_in(pair.root) == before
    assert not pair.sequences.exists()
    assert sorted(entry.name for entry in pair.root.iterdir()) == ["expressions.json", "frames"]


def test_a_dry_run_tells_frames_calls_and_savings(pair: Project) -> None:
    outcome = pair.make(3, dry_run=True, settings=EngineSettings(options={"cost": "0.04", "latency": "10"}))

    [plan] = outcome.of(WorkPlanned)
    assert (plan.frames, plan.shared, plan.calls, plan.sequences) == (42, 14, 28, 6)
    assert plan.cost_usd == Decimal("1.12")
    assert plan.seconds == 70.0
    assert {event.path_id: (len(event.draw), len(event.share)) for event in outcome.of(SequencePlanned)} == {
        f"{path}__{pose}": counts
        for path, counts in (("neutral_to_ah", (7, 0)), ("ah_to_ee", (7, 0)), ("ee_to_ah", (0, 7)))
        for pose in ("center", "left")
    }


def test_a_verbose_dry_run_shows_every_prompt(project: Project) -> None:
    planned = project.make(1, dry_run=True, verbose=True).of(FramePlanned)

    assert [(event.file, event.made_between) for event in planned] == [
        ("050.png", ("neutral_to_ah__center/000.png", "neutral_to_ah__center/100.png"))
    ]
    assert "Image 1" in planned[0].prompt


def test_a_dry_run_over_a_complete_folder_finds_nothing_to_do(project: Project) -> None:
    project.make(2)
    before = lying_in(project.root)
    outcome = project.make(2, dry_run=True)

    assert outcome.of(WorkPlanned)[0].frames == 0
    assert outcome.of(WorkPlanned)[0].cost_usd == 0
    assert lying_in(project.root) == before


def test_a_dry_run_goes_on_without_the_key_that_it_would_need(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)

    outcome = project.make(2, dry_run=True, engine="openai", settings=EngineSettings())

    assert outcome.status == 0
    assert "OPENAI_API_KEY" in outcome.of(Warned)[0].message
    assert outcome.of(WorkPlanned)[0].cost_usd


# The anchor


ANCHORED = [
    {"id": "neutral_to_ah", "start": "neutral", "end": "ah"},
    {"id": "ah_to_ee", "start": "ah", "end": "ee"},
]


@pytest.fixture
def anchored(pair: Project) -> Project:
    pair.configure(ANCHORED)
    return pair


def test_the_neutral_goes_along_only_where_it_is_no_parent_already(anchored: Project) -> None:
    planned = anchored.make(2, dry_run=True, verbose=True, anchor="neutral").of(FramePlanned)

    with_a_third = {(event.subject, event.t) for event in planned if "Image 3" in event.prompt}
    assert with_a_third == {
        *((f"ah_to_ee__{pose}", t) for pose in ("center", "left") for t in (0.25, 0.5, 0.75)),
        *((f"neutral_to_ah__{pose}", 0.75) for pose in ("center", "left")),
    }


def test_without_an_anchor_no_prompt_speaks_of_a_third_picture(anchored: Project) -> None:
    planned = anchored.make(2, dry_run=True, verbose=True).of(FramePlanned)

    assert [event for event in planned if "Image 3" in event.prompt] == []


def test_a_pose_without_a_neutral_goes_on_without_the_anchor_and_that_is_said(anchored: Project) -> None:
    (anchored.endpoints / "neutral__left.png").unlink()

    outcome = anchored.make(1, anchor="neutral")

    assert outcome.status == 0
    assert [event.subject for event in outcome.of(Warned)] == ["neutral__left.png"]


# Names


def test_times_that_would_share_a_name_get_longer_ones(project: Project) -> None:
    project.make([F(1, 2), F(501, 1000), F(1, 3)])

    assert [file for _, file in project.listed("neutral_to_ah__center")] == [
        "000.png",
        "033.png",
        "050.png",
        "050_1.png",
        "100.png",
    ]


def test_a_name_that_the_manifest_gives_a_time_is_kept(project: Project) -> None:
    project.make(1)
    folder = project.sequences / "neutral_to_ah__center"
    (folder / "050.png").rename(folder / "half-way.png")
    text = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(text.replace("050.png", "half-way.png"), encoding="utf-8")

    outcome = project.make(2)

    assert outcome.sums == (2, 0, 0)
    assert dict(project.listed("neutral_to_ah__center"))[0.5] == "half-way.png"


@pytest.mark.parametrize("file", ["100.png", "000.png", "manifest.json"])
def test_a_manifest_that_gives_a_tween_the_name_of_another_file_does_not_get_that_file_overwritten(
    project: Project, file: str
) -> None:
    project.make(1)
    folder = project.sequences / "neutral_to_ah__center"
    text = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(text.replace("050.png", file), encoding="utf-8")

    outcome = project.make(1, overwrite=True)

    assert outcome.status == 0
    assert project.read("neutral_to_ah__center", "000.png") == picture(2)
    assert project.read("neutral_to_ah__center", "100.png") == picture(8)
    assert project.listed("neutral_to_ah__center") == [(0.0, "000.png"), (0.5, "050.png"), (1.0, "100.png")]


def test_a_manifest_that_gives_two_times_one_file_is_put_right(project: Project) -> None:
    project.make(2)
    folder = project.sequences / "neutral_to_ah__center"
    text = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(text.replace("025.png", "050.png"), encoding="utf-8")

    outcome = project.make(2)

    assert outcome.status == 0
    assert len({file for _, file in project.listed("neutral_to_ah__center")}) == 5
    assert defects_of(project.sequences) == []


def test_two_paths_between_the_same_expressions_share_their_frames(project: Project) -> None:
    project.configure([*PAIR[:1], {"id": "once_more", "start": "neutral", "end": "ah"}])

    outcome = project.make(2)

    assert outcome.of(WorkPlanned)[0].calls == 3
    assert project.read("once_more__center", "025.png") == project.read("neutral_to_ah__center", "025.png")


def test_both_endpoints_in_a_new_size_make_every_tween_again(project: Project) -> None:
    project.make(2)
    for expression in ("neutral", "ah"):
        project.draw(expression, size=(30, 40))

    outcome = project.make(2)

    assert (outcome.status, outcome.sums) == (0, (3, 0, 0))
    assert "is 24x32, its endpoints are 30x40" in outcome.of(FrameBroken)[0].fault
    assert defects_of(project.sequences) == []


def test_a_cache_that_cannot_be_written_is_a_warning_and_no_failure(project: Project) -> None:
    (project.root / ".watercolor-rig").write_text("a file where the folder should be", encoding="utf-8")

    outcome = project.make(2)

    assert (outcome.status, outcome.sums) == (0, (3, 0, 0))
    [warning] = outcome.of(Warned)
    assert (warning.subject, ".watercolor-rig" in warning.message) == ("cache", True)


def test_a_cache_that_is_lost_or_damaged_costs_nothing_but_time(project: Project) -> None:
    project.make(2)
    (project.root / ".watercolor-rig/pictures.json").write_text("{", encoding="utf-8")

    assert project.make(2).sums == (0, 0, 0)


# Engines and money


@pytest.mark.parametrize(
    ("environment", "engine", "reason"),
    [
        ({}, "local", "OPENAI_API_KEY is not set"),
        ({"OPENAI_API_KEY": " "}, "local", "OPENAI_API_KEY is not set"),
        ({"OPENAI_API_KEY": "sk-test"}, "openai", "OPENAI_API_KEY is set"),
    ],
)
def test_auto_takes_the_service_where_there_is_a_key_and_says_why_first(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    engine: str,
    reason: str,
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    project.toolbox = Toolbox(environment=environment)

    first = project.make(1, dry_run=True, engine="auto", settings=EngineSettings()).events[0]

    assert isinstance(first, EngineChosen)
    assert (first.engine, first.reason.split("; ")[0]) == (engine, reason)


def test_an_unknown_engine_is_refused_with_the_nearest_name(project: Project) -> None:
    with pytest.raises(EngineUnavailableError, match="did you mean 'crossfade'"):
        project.make(1, engine="crosfade")


def test_the_costs_of_all_calls_are_added_up(pair: Project) -> None:
    outcome = pair.make(2)

    assert outcome.of(RunEnded)[0].cost_usd == Decimal("0.04") * 12
    assert sum(event.cost_usd or 0 for event in outcome.of(FrameMade)) == Decimal("0.48")


def test_the_manifest_is_said_last_and_lies_where_it_is_said(project: Project) -> None:
    outcome = project.make(1)

    [written] = outcome.of(FileWritten)
    assert (written.kind, Path(written.file)) == ("manifest", project.sequences / "neutral_to_ah__center/manifest.json")
    assert outcome.events[-2:] == [written, outcome.of(RunEnded)[0]]


def test_a_manifest_lists_a_frame_as_soon_as_it_is_there_and_never_before(pair: Project) -> None:
    unlisted: list[str] = []

    def look(event: object) -> None:
        if isinstance(event, FrameMade) and event.file not in dict(map(reversed, pair.listed(event.subject))):  # type: ignore[arg-type]
            unlisted.append(event.file)
        if pair.sequences.exists():
            for folder in pair.sequences.iterdir():
                if (folder / "manifest.json").exists():
                    listed = pair.listed(folder.name)
                    unlisted.extend(file for _, file in listed if not (folder / file).exists())

    status = pair.listen(look, 3)

    assert (status, unlisted) == (0, [])


@pytest.mark.parametrize("engine", ["local", "crossfade"])
def test_the_embedded_engines_complete_the_project_too(project: Project, engine: str) -> None:
    project.draw("neutral", size=(96, 128))
    project.draw("ah", size=(96, 128))

    outcome = project.make(2, engine=engine, settings=EngineSettings(), max_workers=1)

    assert (outcome.status, outcome.sums) == (0, (3, 0, 0))
    assert outcome.of(RunEnded)[0].cost_usd == 0
    assert defects_of(project.sequences) == []


def test_a_worker_count_above_the_number_of_frames_is_no_trouble(project: Project) -> None:
    assert project.make(1, max_workers=256).status == 0


def test_a_project_can_be_moved_and_is_still_complete(project: Project, tmp_path: Path) -> None:
    project.make(2)
    moved = replace(project, root=tmp_path / "elsewhere")
    moved.root.mkdir()
    for entry in list(project.root.iterdir()):
        if entry != moved.root:
            entry.rename(moved.root / entry.name)

    assert moved.make(2).sums == (0, 0, 0)
