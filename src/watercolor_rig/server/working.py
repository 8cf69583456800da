"""What engines do for the user: prices, jobs, takes and undo."""

from fastapi import APIRouter

from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.server.orders import to_order
from watercolor_rig.server.reading import PositionInPath
from watercolor_rig.server.schemas import Frame, History
from watercolor_rig.server.translation import to_job
from watercolor_rig.server.work_schemas import Estimate, Job, WorkOrder


class Working:
    """The routes.

    Args:
        studio: What they ask and start.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        post = ["POST"]
        router.add_api_route("/estimate", self.estimate, methods=post, response_model=Estimate)
        router.add_api_route("/jobs", self.start_job, methods=post, response_model=Job, status_code=202)
        router.add_api_route("/jobs", self.jobs, methods=["GET"], response_model=list[Job])
        router.add_api_route("/jobs/{job_id}", self.job, methods=["GET"], response_model=Job)
        router.add_api_route("/jobs/{job_id}/pause", self.pause_job, methods=post, response_model=Job)
        router.add_api_route("/jobs/{job_id}/resume", self.resume_job, methods=post, response_model=Job)
        router.add_api_route("/jobs/{job_id}/cancel", self.cancel_job, methods=post, response_model=Job)
        router.add_api_route("/jobs/{job_id}/retry", self.retry_job, methods=post, response_model=Job, status_code=202)
        router.add_api_route(
            "/sequences/{path_id}/frames/{t}/takes/{take}", self.choose_take, methods=post, response_model=Frame
        )
        router.add_api_route("/history", self.history, methods=["GET"], response_model=History)
        router.add_api_route("/history/undo", self.undo, methods=post, response_model=History)
        router.add_api_route("/history/redo", self.redo, methods=post, response_model=History)
        return router

    def estimate(self, order: WorkOrder) -> Estimate:
        """Say what a job would do and cost, without doing it."""
        return Estimate.model_validate(self._studio.workshop.estimate(to_order(order)))

    def start_job(self, order: WorkOrder) -> Job:
        """Start a job."""
        return to_job(self._studio.start(to_order(order)))

    def jobs(self) -> list[Job]:
        """Return the jobs, newest first; those that ended stay, the newest hundred."""
        return [to_job(job) for job in self._studio.workshop.jobs()]

    def job(self, job_id: str) -> Job:
        """Return one job."""
        return to_job(self._studio.workshop.job(job_id))

    def pause_job(self, job_id: str) -> Job:
        """Let nothing new start; calls under way are finished and kept."""
        return to_job(self._studio.workshop.pause(job_id))

    def resume_job(self, job_id: str) -> Job:
        """Go on with a paused job."""
        return to_job(self._studio.workshop.resume(job_id))

    def cancel_job(self, job_id: str) -> Job:
        """End a job; calls under way are finished and kept."""
        return to_job(self._studio.workshop.cancel(job_id))

    def retry_job(self, job_id: str) -> Job:
        """Start a new job over what failed or was not started."""
        return to_job(self._studio.workshop.retry(job_id))

    def choose_take(self, path_id: str, t: PositionInPath, take: int) -> Frame:
        """Put an earlier picture of a frame into its place; can be undone."""
        return Frame.model_validate(self._studio.choose_take(path_id, t, take))

    def history(self) -> History:
        """Say what undo and redo would do."""
        return History.model_validate(self._studio.history())

    def undo(self) -> History:
        """Take back the last change of a picture."""
        return History.model_validate(self._studio.undo())

    def redo(self) -> History:
        """Do again what was taken back last."""
        return History.model_validate(self._studio.redo())
