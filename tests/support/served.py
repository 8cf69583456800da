"""A studio's server on a loopback port, in this process, and a client that knows nothing but HTTP."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.events import Event
from watercolor_rig.server.application import create_app
from watercolor_rig.server.guard import Policy, loopback_hosts
from watercolor_rig.server.serving import StudioServer, bind
from watercolor_rig.server.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass
class Served:
    """A running server."""

    studio: Studio
    port: int
    tokens: Tokens | None = None
    said: list[Event] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The `Host` that a browser would send."""
        return f"localhost:{self.port}"

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and return its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {"Host": self.host, **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a GET."""
        return self.ask("GET", path, headers=headers)

    def send(self, method: str, path: str, value: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send JSON, or with None no body."""
        if value is None:
            return self.ask(method, path, headers=headers)
        return self.ask(
            method, path, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})}
        )

    def raw(self, request: bytes) -> bytes:
        """Send bytes that end in a request to close; return the whole answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer


@contextmanager
def serving(
    folder: Path,
    *,
    token: bool = False,
    any_host: bool = False,
    cors_origin: str | None = None,
    toolbox: Toolbox | None = None,
    static: Path | None = None,
) -> Iterator[Served]:
    """Serve a folder while the block runs."""
    sockets = bind("127.0.0.1", 0)
    port: int = sockets[0].getsockname()[1]
    studio = Studio(folder, toolbox or Toolbox())
    tokens = Tokens(port, lambda _ticket: None) if token else None
    served = Served(studio, port, tokens)
    policy = Policy(None if any_host else loopback_hosts(port), tokens, cors_origin)
    app = create_app(studio, policy) if static is None else create_app(studio, policy, static)
    server = StudioServer(app, studio, served.said.append)
    thread = Thread(target=server.run, args=(list(sockets),))
    studio.open()
    thread.start()
    try:
        yield served
    finally:
        server.should_exit = True
        thread.join(20)
        studio.close(at_once=True)
        for bound in sockets:
            bound.close()
