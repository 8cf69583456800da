"""The resource is read back with `godot_parser`, and its regions are cut out with Pillow."""

import io
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from PIL import Image

from export.bookshelf import Shelf, clip, exported
from watercolor_rig.export.api import Clip

CLIPS = [clip(), clip("neutral", "ee", (0, 2, 3), brow=90), clip("ah", "oh", (6, 3, 1))]

pytestmark = pytest.mark.filterwarnings("ignore:.* deprecated:DeprecationWarning")  # of what the parser stands on


def read(shelf: Shelf) -> tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]:
    """Return the animations, the textures by id, and the pages by id."""
    import godot_parser  # noqa: PLC0415 - warns while it is loaded, which only a test may ignore

    text = shelf.files["frames.tres"].decode().replace('&"', '"')  # it knows Godot 3's notation of names only
    found = godot_parser.parse(text)
    textures = {section.header["id"]: section for section in found.get_sections("sub_resource")}
    pages = {section.header["id"]: section.header["path"] for section in found.get_sections("ext_resource")}
    [resource] = found.get_sections("resource")
    return resource["animations"], textures, pages


def shown(shelf: Shelf, texture: Any, pages: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return what Godot shows for a texture: its region, put into its margins."""
    page = Image.open(io.BytesIO(shelf.files[pages[texture["atlas"].args[0]]])).convert("RGBA")
    x, y, width, height = map(int, texture["region"].args)
    left, top, more, higher = map(int, texture["margin"].args)
    whole = Image.new("RGBA", (width + more, height + higher))
    whole.paste(page.crop((x, y, x + width, y + height)), (left, top))
    return np.array(whole)


def same_visible(picture: np.ndarray[Any, Any], frame: np.ndarray[Any, Any]) -> bool:
    seen = frame[..., 3] > 0
    return np.array_equal(picture[..., 3], frame[..., 3]) and np.array_equal(picture[seen], frame[seen])


@pytest.mark.parametrize("settings", [{}, {"trim": "no", "picture": "webp"}, {"max_size": "64"}])
def test_every_animation_shows_its_frames_pixel_for_pixel(settings: dict[str, Any]) -> None:
    shelf = exported("godot", CLIPS, **settings)
    animations, textures, pages = read(shelf)

    assert [each["name"] for each in animations] == [each.name for each in CLIPS]
    for animation, source in zip(animations, CLIPS, strict=True):
        for entry, frame in zip(animation["frames"], source.frames, strict=True):
            assert same_visible(shown(shelf, textures[entry["texture"].args[0]], pages), frame.read())


def test_frames_stand_as_long_as_their_distance_says() -> None:
    uneven: Clip = clip(times=[Fraction(k, 8) for k in (0, 1, 2, 4, 8)])

    [animation], _, _ = read(exported("godot", [uneven], fps=24))

    assert [frame["duration"] for frame in animation["frames"]] == [0.5, 0.5, 1, 2, 1]
    assert (animation["speed"], animation["loop"]) == (24, False)


def test_load_steps_count_the_parts_of_the_resource() -> None:
    shelf = exported("godot", CLIPS)
    _, textures, pages = read(shelf)

    first = shelf.files["frames.tres"].decode().partition("\n")[0]
    assert first == f'[gd_resource type="SpriteFrames" load_steps={len(textures) + len(pages) + 1} format=3]'


def test_the_same_clips_give_the_same_bytes() -> None:
    assert exported("godot", CLIPS).files == exported("godot", CLIPS, loop="no").files
