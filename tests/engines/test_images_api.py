"""The loopback service itself: tests that rest on it are worth what it is."""

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.figures import head
from support.images_api import FAULTS, ImagesApi, Seen, attempts, first_of, nth, scripted, seeded, when
from support.images_engine import edit, opened
from support.patience import PATIENCE_S
from watercolor_rig.core.errors import EngineError, RateLimitedError, TransientError
from watercolor_rig.engines.api import MadePicture
from watercolor_rig.engines.openai_images.engine import ImagesEngine

TESTS = Path(__file__).parent.parent


def seen(number: int = 1, attempt: int = 1, key: str = "k", prompt: str = "p") -> Seen:
    return Seen(number, key, attempt, prompt)


def made_at_last(engine: ImagesEngine, prompt: str) -> MadePicture:
    for _ in range(4):
        try:
            return engine.express(edit(head(), prompt))
        except (TransientError, RateLimitedError):
            continue
    raise AssertionError(f"{prompt} never came")


def test_with_faults_at_random_every_picture_comes_and_every_retry_is_justified() -> None:
    plan = seeded(seed=5, probability=0.6)

    with (
        ImagesApi(faults=plan, wait_s=0.0) as api,
        opened(api, model="local", size=(128, 128)) as engine,
        ThreadPoolExecutor(4) as pool,
    ):
        made = list(pool.map(lambda n: made_at_last(engine, f"frame {n}"), range(20)))

    assert len(made) == 20
    assert api.answers["ok"] == 20
    assert len(api.calls) > 20
    assert api.unjustified() == []


def test_a_needless_call_is_found() -> None:
    with ImagesApi() as api, opened(api, model="local", size=(128, 128)) as engine:
        for _ in range(2):
            engine.express(edit(head()))

    assert len(api.unjustified()) == 1
    assert api.unjustified()[0].endswith("follows ok")


def test_a_call_before_its_time_is_found() -> None:
    with (
        ImagesApi(faults=attempts(["rate_ms"]), wait_s=60) as api,
        opened(api, model="local", size=(128, 128)) as engine,
    ):
        with pytest.raises(RateLimitedError):
            engine.express(edit(head()))
        engine.express(edit(head()))

    assert "too early" in api.unjustified()[0]


def test_calls_after_a_stop_are_found() -> None:
    with ImagesApi(faults=nth({1: "quota"})) as api, opened(api, model="local", size=(128, 128)) as engine:
        with pytest.raises(EngineError):
            engine.express(edit(head()))
        engine.express(edit(head(), "another"))

    assert [call.seen.number for call in api.began_after_stop()] == [2]


@pytest.mark.parametrize(
    ("model", "size"),
    [("gpt-image-1.5", (1024, 1024)), ("gpt-image-2", (816, 816)), ("gpt-image-2.6-flare", (816, 816))],
)
def test_the_service_accepts_what_the_engine_sends_for_each_family(model: str, size: tuple[int, int]) -> None:
    with ImagesApi() as api, opened(api, model=model, size=size) as engine:
        engine.express(edit(head()))

    assert api.answers == {"ok": 1}


def test_a_seeded_mix_is_the_same_whatever_the_order() -> None:
    plan = seeded(seed=1, probability=0.5)
    keys = [f"k{n}" for n in range(40)]

    forward = {key: plan(seen(number=n, key=key)) for n, key in enumerate(keys)}
    backward = {key: plan(seen(number=n, key=key)) for n, key in enumerate(reversed(keys))}

    assert forward == backward
    assert 8 < sum(kind is not None for kind in forward.values()) < 32


def test_plans_combine_and_the_first_that_speaks_decides() -> None:
    plan = first_of(nth({2: "drop"}), when(lambda prompt: "ah" in prompt, "moderation"), attempts(["error_500"]))

    assert plan(seen(number=2, prompt="ah")) == "drop"
    assert plan(seen(prompt="ah")) == "moderation"
    assert plan(seen()) == "error_500"
    assert plan(seen(attempt=2)) is None


def test_a_script_says_the_same_in_json() -> None:
    plan = scripted(
        {
            "nth": {"3": "drop"},
            "prompt": [{"contains": "ah", "kind": "quota", "times": 1}],
            "attempts": ["hang"],
            "probability": 1,
            "kinds": ["html_200"],
        }
    )

    kinds = [plan(seen(number=3)), plan(seen(prompt="ah")), plan(seen()), plan(seen(attempt=2)), plan(seen(attempt=3))]
    assert kinds == ["drop", "quota", "hang", "html_200", None]


@contextmanager
def in_a_process(script: str) -> Iterator[str]:
    command = [sys.executable, "-m", "support.images_api", "--script", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0


def test_it_runs_as_a_program_and_tells_what_it_saw() -> None:
    with in_a_process('{"nth": {"1": "drop"}}') as base_url:
        root = base_url.removesuffix("/v1")
        with urllib.request.urlopen(f"{base_url}/models") as answer:  # noqa: S310 - our own address
            assert json.load(answer) == {"object": "list", "data": []}
        with urllib.request.urlopen(f"{root}/log") as answer:  # noqa: S310 - our own address
            log = json.load(answer)

    assert log == {"calls": [], "max_concurrency": 0, "unjustified": []}


def test_other_routes_do_not_exist() -> None:
    with ImagesApi() as api, pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(f"{api.base_url}/nothing")  # noqa: S310 - our own address
    caught.value.close()


def test_every_fault_says_what_a_client_should_do() -> None:
    assert set(FAULTS.values()) == {"wait", "retry", "stop", "reject"}
