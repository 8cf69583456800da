"""How long the jobs still need that a run has left: the bound of `job_graph`, kept up to date while the run goes on.

The bound counts jobs by depth, so an outlook keeps those counts and corrects them as jobs come to their end; a depth
only ever falls, so that a whole run corrects each job a few times. Calls that are under way count by what is left of
them: the estimate then falls smoothly instead of by a whole call at a time.
"""

from collections.abc import Hashable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

from watercolor_rig.core.job_graph import Job, topological_order

K = TypeVar("K", bound=Hashable)


class Outlook(Generic[K]):
    """The jobs that have not come to their end.

    Args:
        jobs: As the schedule gets them.

    Raises:
        ValueError: if jobs need each other in a circle.
    """

    def __init__(self, jobs: Sequence[Job[K]]) -> None:
        needs = {job.key: job.needs for job in jobs}
        self._needs: dict[K, tuple[K, ...]] = {}
        self._children: dict[K, list[K]] = {key: [] for key in needs}
        self._depth: dict[K, int] = {}
        self._levels: list[int] = [0]
        self._began_s: dict[K, float] = {}
        self._not_before_s = float("-inf")
        self._stopped = False
        for key in topological_order(needs):
            self._needs[key] = tuple(need for need in needs[key] if need in needs)
            for need in self._needs[key]:
                self._children[need].append(key)
            depth = self._depth_of(key)
            self._levels += [0] * (depth + 1 - len(self._levels))
            self._levels[depth] += 1
            self._depth[key] = depth

    @property
    def open(self) -> int:
        """Jobs that have not come to their end and will: after a stop, those that are under way."""
        return len(self._began_s if self._stopped else self._depth)

    def start(self, key: K, now_s: float) -> None:
        """Hear of a job that begins."""
        self._began_s[key] = now_s

    def put_back(self, key: K) -> None:
        """Hear of a job whose try has failed and that waits again."""
        self._began_s.pop(key, None)

    def end(self, key: K) -> None:
        """Hear of a job that is done, has failed or is blocked; one that has come to its end before is no error."""
        self.put_back(key)
        depth = self._depth.pop(key, None)
        if depth is None:
            return
        self._levels[depth] -= 1
        shallower = self._children[key][:]
        for child in shallower:  # grows while it is walked
            before = self._depth.get(child)
            if before is None or (now := self._depth_of(child)) == before:
                continue
            self._levels[before] -= 1
            self._levels[now] += 1
            self._depth[child] = now
            shallower += self._children[child]

    def pause(self, until_s: float) -> None:
        """Hear that nothing starts for a while."""
        self._not_before_s = max(self._not_before_s, until_s)

    def stop(self) -> None:
        """Hear that nothing starts any more; what is under way comes to its end."""
        self._stopped = True

    def least_s(self, now_s: float, workers: int, latency_s: float, per_minute: float | None = None) -> float:
        """Return the least time that is left if every job takes `latency_s`; before the first starts, `makespan_bound`.

        Where r are the seconds that workers are still busy, in rising order, a_j the first moment at which jobs below
        level j may start, and N_j how many of them wait: the one that starts last starts as the ((N_j - 1) mod W)-th
        worker's, after as many whole rounds as there are, at max(r, a_j) + ((N_j - 1) div W) · L. The largest over
        all j counts; with R starts a minute also a_j + (N_j - 1) / R.

        Args:
            now_s: The clock of `start`.
            workers: Calls at once, at least 1.
            latency_s: L, the length of one job in seconds, above 0.
            per_minute: R, jobs that may start in a minute, or None for any number.
        """
        under_way = [min(latency_s, max(0.0, latency_s - now_s + began_s)) for began_s in self._began_s.values()]
        under_way.sort()
        longest_s = under_way[-1] if under_way else 0.0
        if self._stopped:
            return longest_s
        busy = [0.0] * (workers - len(under_way)) + under_way
        spacing_s = 60.0 / per_minute if per_minute else 0.0
        may_start_s = max(0.0, self._not_before_s - now_s)
        first_end_s = may_start_s + latency_s if not under_way else min(under_way[0], may_start_s + latency_s)
        deeper = list(accumulate(reversed(self._levels)))[::-1]
        for level, count in enumerate(deeper[1:]):
            waiting = count if level else count - len(under_way)
            if waiting <= 0:
                continue
            after_s = may_start_s if level == 0 else max(may_start_s, first_end_s + (level - 1) * latency_s)
            rounds, last = divmod(waiting - 1, len(busy))
            started_s = max(max(busy[last], after_s) + rounds * latency_s, after_s + (waiting - 1) * spacing_s)
            longest_s = max(longest_s, started_s + latency_s)
        return longest_s

    def _depth_of(self, key: K) -> int:
        """Return 1 for a job that needs nothing that is open, else one more than the deepest that it needs."""
        return 1 + max((self._depth[need] for need in self._needs[key] if need in self._depth), default=0)
