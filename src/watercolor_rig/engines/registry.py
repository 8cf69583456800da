"""Finds engines by entry point, the built-in ones too; a broken plug-in is listed with its error, never fatal."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points

from watercolor_rig.core.errors import EngineUnavailableError, RigError
from watercolor_rig.engines.api import EnginePlugin, EngineSettings, Probing

GROUP = "watercolor_rig.engines"

_PROMISED = ("summary", "traits", "check", "identity", "limit_scope", "quote", "open_tweens", "open_expressions")


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of the list of engines: a plug-in, or why there is none."""

    name: str
    plugin: EnginePlugin | None
    fault: str = ""


def list_engines(entries: Iterable[EntryPoint] | None = None) -> list[Listing]:
    """Return every installed engine by name; `entries` replaces the installed entry points in tests."""
    found = entry_points(group=GROUP) if entries is None else entries
    return [_load(entry) for entry in sorted(found, key=lambda entry: entry.name)]


def direct_engines() -> list[str]:
    """Return the names of the installed engines that make every position from two ends."""
    return [listing.name for listing in list_engines() if listing.plugin and listing.plugin.traits.direct]


def find_engine(name: str, entries: Iterable[EntryPoint] | None = None) -> EnginePlugin:
    """Return the plug-in called `name`.

    Raises:
        EngineUnavailableError: if there is none of that name, or it is broken.
    """
    found = list(entry_points(group=GROUP) if entries is None else entries)
    entry = next((entry for entry in found if entry.name == name), None)
    if entry is None:
        names = sorted(entry.name for entry in found)
        near = get_close_matches(name, names, n=1)
        advice = f"did you mean {near[0]!r}?" if near else f"installed: {', '.join(names) or 'none'}"
        raise EngineUnavailableError(f"no engine {name!r}; {advice}")
    listing = _load(entry)
    if listing.plugin is None:
        raise EngineUnavailableError(f"engine {name!r} is broken: {listing.fault}; reinstall or remove its package")
    return listing.plugin


def check_engine(name: str, plugin: EnginePlugin, settings: EngineSettings) -> str:
    """Return what a plug-in's own check says of the settings.

    Raises:
        UsageError: of the check; an error that a check should not raise becomes one.
    """
    try:
        return plugin.check(settings)
    except RigError:
        raise
    except Exception as error:
        advice = "reinstall or remove its package"
        raise EngineUnavailableError(
            f"engine {name!r} is broken: its check failed with {_fault(error)}; {advice}"
        ) from error


def probe_engine(plugin: EnginePlugin, settings: EngineSettings) -> tuple[bool, str] | None:
    """Return whether the service behind an engine answers, and its words; None for an engine that has no `probe`."""
    if not isinstance(plugin, Probing):
        return None
    try:
        return True, plugin.probe(settings)
    except RigError as error:
        return False, str(error)
    except Exception as error:  # noqa: BLE001 - what a stranger's probe raises is a finding
        return False, _fault(error)


def _load(entry: EntryPoint) -> Listing:
    try:
        plugin = entry.load()
    except SystemExit as error:
        return Listing(entry.name, None, _fault(error))
    except Exception as error:  # noqa: BLE001 - a stranger's import may raise anything, and must not end our run
        return Listing(entry.name, None, _fault(error))
    missing = [name for name in _PROMISED if not hasattr(plugin, name)]
    if missing:
        return Listing(entry.name, None, f"{entry.value} is no engine plug-in: it lacks {', '.join(missing)}")
    return Listing(entry.name, plugin)


def _fault(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
