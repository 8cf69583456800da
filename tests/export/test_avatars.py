"""Avatars are read back with `json`, `zipfile` and Pillow, and shown by the rules that PNGTuber Plus has."""

import base64
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from export.bookshelf import Shelf, clip, exported, face
from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Clip
from watercolor_rig.export.faces import applied
from watercolor_rig.imaging.picture import Rgba

KEYS = {
    *("type", "path", "imageData", "identification", "parentId", "pos", "offset", "zindex", "drag", "xFrq", "xAmp"),
    *("yFrq", "yAmp", "rotDrag", "showTalk", "showBlink", "rLimitMin", "rLimitMax", "costumeLayers", "stretchAmount"),
    *("ignoreBounce", "frames", "animSpeed", "clipped", "toggle"),
}


def look(mouth: int = 0, brow: int = 0, *, closed: bool = False) -> Rgba:
    """Return a face whose eyes are open or closed."""
    pixels = face(mouth, brow=brow)
    pixels[17:21, 10:20] = (90, 60, 40, 255) if closed else (20, 120, 220, 255)
    return pixels


def between(start: str, first: Rgba, end: str, last: Rgba) -> Clip:
    made = clip(start, end, (0, 1))
    frames = tuple(replace(f, read=lambda p=p: p) for f, p in zip(made.frames, (first, last), strict=True))  # type: ignore[misc]
    return replace(made, frames=frames)


BLINK = between("neutral", look(), "blink_closed", look(closed=True))
TALK = between("neutral", look(), "speaking_ah", look(6))
ANGRY = between("neutral", look(), "angry", look(brow=90))
HAPPY = between("neutral", look(), "happy", look(2))
CLIPS = [BLINK, TALK, ANGRY, HAPPY]


def sprites_of(shelf: Shelf) -> list[dict[str, Any]]:
    document = json.loads(shelf.files["avatar.save"])

    assert list(document) == [str(at) for at in range(len(document))]
    return list(document.values())


def shown(sprites: Iterable[Mapping[str, Any]], costume: int, *, talks: bool, blinks: bool) -> list[Rgba]:
    """Return what PNGTuber Plus shows on a number key."""
    return [
        np.array(Image.open(io.BytesIO(base64.b64decode(sprite["imageData"]))).convert("RGBA"))
        for sprite in sprites
        if json.loads(sprite["costumeLayers"])[costume - 1]
        and sprite["showTalk"] in (0, 2 if talks else 1)
        and sprite["showBlink"] in (0, 2 if blinks else 1)
    ]


def test_an_avatar_shows_one_whole_picture_in_every_state_of_every_costume() -> None:
    sprites = sprites_of(exported("pngtuber-plus", CLIPS))

    for costume, talks, blinks in product((1, 2, 3), (False, True), (False, True)):
        [picture] = shown(sprites, costume, talks=talks, blinks=blinks)
        assert picture.shape == (40, 30, 4)


@pytest.mark.parametrize(
    ("costume", "talks", "blinks", "wanted"),
    [
        (1, False, False, look()),
        (1, True, False, look(6)),
        (1, False, True, look(closed=True)),
        (1, True, True, look(6, closed=True)),
        (2, False, False, look(brow=90)),
        (2, True, False, look(6, brow=90)),
        (2, True, True, look(6, brow=90, closed=True)),
        (3, False, True, look(2, closed=True)),
        (3, True, False, look(2)),
    ],
)
def test_a_state_is_drawn_or_borrowed_and_never_guessed(
    costume: int,
    talks: bool,  # noqa: FBT001 - a table
    blinks: bool,  # noqa: FBT001
    wanted: Rgba,
) -> None:
    [picture] = shown(sprites_of(exported("pngtuber-plus", CLIPS)), costume, talks=talks, blinks=blinks)

    assert np.array_equal(picture, wanted)


def test_what_a_face_cannot_do_is_said() -> None:
    shelf = exported("pngtuber-plus", [TALK, HAPPY])

    assert shelf.warnings == [
        ("neutral", "never blinks; a sequence from it to closed eyes would change that"),
        (
            "happy",
            "never talks and never blinks; a sequence from it to an open mouth and closed eyes would change that",
        ),
    ]


def test_a_face_whose_mouth_and_eyes_change_in_one_place_does_not_blink_while_it_talks() -> None:
    redrawn = look(6)
    redrawn[17:21, 10:20, 0] += 1
    shelf = exported("pngtuber-plus", [BLINK, between("neutral", look(), "speaking_ah", redrawn)])

    assert shelf.warnings == [("neutral", "does not blink while it talks: mouth and eyes change in one place")]
    [picture] = shown(sprites_of(shelf), 1, talks=True, blinks=True)
    assert np.array_equal(picture, redrawn)


