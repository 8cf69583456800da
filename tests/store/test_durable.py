"""A name holds its old bytes or its new bytes: broken at each system call, and killed at any moment."""

import errno
import io
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import pytest

from support.patience import PATIENCE_S
from watercolor_rig.core.errors import StoreError
from watercolor_rig.store import durable
from watercolor_rig.store.durable import make_directory, read_file, sweep_leftovers, write_file, write_stream

NO_SPACE = OSError(errno.ENOSPC, "No space left on device")
BAD_DISK = OSError(errno.EIO, "Input/output error")
BEFORE_THE_REPLACEMENT = ["open", "write", "flush", "fsync", "close", "replace"]

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX system calls")
not_root = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is forbidden to root")


class BreakingFile(io.FileIO):
    """A file that breaks at one step."""

    def __init__(self, file: Any, mode: str, step: str, error: BaseException) -> None:
        super().__init__(file, mode)
        self._step, self._error = step, error

    def write(self, data: Any, /) -> int:
        if self._step == "write":
            super().write(bytes(data)[:3])
            raise self._error
        return super().write(data)

    def flush(self) -> None:
        if self._step == "flush" and not self.closed:
            raise self._error
        super().flush()

    def close(self) -> None:
        was_open = not self.closed
        super().close()
        if self._step == "close" and was_open:
            raise self._error


