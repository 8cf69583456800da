"""The power goes: what was said to be made is there, and no file that the disk brings back is broken.

The project lies on an ext4 that lies in a file on an XFS. A clone of that file, taken in a moment (XFS shares its
blocks), is the disk as it was then: what the kernel still held back is lost, as in a power cut. `noauto_da_alloc` takes
away ext4's own kindness to programs that forget to flush.
"""

import random
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from faults.mounts import mounted, needs_loop, system
from faults.workload import Ended, Workload, debts, wounds

pytestmark = [needs_loop, pytest.mark.faults, pytest.mark.timeout(600)]

CUTS = 40
EXPRESSIONS = ("aa", "bb", "cc", "dd", "ee", "ff", "gg")


@dataclass(frozen=True, slots=True)
class Cut:
    """The disk at one moment, what had been said by then, and what had been asked for."""

    image: Path
    said: str
    calls: str


@contextmanager
def disk_in_a_file(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield an image on a file system that clones files, and where it is mounted."""
    outer = folder / "outer.img"
    with outer.open("wb") as file:
        file.truncate(400 << 20)
    system("mkfs.xfs", "-q", "-m", "reflink=1", outer)
    with mounted(folder / "outer", "-o", "loop", outer) as clones:
        image = clones / "disk.img"
        with image.open("wb") as file:
            file.truncate(48 << 20)
        system("mkfs.ext4", "-q", image)
        with mounted(folder / "disk", "-o", "loop,noauto_da_alloc,commit=60", image) as disk:
            yield image, disk


def cut_again_and_again(workload: Workload, image: Path, dice: random.Random) -> list[Cut]:
    """Run the workload; return the disk as it was at random moments."""
    cuts: list[Cut] = []
    lines: list[str] = []
    with subprocess.Popen(
        workload.command, env=workload.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as run:
        assert run.stdout
        reader = threading.Thread(target=lambda out: lines.extend(out), args=(run.stdout,))  # noqa: PLW0108 - lazily
        reader.start()
        while run.poll() is None:
            time.sleep(dice.uniform(0, 0.05))
            if len(cuts) < CUTS and lines:
                said, calls = "".join(lines), workload.calls_file.read_text() if workload.calls_file.exists() else ""
                snapshot = image.with_name(f"cut_{len(cuts)}.img")
                system("cp", "--reflink=always", image, snapshot)
                cuts.append(Cut(snapshot, said, calls))
        reader.join()
    assert run.returncode == 0, "".join(lines)
    return cuts


def harm_of(cut: Cut, at: Path, calls: Path) -> list[str]:
    """Return what is wrong with the disk after the cut, and after a run that goes on there, in words."""
    calls.write_text(cut.calls)
    with mounted(at, "-o", "loop", cut.image) as disk:
        workload = Workload(disk / "project", calls, depth=3, expressions=EXPRESSIONS)
        found = [f"lost: {name}" for name in Ended(0, cut.said, "").made if not (workload.sequences / name).is_file()]
        found += wounds(workload.root)
        booked = workload.outcomes()
        found += [f"called, but not on record: {frame}" for frame in workload.calls() if frame not in booked]
        again = workload.run()
        found += [] if again.status == 0 else [f"the next run ended with {again.status}: {again.out}{again.err}"]
        found += wounds(workload.root) + debts(workload) + [f"left over: {name}" for name in workload.leftovers()]
    return [f"{cut.image.name}: {fault}" for fault in found]


def test_a_power_cut_loses_nothing_that_was_said_and_breaks_nothing(tmp_path: Path) -> None:
    dice = random.Random(22)
    with disk_in_a_file(tmp_path) as (image, disk):
        workload = Workload(disk / "project", tmp_path / "calls", depth=3, expressions=EXPRESSIONS).lay()
        system("sync", "-f", disk)
        cuts = cut_again_and_again(workload, image, dice)
        harm = [fault for cut in cuts for fault in harm_of(cut, tmp_path / "after", tmp_path / "calls_after")]

        assert harm == []
        assert len({cut.said for cut in cuts}) > CUTS // 3
        shutil.rmtree(disk / "project")
