"""What shows that a visitor was let in: a ticket that works once, a cookie that it buys, and a token for programs.

The ticket stands in the printed address, so it may end up in a history or over a shoulder; it is worth nothing once it
was used, and then the next one is printed. The cookie is out of reach of scripts and of other sites.
"""

import secrets
from collections.abc import Callable
from hmac import compare_digest
from threading import Lock

_BYTES = 32


class Tokens:
    """The secrets of one run of the server.

    Args:
        port: Part of the cookie's name: browsers send cookies to every port of a host.
        on_used: Hears the next ticket when one was used.
    """

    def __init__(self, port: int, on_used: Callable[[str], None]) -> None:
        self.bearer = secrets.token_urlsafe(_BYTES)
        self.ticket = secrets.token_urlsafe(_BYTES)
        self._session = secrets.token_urlsafe(_BYTES)
        self._cookie = f"watercolor_rig_{port}"
        self._on_used = on_used
        self._lock = Lock()

    def redeem(self, ticket: str) -> str | None:
        """Return the value of `Set-Cookie` that a ticket buys, or None where it is used up or wrong."""
        with self._lock:
            if not _same(ticket, self.ticket):
                return None
            self.ticket = secrets.token_urlsafe(_BYTES)
        self._on_used(self.ticket)
        return f"{self._cookie}={self._session}; HttpOnly; SameSite=Strict; Path=/"

    def admits(self, authorization: str | None, cookies: str | None) -> bool:
        """Return whether one of these headers shows a secret of this run."""
        scheme, _, shown = (authorization or "").partition(" ")
        if scheme.lower() == "bearer" and _same(shown.strip(), self.bearer):
            return True
        pairs = (part.strip().partition("=") for part in (cookies or "").split(";"))
        return any(name == self._cookie and _same(value, self._session) for name, _, value in pairs)


def _same(shown: str, secret: str) -> bool:
    """Compare in a time that does not depend on where the two differ."""
    return compare_digest(shown.encode("utf-8", "surrogateescape"), secret.encode())
