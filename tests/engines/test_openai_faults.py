"""Each row of the service's error table, met through the real SDK on loopback."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from support.figures import head
from support.images_api import FAULTS, ImagesApi, attempts
from support.images_engine import KEY, TODAY, edit, opened
from watercolor_rig.core.errors import (
    BadRequestError,
    CredentialsError,
    EngineError,
    GivenUpError,
    QuotaError,
    RateLimitedError,
    RejectedError,
    StopRunError,
    TransientError,
)
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.engines.openai_images.plugin import OpenAIImagesPlugin

SMALL = (128, 128)


def failed(api: ImagesApi, *, model: str = "local", deadline_s: float | None = None) -> EngineError:
    size = SMALL if model == "local" else (816, 816)
    with opened(api, model=model, size=size) as engine:
        with pytest.raises(EngineError) as caught:
            engine.express(replace(edit(head()), deadline_s=deadline_s))
        return caught.value


@pytest.fixture
def api(request: pytest.FixtureRequest) -> Iterator[ImagesApi]:
    with ImagesApi(faults=attempts([request.param])) as running:
        yield running


TRANSIENT = [kind for kind, after in FAULTS.items() if after == "retry" and kind not in {"hang", "trickle"}]


@pytest.mark.parametrize("api", TRANSIENT, indirect=True)
def test_what_may_pass_is_transient(api: ImagesApi) -> None:
    assert type(failed(api)) is TransientError


@pytest.mark.parametrize("api", ["hang", "trickle"], indirect=True)
def test_the_deadline_holds_whatever_the_server_trickles(api: ImagesApi) -> None:
    """Without one, `hang` never ends, and `trickle` ends in a broken connection, which is another error."""
    error = failed(api, deadline_s=0.4)

    assert type(error) is GivenUpError
    assert str(error) == "smile__center: no whole answer within 0.4 s; the call may have been billed"


@pytest.mark.parametrize("api", ["rate_ms", "rate_seconds", "rate_text", "rate_reset"], indirect=True)
def test_a_rate_limit_says_how_long_to_wait(api: ImagesApi) -> None:
    error = failed(api)

    assert isinstance(error, RateLimitedError)
    assert error.wait_s == pytest.approx(0.05)


def test_a_rate_limit_may_name_the_moment() -> None:
    with ImagesApi(faults=attempts(["rate_date"]), wait_s=30) as api:
        error = failed(api)

    assert isinstance(error, RateLimitedError)
    assert error.wait_s is not None
    assert 20 < error.wait_s <= 30


@pytest.mark.parametrize("api", ["rate_plain"], indirect=True)
def test_a_rate_limit_without_a_hint_leaves_the_wait_to_the_runner(api: ImagesApi) -> None:
    error = failed(api)

    assert isinstance(error, RateLimitedError)
    assert error.wait_s is None


@pytest.mark.parametrize("api", ["quota", "billing", "spend_limit"], indirect=True)
def test_an_empty_account_stops_the_run(api: ImagesApi) -> None:
    error = failed(api)

    assert type(error) is QuotaError
    assert "add credit" in str(error)


@pytest.mark.parametrize("api", ["moderation"], indirect=True)
def test_a_moderated_picture_fails_alone(api: ImagesApi) -> None:
    error = failed(api)

    assert type(error) is RejectedError
    assert not isinstance(error, StopRunError)


@pytest.mark.parametrize("api", ["invalid_value"], indirect=True)
def test_a_wrong_request_stops_the_run_and_names_the_parameter(api: ImagesApi) -> None:
    error = failed(api)

    assert type(error) is BadRequestError
    assert "parameter 'quality'" in str(error)


@pytest.mark.parametrize("api", ["unauthorized", "forbidden"], indirect=True)
def test_a_refused_key_stops_the_run_and_says_what_to_check(api: ImagesApi) -> None:
    error = failed(api)

    assert type(error) is CredentialsError
    assert "check OPENAI_API_KEY" in str(error)


@pytest.mark.parametrize(
    ("model", "replacement"), [("gpt-image-1.5", "gpt-image-2.6-sunburst"), ("gpt-image-2.7", "gpt-image-2.5-sunburst")]
)
def test_a_model_that_the_service_lacks_stops_the_run_and_names_another(model: str, replacement: str) -> None:
    with ImagesApi(models=["gpt-image-2.5-flare"]) as api:
        plugin = OpenAIImagesPlugin(TODAY, environ={"OPENAI_BASE_URL": api.base_url})
        engine = plugin.open_expressions(EngineSettings(size=(1024, 1024), model=model))
        try:
            with pytest.raises(BadRequestError, match=f"use --model {re.escape(replacement)}"):
                engine.express(edit(head()))
        finally:
            engine.close()


def test_the_key_never_shows() -> None:
    with ImagesApi(key="another") as api:
        error = failed(api)

    assert isinstance(error, CredentialsError)
    assert KEY not in str(error)
    assert "[key]" in str(error)


@pytest.mark.parametrize("kind", [kind for kind in FAULTS if kind not in {"hang", "trickle"}])
def test_every_failure_is_one_line_that_names_the_frame(kind: str) -> None:
    with ImagesApi(faults=attempts([kind])) as api:
        message = str(failed(api))

    assert message.startswith("smile__center: ")
    assert "\n" not in message
    assert "<" not in message


def test_a_service_that_is_not_there_is_transient() -> None:
    with ImagesApi() as api:
        pass

    error = failed(api)

    assert type(error) is TransientError
    assert "no connection" in str(error)


@pytest.mark.parametrize("kind", [kind for kind, after in FAULTS.items() if after in {"wait", "retry"}])
def test_after_a_fault_that_passes_the_same_engine_makes_the_picture(kind: str) -> None:
    deadline_s = 0.4 if kind in {"hang", "trickle"} else None
    with ImagesApi(faults=attempts([kind]), wait_s=0.0) as api, opened(api, model="local", size=SMALL) as engine:
        with pytest.raises(EngineError):
            engine.express(replace(edit(head()), deadline_s=deadline_s))
        made = engine.express(edit(head()))

    assert made.png
    assert api.unjustified() == []
