"""The character that performs, in the form of `rig.json`, and what it is told."""

from typing import Annotated, Literal

from pydantic import Field

from watercolor_rig.server.schemas import Model

Side = Annotated[int, Field(ge=1)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class RestingState(Model):
    """How the character may rest."""

    expression: str
    pose: str


class RigSheet(Model):
    """A picture's address, and its size in pixels."""

    file: str
    size: tuple[Side, Side]


class RigPicture(Model):
    """A clear canvas with one whole sheet on it."""

    base: None
    patches: list[tuple[int, int, int, int, int, int, int]]
    """Sheet, its x and y, width, height, and x and y on the canvas."""


class RigClip(Model):
    """A sequence: `pictures` are places among the rig's pictures, as many as times."""

    path: str
    start: RestingState
    end: RestingState
    times: list[float]
    pictures: list[int]
    weight: None


class LeftOut(Model):
    """A sequence that can't be played, and why."""

    path_id: str
    reason: str


class Rig(Model):
    """A `rig.json` whose sheets are the project's own frames; `left_out` is what it lacks."""

    format: Literal["watercolor-rig"]
    version: Literal[1]
    generator: str
    size: tuple[Side, Side]
    fps: float
    start: RestingState
    blinks: list[str]
    sheets: list[RigSheet]
    pictures: list[RigPicture]
    clips: list[RigClip]
    left_out: list[LeftOut]


class StageCommand(Model):
    """What the character on stage is to do."""

    expression: Name
    pose: Name
    ms: Annotated[float, Field(ge=0, le=60_000)] | None = None
    """How long the way takes; null for the frames' own pace."""
    blinks: bool = True
    """Whether it blinks by itself."""
    wink: bool = False
    """Whether it blinks now."""
    by: Annotated[str, Field(max_length=64)] = ""
    """Names the page that says so, which has done it already."""
