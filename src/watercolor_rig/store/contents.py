"""What a store of contents promises, wherever it lies: four verbs, and a name that proves what was read.

A store on a disk is `blobs.BlobStore`, one behind a URL is `remote.RemoteContents`; several machines may share either.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from watercolor_rig.core.errors import UsageError
from watercolor_rig.store.blobs import BlobStore


class Contents(Protocol):
    """Bytes by their SHA-256, hexadecimal."""

    def put(self, data: bytes) -> str:
        """Keep `data` unless it is there, whole; return its digest, and only when it can be read by everybody.

        Raises:
            StoreError: if the store refuses.
        """
        ...

    def get(self, digest: str) -> bytes:
        """Return the content of that digest.

        Raises:
            StoreError: if it is not there, cannot be read, or is damaged.
        """
        ...

    def has(self, digest: str) -> bool:
        """Return whether a content is there, damaged or not.

        Raises:
            StoreError: if the store cannot be asked.
        """
        ...

    def digests(self) -> Iterator[str]:
        """Yield the digest of every content, sorted.

        Raises:
            StoreError: if the store cannot be asked.
        """
        ...


def open_contents(url: str) -> Contents:
    """Return the store at `url`: a folder (`file:///share/rig`), or an object store (`s3://bucket/prefix`).

    Raises:
        UsageError: if it is no absolute URL, or the package is not installed that speaks to such a store.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(url2pathname(parts.path))
        if parts.netloc not in ("", "localhost") or not folder.is_absolute():
            raise UsageError(f"store {url!r}: a folder is spelled with three slashes, such as 'file:///share/rig'")
        return BlobStore(folder)
    if not parts.scheme or not parts.netloc:
        raise UsageError(f"store {url!r} is no URL; expected 'file:///share/rig' or 's3://bucket/prefix'")
    from watercolor_rig.store.remote import RemoteContents  # noqa: PLC0415 - needs an optional package

    return RemoteContents(url)
