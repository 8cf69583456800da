"""Faults by strace: a signal or an error at the k-th system call of one kind, on the thread that writes.

strace counts the calls of each kind for each thread by itself. All files are written on the first thread, and only that
one is traced, so the k-th call is the same in every run. Calls that only read change nothing that a kill could tear:
a kill at one of them leaves what the next writing call would find.
"""

import os
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from faults.workload import Ended, Workload

STRACE = shutil.which("strace") or ""

WRITING = (
    *("openat", "mkdir", "write", "pwrite64", "ftruncate"),
    *("fsync", "fdatasync", "chmod", "fchmod", "rename", "unlink", "link"),
)  # fmt: skip
"""Calls that change what lies on a disk, or make the change last."""

_LINE = re.compile(r"(?P<call>\w+)\((?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Point:
    """One system call of a run: the `at`-th of its kind on the first thread."""

    call: str
    at: int
    line: str

    def __str__(self) -> str:
        return f"{self.call}#{self.at}"

    def inject(self, what: str) -> tuple[str, ...]:
        """Return the command that brings the fault about."""
        return (STRACE, "-o", os.devnull, "-e", f"trace={self.call}", "-e", f"inject={self.call}:{what}:when={self.at}")


def can_trace() -> bool:
    """Return whether strace is here and may trace."""
    if not STRACE:
        return False
    inject = ["-e", "trace=getppid", "-e", "inject=getppid:error=EPERM"]
    tried = subprocess.run([STRACE, *inject, "true"], capture_output=True, check=False)
    return tried.returncode == 0


needs_strace = pytest.mark.skipif(not can_trace(), reason="needs strace, and leave to trace (apt install strace)")


def points_of(workload: Workload, trace: Path) -> list[Point]:
    """Run the workload under watch; return its calls that write in the project, in order."""
    calls = ",".join(WRITING)
    ended = workload.run(STRACE, "-y", "-s", "300", "-o", str(trace), "-e", f"trace=?{calls.replace(',', ',?')}")
    assert ended.status == 0, ended.err
    counts: Counter[str] = Counter()
    found = []
    for line in trace.read_text().splitlines():
        match = _LINE.match(line)
        if match:
            counts[match["call"]] += 1
            if _changes(match["call"], match["rest"], workload.root):
                found.append(Point(match["call"], counts[match["call"]], line))
    return found


def _changes(call: str, rest: str, root: Path) -> bool:
    if f"{root}/" not in rest:
        return False
    return call != "openat" or any(flag in rest for flag in ("O_CREAT", "O_WRONLY", "O_RDWR", "O_TRUNC"))


def sample(points: Sequence[Point], most: int, seed: int) -> list[Point]:
    """Return a few of the points, spread over the run."""
    dice = random.Random(seed)
    step = max(1, len(points) // most)
    return [points[min(len(points) - 1, at + dice.randrange(step))] for at in range(0, len(points), step)][:most]


def run_with(workload: Workload, point: Point, what: str, **how: Any) -> Ended:
    """Run the workload with a fault at one point."""
    return workload.run(*point.inject(what), **how)