@contextmanager
def broken(step: str, error: BaseException) -> Iterator[None]:
    """Make one system call of a write fail."""
    real_fsync = os.fsync

    def fails(*_: object, **__: object) -> NoReturn:
        raise error

    def opens(file: Any, mode: str = "r", *_: object, **__: object) -> BreakingFile:
        return BreakingFile(file, mode, step, error)

    def syncs(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode) == (step == "fsync of the directory"):
            raise error
        real_fsync(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        if step == "open":
            patch.setattr(io, "open", fails)
        elif step == "replace":
            patch.setattr(os, "replace", fails)
        elif step.startswith("fsync"):
            patch.setattr(os, "fsync", syncs)
        else:
            patch.setattr(io, "open", opens)
        yield


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_there_whole_and_alone(tmp_path: Path) -> None:
    write_file(tmp_path / "a.png", b"new")

    assert names(tmp_path) == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"new"


@pytest.mark.parametrize("error", [NO_SPACE, BAD_DISK], ids=["full", "broken"])
@pytest.mark.parametrize("step", BEFORE_THE_REPLACEMENT)
def test_a_write_that_breaks_at_any_step_leaves_the_old_file_alone_and_says_why(
    tmp_path: Path, step: str, error: OSError
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    with pytest.raises(StoreError) as raised, broken(step, error):
        write_file(path, b"something new")

    assert str(raised.value) == f"cannot write {str(path)!r}: {error.strerror}"
    assert names(tmp_path) == ["a.png"]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("step", BEFORE_THE_REPLACEMENT)
def test_an_interrupt_at_any_step_passes_through_and_leaves_the_old_file_alone(tmp_path: Path, step: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    with pytest.raises(KeyboardInterrupt), broken(step, KeyboardInterrupt()):
        write_file(path, b"something new")

    assert names(tmp_path) == ["a.png"]
    assert path.read_bytes() == b"old"


@posix
@pytest.mark.parametrize("error", [BAD_DISK, KeyboardInterrupt()], ids=["broken", "interrupt"])
def test_a_directory_that_cannot_be_flushed_leaves_a_whole_new_file_and_is_said(
    tmp_path: Path, error: BaseException
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    with pytest.raises((StoreError, KeyboardInterrupt)) as raised, broken("fsync of the directory", error):
        write_file(path, b"new")

    assert isinstance(raised.value, KeyboardInterrupt) == isinstance(error, KeyboardInterrupt)
    assert names(tmp_path) == ["a.png"]
    assert path.read_bytes() == b"new"


@posix
@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_knows_no_flush_of_a_directory_is_no_error(tmp_path: Path, code: int) -> None:
    with broken("fsync of the directory", OSError(code, "Invalid argument")):
        write_file(tmp_path / "a.png", b"new")

    assert (tmp_path / "a.png").read_bytes() == b"new"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files by /proc")
@pytest.mark.parametrize("step", [*BEFORE_THE_REPLACEMENT, "fsync of the directory"])
def test_a_write_that_breaks_leaves_no_file_open(tmp_path: Path, step: str) -> None:
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - the listing's own descriptor is one of both

    with pytest.raises(StoreError), broken(step, BAD_DISK):
        write_file(tmp_path / "a.png", b"new")

    assert len(os.listdir("/proc/self/fd")) == len(before)  # noqa: PTH208 - as above


def test_the_data_reaches_the_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        steps.append("directory" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "data")
        real_fsync(descriptor)

    def replace(old: Path, new: Path) -> None:
        steps.append(f"{old.read_bytes().decode()} becomes {new.name}")
        real_replace(old, new)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)

    write_file(tmp_path / "a.png", b"whole")

    assert steps[:2] == ["data", "whole becomes a.png"]
    assert steps[2:] == ([] if sys.platform == "win32" else ["directory"])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "a.png"

    with pytest.raises(StoreError, match=r"cannot write '.*a\.png': No such file or directory"):
        write_file(path, b"new")


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "frames").write_bytes(b"")

    with pytest.raises(StoreError, match=r"cannot make the folder '.*sequences': Not a directory"):
        make_directory(tmp_path / "frames" / "sequences")


def test_a_folder_is_made_with_what_leads_to_it_and_once_more_is_no_error(tmp_path: Path) -> None:
    make_directory(tmp_path / "a" / "b")
    make_directory(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot read '.*a\.png': No such file or directory"):
        read_file(tmp_path / "a.png")


@not_root
def test_a_read_only_folder_is_named_and_keeps_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"old")
    tmp_path.chmod(0o555)

    try:
        with pytest.raises(StoreError, match=r"cannot write '.*a\.png': Permission denied"):
            write_file(tmp_path / "a.png", b"new")

        assert (tmp_path / "a.png").read_bytes() == b"old"
    finally:
        tmp_path.chmod(0o755)


def test_what_a_dead_process_left_is_swept(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f".a.png.{dead.pid}-0123abcd.tmp").write_bytes(b"half")
    (tmp_path / "a.png").write_bytes(b"old")

    swept = sweep_leftovers(tmp_path)

    assert (swept, names(tmp_path)) == (1, ["a.png"])


@posix
def test_what_a_living_process_is_writing_stays(tmp_path: Path) -> None:
    name = f".a.png.{os.getppid()}-0123abcd.tmp"
    (tmp_path / name).write_bytes(b"half")

    assert (sweep_leftovers(tmp_path), names(tmp_path)) == (0, [name])


@posix
def test_what_the_process_of_another_user_is_writing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(_pid: int, _number: int) -> NoReturn:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "kill", kill)
    name = ".a.png.4711-0123abcd.tmp"
    (tmp_path / name).write_bytes(b"half")

    assert (sweep_leftovers(tmp_path), names(tmp_path)) == (0, [name])


def test_a_leftover_under_our_own_number_is_from_a_process_before_us(tmp_path: Path) -> None:
    """In a container every run may have one and the same number."""
    (tmp_path / f".a.png.{os.getpid()}-0123abcd.tmp").write_bytes(b"half")

    assert (sweep_leftovers(tmp_path), names(tmp_path)) == (1, [])


def test_what_a_thread_of_our_own_is_writing_stays(tmp_path: Path) -> None:
    swept: list[int] = []

    def write(file: BinaryIO) -> None:
        file.write(b"half")
        swept.append(sweep_leftovers(tmp_path))
        file.write(b" and half")

    write_stream(tmp_path / "a.zip", write)

    assert swept == [0]
    assert (names(tmp_path), read_file(tmp_path / "a.zip")) == (["a.zip"], b"half and half")


def test_a_long_file_whose_writer_gives_up_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    write_file(tmp_path / "a.zip", b"old")

    def write(file: BinaryIO) -> None:
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_stream(tmp_path / "a.zip", write)

    assert (names(tmp_path), read_file(tmp_path / "a.zip")) == (["a.zip"], b"old")


@pytest.mark.parametrize("name", [".a.tmp", "a.png.12-0123abcd.tmp", ".a.png.x-0123abcd.tmp", ".a.png.12-0123.tmp"])
def test_files_that_others_made_are_not_swept(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"theirs")

    assert (sweep_leftovers(tmp_path), names(tmp_path)) == (0, [name])


@posix
def test_a_number_that_no_process_can_have_does_not_break_the_sweep(tmp_path: Path) -> None:
    (tmp_path / f".a.png.{10**30}-0123abcd.tmp").write_bytes(b"half")

    assert (sweep_leftovers(tmp_path), names(tmp_path)) == (1, [])


def test_a_folder_that_is_not_there_has_nothing_to_sweep(tmp_path: Path) -> None:
    assert sweep_leftovers(tmp_path / "gone") == 0


WRITER = """
import sys
from pathlib import Path
from watercolor_rig.store.durable import write_file

folder = Path(sys.argv[1])
for turn in range(1_000_000):
    for name in ("a", "b", "c"):
        write_file(folder / name, bytes([turn % 251]) * 300_000)
    print(turn, flush=True)
"""


def whole(folder: Path) -> bool:
    """Return whether every file under a final name is one of the versions that were written."""
    contents = [path.read_bytes() for path in folder.iterdir() if path.suffix != ".tmp"]
    return all(len(data) == 300_000 and len(set(data)) == 1 for data in contents)


@posix
@pytest.mark.slow
def test_a_process_killed_at_any_moment_leaves_whole_files_and_nothing_that_is_not_swept(tmp_path: Path) -> None:
    dice = random.Random(7)
    for _ in range(15):
        command = [sys.executable, "-c", WRITER, str(tmp_path)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment())
        with writer:
            assert writer.stdout
            for _ in range(dice.randrange(1, 4)):
                assert writer.stdout.readline()
            spin(dice.randrange(30_000))
            writer.send_signal(signal.SIGKILL)

        assert whole(tmp_path)
    assert sweep_leftovers(tmp_path) >= 0
    assert names(tmp_path) == ["a", "b", "c"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_process_killed_at_a_system_call_leaves_whole_files(tmp_path: Path, call: str) -> None:
    strace = shutil.which("strace") or "strace"
    for when in (1, 2, 5):
        inject = ["-f", "-o", os.devnull, "-e", f"inject={call}:signal=SIGKILL:when={when}"]
        command = [strace, *inject, sys.executable, "-B", "-c", WRITER, str(tmp_path)]
        killed = subprocess.run(command, env=environment(), capture_output=True, check=False, timeout=PATIENCE_S)
        if killed.returncode != -signal.SIGKILL:
            pytest.skip(f"strace may not trace here: {killed.stderr.decode()}")

        assert whole(tmp_path)
    sweep_leftovers(tmp_path)
    assert all(path.suffix != ".tmp" for path in tmp_path.iterdir())


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(durable.__file__).parents[2])}


def spin(rounds: int) -> None:
    """Let a random moment pass."""
    for _ in range(rounds):
        pass
