"""How long a service asks us to wait, from whichever place it says so.

In this order: `retry-after-ms`, `retry-after` (seconds or an HTTP date), the words of the message ("try again in
7.2s"), the reset header of an allowance that stands at 0, and last the pace that a limit per minute allows.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from watercolor_rig.engines.openai_images.limits import limit_per_minute

_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_COUNT = r"(\d+(?:\.\d+)?)"
_UNIT = r"(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)(?![a-z])"
_SPAN = re.compile(rf"{_COUNT}\s*{_UNIT}", re.IGNORECASE)
_AGAIN = re.compile(
    rf"\b(?:re)?try(?:\s+again)?\s+(?:in|after)\s+(?P<span>(?:{_COUNT}\s*{_UNIT}[\s,]*)+)", re.IGNORECASE
)
_ALLOWANCES = ("images", "requests", "tokens", "input-images")


def wait_s(headers: Mapping[str, str], message: str, now: datetime | None = None) -> float | None:
    """Return the seconds to wait before the next call, or None where the service does not say.

    Args:
        headers: Of the answer, lower-case names.
        message: The error's message.
        now: Timezone-aware time against which an HTTP date counts; the present by default.
    """
    found = (
        _number(headers.get("retry-after-ms"), 0.001),
        _retry_after(headers.get("retry-after"), now or datetime.now(UTC)),
        _from_message(message),
        _reset(headers),
        _pace(headers, message),
    )
    return next((seconds for seconds in found if seconds is not None), None)


def span_s(text: str) -> float | None:
    """Return the seconds of a duration such as `6m0s`, `12ms`, `51.84 seconds` or `1h2m`; None for anything else."""
    parts = list(_SPAN.finditer(text))
    if not parts or _SPAN.sub("", text).strip(" ,\t"):
        return None
    return sum(float(part[1]) * _UNIT_S[_unit(part[2])] for part in parts)


def _unit(word: str) -> str:
    word = word.lower()
    return "ms" if word.startswith(("ms", "milli")) else word[0]


def _number(text: str | None, scale: float) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value * scale if math.isfinite(value) and value >= 0 else None


def _retry_after(text: str | None, now: datetime) -> float | None:
    seconds = _number(text, 1.0)
    if seconds is not None or not text:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return span_s(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _from_message(message: str) -> float | None:
    hint = _AGAIN.search(message)
    return span_s(hint["span"]) if hint else None


def _reset(headers: Mapping[str, str]) -> float | None:
    waits = []
    for kind in _ALLOWANCES:
        if _number(headers.get(f"x-ratelimit-remaining-{kind}"), 1.0) == 0:
            text = headers.get(f"x-ratelimit-reset-{kind}", "")
            waits.append(_number(text, 1.0) if span_s(text) is None else span_s(text))
    return max((wait for wait in waits if wait is not None), default=None)


def _pace(headers: Mapping[str, str], message: str) -> float | None:
    limit = limit_per_minute(headers, message)
    return 60.0 / limit if limit else None
