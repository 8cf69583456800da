"""Who may ask what, before anything else sees a request.

A server on one's own computer can be reached by every web page that one visits. So the name in `Host` must be one of
ours (a page that lets its own name point here, DNS rebinding, is refused), whatever changes something must come from
our own pages or from no page at all, and a server that others can reach asks for a token. All of it is in one place,
in front of every route, those that are added later included.
"""

import re
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watercolor_rig.server.pages import locked_page
from watercolor_rig.server.problems import problem
from watercolor_rig.server.tokens import Tokens

MAX_PICTURE_BYTES = 32 * 1024 * 1024
MAX_JSON_BYTES = 1024 * 1024

READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})
_PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "application/octet-stream"})
_UPLOADS = re.compile(r"/api/v1/(?:endpoints/[^/]+/[^/]+|project/portrait)")

_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' blob: data:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
CONTENT_POLICY = "; ".join(f"{name} {value}" for name, value in _POLICY.items())

_CORS = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, Last-Event-ID, Range",
    "Access-Control-Max-Age": "600",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What this server allows.

    Attributes:
        hosts: Values of the `Host` header that are answered, lower case; None for any, which needs `tokens`.
        tokens: What has to be shown, or None where nothing has.
        cors_origin: The one foreign origin whose pages may ask, or None.
    """

    hosts: frozenset[str] | None
    tokens: Tokens | None = None
    cors_origin: str | None = None


def loopback_hosts(port: int) -> frozenset[str]:
    """Return the names under which a server on this computer is asked for, with the port that it listens on."""
    names = ("localhost", "127.0.0.1", "[::1]")
    return frozenset({f"{name}:{port}" for name in names} | (set(names) if port == 80 else set()))  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request, as far as the guard looks at it."""

    method: str
    path: str
    query: str
    headers: Headers = field(repr=False)

    @property
    def origin(self) -> str | None:
        return self.headers.get("origin")

    @property
    def host(self) -> str:
        return self.headers.get("host", "").lower()

    @property
    def is_writing(self) -> bool:
        return self.method not in READING

    @property
    def most_bytes(self) -> int:
        return MAX_PICTURE_BYTES if _UPLOADS.fullmatch(self.path) else MAX_JSON_BYTES


class Guard:
    """The outermost layer of the application.

    Args:
        app: What answers a request that is let through.
        policy: What is allowed.
    """

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = _Asked(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), Headers(scope=scope))
        sending = self._with_headers(asked, send)
        answer = self._refusal(asked) or self._preflight(asked) or self._ask_for_token(asked)
        if answer is not None:
            await answer(scope, receive, sending)
            return
        await self._app(scope, _capped(receive, asked.most_bytes), sending)

    def _refusal(self, asked: _Asked) -> Response | None:
        """Return the answer to a request that nobody may make."""
        hosts = self._policy.hosts
        if len(asked.headers.getlist("host")) != 1 or (hosts is not None and asked.host not in hosts):
            return problem(403, "host", f"this server is not called {asked.host!r}; open the address that it printed")
        if asked.is_writing:
            return self._foreign(asked) or _unfit_body(asked)
        return None

    def _foreign(self, asked: _Asked) -> Response | None:
        """Return the answer to a change that a page of somebody else asks for."""
        if self._policy.cors_origin is not None and asked.origin == self._policy.cors_origin:
            return None
        site = asked.headers.get("sec-fetch-site")
        if (site is None or site in _OWN_SITES) and asked.origin in (None, f"http://{asked.host}"):
            return None
        return problem(403, "origin", f"a page of {asked.origin or site!r} may not change anything here")

    def _preflight(self, asked: _Asked) -> Response | None:
        origin = self._policy.cors_origin
        if asked.method != "OPTIONS" or origin is None or asked.origin != origin:
            return None
        return Response(status_code=204, headers=_CORS)

    def _ask_for_token(self, asked: _Asked) -> Response | None:
        tokens = self._policy.tokens
        if tokens is None:
            return None
        query = parse_qsl(asked.query, keep_blank_values=True)
        ticket = next((value for key, value in query if key == "token"), None)
        if ticket is not None and not asked.is_writing:
            rest = urlencode([(key, value) for key, value in query if key != "token"])
            cookie = tokens.redeem(ticket)
            if cookie is not None:
                place = "/" + quote(asked.path.lstrip("/")) + (f"?{rest}" if rest else "")
                away = RedirectResponse(place, status_code=303)
                away.headers["Set-Cookie"] = cookie
                return away
        if tokens.admits(asked.headers.get("authorization"), asked.headers.get("cookie")):
            return None
        if "text/html" in asked.headers.get("accept", ""):
            return locked_page(was_used=ticket is not None)
        return problem(401, "token", "a token is needed; open the address that the server printed")

    def _with_headers(self, asked: _Asked, send: Send) -> Send:
        origin = self._policy.cors_origin

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin" if origin is None else "cross-origin"
                if origin is not None:
                    headers.add_vary_header("Origin")
                    if asked.origin == origin:
                        headers["Access-Control-Allow-Origin"] = origin
                        headers["Access-Control-Expose-Headers"] = "ETag"
                message["headers"] = headers.raw
            await send(message)

        return sending


def _unfit_body(asked: _Asked) -> Response | None:
    """Return the answer to a body that is too large by its own account, or of a type that its route does not take."""
    length = asked.headers.get("content-length")
    if length is not None and length.isdecimal() and int(length) > asked.most_bytes:
        return too_large(asked.most_bytes)
    if length in (None, "0") and "transfer-encoding" not in asked.headers:
        return None
    kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    if _UPLOADS.fullmatch(asked.path):
        if kind not in _PICTURE_TYPES:
            return problem(415, "media_type", f"{kind!r} is no picture; send image/png, image/jpeg or image/webp")
    elif kind != "application/json":
        return problem(415, "media_type", f"the body is {kind!r}; send it as application/json")
    return None


def too_large(most_bytes: int) -> Response:
    """Return the answer to a body over its cap."""
    return problem(413, "too_large", f"the body is over the limit of {most_bytes // 1024**2} MB; send a smaller one")


def _capped(receive: Receive, most_bytes: int) -> Receive:
    seen = 0

    async def receiving() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > most_bytes:
                raise HTTPException(413)
        return message

    return receiving
