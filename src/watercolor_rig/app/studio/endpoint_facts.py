"""What is known of the endpoints: enough at once to show them, and in a while, that each decodes whole.

A picture that was never decoded is named by its bytes and measured by its header, which takes a tenth of the time.
So the first look at a folder of drawings does not wait for their pixels.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from watercolor_rig.core.errors import PictureError, StoreError
from watercolor_rig.store.durable import read_file
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, facts_of

Stamp = tuple[int, int, int]
T = TypeVar("T")


class EndpointFacts:
    """The endpoints' facts; asked by one thread at a time.

    Args:
        folder: Where they lie.
        index: What is known of pictures that were decoded.
    """

    def __init__(self, folder: Path, index: PictureIndex) -> None:
        self._folder = folder
        self._index = index
        self._peeked: dict[str, tuple[Stamp, PictureFacts]] = {}
        self._faults: dict[str, tuple[Stamp, PictureError]] = {}

    def of(self, names: Iterable[str]) -> tuple[dict[str, PictureFacts | PictureError], list[str]]:
        """Return the facts of each file that is there, or what is wrong with it, and those not yet decoded."""
        facts: dict[str, PictureFacts | PictureError] = {}
        unsure: list[str] = []
        for name in names:
            stamp = _stamp(self._folder / name)
            if stamp is None:
                continue
            sure = self._index.remembered(self._folder, name) or _at(self._faults.get(name), stamp)
            facts[name] = sure or self._peek(name, stamp)
            if sure is None and isinstance(facts[name], PictureFacts):
                unsure.append(name)
        return facts, unsure

    def decode(self, names: Iterable[str]) -> None:
        """Decode files, so that `of` is sure of them."""
        for name in names:
            stamp = _stamp(self._folder / name)
            if stamp is None:
                continue
            try:
                found = self._index.inspect(self._folder, [name]).get(name)
            except StoreError as error:
                found = PictureError(str(error))
            if isinstance(found, PictureError):
                self._faults[name] = stamp, found
            self._peeked.pop(name, None)

    def _peek(self, name: str, stamp: Stamp) -> PictureFacts | PictureError:
        known = _at(self._peeked.get(name), stamp)
        if known is not None:
            return known
        from watercolor_rig.imaging.picture import read_size  # noqa: PLC0415 - a project that is known needs no decoder

        path = self._folder / name
        try:
            data = read_file(path)
            facts = facts_of(data, read_size(data, str(path)))
        except (StoreError, PictureError) as error:
            fault = error if isinstance(error, PictureError) else PictureError(str(error))
            self._faults[name] = stamp, fault
            return fault
        self._peeked[name] = stamp, facts
        return facts


def _at(known: tuple[Stamp, T] | None, stamp: Stamp) -> T | None:
    return known[1] if known is not None and known[0] == stamp else None


def _stamp(path: Path) -> Stamp | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - hundreds of them, again and again
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
