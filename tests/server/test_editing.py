"""What a user changes by hand, over HTTP."""

import json
from collections.abc import Iterator

import pytest

from support.project import Project, picture
from support.served import Served, serving
from watercolor_rig.store.lock import project_lock

PATH = "neutral_to_ah__center"


@pytest.fixture
def served(project: Project) -> Iterator[Served]:
    project.make(2)
    with serving(project.root) as served:
        yield served


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("empty")) as served:
        yield served


def put(served: Served, place: str, data: bytes) -> tuple[int, dict[str, object]]:
    answer = served.ask("PUT", f"/api/v1/endpoints/{place}", data, {"Content-Type": "image/png"})
    return answer.status, answer.json()


def test_base_paths_are_saved_and_the_list_follows(served: Served, project: Project) -> None:
    version = served.get("/api/v1/project").json()["config_version"]
    paths = [{"id": "back", "start": "ah", "end": "neutral"}]

    told = served.send("PUT", "/api/v1/project/base-paths", {"base_paths": paths, "config_version": version})

    assert (told.status, told.json()["base_paths"]) == (200, paths)
    assert told.json()["config_version"] != version
    assert [row["path_id"] for row in served.get("/api/v1/sequences").json()] == ["back__center", PATH]
    assert json.loads(project.config.read_bytes())["base_paths"] == paths


def test_an_edit_of_a_config_that_somebody_changed_is_refused(served: Served, project: Project) -> None:
    version = served.get("/api/v1/project").json()["config_version"]
    project.configure([{"id": "other", "start": "neutral", "end": "ah"}])

    answer = served.send("PUT", "/api/v1/project/base-paths", {"base_paths": [], "config_version": version})

    assert (answer.status, answer.json()["code"]) == (409, "project_busy")
    assert json.loads(project.config.read_bytes())["base_paths"][0]["id"] == "other"


def test_every_problem_of_an_edit_is_told(served: Served, project: Project) -> None:
    before = project.config.read_bytes()
    version = served.get("/api/v1/project").json()["config_version"]
    wrong = [{"id": "a__b", "start": "ah", "end": "ah"}]

    answer = served.send("PUT", "/api/v1/project/base-paths", {"base_paths": wrong, "config_version": version})

    assert (answer.status, answer.json()["code"], len(answer.json()["problems"])) == (422, "config", 2)
    assert project.config.read_bytes() == before


def test_while_another_program_writes_nothing_is_changed(served: Served, project: Project) -> None:
    with project_lock(project.root, "sequences"):
        answers = [put(served, "ah/center", picture(5))[0]]
        answers.append(served.send("POST", "/api/v1/jobs", {"work": {"kind": "sequences"}, "engine": "local"}).status)

    assert answers == [409, 409]


def test_a_picture_goes_into_its_place_and_the_old_one_stays_as_a_take(served: Served, project: Project) -> None:
    old, new = (project.endpoints / "ah__center.png").read_bytes(), picture(11)

    status, cell = put(served, "ah/center", new)

    assert (status, cell["state"], cell["width"]) == (200, "present", 24)
    assert (project.endpoints / "ah__center.png").read_bytes() == new
    assert any(
        file.read_bytes() == old for file in (project.root / ".watercolor-rig/store").rglob("*") if file.is_file()
    )
    served.studio.look_everywhere()
    assert served.get("/api/v1/sequences").json()[0]["state"] == "stale"


def test_a_picture_at_a_new_pose_is_a_new_column(served: Served) -> None:
    put(served, "neutral/left", picture(2))
    status, _ = put(served, "ah/left", picture(5))

    assert status == 200
    assert served.get("/api/v1/endpoints").json()["poses"] == ["center", "left"]
    assert [row["path_id"] for row in served.get("/api/v1/sequences").json()] == [PATH, "neutral_to_ah__left"]


@pytest.mark.parametrize(
    ("place", "status", "code"),
    [
        ("aah/center", 404, "nothing_matched"),
        ("..%2f..%2fah/center", 415, "media_type"),
        ("ah/..%2f..", 415, "media_type"),
        ("ah/a__b", 400, "usage"),
        ("ah/%2e%2e", 400, "usage"),
        ("ah/a%00b", 400, "usage"),
    ],
)
def test_a_place_that_is_none_is_refused(served: Served, project: Project, place: str, status: int, code: str) -> None:
    before = sorted(file.name for file in project.endpoints.iterdir())

    told = put(served, place, picture(3))

    assert (told[0], told[1]["code"]) == (status, code)
    assert sorted(file.name for file in project.endpoints.iterdir()) == before


def test_the_budget_is_kept(served: Served, project: Project) -> None:
    told = served.send("PUT", "/api/v1/project/budget", {"budget_usd": 2.5}).json()

    with serving(project.root) as again:
        assert again.get("/api/v1/project").json()["money"]["budget_usd"] == 2.5
    assert told["money"]["budget_usd"] == 2.5


def test_a_frame_is_flagged_and_its_row_says_so(served: Served) -> None:
    served.studio.look_everywhere()

    frame = served.send("PUT", f"/api/v1/sequences/{PATH}/frames/0.5/marks", {"flagged": True}).json()
    row = served.get("/api/v1/sequences").json()[0]
    endpoint = served.send("PUT", f"/api/v1/sequences/{PATH}/frames/0/marks", {"flagged": True})

    assert (frame["flagged"], frame["trusted"]) == (True, False)
    assert (row["state"], row["flagged"]) == ("flagged", 1)
    assert endpoint.status == 400


def test_an_empty_folder_starts_with_the_example(empty: Served) -> None:
    before = empty.get("/api/v1/project").json()

    after = empty.send("POST", "/api/v1/project/example").json()

    assert (before["open"], after["open"], len(after["expressions"])) == (False, True, 12)
    assert empty.send("POST", "/api/v1/project/example").status == 400
    assert len(empty.get("/api/v1/sequences").json()) == 24


def test_an_empty_folder_starts_with_a_portrait(empty: Served) -> None:
    answer = empty.ask("POST", "/api/v1/project/portrait?name=Ada", picture(2), {"Content-Type": "image/png"})

    assert (answer.status, answer.json()["character"], answer.json()["problems"]) == (200, "Ada", [])


def test_a_closed_project_answers_everything_with_nothing(empty: Served) -> None:
    told = [empty.get(f"/api/v1/{path}") for path in ("sequences", "jobs", "exports", "engines", "history")]

    assert [answer.status for answer in told] == [200] * 5
    assert [answer.json() for answer in told[:3]] == [[], [], []]
    assert empty.get("/api/v1/endpoints").json()["cells"] == []
    assert empty.get("/timelines").json() == []
