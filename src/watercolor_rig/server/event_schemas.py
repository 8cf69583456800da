"""What `GET /api/v1/events` tells: the field `event` of the stream is a model's `type`, `data` the model as JSON."""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from watercolor_rig.server.schemas import Frame, Model, SequenceRow
from watercolor_rig.server.stage_schemas import StageCommand
from watercolor_rig.server.work_schemas import Job


class JobChanged(Model):
    """A job began, moved on or ended."""

    type: Literal["job"]
    job: Job


class FrameChanged(Model):
    """A frame got a new state or picture."""

    type: Literal["frame"]
    path_id: str
    frame: Frame


class SequenceChanged(Model):
    """A row of the list is new or different; null `row`: the sequence is gone."""

    type: Literal["sequence"]
    path_id: str
    row: SequenceRow | None


class EndpointsChanged(Model):
    """The grid is different: fetch it."""

    type: Literal["endpoints"]


class ProjectChanged(Model):
    """The config, the money or the history is different: fetch it."""

    type: Literal["project"]


class StageToldTo(Model):
    """The character on stage was told to do something."""

    type: Literal["stage"]
    command: StageCommand


class Reset(Model):
    """Events were missed that are not kept any more: fetch everything."""

    type: Literal["reset"]


StudioEvent = JobChanged | FrameChanged | SequenceChanged | EndpointsChanged | ProjectChanged | StageToldTo | Reset


class Event(RootModel[Annotated[StudioEvent, Field(discriminator="type")]]):
    """One of the events."""
