"""Bytes with a strong ETag: 304 for who has them, 206 for who wants a part, HEAD for who wants to know."""

import hashlib
import mimetypes
import os
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

_KINDS = {".webp": "image/webp", ".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}
"""What some systems' tables lack, or name otherwise than browsers like it."""


def send_file(request: Request, path: Path, *, cache: str, etag: str | None = None) -> Response:
    """Return a file that was looked up, in whole, in part, or as “you have it”.

    Args:
        request: What was asked.
        path: The file, resolved.
        cache: The value of `Cache-Control`.
        etag: Names the content; by default its length and date do.

    Raises:
        HTTPException: 404 if it is gone.
    """
    try:
        status = os.stat(path, follow_symlinks=False)
    except OSError:
        raise HTTPException(404) from None
    tag = f'"{etag}"' if etag else f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'
    headers = {"ETag": tag, "Cache-Control": cache}
    if knows(request, tag):
        return Response(status_code=304, headers=headers)
    kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FileResponse(path, headers=headers, media_type=kind, stat_result=status)


def send_json(request: Request, data: bytes, *, cache: str = "no-cache") -> Response:
    """Return JSON that is ready, or “you have it”."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": cache}
    if knows(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type="application/json")


def knows(request: Request, tag: str) -> bool:
    """Return whether the client says that it has this content; a weak tag is as good here (RFC 9110, 13.1.2)."""
    asked = request.headers.get("if-none-match", "")
    return asked.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in asked.split(","))
