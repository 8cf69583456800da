"""One writer for each sequence: which job has which, and who waits for whom."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from threading import Condition

from watercolor_rig.core.ids import PathId


class CancelledWaitingError(Exception):
    """The job was ended while it waited for a sequence; never leaves the studio."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps a claimant waiting.

    Attributes:
        path: The first sequence of its claim that somebody has, or that goes to somebody before.
        holder: The name of whoever that is.
        wanted: The whole claim.
    """

    path: PathId
    holder: str
    wanted: frozenset[PathId]


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims.

    Attributes:
        name: Unique.
        urgent: Whether it goes before others that wait for the same.
        has_ended: Whether it wants nothing any more; `ClaimBook.wake` makes it be asked again.
        waits: Hears what it waits for; None when it goes on.
    """

    name: str
    urgent: bool
    has_ended: Callable[[], bool]
    waits: Callable[[Obstacle | None], None]


class ClaimBook:
    """The claims of one project. All of a claim is granted at once or none of it, so nobody waits in a circle."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._holders: dict[PathId, str] = {}
        self._queue: list[tuple[Claimant, frozenset[PathId]]] = []

    def claim(self, claimant: Claimant, paths: Iterable[PathId]) -> None:
        """Return when all of `paths` are the claimant's.

        Raises:
            CancelledWaitingError: if it has ended before.
        """
        wanted = frozenset(paths)
        told: Obstacle | None = None
        with self._changed:
            self._queue.append((claimant, wanted))
        try:
            while True:
                with self._changed:
                    if claimant.has_ended():
                        raise CancelledWaitingError
                    obstacle = self._obstacle(claimant, wanted)
                    if obstacle is None:
                        self._holders.update(dict.fromkeys(wanted, claimant.name))
                        break
                    if obstacle == told:
                        self._changed.wait()
                        continue
                told = obstacle
                claimant.waits(told)  # outside the lock: it may say so to many
        finally:
            with self._changed:
                self._queue.remove((claimant, wanted))
                self._changed.notify_all()
        if told is not None:
            claimant.waits(None)

    def claim_at_once(self, name: str, paths: Collection[PathId]) -> tuple[PathId, str] | None:
        """Claim all of `paths` and return None, or return one that somebody has, and who; then nothing is claimed."""
        with self._changed:
            for path in sorted(paths):
                if path in self._holders:
                    return path, self._holders[path]
            self._holders.update(dict.fromkeys(paths, name))
            return None

    def release(self, name: str, paths: Iterable[PathId] | None = None) -> list[PathId]:
        """Let go of those of `paths` that a claimant has, or of all; return which those were."""
        with self._changed:
            wanted = list(self._holders) if paths is None else paths
            released = [path for path in wanted if self._holders.get(path) == name]
            for path in released:
                del self._holders[path]
            self._changed.notify_all()
        return released

    def wake(self) -> None:
        """Have all that wait look whether they have ended."""
        with self._changed:
            self._changed.notify_all()

    def _obstacle(self, claimant: Claimant, wanted: frozenset[PathId]) -> Obstacle | None:
        for path in sorted(wanted):
            holder = self._holders.get(path)
            if holder is not None and holder != claimant.name:
                return Obstacle(path, holder, wanted)
        if not claimant.urgent:
            for other, paths in self._queue:
                if other.urgent and (shared := wanted & paths):
                    return Obstacle(min(shared), other.name, wanted)
        return None


@dataclass(frozen=True, slots=True)
class JobClaims:
    """The claims of one job, as its run sees them.

    Attributes:
        book: Of the project.
        claimant: The job.
        released: Hears of sequences that it has let go.
    """

    book: ClaimBook
    claimant: Claimant
    released: Callable[[list[PathId]], None]

    def claim(self, paths: Iterable[PathId]) -> None:
        """Return when all of them are this job's.

        Raises:
            CancelledWaitingError: if the job has ended before.
        """
        self.book.claim(self.claimant, paths)

    def release(self, paths: Iterable[PathId]) -> None:
        """Let others have them."""
        self.released(self.book.release(self.claimant.name, paths))
