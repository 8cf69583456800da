"""The engine that plays by a script: what its cues mean, and that calls can be held without a clock."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction as F
from pathlib import Path

import pytest

from support.patience import PATIENCE_S
from watercolor_rig.core.errors import QuotaError, TransientError, UsageError
from watercolor_rig.engines.api import EngineSettings, TweenRequest
from watercolor_rig.engines.scripted import ScriptedEngine, plugin


def engine(script: str) -> ScriptedEngine:
    return plugin.open_tweens(EngineSettings(options={"script": script}))


def request(name: str) -> TweenRequest:
    return TweenRequest(name, b"start", b"end", F(0), F(1), F(1, 4))


def test_a_count_is_for_each_name_by_itself() -> None:
    opened = engine("transient*1 @ t=")

    for name in ("t=0.25", "t=0.50"):
        with pytest.raises(TransientError):
            opened.tween(request(name))
        assert opened.tween(request(name)).png == b"start"


def test_calls_are_held_until_their_file_is_there_and_then_follow_the_next_cue(tmp_path: Path) -> None:
    go = tmp_path / "go"
    opened = engine(f"until:{go} @ left; quota @ left up")

    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(opened.tween, request(name)) for name in ("left", "left up")]
        assert opened.tween(request("right")).png == b"start"
        assert not any(call.done() for call in held)
        go.touch()

        assert held[0].result(PATIENCE_S).png == b"start"
        with pytest.raises(QuotaError):
            held[1].result(PATIENCE_S)


@pytest.mark.parametrize("cue", ["nonsense", "until", "until:", "until: @ left", "delay:1.2.3", "delay:go", "ok*many"])
def test_a_cue_that_cannot_be_read_is_named(cue: str) -> None:
    with pytest.raises(UsageError, match="cannot read the cue") as caught:
        engine(f"ok @ right; {cue}")

    assert repr(cue) in str(caught.value)
    assert "until:FILE" in str(caught.value)
