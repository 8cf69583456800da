"""Files are read back with `py_aseprite` (of pygame-aseprite-animation), and Pillow puts the layers together."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from PIL import Image
from py_aseprite import AsepriteFile

from export.bookshelf import clip, exported, face
from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Clip
from watercolor_rig.export.aseprite_file import chunks
from watercolor_rig.imaging.picture import Rgba

CLIPS = [clip(), clip("neutral", "ee", (0, 2, 3), brow=90), clip("ah", "oh", (6, 3, 1))]
LAYER, CEL, TAGS = 0x2004, 0x2005, 0x2018


def read(clips: Iterable[Clip], layers: str = "parts") -> Any:
    [data] = exported("aseprite", list(clips), layers=layers).files.values()
    found = AsepriteFile(data)

    assert found.header.filesize == len(data)
    return found


def of_kind(frame: Any, kind: int) -> list[Any]:
    return [chunk for chunk in frame.chunks if chunk.chunk_type == kind]


def shown(found: Any, at: int) -> Rgba:
    """Return what a frame shows: its cels, from the lowest layer to the highest."""
    canvas = Image.new("RGBA", (found.header.width, found.header.height))
    for cel in of_kind(found.frames[at], CEL):
        picture = cel
        if cel.cel_type == 1:
            [first] = cel.data["link"]
            [picture] = [each for each in of_kind(found.frames[first], CEL) if each.layer_index == cel.layer_index]
        size = picture.data["width"], picture.data["height"]
        canvas.alpha_composite(Image.frombytes("RGBA", size, picture.data["data"]), (cel.x_pos, cel.y_pos))
    return np.array(canvas)


def visible(pixels: Rgba) -> Rgba:
    return np.where(pixels[..., 3:] > 0, pixels, 0).astype(np.uint8)


@pytest.mark.parametrize("layers", ["parts", "one"])
def test_every_frame_shows_its_picture_pixel_for_pixel(layers: str) -> None:
    found = read(CLIPS, layers=layers)

    frames = [frame for each in CLIPS for frame in each.frames]
    assert found.header.num_frames == len(frames)
    for at, frame in enumerate(frames):
        assert np.array_equal(visible(shown(found, at)), visible(frame.read()))


def test_parts_that_are_soft_at_their_edge_are_put_together_exactly() -> None:
    pictures = [face(3) for _ in range(3)]
    pictures[1][30:34, 10:20, 3] = 90
    pictures[2][:, 12:, 3] //= 2
    frames = tuple(replace(f, read=lambda p=p: p) for f, p in zip(CLIPS[1].frames, pictures, strict=True))  # type: ignore[misc]

    found = read([replace(CLIPS[1], frames=frames)])

    for at, picture in enumerate(pictures):
        assert np.array_equal(visible(shown(found, at)), visible(picture))


def test_every_sequence_is_a_tag() -> None:
    [chunk] = of_kind(read(CLIPS).frames[0], TAGS)

    assert [(tag["name"], tag["from"], tag["to"], tag["loop"]) for tag in chunk.tags] == [
        ("neutral_to_ah__center", 0, 4, 0),
        ("neutral_to_ee__center", 5, 7, 0),
        ("ah_to_oh__center", 8, 10, 0),
    ]


def test_a_layer_stays_and_one_lies_over_it_for_each_part_that_changes() -> None:
    found = read(CLIPS)

    assert [(layer.name, layer.flags, layer.opacity) for layer in found.layers] == [
        ("base", 19, 255),
        ("part 1", 3, 255),
        ("part 2", 3, 255),
    ]
    mouth, brow = of_kind(found.frames[0], CEL)[1:]
    assert (mouth.y_pos, brow.y_pos) == (23, 7)


def test_eyes_and_mouth_bear_their_names() -> None:
    pictures = [face(0, (90, 120)) for _ in range(3)]
    for at, picture in enumerate(pictures):
        picture[40:46, 15:30, 0] = picture[40:46, 60:75, 0] = picture[80:88, 32:58, 0] = 60 * at
    frames = tuple(replace(f, read=lambda p=p: p) for f, p in zip(CLIPS[1].frames, pictures, strict=True))  # type: ignore[misc]

    found = read([replace(CLIPS[1], frames=frames, size=(90, 120))])

    assert [layer.name for layer in found.layers] == ["base", "mouth", "left eye or brow", "right eye or brow"]


def test_equal_pictures_of_a_layer_are_stored_once() -> None:
    found = read(CLIPS)

    kinds = [[cel.cel_type for cel in of_kind(frame, CEL)] for frame in found.frames]
    assert kinds[0] == [2, 2, 2]
    assert kinds[1] == [1, 2, 1]
    assert kinds[5] == [1, 1, 1]
    assert [cel.data["link"] for cel in of_kind(found.frames[5], CEL)] == [(0,), (0,), (0,)]


def test_frames_stand_as_long_as_their_distance_says() -> None:
    uneven = clip(times=[Fraction(k, 8) for k in (0, 1, 2, 4, 8)])
    [data] = exported("aseprite", [uneven], fps=20).files.values()

    assert [frame.frame_duration for frame in AsepriteFile(data).frames] == [25, 25, 50, 100, 50]


def test_every_pose_has_its_file() -> None:
    shelf = exported("aseprite", [CLIPS[0], replace(CLIPS[1], pose="left"), replace(CLIPS[2], pose="")])

    assert list(shelf.files) == ["center.aseprite", "left.aseprite", "sequences.aseprite"]


def test_two_sizes_in_a_pose_are_refused() -> None:
    other = replace(CLIPS[1], size=(31, 40))

    with pytest.raises(UsageError, match=r"are 30x40 and 31x40, and an Aseprite file has one size; choose .* --only"):
        exported("aseprite", [CLIPS[0], other])


def test_more_frames_than_the_format_can_count_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MOST_FRAMES", 10)

    with pytest.raises(UsageError, match="11 frames: an Aseprite file holds 10; choose fewer"):
        exported("aseprite", CLIPS)


def test_the_same_clips_give_the_same_bytes() -> None:
    assert exported("aseprite", CLIPS).files == exported("aseprite", CLIPS).files


def test_small_changes_that_lie_far_from_every_part_are_a_layer_of_their_own() -> None:
    pictures = [face(3 * at, (90, 120)) for at in range(3)]
    pictures[1][70:100, 30:60, 0] = 7
    pictures[2][5:7, 5:7] = 255
    frames = tuple(replace(f, read=lambda p=p: p) for f, p in zip(CLIPS[1].frames, pictures, strict=True))  # type: ignore[misc]

    found = read([replace(CLIPS[1], frames=frames, size=(90, 120))])

    assert [layer.name for layer in found.layers] == ["base", "other", "part 1", "part 2"]
    for at, picture in enumerate(pictures):
        assert np.array_equal(visible(shown(found, at)), visible(picture))


def test_a_rig_in_which_nothing_changes_is_one_layer() -> None:
    found = read([clip(mouths=(2, 2, 2))])

    assert [layer.name for layer in found.layers] == ["base"]
    assert np.array_equal(visible(shown(found, 2)), visible(face(2)))
