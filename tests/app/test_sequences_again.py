"""Runs over folders that hold something already: whole, broken, stale or foreign."""

import json
import os
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

from support.project import Project, defects_of, lying_in, picture
from watercolor_rig.core.errors import ConfigError, NothingMatchedError, UsageError
from watercolor_rig.core.events import (
    FilesIgnored,
    FrameBlocked,
    FrameBroken,
    FrameFailed,
    FrameFound,
    FrameMade,
    FrameStale,
    SequenceSkipped,
    WorkPlanned,
)


def made_by(project: Project, times: int = 2, **changes: Any) -> list[tuple[str, float | None]]:
    return [(event.subject, event.t) for event in project.make(times, **changes).of(FrameMade)]


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


def test_chosen_drafts_of_a_free_engine_become_final_and_stay_as_takes(project: Project) -> None:
    project.make(2, engine="crossfade")

    outcome = project.make([F(1, 2)], final=True)

    assert outcome.sums == (1, 0, 0)
    engines = {frame["t"]: frame.get("engine") for frame in project.manifest("neutral_to_ah__center")["frames"]}
    assert engines == {0.0: None, 0.25: "crossfade", 0.5: "scripted", 0.75: "crossfade", 1.0: None}
    assert project.make([F(1, 2)], final=True).sums == (0, 0, 0)


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


def test_a_frame_drawn_from_one_of_its_mirror_s_is_stale_when_either_endpoint_changes(pair: Project) -> None:
    pair.make([F(3, 10)], only="ah_to_ee__left,ee_to_ah__left")
    pair.put("ah__left.png", picture(14))

    outcome = pair.make([F(3, 10)], only="ah_to_ee__left,ee_to_ah__left")

    assert {event.subject for event in outcome.of(FrameStale)} == {"ah_to_ee__left", "ee_to_ah__left"}


def test_a_frame_drawn_from_a_sequence_that_was_made_before_is_stale_when_either_endpoint_changes(
    pair: Project,
) -> None:
    pair.make(1, only="ah_to_ee__left")
    pair.make([F(1, 4)], only="ee_to_ah__left")
    pair.put("ah__left.png", picture(14))

    outcome = pair.make([F(1, 4)], only="ee_to_ah__left")

    assert [event.t for event in outcome.of(FrameStale)] == [0.25]
