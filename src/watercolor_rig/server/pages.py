"""The pages: the user interface as it was built into the package, and plain ones for when it is not there.

Whatever asks for HTML at an address that is no file gets the interface, which reads the address by itself; `/stage`
is a page of its own, on which nothing is but the character.
"""

import base64
import hashlib
import re
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from watercolor_rig.server.files import send_file

STATIC = Path(__file__).parent / "static"

_OURS = re.compile(r"/(?:api|frames|timelines?|health|assets)(?:/|$)")
_FOREVER = "public, max-age=31536000, immutable"
_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif; }
h1 { font-size: 1.4rem; }
code { padding: .15rem .4rem; border-radius: .3rem; background: #8883; font-size: .95em; }
pre code { display: block; padding: .8rem 1rem; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


class Pages:
    """The interface's files.

    Args:
        folder: Where it was built to; may be absent or empty.
    """

    def __init__(self, folder: Path = STATIC) -> None:
        self._folder = folder.resolve()

    def router(self) -> APIRouter:
        """Return the routes; they come last, because they answer what no other route does."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/{path:path}", self.answer, methods=["GET", "HEAD"])
        return router

    def answer(self, request: Request, path: str) -> Response:
        """Return a file of the interface, or its first page for every address that it may have thought of."""
        if file := self._file(path):
            return send_file(request, file, cache=_FOREVER if path.startswith("assets/") else "no-cache")
        is_page = "text/html" in request.headers.get("accept", "") and "." not in path.rpartition("/")[2]
        if _OURS.match(f"/{path}") or not (is_page or path == ""):
            raise HTTPException(404)
        index = self._file("stage.html" if path == "stage" else "index.html")
        return send_file(request, index, cache="no-cache") if index else unbuilt_page()

    def _file(self, path: str) -> Path | None:
        """Return a file that lies in the folder, links followed; nothing else, whatever the path is made of."""
        try:
            file = (self._folder / path).resolve()
            return file if file.is_relative_to(self._folder) and file.is_file() else None
        except (OSError, ValueError):
            return None


def unbuilt_page() -> Response:
    """Return the page that stands in for an interface that was not built."""
    return _plain_page(
        "The studio's pages are not built yet",
        "<p>The server works; what you would see here has to be built once, in the folder of the program:</p>"
        "<pre><code>make ui</code></pre><p>Then reload this page.</p>",
        status=503,
    )


def locked_page(*, was_used: bool) -> Response:
    """Return the page for a visitor who has shown no token, or one that was used before."""
    why = "That address was used before; each works once." if was_used else "This studio asks for a token."
    return _plain_page(
        "Locked",
        f"<p>{why} Open the newest address that the terminal shows, where <code>watercolor-rig studio</code> runs.</p>",
        status=401,
    )


def _plain_page(title: str, body: str, status: int) -> Response:
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
    policy = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'"
    return HTMLResponse(html, status, {"Cache-Control": "no-store", "Content-Security-Policy": policy})
