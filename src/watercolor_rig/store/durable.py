"""Atomic, durable file replacement: a name holds its old bytes or its new bytes, through crash and power cut.

Temporary file in the same directory, fsync, replace, fsync of the directory. No kept library does all of it (some are
unmaintained, others leave out one of the two fsyncs); the order follows Borg's `SaveFile`.
"""

import contextlib
import errno
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from watercolor_rig.core.errors import StoreError

_being_written: set[str] = set()
"""Names of the temporary files that this process writes now; they are random, so the folder does not matter."""

_LEFTOVER = re.compile(r"\..+\.(?P<pid>\d+)-[0-9a-f]{8}\.tmp")

_NO_SUCH_FLUSH = (errno.EINVAL, errno.ENOTSUP)
"""What file systems answer that cannot flush a directory (some network and FUSE ones); the file itself is whole."""


def write_file(path: Path, data: bytes) -> None:
    """Replace the file at `path`, whose directory exists, by `data`.

    Raises:
        StoreError: naming the file and the system's reason; the old file is untouched (or, where only the flush of the
            directory failed, the new one is whole), and no temporary file stays.
    """
    with _temporary(path, data) as temporary:
        _replace(temporary, path)


def write_stream(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Replace the file at `path`, whose directory exists, by what `write` writes: for what is too long to be held.

    Raises:
        StoreError: as `write_file`. Whatever else `write` raises goes on; the old file is untouched then.
    """
    with _temporary(path, write) as temporary:
        _replace(temporary, path)


def write_with_sequel(path: Path, data: bytes, sequel: Path, sequel_data: bytes) -> None:
    """Replace the file at `path`, then the one at `sequel`, which says something of it, in the same directory.

    Both lie on the disk before the first name changes, the sequel first. A process that is killed between the two
    replacements therefore leaves the sequel's text whole (see `leftovers_of`), and older than the file that it is of.
    One flush of the directory makes both names last.

    Raises:
        StoreError: as `write_file`; if it names `sequel`, the file at `path` may be replaced already.
    """
    with _temporary(sequel, sequel_data) as later, _temporary(path, data) as sooner:
        _replace(sooner, path, flush=False)
        _replace(later, sequel)


def make_directory(path: Path) -> None:
    """Make a directory and what leads to it, where absent, so that they survive a power cut.

    Raises:
        StoreError: naming it and the system's reason.
    """
    try:
        if path.is_dir():
            return
        missing = [folder for folder in path.parents if not folder.exists()]
        for folder in (*reversed(missing), path):
            folder.mkdir(exist_ok=True)
            _fsync_directory(folder.parent)
    except OSError as error:
        raise StoreError(f"cannot make the folder {str(path)!r}: {_reason(error)}") from error


def move_file(path: Path, target: Path) -> None:
    """Move a file to another name in the same directory, durably; what has that name is replaced.

    Raises:
        StoreError: naming it and the system's reason.
    """
    try:
        os.replace(path, target)  # noqa: PTH105 - as in `write_file`
        _fsync_directory(target.parent)
    except OSError as error:
        raise StoreError(f"cannot move {str(path)!r} to {str(target)!r}: {_reason(error)}") from error


def remove_file(path: Path) -> None:
    """Remove a file, durably, where it is there.

    Raises:
        StoreError: naming it and the system's reason.
    """
    try:
        path.unlink(missing_ok=True)
        _fsync_directory(path.parent)
    except OSError as error:
        raise StoreError(f"cannot remove {str(path)!r}: {_reason(error)}") from error


def read_file(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        StoreError: naming it and the system's reason.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read {str(path)!r}: {_reason(error)}") from error


def find_leftovers(directory: Path) -> list[Path]:
    """Return the temporary files that killed processes left in `directory`, which may be absent.

    Files of a process that still lives are let alone, and so are those that a thread of this one writes now.
    """
    with contextlib.suppress(OSError):
        return sorted(path for path in directory.iterdir() if _is_leftover(path.name))
    return []


def sweep_leftovers(directory: Path) -> int:
    """Remove the temporary files that killed processes left in `directory`; return how many."""
    leftovers = find_leftovers(directory)
    for path in leftovers:
        _remove_quietly(path)
    return len(leftovers)


def leftovers_of(path: Path) -> list[Path]:
    """Return the temporary files that killed processes left of the file at `path`: whole, torn or empty."""
    with contextlib.suppress(OSError):
        return [file for file in path.parent.glob(f".{path.name}.*.tmp") if _is_leftover(file.name)]
    return []


def flush_name(path: Path) -> None:
    """Make sure that a file which is there stays there through a power cut: its writer may have died before it was.

    Raises:
        StoreError: naming it and the system's reason.
    """
    try:
        _fsync_directory(path.parent)
    except OSError as error:
        raise StoreError(f"cannot write {str(path)!r}: {_reason(error)}") from error


def lives_elsewhere(pid: int) -> bool:
    """Return whether another process of this number may be running."""
    if pid == os.getpid():
        return False
    if sys.platform == "win32":
        return True  # signal 0 is no question there but Ctrl-C
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


@contextmanager
def _temporary(path: Path, data: bytes | Callable[[BinaryIO], None]) -> Iterator[Path]:
    """Write `data`, or have it written, to a file beside `path`.

    Whatever is wrong then or later is said of `path`, and nothing stays.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    _being_written.add(temporary.name)
    try:
        with temporary.open("xb") as file:
            if isinstance(data, bytes):
                file.write(data)
            else:
                data(file)
            file.flush()
            _fsync(file.fileno())
        yield temporary
    except OSError as error:
        _remove_quietly(temporary)
        raise StoreError(f"cannot write {str(path)!r}: {_reason(error)}") from error
    except BaseException:
        _remove_quietly(temporary)
        raise
    finally:
        _being_written.discard(temporary.name)


def _replace(temporary: Path, path: Path, *, flush: bool = True) -> None:
    try:
        os.replace(temporary, path)  # noqa: PTH105 - the fault tests break the system call itself
        if flush:
            _fsync_directory(path.parent)
    except OSError as error:
        raise StoreError(f"cannot write {str(path)!r}: {_reason(error)}") from error


def _is_leftover(name: str) -> bool:
    match = _LEFTOVER.fullmatch(name)
    return match is not None and name not in _being_written and not lives_elsewhere(int(match["pid"]))


def _fsync(descriptor: int) -> None:
    """Flush to the medium itself; on macOS plain fsync stops at the drive's cache."""
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415 - POSIX only

        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def _fsync_directory(directory: Path) -> None:
    if sys.platform == "win32":
        return  # a directory cannot be opened there; NTFS journals the rename
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SUCH_FLUSH:
            raise
    finally:
        os.close(descriptor)


def _remove_quietly(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
