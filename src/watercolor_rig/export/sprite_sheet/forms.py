"""The JSON beside a page, in the two forms that engines read.

Aseprite's form has a duration for every frame and a tag for every sequence (`load.aseprite` of Phaser, Flame, importers
for Godot). TexturePacker's generic form names every frame by its sequence; `animations` and `related_multi_packs` are
what Pixi reads beside it. Frames are never rotated.
"""

from collections.abc import Callable
from dataclasses import dataclass

from watercolor_rig.core.json import Json, JsonObject
from watercolor_rig.export.api import PRODUCER
from watercolor_rig.export.sprite_sheet.planning import Page, Sprite


@dataclass(frozen=True, slots=True)
class Names:
    """What the JSON says of files.

    Attributes:
        image: The picture of this page.
        others: The JSON of the other pages.
        version: Of this program.
    """

    image: str
    others: tuple[str, ...] = ()
    version: str = ""


Form = Callable[[Page, Names, bool], JsonObject]
"""Makes the document of a page; the last argument: whether `frames` is a list instead of an object by name."""


def aseprite_form(page: Page, names: Names, as_list: bool) -> JsonObject:  # noqa: FBT001 - as `Form` has it
    """Return a page as Aseprite exports it; frames are called by their number, which tags count in."""
    entries = {str(at): {**_place(page, sprite), "duration": sprite.ms} for at, sprite in enumerate(page.sprites)}
    tags: list[Json] = [
        {"name": name, "from": first, "to": last, "direction": "forward"} for name, first, last in page.tags()
    ]
    return {"frames": _frames(entries, as_list), "meta": {**_meta(page, names), "frameTags": tags, **_NOTHING_MORE}}


def texturepacker_form(page: Page, names: Names, as_list: bool) -> JsonObject:  # noqa: FBT001 - as `Form` has it
    """Return a page as TexturePacker exports it; frames are called by sequence and number, such as `a_to_b/0000`."""
    entries = {_frame_name(sprite): _place(page, sprite) for sprite in page.sprites}
    animations: JsonObject = {
        name: [_frame_name(sprite) for sprite in page.sprites[first : last + 1]] for name, first, last in page.tags()
    }
    others: JsonObject = {"related_multi_packs": list(names.others)} if names.others else {}
    meta: JsonObject = {**_meta(page, names), **others}
    return {"frames": _frames(entries, as_list), "animations": animations, "meta": meta}


_NOTHING_MORE: JsonObject = {"layers": [], "slices": []}


def _frames(entries: dict[str, JsonObject], as_list: bool) -> Json:  # noqa: FBT001 - as `Form` has it
    if as_list:
        return [{"filename": name, **entry} for name, entry in entries.items()]
    return {**entries}


def _frame_name(sprite: Sprite) -> str:
    return f"{sprite.clip}/{sprite.index:04}"


def _place(page: Page, sprite: Sprite) -> JsonObject:
    x, y = page.corners[sprite.cell]
    left, top, width, height = sprite.kept
    return {
        "frame": {"x": x, "y": y, "w": width, "h": height},
        "rotated": False,
        "trimmed": (width, height) != sprite.size,
        "spriteSourceSize": {"x": left, "y": top, "w": width, "h": height},
        "sourceSize": {"w": sprite.size[0], "h": sprite.size[1]},
    }


def _meta(page: Page, names: Names) -> JsonObject:
    return {
        "app": PRODUCER,
        "version": names.version,
        "image": names.image,
        "format": "RGBA8888",
        "size": {"w": page.size[0], "h": page.size[1]},
        "scale": "1",
    }
