"""One writer per project: a lock of the operating system, which falls with its process, however that ends."""

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watercolor_rig.core.errors import ProjectBusyError, StoreError
from watercolor_rig.store.durable import make_directory, write_file
from watercolor_rig.store.picture_index import STATE_FOLDER


@contextmanager
def project_lock(project: Path, command: str) -> Iterator[None]:
    """Hold the project for writing.

    Args:
        project: Its folder.
        command: What the holder does, for others to read.

    Raises:
        ProjectBusyError: naming who holds it.
        StoreError: if the disk refuses.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - commands that only read need no lock

    folder = project / STATE_FOLDER
    make_directory(folder)
    owner = folder / "owner.json"
    lock = FileLock(folder / "lock", thread_local=False)  # the studio lets it go on another thread
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ProjectBusyError(
            f"{str(project)!r} is being written by {_holder(owner)}; wait for it or end it"
        ) from None
    except OSError as error:
        raise StoreError(f"cannot lock {str(project)!r}: {error.strerror or error}") from error
    try:
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "command": command}
        write_file(owner, json.dumps(holder).encode())
        yield
    finally:
        with contextlib.suppress(OSError):
            owner.unlink(missing_ok=True)
        lock.release()


def lock_holder(project: Path) -> str | None:
    """Return who writes the project now, in words, or None; nothing is made or changed."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 - as above

    folder = project / STATE_FOLDER
    if not (folder / "lock").is_file():
        return None
    lock = FileLock(folder / "lock")
    try:
        with lock.acquire(timeout=0):
            return None
    except Timeout:
        return _holder(folder / "owner.json")
    except OSError:
        return None  # a lock that may not be opened by us keeps nobody out; the folder's own check names the trouble


def _holder(owner: Path) -> str:
    try:
        holder = json.loads(owner.read_bytes())
        return f"{holder['command']!r} (process {holder['pid']} on {holder['host']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
