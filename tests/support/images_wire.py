"""The Images API on the wire: reading its multipart requests, checking them as the service does, writing its bodies.

Written from the service's documentation, not from our engine, so that one checks the other.
"""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

FIELDS = frozenset(
    {
        "prompt",
        "model",
        "size",
        "quality",
        "background",
        "output_format",
        "n",
        "moderation",
        "output_compression",
        "user",
    }
)
FIXED_SIZES = frozenset({(1024, 1024), (1024, 1536), (1536, 1024)})
OLD_MODELS = frozenset({"gpt-image-1-mini", "gpt-image-1.5", "chatgpt-image-latest"})


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a request."""

    field: str
    filename: str
    media_type: str
    data: bytes

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the picture."""
        with Image.open(io.BytesIO(self.data)) as image:
            return image.size


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: Mapping[str, str] | None = None


def read_form(content_type: str, body: bytes) -> tuple[dict[str, str], list[Upload]]:
    """Return the plain fields and the files of a multipart body, files in order."""
    boundary = re.search(r'boundary="?([^";]+)"?', content_type)
    fields: dict[str, str] = {}
    uploads: list[Upload] = []
    for part in body.split(b"--" + boundary[1].encode())[1:-1] if boundary else ():
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        data = data.removesuffix(b"\r\n")
        headers = head.decode("utf-8")
        name = re.search(r'\bname="([^"]*)"', headers)
        filename = re.search(r'filename="([^"]*)"', headers)
        kind = re.search(r"content-type:\s*(\S+)", headers, re.IGNORECASE)
        field = name[1] if name else ""
        if filename:
            uploads.append(Upload(field, filename[1], kind[1] if kind else "", data))
        else:
            fields[field] = data.decode("utf-8")
    return fields, uploads


def refusal(fields: Mapping[str, str], uploads: list[Upload]) -> Reply | None:
    """Return the 400 that the service would answer to an ill-formed request, or None for a sound one."""
    names = {upload.field for upload in uploads}
    if names != ({"image"} if len(uploads) == 1 else {"image[]"}):
        return failure(400, "invalid_value", "image: one file as image, several as image[].", param="image")
    for upload in uploads:
        if upload.media_type not in {"image/png", "image/jpeg", "image/webp"}:
            said = f"Invalid file 'image': unsupported mimetype ('{upload.media_type}')."
            return failure(400, "unsupported_file_mimetype", said, param="image")
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        return failure(400, "unknown_parameter", f"Unknown parameter: '{unknown[0]}'.", param=unknown[0])
    if not fields.get("prompt"):
        return failure(400, "missing_required_parameter", "Missing required parameter: 'prompt'.", param="prompt")
    return _refused_value(fields)


def _refused_value(fields: Mapping[str, str]) -> Reply | None:
    model = fields.get("model", "")
    newer = not model.startswith(("gpt-image-2", "gpt-image-1", "chatgpt")) or model.startswith("gpt-image-2.")
    allowed = {
        "quality": {"low", "medium", "high", "auto", *(("xhigh", "max") if newer else ())},
        "background": {"opaque", "transparent", "auto"},
        "output_format": {"png", "webp", "jpeg"},
        "n": {str(n) for n in range(1, 11)},
    }
    for field, values in allowed.items():
        if field in fields and fields[field] not in values:
            return failure(400, "invalid_value", f"Invalid value: '{fields[field]}'.", param=field)
    if not _is_legal(asked_size(fields), model):
        return failure(400, "invalid_value", f"Invalid value: '{fields.get('size')}'.", param="size")
    return None


def asked_size(fields: Mapping[str, str]) -> tuple[int, int]:
    """Return the (width, height) asked for; (0, 0) where it cannot be read."""
    match = re.fullmatch(r"(\d+)x(\d+)", fields.get("size", ""))
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _is_legal(size: tuple[int, int], model: str) -> bool:
    if model in OLD_MODELS:
        return size in FIXED_SIZES
    width, height = size
    if not model.startswith("gpt-image-2"):
        return width > 0 and height > 0
    even = width % 16 == 0 and height % 16 == 0
    within = 655_360 <= width * height <= 8_294_400 and max(size) <= 3840
    return even and within and max(size) <= 3 * min(size)


def failure(status: int, code: str | None, message: str, *, kind: str = "", param: str | None = None) -> Reply:
    """Return an error answer in the service's form."""
    error = {"message": message, "type": kind or "invalid_request_error", "param": param, "code": code}
    return Reply(status, json.dumps({"error": error}).encode())
