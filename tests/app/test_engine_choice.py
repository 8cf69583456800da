"""The reason that is given for an engine is true."""

import pytest

from watercolor_rig.app.engine_choice import choose_expression_engine
from watercolor_rig.engines.api import EngineSettings


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"OPENAI_API_KEY": "sk-test"}, "OPENAI_API_KEY is set"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, "OPENAI_BASE_URL is set"),
        ({}, "an expression needs an image model"),
        ({"OPENAI_API_KEY": " "}, "an expression needs an image model"),
    ],
)
def test_expressions_by_auto_say_why_the_image_service(
    environment: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    chosen = choose_expression_engine("auto", EngineSettings(), environment, dry_run=True)

    assert chosen.name == "openai"
    assert chosen.reason.startswith(reason)
