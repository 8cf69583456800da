"""Which formats sequences can be exported in, with the choices that each leaves."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint

from watercolor_rig.app.studio.views import FormatView, SettingView
from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Setting
from watercolor_rig.export.registry import export_names, find_export


def format_views(entries: Iterable[EntryPoint] | None = None) -> list[FormatView]:
    """Return every installed format by name, a broken one with its fault.

    Args:
        entries: Replaces the installed entry points in tests.
    """
    given = None if entries is None else list(entries)
    return [_view(name, given) for name in export_names(given)]


def _view(name: str, entries: Iterable[EntryPoint] | None) -> FormatView:
    try:
        exporter = find_export(name, entries)
    except UsageError as error:
        return FormatView(name, "", str(error), ())
    settings = tuple(_setting(key, setting) for key, setting in exporter.settings.items())
    return FormatView(name, exporter.summary, "", settings)


def _setting(name: str, setting: Setting) -> SettingView:
    values = setting.values
    if isinstance(values, range):
        return SettingView(name, setting.default, None, values.start, values.stop - 1, setting.meaning)
    return SettingView(name, setting.default, values, None, None, setting.meaning)
