"""What the loopback Images API answers: good pictures, errors in the service's form, and the lies a 200 can tell."""

import base64
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from support.images_wire import Reply, Upload, asked_size, failure

ERRORS: Mapping[str, tuple[int, str | None, str, str, str | None]] = {
    "quota": (
        429,
        "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        None,
    ),
    "billing": (
        400,
        "billing_hard_limit_reached",
        "Billing hard limit has been reached.",
        "billing_limit_user_error",
        None,
    ),
    "spend_limit": (
        429,
        "project_spend_limit_exceeded",
        "The project has reached its limit.",
        "insufficient_quota",
        None,
    ),
    "moderation": (
        400,
        "moderation_blocked",
        "Your request was rejected by the safety system.",
        "image_generation_user_error",
        None,
    ),
    "invalid_value": (400, "invalid_value", "Invalid value: 'medium'.", "invalid_request_error", "quality"),
    "unauthorized": (401, "invalid_api_key", "Incorrect API key provided: sk-te***key.", "invalid_request_error", None),
    "forbidden": (403, None, "Your organization must be verified to use the model.", "invalid_request_error", None),
    "model_not_found": (404, "model_not_found", "The model does not exist.", "invalid_request_error", "model"),
    "timeout_408": (408, None, "Request timed out.", "server_error", None),
    "conflict_409": (409, None, "Conflict.", "server_error", None),
    "error_500": (500, None, "The server had an error while processing your request.", "server_error", None),
}


def good_or_hiding(kind: str, fields: Mapping[str, str], uploads: list[Upload], *, usage: bool) -> Reply:
    """Return a 200: a good one, or one that hides the fault `kind`."""
    if kind == "html_200":
        return Reply(200, b"<html><body>Please sign in to the network.</body></html>", "text/html")
    if kind == "error_200":
        return Reply(200, json.dumps({"error": {"message": "upstream error", "type": "server_error"}}).encode())
    width, height = asked_size(fields)
    png = drawn(uploads, (width, height))
    if kind == "truncated_png":
        png = png[: len(png) * 2 // 3]
    elif kind == "wrong_size":
        png = _of_half_size(png)
    body = success(fields, uploads, png, with_usage=usage)
    if kind == "empty_data":
        body["data"] = []
    elif kind == "no_data":
        del body["data"]
    elif kind == "bad_base64":
        body["data"][0]["b64_json"] = "!" + body["data"][0]["b64_json"][1:]
    whole = json.dumps(body).encode()
    return Reply(200, whole[: len(whole) // 2] if kind == "truncated_json" else whole)


def _of_half_size(png: bytes) -> bytes:
    with Image.open(io.BytesIO(png)) as image:
        return encoded(image.resize((image.width // 2, image.height // 2)))


def drawn(uploads: list[Upload], size: tuple[int, int]) -> bytes:
    """Return a plausible edit as PNG: the mean of the first two pictures, or the only one with a mark on it."""
    pictures = _pictures(uploads, size)
    if len(pictures) > 1:
        made = ImageChops.blend(pictures[0], pictures[1], 0.5)
    else:
        made = pictures[0]
        width, height = size
        mark = (width * 45 // 100, height * 45 // 100, width * 55 // 100, height * 55 // 100)
        ImageDraw.Draw(made).rectangle(mark, fill=(180, 20, 40))
    return encoded(made)


def drawn_in_halves(uploads: list[Upload], size: tuple[int, int]) -> bytes:
    """Return as PNG the second picture in the left half of what differs, the first one elsewhere.

    So it is halfway and yet no double exposure, which would be asked for again where pictures are large enough to tell.
    """
    first, second = _pictures(uploads, size)[:2]
    if differs := ImageChops.difference(first, second).getbbox():
        left, top, right, bottom = differs
        half = (left, top, (left + right + 1) // 2, bottom)
        first.paste(second.crop(half), half)
    return encoded(first)


def _pictures(uploads: list[Upload], size: tuple[int, int]) -> list[Image.Image]:
    pictures = []
    for upload in uploads[:2]:
        with Image.open(io.BytesIO(upload.data)) as image:
            picture = image.convert("RGB")
        pictures.append(picture if picture.size == size else picture.resize(size))
    return pictures


def encoded(image: Image.Image) -> bytes:
    """Return `image` as PNG, quickly."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def success(fields: Mapping[str, str], uploads: list[Upload], png: bytes, *, with_usage: bool = True) -> dict[str, Any]:
    """Return the body of a good answer."""
    body: dict[str, Any] = {"created": 1_795_000_000, "data": [{"b64_json": base64.b64encode(png).decode()}]}
    body |= {"size": fields.get("size"), "output_format": "png", "background": "opaque"}
    if with_usage:
        text = len(fields["prompt"]) // 4
        image = sum(min(1536, -(-upload.size[0] // 32) * -(-upload.size[1] // 32)) for upload in uploads)
        details = {"text_tokens": text, "image_tokens": image}
        body["usage"] = {"input_tokens": text + image, "input_tokens_details": details, "output_tokens": 343}
        body["usage"]["total_tokens"] = text + image + 343
    return body


def rate_limited(kind: str, wait_s: float) -> Reply:
    """Return the 429 that says in its own way to wait `wait_s` seconds."""
    message = "Rate limit reached for images per minute."
    headers: dict[str, str] = {}
    if kind == "rate_ms":
        headers = {"retry-after-ms": f"{wait_s * 1000:g}", "retry-after": "77"}
    elif kind == "rate_seconds":
        headers = {"retry-after": f"{wait_s:g}"}
    elif kind == "rate_date":
        headers = {"retry-after": format_datetime(datetime.now(UTC) + timedelta(seconds=wait_s), usegmt=True)}
    elif kind == "rate_text":
        message = f"You've exceeded the rate limit, please slow down and try again after {wait_s:g} seconds."
    elif kind == "rate_reset":
        headers = {
            "x-ratelimit-limit-requests": "600000",
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-requests": f"{wait_s * 1000:g}ms",
        }
    refused = failure(429, "rate_limit_exceeded", message, kind="rate_limit_error")
    return Reply(429, refused.body, headers=headers)
