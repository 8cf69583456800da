"""Bytes by their SHA-256: what a service returned is kept as received, and a replaced picture is never lost.

One file per content, `.watercolor-rig/store/ab/abcd…`, written once, durably and atomically, read-only from then on.
The name is the proof: whatever is read is hashed again, so a damaged file is an error and not a picture.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

from watercolor_rig.core.errors import StoreError
from watercolor_rig.store.durable import flush_name, make_directory, read_file, sweep_leftovers, write_file

_DIGEST_LENGTH = 64
_READ_ONLY = 0o444


class BlobStore:
    """The contents of one project.

    Args:
        root: The folder; made when the first content comes.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lasting: set[str] = set()  # what this object has put; others may damage files only behind its back

    def put(self, data: bytes) -> str:
        """Keep `data`; return its SHA-256, hexadecimal. Returns only when it would survive a power cut.

        Safe to call from many threads.

        Raises:
            StoreError: if the disk refuses.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if self._is_whole(path, data):
            if digest not in self._lasting:
                flush_name(path)  # whoever wrote it may have been killed before it lasted
        else:
            self.mend(data)
        self._lasting.add(digest)
        return digest

    def mend(self, data: bytes) -> None:
        """Keep `data` in place of whatever lies under its digest: a content that is damaged.

        Raises:
            StoreError: if the disk refuses.
        """
        path = self._path(hashlib.sha256(data).hexdigest())
        make_directory(path.parent)
        write_file(path, data)
        with contextlib.suppress(OSError):
            path.chmod(_READ_ONLY)

    def get(self, digest: str) -> bytes:
        """Return the content of that digest.

        Raises:
            StoreError: if it is not there, cannot be read, or is damaged.
        """
        data = read_file(self._path(digest))
        if hashlib.sha256(data).hexdigest() != digest:
            self._lasting.discard(digest)
            raise StoreError(f"{str(self._path(digest))!r} is damaged: its content does not fit its name; remove it")
        return data

    def has(self, digest: str) -> bool:
        """Return whether a content is there, damaged or not."""
        return self._path(digest).is_file()

    def digests(self) -> Iterator[str]:
        """Yield the digest of every content, sorted."""
        for folder in self.folders():
            yield from (path.name for path in sorted(folder.iterdir()) if len(path.name) == _DIGEST_LENGTH)

    def folders(self) -> list[Path]:
        """Return the folders that hold contents, where a killed run may have left temporary files."""
        return sorted(path for path in self._root.iterdir() if path.is_dir()) if self._root.is_dir() else []

    def path(self, digest: str) -> Path:
        """Return where a content lies or would lie."""
        return self._path(digest)

    def sweep(self) -> int:
        """Remove temporary files of dead processes; return how many."""
        return sum(map(sweep_leftovers, self.folders()))

    def _path(self, digest: str) -> Path:
        return self._root / digest[:2] / digest

    def _is_whole(self, path: Path, data: bytes) -> bool:
        try:
            return path.stat().st_size == len(data) and path.read_bytes() == data
        except OSError:
            return False
