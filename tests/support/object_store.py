"""An S3 server on 127.0.0.1, with one empty bucket."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def running_store() -> Iterator[str]:
    """Yield the URL of a prefix in it; this process and those that it starts find it through their environment."""
    pytest.importorskip("moto.server", reason="moto and flask are not installed: extra 'dev'")
    pytest.importorskip("s3fs", reason="the extra 's3' is not installed")
    import s3fs  # noqa: PLC0415 - optional, as said above
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - as above

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "somebody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "something")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3fs.S3FileSystem.clear_instance_cache()  # one of another server may be kept
        s3fs.S3FileSystem(use_listings_cache=False).makedirs("shelf", exist_ok=True)  # moto keeps it for the process
        yield "s3://shelf/rig"
    server.stop()
