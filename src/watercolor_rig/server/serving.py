"""Runs the server: sockets, the printed address, the browser, and an end that keeps what was paid for."""

import errno
import os
import socket
import sys
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from types import FrameType
from urllib.parse import urlsplit

import uvicorn

from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.events import Event, RunStopping
from watercolor_rig.core.project_events import StudioServing
from watercolor_rig.server.application import create_app
from watercolor_rig.server.guard import Policy, loopback_hosts
from watercolor_rig.server.tokens import Tokens

_LOOPBACK = ("127.0.0.1", "::1")
_GOODBYE_S = 5
_KEEP_ALIVE_S = 30
_SWITCH_S = 0.001
"""A thread that computes lets the others go on so often; the default, 5 ms, adds up while folders are looked at."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the user asked for; the fields are the flags of `watercolor-rig studio`."""

    project: Path
    host: str = "127.0.0.1"
    port: int = 5174
    browser: bool = True
    token: bool = False
    cors_origin: str | None = None


def serve(options: ServeOptions, emit: Callable[[Event], None], toolbox: Toolbox) -> int:
    """Serve a project until Ctrl-C; return the exit status 0.

    Raises:
        UsageError: if the folder, the address or the port cannot be used.
        KeyboardInterrupt: at the second Ctrl-C.
    """
    if not options.project.is_dir():
        raise UsageError(f"{str(options.project)!r} is no folder; make it, or name the one with expressions.json")
    origin = _checked_origin(options.cors_origin)
    sys.setswitchinterval(_SWITCH_S)
    with ExitStack() as stack:
        sockets = [stack.enter_context(bound) for bound in bind(options.host, options.port)]
        port: int = sockets[0].getsockname()[1]
        address = _address(options.host, port)
        quiet = replace(toolbox, interrupts=lambda _lanes: nullcontext(), ask=None)  # Ctrl-C is the server's to hear
        studio = Studio(options.project, quiet)
        tokens = None
        if options.token or not _is_loopback(options.host):
            tokens = Tokens(port, lambda _ticket: emit(_said(options, address, tokens)))
        server = StudioServer(create_app(studio, Policy(_hosts(options.host, port), tokens, origin)), studio, emit)
        studio.open()
        studio.warm_up()
        try:
            said = _said(options, address, tokens)
            emit(said)
            if options.browser and _has_display():
                Thread(target=webbrowser.open, args=(said.link,), daemon=True).start()
            server.run(sockets)
        except KeyboardInterrupt:
            studio.close(at_once=True)
            raise
        studio.close()
    return 0


class StudioServer(uvicorn.Server):
    """Ends open event streams before it waits for connections, and keeps the second Ctrl-C for those in a hurry."""

    def __init__(self, app: object, studio: Studio, emit: Callable[[Event], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type]  # any ASGI application
                log_config=None,
                log_level="critical",  # defects are told by `problems`, once
                access_log=False,
                server_header=False,
                lifespan="off",
                ws="none",
                http="h11",
                loop="asyncio",
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_S,
                timeout_graceful_shutdown=_GOODBYE_S,
            )
        )
        self._studio = studio
        self._emit = emit

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        """End in good order at the first signal, at once at the second."""
        if self.should_exit:
            raise KeyboardInterrupt
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams end, then do what servers do."""
        running = len(self._studio.workshop.running_frames())
        self._emit(RunStopping("the studio closes; Ctrl-C again ends at once", running))
        self._studio.ending.begin()
        await super().shutdown(sockets)


def _said(options: ServeOptions, address: str, tokens: Tokens | None) -> StudioServing:
    link = address if tokens is None else f"{address}/?token={tokens.ticket}"
    return StudioServing(address, link, tokens.bearer if tokens else "", str(options.project))


def bind(host: str, port: int) -> Sequence[socket.socket]:
    """Return sockets that listen; on loopback both of them, because `localhost` may mean either.

    Raises:
        UsageError: if the host is none of this computer's, or the port is taken.
    """
    if not _is_loopback(host):
        return [_listen(host, port)]
    sockets = [_listen(_LOOPBACK[0] if host == "localhost" else host, port)]
    taken: int = sockets[0].getsockname()[1]
    for other in _LOOPBACK:
        try:
            if other not in (host, sockets[0].getsockname()[0]):
                sockets.append(_listen(other, taken))
        except UsageError:
            if _answers(other, taken):
                sockets[0].close()
                raise
    return sockets


def _listen(host: str, port: int) -> socket.socket:
    try:
        [(family, kind, protocol, _, place), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(f"--host {host!r}: {error.strerror or error}; give an address of this computer") from error
    try:
        if os.name == "posix":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(place)
        bound.listen(128)
    except OSError as error:
        bound.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            reason = "is taken by another program" if error.errno == errno.EADDRINUSE else "may not be used"
            raise UsageError(f"--port {port} {reason}; choose another, such as --port {port % 60000 + 1025}") from error
        raise UsageError(f"--host {host!r}: {error.strerror or error}; give an address of this computer") from error
    return bound


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _hosts(host: str, port: int) -> frozenset[str] | None:
    """Return the values of `Host` that are answered; None for any, where a token stands guard."""
    names = loopback_hosts(port)
    if _is_loopback(host) or host not in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        return names | {_authority(host, port)}
    return None


def _authority(host: str, port: int) -> str:
    return (f"[{host}]:{port}" if ":" in host else f"{host}:{port}").lower()


def _address(host: str, port: int) -> str:
    if _is_loopback(host):
        return f"http://localhost:{port}"
    return f"http://{_authority(socket.gethostname() if host in ('0.0.0.0', '::') else host, port)}"  # noqa: S104


def _checked_origin(origin: str | None) -> str | None:
    """Return the origin as browsers spell it.

    Raises:
        UsageError: if it is none.
    """
    if origin is None:
        return None
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/") or "@" in parts.netloc:
        raise UsageError(f"--cors-origin {origin!r} is no origin; write one such as http://localhost:3000")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _has_display() -> bool:
    """Return whether a browser would be a window; a browser in the terminal would take that away from us."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
