"""Asks a service for its list of models: that it answers, accepts the key and has the model, for nothing."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import openai

from watercolor_rig.core.errors import ModelRetiredError, TransientError, UsageError
from watercolor_rig.engines.openai_images.failures import as_engine_error

NAME = "the service"
"""What errors call the question."""


def ask_for_models(key: str, base_url: str | None, patience_s: float) -> dict[str, date | None]:
    """Return the names of the models that the service lists, and the day on which it ends each, where it says so.

    Args:
        key: The API key.
        base_url: Of a compatible server, or None for OpenAI.
        patience_s: Seconds for all of it.

    Raises:
        EngineError: if it does not answer in time or refuses; the class tells why.
    """
    return asyncio.run(_ask(key, base_url, patience_s))


def judge(model: str, listed: Mapping[str, date | None], today: date) -> str:
    """Return what the list says of the model, in a few words.

    Raises:
        UsageError: if it is not on a list that has any.
        ModelRetiredError: if its day has come.
    """
    if not listed:
        return f"it answers, but lists no models; whether it has {model} shows at the first call"
    if model not in listed:
        raise UsageError(f"--model {model}: the service lists {len(listed)} models, and not this one; choose another")
    ends = listed[model]
    if ends is None:
        return f"it answers, accepts the key, and has {model}"
    if ends <= today:
        raise ModelRetiredError(f"--model {model}: the service ended it on {ends}; choose another")
    return f"it answers, accepts the key, and has {model} until {ends}"


async def _ask(key: str, base_url: str | None, patience_s: float) -> dict[str, date | None]:
    client = openai.AsyncOpenAI(api_key=key, base_url=base_url, max_retries=0, timeout=patience_s)
    try:
        async with asyncio.timeout(patience_s), client:
            answer = await client.models.with_raw_response.list()
        return _read_list(answer.content)
    except TimeoutError as error:
        raise TransientError(f"{NAME}: no answer within {patience_s:g} s") from error
    except openai.OpenAIError as error:
        raise as_engine_error(error, NAME, "", key) from error


def _read_list(body: bytes) -> dict[str, date | None]:
    try:
        entries: list[Mapping[str, Any]] = json.loads(body)["data"]
        return {str(entry["id"]): _day(entry.get("shutdown_date")) for entry in entries}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TransientError(f"{NAME}: its list of models cannot be read; is OPENAI_BASE_URL right?") from error


def _day(value: Any) -> date | None:
    """Return a day, which comes as text or as seconds since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC).date()
    return date.fromisoformat(value[:10]) if value else None
