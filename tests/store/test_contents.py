"""One contract for stores of contents: a folder, a file system of fsspec, and S3 over a real server on loopback."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.object_store import running_store
from watercolor_rig.core.errors import StoreError, UsageError
from watercolor_rig.store.blobs import BlobStore
from watercolor_rig.store.contents import Contents, open_contents

Overwrite = Callable[[str, bytes], None]


@pytest.fixture(params=["folder", "memory", pytest.param("s3", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store is."""
    if request.param == "folder":
        return (tmp_path / "a store").as_uri()
    pytest.importorskip("fsspec", reason="the extra 'cluster' is not installed")
    if request.param == "memory":
        return f"memory://{tmp_path.name}/rig"
    return f"{request.getfixturevalue('server')}/{tmp_path.name}"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Where S3 is."""
    with running_store() as url:
        yield url


@pytest.fixture
def store(url: str) -> Contents:
    """An empty one."""
    return open_contents(url)


@pytest.fixture
def overwrite(url: str) -> Overwrite:
    """Return what changes a content behind the store's back."""

    def in_folder(digest: str, data: bytes) -> None:
        path = BlobStore(Path(url.removeprefix("file://").replace("%20", " "))).path(digest)
        path.chmod(0o644)
        path.write_bytes(data)

    def elsewhere(digest: str, data: bytes) -> None:
        import fsspec  # noqa: PLC0415 - optional

        files, root = fsspec.url_to_fs(url)
        files.pipe_file(f"{root}/{digest[:2]}/{digest}", data)

    return in_folder if url.startswith("file:") else elsewhere


def test_what_was_put_comes_back_under_its_digest(store: Contents) -> None:
    digest = store.put(b"picture")

    assert digest == hashlib.sha256(b"picture").hexdigest()
    assert (store.has(digest), store.get(digest)) == (True, b"picture")


def test_all_contents_are_listed_in_order(store: Contents) -> None:
    assert list(store.digests()) == []

    digests = [store.put(bytes([number])) for number in range(5)]
    store.put(b"\0")

    assert list(store.digests()) == sorted(digests)


def test_another_who_opens_the_store_finds_what_is_in_it(store: Contents, url: str) -> None:
    digest = store.put(b"picture")

    assert open_contents(url + "/").get(digest) == b"picture"


@pytest.mark.parametrize("damage", [b"pict", b"pictura", b""])
def test_a_damaged_content_is_an_error_until_it_is_put_again(
    store: Contents, overwrite: Overwrite, damage: bytes
) -> None:
    digest = store.put(b"picture")
    overwrite(digest, damage)

    with pytest.raises(StoreError, match="does not fit its name"):
        store.get(digest)
    store.put(b"picture")

    assert store.get(digest) == b"picture"


def test_a_good_content_is_not_written_again(
    store: Contents, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    store.put(b"picture")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError(request.node.name)

    monkeypatch.setattr("watercolor_rig.store.blobs.write_file", refuse)
    if files := getattr(store, "_files", None):
        monkeypatch.setattr(files, "pipe_file", refuse)

    assert store.put(b"picture")


def test_an_absent_content_is_an_error(store: Contents) -> None:
    assert not store.has("ab" * 32)
    with pytest.raises(StoreError, match="cannot read"):
        store.get("ab" * 32)


@pytest.mark.slow
def test_a_bucket_that_is_not_there_is_an_error_that_names_it(server: str) -> None:
    store = open_contents(server.replace("shelf", "elsewhere"))

    with pytest.raises(StoreError, match="cannot write 's3://elsewhere/rig"):
        store.put(b"picture")


@pytest.mark.slow
def test_a_server_that_is_gone_is_an_error_that_names_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    s3fs = pytest.importorskip("s3fs", reason="the extra 's3' is not installed")
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    s3fs.S3FileSystem.clear_instance_cache()

    try:
        with pytest.raises(StoreError, match="'s3://shelf/rig"):
            open_contents("s3://shelf/rig").put(b"picture")
    finally:
        s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.parametrize("url", ["share/rig", "/share/rig", "file://host/share", "file:share", "s3:bucket", ""])
def test_what_is_no_url_of_a_store_is_said(url: str) -> None:
    with pytest.raises(UsageError, match="file:///share/rig"):
        open_contents(url)


def test_a_protocol_that_nobody_speaks_is_said() -> None:
    pytest.importorskip("fsspec", reason="the extra 'cluster' is not installed")
    with pytest.raises(UsageError, match="store 'gopher://hole/rig'"):
        open_contents("gopher://hole/rig")


@pytest.mark.parametrize(
    ("package", "url", "extra"),
    [("fsspec.core", "memory://x/rig", "[cluster]"), ("s3fs", "s3://shelf/rig", "[cluster,s3]")],
)
def test_a_package_that_is_not_installed_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, package: str, url: str, extra: str
) -> None:
    registry = pytest.importorskip("fsspec.registry", reason="the extra 'cluster' is not installed")
    loaded = sys.modules[registry.__name__]._registry  # noqa: SLF001 - what was loaded once is not imported again
    monkeypatch.delitem(loaded, "s3", raising=False)
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(UsageError, match="pip install") as caught:
        open_contents(url)

    assert f"watercolor-rig{extra}" in str(caught.value)
