"""The order of work, as a state machine without I/O: outcomes and times go in, the next job comes out.

A job may start when every job it depends on is done; nothing else holds it back: no barrier between depths or
sequences. Among the startable ones the first by `job_graph.rank` goes first: one sequence after another gets complete,
and the last ones are spread over all workers. A worker that keeps what it has prepared (a process with decoded ends
and flow) asks by its own name: it stays with one group of jobs while there are any, takes a group that no other worker
is at next, and helps out in another's group only when nothing else is left.
"""

import heapq
from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Generic, TypeVar

from watercolor_rig.core.job_graph import Job, rank
from watercolor_rig.core.retry import RetryPolicy

K = TypeVar("K", bound=Hashable)

_FAR_MORE = 2


class JobState(Enum):
    """Where a job stands; the last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Retry:
    """The job goes back to the queue and starts no earlier than in `wait_s` seconds."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class Pause:
    """No job starts for `wait_s` seconds; the job goes back to the queue at no cost of a try."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class GiveUp(Generic[K]):
    """The job has failed for good, and with it every job that needs it."""

    blocked: tuple[K, ...]


@dataclass(frozen=True, slots=True)
class OutOfPatience:
    """The service has refused for so long that the run stops."""

    refused_s: float


class Schedule(Generic[K]):
    """Decides what starts next.

    Args:
        jobs: Group by group in order of preference; needs may point forwards.
        workers: How many will ask for jobs.
        policy: What happens after failures.
        rng: Source of the jitter.

    Raises:
        ValueError: if two jobs have one key, or jobs need each other in a circle.
    """

    def __init__(self, jobs: Sequence[Job[K]], workers: int, policy: RetryPolicy, rng: Random) -> None:
        self._jobs = {job.key: job for job in jobs}
        if len(self._jobs) < len(jobs):
            raise ValueError("two jobs have one key")
        self._rank: dict[K, int] = {}
        self._children: dict[K, list[K]] = {job.key: [] for job in jobs}
        self._open_needs: dict[K, int] = {}
        for job in jobs:
            needs = {need for need in job.needs if need in self._jobs}
            self._open_needs[job.key] = len(needs)
            for need in needs:
                self._children[need].append(job.key)
        self._state = dict.fromkeys(self._jobs, JobState.WAITING)
        self._unfinished = len(jobs)
        self._ordered_for = workers
        self._policy = policy
        self._rng = rng
        self._running = 0
        self._offered: set[K] = set()
        self._ready: list[tuple[int, K]] = []
        self._ready_by_group: dict[Hashable, list[tuple[int, K]]] = {}
        self._group_of_worker: dict[Hashable, Hashable] = {}
        self._delayed: list[tuple[float, int, K]] = []
        self._failures: dict[K, int] = {}
        self._refusals = 0
        self._refused_since_s: float | None = None
        self._paused_until_s = float("-inf")
        self._stopped = False
        self._preferred: Sequence[Hashable] = ()
        self._most = len(jobs)
        self._order_for(workers)
        for key, count in self._open_needs.items():
            if count == 0:
                self._offer(key)

    @property
    def states(self) -> Mapping[K, JobState]:
        """The state of every job."""
        return self._state

    @property
    def running(self) -> int:
        """How many jobs run now."""
        return self._running

    @property
    def finished(self) -> bool:
        """Whether nothing will start any more and nothing runs."""
        return self._unfinished == 0 or (self._stopped and self.running == 0)

    def limit(self, most: int) -> None:
        """Let no more than `most` jobs run at a time from now on; those that run already go on.

        Args:
            most: At least 1. Where it is far more than the workers that the order of work was made for, that is made
                anew, so that the last groups are spread over all.
        """
        self._most = most
        if most >= _FAR_MORE * self._ordered_for:
            self._order_for(most)

    def start(self, now_s: float, worker: Hashable | None = None) -> K | None:
        """Return the job that a free worker starts now, or None where none may start yet.

        Args:
            now_s: A clock that never runs backwards.
            worker: Name of a worker that should stay with one group, or None where it does not matter.
        """
        if self._stopped or self._running >= self._most or now_s < self._paused_until_s:
            return None
        while self._delayed and self._delayed[0][0] <= now_s:
            self._offer(heapq.heappop(self._delayed)[2])
        key = self._pop_preferred(worker)
        if key is None:
            key = self._pop(self._ready) if worker is None else self._pop_for(worker)
        if key is not None:
            self._state[key] = JobState.RUNNING
            self._running += 1
        return key

    def prefer(self, groups: Sequence[Hashable]) -> None:
        """Let the jobs of these groups go before all others from now on, as far as they may start."""
        self._preferred = groups

    def wake_at(self) -> float | None:
        """Return when `start` may next succeed although no job has ended, or None where it will not."""
        if self._stopped or self._running >= self._most:
            return None
        if self._offered:
            return self._paused_until_s
        return max(self._delayed[0][0], self._paused_until_s) if self._delayed else None

    def succeed(self, key: K) -> None:
        """Book a job as done; its children may start if nothing else holds them."""
        self._settle(key, JobState.DONE)
        self._refusals, self._refused_since_s = 0, None
        for child in self._children[key]:
            self._open_needs[child] -= 1
            if self._open_needs[child] == 0 and self._state[child] is JobState.WAITING:
                self._offer(child)

    def fail_transiently(self, key: K, now_s: float) -> Retry | None:
        """Book a failed try that a later one may not meet; None where it was the last: then the job still runs."""
        self._failures[key] = self._failures.get(key, 0) + 1
        wait_s = self._policy.wait_after_failure(self._failures[key], self._rng)
        if wait_s is None:
            return None
        self._put_back(key, now_s + wait_s)
        return Retry(wait_s)

    def refuse(self, key: K, now_s: float, named_s: float | None) -> Pause | OutOfPatience:
        """Book a refusal by a rate limit: everything waits, and no try is lost.

        Refusals of calls that were under way when the pause began count as one.
        """
        if self._refused_since_s is None:
            self._refused_since_s = now_s
        if now_s >= self._paused_until_s:
            self._refusals += 1
        wait_s = self._policy.wait_after_refusal(max(1, self._refusals), named_s)
        self._paused_until_s = max(self._paused_until_s, now_s + wait_s)
        self._put_back(key, now_s)
        refused_s = now_s - self._refused_since_s
        return OutOfPatience(refused_s) if refused_s > self._policy.patience_s else Pause(wait_s)

    def fail(self, key: K) -> GiveUp[K]:
        """Book a job as failed for good; return what it blocks, in order."""
        self._settle(key, JobState.FAILED)
        blocked = sorted(self._descendants(key), key=self._rank.__getitem__)
        for descendant in blocked:
            self._settle(descendant, JobState.BLOCKED)
        return GiveUp(tuple(blocked))

    def put_back(self, key: K, now_s: float) -> Retry:
        """Return a job whose worker was lost to the queue, at no cost of a try."""
        self._put_back(key, now_s)
        return Retry(0.0)

    def stop(self) -> None:
        """Start nothing more; what runs is still booked."""
        self._stopped = True

    def _order_for(self, workers: int) -> None:
        """Make the order of work for so many workers; what is on offer or delayed takes its new places."""
        self._ordered_for = workers
        self._rank = rank(list(self._jobs.values()), workers)
        offered, self._offered = self._offered, set()
        self._ready, self._ready_by_group = [], {}
        for key in offered:
            self._offer(key)
        self._delayed = [(not_before_s, self._rank[key], key) for not_before_s, _, key in self._delayed]
        heapq.heapify(self._delayed)

    def _offer(self, key: K) -> None:
        entry = (self._rank[key], key)
        self._offered.add(key)
        heapq.heappush(self._ready, entry)
        heapq.heappush(self._ready_by_group.setdefault(self._jobs[key].group, []), entry)

    def _pop(self, queue: list[tuple[int, K]], avoided: Container[Hashable] = ()) -> K | None:
        """Take the first job on offer; a job lies in two queues, so entries that were taken elsewhere are dropped."""
        passed_over = []
        taken = None
        while queue and taken is None:
            entry = heapq.heappop(queue)
            if entry[1] not in self._offered:
                continue
            if self._jobs[entry[1]].group in avoided:
                passed_over.append(entry)
            else:
                taken = entry[1]
                self._offered.discard(taken)
        for entry in passed_over:
            heapq.heappush(queue, entry)
        return taken

    def _pop_preferred(self, worker: Hashable | None) -> K | None:
        for group in self._preferred:
            key = self._pop(self._ready_by_group.get(group, []))
            if key is not None:
                if worker is not None:
                    self._group_of_worker[worker] = group
                return key
        return None

    def _pop_for(self, worker: Hashable) -> K | None:
        own = self._group_of_worker.pop(worker, None)
        others = set(self._group_of_worker.values())
        key = self._pop(self._ready_by_group.get(own, []))
        key = self._pop(self._ready, avoided=others) if key is None else key
        key = self._pop(self._ready) if key is None else key
        if key is not None:
            self._group_of_worker[worker] = self._jobs[key].group
        return key

    def _put_back(self, key: K, not_before_s: float) -> None:
        self._leave_running(key)
        self._state[key] = JobState.WAITING
        heapq.heappush(self._delayed, (not_before_s, self._rank[key], key))

    def _leave_running(self, key: K) -> None:
        if self._state[key] is JobState.RUNNING:
            self._running -= 1

    def _settle(self, key: K, state: JobState) -> None:
        self._leave_running(key)
        self._state[key] = state
        self._unfinished -= 1

    def _descendants(self, key: K) -> set[K]:
        found: set[K] = set()
        waiting = [key]
        while waiting:
            for child in self._children[waiting.pop()]:
                if child not in found and self._state[child] is JobState.WAITING:
                    found.add(child)
                    waiting.append(child)
        return found
