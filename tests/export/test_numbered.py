"""Numbered PNGs are read back with `zipfile` and Pillow; the timeline with OpenTimelineIO."""

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import opentimelineio as otio
import pytest
from PIL import Image

from export.bookshelf import clip, exported

CLIPS = [clip(), clip("neutral", "ee", (0, 2, 3))]
UNEVEN = clip(times=[Fraction(k, 8) for k in (0, 1, 2, 4, 8)])


def members(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_frame_is_there_by_number_and_is_the_users_own_file() -> None:
    files = members(exported("frames", CLIPS).files["frames.zip"])

    expected = {
        f"{each.name}/{each.name}.{at:04}.png": frame.read_file()
        for each in CLIPS
        for at, frame in enumerate(each.frames)
    }
    assert files == expected


def test_a_frame_that_stands_longer_is_there_several_times() -> None:
    files = members(exported("frames", [UNEVEN]).files["frames.zip"])

    pictures = [np.array(Image.open(io.BytesIO(data)).convert("RGBA")) for data in files.values()]
    assert np.array_equal(pictures, [UNEVEN.frames[at].read() for at in (0, 2, 3, 3, 4)])


def test_folders_hold_what_the_archive_holds() -> None:
    archive = members(exported("frames", CLIPS, first="1001").files["frames.zip"])

    folders = exported("frames", CLIPS, first="1001", zip="no").files

    assert folders == archive
    assert next(iter(folders)) == "neutral_to_ah__center/neutral_to_ah__center.1001.png"


@pytest.mark.parametrize("name", ["frames", "otio"])
def test_the_same_clips_give_the_same_bytes(name: str) -> None:
    assert exported(name, CLIPS).files == exported(name, CLIPS).files


def test_every_file_that_the_timeline_speaks_of_is_there() -> None:
    files = exported("otio", [CLIPS[1], UNEVEN], first="7").files
    document: dict[str, Any] = json.loads(files["timeline.otio"])

    media = [each["media_references"]["DEFAULT_MEDIA"] for each in document["tracks"]["children"][0]["children"]]
    named = {
        f"{each['target_url_base']}{each['name_prefix']}{number:0{each['frame_zero_padding']}}{each['name_suffix']}"
        for each in media
        for number in range(
            each["start_frame"], each["start_frame"] + int(each["available_range"]["duration"]["value"])
        )
    }
    assert named == set(files) - {"timeline.otio"}


def test_opentimelineio_reads_the_timeline_and_finds_the_files(tmp_path: Path) -> None:
    files = exported("otio", [CLIPS[1], UNEVEN], fps=24, first="7").files
    path = tmp_path / "timeline.otio"
    path.write_bytes(files["timeline.otio"])

    timeline = otio.adapters.read_from_file(str(path))

    clips = list(timeline.find_clips())
    urls = [
        [each.media_reference.target_url_for_image_number(at) for at in range(int(each.duration().value))]
        for each in clips
    ]
    assert {url for clip_urls in urls for url in clip_urls} == set(files) - {"timeline.otio"}
    assert timeline.duration() == otio.opentime.RationalTime(8, 24)
    assert list(clips[1].metadata["watercolor_rig"]["t"]) == [0, 0.25, 0.5, 0.5, 1]
