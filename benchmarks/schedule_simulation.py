"""How close the scheduler comes to what is possible, on a virtual clock.

Drives the real `Schedule` with simulated calls and prints, for each case: the makespan of the run, its ratio to the
exact bound for equal latencies (L · max_j (j + ceil(N_{>j}/W)), or with R calls a minute
max_j ((j+1) L + N_{>j}/R)), the time of the first complete sequence, and the same for a scheduler with a barrier after
every depth. Latencies have a mean of 60 s; a hung call ends after `--deadline` seconds and is tried again.

    .venv/bin/python benchmarks/schedule_simulation.py
"""

import argparse
import heapq
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf
from random import Random

from watercolor_rig.core.job_graph import Job, makespan_bound
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.core.schedule import Retry, Schedule
from watercolor_rig.core.times import bisection_parents, times_of_depth

MEAN_S = 60.0
HUNG = 0.02
MINUTE_S = 60.0

Key = tuple[int, Fraction]
Latency = Callable[[Random], float]

LATENCIES: dict[str, Latency] = {
    "constant": lambda _rng: MEAN_S,
    "lognormal 1.0": lambda rng: rng.lognormvariate(0.0, 1.0) * MEAN_S / exp(0.5),
    "Pareto 1.5": lambda rng: rng.paretovariate(1.5) * MEAN_S / 3,
    "lognormal 0.5, 2 % hung": lambda rng: (
        inf if rng.random() < HUNG else rng.lognormvariate(0.0, 0.5) * MEAN_S / exp(0.125)
    ),
}


@dataclass(frozen=True)
class Case:
    """One plan and the workers for it; `rate` is in calls a minute."""

    name: str
    sequences: int
    depth: int
    workers: int
    rate: float = inf


CASES = [
    *(Case("3 sequences, depth 2", 3, 2, workers) for workers in (2, 4, 6, 8)),
    *(Case("21 paths x 5 poses, depth 3", 105, 3, workers) for workers in (8, 32, 128)),
    Case("10,003 frames, depth 3", 1429, 3, 256),
    *(Case("21 paths x 5 poses, depth 3", 105, 3, 512, rate) for rate in (5.0, 20.0, 50.0, 250.0)),
]


def jobs_of(case: Case) -> list[Job[Key]]:
    """Return the drawings of a case."""
    tree = bisection_parents(times_of_depth(case.depth))
    return [
        Job((sequence, t), tuple((sequence, parent) for parent in pair), sequence)
        for sequence in range(case.sequences)
        for t, pair in tree.items()
    ]


def simulate(case: Case, latency: Latency, seed: int, deadline_s: float) -> tuple[float, float]:
    """Return the seconds until everything, and until the first sequence, is done."""
    rng = Random(seed)
    jobs = jobs_of(case)
    schedule: Schedule[Key] = Schedule(jobs, case.workers, RetryPolicy(tries=1000, first_wait_s=0.0), rng)
    left = dict.fromkeys(range(case.sequences), len(jobs) // case.sequences)
    ends: list[tuple[float, Key, bool]] = []
    now_s, permit_s, first_s = 0.0, 0.0, inf
    while not schedule.finished:
        while schedule.running < case.workers and permit_s <= now_s:
            key = schedule.start(now_s)
            if key is None:
                break
            permit_s = max(permit_s, now_s) + MINUTE_S / case.rate
            takes_s = latency(rng)
            heapq.heappush(ends, (now_s + min(takes_s, deadline_s), key, takes_s <= deadline_s))
        wake_s = permit_s if permit_s > now_s and schedule.running < case.workers and schedule.wake_at() else inf
        if ends and ends[0][0] <= wake_s:
            now_s, key, answered = heapq.heappop(ends)
            if answered:
                schedule.succeed(key)
                left[key[0]] -= 1
                first_s = min(first_s, now_s) if left[key[0]] == 0 else first_s
            else:
                assert isinstance(schedule.fail_transiently(key, now_s), Retry)  # noqa: S101 - 1000 tries
        else:
            now_s = max(wake_s, now_s)
    return now_s, first_s


def with_barriers(case: Case, latency: Latency, seed: int, deadline_s: float) -> float:
    """Return the seconds of the same calls where each depth waits for the whole of the one before."""
    rng = Random(seed)
    now_s, permit_s = 0.0, 0.0
    for depth in range(case.depth):
        free = [now_s] * case.workers
        heapq.heapify(free)
        for _ in range(case.sequences * 2**depth):
            start_s = max(heapq.heappop(free), permit_s)
            permit_s = start_s + MINUTE_S / case.rate
            end_s = start_s
            while (takes_s := latency(rng)) > deadline_s:
                end_s += deadline_s
            heapq.heappush(free, end_s + takes_s)
        now_s = max(free)
    return now_s


def bound(case: Case) -> float:
    """Return the least seconds for calls of equal length."""
    needs = {job.key: job.needs for job in jobs_of(case)}
    if case.rate == inf:
        return makespan_bound(needs, case.workers, MEAN_S)
    deeper: list[int] = [case.sequences * (2**case.depth - (1 << depth)) for depth in range(case.depth)]
    paced: Iterator[float] = (
        (depth + 1) * MEAN_S + (count - 1) * MINUTE_S / case.rate for depth, count in enumerate(deeper)
    )
    return max(paced)


def rows(runs: int, deadline_s: float) -> Iterator[str]:
    """Yield the table."""
    yield f"{'case':30s} {'W':>4s} {'R/min':>6s} {'latency':24s} {'min':>7s} {'÷bound':>7s} {'first':>7s} {'barrier':>8s} {'gain':>6s}"  # noqa: E501 - a table's head
    for case in CASES:
        for name, latency in LATENCIES.items():
            if case.rate < inf and name != "constant":
                continue
            seeds = range(1 if name == "constant" else runs)
            ours = [simulate(case, latency, seed, deadline_s) for seed in seeds]
            barrier = statistics.mean(with_barriers(case, latency, seed, deadline_s) for seed in seeds)
            total, first = (statistics.mean(values) for values in zip(*ours, strict=True))
            rate = "-" if case.rate == inf else f"{case.rate:.0f}"
            yield (
                f"{case.name:30s} {case.workers:4d} {rate:>6s} {name:24s} {total / 60:7.2f} {total / bound(case):7.3f} "
                f"{first / 60:7.2f} {barrier / 60:8.2f} {barrier / total:6.2f}"
            )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="seeds per random case (default: 5)")
    parser.add_argument("--deadline", type=float, default=180.0, help="seconds after which a call is given up")
    chosen = parser.parse_args()
    for row in rows(chosen.runs, chosen.deadline):
        print(row, flush=True)


if __name__ == "__main__":
    main()
