"""Which engine works, and why: said before anything else happens."""

from collections.abc import Mapping
from dataclasses import dataclass

from watercolor_rig.core.errors import EngineUnavailableError, UsageError
from watercolor_rig.engines.api import EnginePlugin, EngineSettings
from watercolor_rig.engines.registry import check_engine, find_engine

AUTO = "auto"
KEY_VARIABLE = "OPENAI_API_KEY"
URL_VARIABLE = "OPENAI_BASE_URL"


@dataclass(frozen=True, slots=True)
class ChosenEngine:
    """An engine that passed its checks, with the reason it was chosen for.

    Attributes:
        unavailable: Why it could not work now; only a dry run goes on with that.
    """

    name: str
    plugin: EnginePlugin
    settings: EngineSettings
    reason: str
    unavailable: str = ""


def choose_tween_engine(
    asked: str,
    settings: EngineSettings,
    environment: Mapping[str, str],
    *,
    dry_run: bool,
) -> ChosenEngine:
    """Return the engine for in-betweens: the one asked for; of `auto`, the image service where it has a key.

    Raises:
        UsageError: if it does not exist, makes no tweens, or fails its check.
    """
    if asked != AUTO:
        why = f"--engine {asked}"
        chosen = _checked(asked, settings, why, dry_run=dry_run)
    elif environment.get(KEY_VARIABLE, "").strip():
        chosen = _checked("openai", settings, f"{KEY_VARIABLE} is set", dry_run=dry_run)
    else:
        chosen = _checked("local", settings, f"{KEY_VARIABLE} is not set", dry_run=dry_run)
    if not chosen.plugin.traits.tweens:
        raise UsageError(f"engine {chosen.name!r} makes no tweens; use --engine local")
    return chosen


def choose_expression_engine(
    asked: str,
    settings: EngineSettings,
    environment: Mapping[str, str],
    *,
    dry_run: bool,
) -> ChosenEngine:
    """Return the engine for expressions; `auto` is the image service.

    Raises:
        UsageError: if it does not exist, cannot edit a portrait, or fails its check.
    """
    if asked == AUTO:
        found = next((name for name in (KEY_VARIABLE, URL_VARIABLE) if environment.get(name, "").strip()), None)
        asked, why = "openai", f"{found} is set" if found else "an expression needs an image model"
    else:
        why = f"--engine {asked}"
    if not find_engine(asked).traits.expressions:
        raise UsageError(
            f"engine {asked!r} makes tweens only; an expression needs an image model: set {KEY_VARIABLE}, "
            f"or {URL_VARIABLE} for a compatible server",
        )
    return _checked(asked, settings, why, dry_run=dry_run)


def _checked(name: str, settings: EngineSettings, why: str, *, dry_run: bool) -> ChosenEngine:
    plugin = find_engine(name)
    try:
        summary = check_engine(name, plugin, settings)
    except EngineUnavailableError as error:
        if not dry_run:
            raise
        return ChosenEngine(name, plugin, settings, why, str(error))
    return ChosenEngine(name, plugin, settings, f"{why}; {summary}" if summary else why)
