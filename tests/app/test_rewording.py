"""A picture that a safety system refuses is asked for once more in plain words, if the configuration allows it."""

import pytest

from support.images_api import ImagesApi, when
from support.project import Project
from watercolor_rig.core.events import FrameRetried
from watercolor_rig.engines.api import EngineSettings


@pytest.fixture
def worded(project: Project) -> Project:
    """A project whose own words trip the safety system."""
    project.configure(character="a knight with a bloody sword", reword_rejected=True)
    return project


def test_the_second_request_does_without_the_words_of_the_config(
    worded: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ImagesApi(faults=when(lambda prompt: "bloody" in prompt, "moderation")) as api:
        point_at(api, monkeypatch)

        outcome = worded.make(1, engine="openai", settings=EngineSettings(size=(816, 816)))

    assert (outcome.status, outcome.sums) == (0, (1, 0, 0))
    assert [call.answer for call in api.calls] == ["moderation", "ok"]
    assert "plain words" in outcome.of(FrameRetried)[0].reason


def test_the_second_refusal_is_final(worded: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with ImagesApi(faults=when(lambda _prompt: True, "moderation")) as api:
        point_at(api, monkeypatch)

        outcome = worded.make(1, engine="openai", settings=EngineSettings(size=(816, 816)))

    assert (outcome.status, outcome.sums, len(api.calls)) == (1, (0, 1, 0), 2)


def test_an_expression_is_reworded_too(worded: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    base = worded.draw("neutral")
    worded.configure([], character="a bloody knight", reword_rejected=True, expressions={"smug": {}})
    with ImagesApi(faults=when(lambda prompt: "bloody" in prompt, "moderation")) as api:
        point_at(api, monkeypatch)

        outcome = worded.express(base, engine="openai", settings=EngineSettings(size=(816, 816)))

    assert outcome.status == 0
    assert [call.answer for call in api.calls][:2] == ["moderation", "ok"]


def test_without_the_permission_a_refusal_is_final(worded: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    worded.configure(character="a bloody knight")
    with ImagesApi(faults=when(lambda prompt: "bloody" in prompt, "moderation")) as api:
        point_at(api, monkeypatch)

        outcome = worded.make(1, engine="openai", settings=EngineSettings(size=(816, 816)))

    assert (outcome.status, len(api.calls)) == (1, 1)


def point_at(api: ImagesApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    monkeypatch.setenv("OPENAI_BASE_URL", api.base_url)
