"""The export `pngtuber-plus`: an avatar of PNGTuber Plus, which PNGTuber Remix opens too.

An expression is a costume (number keys), and every state of it is one sprite with a whole picture: shown when silent or
talking, with open eyes or in a blink. So whatever the program shows, it shows exactly one sprite.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from watercolor_rig.core.json import JsonObject
from watercolor_rig.export.api import Clip, Exporter, ExportJob, Outbox, Setting
from watercolor_rig.export.faces import STATE_SETTINGS, Face, faces_of, names_of, warn_of_missing
from watercolor_rig.imaging.picture import Rgba, encode_png

NAME = "avatar.save"

COSTUMES = 10
"""That the programs have."""

_ALWAYS, _SILENT, _TALKING = 0, 1, 2
_OPEN, _BLINK = 1, 2

_LARGEST_FOR_REMIX = 1280


@dataclass(frozen=True, slots=True)
class PngTuberPlusExport:
    """`avatar.save`."""

    summary: str = "an avatar for PNGTuber Plus and Remix: up to ten expressions that talk and blink"
    settings: Mapping[str, Setting] = field(default_factory=lambda: {**STATE_SETTINGS})

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write `avatar.save`; see `Exporter`."""
        names = names_of(clips, job.settings)
        faces = faces_of(clips, job.settings, names[:COSTUMES])

        def write(file: BinaryIO) -> None:
            sprites = (sprite for costume, face in enumerate(faces) for sprite in _sprites(face, costume, outbox))
            for number, sprite in enumerate(sprites):
                document = json.dumps({**sprite, "identification": number + 1})
                file.write(f'{"," if number else "{"}"{number}":{document}'.encode())
            file.write(b"}")

        outbox.write(NAME, write)
        left = ", ".join(names[COSTUMES:])
        if left:
            outbox.warn(NAME, f"has {COSTUMES} costumes; left out: {left}; choose with --option expressions=…")
        if max(clips[0].size) > _LARGEST_FOR_REMIX:
            outbox.warn(NAME, f"PNGTuber Remix warns of pictures above {_LARGEST_FOR_REMIX} pixels; give --scale")


def _sprites(face: Face, costume: int, outbox: Outbox) -> Iterator[JsonObject]:
    warn_of_missing(face, outbox)
    open_eyes = _OPEN if face.blinking is not None else _ALWAYS
    if face.talking is None:
        yield _sprite(face, "silent", face.silent, costume, _ALWAYS, open_eyes)
        if face.blinking is not None:
            yield _sprite(face, "blink", face.blinking, costume, _ALWAYS, _BLINK)
        return
    yield _sprite(face, "silent", face.silent, costume, _SILENT, open_eyes)
    if face.blinking is not None:
        yield _sprite(face, "silent_blink", face.blinking, costume, _SILENT, _BLINK)
    if face.talking_blinking is None:
        yield _sprite(face, "talking", face.talking, costume, _TALKING, _ALWAYS)
        return
    yield _sprite(face, "talking", face.talking, costume, _TALKING, _OPEN)
    yield _sprite(face, "talking_blink", face.talking_blinking, costume, _TALKING, _BLINK)


def _sprite(face: Face, state: str, picture: Rgba, costume: int, talk: int, blink: int) -> JsonObject:
    """Return a sprite with every key that the programs read, but for its number; what stands still has no motion."""
    layers = [int(at == costume) for at in range(COSTUMES)]
    return {
        "type": "sprite",
        "path": f"{face.expression}_{state}.png",
        "imageData": base64.b64encode(encode_png(picture)).decode(),
        "parentId": None,
        "pos": "Vector2(0, 0)",
        "offset": "Vector2(0, 0)",
        "zindex": 0,
        "drag": 0,
        "xFrq": 0.0,
        "xAmp": 0.0,
        "yFrq": 0.0,
        "yAmp": 0.0,
        "rotDrag": 0,
        "showTalk": talk,
        "showBlink": blink,
        "rLimitMin": -180,
        "rLimitMax": 180,
        "costumeLayers": str(layers),
        "stretchAmount": 0.0,
        "ignoreBounce": False,
        "frames": 1,
        "animSpeed": 0,
        "clipped": False,
        "toggle": "null",
    }


pngtuber_plus: Exporter = PngTuberPlusExport()
