"""The addresses that clients of earlier programs know; they stay as they are, whatever becomes of `/api/v1`."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

import watercolor_rig
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.core.errors import EngineError
from watercolor_rig.server.files import PngAnswer, add_reading, send_bytes, send_json
from watercolor_rig.server.waiting import finished

PositionQuery = Annotated[float | None, Query(ge=0, le=1)]


class Health(BaseModel):
    """The server is there."""

    status: str
    version: str


class TimelineFrame(BaseModel):
    """One frame of a manifest; more keys may stand beside."""

    t: float
    file: str


class Timeline(BaseModel):
    """A sequence's manifest; more keys may stand beside."""

    path_id: str
    expr_start: str
    expr_end: str
    pose: str
    frames: list[TimelineFrame]


class RegenerateFrame(BaseModel):
    """The frame to make anew; keys that are not known are let be."""

    t: Annotated[float, Field(allow_inf_nan=False)]


class Contract:
    """The routes.

    Args:
        studio: What they ask.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        for path, handler, model in (
            ("/health", self.health, Health),
            ("/timelines", self.timelines, list[str]),
            ("/timeline/{path_id}", self.timeline, Timeline),
        ):
            add_reading(router, path, handler, response_model=model)
        add_reading(router, "/frames/{path_id}/{file}", self.frame, response_class=PngAnswer)
        add_reading(router, "/frames/sequences/{path_id}/{file}", self.sequence_frame, response_class=PngAnswer)
        router.add_api_route(
            "/timeline/{path_id}/regenerate", self.regenerate, methods=["POST"], response_model=TimelineFrame
        )
        return router

    def health(self) -> Health:
        """Say that the server is there."""
        return Health(status="ok", version=watercolor_rig.__version__)

    def timelines(self, request: Request) -> Response:
        """List every path id, sorted."""
        return send_json(request, self._studio.listing.path_ids_json())

    def timeline(self, request: Request, path_id: str) -> Response:
        """Return a sequence's manifest."""
        manifest = self._studio.listing.manifest(path_id)
        if manifest is None:
            raise _unknown()
        return send_json(request, manifest)

    def frame(self, request: Request, path_id: str, file: str) -> Response:
        """Return a frame's PNG."""
        picture = self._studio.listing.open_frame(path_id, file)
        if picture is None:
            raise _unknown()
        with picture:
            return send_bytes(request, picture, media_type="image/png", cache="no-cache")

    def sequence_frame(self, request: Request, path_id: str, file: str) -> Response:
        """Return a frame's PNG."""
        return self.frame(request, path_id, file)

    async def regenerate(
        self,
        path_id: str,
        body: RegenerateFrame,
        anchor_start_t: PositionQuery = None,
        anchor_end_t: PositionQuery = None,
    ) -> TimelineFrame:
        """Make a frame anew between two anchors, by default its nearest neighbours; answer when it is there."""
        job = await finished(
            self._studio, lambda: self._studio.regenerate_frame(path_id, body.t, anchor_start_t, anchor_end_t)
        )
        if job.failures:
            raise EngineError(job.failures[0].reason)
        file = self._studio.listing.file_at(path_id, body.t)
        if file is None:
            raise EngineError(job.message or "the frame was not made; its job says why")
        return TimelineFrame(t=body.t, file=file)


def _unknown() -> HTTPException:
    return HTTPException(404)
