"""The script is read back by a strict grammar of our own, after Ren'Py's documentation; Ren'Py itself is not run.

Of the language it knows an image statement with a file, and one with a block of ATL: pictures, `pause`, groups of
`choice`, and `repeat` as the last line.
"""

import io
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from PIL import Image

from export.bookshelf import Shelf, clip, exported
from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.renpy import RESTS
from watercolor_rig.imaging.picture import Rgba

BLINK = clip("neutral", "blink_closed", (0, 1, 2))
HAPPY = clip("neutral", "happy", (0, 3, 6))
CLIPS = [BLINK, HAPPY]

STATEMENT = re.compile(r'image ((?:[-\w]+ )*[-\w]+)(?: = "([^"\\]+)"|:)')
ATL = re.compile(
    r'(?P<indent> +)(?:"(?P<file>[^"\\]+)"|pause (?P<pause>\d+(?:\.\d+)?)|(?P<choice>choice:)|(?P<repeat>repeat))'
)


@dataclass
class Shown:
    """An image: its pictures and how long each stands, in seconds, the last for ever unless it repeats."""

    files: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)
    repeats: bool = False


def images_of(script: str) -> dict[str, Shown]:
    """Return the images that a script defines; a line that is none of the grammar fails."""
    images: dict[str, Shown] = {}
    shown = Shown()
    in_choice = False
    for line in script.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            statement = STATEMENT.fullmatch(line)
            assert statement, line
            assert statement[1] not in images
            shown = images[statement[1]] = Shown([statement[2]] if statement[2] else [])
            in_choice = False
            continue
        atl = ATL.fullmatch(line)
        assert atl, line
        assert not shown.repeats, "repeat must be the last statement in a block"
        assert len(atl["indent"]) == (8 if in_choice else 4), line
        if atl["pause"]:
            (shown.rests if in_choice else shown.pauses).append(float(atl["pause"]))
        assert not in_choice or atl["pause"], line
        in_choice = bool(atl["choice"])
        if atl["file"]:
            shown.files.append(atl["file"])
        shown.repeats = bool(atl["repeat"])
    return images


def read(shelf: Shelf, name: str = "character") -> dict[str, Shown]:
    assert list(shelf.files)[-1] == f"game/{name}.rpy"
    return images_of(shelf.files[f"game/{name}.rpy"].decode())


def picture(shelf: Shelf, file: str) -> Rgba:
    return np.array(Image.open(io.BytesIO(shelf.files[f"game/{file}"])).convert("RGBA"))


def test_every_expression_and_every_sequence_is_an_image() -> None:
    assert set(read(exported("renpy", CLIPS))) == {
        "character neutral",
        "character blink_closed",
        "character happy",
        "character neutral_to_blink_closed",
        "character neutral_to_happy",
    }


def test_a_sequence_plays_once_and_stays_on_its_last_frame() -> None:
    shelf = exported("renpy", [clip("neutral", "ah", times=[Fraction(k, 8) for k in (0, 1, 2, 4, 8)])], fps=20)

    shown = read(shelf)["character neutral_to_ah"]

    assert (shown.pauses, shown.repeats, shown.rests) == ([0.025, 0.025, 0.05, 0.1], False, [])
    for file, frame in zip(shown.files, clip().frames, strict=True):
        assert np.array_equal(picture(shelf, file), frame.read())


def test_an_expression_rests_and_blinks_over_and_over() -> None:
    shelf = exported("renpy", CLIPS)

    shown = read(shelf)["character neutral"]

    assert (shown.rests, shown.repeats) == ([float(rest) for rest in RESTS], True)
    assert shown.pauses == [0.1, 0.1, 0.1]
    for file, at in zip(shown.files, (0, 1, 2, 1), strict=True):
        assert np.array_equal(picture(shelf, file), BLINK.frames[at].read())


def test_an_expression_without_a_blink_is_a_picture() -> None:
    shelf = exported("renpy", CLIPS)

    shown = read(shelf)["character happy"]

    assert shown == Shown(["images/character/character_happy.png"])
    assert np.array_equal(picture(shelf, shown.files[0]), HAPPY.frames[-1].read())


def test_equal_pictures_are_one_file_and_every_file_is_used() -> None:
    shelf = exported("renpy", CLIPS)

    used = {f"game/{file}" for shown in read(shelf).values() for file in shown.files}
    assert used == set(shelf.files) - {"game/character.rpy"}
    pictures = [picture(shelf, file.removeprefix("game/")).tobytes() for file in used]
    assert len(set(pictures)) == len(pictures)


def test_the_character_can_have_a_name() -> None:
    shelf = exported("renpy", CLIPS, name="eve")

    assert "eve neutral_to_happy" in read(shelf, "eve")
    assert all(file.startswith(("game/images/eve/eve_", "game/eve.rpy")) for file in shelf.files)


@pytest.mark.parametrize("name", ["Eve", "2b", "", "eve marie", "show", 'e"'])
def test_a_name_that_renpy_does_not_take_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no name; Ren'Py wants"):
        exported("renpy", CLIPS, name=name)


def test_poses_are_attributes_where_there_are_several() -> None:
    images = read(exported("renpy", [BLINK, replace(HAPPY, pose="left")]))

    assert {"character center neutral", "character left neutral", "character left neutral_to_happy"} <= set(images)


def test_a_word_of_renpys_own_and_a_space_are_no_part_of_an_images_name() -> None:
    images = read(exported("renpy", [replace(clip("at", "big smile"), name="x__center")]))

    assert {"character at_", "character big_smile", "character at_to_big_smile"} == set(images)


def test_two_images_of_one_name_are_refused() -> None:
    with pytest.raises(UsageError, match=r"'big_smile' has the same name in Ren'Py as another one"):
        exported("renpy", [clip("neutral", "big smile"), clip("big_smile", "angry")])


def test_a_sequence_whose_manifest_names_no_expressions_has_its_folders_name() -> None:
    images = read(exported("renpy", [replace(BLINK, start="", end="", pose="", name="walk__center")]))

    assert set(images) == {"character walk__center"}


def test_the_same_clips_give_the_same_bytes() -> None:
    first: Any = exported("renpy", CLIPS)

    assert first.files == exported("renpy", CLIPS).files
