"""Bytes by their digest."""

import hashlib
from pathlib import Path

import pytest

from watercolor_rig.core.errors import StoreError
from watercolor_rig.store.blobs import BlobStore


def test_what_was_put_comes_back_under_its_digest(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "store")

    digest = store.put(b"picture")

    assert digest == hashlib.sha256(b"picture").hexdigest()
    assert store.get(digest) == b"picture"
    assert list(store.digests()) == [digest]


def test_the_same_content_is_written_once(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    path = store.path(store.put(b"picture"))
    before = path.stat().st_mtime_ns

    store.put(b"picture")

    assert path.stat().st_mtime_ns == before


def test_a_torn_content_is_replaced_by_the_whole_one(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    path = store.path(store.put(b"picture"))
    path.chmod(0o644)
    path.write_bytes(b"pict")

    BlobStore(tmp_path).put(b"picture")

    assert store.get(path.name) == b"picture"


def test_a_damaged_content_is_an_error_and_no_picture(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    path = store.path(store.put(b"picture"))
    path.chmod(0o644)
    path.write_bytes(b"pictura")

    with pytest.raises(StoreError, match="does not fit its name"):
        store.get(path.name)


def test_an_absent_content_is_an_error(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "never made")

    assert (store.has("ab" * 32), list(store.digests())) == (False, [])
    with pytest.raises(StoreError, match="cannot read"):
        store.get("ab" * 32)


def test_a_damaged_content_is_replaced_by_the_whole_one_that_comes_again(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    digest = store.put(b"whole")
    store.path(digest).chmod(0o644)
    store.path(digest).write_bytes(b"rot!!")

    assert store.get(BlobStore(tmp_path).put(b"whole")) == b"whole"
