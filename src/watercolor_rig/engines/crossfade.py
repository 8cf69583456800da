"""A premultiplied dissolve: for comparison, and as the last resort that cannot fail on any pair."""

from decimal import Decimal

from watercolor_rig.core.errors import EngineError
from watercolor_rig.engines.api import (
    EngineSettings,
    ExpressionEngine,
    LimitScope,
    MadePicture,
    Quote,
    Traits,
    TweenEngine,
    TweenRequest,
    makes_no_expressions,
)

_SECONDS_PER_MEGAPIXEL = 0.08
_SECONDS_PER_FRAME = 0.02


class CrossfadePlugin:
    """The entry point `crossfade`."""

    summary = "dissolve of the two ends; free, offline, shows both at once"
    traits = Traits(tweens=True, expressions=False, direct=True, runs_in="processes", paid=False)

    def check(self, settings: EngineSettings) -> str:
        """Return what will work; nothing needs setting up."""
        del settings
        return "crossfade, free"

    def identity(self, settings: EngineSettings) -> dict[str, str]:
        """Return the version of the method: it alone decides an answer."""
        del settings
        return {"version": "1"}

    def limit_scope(self, settings: EngineSettings) -> LimitScope | None:
        """Return none: nothing limits it but the processor."""
        del settings
        return None

    def quote(self, settings: EngineSettings, picture_size: tuple[int, int], references: int) -> Quote:
        """Estimate one call: no cost, and mostly the seconds of decoding and encoding."""
        del settings, references
        megapixels = picture_size[0] * picture_size[1] / 1e6
        return Quote(cost_usd=Decimal(0), latency_s=_SECONDS_PER_FRAME + _SECONDS_PER_MEGAPIXEL * megapixels)

    def open_tweens(self, settings: EngineSettings) -> TweenEngine:
        """Return the engine."""
        del settings
        return CrossfadeTweens()

    def open_expressions(self, settings: EngineSettings) -> ExpressionEngine:
        """Refuse: an expression needs an image model."""
        del settings
        raise makes_no_expressions("crossfade")


class CrossfadeTweens:
    """In-betweens by dissolving the changed pixels; holds nothing."""

    def tween(self, request: TweenRequest) -> MadePicture:
        """Return the picture at `request.t`.

        Raises:
            PictureError: if an end cannot be decoded or the sizes differ.
            EngineError: if memory runs out.
        """
        from watercolor_rig.imaging.composing import decode_pair, dissolve, encode_like_start  # noqa: PLC0415 - heavy

        try:
            pair = decode_pair(request.start, request.end, request.name)
            pixels = dissolve(pair, float(request.position))
            png = encode_like_start(pixels, pair, request.start)
        except (MemoryError, ValueError) as error:
            raise EngineError(f"{request.name}: the crossfade failed ({error}); look at both endpoints") from error
        return MadePicture(png=png, method="crossfade")

    def close(self) -> None:
        """Nothing is held."""


plugin = CrossfadePlugin()
