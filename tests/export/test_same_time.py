"""An exported film shows the frame that the studio's player shows then: both are held to one golden file.

`tests/golden/exports.json` has the frames of exported films and how long each stands. Here the exporters are held to
it, by files that are read back; `ui/src/playback/exports.test.ts` holds the player to it.
"""

import io
import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence
from py_aseprite import AsepriteFile

from export.bookshelf import exported, frames_of, spec_of
from watercolor_rig.core.playback import Loop
from watercolor_rig.export.api import Clip
from watercolor_rig.export.clips import clip_of
from watercolor_rig.export.frames import FrameSequence
from watercolor_rig.export.timing import at_each_tick, durations, round_of

GOLDEN = Path(__file__).parent.parent / "golden" / "exports.json"
CASES: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))
SHORTEST_MS = {"apng": (1000, 17), "webp": (1000, 17), "gif": (100, 20)}
"""Units a second in which a format counts, and the shortest frame that players show."""

READ_BACK = [case for case in CASES if case["fps"] in (1.0, 23.976, 50.0)]


def clip_with(times: list[float]) -> Clip:
    """Return a clip whose pictures tell their place by their redness."""
    pictures = [np.full((16, 16, 4), (50 * place, 90, 90, 255), np.uint8) for place in range(len(times))]
    spec = spec_of("neutral", "ah")
    return clip_of(FrameSequence(spec.path, frames_of(pictures, [Fraction(t) for t in times])), spec)


def place_of(red: float) -> int:
    return round(red / 50)


def film_of(case: dict[str, Any], name: str) -> list[tuple[int, int]]:
    """Return the places and durations that a film of Pillow's formats shows."""
    [data] = exported(name, [clip_with(case["times"])], fps=case["fps"], loop=case["loop"]).files.values()
    with Image.open(io.BytesIO(data)) as film:
        return [
            (place_of(picture.convert("RGBA").getpixel((8, 8))[0]), int(picture.info.get("duration", 0)))  # type: ignore[index]
            for picture in ImageSequence.Iterator(film)
        ]


@pytest.mark.parametrize("case", CASES)
def test_the_rule_of_exports_says_what_the_golden_file_says(case: dict[str, Any]) -> None:
    clip, loop = clip_with(case["times"]), Loop(case["loop"])
    round_ = round_of(clip, loop)

    assert [step.index for step in round_] == case["indices"]
    for units, wanted in case["durations"].items():
        assert durations(round_, case["fps"], int(units)) == wanted
    assert at_each_tick(clip, loop) == case["ticks"]


def films() -> Iterator[Any]:
    """Yield name, case and durations in ms; without frames so short that players would not show them as they are."""
    for (name, (units, least)), case in product(SHORTEST_MS.items(), READ_BACK):
        stands = [1000 // units * duration for duration in case["durations"][str(units)]]
        if len(stands) > 1 and min(stands) >= least:
            yield name, case, stands


@pytest.mark.parametrize(("name", "case", "stands"), list(films()))
def test_an_animated_picture_shows_the_golden_film(name: str, case: dict[str, Any], stands: list[int]) -> None:
    assert film_of(case, name) == list(zip(case["indices"], stands, strict=True))


@pytest.mark.parametrize("case", [case for case in READ_BACK if case["loop"] == "once"])
def test_an_aseprite_file_has_the_golden_durations(case: dict[str, Any]) -> None:
    [data] = exported("aseprite", [clip_with(case["times"])], fps=case["fps"]).files.values()

    assert [frame.frame_duration for frame in AsepriteFile(data).frames] == case["durations"]["1000"]


@pytest.mark.parametrize("case", [case for case in READ_BACK if case["loop"] != "loop"])
def test_a_video_shows_the_golden_frame_at_each_tick(case: dict[str, Any]) -> None:
    [data] = exported("prores", [clip_with(case["times"])], fps=case["fps"], loop=case["loop"]).files.values()

    with av.open(io.BytesIO(data), "r") as film:
        shown = [(frame.time, float(frame.to_ndarray(format="rgb24")[8, 8, 0])) for frame in film.decode(video=0)]
    assert [place_of(red) for _, red in shown] == case["ticks"]
    assert [time for time, _ in shown] == pytest.approx([tick / case["fps"] for tick in range(len(shown))], abs=1e-3)
