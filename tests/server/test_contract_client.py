"""A client of earlier programs, which knows only the unversioned addresses, over a real socket."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from support.project import Project
from support.served import Served, serving

NAMES = ["räuber lächelt__mitte", "100% sure+maybe__a b", "semi;colon=1__x", "why?because#hash__é", "back\\slash__ü"]
"""Folders that people have; each is legal where we run, and each means something in an address."""


@pytest.fixture
def served(project: Project) -> Iterator[Served]:
    project.make(2)
    with serving(project.root) as served:
        yield served


def put_folder(project: Project, name: str) -> Path:
    """Copy the project's sequence into a folder of another name, manifest included."""
    folder = project.sequences / name
    folder.mkdir(parents=True)
    source = project.sequences / "neutral_to_ah__center"
    for file in source.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "path_id": name}), encoding="utf-8")
    return folder


def test_health_says_that_the_server_is_there(served: Served) -> None:
    answer = served.get("/health")

    assert (answer.status, answer.json()["status"]) == (200, "ok")


def test_the_timelines_are_a_sorted_list_of_ids_and_new_folders_appear(served: Served, project: Project) -> None:
    before = served.get("/timelines").json()
    put_folder(project, "b__left")
    put_folder(project, "a__left")

    assert before == ["neutral_to_ah__center"]
    assert served.get("/timelines").json() == ["a__left", "b__left", "neutral_to_ah__center"]


def test_a_folder_without_a_manifest_is_none_until_it_has_one(served: Served, project: Project) -> None:
    folder = project.sequences / "late__center"
    folder.mkdir()
    before = served.get("/timelines").json()
    (folder / "manifest.json").write_text(json.dumps({"frames": []}), encoding="utf-8")

    assert "late__center" not in before
    assert "late__center" in served.get("/timelines").json()


def test_a_timeline_is_its_manifest(served: Served, project: Project) -> None:
    answer = served.get("/timeline/neutral_to_ah__center")

    told = answer.json()
    assert answer.status == 200
    assert {key: told[key] for key in ("path_id", "expr_start", "expr_end", "pose")} == {
        "path_id": "neutral_to_ah__center",
        "expr_start": "neutral",
        "expr_end": "ah",
        "pose": "center",
    }
    assert [(frame["t"], frame["file"]) for frame in told["frames"]] == project.listed("neutral_to_ah__center")


def test_a_manifest_of_another_program_is_told_with_the_keys_that_clients_need(
    served: Served, project: Project
) -> None:
    folder = project.sequences / "a_to_b__left"
    folder.mkdir()
    content = '{"frames": [{"t": 0.5, "file": "x.png", "note": 1}, {"t": NaN, "file": "y.png"}], "mine": NaN}'
    (folder / "manifest.json").write_text(content, encoding="utf-8")

    told = served.get("/timeline/a_to_b__left").json()

    assert told == {
        "path_id": "a_to_b__left",
        "expr_start": "a",
        "expr_end": "b",
        "pose": "left",
        "frames": [{"t": 0.5, "file": "x.png", "note": 1}],
        "mine": None,
    }


@pytest.mark.parametrize("prefix", ["/frames", "/frames/sequences"])
def test_a_frame_is_its_png_at_both_addresses(served: Served, project: Project, prefix: str) -> None:
    answer = served.get(f"{prefix}/neutral_to_ah__center/050.png")

    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert answer.body == project.read("neutral_to_ah__center", "050.png")
    assert Image.open(io.BytesIO(answer.body)).size == (24, 32)


@pytest.mark.parametrize("name", NAMES)
def test_an_id_may_hold_whatever_a_folder_may(served: Served, project: Project, name: str) -> None:
    put_folder(project, name)

    listed = served.get("/timelines").json()
    told = served.get(f"/timeline/{quote(name, safe='')}?t=123")
    frame = served.get(f"/frames/sequences/{quote(name, safe='')}/025.png?v=abc&t=1")

    assert name in listed
    assert (told.status, told.json()["path_id"]) == (200, name)
    assert (frame.status, frame.body) == (200, project.read("neutral_to_ah__center", "025.png"))


def test_who_has_a_frame_is_told_so_until_it_changes(served: Served, project: Project) -> None:
    place = "/frames/neutral_to_ah__center/050.png"
    tag = served.get(place).headers["etag"]
    again = served.get(f"{place}?t=5", {"If-None-Match": tag})
    (project.sequences / "neutral_to_ah__center/050.png").write_bytes(project.read("neutral_to_ah__center", "025.png"))
    changed = served.get(place, {"If-None-Match": tag})

    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert (changed.status, changed.body) == (200, project.read("neutral_to_ah__center", "025.png"))


@pytest.mark.parametrize("asked", ["W/{tag}", '"other", {tag}', "*"])
def test_every_way_of_saying_that_one_has_it_is_understood(served: Served, asked: str) -> None:
    place = "/frames/neutral_to_ah__center/050.png"
    tag = served.get(place).headers["etag"]

    assert served.get(place, {"If-None-Match": asked.format(tag=tag)}).status == 304


@pytest.mark.parametrize(
    ("asked", "cut"), [("bytes=0-9", slice(0, 10)), ("bytes=10-", slice(10, None)), ("bytes=-7", slice(-7, None))]
)
def test_a_part_of_a_frame_is_that_part(served: Served, project: Project, asked: str, cut: slice) -> None:
    whole = project.read("neutral_to_ah__center", "050.png")

    answer = served.get("/frames/neutral_to_ah__center/050.png", {"Range": asked})

    assert (answer.status, answer.body) == (206, whole[cut])
    assert answer.headers["content-range"].endswith(f"/{len(whole)}")


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(served: Served, asked: str) -> None:
    assert served.get("/frames/neutral_to_ah__center/050.png", {"Range": asked}).status == 416


def test_a_part_of_a_frame_that_has_changed_is_the_whole_new_one(served: Served, project: Project) -> None:
    answer = served.get("/frames/neutral_to_ah__center/050.png", {"Range": "bytes=0-9", "If-Range": '"old"'})

    assert (answer.status, answer.body) == (200, project.read("neutral_to_ah__center", "050.png"))


@pytest.mark.parametrize("path", ["/health", "/timelines", "/timeline/neutral_to_ah__center"])
def test_head_says_what_get_would(served: Served, path: str) -> None:
    told, got = served.ask("HEAD", path), served.get(path)

    assert (told.status, told.body) == (200, b"")
    assert told.headers["content-length"] == got.headers["content-length"]


def test_head_of_a_frame_says_its_length(served: Served, project: Project) -> None:
    told = served.ask("HEAD", "/frames/neutral_to_ah__center/050.png")

    assert (told.status, told.body) == (200, b"")
    assert int(told.headers["content-length"]) == len(project.read("neutral_to_ah__center", "050.png"))


@pytest.mark.parametrize(
    "path",
    [
        "/timeline/none__center",
        "/timeline/",
        "/frames/none__center/050.png",
        "/frames/neutral_to_ah__center/051.png",
        "/frames/neutral_to_ah__center/manifest.json",
        "/frames/neutral_to_ah__center/",
        "/frames/neutral_to_ah__center",
    ],
)
def test_what_is_not_there_is_not_found(served: Served, path: str) -> None:
    answer = served.get(path, {"Accept": "text/html"})

    assert (answer.status, answer.json()["code"]) == (404, "not_found")
