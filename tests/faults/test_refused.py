"""A system call that fails: no space, a broken disk, an interruption, a write that writes less than it was given.

Whatever fails and wherever: one sentence for the user instead of a traceback, nothing torn, and the next run completes.
"""

import errno
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from faults.test_killed import undisturbed
from faults.tracing import Point, needs_strace, run_with, sample
from faults.workload import Workload, debts, wounds

pytestmark = needs_strace

FAULTS = {
    "full": ("error=ENOSPC", ("openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "mkdir", "ftruncate")),
    "broken": ("error=EIO", ("openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "mkdir", "unlink")),
    "interrupted": ("error=EINTR", ("openat", "write", "pwrite64", "fsync", "ftruncate")),
    "short": ("retval=0", ("write", "pwrite64")),
}
"""Fault to what strace does, and at which calls; a write of no bytes is the shortest that is allowed."""

REASONS = (
    os.strerror(errno.ENOSPC),
    os.strerror(errno.EIO),
    "disk is full",
    "disk I/O error",
    "unable to open database",
    "attempt to write a readonly database",  # SQLite opens for reading what it may not open for writing
)


def harm_of_an_error(root: Path, point: Point, what: str, whole: dict[str, bytes]) -> list[str]:
    """Let one call fail, run again, and return what is wrong after either, in words."""
    workload = Workload(root).lay()
    ended = run_with(workload, point, what)
    said = ended.out + ended.err
    found = []
    if ended.status not in {0, 1} or "Traceback" in said:
        found.append(f"ended with {ended.status}: {said[-600:]}")
    elif ended.status == 1 and not any(reason in said for reason in REASONS):
        found.append(f"does not say why: {said[-600:]}")
    found += [f"said to be made: {name}" for name in ended.made if not (workload.sequences / name).is_file()]
    found += [f"after it: {wound}" for wound in wounds(root)]
    again = workload.run()
    if again.status:
        found.append(f"the next run ended with {again.status}: {again.out[-600:]}{again.err[-600:]}")
    found += [f"at the end: {wound}" for wound in wounds(root)]
    found += [f"left over: {name}" for name in workload.leftovers()]
    files = workload.files()
    found += [f"not as undisturbed: {name}" for name in sorted(whole) if files.get(name) != whole[name]]
    return [f"{point} {what}: {fault} ({point.line[:120]})" for fault in found + debts(workload)]


def harm(folder: Path, faults: Iterable[tuple[Point, str]], whole: dict[str, bytes]) -> list[str]:
    with ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(harm_of_an_error, folder / f"at_{number}", point, what, whole)
            for number, (point, what) in enumerate(faults)
        ]
        return [fault for done in waiting for fault in done.result()]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_disk_that_fails_at_some_system_calls_tears_nothing_and_is_said(tmp_path: Path, fault: str) -> None:
    points, whole = undisturbed(tmp_path)
    what, calls = FAULTS[fault]
    chosen = sample([point for point in points if point.call in calls], 3, seed=21)

    assert harm(tmp_path, [(point, what) for point in chosen], whole) == []


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_disk_that_fails_at_any_system_call_tears_nothing_and_is_said(tmp_path: Path, fault: str) -> None:
    points, whole = undisturbed(tmp_path)
    what, calls = FAULTS[fault]

    assert harm(tmp_path, [(point, what) for point in points if point.call in calls], whole) == []
