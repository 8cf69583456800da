"""Runs over sequences on real folders, with the scripted engine."""

from fractions import Fraction as F
from pathlib import Path

import pytest

from support.project import PAIR, SIZE, Project, defects_of, lying_in, picture
from watercolor_rig.core.errors import NothingMatchedError, StoreError
from watercolor_rig.core.events import (
    FrameBroken,
    FrameStale,
    PosesFound,
    RunEnded,
    WorkPlanned,
)
from watercolor_rig.core.times import times_of_depth

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


def test_a_project_that_cannot_be_locked_is_an_error_before_anything_is_made(project: Project) -> None:
    (project.root / ".watercolor-rig").write_text("a file where the folder should be", encoding="utf-8")

    with pytest.raises(StoreError, match=r"cannot make the folder '.*\.watercolor-rig'"):
        project.make(2)

    assert not project.sequences.exists()


def test_a_cache_that_is_lost_or_damaged_costs_nothing_but_time(project: Project) -> None:
    project.make(2)
    (project.root / ".watercolor-rig/pictures.json").write_text("{", encoding="utf-8")

    assert project.make(2).sums == (0, 0, 0)
