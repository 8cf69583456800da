"""Jobs that need each other: their order of work, and how long they must take.

The tweens of a sequence form two trees below its endpoints, so a run is a forest, or nearly so.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

TAIL_GROUPS_PER_WORKER = 2
"""The last groups, that many for each worker, are worked on together, highest level first."""


@dataclass(frozen=True, slots=True)
class Job(Generic[K]):
    """One unit of work.

    Attributes:
        key: Its identity.
        needs: Keys of the jobs that must be done before; keys of no job count as done.
        group: What it shares preparation with (its sequence).
    """

    key: K
    needs: tuple[K, ...]
    group: Hashable


def rank(jobs: Sequence[Job[K]], workers: int) -> dict[K, int]:
    """Return each job's place in the order of work; of the startable jobs, the lowest place goes first.

    Group after group, so that the first is complete early. Only in the last 2·W groups the job with the longest chain
    behind it goes first, then the one with most jobs behind it: what is left to do at the end is then as parallel as
    it can be, and the makespan stays within a percent of the best (highest level first; T. C. Hu, "Parallel Sequencing
    and Assembly Line Problems", Operations Research 9, 1961).

    Args:
        jobs: Group by group, in order of preference.
        workers: At least 1.

    Raises:
        ValueError: if jobs need each other in a circle.
    """
    order = topological_order({job.key: job.needs for job in jobs})
    height, below = dict.fromkeys(order, 0), dict.fromkeys(order, 0)
    needs = {job.key: [need for need in job.needs if need in height] for job in jobs}
    for key in reversed(order):
        for need in needs[key]:
            height[need] = max(height[need], height[key] + 1)
            below[need] += below[key] + 1
    groups = {group: at for at, group in enumerate(dict.fromkeys(job.group for job in jobs))}
    tail = len(groups) - TAIL_GROUPS_PER_WORKER * workers

    def place(at_and_job: tuple[int, Job[K]]) -> tuple[int, ...]:
        at, job = at_and_job
        group = groups[job.group]
        if group < tail:
            return (0, group, -height[job.key], -below[job.key], at)
        return (1, -height[job.key], -below[job.key], group, at)

    return {job.key: place for place, (_, job) in enumerate(sorted(enumerate(jobs), key=place))}


def makespan_bound(
    needs: Mapping[K, Iterable[K]],
    workers: int,
    latency_s: float,
    per_minute: float | None = None,
) -> float:
    """Return the least time that jobs of equal length can take on `workers` workers.

    L · max_j (j + ceil(N_{>j} / W)), N_{>j} being the jobs deeper than j. For forests, highest level first reaches it
    (T. C. Hu, as above). With R starts a minute also max_j ((j + 1) · L + (N_{>j} - 1) / R), the larger of the two.

    Args:
        needs: Job to the jobs it needs; needs that are no job count as done.
        workers: At least 1.
        latency_s: Length of one job in seconds.
        per_minute: Jobs that may start in a minute, or None for any number.

    Raises:
        ValueError: if jobs need each other in a circle.
    """
    depth: dict[K, int] = {}
    for key in topological_order(needs):
        depth[key] = 1 + max((depth[need] for need in needs[key] if need in depth), default=0)
    levels = [0] * (max(depth.values(), default=0) + 1)
    for level in depth.values():
        levels[level] += 1
    spacing_s = 60.0 / per_minute if per_minute else 0.0
    longest_s, deeper = 0.0, len(depth)
    for level, count in enumerate(levels):
        deeper -= count
        if deeper:
            busy_s = (level + -(-deeper // workers)) * latency_s
            longest_s = max(longest_s, busy_s, (level + 1) * latency_s + (deeper - 1) * spacing_s)
    return longest_s


def topological_order(needs: Mapping[K, Iterable[K]]) -> list[K]:
    """Return the jobs so that each comes after all that it needs.

    Raises:
        ValueError: if jobs need each other in a circle.
    """
    children: dict[K, list[K]] = {key: [] for key in needs}
    waiting: dict[K, int] = {}
    for key, its_needs in needs.items():
        known = {need for need in its_needs if need in children}
        waiting[key] = len(known)
        for need in known:
            children[need].append(key)
    order = [key for key, count in waiting.items() if count == 0]
    for key in order:  # grows while it is walked
        for child in children[key]:
            waiting[child] -= 1
            if waiting[child] == 0:
                order.append(child)
    if len(order) < len(children):
        raise ValueError("jobs need each other in a circle")
    return order
