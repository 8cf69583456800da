"""The ZIP is read back with `zipfile` and Pillow."""

import io
from dataclasses import replace
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image, ImageSequence

from export.bookshelf import Shelf, clip, exported
from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Clip
from watercolor_rig.export.sillytavern import RESTS_MS, STAND_FOR, chosen
from watercolor_rig.imaging.picture import Rgba

BLINK = clip("neutral", "blink_closed", (0, 1, 2))
HAPPY = clip("neutral", "happy_big", (0, 3, 6))
ANGRY = clip("happy_big", "angry", (6, 5, 4))


def members(shelf: Shelf) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(shelf.files["sillytavern.zip"])) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def shown(webp: bytes) -> list[tuple[Rgba, int]]:
    with Image.open(io.BytesIO(webp)) as film:
        return [
            (np.array(picture.convert("RGBA")), int(picture.info.get("duration", 0)))
            for picture in ImageSequence.Iterator(film)
        ]


def visible(pixels: Rgba) -> Rgba:
    return np.where(pixels[..., 3:] > 0, pixels, 0).astype(np.uint8)


def test_there_is_a_picture_for_each_emotion_that_the_rig_can_show_and_the_others_are_named() -> None:
    shelf = exported("sillytavern", [BLINK, HAPPY, ANGRY])

    names = {name.removesuffix(".webp") for name in members(shelf)}
    assert {"neutral", "joy", "love", "anger", "disgust"} <= names <= set(STAND_FOR)
    [(subject, message)] = shelf.warnings
    assert subject == "sillytavern.zip"
    assert set(message.removeprefix("no expression of the rig shows ").split(", ")) == set(STAND_FOR) - names


def test_neutral_rests_and_blinks_twice_in_a_loop() -> None:
    film = shown(members(exported("sillytavern", [BLINK, HAPPY]))["neutral.webp"])

    assert [ms for _, ms in film] == [100 + RESTS_MS[0], 100, 100, 100, 100 + RESTS_MS[1], 100, 100, 100]
    for (picture, _), place in zip(film, (0, 1, 2, 1, 0, 1, 2, 1), strict=True):
        assert np.array_equal(visible(picture), visible(BLINK.frames[place].read()))


def test_an_expression_without_a_blink_is_still() -> None:
    film = shown(members(exported("sillytavern", [BLINK, HAPPY]))["joy.webp"])

    [(picture, _)] = film
    assert np.array_equal(visible(picture), visible(HAPPY.frames[-1].read()))


def test_other_words_for_closed_eyes_can_be_given() -> None:
    files = members(exported("sillytavern", [BLINK, HAPPY], closed_eyes="sleepy, happy_big"))

    assert np.array_equal(visible(shown(files["neutral.webp"])[2][0]), visible(HAPPY.frames[-1].read()))


def test_the_same_clips_give_the_same_bytes() -> None:
    assert exported("sillytavern", [BLINK, HAPPY]).files == exported("sillytavern", [BLINK, HAPPY]).files


def test_an_expression_that_bears_the_emotions_name_goes_before_its_stand_ins() -> None:
    assert chosen("joy", ["happy_big", "joy_1", "neutral"]) == "joy_1"
    assert chosen("grief", ["concerned", "sad_open"]) == "sad_open"
    assert chosen("anger", ["neutral"]) is None


def test_a_rig_without_any_emotion_is_refused() -> None:
    with pytest.raises(UsageError, match="no expression fits an emotion"):
        exported("sillytavern", [clip("speaking_ah", "speaking_ee")])


@pytest.mark.parametrize("other", [replace(HAPPY, pose="left"), replace(HAPPY, end_pose="left")])
def test_two_poses_at_once_are_refused(other: Clip) -> None:
    with pytest.raises(UsageError, match=r"there are the poses center, left; choose one, such as --only '\*__center'"):
        exported("sillytavern", [BLINK, other])
