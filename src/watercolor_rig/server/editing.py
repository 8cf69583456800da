"""What a user changes by hand: the config, the endpoints, marks, and where there is no project yet, the project."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.server.reading import PositionInPath
from watercolor_rig.server.schemas import BasePathsEdit, BudgetEdit, EndpointCell, Frame, MarksEdit, Project

_PICTURES = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/png", "image/jpeg", "image/webp")
        },
    }
}


class Editing:
    """The routes.

    Args:
        studio: What they change.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        put, post = ["PUT"], ["POST"]
        router.add_api_route("/project/base-paths", self.edit_base_paths, methods=put, response_model=Project)
        router.add_api_route("/project/budget", self.edit_budget, methods=put, response_model=Project)
        router.add_api_route("/project/example", self.start_from_example, methods=post, response_model=Project)
        router.add_api_route(
            "/project/portrait",
            self.start_from_portrait,
            methods=post,
            response_model=Project,
            openapi_extra=_PICTURES,
        )
        router.add_api_route(
            "/endpoints/{expression}/{pose}",
            self.put_endpoint,
            methods=put,
            response_model=EndpointCell,
            openapi_extra=_PICTURES,
        )
        router.add_api_route(
            "/sequences/{path_id}/frames/{t}/marks", self.mark_frame, methods=put, response_model=Frame
        )
        return router

    def edit_base_paths(self, edit: BasePathsEdit) -> Project:
        """Replace the base paths in the config; all else in the file stays as it is."""
        paths = [(path.id, path.start, path.end) for path in edit.base_paths]
        self._studio.edit_base_paths(paths, edit.config_version)
        return self._project()

    def edit_budget(self, edit: BudgetEdit) -> Project:
        """Set the most that the project's jobs may spend in all."""
        self._studio.set_budget(edit.budget_usd)
        return self._project()

    def start_from_example(self) -> Project:
        """Copy the example that comes with the program into the folder."""
        self._studio.start_from_example()
        return self._project()

    async def start_from_portrait(self, request: Request, name: Annotated[str, Query(max_length=200)] = "") -> Project:
        """Begin a project with one portrait as its neutral expression."""
        data = await request.body()
        await run_in_threadpool(self._studio.start_from_portrait, data, name)
        return await run_in_threadpool(self._project)

    async def put_endpoint(self, request: Request, expression: str, pose: str) -> EndpointCell:
        """Put a picture into a place of the grid; one that it replaces stays as a take."""
        data = await request.body()
        return EndpointCell.model_validate(await run_in_threadpool(self._studio.put_endpoint, expression, pose, data))

    def mark_frame(self, path_id: str, t: PositionInPath, edit: MarksEdit) -> Frame:
        """Set what the user thinks of a frame."""
        return Frame.model_validate(self._studio.mark_frame(path_id, t, flagged=edit.flagged, trusted=edit.trusted))

    def _project(self) -> Project:
        return Project.model_validate(self._studio.project())
