"""A blink that one face has another one may wear, where it is exact to the pixel."""

import io
import re
from dataclasses import replace
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image, ImageSequence

from export.bookshelf import clip, exported
from export.test_avatars import BLINK, HAPPY, between, look
from watercolor_rig.core.errors import PictureError
from watercolor_rig.export.api import Clip
from watercolor_rig.export.faces import stills_of, way_to
from watercolor_rig.imaging.picture import decode

CLOSED = ["blink_closed"]


def way(clips: list[Clip], start: str) -> Clip | None:
    return way_to(clips, stills_of(clips), start, CLOSED)


def test_a_sequence_of_its_own_goes_first() -> None:
    own = between("happy", look(2), "blink_closed", look(2, closed=True))

    assert way([BLINK, HAPPY, own], "happy") is own


def test_a_face_wears_the_blink_of_another_one_that_looks_alike_around_the_eyes() -> None:
    worn = way([BLINK, HAPPY], "happy")

    assert worn is not None
    assert [frame.t for frame in worn.frames] == [frame.t for frame in BLINK.frames]
    assert np.array_equal(worn.frames[0].read(), look(2))
    assert np.array_equal(worn.frames[-1].read(), look(2, closed=True))
    assert np.array_equal(decode(worn.frames[-1].read_file(), "worn"), look(2, closed=True))


def test_a_face_with_other_eyes_wears_no_blink_that_is_not_its_own() -> None:
    wide = look(2)
    wide[16:22, 9:21] = (255, 255, 255, 255)

    assert way([BLINK, between("neutral", look(), "surprised", wide)], "surprised") is None


def test_closed_eyes_do_not_blink() -> None:
    assert way([BLINK, HAPPY], "blink_closed") is None


def test_a_face_of_another_size_wears_nothing() -> None:
    small = replace(clip("sad", "angry"), size=(9, 9))

    assert way([BLINK, small], "sad") is None


def test_a_picture_that_changes_meanwhile_is_said_to_have() -> None:
    shown = look(2)
    happy = between("neutral", look(), "happy", shown)
    worn = way([BLINK, happy], "happy")
    shown[17:21, 10:20] = 0

    assert worn is not None
    with pytest.raises(PictureError, match=re.escape("changed while they were exported; export again")):
        worn.frames[-1].read()


def test_sillytavern_shows_a_worn_blink() -> None:
    with ZipFile(io.BytesIO(exported("sillytavern", [BLINK, HAPPY]).files["sillytavern.zip"])) as archive:
        film = Image.open(io.BytesIO(archive.read("joy.webp")))
    pictures = [np.array(picture.convert("RGBA")) for picture in ImageSequence.Iterator(film)]

    seen = look(2)[..., 3] > 0
    assert np.array_equal(pictures[1][seen], look(2, closed=True)[seen])


def test_renpy_shows_a_worn_blink() -> None:
    shelf = exported("renpy", [BLINK, HAPPY])

    file = "images/character/character_happy_as_neutral_to_blink_closed__center_0001.png"
    assert f'"{file}"' in shelf.files["game/character.rpy"].decode()
    assert np.array_equal(decode(shelf.files[f"game/{file}"], "worn"), look(2, closed=True))
