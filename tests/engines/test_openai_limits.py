"""Where a service names its limit."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.figures import head
from support.images_api import ImagesApi, attempts
from support.images_engine import edit, opened
from watercolor_rig.core.errors import RateLimitedError
from watercolor_rig.engines.api import EngineSettings, LimitScope
from watercolor_rig.engines.openai_images.limits import limit_per_minute
from watercolor_rig.engines.openai_images.plugin import OpenAIImagesPlugin

SECRET = "sk-a-very-secret-key"


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("Rate limit exceeded for images per minute. Limit: 5/1min. Current: 6/1min.", 5),
        ("Rate limit reached on input-images per min: Limit 5, Used 5, Requested 1. Please try again in 12s.", 5),
        ("Rate limit reached on input-images per min: Limit 250, Used 249, Requested 2.", 125),
        ("Rate limit reached on tokens per min (TPM): Limit 10,000, Used 6701, Requested 4000.", 2.5),
        ("You may make 5 images per minute.", 5),
        ("20 requests/min allowed", 20),
        ("limit is 7 per minute", 7),
        ("Rate limit reached on tokens per min (TPM): Limit 10000.", None),
        ("Rate limit reached on requests per day (RPD): Limit 200, Used 200, Requested 1.", None),
        ("Limit: 3 / 1 hour", None),
        ("You've exceeded the rate limit, please slow down and try again after 51.84 seconds.", None),
        ("Rate limit reached for gpt-image-2.5-flare", None),
        ("Limit 0, Used 0, Requested 1", None),
        ("", None),
    ],
)
def test_the_text_of_a_refusal_names_the_calls_that_a_minute_allows(message: str, limit: float | None) -> None:
    assert limit_per_minute({}, message) == limit


@pytest.mark.parametrize(
    ("headers", "limit"),
    [
        ({"x-ratelimit-limit-images": "5", "x-ratelimit-limit-requests": "250"}, 5),
        ({"x-ratelimit-limit-images": "500", "x-ratelimit-limit-requests": "250"}, 250),
        ({"x-ratelimit-limit-images": "0", "x-ratelimit-limit-requests": "20"}, 20),
        ({"x-ratelimit-limit-tokens": "10000"}, None),
        ({"x-ratelimit-limit-images": "nan"}, None),
        ({"x-ratelimit-limit-images": "many"}, None),
    ],
)
def test_of_the_headers_the_smaller_limit_above_nothing_counts(headers: Mapping[str, str], limit: float | None) -> None:
    assert limit_per_minute(headers) == limit


def test_the_words_of_a_refusal_count_before_its_headers() -> None:
    assert limit_per_minute({"x-ratelimit-limit-requests": "250"}, "Limit 5, Used 5, Requested 1") == 5


@given(st.text(max_size=80), st.text(max_size=20))
def test_whatever_a_service_says_a_limit_is_above_nothing(message: str, header: str) -> None:
    found = limit_per_minute({"x-ratelimit-limit-images": header}, message)

    assert found is None or found > 0


def test_a_limit_in_the_headers_reaches_the_runner_with_refusals_and_with_answers() -> None:
    with ImagesApi(faults=attempts(["rate_reset"])) as api, opened(api, model="local", size=(128, 128)) as engine:
        with pytest.raises(RateLimitedError) as caught:
            engine.express(edit(head()))
        answer = engine.express(edit(head()))

    assert caught.value.limit_per_minute == 600_000
    assert answer.usage is not None
    assert answer.usage.limit_per_minute == 600_000


def scope(**environ: str) -> LimitScope | None:
    return OpenAIImagesPlugin(environ=environ).limit_scope(EngineSettings(model="own"))


def test_a_limit_belongs_to_a_server_a_model_and_a_key_that_cannot_be_read_from_it() -> None:
    mine, yours = scope(OPENAI_API_KEY=SECRET), scope(OPENAI_API_KEY="sk-another")

    assert mine is not None
    assert (mine.service, mine.model, mine.limited) == ("api.openai.com", "own", True)
    assert len(mine.account) == 16
    assert SECRET not in repr(mine)
    assert mine != yours
    assert mine == scope(OPENAI_API_KEY=SECRET)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000/v1", "http://localhost:8000/v1", "http://[::1]:8000/v1"])
def test_a_server_on_this_computer_is_not_expected_to_have_a_limit(address: str) -> None:
    found = scope(OPENAI_BASE_URL=address)

    assert found is not None
    assert (found.limited, found.service.rpartition(":")[2]) == (False, "8000")


def test_a_server_elsewhere_is_expected_to_have_a_limit() -> None:
    found = scope(OPENAI_BASE_URL="https://images.example/v1", OPENAI_API_KEY=SECRET)

    assert found is not None
    assert (found.service, found.limited) == ("images.example", True)


def test_without_a_key_and_a_server_nothing_is_limited() -> None:
    assert scope() is None
