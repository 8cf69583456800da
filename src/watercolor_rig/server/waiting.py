"""Waiting for a job without holding a thread: a frame may take a minute, and many may ask at once."""

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from watercolor_rig.app.studio.job_view import JobView
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.core.errors import EngineError

_PAUSE_S = 0.05
"""Between two looks at a job: while much happens, fifty who wait would else do nothing but look."""


async def finished(studio: Studio, start: Callable[[], JobView]) -> JobView:
    """Start a job and return it when it has ended.

    Raises:
        RigError: of the start; or an EngineError if the studio closes before the job ends.
    """
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()

    def wake() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(woken.set)

    leave, leave_end = studio.hub.subscribe(wake), studio.ending.subscribe(wake)
    try:
        job = await run_in_threadpool(start)
        while not job.state.is_final:
            if studio.ending.has_begun:
                raise EngineError("the studio is closing; the frame is kept if it still arrives")
            await woken.wait()
            woken.clear()
            await asyncio.sleep(_PAUSE_S)
            job = await run_in_threadpool(studio.workshop.job, job.id)
    finally:
        leave()
        leave_end()
    return job
