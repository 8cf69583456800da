"""How many calls a minute a service allows, as its headers and the text of its refusals name it.

The text of a 429 says it best: "on input-images per min (IPM): Limit 250, Used 248, Requested 3" allows 250 / 3 calls a
minute, whatever the unit that it counts. Of the headers `x-ratelimit-limit-images` is what binds; it is used by public
programs and not documented, and `-requests` is documented and may stand much higher: the smaller one above 0 counts.
"""

import math
import re
from collections.abc import Mapping

_N = r"(\d[\d,]*(?:\.\d+)?)"
_LIMIT = re.compile(rf"\blimit\b(?:\s+(?:is|of))?\s*:?\s*{_N}", re.IGNORECASE)
_REQUESTED = re.compile(rf"\brequested:?\s*{_N}", re.IGNORECASE)
_PER_MINUTE = re.compile(
    rf"{_N}\s*(?:input[- ]images?|images?|requests?|calls?|edits?)?\s*(?:per|a|/)\s*1?\s*min(?:ute)?\b", re.IGNORECASE
)
_OTHER_PERIOD = re.compile(
    r"(?:\b(?:per|an?)\s+|/\s*\d*\s*)(?:s|sec|second|h|hr|hour|d|day|week|month)s?\b|\((?:RPD|TPD|IPD)\)", re.IGNORECASE
)
_TOKENS = re.compile(r"\btokens?\b|\(TPM\)", re.IGNORECASE)


def limit_per_minute(headers: Mapping[str, str], message: str = "") -> float | None:
    """Return the calls that a minute allows, above 0, or None where the service does not say.

    Args:
        headers: Of the answer, lower-case names.
        message: The error's message, or "" for an answer that is none.
    """
    said = _of_message(message)
    return said if said is not None else _of_headers(headers)


def _of_message(message: str) -> float | None:
    if _OTHER_PERIOD.search(message):
        return None
    limit = _LIMIT.search(message) or _PER_MINUTE.search(message)
    if limit is None:
        return None
    requested = _REQUESTED.search(message)
    if requested is None and _TOKENS.search(message):
        return None
    return _positive(limit[1], _positive(requested[1]) if requested else None)


def _of_headers(headers: Mapping[str, str]) -> float | None:
    found = (_positive(headers.get(f"x-ratelimit-limit-{kind}", "")) for kind in ("images", "requests"))
    return min((limit for limit in found if limit is not None), default=None)


def _positive(text: str, divided_by: float | None = None) -> float | None:
    try:
        value = float(text.replace(",", "")) / (divided_by or 1.0)
    except ValueError:
        return None
    return value if 0 < value < math.inf else None
