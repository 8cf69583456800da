"""File systems for tests that need one of their own: small, read-only, or cut off from power. They need root."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def tried(*command: str | Path) -> bool:
    """Run a command that may fail; return whether it did not."""
    return subprocess.run([str(word) for word in command], check=False, capture_output=True).returncode == 0


def can_mount() -> bool:
    """Return whether this process may mount anything."""
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    return tried("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt")


def can_loop() -> bool:
    """Return whether files can be mounted as disks, and which file systems those can have."""
    return can_mount() and Path("/dev/loop-control").exists() and all(map(shutil.which, ("mkfs.ext4", "mkfs.xfs")))


needs_mount = pytest.mark.skipif(not can_mount(), reason="needs root, and leave to mount")
needs_loop = pytest.mark.skipif(not can_loop(), reason="needs root, loop devices, mkfs.ext4 and mkfs.xfs (xfsprogs)")


def system(*command: str | Path) -> None:
    """Run a command that must succeed."""
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


@contextmanager
def mounted(at: Path, *how: str | Path) -> Iterator[Path]:
    """Mount something at a folder that is made; unmounted whatever happens."""
    at.mkdir(exist_ok=True)
    system("mount", *how, at)
    try:
        yield at
    finally:
        system("umount", at)


@contextmanager
def memory_disk(at: Path, size: str) -> Iterator[Path]:
    """Mount a disk in memory of that size, such as `2m`."""
    with mounted(at, "-t", "tmpfs", "-o", f"size={size}", "tmpfs") as disk:
        yield disk
