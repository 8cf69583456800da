"""How much faster the embedded engine is on two cores than on one, and what a Dask cluster adds to the process pool.

Draws the adventurer at depth 3 in whole processes, from the start of Python to the last manifest, and prints medians
from one run: one worker; two workers; two runs of one worker beside each other, which is what this machine can give;
a Dask cluster of two workers on loopback. The ways take turns in every round. The cluster is up before, as one is, and
drew one run to get warm; the processes of the pool start within their run. Needs a machine that does nothing else: the
line of the two runs says whether it had two cores to give.

    .venv/bin/python benchmarks/local_speed.py [ROUNDS [DEPTH]]
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "adventurer"
DEFAULTS = (5, 3)
"""Rounds and depth."""


class Bench:
    """Runs over fresh copies of the example.

    Args:
        folder: Where the copies go.
        address: Of the cluster.
        depth: Rounds of halving.
    """

    def __init__(self, folder: Path, address: str, depth: int) -> None:
        self._folder = folder
        self._address = address
        self._depth = str(depth)
        self._names = count()

    def one_worker(self) -> float:
        """Return the seconds of a run on one core."""
        return self._seconds(["--max-workers", "1"])

    def two_workers(self) -> float:
        """Return the seconds of a run on two cores."""
        return self._seconds(["--max-workers", "2"])

    def two_runs(self) -> float:
        """Return the seconds of two runs of one worker each, at the same time."""
        return self._seconds(["--max-workers", "1"], ["--max-workers", "1"])

    def dask(self) -> float:
        """Return the seconds of a run over the cluster."""
        return self._seconds(["--cluster", self._address])

    def _seconds(self, *ways: list[str]) -> float:
        commands = [self._command(way) for way in ways]
        began = time.perf_counter()
        runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
        failed = [run.wait() for run in runs] != [0] * len(runs)
        seconds = time.perf_counter() - began
        for copy in self._folder.iterdir():
            shutil.rmtree(copy)
        if failed:
            raise SystemExit("[!] a run failed")
        return seconds

    def _command(self, way: list[str]) -> list[str]:
        project = self._folder / str(next(self._names))
        shutil.copytree(EXAMPLE, project)
        files = {"--config": "expressions.json", "--endpoints-dir": "frames/endpoints"}
        words = [word for flag, file in files.items() for word in (flag, str(project / file))]
        words += ["--sequences-dir", str(project / "frames/sequences"), "--engine", "local", "--max-depth", self._depth]
        return [sys.executable, str(ROOT / "generate_all_sequences.py"), *words, *way]


@contextmanager
def running_cluster(folder: Path) -> Iterator[str]:
    """Yield the address of a scheduler with two workers of one thread."""
    from distributed import Client  # noqa: PLC0415 - loaded where it is used, as everywhere

    file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    own = ["--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard"]
    worker = [*dask, "worker", *own, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    processes = [
        subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        for command in ([*dask, "scheduler", *own, "--port", "0"], worker, worker)
    ]
    try:
        while not file.exists():
            time.sleep(0.05)
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()


def main() -> None:
    """Print the table."""
    rounds, depth = (int(word) for word in [*sys.argv[1:], *map(str, DEFAULTS[len(sys.argv) - 1 :])])
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as cluster,
        running_cluster(Path(cluster)) as address,
    ):
        bench = Bench(Path(folder), address, depth)
        ways: dict[str, Callable[[], float]] = {
            "one worker": bench.one_worker,
            "two workers": bench.two_workers,
            "two runs of one worker": bench.two_runs,
            "Dask, two workers": bench.dask,
        }
        bench.dask()
        taken = [{way: run() for way, run in ways.items()} for _ in range(rounds)]
    middle = {way: statistics.median(round_[way] for round_ in taken) for way in ways}
    print(f"the adventurer at depth {depth}, medians of {rounds} rounds, {os.cpu_count()} cores")
    for way, seconds in middle.items():
        print(f"{way:<24} {seconds:6.2f} s   {min(r[way] for r in taken):6.2f} to {max(r[way] for r in taken):6.2f}")
    one, two, both, dask = middle.values()
    print(f"two workers against one:      {one / two:.2f} times (aim 1.85; two runs side by side {2 * one / both:.2f})")
    print(f"Dask against the process pool: {two / dask:.2f} (aim 0.80)")


if __name__ == "__main__":
    main()
