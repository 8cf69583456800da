"""The character on stage: the project as a rig that `<watercolor-rig>` plays, and commands that every stage hears."""

from fastapi import APIRouter

import watercolor_rig
from watercolor_rig.app.studio import hub
from watercolor_rig.app.studio.performing import CharacterView, PlayableView
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.server.files import add_reading
from watercolor_rig.server.stage_schemas import (
    LeftOut,
    RestingState,
    Rig,
    RigClip,
    RigPicture,
    RigSheet,
    StageCommand,
)

_FPS = 12
"""Pace of what is not told how long to take."""


class Performing:
    """The routes.

    Args:
        studio: Who performs.
    """

    def __init__(self, studio: Studio) -> None:
        self._performing = studio.performing

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        add_reading(router, "/rig", self.rig, response_model=Rig)
        add_reading(router, "/stage", self.stage, response_model=StageCommand | None)
        router.add_api_route("/stage", self.tell_stage, methods=["POST"], response_model=StageCommand)
        return router

    def rig(self) -> Rig:
        """Return every sequence that has all its frames, as a `rig.json` whose sheets are the frames."""
        return to_rig(self._performing.character())

    def stage(self) -> StageCommand | None:
        """Return what the character on stage was told last, or null."""
        told = self._performing.told
        return None if told is None else StageCommand.model_validate(told)

    def tell_stage(self, command: StageCommand) -> StageCommand:
        """Tell every stage what to do; each hears it as an event."""
        return StageCommand.model_validate(self._performing.tell(hub.StageCommand(**command.model_dump())))


def to_rig(character: CharacterView) -> Rig:
    """Return a character as the API spells it."""
    width, height = character.size
    places = {digest: 0 for clip in character.clips for digest in clip.digests}
    places = {digest: place for place, digest in enumerate(places)}
    return Rig(
        format="watercolor-rig",
        version=1,
        generator=f"watercolor-rig {watercolor_rig.__version__}",
        size=character.size,
        fps=_FPS,
        start=RestingState.model_validate(character.start),
        blinks=list(character.blinks),
        sheets=[RigSheet(file=f"/api/v1/pictures/{digest}.png", size=character.size) for digest in places],
        pictures=[RigPicture(base=None, patches=[(place, 0, 0, width, height, 0, 0)]) for place in places.values()],
        clips=[_to_clip(clip, places) for clip in character.clips],
        left_out=[LeftOut.model_validate(left_out) for left_out in character.left_out],
    )


def _to_clip(clip: PlayableView, places: dict[str, int]) -> RigClip:
    return RigClip(
        path=clip.path,
        start=RestingState.model_validate(clip.start),
        end=RestingState.model_validate(clip.end),
        times=[float(t) for t in clip.times],
        pictures=[places[digest] for digest in clip.digests],
        weight=None,
    )
