"""What the versioned API says of a project, and that it notices what others change."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from support.project import Project, picture
from support.served import Served, serving

PATH = "neutral_to_ah__center"


@pytest.fixture
def served(pair: Project) -> Iterator[Served]:
    pair.make(2)
    with serving(pair.root) as served:
        yield served


def rows(served: Served) -> dict[str, dict[str, object]]:
    """Return the list when every sequence was looked at."""
    served.studio.look_everywhere()
    return {row["path_id"]: row for row in served.get("/api/v1/sequences").json()}


def test_the_project_is_told_as_its_config_says_it(served: Served, pair: Project) -> None:
    told = served.get("/api/v1/project").json()

    assert (told["open"], told["problems"], told["poses"]) == (True, [], ["center", "left"])
    assert [path["id"] for path in told["base_paths"]] == ["neutral_to_ah", "ah_to_ee", "ee_to_ah"]
    assert (told["neutral"], told["folder"], told["writable_by"]) == ("neutral", str(pair.root), None)
    assert told["money"]["spent_usd"] > 0


def test_a_config_with_faults_is_told_with_all_of_them(served: Served, pair: Project) -> None:
    pair.configure([{"id": "a", "start": "x", "end": "x"}, {"id": "a", "start": "x", "end": "y__z"}])

    told = served.get("/api/v1/project").json()

    assert (told["open"], told["base_paths"]) == (True, [])
    assert len(told["problems"]) == 3


def test_the_sequences_come_in_the_order_of_the_config_then_by_pose(served: Served) -> None:
    listed = [row["path_id"] for row in served.get("/api/v1/sequences").json()]

    assert listed == [
        f"{path}__{pose}" for path in ("neutral_to_ah", "ah_to_ee", "ee_to_ah") for pose in ("center", "left")
    ]


def test_finished_sequences_are_complete(served: Served) -> None:
    assert {(row["state"], row["frames"], row["wanted"]) for row in rows(served).values()} == {("complete", 3, 3)}


def test_who_has_the_list_is_told_so_until_something_changes(served: Served, pair: Project) -> None:
    rows(served)
    tag = served.get("/api/v1/sequences").headers["etag"]
    again = served.get("/api/v1/sequences", {"If-None-Match": tag})
    (pair.sequences / PATH / "050.png").unlink()
    served.studio.look_everywhere()
    changed = served.get("/api/v1/sequences", {"If-None-Match": tag})

    assert (again.status, again.body) == (304, b"")
    assert changed.status == 200
    assert rows(served)[PATH]["state"] == "missing"


def test_a_new_endpoint_makes_its_sequences_stale_and_a_missing_one_blocks_them(served: Served, pair: Project) -> None:
    pair.put("ah__center.png", picture(12))
    pair.endpoints.joinpath("ee__left.png").unlink()

    told = rows(served)

    assert (told[PATH]["state"], told[PATH]["stale"]) == ("stale", 3)
    assert told["ah_to_ee__left"]["state"] == "blocked"
    assert "ee__left.png" in str(told["ah_to_ee__left"]["reason"])
    assert told["neutral_to_ah__left"]["state"] == "complete"


def test_endpoints_of_two_sizes_and_broken_files_say_what_to_do(served: Served, pair: Project) -> None:
    pair.draw("ah", size=(32, 32))
    (pair.sequences / "ah_to_ee__left/025.png").unlink()
    (pair.sequences / "ah_to_ee__left/025.png").write_bytes(b"broken")

    told = rows(served)

    assert (told[PATH]["state"], "bring both endpoints to one size" in str(told[PATH]["reason"])) == ("blocked", True)
    assert told["ah_to_ee__left"]["state"] == "broken"


def test_a_folder_that_the_config_does_not_know_comes_last(served: Served, pair: Project) -> None:
    folder = pair.sequences / "mine"
    folder.mkdir()
    for number, mouth in enumerate((2, 5, 8)):
        (folder / f"f{number}.png").write_bytes(picture(mouth))
    frames = [{"t": number / 2, "file": f"f{number}.png"} for number in range(3)]
    (folder / "manifest.json").write_text(json.dumps({"frames": frames}), encoding="utf-8")

    told = rows(served)
    sequence = served.get("/api/v1/sequences/mine").json()

    assert list(told)[-1] == "mine"
    assert [(frame["t"], frame["file"], frame["state"]) for frame in sequence["frames"] if frame["digest"]] == [
        (0, "f0.png", "key"),
        (0.5, "f1.png", "made"),
        (1, "f2.png", "key"),
    ]


def test_a_sequence_is_told_with_all_its_frames(served: Served) -> None:
    told = served.get(f"/api/v1/sequences/{PATH}").json()

    tween = told["frames"][2]
    assert (told["width"], told["height"], told["folder"]) == (24, 32, f"frames/sequences/{PATH}")
    assert [(frame["t"], frame["state"]) for frame in told["frames"]] == [
        (0, "key"), (0.25, "made"), (0.5, "made"), (0.75, "made"), (1, "key"),
    ]  # fmt: skip
    assert (tween["engine"], tween["method"], tween["cost_usd"], tween["takes"]) == ("scripted", "scripted", 0.04, 1)
    assert tween["made"].startswith("20")
    assert "in-between frame" in tween["prompt"]
    assert [source["t"] for source in tween["made_from"]] == [0, 1]
    assert tween["seconds"] >= 0


@pytest.mark.parametrize(
    "path", ["/api/v1/sequences/none", "/api/v1/sequences/none/scores", "/api/v1/sequences/none/frames/0.5/takes"]
)
def test_a_sequence_that_is_not_there_is_not_found(served: Served, path: str) -> None:
    answer = served.get(path)

    assert (answer.status, answer.json()["code"]) == (404, "nothing_matched")


@pytest.mark.parametrize("t", ["0.3", "nan", "inf", "2", "half"])
def test_a_position_without_a_frame_is_refused(served: Served, t: str) -> None:
    assert served.get(f"/api/v1/sequences/{PATH}/frames/{t}/takes").status in {404, 422}


def test_the_grid_shows_what_is_there_and_what_is_not(served: Served, pair: Project) -> None:
    pair.put("oh__center.png", picture(3))
    pair.put("ee__left.png", b"broken")

    grid = served.get("/api/v1/endpoints").json()

    states = {(cell["expression"], cell["pose"]): cell["state"] for cell in grid["cells"]}
    assert (grid["expressions"], grid["poses"]) == (["neutral", "ah", "ee"], ["center", "left"])
    assert (states["neutral", "center"], grid["ignored"]) == ("present", ["oh__center.png"])
    assert states["ee", "left"] == "broken"


def test_a_picture_is_served_by_its_digest_for_ever(served: Served, pair: Project) -> None:
    frame = served.get(f"/api/v1/sequences/{PATH}").json()["frames"][2]

    answer = served.get(f"/api/v1/pictures/{frame['digest']}.png")
    again = served.get(f"/api/v1/pictures/{frame['digest']}.png", {"If-None-Match": answer.headers["etag"]})

    assert answer.body == pair.read(PATH, "050.png")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert (answer.headers["etag"], again.status) == (f'"{frame["digest"]}"', 304)


def test_a_file_that_has_changed_is_not_served_under_its_old_digest(served: Served, pair: Project) -> None:
    digest = served.get(f"/api/v1/sequences/{PATH}").json()["frames"][0]["digest"]
    for file in (*pair.endpoints.glob("neutral__*.png"), *pair.sequences.glob("neutral*/000.png")):
        file.write_bytes(picture(13))

    assert served.get(f"/api/v1/pictures/{digest}.png").status == 404


def test_small_and_light_versions_are_made_once_and_kept(served: Served, pair: Project) -> None:
    pair.put("neutral__center.png", picture(2, size=(300, 400)))
    digest = served.get("/api/v1/endpoints").json()["cells"][0]["digest"]

    small = served.get(f"/api/v1/thumbnails/96/{digest}.webp")
    whole = served.get(f"/api/v1/previews/{digest}.webp")
    kept = {file: file.stat().st_mtime_ns for file in (pair.root / ".watercolor-rig/studio/cache").rglob("*.webp")}
    again = served.get(f"/api/v1/thumbnails/96/{digest}.webp")

    assert (small.headers["content-type"], Image.open(io.BytesIO(small.body)).size) == ("image/webp", (96, 128))
    assert Image.open(io.BytesIO(whole.body)).size == (300, 400)
    assert (again.body, len(kept)) == (small.body, 2)
    assert {file: file.stat().st_mtime_ns for file in kept} == kept


@pytest.mark.parametrize("width", ["95", "0", "-96", "96.5", "99999999999"])
def test_only_a_few_widths_are_made(served: Served, width: str) -> None:
    assert served.get(f"/api/v1/thumbnails/{width}/{'0' * 64}.webp").status == 422


def test_the_engines_say_whether_they_work_and_what_a_frame_costs(served: Served) -> None:
    engines = {engine["name"]: engine for engine in served.get("/api/v1/engines").json()}

    assert (engines["local"]["state"], engines["local"]["cost_usd"], engines["local"]["default"]) == ("ready", 0, True)
    assert (engines["openai"]["paid"], engines["openai"]["takes_prompt"]) == (True, True)


def test_exports_are_listed_and_downloaded_by_name(served: Served, pair: Project) -> None:
    folder = pair.root / "exports"
    folder.mkdir()
    (folder / "all.zip").write_bytes(b"zip")
    (folder / ".part").write_bytes(b"x")
    (folder / "out.zip").symlink_to(pair.config)

    listed = served.get("/api/v1/exports").json()
    file = served.get("/api/v1/exports/all.zip")

    assert [(export["name"], export["bytes"]) for export in listed] == [("all.zip", 3)]
    assert (file.body, file.headers["content-disposition"]) == (b"zip", "attachment")
    assert [served.get(f"/api/v1/exports/{name}").status for name in (".part", "out.zip", "none")] == [404] * 3


def test_a_project_that_another_program_writes_says_so(served: Served, pair: Project) -> None:
    (pair.root / ".watercolor-rig/owner.json").write_text(
        json.dumps({"pid": 1, "host": "elsewhere", "command": "sequences"}), encoding="utf-8"
    )

    assert served.get("/api/v1/project").json()["writable_by"] is None  # a note that was left behind; nobody holds it


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/jobs/3", 200), ("/app.js", 200), ("/none.js", 404)])
def test_the_pages_are_served_and_read_their_address_by_themselves(
    pair: Project, tmp_path_factory: pytest.TempPathFactory, path: str, status: int
) -> None:
    static = built(tmp_path_factory.mktemp("static"))
    with serving(pair.root, static=static) as served:
        answer = served.get(path, {"Accept": "text/html"})
        asset = served.get("/assets/index-1.js")

    assert answer.status == status
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"].startswith("text/javascript")


def built(folder: Path) -> Path:
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (folder / "stage.html").write_text("<!doctype html><title>On stage</title>", encoding="utf-8")
    (folder / "app.js").write_text("1", encoding="utf-8")
    (folder / "assets/index-1.js").write_text("1", encoding="utf-8")
    return folder


def test_the_stage_is_a_page_of_its_own(pair: Project, tmp_path: Path) -> None:
    with serving(pair.root, static=built(tmp_path)) as served:
        answer = served.get("/stage?expression=ah", {"Accept": "text/html"})

    assert (answer.status, b"On stage" in answer.body) == (200, True)
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_pages_that_are_not_built_say_how_to_build_them(pair: Project, tmp_path: Path) -> None:
    with serving(pair.root, static=tmp_path / "none") as served:
        answer = served.get("/", {"Accept": "text/html"})

    assert (answer.status, b"make ui" in answer.body) == (503, True)