def test_every_sprite_has_every_key_and_its_own_number() -> None:
    sprites = sprites_of(exported("pngtuber-plus", CLIPS))

    assert all(set(sprite) == KEYS for sprite in sprites)
    assert [sprite["identification"] for sprite in sprites] == list(range(1, len(sprites) + 1))
    assert sprites[0]["path"] == "neutral_silent.png"
    assert sprites[0]["costumeLayers"] == "[1, 0, 0, 0, 0, 0, 0, 0, 0, 0]"


def test_there_are_ten_costumes_and_the_rest_is_named() -> None:
    more = [between("neutral", look(), f"mood_{at:02}", look(brow=at)) for at in range(1, 13)]

    shelf = exported("pngtuber-plus", [BLINK, TALK, *more])

    assert shelf.warnings[-1] == (
        "avatar.save",
        "has 10 costumes; left out: mood_10, mood_11, mood_12; choose with --option expressions=…",
    )
    assert {json.loads(sprite["costumeLayers"]).index(1) for sprite in sprites_of(shelf)} == set(range(10))


def test_expressions_can_be_chosen_in_their_order() -> None:
    sprites = sprites_of(exported("pngtuber-plus", CLIPS, expressions="happy, neutral"))

    assert [sprite["path"] for sprite in sprites if sprite["showTalk"] < 2 and sprite["showBlink"] < 2] == [
        "happy_silent.png",
        "neutral_silent.png",
    ]


def test_other_words_for_mouth_and_eyes_can_be_given() -> None:
    sprites = sprites_of(exported("pngtuber-plus", CLIPS, talking="happy", closed_eyes="angry"))

    [picture] = shown(sprites, 1, talks=True, blinks=True)
    assert np.array_equal(picture, look(2, brow=90))


@pytest.mark.parametrize("name", ["pngtuber-plus", "veadotube"])
@pytest.mark.parametrize(
    ("clips", "settings", "message"),
    [
        ([TALK, replace(BLINK, pose="left")], {}, r"there are the poses center, left; choose one"),
        ([TALK, replace(BLINK, size=(9, 9))], {}, r"differ in size, and states must not; choose with --only"),
        ([TALK], {"expressions": "hapy"}, r"no sequence begins or ends with 'hapy'; there are: neutral, speaking_ah"),
        ([clip("speaking_ee", "blink_half")], {}, r"no sequence begins or ends with an expression; name some"),
    ],
)
def test_what_cannot_be_an_avatar_is_refused(
    name: str, clips: list[Clip], settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        exported(name, clips, **settings)


def test_remix_is_told_of_when_pictures_are_large() -> None:
    large = np.full((2, 1300, 4), 200, np.uint8)
    shelf = exported("pngtuber-plus", [replace(between("neutral", large, "blink_closed", large), size=(1300, 2))])

    assert shelf.warnings[-1] == ("avatar.save", "PNGTuber Remix warns of pictures above 1280 pixels; give --scale")


def test_veadotube_gets_four_pictures_of_every_expression() -> None:
    with ZipFile(io.BytesIO(exported("veadotube", CLIPS).files["veadotube.zip"])) as archive:
        pictures = {
            name: np.array(Image.open(io.BytesIO(archive.read(name))).convert("RGBA")) for name in archive.namelist()
        }

    states = ("closed", "open", "blink_closed", "blink_open")
    assert list(pictures) == [f"{name}_{state}.png" for name in ("neutral", "angry", "happy") for state in states]
    wanted = (look(), look(6), look(closed=True), look(6, closed=True))
    assert all(np.array_equal(pictures[f"neutral_{state}.png"], a) for state, a in zip(states, wanted, strict=True))
    assert np.array_equal(pictures["happy_blink_open.png"], look(2, closed=True))


@pytest.mark.parametrize("name", ["pngtuber-plus", "veadotube"])
def test_the_same_clips_give_the_same_bytes(name: str) -> None:
    assert exported(name, CLIPS).files == exported(name, CLIPS).files


def test_a_change_is_applied_only_to_what_equals_its_start() -> None:
    assert applied(look(2), look(), look(6)) is None
    assert np.array_equal(applied(look(brow=50), look(), look(6)), look(6, brow=50))  # type: ignore[arg-type]
