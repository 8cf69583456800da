"""What there is: the project, its engines, endpoints and sequences, and their pictures."""

from enum import IntEnum
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.server.files import (
    FileAnswer,
    PngAnswer,
    WebpAnswer,
    add_reading,
    send_bytes_of,
    send_file,
    send_json,
)
from watercolor_rig.server.row_list import SpeltRows
from watercolor_rig.server.schemas import (
    Endpoints,
    EngineInfo,
    FrameScores,
    Project,
    Sequence,
    SequenceRow,
    Take,
)
from watercolor_rig.server.work_schemas import Export, ExportFormat

DigestInPath = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
PositionInPath = Annotated[float, Path(ge=0, le=1, allow_inf_nan=False)]

_PIXEL_THREADS = 8
"""So many wait for workers at once, on threads of their own: whatever else is asked meets free ones."""

FOREVER = "private, max-age=31536000, immutable"


class ThumbnailWidth(IntEnum):
    """Widths of small pictures, in pixels."""

    SMALL = 96
    MIDDLE = 192
    LARGE = 384


class Reading:
    """The routes.

    Args:
        studio: What they ask.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._pixel_work = CapacityLimiter(_PIXEL_THREADS)
        self._rows = SpeltRows()

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        for path, handler, model in (
            ("/project", self.project, Project),
            ("/engines", self.engines, list[EngineInfo]),
            ("/endpoints", self.endpoints, Endpoints),
            ("/sequences", self.sequences, list[SequenceRow]),
            ("/sequences/{path_id}", self.sequence, Sequence),
            ("/sequences/{path_id}/scores", self.scores, list[FrameScores]),
            ("/sequences/{path_id}/frames/{t}/takes", self.takes, list[Take]),
            ("/exports", self.exports, list[Export]),
            ("/formats", self.formats, list[ExportFormat]),
        ):
            add_reading(router, path, handler, response_model=model)
        add_reading(router, "/exports/{name}", self.export, response_class=FileAnswer)
        add_reading(router, "/pictures/{digest}.png", self.picture, response_class=PngAnswer)
        add_reading(router, "/thumbnails/{width}/{digest}.webp", self.thumbnail, response_class=WebpAnswer)
        add_reading(router, "/previews/{digest}.webp", self.preview, response_class=WebpAnswer)
        return router

    def project(self) -> Project:
        """Return the project as its config says it."""
        return Project.model_validate(self._studio.project())

    def engines(self) -> list[EngineInfo]:
        """Return the installed engines, and what a frame of this project costs with each."""
        return [EngineInfo.model_validate(engine) for engine in self._studio.engines()]

    def endpoints(self) -> Endpoints:
        """Return the grid of expressions and poses."""
        return Endpoints.model_validate(self._studio.endpoints())

    def sequences(self, request: Request) -> Response:
        """Return every sequence, in the order of the config, then by pose."""
        data, tag = self._rows.spelt(*self._studio.rows())
        return send_json(request, data, tag=tag)

    def sequence(self, path_id: str) -> Sequence:
        """Return a sequence with its frames."""
        return Sequence.model_validate(self._studio.sequence(path_id))

    async def scores(self, path_id: str) -> list[FrameScores]:
        """Return what can be measured of a sequence's frames."""
        scored = await to_thread.run_sync(self._studio.scores, path_id, limiter=self._pixel_work)
        return [FrameScores.model_validate(frame) for frame in scored]

    def takes(self, path_id: str, t: PositionInPath) -> list[Take]:
        """Return the pictures that a frame has had, newest first."""
        return [Take.model_validate(take) for take in self._studio.takes(path_id, t)]

    def exports(self) -> list[Export]:
        """Return what was exported, newest first."""
        return [Export.model_validate(export) for export in self._studio.exports()]

    def formats(self) -> list[ExportFormat]:
        """Return the formats that sequences can be exported in, and the settings of each."""
        return [ExportFormat.model_validate(each) for each in self._studio.formats()]

    def export(self, request: Request, name: str) -> Response:
        """Return an exported file."""
        file = self._studio.export_file(name)
        if file is None:
            raise HTTPException(404)
        answer = send_file(request, file, cache="no-cache")
        answer.headers["Content-Disposition"] = "attachment"
        return answer

    def picture(self, request: Request, digest: DigestInPath) -> Response:
        """Return the file of a picture."""
        data = self._studio.pictures.read(digest)
        if data is None:
            raise HTTPException(404)
        return send_bytes_of(request, data, etag=digest, media_type="image/png", cache=FOREVER)

    async def thumbnail(self, request: Request, width: ThumbnailWidth, digest: DigestInPath) -> Response:
        """Return a small WebP of a picture."""
        data = await to_thread.run_sync(self._studio.pictures.thumbnail, digest, int(width), limiter=self._pixel_work)
        return _webp(request, data, f"{digest}-{width}")

    async def preview(self, request: Request, digest: DigestInPath) -> Response:
        """Return a WebP of a picture in its full size."""
        data = await to_thread.run_sync(self._studio.pictures.preview, digest, limiter=self._pixel_work)
        return _webp(request, data, f"{digest}-full")


def _webp(request: Request, data: bytes | None, etag: str) -> Response:
    if data is None:
        raise HTTPException(404)
    return send_bytes_of(request, data, etag=etag, media_type="image/webp", cache=FOREVER)
