"""The embedded engine: in-betweens on our own processor, no key, no network.

A pair of ends is analysed once (`analysis`), each region that may move gets a candidate that can draw it at any t
(`candidates` for optical flow, `shapes` for drawn shapes), and the pieces are composed over the start
(`imaging.composing`). This module stays light: the array libraries are imported when an engine is opened.
"""

from decimal import Decimal

from watercolor_rig.engines.api import (
    EngineSettings,
    ExpressionEngine,
    LimitScope,
    Quote,
    Traits,
    TweenEngine,
    makes_no_expressions,
)

_SECONDS_PER_MEGAPIXEL = 0.25
_SECONDS_PER_FRAME = 0.03


class LocalPlugin:
    """The entry point `local`."""

    summary = "morphs drawn shapes and moves the rest by optical flow; free, offline, exact outside what changes"
    traits = Traits(tweens=True, expressions=False, direct=True, runs_in="processes", paid=False)

    def check(self, settings: EngineSettings) -> str:
        """Return what will work; nothing needs setting up."""
        del settings
        return "embedded engine (shapes and optical flow), free"

    def identity(self, settings: EngineSettings) -> dict[str, str]:
        """Return the version of the method: it alone decides an answer."""
        del settings
        return {"version": "2"}

    def limit_scope(self, settings: EngineSettings) -> LimitScope | None:
        """Return none: nothing limits it but the processor."""
        del settings
        return None

    def quote(self, settings: EngineSettings, picture_size: tuple[int, int], references: int) -> Quote:
        """Estimate one call: no cost, and seconds by size.

        A frame whose face alone changes takes 0.1 s a megapixel, one that changes all over 1 s: this is between.
        """
        del settings, references
        megapixels = picture_size[0] * picture_size[1] / 1e6
        return Quote(cost_usd=Decimal(0), latency_s=_SECONDS_PER_FRAME + _SECONDS_PER_MEGAPIXEL * megapixels)

    def open_tweens(self, settings: EngineSettings) -> TweenEngine:
        """Return the engine."""
        from watercolor_rig.engines.local.engine import LocalTweens  # noqa: PLC0415 - heavy: numpy, OpenCV

        del settings
        return LocalTweens()

    def open_expressions(self, settings: EngineSettings) -> ExpressionEngine:
        """Refuse: an expression needs an image model."""
        del settings
        raise makes_no_expressions("local")


plugin = LocalPlugin()
