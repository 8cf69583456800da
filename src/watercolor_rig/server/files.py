"""Bytes with a strong ETag: 304 for who has them, 206 for who wants a part, HEAD for who wants to know."""

import hashlib
import mimetypes
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

_KINDS = {".webp": "image/webp", ".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}
"""What some systems' tables lack, or name otherwise than browsers like it."""

_RANGE = re.compile(r"bytes=(?!-$)(\d{0,15})-(\d{0,15})")
"""One range; several at once are answered with the whole, as RFC 9110 allows."""


class PngAnswer(Response):
    """A PNG."""

    media_type = "image/png"


class WebpAnswer(Response):
    """A WebP."""

    media_type = "image/webp"


class FileAnswer(Response):
    """Some file."""

    media_type = "application/octet-stream"


def add_reading(router: APIRouter, path: str, handler: Callable[..., Any], **details: Any) -> None:
    """Add a route that answers GET, and HEAD with the same headers; only the former is described."""
    router.add_api_route(path, handler, methods=["GET"], **details)
    router.add_api_route(path, handler, methods=["HEAD"], include_in_schema=False, **details)


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
        status = path.lstat()
    except OSError:
        raise HTTPException(404) from None
    tag = f'"{etag}"' if etag else f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'
    headers = {"ETag": tag, "Cache-Control": cache}
    if knows(request, tag):
        return Response(status_code=304, headers=headers)
    kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FileResponse(path, headers=headers, media_type=kind, stat_result=status)


def name_json(data: bytes) -> str:
    """Return the ETag of JSON."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def send_json(request: Request, data: bytes, *, tag: str = "", cache: str = "no-cache") -> Response:
    """Return JSON that is ready, or “you have it”.

    Args:
        request: What was asked.
        data: The JSON.
        tag: Its `name_json`, where that is known already.
        cache: The value of `Cache-Control`.
    """
    tag = tag or name_json(data)
    headers = {"ETag": tag, "Cache-Control": cache}
    if knows(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type="application/json")


def knows(request: Request, tag: str) -> bool:
    """Return whether the client says that it has this content; a weak tag is as good here (RFC 9110, 13.1.2)."""
    asked = request.headers.get("if-none-match", "")
    return asked.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in asked.split(","))


def send_bytes(request: Request, opened: BinaryIO, *, media_type: str, cache: str) -> Response:
    """Return the content of an open file, which names itself by its length, date and number."""
    status = os.fstat(opened.fileno())
    tag = f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"
    data = b"" if knows(request, f'"{tag}"') else opened.read()
    return send_bytes_of(request, data, etag=tag, media_type=media_type, cache=cache)


def send_bytes_of(request: Request, data: bytes, *, etag: str, media_type: str, cache: str) -> Response:
    """Return bytes in whole, one part of them, or “you have it”.

    Raises:
        HTTPException: 416 for a part that is not there.
    """
    headers = {"ETag": f'"{etag}"', "Cache-Control": cache, "Accept-Ranges": "bytes"}
    if knows(request, f'"{etag}"'):
        return Response(status_code=304, headers=headers)
    asked = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if asked is None or request.headers.get("if-range", f'"{etag}"') != f'"{etag}"':
        return Response(data, headers=headers, media_type=media_type)
    first, last = _part(asked[1], asked[2], len(data))
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, headers, media_type)


def _part(first: str, last: str, length: int) -> tuple[int, int]:
    """Return the first and last byte of a range as RFC 9110, 14.1.2 counts them."""
    if first:
        start, end = int(first), min(int(last), length - 1) if last else length - 1
    else:
        start, end = max(0, length - int(last)), length - 1
    if start > end or start >= length or (not first and int(last) == 0):
        raise HTTPException(416, headers={"Content-Range": f"bytes */{length}"})
    return start, end
