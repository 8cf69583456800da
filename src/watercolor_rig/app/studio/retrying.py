"""Trying again: what is left of a job, and which answers were paid for already."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from watercolor_rig.app.memory import Memory
from watercolor_rig.app.studio.history import TakeHistory
from watercolor_rig.app.studio.job_view import JobState, JobView
from watercolor_rig.app.studio.orders import ExpressionsWork, Order, RegenerateWork, SequencesWork
from watercolor_rig.app.takes import digest_of
from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.ids import SEPARATOR
from watercolor_rig.core.times import from_json_number
from watercolor_rig.store.ledger_reading import LedgerReader, Take

_COMMAND = "studio job "


def command_of(job_id: str) -> str:
    """Return what the ledger calls the run of a job."""
    return f"{_COMMAND}{job_id}"


def order_of_the_rest(job: JobView) -> Order:
    """Return the order of what failed or was not started.

    What exists is skipped by every run. Where existing frames were to be made again, and for frames made anew, those
    that failed are asked for; a job that ended before all had their turn is asked for whole, and what it had
    been answered is recalled.

    Raises:
        UsageError: if the job has not ended, or nothing is left.
    """
    if not job.state.is_final:
        raise UsageError(f"job {job.id!r} has not ended; cancel it first, or wait")
    if job.state is JobState.DONE:
        raise UsageError(f"job {job.id!r} is done; nothing is left to try again")
    order, work = job.order, job.order.work
    if job.blocked or not job.failures or any(not failure.subject for failure in job.failures):
        return order
    if isinstance(work, SequencesWork) and work.overwrite:
        return replace(order, work=replace(work, paths=tuple(sorted({failure.subject for failure in job.failures}))))
    if isinstance(work, ExpressionsWork) and work.overwrite:
        names = sorted({failure.subject.rpartition(SEPARATOR)[0] for failure in job.failures})
        return replace(order, work=replace(work, expressions=tuple(names)))
    if isinstance(work, RegenerateWork):
        failed = {from_json_number(f.t) for f in job.failures if f.t is not None and f.subject == work.path_id}
        times = tuple(t for t in work.times if t in failed)
        return replace(order, work=replace(work, times=times)) if times else order
    return order


@dataclass(frozen=True, slots=True)
class Recall:
    """Which takes answer a run that asks for new pictures, although an equal request brought them before.

    Attributes:
        memory: Of the project.
        history: Of its takes.
        lineage: Ids of the jobs that this one is another try of.
        is_alive: Whether a job goes on now.
    """

    memory: Memory
    history: TakeHistory
    lineage: Collection[str]
    is_alive: Callable[[str], bool]

    def __call__(self, take: Take) -> bool:
        """Return whether a take came in an earlier try of the job, or from a run that died before it was placed.

        Raises:
            StoreError: if the ledger or the frame cannot be read.
        """
        ledger = self.memory.read_ledger()
        if ledger is None:
            return False
        with ledger:
            source = ledger.source_of(take.id)
            if source is None:
                return False
            if source.command in map(command_of, self.lineage):
                return True
            job_id = source.command.removeprefix(_COMMAND)
            has_died = not source.has_ended and not (job_id != source.command and self.is_alive(job_id))
            return has_died and self._was_never_placed(take, ledger)

    def _was_never_placed(self, take: Take, ledger: LedgerReader) -> bool:
        newest = ledger.takes_of_file(take.file)[-1].id
        in_place = digest_of(self.memory.project / take.file)
        return newest == take.id and in_place != take.picture and not self.history.has_placed(take.file, take.picture)
