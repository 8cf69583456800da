"""Engines are plug-ins; one that is broken is listed with its error and troubles nobody who does not ask for it."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from watercolor_rig.app.engine_list import say_engines
from watercolor_rig.core.errors import EngineUnavailableError
from watercolor_rig.core.events import EngineListed, Event
from watercolor_rig.engines import registry
from watercolor_rig.engines.registry import GROUP, find_engine, list_engines
from watercolor_rig.engines.scripted import ScriptedPlugin

GOOD = EntryPoint("scripted", "watercolor_rig.engines.scripted:plugin", GROUP)
BROKEN = {
    "raise ImportError('no module named libtorch')": "ImportError: no module named libtorch",
    "1 / 0": "ZeroDivisionError: division by zero",
    "def": "SyntaxError: invalid syntax",
    "raise SystemExit('this engine needs a licence')": "SystemExit: this engine needs a licence",
    "other = 3": "AttributeError: module 'broken_plugin' has no attribute 'plugin'",
    "plugin = object()": "lacks summary, traits, check, identity, limit_scope, quote, open_tweens, open_expressions",
    "class plugin: summary = traits = check = ''": "lacks identity, limit_scope, quote, open_tweens, open_expressions",
}


@pytest.fixture
def broken(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EntryPoint:
    """A plug-in whose module says what the test gives."""
    (tmp_path / "broken_plugin.py").write_text(request.param)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "broken_plugin", raising=False)
    return EntryPoint("broken", "broken_plugin:plugin", GROUP)


@pytest.mark.parametrize(("broken", "fault"), BROKEN.items(), indirect=["broken"], ids=range(len(BROKEN)))
def test_a_broken_plug_in_is_listed_with_its_error_beside_the_good_ones(broken: EntryPoint, fault: str) -> None:
    first, second = list_engines([GOOD, broken])

    assert (first.name, first.plugin) == ("broken", None)
    assert fault in first.fault
    assert isinstance(second.plugin, ScriptedPlugin)


@pytest.mark.parametrize(("broken", "fault"), BROKEN.items(), indirect=["broken"], ids=range(len(BROKEN)))
def test_asking_for_a_broken_plug_in_says_what_is_wrong_with_it(broken: EntryPoint, fault: str) -> None:
    with pytest.raises(EngineUnavailableError) as raised:
        find_engine("broken", [GOOD, broken])

    assert str(raised.value).startswith("engine 'broken' is broken: ")
    assert fault in str(raised.value)
    assert str(raised.value).endswith("; reinstall or remove its package")


@pytest.mark.parametrize("broken", ["1 / 0"], indirect=True)
def test_asking_for_a_good_engine_does_not_load_a_broken_one(broken: EntryPoint) -> None:
    assert isinstance(find_engine("scripted", [broken, GOOD]), ScriptedPlugin)
    assert "broken_plugin" not in sys.modules


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("scriptde", "no engine 'scriptde'; did you mean 'scripted'?"),
        ("Scripted", "no engine 'Scripted'; did you mean 'scripted'?"),
        ("zzz", "no engine 'zzz'; installed: scripted"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_or_with_all(asked: str, said: str) -> None:
    with pytest.raises(EngineUnavailableError) as raised:
        find_engine(asked, [GOOD])

    assert str(raised.value) == said


def test_without_any_engine_the_answer_says_so() -> None:
    with pytest.raises(EngineUnavailableError, match="no engine 'local'; installed: none"):
        find_engine("local", [])


@pytest.mark.parametrize("name", ["crossfade", "local", "openai", "scripted"])
def test_the_engines_of_the_box_are_installed_as_plug_ins(name: str) -> None:
    assert find_engine(name).summary


def test_the_list_of_engines_is_sorted_and_loads_each() -> None:
    listed = list_engines()

    assert [entry.name for entry in listed] == sorted(entry.name for entry in listed)
    assert [entry.fault for entry in listed if entry.name in ("crossfade", "local", "openai", "scripted")] == [""] * 4


@pytest.mark.parametrize("broken", ["1 / 0"], indirect=True)
def test_the_command_lists_a_broken_engine_and_ends_with_0(broken: EntryPoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda **_: [GOOD, broken])
    said: list[Event] = []

    assert say_engines(said.append) == 0

    assert said == [
        EngineListed("broken", "broken", (), "ZeroDivisionError: division by zero"),
        EngineListed(
            "scripted",
            "ready",
            ("tweens", "expressions"),
            "follows a script of successes and failures; for tests; a script of 0 cues",
        ),
    ]


ODD = """
from watercolor_rig.engines.scripted import ScriptedPlugin

class Odd(ScriptedPlugin):
    def check(self, settings):
        return {}["driver"]

plugin = Odd()
"""


@pytest.mark.parametrize("broken", [ODD], indirect=True, ids=["odd"])
def test_a_check_that_breaks_makes_its_engine_unavailable_and_no_other(
    broken: EntryPoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda **_: [GOOD, broken])
    said: list[Event] = []

    assert say_engines(said.append) == 0

    states = {event.engine: (event.state, event.detail) for event in said if isinstance(event, EngineListed)}
    assert states["broken"][0] == "unavailable"
    assert "engine 'broken' is broken: its check failed with KeyError: 'driver'" in states["broken"][1]
    assert states["scripted"][0] == "ready"
