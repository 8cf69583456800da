"""What the SDK raises, as the class of error that tells the runner what to do next.

The table is the project's notes on the API (measured against SDK 3.x): 429 is a pause unless its code speaks of money,
400 stops the run unless it is moderation, 5xx and broken connections may pass. Every message is one line, names the
frame, and never shows the key.
"""

import re
from collections.abc import Mapping
from typing import Any

import openai

from watercolor_rig.core.errors import (
    BadRequestError,
    CredentialsError,
    EngineError,
    GivenUpError,
    QuotaError,
    RateLimitedError,
    RejectedError,
    TransientError,
)
from watercolor_rig.core.vocabulary import one_line
from watercolor_rig.engines.openai_images.limits import limit_per_minute
from watercolor_rig.engines.openai_images.models import find_model, load_table
from watercolor_rig.engines.openai_images.waits import wait_s

_QUOTA_CODES = frozenset(
    {
        "insufficient_quota",
        "billing_hard_limit_reached",
        "billing_not_active",
        "credit_balance_exhausted",
        "usage_limit_exceeded",
        "organization_usage_limit_exceeded",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
    },
)
_QUOTA_CODE = re.compile(r"^billing_|_(spend|usage|budget|credit)_limit_(exceeded|reached)$")
_REJECTED_CODES = frozenset({"moderation_blocked", "content_policy_violation"})
_MODEL_CODES = frozenset({"model_not_found", "model_deprecated", "model_retired"})
_KEY_LIKE = re.compile(r"\b(sk|sess)-[\w*.-]+")
_LONGEST_SAID = 300
_NOT_SENT = frozenset({"ConnectTimeout", "PoolTimeout"})
"""Time-outs before the request went out, by the names of the SDK's transport, which is no dependency of ours."""

_PAYMENT_REQUIRED = 402
_TOO_MANY_REQUESTS = 429
_DENIED = frozenset({401, 403})
_PASSING = frozenset({408, 409, 425})
_SERVER_ERROR = 500


def as_engine_error(error: openai.OpenAIError, name: str, model: str, key: str) -> EngineError:
    """Return our error for what the SDK raised.

    Args:
        error: As caught around one call.
        name: What the message calls the frame.
        model: The model asked.
        key: The API key, to keep it out of the message.
    """
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, name, model, key)
    if isinstance(error, openai.APITimeoutError):
        if type(error.__cause__).__name__ in _NOT_SENT:
            return TransientError(f"{name}: no connection to the service in time")
        return GivenUpError(f"{name}: the service did not answer in time; the call may have been billed")
    if isinstance(error, openai.APIConnectionError):
        cause = type(error.__cause__).__name__ if error.__cause__ else "connection error"
        return TransientError(f"{name}: no connection to the service, or it dropped ({cause})")
    return TransientError(f"{name}: unusable answer ({redacted(str(error), key)})")


def redacted(text: str, key: str) -> str:
    """Return `text` as one line of limited length, without the key or anything that looks like one."""
    shown = text.replace(key, "[key]") if key else text
    return one_line(_KEY_LIKE.sub("[key]", shown))[:_LONGEST_SAID]


def _of_status(error: openai.APIStatusError, name: str, model: str, key: str) -> EngineError:
    status, code = error.status_code, error.code or ""
    said = redacted(_said(error), key).removeprefix(f"{status} ")
    start = f"{name}: {status} {said}"
    if _is_about_money(status, code, error.type):
        return QuotaError(f"{start} — add credit or raise the limit of the account, then run again")
    if status == _TOO_MANY_REQUESTS:
        headers, words = error.response.headers, _said(error)
        limit = limit_per_minute(headers, words)
        return RateLimitedError(start, wait_s=wait_s(headers, words), limit_per_minute=limit)
    if status in _DENIED:
        return CredentialsError(f"{start} — check OPENAI_API_KEY and what its project and organization may use")
    if status in _PASSING or status >= _SERVER_ERROR:
        return TransientError(start)
    return _of_request(error, start, model)


def _of_request(error: openai.APIStatusError, start: str, model: str) -> EngineError:
    code = error.code or ""
    if code in _REJECTED_CODES:
        return RejectedError(f"{start} — change the description or the picture of this frame")
    if code in _MODEL_CODES or error.param == "model":
        return BadRequestError(f"{start} — use --model {_replacement(model)}")
    parameter = f" (parameter {error.param!r})" if error.param else ""
    return BadRequestError(f"{start}{parameter} — the service does not accept this request; change the option it names")


def _is_about_money(status: int, code: str, kind: str | None) -> bool:
    if status in _DENIED or status >= _SERVER_ERROR:
        return False
    known = code in _QUOTA_CODES or _QUOTA_CODE.search(code) is not None
    return known or kind == "insufficient_quota" or status == _PAYMENT_REQUIRED


def _replacement(model: str) -> str:
    return find_model(model).replacement or load_table().default_model


def _said(error: openai.APIStatusError) -> str:
    """Return the service's own words; an HTML page is known by its title, or not quoted at all."""
    body: Any = error.body
    if isinstance(body, Mapping):
        for key in ("message", "detail", "error"):
            if isinstance(body.get(key), str) and body[key]:
                return str(body[key])
    text = body if isinstance(body, str) else error.response.text
    if "<" in text:
        title = re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        text = title[1] if title else ""
    return text.strip() or error.response.reason_phrase or "no message"
