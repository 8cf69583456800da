"""What the studio says, as the API spells it."""

from fractions import Fraction

from watercolor_rig.app.studio import hub
from watercolor_rig.app.studio.job_view import JobView
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.core.errors import RigError
from watercolor_rig.server import event_schemas, schemas, stage_schemas, work_schemas
from watercolor_rig.server.orders import from_order


def to_job(job: JobView) -> work_schemas.Job:
    """Return a job as the API spells it."""
    return work_schemas.Job(
        id=job.id,
        title=job.title,
        order=from_order(job.order),
        state=work_schemas.JobState(job.state),
        engine=job.engine,
        message=job.message,
        total=job.total,
        made=job.made,
        failed=job.failed,
        blocked=job.blocked,
        spent_usd=float(job.spent_usd),
        price_unknown=job.price_unknown,
        expected_usd=None if job.expected_usd is None else float(job.expected_usd),
        elapsed_s=job.elapsed_s,
        left_s=job.left_s,
        created=job.created,
        ended=job.ended,
        running=list(job.running),
        failures=[work_schemas.JobFailure.model_validate(failure) for failure in job.failures],
        files=list(job.files),
        retried_as=job.retried_as,
    )


def to_event(event: hub.StudioEvent, studio: Studio) -> event_schemas.StudioEvent | None:
    """Return an event with the newest that there is to say of its subject; None where that is gone.

    Args:
        event: What happened; the subject may have changed since, and is read now.
        studio: Where to read.
    """
    match event:
        case hub.JobChanged(job):
            return event_schemas.JobChanged(type="job", job=to_job(job))
        case hub.FrameChanged(path_id, t):
            return _frame_changed(path_id, t, studio)
        case hub.SequenceChanged(path_id):
            row = studio.row(path_id)
            told = None if row is None else schemas.SequenceRow.model_validate(row)
            return event_schemas.SequenceChanged(type="sequence", path_id=path_id, row=told)
        case hub.EndpointsChanged():
            return event_schemas.EndpointsChanged(type="endpoints")
        case hub.ProjectChanged():
            return event_schemas.ProjectChanged(type="project")
        case hub.StageToldTo(command):
            return event_schemas.StageToldTo(type="stage", command=stage_schemas.StageCommand.model_validate(command))


def _frame_changed(path_id: str, t: Fraction, studio: Studio) -> event_schemas.FrameChanged | None:
    try:
        frame = schemas.Frame.model_validate(studio.frame(path_id, t))
    except RigError:
        return None
    return event_schemas.FrameChanged(type="frame", path_id=path_id, frame=frame)
