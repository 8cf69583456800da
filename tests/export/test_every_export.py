"""What every format promises: the same bytes each time, few pictures at once, all of a file or nothing of it."""

import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from export.bookshelf import clip, exported, face
from watercolor_rig import __version__
from watercolor_rig.app.exports import ExportOptions, make_export
from watercolor_rig.core.errors import PictureError, UsageError
from watercolor_rig.export.api import Clip
from watercolor_rig.export.names import BUILT_IN
from watercolor_rig.imaging.picture import Rgba, encode_png

EVERY = sorted(BUILT_IN)
CLIPS = [
    clip("neutral", "blink_closed", (0, 1, 2)),
    clip("neutral", "happy", (0, 3, 6)),
    clip("happy", "angry", (6, 4)),
]
GOES_SOMEWHERE = {"web"}
"""Formats of a character that goes from state to state: they leave out what leads nowhere."""

HELD_AT_MOST = 8
"""Pictures; an avatar's face has six of one expression."""


class Watched:
    """Pictures that are counted while anyone holds them."""

    def __init__(self) -> None:
        self.alive = 0
        self.most = 0
        self.read = 0

    def give(self, picture: Rgba) -> Rgba:
        self.read += 1
        self.alive += 1
        self.most = max(self.most, self.alive)
        weakref.finalize(picture, self._gone)
        return picture

    def _gone(self) -> None:
        self.alive -= 1


def long_clip(count: int, watched: Watched) -> Clip:
    """Return a clip of so many pictures, no two alike."""

    def reader(at: int) -> Callable[[], Rgba]:
        return lambda: watched.give(face(at % 6, brow=at // 6))

    source = clip().frames[0]
    frames = tuple(
        replace(
            source,
            t=Fraction(at, count - 1),
            read=reader(at),
            read_file=lambda at=at: encode_png(face(at % 6, brow=at // 6)),  # type: ignore[misc]
        )
        for at in range(count)
    )
    return replace(clip("neutral", "happy"), frames=frames)


@pytest.mark.parametrize("name", EVERY)
def test_the_same_clips_give_the_same_bytes(name: str) -> None:
    first, second = exported(name, CLIPS), exported(name, CLIPS)

    assert first.files == second.files
    assert first.files
    assert first.warnings == second.warnings


@pytest.mark.parametrize("name", EVERY)
def test_few_pictures_are_held_however_long_a_sequence_is(name: str) -> None:
    watched = Watched()

    exported(name, [long_clip(120, watched)], fps=50)

    assert watched.most <= HELD_AT_MOST
    assert watched.alive == 0


@pytest.mark.parametrize("name", EVERY)
def test_a_single_frame_is_no_trouble(name: str) -> None:
    single = [clip("neutral", "neutral", (3,), times=[Fraction(0)])]

    if name in GOES_SOMEWHERE:
        with pytest.raises(UsageError, match="no sequence can be played"):
            exported(name, single)
    else:
        assert exported(name, single).files


@pytest.mark.parametrize("name", EVERY)
def test_odd_sizes_are_no_trouble(name: str) -> None:
    pictures = [face(at, (31, 43)) for at in range(3)]
    frames = tuple(
        replace(f, read=lambda p=p: p.copy(), read_file=lambda p=p: encode_png(p))  # type: ignore[misc]
        for f, p in zip(CLIPS[0].frames, pictures, strict=True)
    )

    assert exported(name, [replace(CLIPS[0], frames=frames, size=(31, 43))]).files


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_torn_frame_is_named_and_its_file_is_not_written(name: str, place: int) -> None:
    def torn() -> Rgba:
        raise PictureError("torn.png: broken or truncated picture; replace the file")

    def torn_file() -> bytes:
        raise PictureError("torn.png: broken or truncated picture; replace the file")

    frames = list(CLIPS[0].frames)
    frames[place] = replace(frames[place], read=torn, read_file=torn_file)
    clips: Sequence[Clip] = [replace(CLIPS[0], frames=tuple(frames))]
    needed = {"pngtuber-plus": {0, -1}, "veadotube": {0, -1}}  # only the ends are states

    if place not in needed.get(name, {place}):
        assert exported(name, clips).files
        return
    with pytest.raises(PictureError, match=r"^torn\.png: broken"):
        exported(name, clips)


@pytest.mark.parametrize("name", EVERY)
def test_clear_pictures_are_no_trouble(name: str) -> None:
    empty = np.zeros((40, 30, 4), np.uint8)
    frames = tuple(replace(f, read=empty.copy, read_file=lambda: encode_png(empty)) for f in CLIPS[0].frames)

    assert exported(name, [replace(CLIPS[0], frames=frames)]).files


@pytest.mark.parametrize("name", EVERY)
def test_a_folder_of_sequences_becomes_the_same_files_and_nothing_else(name: str, tmp_path: Path) -> None:
    for each in CLIPS:
        folder = tmp_path / "sequences" / each.name
        folder.mkdir(parents=True)
        entries = []
        for at, frame in enumerate(each.frames):
            (folder / f"{at:03}.png").write_bytes(frame.read_file())
            entries.append(f'{{"t": {float(frame.t)}, "file": "{at:03}.png"}}')
        (folder / "manifest.json").write_text(
            f'{{"path_id": "{each.name}", "expr_start": "{each.start}", "expr_end": "{each.end}", "pose": "center", '
            f'"frames": [{", ".join(entries)}]}}'
        )
    out = tmp_path / "out"

    status = make_export(ExportOptions(name, tmp_path / "sequences", out), lambda _: None)

    same_version = (__version__.encode(), b"1.2.3")
    written = {
        file.relative_to(out).as_posix(): file.read_bytes().replace(*same_version)
        for file in out.rglob("*")
        if file.is_file()
    }
    in_order = sorted(CLIPS, key=lambda each: each.name)
    assert status == 0
    assert written == {
        key: data.replace(*same_version) for key, data in exported(name, in_order, fps=12.0).files.items()
    }
