"""A Dask cluster of real processes on 127.0.0.1: one scheduler, some workers, no nannies, no dashboards."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import watercolor_rig

_SCHEDULER = """
import asyncio, sys
from distributed import Scheduler
async def main():
    async with Scheduler(host="127.0.0.1", port=int(sys.argv[1]), dashboard=False) as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()
asyncio.run(main())
"""

_WORKER = """
import asyncio, sys
from distributed import Worker
async def main():
    quiet = {"host": "127.0.0.1", "dashboard": False, "local_directory": sys.argv[2]}
    async with Worker(sys.argv[1], nthreads=1, **quiet) as worker:
        print(worker.address, flush=True)
        await worker.finished()
asyncio.run(main())
"""


class DaskCluster:
    """A scheduler and its workers; gone when the context ends.

    Args:
        folder: Where the workers keep their scratch files.
        workers: How many.
    """

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self._folder = folder
        self.scheduler, self.address = self._begin(_SCHEDULER, "0")
        self.workers: dict[str, subprocess.Popen[str]] = {}
        begun = [self._popen(_WORKER, self.address, str(folder)) for _ in range(workers)]
        self.workers = {_line_of(process): process for process in begun}

    def add_worker(self) -> str:
        """Start one more; return its address."""
        process, address = self._begin(_WORKER, self.address, str(self._folder))
        self.workers[address] = process
        return address

    def kill_worker(self, address: str | None = None) -> None:
        """End a worker as `kill -9` does."""
        _end(self.workers.pop(address or next(iter(self.workers))))

    def kill_scheduler(self) -> None:
        """End the scheduler as `kill -9` does."""
        _end(self.scheduler)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        for process in (*self.workers.values(), self.scheduler):
            _end(process)

    def _begin(self, program: str, *words: str) -> tuple[subprocess.Popen[str], str]:
        process = self._popen(program, *words)
        return process, _line_of(process)

    def _popen(self, program: str, *words: str) -> subprocess.Popen[str]:
        paths = [str(Path(watercolor_rig.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        own = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
        command: Sequence[str] = [sys.executable, "-c", program, *words]
        return subprocess.Popen(
            command, env=os.environ | own, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )


def _line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    line = process.stdout.readline().strip()
    assert line, "a process of the cluster did not start"
    return line


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()
