"""Animated WebP by Pillow's encoder, which asks for one picture after another and keeps what it has compressed."""

from typing import BinaryIO

from PIL import Image

from watercolor_rig.export.animated.film import Film
from watercolor_rig.export.on_demand import OnDemand


def write_webp(film: Film, file: BinaryIO, *, quality: int | None = None) -> None:
    """Write a film whose durations are milliseconds.

    Args:
        film: What to write.
        file: Where.
        quality: 0 to 100, with loss; None is without.

    Raises:
        PictureError: if a frame cannot be decoded.
        StoreError: if a file cannot be read.
    """
    how = {"lossless": True, "quality": 40, "method": 2} if quality is None else {"quality": quality, "method": 4}
    several = len(film.durations) > 1
    timed = {"save_all": True, "duration": list(film.durations), "loop": 0 if film.repeats else 1} if several else {}
    shown = OnDemand(lambda at: Image.fromarray(film.picture(at)), len(film.durations))
    shown.save(file, "WEBP", **how, **timed)
