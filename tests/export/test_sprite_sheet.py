"""Sheets are read back with Pillow and plain JSON: what a player cuts out is the frame, pixel for pixel."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from export.bookshelf import Shelf, clip, exported
from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Clip
from watercolor_rig.export.sprite_sheet.packing import Rows, lay_out_tightly

FORMS = ("aseprite-sheet", "texturepacker-sheet")
CLIPS = [clip("neutral", "ah"), clip("neutral", "ee", (0, 2, 3), brow=90), clip("ah", "neutral", (6, 4, 2, 1, 0))]


def documents(shelf: Shelf) -> list[dict[str, Any]]:
    return [json.loads(data) for name, data in shelf.files.items() if name.endswith(".json")]


def page_of(shelf: Shelf, document: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(shelf.files[document["meta"]["image"]])).convert("RGBA")


def listed(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    frames = document["frames"]
    return [(each["filename"], each) for each in frames] if isinstance(frames, list) else list(frames.items())


def rebuilt(page: Image.Image, entry: dict[str, Any]) -> Image.Image:
    """Return the whole frame as a player shows it: the cell cut out, put where it belongs."""
    at, source = entry["frame"], entry["spriteSourceSize"]
    whole = Image.new("RGBA", (entry["sourceSize"]["w"], entry["sourceSize"]["h"]))
    whole.paste(page.crop((at["x"], at["y"], at["x"] + at["w"], at["y"] + at["h"])), (source["x"], source["y"]))
    return whole


def played(shelf: Shelf) -> Iterator[tuple[str, list[Image.Image]]]:
    """Yield the sequences of a sheet as its JSON tells them."""
    for document in documents(shelf):
        page, entries = page_of(shelf, document), listed(document)
        for tag in document["meta"].get("frameTags", []):
            yield tag["name"], [rebuilt(page, entry) for _, entry in entries[tag["from"] : tag["to"] + 1]]
        for name, frames in document.get("animations", {}).items():
            yield name, [rebuilt(page, dict(entries)[frame]) for frame in frames]


def same_visible(shown: Image.Image, frame: np.ndarray[Any, Any]) -> bool:
    pixels = np.array(shown)
    seen = frame[..., 3] > 0
    return np.array_equal(pixels[..., 3], frame[..., 3]) and np.array_equal(pixels[seen], frame[seen])


def shows(shelf: Shelf, clips: list[Clip]) -> bool:
    found: dict[str, list[Image.Image]] = {}
    for name, pictures in played(shelf):
        found.setdefault(name, []).extend(pictures)
    return list(found) == [each.name for each in clips] and all(
        same_visible(picture, frame.read())
        for each in clips
        for picture, frame in zip(found[each.name], each.frames, strict=True)
    )


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("picture", ["png", "webp"])
@pytest.mark.parametrize("trim", ["yes", "no"])
@pytest.mark.parametrize("frames", ["hash", "array"])
def test_what_a_player_cuts_out_is_the_frame_pixel_for_pixel(name: str, picture: str, trim: str, frames: str) -> None:
    shelf = exported(name, CLIPS, picture=picture, trim=trim, frames=frames)

    assert shows(shelf, CLIPS)


@pytest.mark.parametrize("name", FORMS)
def test_the_same_clips_give_the_same_bytes(name: str) -> None:
    assert exported(name, CLIPS).files == exported(name, CLIPS).files


def test_equal_pictures_lie_on_a_page_once() -> None:
    [document] = documents(exported("aseprite-sheet", CLIPS))

    places = [tuple(entry["frame"].values()) for _, entry in listed(document)]

    assert (len(places), len(set(places))) == (13, 7)


@pytest.mark.parametrize(("padding", "extrude"), [(0, 0), (2, 1), (3, 2)])
def test_cells_keep_their_distance_and_their_edge_is_repeated(padding: int, extrude: int) -> None:
    shelf = exported("aseprite-sheet", CLIPS, padding=str(padding), extrude=str(extrude))
    [document] = documents(shelf)
    page = np.array(page_of(shelf, document))
    covered = np.zeros(page.shape[:2], int)

    for box in {tuple(entry["frame"].values()) for _, entry in listed(document)}:
        x, y, width, height = box
        reach = padding + extrude
        outer = page[y - extrude : y + height + extrude, x - extrude : x + width + extrude]
        inner = page[y : y + height, x : x + width]
        covered[y - extrude : y + height + extrude, x - extrude : x + width + extrude] += 1

        assert x >= reach
        assert y >= reach
        assert np.array_equal(outer, np.pad(inner, ((extrude,) * 2, (extrude,) * 2, (0, 0)), "edge"))
    assert covered.max() == 1
    assert not page[covered == 0].any()


def test_a_page_has_the_size_that_the_json_says() -> None:
    shelf = exported("texturepacker-sheet", CLIPS)
    [document] = documents(shelf)

    assert document["meta"]["size"] == dict(zip("wh", page_of(shelf, document).size, strict=True))


def test_frames_that_one_page_cannot_hold_go_on_to_others_and_a_sequence_stays_together() -> None:
    shelf = exported("aseprite-sheet", CLIPS, max_size="104")

    assert list(shelf.files) == [f"sheet-{page}.{kind}" for page in range(3) for kind in ("png", "json")]
    assert all(max(page_of(shelf, document).size) <= 104 for document in documents(shelf))
    assert shows(shelf, CLIPS)
    assert [[tag["name"] for tag in document["meta"]["frameTags"]] for document in documents(shelf)] == [
        ["neutral_to_ah__center"],
        ["neutral_to_ee__center"],
        ["ah_to_neutral__center"],
    ]
    assert shelf.warnings == []


@pytest.mark.parametrize("name", FORMS)
def test_a_sequence_longer_than_a_page_goes_on_on_the_next_and_the_user_hears_of_it(name: str) -> None:
    shelf = exported(name, CLIPS[:1], max_size="64")

    assert shows(shelf, CLIPS[:1])
    assert {subject for subject, _ in shelf.warnings} == {"neutral_to_ah__center"}


def test_every_page_in_texturepackers_form_names_the_others() -> None:
    shelf = exported("texturepacker-sheet", CLIPS, max_size="104")

    assert [document["meta"]["related_multi_packs"] for document in documents(shelf)] == [
        ["sheet-1.json", "sheet-2.json"],
        ["sheet-0.json", "sheet-2.json"],
        ["sheet-0.json", "sheet-1.json"],
    ]


def test_a_frame_that_no_page_can_hold_is_refused_before_anything_is_written() -> None:
    big = clip("neutral", "ah", (0, 1))

    with pytest.raises(UsageError, match=r"neutral_to_ah__center: 0\.00\.png needs 86 pixels .* --scale or a larger"):
        exported("aseprite-sheet", [_enlarged(big)], max_size="64", trim="no")


def _enlarged(small: Clip) -> Clip:
    frames = tuple(replace(f, read=lambda f=f: f.read().repeat(2, 0)) for f in small.frames)  # type: ignore[misc]
    return replace(small, size=(30, 80), frames=frames)


def test_durations_follow_the_distance_of_the_frames_and_do_not_drift() -> None:
    [document] = documents(exported("aseprite-sheet", CLIPS[:1], fps=24))

    durations = [entry["duration"] for _, entry in listed(document)]

    assert (sum(durations), set(durations)) == (round(5 * 1000 / 24), {41, 42})


def test_a_clear_picture_is_one_clear_pixel() -> None:
    nothing = np.zeros((40, 30, 4), np.uint8)
    [frame, *_] = CLIPS[0].frames
    empty = replace(CLIPS[0], frames=(replace(frame, read=lambda: nothing),))

    shelf = exported("aseprite-sheet", [empty])

    assert shows(shelf, [empty])
    assert documents(shelf)[0]["frames"]["0"]["frame"] == {"x": 3, "y": 3, "w": 1, "h": 1}


CELLS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=40)


@given(CELLS, st.integers(0, 4))
def test_cells_never_overlap_nor_leave_the_page(cells: list[tuple[int, int]], gap: int) -> None:
    places, (width, height) = lay_out_tightly(cells, 400, gap)
    taken = np.zeros((height + gap, width + gap), bool)

    for (left, top), (across, down) in zip(places, cells, strict=True):
        around = taken[max(0, top - gap) : top + down + gap, max(0, left - gap) : left + across + gap]

        assert (left >= gap, top >= gap, left + across + gap <= width, top + down + gap <= height) == (True,) * 4
        assert not around.any()
        taken[top : top + down, left : left + across] = True


def test_an_empty_page_is_as_large_as_its_gap() -> None:
    assert Rows(90, 2).size == (0, 2)
