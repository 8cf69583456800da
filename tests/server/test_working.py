"""Jobs, takes and undo over HTTP; and a frame that takes long keeps nobody waiting but who asked for it."""

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from support.project import Project
from support.served import Served, serving
from watercolor_rig.engines import scripted
from watercolor_rig.engines.api import MadePicture, TweenRequest

PATH = "neutral_to_ah__center"
ANEW = f"/timeline/{PATH}/regenerate"
ORDER = {"work": {"kind": "regenerate", "path_id": PATH, "times": [0.5]}, "engine": "local"}


@pytest.fixture
def served(project: Project) -> Iterator[Served]:
    project.make(2, engine="crossfade")
    with serving(project.root) as served:
        yield served


def ended(served: Served, job_id: str) -> dict[str, object]:
    """Return a job when it has ended."""
    served.studio.workshop.wait(job_id, 60)
    job: dict[str, object] = served.get(f"/api/v1/jobs/{job_id}").json()
    return job


def digest(served: Served, t: float = 0.5) -> str:
    frames = served.get(f"/api/v1/sequences/{PATH}").json()["frames"]
    return next(str(frame["digest"]) for frame in frames if frame["t"] == t)


def test_a_frame_is_made_anew_and_its_answer_names_the_file(served: Served, project: Project) -> None:
    answer = served.send("POST", f"{ANEW}?anchor_start_t=0.25&anchor_end_t=1", {"t": 0.5, "why": "it jumps"})

    assert (answer.status, answer.json()) == (200, {"t": 0.5, "file": "050.png"})
    made_from = next(f for f in project.manifest(PATH)["frames"] if f["t"] == 0.5)["made_from"]
    assert [source["t"] for source in made_from] == [0.25, 1]


def test_what_was_made_from_it_is_marked_stale(served: Served) -> None:
    served.send("POST", ANEW, {"t": 0.25})
    before = states(served)
    ended(served, served.send("POST", "/api/v1/jobs", ORDER).json()["id"])

    assert (before[0.25], states(served)[0.25]) == ("made", "stale")
    assert served.get("/api/v1/sequences").json()[0]["state"] == "stale"


def states(served: Served) -> dict[float, str]:
    return {f["t"]: f["state"] for f in served.get(f"/api/v1/sequences/{PATH}").json()["frames"]}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (ANEW, {"t": 0}, 400),
        (ANEW, {"t": 1}, 400),
        (ANEW, {"t": -1}, 404),
        (ANEW, {"t": 2}, 404),
        (ANEW, {"t": "half"}, 422),
        (ANEW, {}, 422),
        (ANEW, [], 422),
        (f"{ANEW}?anchor_start_t=0.75", {"t": 0.5}, 400),
        (f"{ANEW}?anchor_end_t=0.25", {"t": 0.5}, 400),
        (f"{ANEW}?anchor_start_t=0.3", {"t": 0.5}, 404),
        (f"{ANEW}?anchor_start_t=x", {"t": 0.5}, 422),
        ("/timeline/none__center/regenerate", {"t": 0.5}, 404),
    ],
)
def test_what_cannot_be_made_anew_is_refused_with_a_reason(
    served: Served, path: str, body: object, status: int
) -> None:
    answer = served.send("POST", path, body)

    assert (answer.status, bool(answer.json()["detail"])) == (status, True)
    assert 400 <= answer.status < 500


def test_an_unknown_t_is_refused(served: Served) -> None:
    answer = served.send("POST", ANEW, {"t": 0.4})

    assert 400 <= answer.status < 500
    assert "0.4" in answer.json()["detail"]


def test_a_price_is_told_before_anything_is_made(served: Served) -> None:
    told = served.send("POST", "/api/v1/estimate", ORDER).json()

    assert (told["engine"], told["frames"], told["cost_usd"], told["paid"]) == ("local", 1, 0, False)
    assert served.get("/api/v1/jobs").json() == []


def test_a_job_is_started_watched_and_listed(served: Served) -> None:
    before = digest(served)

    started = served.send("POST", "/api/v1/jobs", ORDER)
    job = ended(served, started.json()["id"])

    assert started.status == 202
    assert (job["state"], job["made"], job["failed"], job["order"]) == ("done", 1, 0, {**job["order"]})  # type: ignore[dict-item]
    assert job["order"]["work"]["times"] == [0.5]  # type: ignore[index]
    assert [listed["id"] for listed in served.get("/api/v1/jobs").json()] == [job["id"]]
    assert digest(served) != before


def test_takes_are_listed_chosen_and_taken_back(served: Served) -> None:
    first = digest(served)
    ended(served, served.send("POST", "/api/v1/jobs", ORDER).json()["id"])
    second = digest(served)
    takes = served.get(f"/api/v1/sequences/{PATH}/frames/0.5/takes").json()
    old = next(take for take in takes if take["digest"] == first)

    chosen = served.send("POST", f"/api/v1/sequences/{PATH}/frames/0.5/takes/{old['take']}").json()
    words = served.get("/api/v1/history").json()
    undone = served.send("POST", "/api/v1/history/undo").json()
    after_undo = digest(served)
    served.send("POST", "/api/v1/history/redo")

    assert first != second
    assert (chosen["digest"], chosen["t"]) == (first, 0.5)
    assert words["undo"]
    assert words["redo"] is None
    assert undone["redo"]
    assert (after_undo, digest(served)) == (second, first)
    assert served.get(f"/api/v1/pictures/{second}.png").status == 200


