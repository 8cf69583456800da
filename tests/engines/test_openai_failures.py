"""The rows of the error table that a loopback service rarely speaks: other servers' bodies and odd codes."""

import httpx2
import openai
import pytest

from watercolor_rig.core.errors import (
    BadRequestError,
    EngineError,
    GivenUpError,
    QuotaError,
    RejectedError,
    TransientError,
)
from watercolor_rig.engines.openai_images.answers import read_answer
from watercolor_rig.engines.openai_images.failures import as_engine_error, redacted

REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1/images/edits")


def of_status(status: int, body: object, text: str = "") -> EngineError:
    response = httpx2.Response(status, request=REQUEST, text=text)
    return as_engine_error(openai.APIStatusError("raw", response=response, body=body), "n", "own-model", "secret")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (402, {"message": "Pay first."}, QuotaError),
        (429, {"message": "No.", "code": "team_budget_limit_exceeded"}, QuotaError),
        (429, {"message": "No.", "code": "project_spend_limit_exceeded", "type": "x"}, QuotaError),
        (400, {"message": "No.", "code": "content_policy_violation"}, RejectedError),
        (413, {"message": "Too large."}, BadRequestError),
        (425, {"message": "Too early."}, TransientError),
        (503, {"message": "Busy.", "code": "insufficient_quota"}, TransientError),
    ],
)
def test_status_and_code_decide_together(status: int, body: object, kind: type[EngineError]) -> None:
    assert type(of_status(status, body)) is kind


@pytest.mark.parametrize(
    ("body", "text", "said"),
    [
        ({"detail": "Unknown field."}, "", "Unknown field."),
        ({"error": "Unknown field."}, "", "Unknown field."),
        ("Unknown field.", "", "Unknown field."),
        (None, "<html><head><title>Not here</title></head></html>", "Not here"),
        (None, "<html></html>", "Not Found"),
        ({"detail": [{"loc": "size"}]}, '{"detail": [{"loc": "size"}]}', '{"detail": [{"loc": "size"}]}'),
        (None, "", "Not Found"),
        ({"message": "two\nlines"}, "", "two lines"),
    ],
)
def test_the_words_of_the_service_are_found_wherever_a_server_puts_them(body: object, text: str, said: str) -> None:
    assert str(of_status(404, body, text)).startswith(f"n: 404 {said} — ")


class ConnectTimeout(Exception):  # noqa: N818 - called as in the SDK's transport, by whose name it is known
    pass


def test_a_connection_that_cannot_be_made_in_time_is_transient() -> None:
    timeout = openai.APITimeoutError(REQUEST)
    timeout.__cause__ = ConnectTimeout()

    error = as_engine_error(timeout, "n", "own-model", "secret")

    assert type(error) is TransientError
    assert str(error) == "n: no connection to the service in time"


def test_a_call_that_was_sent_and_not_answered_in_time_may_have_been_billed() -> None:
    error = as_engine_error(openai.APITimeoutError(REQUEST), "n", "own-model", "secret")

    assert type(error) is GivenUpError
    assert str(error) == "n: the service did not answer in time; the call may have been billed"


def test_what_the_sdk_itself_cannot_use_is_transient() -> None:
    error = as_engine_error(openai.OpenAIError("odd\nsecret"), "n", "own-model", "secret")

    assert type(error) is TransientError
    assert str(error) == "n: unusable answer (odd [key])"


@pytest.mark.parametrize("text", ["key is k-123", "key is sk-proj-abc_DEF.9", "key is sk-te***t9Ab"])
def test_anything_that_looks_like_a_key_is_hidden(text: str) -> None:
    assert redacted(text, "k-123") == "key is [key]"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"null", b'{"data": 5}', b'{"data": [{"url": "http://x"}]}', b""])
def test_json_of_any_other_shape_is_transient(body: bytes) -> None:
    with pytest.raises(TransientError, match=r"^n: the service answered 200"):
        read_answer(body, None, "n", (8, 8))
