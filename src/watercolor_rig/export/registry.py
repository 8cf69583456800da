"""Finds exports by entry point; a broken plug-in is an error only for who asks for it.

The built-in ones are known here as well as in the package's entry points, so that they are there in a checkout that
was not installed anew. Another package cannot take a built-in name.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points

from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import GROUP, Exporter, Setting
from watercolor_rig.export.names import BUILT_IN

_PROMISED = ("summary", "settings", "export")


def export_names(entries: Iterable[EntryPoint] | None = None) -> list[str]:
    """Return the names of the formats, sorted; `entries` replaces the installed entry points in tests."""
    return sorted(_known(entries))


def find_export(name: str, entries: Iterable[EntryPoint] | None = None) -> Exporter:
    """Return the export called `name`.

    Raises:
        UsageError: if there is none of that name, or it is broken.
    """
    known = _known(entries)
    if name not in known:
        raise UsageError(f"no format {name!r}; {_advice(name, sorted(known))}")
    entry = known[name]
    try:
        exporter: Exporter = entry.load()
    except Exception as error:
        raise _broken(name, f"{type(error).__name__}: {error}") from error
    missing = [promised for promised in _PROMISED if not hasattr(exporter, promised)]
    if missing:
        raise _broken(name, f"{entry.value} is no export plug-in: it lacks {', '.join(missing)}")
    return exporter


def read_settings(name: str, settings: Mapping[str, Setting], given: Mapping[str, str]) -> dict[str, str]:
    """Return every setting of a format: what was given, and the defaults for the rest.

    Args:
        name: Of the format.
        settings: What it knows.
        given: What the user said.

    Raises:
        UsageError: for a setting that the format does not know, or a value that it cannot have.
    """
    for key, value in given.items():
        if key not in settings:
            raise UsageError(f"--option: the format {name!r} has no setting {key!r}; {_advice(key, list(settings))}")
        values = settings[key].values
        if isinstance(values, range):
            if not (value.isdecimal() and int(value) in values):
                raise UsageError(
                    f"--option {key}: {value!r} is no whole number from {values.start} to {values.stop - 1}"
                )
        elif values is not None and value not in values:
            raise UsageError(f"--option {key}: no value {value!r}; {_advice(value, list(values))}")
    return {key: setting.default for key, setting in settings.items()} | dict(given)


def _known(entries: Iterable[EntryPoint] | None) -> dict[str, EntryPoint]:
    installed = {entry.name: entry for entry in (entry_points(group=GROUP) if entries is None else entries)}
    return installed | {name: EntryPoint(name, value, GROUP) for name, value in BUILT_IN.items()}


def _advice(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"


def _broken(name: str, fault: str) -> UsageError:
    return UsageError(f"format {name!r} is broken: {fault}; reinstall or remove its package")
