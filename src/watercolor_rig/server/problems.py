"""Errors as answers: every error of the tree has its HTTP status; whatever else is raised is a defect of ours.

A defect is told on the server's console with its traceback, and to the client without.
"""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from watercolor_rig.core.errors import ConfigError, RigError
from watercolor_rig.server.schemas import Problem

_LOG = logging.getLogger("watercolor_rig.server")

_UNREADABLE = 422


def problem(
    status: int, code: str, detail: str, problems: tuple[str, ...] = (), headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return an error answer."""
    content = Problem(code=code, detail=detail, problems=list(problems)).model_dump()
    return JSONResponse(content, status_code=status, headers={"Cache-Control": "no-store", **(headers or {})})


def handle_problems(app: FastAPI) -> None:
    """Let every error of an application become a `Problem`."""
    app.exception_handler(RigError)(_told)
    app.exception_handler(RequestValidationError)(_unreadable)
    app.exception_handler(HTTPException)(_plain)
    app.exception_handler(Exception)(_defect)


def _told(_request: Request, error: RigError) -> JSONResponse:
    problems = error.problems if isinstance(error, ConfigError) else ()
    return problem(error.http_status, error.code, str(error), problems)


def _unreadable(_request: Request, error: RequestValidationError) -> JSONResponse:
    problems = tuple(f"{_place(found['loc'])}: {found['msg']}" for found in error.errors())
    return problem(_UNREADABLE, "unreadable", "; ".join(problems) or "the request cannot be read", problems)


def _place(parts: tuple[object, ...]) -> str:
    inner = [str(part) for part in parts if part not in ("body", "path", "query")]
    return ".".join(inner) or "body"


def _plain(_request: Request, error: HTTPException) -> JSONResponse:
    status = HTTPStatus(error.status_code)
    code = _CODES.get(error.status_code) or status.phrase.lower().replace(" ", "_")
    headers = dict(error.headers) if error.headers else None
    return problem(error.status_code, code, _WORDS.get(error.status_code, error.detail), headers=headers)


_CODES = {413: "too_large"}
_WORDS = {
    404: "there is nothing at this address; GET /api/v1/project says what is open",
    405: "this address does not take that method",
    413: "the body is over the limit; send a smaller one",
}


def _defect(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%s %s: a defect of this program", request.method, request.url.path, exc_info=error)
    return problem(500, "defect", "this program has a defect; its console says more")
