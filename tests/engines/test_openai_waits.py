"""Where a service says how long to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.engines.openai_images.waits import span_s, wait_s

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6m0s", 360),
        ("12ms", 0.012),
        ("51.84 seconds", 51.84),
        ("1m2s", 62),
        ("1h2m", 3720),
        ("2 minutes, 3 seconds", 123),
        ("1 day", 86400),
        ("soon", None),
        ("20", None),
        ("5 minutes or so", None),
        ("", None),
    ],
)
def test_spans_are_read_in_every_form_the_service_uses(text: str, seconds: float | None) -> None:
    assert span_s(text) == (seconds if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, "try again in 20s", 1.5),
        ({"retry-after": "9"}, "try again in 20s", 9),
        ({"retry-after": "2m"}, "", 120),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT"}, "", 30),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 -0000"}, "", 30),
        ({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT"}, "", 0),
        ({"retry-after": "nan"}, "try again in 20s", 20),
        ({"retry-after": "-4"}, "", None),
        ({}, "You've exceeded the rate limit, please slow down and try again after 51.84 seconds.", 51.84),
        ({}, "Please try again in 1m2s. Contact us", 62),
        ({}, "Please retry after 3 s.", 3),
        ({}, "try again later", None),
        ({"x-ratelimit-remaining-images": "0", "x-ratelimit-reset-images": "6m0s"}, "", 360),
        ({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "6m0s"}, "", None),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "7"}, "", 7),
        ({"x-ratelimit-limit-images": "5", "x-ratelimit-limit-requests": "250"}, "", 12),
        ({"x-ratelimit-limit-requests": "20"}, "", 3),
        ({}, "Rate limit exceeded for images per minute. Limit: 5/1min. Current: 6/1min.", 12),
        ({"x-ratelimit-limit-images": "0"}, "", None),
        ({}, "", None),
    ],
)
def test_the_most_exact_hint_wins(headers: Mapping[str, str], message: str, seconds: float | None) -> None:
    found = wait_s(headers, message, NOW)

    assert found == (seconds if seconds is None else pytest.approx(seconds))


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_header_or_a_message_holds_a_wait_is_never_negative(header: str, message: str) -> None:
    names = ("retry-after", "retry-after-ms", "x-ratelimit-limit-images")
    for name in names:
        found = wait_s({name: header}, message, NOW)

        assert found is None or found >= 0
