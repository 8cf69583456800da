"""Around an engine that redraws the whole picture: its answers are put back to where they were, and judged.

Runs where the call runs, so that many answers are repaired side by side. What came from the service stays with the
answer as it was received.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from watercolor_rig.core.errors import EngineError
from watercolor_rig.engines.api import (
    EnginePlugin,
    EngineSettings,
    ExpressionEngine,
    ExpressionRequest,
    LimitScope,
    MadePicture,
    Quote,
    SheetEngine,
    SheetRequest,
    Traits,
    TweenEngine,
    TweenRequest,
)
from watercolor_rig.engines.registry import find_engine

FALL_BACK = "local"
"""Who draws an in-between that no model has brought."""


@dataclass(frozen=True, slots=True)
class RepairingPlugin:
    """A plug-in whose answers are repaired and judged; all else is the plug-in's own.

    Attributes:
        inner: The plug-in.
    """

    inner: EnginePlugin

    @property
    def summary(self) -> str:
        """One line for the list of engines."""
        return self.inner.summary

    @property
    def traits(self) -> Traits:
        """How to treat it."""
        return self.inner.traits

    def check(self, settings: EngineSettings) -> str:
        """Check settings, key and model; return what will work.

        Raises:
            UsageError: with what to set or change.
        """
        return self.inner.check(settings)

    def identity(self, settings: EngineSettings) -> Mapping[str, str]:
        """Return what decides an answer: repair does not, so that no answer is paid for twice because of it."""
        return self.inner.identity(settings)

    def limit_scope(self, settings: EngineSettings) -> LimitScope | None:
        """Return what shares a limit of calls a minute."""
        return self.inner.limit_scope(settings)

    def quote(self, settings: EngineSettings, picture_size: tuple[int, int], references: int) -> Quote:
        """Estimate one call."""
        return self.inner.quote(settings, picture_size, references)

    def open_tweens(self, settings: EngineSettings) -> TweenEngine:
        """Return an engine for in-betweens.

        Raises:
            UsageError: as the plug-in.
        """
        return _RepairedTweens(self.inner.open_tweens(settings))

    def open_expressions(self, settings: EngineSettings) -> ExpressionEngine:
        """Return an engine for expressions.

        Raises:
            UsageError: as the plug-in.
        """
        return _RepairedExpressions(self.inner.open_expressions(settings))


def repairing(plugin: EnginePlugin) -> EnginePlugin:
    """Return a plug-in whose answers are repaired and judged, where they need it."""
    return RepairingPlugin(plugin) if plugin.traits.redraws else plugin


class _RepairedTweens:
    """An engine for in-betweens whose answers are repaired and judged."""

    def __init__(self, inner: TweenEngine) -> None:
        self._inner = inner

    def tween(self, request: TweenRequest) -> MadePicture:
        """Return the repaired answer with its quality, and what is shown instead where it is no good.

        An answer that shall not be repaired is not judged either.

        Raises:
            EngineError: as the engine.
            PictureError: as the engine.
        """
        return _treated(self._inner.tween(request), request)

    def sheet(self, request: SheetRequest) -> MadePicture:
        """Return the sheet with each panel as `tween` would return it.

        Raises:
            EngineError: as the engine, or where it makes no sheets.
            PictureError: as the engine.
        """
        if not isinstance(self._inner, SheetEngine):
            raise EngineError(f"{request.name}: the engine makes no sheets; use --strategy single")
        made = self._inner.sheet(request)
        panels = zip(made.panels, request.panels, strict=True)
        return replace(made, panels=tuple(_treated(panel, wanted) for panel, wanted in panels))

    def close(self) -> None:
        """Let the engine go."""
        self._inner.close()


def _treated(made: MadePicture, request: TweenRequest) -> MadePicture:
    from watercolor_rig.engines.treatment import treat_tween  # noqa: PLC0415 - needs the image libraries

    if not request.care.repair:
        return made
    treated = treat_tween(made, request)
    is_good = treated.quality is None or treated.quality.is_good
    return treated if is_good or not request.care.fall_back else replace(treated, instead=draw_instead(request))


class _RepairedExpressions:
    """An engine for expressions whose answers are repaired and judged."""

    def __init__(self, inner: ExpressionEngine) -> None:
        self._inner = inner

    def express(self, request: ExpressionRequest) -> MadePicture:
        """Return the repaired answer with its quality.

        Raises:
            EngineError: as the engine.
            PictureError: as the engine.
        """
        from watercolor_rig.engines.treatment import treat_expression  # noqa: PLC0415 - needs the image libraries

        made = self._inner.express(request)
        return treat_expression(made, request) if request.care.repair else made

    def close(self) -> None:
        """Let the engine go."""
        self._inner.close()


def draw_instead(request: TweenRequest) -> MadePicture:
    """Return an in-between by the local engine, for one that no model has brought.

    Raises:
        EngineError: if it cannot be drawn.
        PictureError: if a picture given cannot be used.
    """
    engine = find_engine(FALL_BACK).open_tweens(EngineSettings())
    try:
        return engine.tween(request)
    finally:
        engine.close()
