"""The engine under test, pointed at a loopback service, and requests to put to it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from fractions import Fraction

from support.images_api import ImagesApi
from watercolor_rig.engines.api import EngineSettings, ExpressionRequest, TweenRequest
from watercolor_rig.engines.openai_images.engine import ImagesEngine
from watercolor_rig.engines.openai_images.plugin import OpenAIImagesPlugin
from watercolor_rig.imaging.picture import Rgba, encode_png

KEY = "sk-test-0123456789"
CANVAS = (816, 816)
TODAY = date(2026, 11, 23)
"""The day of the tests: models that end later live for ever here."""


@contextmanager
def opened(
    api: ImagesApi,
    *,
    size: tuple[int, int] = CANVAS,
    model: str | None = None,
    options: Mapping[str, str] | None = None,
) -> Iterator[ImagesEngine]:
    """Open the engine as the program does, and close it."""
    plugin = OpenAIImagesPlugin(TODAY, environ={"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": api.base_url})
    given = {"deadline_s": "60"} | dict(options or {})
    engine = plugin.open_tweens(EngineSettings(size=size, model=model, options=given))
    assert isinstance(engine, ImagesEngine)
    try:
        yield engine
    finally:
        engine.close()


def tween(start: Rgba, end: Rgba, *, anchor: Rgba | None = None) -> TweenRequest:
    """Return the request of the frame in the middle of two."""
    return TweenRequest(
        name="a_to_b__center t=0.50",
        start=encode_png(start),
        end=encode_png(end),
        start_t=Fraction(0),
        end_t=Fraction(1),
        t=Fraction(1, 2),
        prompt="Task: draw the in-between",
        anchor=None if anchor is None else encode_png(anchor),
    )


def edit(base: Rgba, prompt: str = "Task: smile") -> ExpressionRequest:
    """Return the request of an expression."""
    return ExpressionRequest(name="smile__center", base=encode_png(base), prompt=prompt)
