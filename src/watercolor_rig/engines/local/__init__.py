"""The embedded engine: in-betweens on our own processor, no key, no network.

A pair of ends is analysed once (`analysis`): each region that may move gets candidates that can draw it at any t
(`repertoire`), each part of it the one that looks best (`choosing`), and the pieces are composed over the start
(`imaging.composing`). This module stays light: the array libraries are imported when an engine is opened.
"""

import importlib.util
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
from watercolor_rig.engines.local.options import LocalOptions

_SECONDS_PER_MEGAPIXEL = 0.6
_SECONDS_PER_FRAME = 0.03


class LocalPlugin:
    """The entry point `local`."""

    summary = "morphs drawn shapes and moves the rest by optical flow; free, offline, exact outside what changes"
    traits = Traits(tweens=True, expressions=False, direct=True, runs_in="processes", paid=False)

    def check(self, settings: EngineSettings) -> str:
        """Return what will work; nothing needs setting up, but a device that is asked for must be there.

        Raises:
            UsageError: for a method or a device that there is none of.
            EngineUnavailableError: if onnxruntime does not offer the device here.
        """
        options = LocalOptions.of(settings)
        if options.device != "cpu":
            from watercolor_rig.engines.local.network import check_device  # noqa: PLC0415 - heavy: onnxruntime

            check_device(options.device)
        if not _has_onnxruntime():
            return "embedded engine (shapes and optical flow; the learned flow needs onnxruntime), free"
        return "embedded engine (shapes, optical and learned flow), free"

    def identity(self, settings: EngineSettings) -> dict[str, str]:
        """Return the version of the method and what changes its choice."""
        options = LocalOptions.of(settings)
        learned = options.device if _has_onnxruntime() else "none"
        return {"version": "4", "method": options.method, "learned": learned}

    def limit_scope(self, settings: EngineSettings) -> LimitScope | None:
        """Return none: nothing limits it but the processor."""
        del settings
        return None

    def quote(self, settings: EngineSettings, picture_size: tuple[int, int], references: int) -> Quote:
        """Estimate one call: no cost, and seconds by size.

        A frame whose face alone changes takes about this where a pair has three; more frames cost less each.
        """
        del settings, references
        megapixels = picture_size[0] * picture_size[1] / 1e6
        return Quote(cost_usd=Decimal(0), latency_s=_SECONDS_PER_FRAME + _SECONDS_PER_MEGAPIXEL * megapixels)

    def open_tweens(self, settings: EngineSettings) -> TweenEngine:
        """Return the engine."""
        from watercolor_rig.engines.local.engine import LocalTweens  # noqa: PLC0415 - heavy: numpy, OpenCV

        return LocalTweens(LocalOptions.of(settings))

    def open_expressions(self, settings: EngineSettings) -> ExpressionEngine:
        """Refuse: an expression needs an image model."""
        del settings
        raise makes_no_expressions("local")


def _has_onnxruntime() -> bool:
    return importlib.util.find_spec("onnxruntime") is not None


plugin = LocalPlugin()
