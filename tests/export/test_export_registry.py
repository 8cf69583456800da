"""Formats are found by entry point, the built-in ones also without an installation; settings are checked."""

import re
from importlib.metadata import EntryPoint

import pytest

from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import GROUP, Setting
from watercolor_rig.export.names import BUILT_IN
from watercolor_rig.export.registry import export_names, find_export, read_settings

SETTINGS = {"size": Setting("4", range(1, 9), "a number"), "loop": Setting("once", ("once", "for-ever"), "words")}


class Foreign:
    """An export of another package."""

    summary = "made up"
    settings = SETTINGS

    def export(self, *_: object) -> None:
        """Write nothing."""


foreign = Foreign()


def entry(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, GROUP)


OWN = entry("own", "export.test_export_registry:foreign")


def test_the_built_in_formats_are_there_without_any_entry_point() -> None:
    assert export_names([]) == sorted(BUILT_IN)
    assert all(find_export(name, []).summary for name in BUILT_IN)


def test_another_packages_format_is_found_beside_them() -> None:
    assert export_names([OWN]) == sorted([*BUILT_IN, "own"])
    assert find_export("own", [OWN]).summary == "made up"


def test_another_package_cannot_take_a_built_in_name() -> None:
    name = next(iter(BUILT_IN))

    assert find_export(name, [entry(name, OWN.value)]).summary != "made up"


@pytest.mark.parametrize(
    ("name", "entries", "message"),
    [
        ("aseprite-shet", [], "no format 'aseprite-shet'; did you mean 'aseprite-sheet'?"),
        ("qqq", [OWN], "no format 'qqq'; there are: "),
        ("own", [entry("own", "no_such_module:x")], "format 'own' is broken: ModuleNotFoundError"),
        ("own", [entry("own", "json:dumps")], "is no export plug-in: it lacks summary, settings, export"),
    ],
)
def test_a_format_that_cannot_be_had_is_an_error_in_words(name: str, entries: list[EntryPoint], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        find_export(name, entries)


def test_settings_that_are_not_given_have_their_defaults() -> None:
    assert read_settings("own", SETTINGS, {"loop": "for-ever"}) == {"size": "4", "loop": "for-ever"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sizes": "1"}, "--option: the format 'own' has no setting 'sizes'; did you mean 'size'?"),
        ({"size": "9"}, "--option size: '9' is no whole number from 1 to 8"),
        ({"size": "two"}, "--option size: 'two' is no whole number from 1 to 8"),
        ({"loop": "onse"}, "--option loop: no value 'onse'; did you mean 'once'?"),
    ],
)
def test_a_setting_that_cannot_be_had_is_an_error_in_words(given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        read_settings("own", SETTINGS, given)
