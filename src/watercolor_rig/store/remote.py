"""Contents in an object store behind a URL, through fsspec: `s3://`, `gs://`, `abfs://` and the like.

Such a store writes an object whole or not at all, so no temporary name is needed; what is read is hashed all the same.
Keys and end points come from the environment of each machine (`AWS_ENDPOINT_URL` and its kind), never with a job.
"""

import hashlib
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from watercolor_rig.core.errors import StoreError, UsageError

T = TypeVar("T")

_DIGEST = re.compile(r"[0-9a-f]{64}")


class RemoteContents:
    """The contents below a URL.

    Args:
        url: Where they lie; the bucket exists.

    Raises:
        UsageError: if the package is not installed that speaks to such a store.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._files, self._root = _open(self._url)

    def put(self, data: bytes) -> str:
        """Keep `data` unless it is there, whole; return its SHA-256."""
        digest = hashlib.sha256(data).hexdigest()
        if not (self.has(digest) and self._read(digest) == data):
            self._ask("write", digest, lambda: self._files.pipe_file(self._key(digest), data))
        return digest

    def get(self, digest: str) -> bytes:
        """Return the content of that digest."""
        data = self._read(digest)
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoreError(f"'{self._url}/{digest}' is damaged: its content does not fit its name; remove it")
        return data

    def has(self, digest: str) -> bool:
        """Return whether a content is there, damaged or not."""
        return self._ask("look for", digest, lambda: bool(self._files.exists(self._key(digest))))

    def digests(self) -> Iterator[str]:
        """Yield the digest of every content, sorted."""
        keys: list[str] = self._ask("list", "", lambda: list(self._files.find(self._root)))
        yield from sorted(name for key in keys if _DIGEST.fullmatch(name := key.rpartition("/")[2]))

    def _read(self, digest: str) -> bytes:
        return self._ask("read", digest, lambda: bytes(self._files.cat_file(self._key(digest))))

    def _key(self, digest: str) -> str:
        return f"{self._root}/{digest[:2]}/{digest}"

    def _ask(self, verb: str, digest: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except _refusals() as error:
            raise StoreError(f"cannot {verb} '{self._url}/{digest}': {error or type(error).__name__}") from error


def _open(url: str) -> tuple[Any, str]:
    """Return fsspec's file system and the root in its own spelling; listings are never cached."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - of an extra

        files, root = url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        extra = "cluster,s3" if url.startswith("s3:") else "cluster"
        raise UsageError(
            f"store {url!r} needs a package that is not installed ({error}); run: pip install 'watercolor-rig[{extra}]'"
        ) from error
    except ValueError as error:
        raise UsageError(f"store {url!r}: {error}") from error
    return files, str(root).rstrip("/")


def _refusals() -> tuple[type[Exception], ...]:
    """Return what a file system of fsspec raises: OSError by its own promise, and what botocore does not translate."""
    botocore = sys.modules.get("botocore.exceptions")
    return (OSError, botocore.BotoCoreError) if botocore else (OSError,)
