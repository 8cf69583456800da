"""The stream of events: told to every tab, resumed after an absence, and honest about what is lost."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from support.project import Project, picture
from support.served import Served, serving
from watercolor_rig.app.studio.hub import EndpointsChanged, EventHub, FrameChanged, ProjectChanged

PATH = "neutral_to_ah__center"
MARK = f"/api/v1/sequences/{PATH}/frames/0.5/marks"


@pytest.fixture
def served(project: Project) -> Iterator[Served]:
    project.make(2)
    with serving(project.root) as served:
        served.studio.look_everywhere()
        yield served


class Tab:
    """One listener, which reads the stream as a browser does."""

    def __init__(self, stream: http.client.HTTPResponse) -> None:
        self._stream = stream
        self.last_id = ""

    def next(self) -> tuple[str, Any]:
        """Return the type and data of the next event; comments and bare ids are passed over."""
        kind, data = "", ""
        while True:
            line = self._stream.readline().decode().rstrip("\n")
            name, _, value = line.partition(": ")
            if name == "id":
                self.last_id = value
            elif name == "event":
                kind = value
            elif name == "data":
                data = value
            elif not line and data:
                return kind, json.loads(data)

    def comment(self) -> str:
        """Return the next comment."""
        while not (line := self._stream.readline().decode()).startswith(":"):
            pass
        return line[1:].strip()

    def begin(self) -> None:
        """Read up to the first id."""
        while not self.last_id:
            self.last_id = self._stream.readline().decode().partition("id: ")[2].strip()


@contextmanager
def tab(served: Served, path: str = "/api/v1/events", last_id: str | None = None) -> Iterator[Tab]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    headers = {"Host": served.host, **({"Last-Event-ID": last_id} if last_id else {})}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    listener = Tab(response)
    listener.begin()
    try:
        yield listener
    finally:
        response.close()
        connection.close()


def flag(served: Served, *, flagged: bool) -> None:
    assert served.send("PUT", MARK, {"flagged": flagged}).status == 200


def test_every_tab_hears_of_a_change(served: Served) -> None:
    with tab(served) as one, tab(served) as other:
        flag(served, flagged=True)
        heard = [dict((listener.next(), listener.next())) for listener in (one, other)]

    assert [set(events) for events in heard] == [{"sequence", "frame"}] * 2
    assert heard[0]["sequence"]["row"]["state"] == "flagged"
    assert heard[0]["frame"]["frame"]["flagged"] is True


@pytest.mark.parametrize("way", ["header", "query"])
def test_a_tab_that_was_away_hears_what_it_missed(served: Served, way: str) -> None:
    with tab(served) as before:
        last_id = before.last_id
    flag(served, flagged=True)
    flag(served, flagged=False)
    path, header = ("/api/v1/events", last_id) if way == "header" else (f"/api/v1/events?last_event_id={last_id}", None)

    with tab(served, path, header) as after:
        heard = dict([after.next(), after.next()])

    assert heard["frame"]["frame"]["flagged"] is False


def test_what_is_not_known_any_more_is_told_as_lost(served: Served) -> None:
    with tab(served, last_id="an-earlier-server-7") as listener:
        assert listener.next() == ("reset", {"type": "reset"})


def test_a_stream_without_events_says_that_it_is_alive(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watercolor_rig.server.events.KEEP_ALIVE_S", 0.01)

    with tab(served) as listener:
        assert listener.comment() == "still here"


def test_the_hub_forgets_the_oldest_and_says_so() -> None:
    hub = EventHub(most=2)
    first = hub.last_id
    hub.publish(ProjectChanged())
    seen = hub.last_id
    for event in (EndpointsChanged(), FrameChanged("a", 0)):  # type: ignore[arg-type]  # any subject does
        hub.publish(event)

    assert hub.since(first) == ([], True)
    assert [type(numbered.event) for numbered in hub.since(seen)[0]] == [EndpointsChanged, FrameChanged]


def test_a_file_that_somebody_else_puts_into_a_folder_is_noticed(served: Served, project: Project) -> None:
    with tab(served) as listener:
        (project.sequences / PATH / "050.png").unlink()
        served.studio.wake()

        assert listener.next()[1]["row"]["state"] == "missing"


def test_an_endpoint_that_somebody_else_replaces_is_noticed(served: Served, project: Project) -> None:
    with tab(served) as listener:
        project.put("ah__center.png", picture(13))
        served.studio.wake()
        kinds = {listener.next()[0] for _ in range(3)}

    assert kinds == {"project", "endpoints", "sequence"}


def test_a_job_is_followed_from_its_start_to_its_end(served: Served) -> None:
    order = {"work": {"kind": "regenerate", "path_id": PATH, "times": [0.5]}, "engine": "local"}
    with tab(served) as listener:
        job_id = served.send("POST", "/api/v1/jobs", order).json()["id"]
        states: list[str] = []
        frames: list[tuple[float, str, str]] = []
        while not states or states[-1] not in {"done", "failed"}:
            kind, data = listener.next()
            if kind == "job":
                assert data["job"]["id"] == job_id
                states.append(data["job"]["state"])
            elif kind == "frame":
                frames.append((data["frame"]["t"], data["frame"]["state"], data["frame"]["engine"]))

    assert states[-1] == "done"
    assert (0.5, "made", "local") in frames