def test_a_take_of_another_frame_is_not_found(served: Served) -> None:
    answer = served.send("POST", f"/api/v1/sequences/{PATH}/frames/0.25/takes/99")

    assert (answer.status, answer.json()["code"]) == (404, "nothing_matched")


def test_trusted_frames_stay(served: Served) -> None:
    served.send("PUT", f"/api/v1/sequences/{PATH}/frames/0.5/marks", {"trusted": True})
    before = digest(served)
    work = {**ORDER, "work": {"kind": "regenerate", "path_id": PATH, "times": [0.25, 0.5, 0.75]}}

    job = ended(served, served.send("POST", "/api/v1/jobs", work).json()["id"])
    alone = served.send("POST", "/api/v1/jobs", ORDER)

    assert (job["state"], job["made"], digest(served)) == ("done", 2, before)
    assert (alone.status, "trusted" in alone.json()["detail"]) == (400, True)


@pytest.mark.parametrize("action", ["pause", "resume", "cancel", "retry"])
def test_a_job_that_is_not_there_is_not_found(served: Served, action: str) -> None:
    assert served.send("POST", f"/api/v1/jobs/none/{action}").status == 404


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"work": {"kind": "regenerate", "path_id": PATH, "times": []}},
        {"work": {"kind": "regenerate", "path_id": PATH, "times": [1.5]}},
        {"work": {"kind": "dance"}},
        {**ORDER, "speed": 3},
        {**ORDER, "max_cost_usd": -1},
    ],
)
def test_an_order_that_cannot_be_read_says_where(served: Served, order: object) -> None:
    answer = served.send("POST", "/api/v1/jobs", order)

    assert (answer.status, answer.json()["code"]) == (422, "unreadable")
    assert answer.json()["problems"]


def test_while_a_frame_takes_long_everything_else_answers(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.make(2)
    begun, may_end = Event(), Event()
    tween = scripted.ScriptedEngine.tween

    def slow(engine: scripted.ScriptedEngine, request: TweenRequest) -> MadePicture:
        begun.set()
        assert may_end.wait(60)
        return tween(engine, request)

    monkeypatch.setattr(scripted.ScriptedEngine, "tween", slow)
    with serving(project.root) as served, ThreadPoolExecutor(12) as pool:
        slow_ones = [pool.submit(served.send, "POST", ANEW, {"t": 0.5}) for _ in range(12)]
        assert begun.wait(30)
        paths = ["/health", "/timelines", f"/frames/{PATH}/050.png", "/api/v1/sequences", f"/api/v1/sequences/{PATH}"]
        meanwhile = [served.get(path).status for path in paths]
        frame = next(f for f in served.get(f"/api/v1/sequences/{PATH}").json()["frames"] if f["t"] == 0.5)
        is_done = [future.done() for future in slow_ones]
        may_end.set()
        answers = [future.result(60) for future in slow_ones]

    assert meanwhile == [200] * 5
    assert frame["state"] == "running"
    assert not any(is_done)
    assert {answer.status for answer in answers} == {200}


def test_the_server_ends_while_a_client_waits_and_another_listens(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.make(2)
    begun, may_end = Event(), Event()
    tween = scripted.ScriptedEngine.tween

    def slow(engine: scripted.ScriptedEngine, request: TweenRequest) -> MadePicture:
        begun.set()
        assert may_end.wait(60)
        return tween(engine, request)

    monkeypatch.setattr(scripted.ScriptedEngine, "tween", slow)
    with ThreadPoolExecutor(2) as pool:
        with serving(project.root) as served:
            listener = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
            listener.request("GET", "/api/v1/events", headers={"Host": served.host})
            stream = listener.getresponse()
            waiting = pool.submit(served.send, "POST", ANEW, {"t": 0.5})
            assert begun.wait(30)
        rest = stream.read()
        listener.close()
        answer = waiting.result(10)
        may_end.set()

    assert rest.startswith(b"retry:")
    assert (answer.status, json.loads(answer.body)["code"]) == (502, "engine")


def test_a_sequence_is_exported_in_a_format_and_downloaded(served: Served) -> None:
    formats = {each["name"]: each for each in served.get("/api/v1/formats").json()}
    work = {"kind": "format", "format": "apng", "paths": [PATH], "settings": {"loop": "once"}}
    job = ended(served, served.send("POST", "/api/v1/jobs", {"work": work}).json()["id"])

    assert formats["apng"]["settings"][0]["words"] == ["once", "loop", "ping-pong"]
    assert (job["state"], job["files"]) == ("done", [f"{PATH}.png"])
    assert job["order"]["work"] == {**work, "fps": 12, "scale": 1, "background": None}  # type: ignore[index]
    assert b"acTL" in served.get(f"/api/v1/exports/{PATH}.png").body


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"format": "nothing"}, 400),
        ({"settings": {"loop": "often"}}, 400),
        ({"settings": {"loop": 1}}, 422),
        ({"fps": 0.5}, 422),
        ({"scale": 5}, 422),
        ({"background": "red"}, 422),
        ({"paths": ["none__center"]}, 404),
    ],
)
def test_an_export_that_cannot_be_had_is_refused_with_a_reason(
    served: Served, given: dict[str, object], status: int
) -> None:
    answer = served.send("POST", "/api/v1/jobs", {"work": {"kind": "format", "format": "apng", **given}})

    assert answer.status == status
    assert answer.json()["detail"]
