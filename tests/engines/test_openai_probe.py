"""Asking whether the service is there, knows the key and has the model, without spending anything."""

from datetime import date

import pytest

from support.images_api import ImagesApi
from support.images_engine import KEY, TODAY
from watercolor_rig.core.errors import (
    BadRequestError,
    CredentialsError,
    EngineUnavailableError,
    ModelRetiredError,
    TransientError,
    UsageError,
)
from watercolor_rig.engines.api import EngineSettings, Probing
from watercolor_rig.engines.openai_images import plugin as installed
from watercolor_rig.engines.openai_images import probing
from watercolor_rig.engines.openai_images.plugin import OpenAIImagesPlugin

MODEL = "gpt-image-2.5-sunburst"


def probe(base_url: str, deadline_s: str = "20") -> str:
    plugin = OpenAIImagesPlugin(TODAY, environ={"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": base_url})
    return plugin.probe(EngineSettings(model=MODEL, options={"deadline_s": deadline_s}))


def test_the_engine_offers_the_question() -> None:
    assert isinstance(installed, Probing)


def test_a_service_with_the_model_says_so_and_no_picture_was_asked_for() -> None:
    with ImagesApi(models=[MODEL, "other"], key=KEY) as api:
        assert probe(api.base_url) == f"127.0.0.1: it answers, accepts the key, and has {MODEL}"
        assert api.calls == []


def test_a_model_that_the_service_will_end_is_said_with_its_day() -> None:
    with ImagesApi(models=[MODEL], shutdown={MODEL: "2027-03-01"}) as api:
        assert probe(api.base_url).endswith(f"has {MODEL} until 2027-03-01")


def test_a_model_that_the_service_has_ended_is_refused() -> None:
    with ImagesApi(models=[MODEL], shutdown={MODEL: TODAY.isoformat()}) as api, pytest.raises(ModelRetiredError):
        probe(api.base_url)


def test_a_model_that_is_not_listed_is_refused() -> None:
    with ImagesApi(models=["other"]) as api, pytest.raises(UsageError, match="lists 1 models, and not this one"):
        probe(api.base_url)


def test_a_service_that_lists_nothing_is_still_there() -> None:
    with ImagesApi() as api:
        assert "lists no models" in probe(api.base_url)


def test_a_wrong_key_is_refused_and_not_shown() -> None:
    with ImagesApi(models=[MODEL], key="sk-test-right") as api, pytest.raises(CredentialsError) as caught:
        probe(api.base_url)

    assert "check OPENAI_API_KEY" in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_service_that_is_not_there_is_said() -> None:
    with ImagesApi() as api:
        gone = api.base_url

    with pytest.raises(TransientError, match="no connection to the service"):
        probe(gone)


def test_a_service_that_does_not_answer_is_given_up() -> None:
    with ImagesApi(models=[MODEL], listing_s=30) as api, pytest.raises(TransientError, match="answer"):
        probe(api.base_url, deadline_s="0.2")


def test_a_page_that_is_no_service_is_said() -> None:
    with ImagesApi(models=[MODEL]) as api, pytest.raises(BadRequestError, match="no route"):
        probe(api.base_url.replace("/v1", "/v2"))


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"data": 3}', b'{"data": [{"name": "x"}]}', b'{"data": ["x"]}'])
def test_a_list_that_cannot_be_read_is_said(body: bytes) -> None:
    with pytest.raises(TransientError, match="cannot be read"):
        probing._read_list(body)  # noqa: SLF001 - what servers send in its place


@pytest.mark.parametrize("day", ["2027-03-01", "2027-03-01T00:00:00Z", 1803859200])
def test_a_day_comes_as_text_or_as_seconds(day: str | int) -> None:
    assert probing._day(day) == date(2027, 3, 1)  # noqa: SLF001 - both are in use


def test_without_a_key_nothing_is_asked() -> None:
    with pytest.raises(EngineUnavailableError):
        OpenAIImagesPlugin(TODAY, environ={}).probe(EngineSettings())
