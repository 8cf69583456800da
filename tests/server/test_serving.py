"""The command `watercolor-rig studio`: it says where it is, ends when it is told to, and refuses what cannot work."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from support.command_line import ROOT
from support.patience import PATIENCE_S
from support.project import Project
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.events import Event
from watercolor_rig.server.serving import ServeOptions, bind, serve

T = TypeVar("T")

_START = "import sys; from watercolor_rig.cli.main import run; sys.exit(run())"


@contextmanager
def studio(project: Path, *flags: str, **environment: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """Run the command with --json; yield the process and its first event."""
    command = [sys.executable, "-c", _START, "studio", str(project), "--port", "0", "--no-browser", "--json", *flags]
    mine = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    process = subprocess.Popen(
        command,
        env=mine | {"PYTHONPATH": str(ROOT / "src")} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def get(address: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection("127.0.0.1", int(host.rpartition(":")[2]), timeout=30)
    connection.request("GET", path, headers={"Host": host, **(headers or {})})
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def post(address: str, path: str, value: object) -> int:
    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection("127.0.0.1", int(host.rpartition(":")[2]), timeout=60)
    headers = {"Host": host, "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(value), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_it_says_where_it_answers_and_ends_at_ctrl_c(project: Project) -> None:
    with studio(project.root) as (process, said):
        status, body = get(said["address"], "/health")
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)

    assert (said["event"], said["token"], said["link"]) == ("studio", "", said["address"])
    assert (status, json.loads(body)["status"]) == (200, "ok")
    assert (process.returncode, errors) == (0, "")
    assert json.loads(out.splitlines()[-1])["event"] == "stopping"


def test_the_second_ctrl_c_does_not_wait_for_a_call_that_hangs(project: Project) -> None:
    project.make(1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment = {
            "OPENAI_API_KEY": "sk-test-key",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/v1",
        }
        with studio(project.root, **environment) as (process, said):
            order = {"work": {"kind": "regenerate", "path_id": "neutral_to_ah__center", "times": [0.5]}}
            assert post(said["address"], "/api/v1/jobs", {**order, "engine": "openai"}) == 202
            silent.settimeout(PATIENCE_S)
            call, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            assert process.stdout is not None
            stopping = json.loads(process.stdout.readline())
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=PATIENCE_S)
            call.close()

    assert (stopping["event"], stopping["running"]) == ("stopping", 1)
    assert (process.returncode, "Ended at once" in errors) == (130, True)


def test_it_ends_at_a_polite_kill_while_somebody_listens(project: Project) -> None:
    with studio(project.root) as (process, said):
        host = said["address"].removeprefix("http://")
        connection = http.client.HTTPConnection("127.0.0.1", int(host.rpartition(":")[2]), timeout=30)
        connection.request("GET", "/api/v1/events", headers={"Host": host})
        stream = connection.getresponse()
        process.send_signal(signal.SIGTERM)
        stream.read()
        connection.close()
        process.communicate(timeout=60)

    assert process.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_end_with_a_server_that_is_killed(project: Project) -> None:
    with studio(project.root) as (process, _):
        children = wait_until(lambda: workers_of(process.pid))
        process.kill()
        process.wait(30)

        assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def workers_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in listed for child in file.read_text("ascii").split()]


def wait_until(holds: Callable[[], T]) -> T:
    """Return the first true value, asked for again and again; what holds never is a failure."""
    deadline = time.monotonic() + 60
    while not (value := holds()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return value


def test_a_job_of_the_real_command_makes_its_frame(project: Project) -> None:
    project.make(1)
    with studio(project.root) as (_, said):
        host = said["address"].removeprefix("http://")
        connection = http.client.HTTPConnection("127.0.0.1", int(host.rpartition(":")[2]), timeout=60)
        body = json.dumps({"t": 0.5})
        headers = {"Host": host, "Content-Type": "application/json"}
        connection.request("POST", "/timeline/neutral_to_ah__center/regenerate", body, headers)
        answer = connection.getresponse()
        told = answer.status, json.loads(answer.read())
        connection.close()

    assert told == (200, {"t": 0.5, "file": "050.png"})


def test_with_a_token_the_link_is_needed_once(project: Project) -> None:
    with studio(project.root, "--token") as (process, said):
        ticket = said["link"].partition("/?")[2]
        refused = get(said["address"], "/timelines")[0]
        first = get(said["address"], f"/?{ticket}")[0]
        second = get(said["address"], f"/?{ticket}")[0]
        program = get(said["address"], "/timelines", {"Authorization": f"Bearer {said['token']}"})[0]
        assert process.stdout is not None
        next_link = json.loads(process.stdout.readline())["link"]

    assert (refused, first, second, program) == (401, 303, 401, 200)
    assert next_link.startswith(f"{said['address']}/?token=")
    assert next_link != said["link"]


def test_other_addresses_than_this_computers_own_need_a_token(project: Project) -> None:
    with studio(project.root, "--host", "0.0.0.0") as (_, said):  # noqa: S104 - the point
        refused = get(f"http://127.0.0.1:{said['address'].rpartition(':')[2]}", "/timelines")[0]
        program = get(said["address"], "/timelines", {"Authorization": f"Bearer {said['token']}"})[0]

    assert said["token"]
    assert (refused, program) == (401, 200)


def refusal(options: ServeOptions) -> str:
    said: list[Event] = []
    with pytest.raises(UsageError) as caught:
        serve(options, said.append, Toolbox())
    assert said == []
    return str(caught.value)


def test_a_port_that_is_taken_is_named_with_another_to_take(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert refusal(ServeOptions(tmp_path, port=port)).startswith(
            f"--port {port} is taken by another program; choose"
        )


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_a_port_that_is_taken_on_the_other_loopback_is_taken(tmp_path: Path) -> None:
    try:
        taken = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 here")
    with taken:
        port = taken.getsockname()[1]

        assert "is taken" in refusal(ServeOptions(tmp_path, port=port))


@pytest.mark.parametrize("host", ["203.0.113.7", "2001:db8::7"])
def test_an_address_of_another_computer_is_refused(tmp_path: Path, host: str) -> None:
    assert "give an address of this computer" in refusal(ServeOptions(tmp_path, host=host, port=0))


@pytest.mark.parametrize("origin", ["*", "localhost:3000", "http://", "http://a/b", "ftp://a", "http://user@a", "null"])
def test_an_origin_that_is_none_is_refused(tmp_path: Path, origin: str) -> None:
    assert "is no origin" in refusal(ServeOptions(tmp_path, port=0, cors_origin=origin))


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "is no folder" in refusal(ServeOptions(tmp_path / "none"))


def test_both_loopbacks_listen_on_one_port() -> None:
    sockets = bind("127.0.0.1", 0)
    ports = {bound.getsockname()[1] for bound in sockets}
    for bound in sockets:
        bound.close()

    assert len(ports) == 1
