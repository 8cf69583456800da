"""What both runs share: driving jobs over lanes, and saying what happens on the way."""

from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from typing import TypeVar

from watercolor_rig.app.breadth import Breadth
from watercolor_rig.app.pace import Pace
from watercolor_rig.app.prospect import Prospect
from watercolor_rig.app.tally import Emit, Tally
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import EngineError, RigError, StoreError
from watercolor_rig.core.events import FrameRetried, RunPaused, RunStopping, Warned
from watercolor_rig.core.job_graph import Job
from watercolor_rig.core.schedule import Pause, Retry, Schedule
from watercolor_rig.runner.driver import Driver, Notice, Result, Work
from watercolor_rig.runner.lanes import Lanes
from watercolor_rig.store.picture_index import PictureIndex

K = TypeVar("K", bound=Hashable)


def drive(jobs: Sequence[Job[K]], lanes: Lanes, work: Work[K], pace: Pace, toolbox: Toolbox, emit: Emit) -> Result[K]:
    """Run all jobs and let the lanes go; after a second interrupt, or an error of ours, without waiting for them.

    Args:
        jobs: In order of preference.
        lanes: Closed at the end.
        work: What a job asks and what becomes of its answer.
        pace: How fast to go.
        toolbox: The outside world.
        emit: Hears what is left of the run, and what keeps the pace from being shared or remembered.

    Raises:
        KeyboardInterrupt: at the second interrupt.
    """
    schedule = Schedule(jobs, min(pace.width, len(lanes.workers)), toolbox.policy, toolbox.rng)
    others = toolbox.neighbours
    at_once = True
    with toolbox.interrupts(lanes):  # until they are gone: an impatient third Ctrl-C must not disturb the letting go
        try:
            with (
                others.control.over(lanes),
                pace.keep_to(emit) as (own_pacer, latencies),
                others.admission(own_pacer, pace.scope) as pacer,
            ):
                clock, control = toolbox.clock, others.control
                breadth = Breadth(schedule, pace, pacer, len(lanes.workers))
                watched = Prospect(jobs, breadth, pacer, pace.latency_s, clock, emit).watch(work)
                driver = Driver(schedule, lanes, watched, clock, pacer, latencies=latencies, control=control)
                result = driver.run()
            at_once = False
        finally:
            lanes.close(at_once=at_once)
    return result


def saying(place: Callable[[K], tuple[str, float | None]], emit: Emit, tally: Tally) -> Callable[[Notice[K]], None]:
    """Return what turns the driver's notices into events; `place` gives the subject and position of a job."""

    def say(notice: Notice[K]) -> None:
        match notice.kind:
            case Retry(wait_s) if notice.key is not None:
                tally.retried(FrameRetried(*place(notice.key), notice.reason, round(wait_s, 1), notice.cost_usd))
            case Pause(wait_s):
                emit(RunPaused(notice.reason, round(wait_s, 1)))
            case None if notice.key is not None:
                tally.spent(notice.cost_usd)
            case _:
                emit(RunStopping(notice.reason, notice.running))

    return say


def save_index(index: PictureIndex, emit: Emit) -> None:
    """Keep what was learnt of the files; a cache that cannot be written is said and fails nothing."""
    try:
        index.save()
    except StoreError as error:
        emit(Warned("cache", f"{error}; the next run looks at every file again"))


def cut_off_by(result: Result[K]) -> str:
    """Return what kept the jobs from starting that nothing else blocked."""
    return "the interrupt" if result.interrupted else "the stop"


def cost_of(error: RigError) -> Decimal | None:
    """Return what a failed call cost all the same, where the service said so."""
    return error.cost_usd if isinstance(error, EngineError) else None
