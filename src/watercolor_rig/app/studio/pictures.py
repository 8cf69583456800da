"""Pictures by their digest: what may be asked for is what some place of the project holds, or a take has held.

A digest is looked up in the store of takes and in what is known of the project's files; the bytes are hashed again
before they go out, so an address shows one picture for ever. Small and light versions are made once and kept.
"""

import hashlib
import io
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from watercolor_rig.app.memory import Memory
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.listing import open_plain_file
from watercolor_rig.app.studio.workers import PixelWorkers
from watercolor_rig.core.errors import StoreError

_ENCODER = "webp1"
"""Part of every kept file's name: another number makes all of them anew."""

_THUMBNAIL_QUALITY = 82
_PREVIEW_QUALITY = 85

_MOST_PLACES = 5000


class Pictures:
    """The pictures of one project; may be asked on any thread.

    Args:
        folders: Where it lies.
        workers: Who decodes.
        find: Returns where pictures of a digest may lie.
    """

    def __init__(self, folders: StudioFolders, workers: PixelWorkers, find: Callable[[str], list[Path]]) -> None:
        self._project = folders.project
        self._cache = folders.state / "cache" / _ENCODER
        self._blobs = Memory(folders.project).blobs
        self._workers = workers
        self._find = find
        self._places: dict[str, Path] = {}
        self._making: dict[str, Lock] = {}
        self._lock = Lock()

    def read(self, digest: str) -> bytes | None:
        """Return the bytes of a picture, or None where the project has none of that digest."""
        for place in (self._places.get(digest), self._blobs.path(digest)):
            if place is not None and (data := _read(place, digest)) is not None:
                return data
        for place in self._find(digest):
            if (data := _read(place, digest)) is not None:
                self._remember(digest, place)
                return data
        return None

    def thumbnail(self, digest: str, width: int) -> bytes | None:
        """Return a WebP at most `width` pixels wide, or None as `read`.

        Raises:
            PictureError: if it cannot be decoded.
        """
        return self._made(digest, f"{digest}-{width}.webp", width, _THUMBNAIL_QUALITY)

    def preview(self, digest: str) -> bytes | None:
        """Return a WebP in full size, or None as `read`.

        Raises:
            PictureError: if it cannot be decoded.
        """
        return self._made(digest, f"{digest}-full.webp", None, _PREVIEW_QUALITY)

    def _remember(self, digest: str, file: Path) -> None:
        with self._lock:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            self._places[digest] = file

    def _made(self, digest: str, name: str, width: int | None, quality: int) -> bytes | None:
        file = self._cache / digest[:2] / name
        with suppress(OSError):
            return file.read_bytes()
        with self._one_at_a_time(name):
            with suppress(OSError):
                return file.read_bytes()
            data = self.read(digest)
            if data is None:
                return None
            made = self._workers.run(as_webp, data, digest[:12], width, quality)
            keep(file, made)
            return made

    def _one_at_a_time(self, name: str) -> Lock:
        """Return the lock of one small version, so that two who ask at once do not make it twice."""
        with self._lock:
            if len(self._making) > 1000:  # noqa: PLR2004 - a cap on memory, not a meaning
                self._making = {key: lock for key, lock in self._making.items() if lock.locked()}
            return self._making.setdefault(name, Lock())


def _read(path: Path, digest: str) -> bytes | None:
    opened = open_plain_file(path)
    if opened is None:
        return None
    with opened:
        data = opened.read()
    return data if hashlib.sha256(data).hexdigest() == digest else None


def as_webp(data: bytes, name: str, width: int | None, quality: int) -> bytes:
    """Return a picture as WebP, scaled down to a width in pixels where it is wider.

    Raises:
        PictureError: if it cannot be decoded.
    """
    from PIL import Image  # noqa: PLC0415 - only workers need it

    from watercolor_rig.imaging.picture import decode  # noqa: PLC0415 - as above

    pixels = decode(data, name)
    opaque = bool((pixels[..., 3] == 255).all())  # noqa: PLR2004 - full alpha
    image = Image.fromarray(pixels[..., :3] if opaque else pixels)
    if width is not None and image.width > width:
        image = image.resize((width, max(1, round(image.height * width / image.width))), reducing_gap=3.0)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=2 if width else 0)
    return out.getvalue()


def keep(file: Path, data: bytes) -> None:
    """Keep what was made, whole or not at all; a disk that refuses costs the next one who asks the same work."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    with suppress(OSError, StoreError):
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(file)
        return
    with suppress(OSError):
        temporary.unlink(missing_ok=True)
