"""`rig.json`, described by `data/rig.schema.json`: a line for each picture and each clip, for people who read it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from watercolor_rig.core.json import Json, JsonObject
from watercolor_rig.core.rig import ExpressionId
from watercolor_rig.core.transitions import State
from watercolor_rig.export.api import PRODUCER, Clip
from watercolor_rig.export.graph import ends_of
from watercolor_rig.export.web.album import Album, Picture
from watercolor_rig.export.web.sheets import Sheet

FORMAT = "watercolor-rig"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Names:
    """What the document says beside pictures and clips.

    Attributes:
        version: Of this program.
        fps: The pace of what is not told how long to take.
        start: Where the character rests first.
        blinks: Expressions with closed eyes, the best first.
        sheets: The file of each sheet.
    """

    version: str
    fps: float
    start: State
    blinks: Sequence[ExpressionId]
    sheets: Sequence[str]


def rig_document(clips: Sequence[Clip], album: Album, sheets: Sequence[Sheet], names: Names) -> JsonObject:
    """Return the rig as its schema describes it."""
    corners = {cell: (number, *corner) for number, sheet in enumerate(sheets) for cell, corner in sheet.corners.items()}

    def patches(picture: Picture) -> list[Json]:
        shown: list[Json] = []
        for patch in picture.patches:
            _, _, width, height = album.cells[patch.cell].box
            shown.append([*corners[patch.cell], width, height, patch.x, patch.y])
        return shown

    return {
        "format": FORMAT,
        "version": VERSION,
        "generator": f"{PRODUCER} {names.version}".rstrip(),
        "size": list(clips[0].size),
        "fps": int(names.fps) if names.fps == int(names.fps) else names.fps,
        "start": _state(names.start),
        "blinks": list(names.blinks),
        "sheets": [{"file": file, "size": list(sheet.size)} for file, sheet in zip(names.sheets, sheets, strict=True)],
        "pictures": [{"base": picture.base, "patches": patches(picture)} for picture in album.pictures],
        "clips": [_clip(clip, shown) for clip, shown in zip(clips, album.shown, strict=True)],
    }


def rig_json(document: JsonObject) -> str:
    """Return the document as text, which ends in a newline; long lists have a line for each entry."""
    parts = [f"{json.dumps(key)}: {_value(value)}" for key, value in document.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _value(value: Json) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(map(_compact, value)) + "\n]"
    return _compact(value)


def _compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _clip(clip: Clip, shown: Sequence[int]) -> JsonObject:
    start, end = ends_of(clip)
    return {
        "path": clip.name,
        "start": _state(start),
        "end": _state(end),
        "times": [int(frame.t) if frame.t.denominator == 1 else float(frame.t) for frame in clip.frames],
        "pictures": list(shown),
    }


def _state(state: State) -> JsonObject:
    return {"expression": state.expression, "pose": state.pose}
