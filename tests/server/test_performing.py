"""The character on stage: what can be performed, and commands that every stage hears."""

import io
import json
from collections.abc import Iterator

import pytest
from PIL import Image

from support.project import Project, picture
from support.served import Served, serving
from watercolor_rig.app.studio.hub import StageCommand, StageToldTo

FILES = ("000.png", "025.png", "050.png", "075.png", "100.png")
CENTER = {"expression": "ah", "pose": "center"}


@pytest.fixture
def served(pair: Project) -> Iterator[Served]:
    pair.make(2)
    with serving(pair.root) as served:
        yield served


def test_a_finished_project_is_a_rig_whose_sheets_are_its_frames(served: Served) -> None:
    rig = served.get("/api/v1/rig").json()

    assert (rig["format"], rig["version"], rig["start"]) == (
        "watercolor-rig",
        1,
        {"expression": "neutral", "pose": "center"},
    )
    assert [clip["path"] for clip in rig["clips"][:2]] == ["neutral_to_ah__center", "neutral_to_ah__left"]
    assert (len(rig["clips"]), rig["clips"][0]["times"], rig["left_out"]) == (6, [0, 0.25, 0.5, 0.75, 1], [])
    assert rig["clips"][0]["end"] == CENTER


def test_a_rigs_pictures_are_the_frames_bit_for_bit_and_each_stands_there_once(served: Served, pair: Project) -> None:
    rig = served.get("/api/v1/rig").json()
    files = [sheet["file"] for sheet in rig["sheets"]]
    [clip] = [clip for clip in rig["clips"] if clip["path"] == "neutral_to_ah__left"]

    got = [served.get(files[rig["pictures"][place]["patches"][0][0]]).body for place in clip["pictures"]]

    folder = pair.root / "frames/sequences/neutral_to_ah__left"
    assert got == [(folder / name).read_bytes() for name in FILES]
    assert len(set(files)) == len(files) < sum(len(clip["pictures"]) for clip in rig["clips"])


def test_a_sequence_that_lacks_frames_is_left_out_with_the_reason(served: Served, pair: Project) -> None:
    (pair.root / "frames/sequences/ah_to_ee__left/050.png").unlink()
    served.studio.look_everywhere()

    rig = served.get("/api/v1/rig").json()

    assert rig["left_out"] == [{"path_id": "ah_to_ee__left", "reason": "1 of 5 frames are not made yet; make them"}]
    assert len(rig["clips"]) == 5


def test_a_sequence_in_another_size_than_most_is_left_out(served: Served, pair: Project) -> None:
    small = io.BytesIO()
    Image.open(io.BytesIO(picture(5))).resize((20, 20)).save(small, "PNG")
    folder = pair.root / "frames/sequences/old_one__center"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes(small.getvalue())
    frames = [{"t": int(name[:3]) / 100, "file": name} for name in FILES]
    (folder / "manifest.json").write_text(json.dumps({"frames": frames}), "utf-8")
    served.studio.look_everywhere()

    [left_out] = served.get("/api/v1/rig").json()["left_out"]

    assert left_out["path_id"] == "old_one__center"
    assert "20 × 20, most are" in left_out["reason"]


def test_a_project_without_a_finished_sequence_has_nothing_to_perform(pair: Project) -> None:
    with serving(pair.root) as served:
        answer = served.get("/api/v1/rig")

    assert (answer.status, answer.json()["detail"]) == (
        404,
        "no sequence has all its frames yet; make one, and it can be performed",
    )


def test_a_command_is_told_to_those_who_listen_and_to_those_who_come_later(served: Served) -> None:
    began = served.studio.hub.last_id
    assert served.get("/api/v1/stage").json() is None
    command = {**CENTER, "ms": 300, "blinks": False, "wink": False, "by": "a page"}

    answer = served.send("POST", "/api/v1/stage", command)

    assert (answer.status, answer.json(), served.get("/api/v1/stage").json()) == (200, command, command)
    told = [numbered.event for numbered in served.studio.hub.since(began)[0]]
    assert StageToldTo(StageCommand("ah", "center", 300, blinks=False, by="a page")) in told


def test_of_several_commands_that_were_missed_the_last_one_counts(served: Served) -> None:
    began = served.studio.hub.last_id
    for expression in ("ah", "neutral", "ee"):
        assert served.send("POST", "/api/v1/stage", {"expression": expression, "pose": "left"}).status == 200

    missed = [numbered.event for numbered in served.studio.hub.since(began)[0]]

    assert [event for event in missed if isinstance(event, StageToldTo)] == [StageToldTo(StageCommand("ee", "left"))]


@pytest.mark.parametrize(
    ("command", "status", "words"),
    [
        ({"expression": "sad", "pose": "center"}, 404, "'sad' at 'center'"),
        ({"expression": "ah"}, 422, "pose"),
        ({**CENTER, "ms": -1}, 422, "ms"),
        ({**CENTER, "ms": 1e9}, 422, "ms"),
        ({**CENTER, "speed": 3}, 422, "speed"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused(
    served: Served, command: dict[str, object], status: int, words: str
) -> None:
    answer = served.send("POST", "/api/v1/stage", command)

    assert (answer.status, words in answer.body.decode()) == (status, True)
    assert served.get("/api/v1/stage").json() is None


def test_a_page_of_somebody_else_may_not_direct_the_stage(served: Served) -> None:
    answer = served.send("POST", "/api/v1/stage", CENTER, {"Origin": "http://elsewhere.example"})

    assert (answer.status, served.get("/api/v1/stage").json()) == (403, None)
