"""Reads a rig bundle as its documentation describes it, with Pillow and plain JSON, and nothing of ours."""

import io
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

import jsonschema
import numpy as np
from PIL import Image

Pixels = np.ndarray[Any, Any]

SCHEMA: dict[str, Any] = json.loads(
    resources.files("watercolor_rig.data").joinpath("rig.schema.json").read_text("utf-8")
)


class RigBook:
    """A bundle, validated.

    Args:
        files: Name to bytes.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.rig: dict[str, Any] = json.loads(files["rig.json"])
        jsonschema.Draft202012Validator(SCHEMA).validate(self.rig)
        self.sheets = [Image.open(io.BytesIO(files[sheet["file"]])).convert("RGBA") for sheet in self.rig["sheets"]]
        assert [list(sheet.size) for sheet in self.sheets] == [sheet["size"] for sheet in self.rig["sheets"]]

    def picture(self, number: int) -> Pixels:
        """Return a picture, uint8, (height, width, 4)."""
        return np.array(self._drawn(number))

    def clip(self, path: str) -> dict[str, Any]:
        """Return the clip of that name."""
        [found] = [clip for clip in self.rig["clips"] if clip["path"] == path]
        return dict(found)

    def frames(self, path: str) -> list[Pixels]:
        """Return the frames of a clip as they are shown."""
        return [self.picture(number) for number in self.clip(path)["pictures"]]

    @property
    def patched_pixels(self) -> int:
        """How many pixels are drawn for all pictures."""
        return sum(width * height for each in self.rig["pictures"] for _, _, _, width, height, _, _ in each["patches"])

    def _drawn(self, number: int) -> Image.Image:
        picture = self.rig["pictures"][number]
        if picture["base"] is None:
            canvas = Image.new("RGBA", tuple(self.rig["size"]))
        else:
            assert self.rig["pictures"][picture["base"]]["base"] is None
            canvas = self._drawn(picture["base"])
        for sheet, left, top, width, height, x, y in picture["patches"]:
            canvas.paste(self.sheets[sheet].crop((left, top, left + width, top + height)), (x, y))
        return canvas


def same_visible(shown: Pixels, frame: Pixels) -> bool:
    """Return whether two pictures look alike to the level; colours of clear pixels don't count."""
    seen = frame[..., 3] > 0
    return np.array_equal(shown[..., 3], frame[..., 3]) and np.array_equal(shown[seen], frame[seen])
