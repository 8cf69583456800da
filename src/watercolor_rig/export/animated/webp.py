"""Animated WebP by Pillow's encoder, which asks for one picture after another and keeps what it has compressed."""

from typing import BinaryIO

from PIL import Image

from watercolor_rig.export.animated.film import Film


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
    _OnDemand(film).save(file, "WEBP", **how, **timed)


class _OnDemand(Image.Image):
    """A film in the shape of a multi-frame file, which is how Pillow's encoder wants it."""

    def __init__(self, film: Film) -> None:
        super().__init__()
        self._film = film
        self.n_frames = len(film.durations)
        self._show(0)

    def seek(self, frame: int) -> None:
        if frame != self._at:
            self._show(frame)

    def tell(self) -> int:
        return self._at

    def _show(self, frame: int) -> None:
        shown = Image.fromarray(self._film.picture(frame))
        self._at, self.im, self._mode, self._size = frame, shown.im, shown.mode, shown.size
