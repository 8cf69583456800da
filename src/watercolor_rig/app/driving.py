"""What both runs share: driving jobs over lanes, and saying what happens on the way."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from watercolor_rig.app.tally import Emit
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.events import FrameRetried, RunPaused, RunStopping
from watercolor_rig.core.schedule import Job, Pause, Retry, Schedule
from watercolor_rig.runner.driver import Driver, Notice, Result, Work
from watercolor_rig.runner.lanes import Lanes

K = TypeVar("K", bound=Hashable)


def drive(jobs: Sequence[Job[K]], lanes: Lanes, work: Work[K], toolbox: Toolbox) -> Result[K]:
    """Run all jobs and let the lanes go; after a second interrupt, or an error of ours, without waiting for them.

    Raises:
        KeyboardInterrupt: at the second interrupt.
    """
    at_once = True
    with toolbox.interrupts(lanes):  # until they are gone: an impatient third Ctrl-C must not disturb the letting go
        try:
            result = Driver(Schedule(jobs, toolbox.policy, toolbox.rng), lanes, work, toolbox.clock).run()
            at_once = False
        finally:
            lanes.close(at_once=at_once)
    return result


def saying(place: Callable[[K], tuple[str, float | None]], emit: Emit) -> Callable[[Notice[K]], None]:
    """Return what turns the driver's notices into events; `place` gives the subject and position of a job."""

    def say(notice: Notice[K]) -> None:
        match notice.kind:
            case Retry(wait_s) if notice.key is not None:
                emit(FrameRetried(*place(notice.key), notice.reason, round(wait_s, 1)))
            case Pause(wait_s):
                emit(RunPaused(notice.reason, round(wait_s, 1)))
            case _:
                emit(RunStopping(notice.reason, notice.running))

    return say


def cut_off_by(result: Result[K]) -> str:
    """Return what kept the jobs from starting that nothing else blocked."""
    return "the interrupt" if result.interrupted else "the stop"
