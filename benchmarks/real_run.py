"""Whole runs of the program against a service at scaled time: makespan against the exact bound, and against barriers.

Everything is real but the service: plan, schedule, threads, the SDK over HTTP on loopback, decoding, durable writes,
the ledger. 21 base paths at 5 poses at depth 3 make 735 frames. A run is `make_sequences` in this process; the service
is a process of its own on the same two cores. Its latency is a call's of about a minute, shortened: what the program
does for each frame is not shortened, so it weighs that much more here than in a run that people pay for. A run of one
frame goes before, so that loading the SDK (a second) is not counted against half a minute that stands for an hour.

The bound for constant latency is L · max_j (j + ceil(N_{>j}/W)), the least that any order of work can reach. The
barrier run makes the same calls, each with the same latency, one depth after the other.

    .venv/bin/python benchmarks/real_run.py
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fast_service import Running, picture, running
from rig_project import lay_project, options_of
from watercolor_rig.app.sequences import make_sequences
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.job_graph import makespan_bound
from watercolor_rig.core.times import bisection_parents, times_of_depth

SIZE = (24, 32)
PATHS, POSES, DEPTH = 21, 5, 3


@dataclass(frozen=True)
class Case:
    """One comparison; `mean_s` is the service's mean latency, `draws` how many sets of latencies the means are over."""

    law: str
    workers: int
    mean_s: float
    draws: int = 1


QUICK = (Case("constant", 32, 0.8), Case("lognormal", 32, 0.8), Case("lognormal", 128, 2.0))
FULL = (
    *(Case("constant", workers, mean_s) for workers, mean_s in ((8, 2.0), (32, 2.0), (128, 6.0))),
    *(Case("lognormal", workers, mean_s) for workers, mean_s in ((32, 2.0), (128, 2.5))),
)


def bound_s(case: Case) -> float:
    """Return the least time in which any order of work can make the frames."""
    parents = bisection_parents(times_of_depth(DEPTH))
    needs = {
        (sequence, t): [(sequence, parent) for parent in of_t if parent in parents]
        for sequence in range(PATHS * POSES)
        for t, of_t in parents.items()
    }
    return makespan_bound(needs, case.workers, case.mean_s)


def mean_seconds_of(case: Case, service: Running, *, barriers: bool) -> float:
    """Return the mean wall time over the draws."""
    return statistics.mean(seconds_of(case, service, draw, barriers=barriers) for draw in range(case.draws))


def seconds_of(case: Case, service: Running, draw: int, *, barriers: bool) -> float:
    """Run over an empty project; return its wall time."""
    service.wait(case.law, case.mean_s, draw)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        lay_project(root, PATHS, POSES, picture(*SIZE))
        began = time.perf_counter()
        for depth in range(1 if barriers else DEPTH, DEPTH + 1):
            status = make_sequences(options_of(root, depth, case.workers, SIZE), lambda _event: None, Toolbox())
            if status:
                raise SystemExit(f"a run ended with {status}")
        seconds = time.perf_counter() - began
    if service.log()["calls"] != PATHS * POSES * (2**DEPTH - 1):
        raise SystemExit(f"not the calls that were planned: {service.log()}")
    return seconds


def warm_up(service: Running) -> None:
    """Make one frame, so that everything is loaded."""
    service.wait("constant", 0.0)
    with tempfile.TemporaryDirectory() as name:
        lay_project(Path(name), 1, 1, picture(*SIZE))
        make_sequences(options_of(Path(name), 1, 1, SIZE), lambda _event: None, Toolbox())


def rows(cases: Sequence[Case], service: Running) -> Iterator[tuple[str, ...]]:
    """Yield the table."""
    yield "latency", "W", "mean s", "bound s", "ours s", "ours/bound", "barrier s", "barrier/ours"
    for case in cases:
        ours = mean_seconds_of(case, service, barriers=False)
        bound = bound_s(case)
        ratio = f"{ours / bound:.3f}" if case.law == "constant" else "-"
        row = (case.law, str(case.workers), f"{case.mean_s:g}", f"{bound:.1f}", f"{ours:.1f}", ratio)
        if case.law == "constant":
            yield (*row, "-", "-")
        else:
            barrier = mean_seconds_of(case, service, barriers=True)
            yield (*row, f"{barrier:.1f}", f"{barrier / ours:.2f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="three cases at a shorter latency, in three minutes")
    parser.add_argument("--workers", type=int, help="only the cases with so many workers")
    chosen = parser.parse_args()
    cases = [case for case in (QUICK if chosen.quick else FULL) if chosen.workers in (None, case.workers)]
    with running(*SIZE) as service, tempfile.TemporaryDirectory() as state:
        os.environ |= {"OPENAI_API_KEY": "sk-loopback", "OPENAI_BASE_URL": service.base_url}
        os.environ["WATERCOLOR_RIG_STATE_DIR"] = state
        warm_up(service)
        for row in rows(cases, service):
            print("  ".join(cell.rjust(12) for cell in row), flush=True)


if __name__ == "__main__":
    main()
