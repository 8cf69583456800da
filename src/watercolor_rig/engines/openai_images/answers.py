"""What a 200 can hide: an answer counts only once its picture decodes in the size asked for.

The SDK does not validate: HTML comes through as a string, missing data as None, a truncated picture as base64. So the
body is read here, from the bytes, and everything unexpected is a `TransientError`: the next attempt may be whole.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watercolor_rig.core.errors import PictureError, TransientError
from watercolor_rig.core.vocabulary import one_line
from watercolor_rig.imaging.checked import CheckedPicture, check
from watercolor_rig.imaging.picture import Size


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer.

    Attributes:
        received: The picture's bytes as the service sent them.
        picture: The same, whole and of the size asked for.
        usage: The answer's `usage` object as it came, or None.
        request_id: The service's id of the call, or None.
    """

    received: bytes
    picture: CheckedPicture
    usage: object
    request_id: str | None


def read_answer(body: bytes, request_id: str | None, name: str, size: Size) -> Answer:
    """Return the checked answer in `body`.

    Args:
        body: The HTTP body of a 200.
        request_id: From the answer's headers.
        name: What errors call the frame.
        size: (width, height) that was asked for.

    Raises:
        TransientError: for anything but one whole picture of `size`.
    """
    content = _parsed(body, name)
    if content.get("error"):
        raise TransientError(f"{name}: the service answered 200 with an error: {_short(content['error'])}")
    received = _picture_bytes(content.get("data"), name)
    try:
        picture = check(received, "the answer's picture")
    except PictureError as error:
        what, _, _ = str(error).partition(";")  # the advice behind it is for files of the user
        raise TransientError(f"{name}: {what}") from error
    (width, height) = picture.size
    if (width, height) != size:
        raise TransientError(f"{name}: the service sent {width}x{height} where {size[0]}x{size[1]} was asked for")
    return Answer(received, picture, content.get("usage"), request_id)


def usage_in(body: bytes) -> object:
    """Return the `usage` of an answer that may be unusable otherwise, or None: it was paid for all the same."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    return content.get("usage") if isinstance(content, dict) else None


def _parsed(body: bytes, name: str) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except ValueError as error:
        kind = "an HTML page" if body.lstrip()[:1] == b"<" else "no whole JSON"
        raise TransientError(f"{name}: the service answered 200 with {kind}") from error
    if not isinstance(content, dict):
        raise TransientError(f"{name}: the service answered 200 with no object")
    return content


def _picture_bytes(data: object, name: str) -> bytes:
    first = data[0] if isinstance(data, list) and data else None
    encoded = first.get("b64_json") if isinstance(first, dict) else None
    if not isinstance(encoded, str) or not encoded:
        raise TransientError(f"{name}: the service answered 200 without a picture (no b64_json in data)")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise TransientError(f"{name}: the picture in the answer is broken base64") from error


def _short(said: object) -> str:
    text = said.get("message") if isinstance(said, dict) else None
    return one_line(str(text or said))[:200]
