"""The application: every route in its place, behind the guard."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

import watercolor_rig
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.server.contract import Contract
from watercolor_rig.server.editing import Editing
from watercolor_rig.server.events import Events
from watercolor_rig.server.guard import Guard, Policy
from watercolor_rig.server.pages import STATIC, Pages
from watercolor_rig.server.performing import Performing
from watercolor_rig.server.problems import handle_problems
from watercolor_rig.server.reading import Reading
from watercolor_rig.server.schemas import Problem
from watercolor_rig.server.working import Working

PREFIX = "/api/v1"


def create_app(studio: Studio, policy: Policy, static: Path = STATIC) -> FastAPI:
    """Return the application over a studio.

    Args:
        studio: What it serves; the caller opens and closes it.
        policy: Who may ask.
        static: Where the pages were built to.
    """
    app = FastAPI(
        title="watercolor-rig studio",
        version=watercolor_rig.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        generate_unique_id_function=_name,
        responses={"default": {"model": Problem, "description": "What went wrong"}},
    )
    app.add_middleware(Guard, policy=policy)
    handle_problems(app)
    app.include_router(Contract(studio).router())
    versioned = APIRouter(prefix=PREFIX)
    for part in (Reading(studio), Editing(studio), Working(studio), Performing(studio), Events(studio)):
        versioned.include_router(part.router())
    app.include_router(versioned)
    app.include_router(Pages(static).router())
    return app


def _name(route: APIRoute) -> str:
    return route.name
