"""Films are read back with PyAV: what the file says of itself, and the pixels that decoders give, alpha included."""

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.video.reformatter import Colorspace

from export.bookshelf import Shelf, clip, exported, face
from watercolor_rig.core.errors import PictureError, UsageError
from watercolor_rig.export.api import Clip, ExportJob
from watercolor_rig.export.registry import find_export, read_settings
from watercolor_rig.export.video.encoding import Codec, check_encoder
from watercolor_rig.export.video.pixels import on_white, without_fringe
from watercolor_rig.imaging.picture import Rgba

ENDING = {"webm": "webm", "prores": "mov", "mp4": "mp4"}
BT709, LIMITED = 1, 1
CLIP = clip()


@dataclass
class Film:
    """What a reader sees."""

    codec: str
    metadata: dict[str, str]
    rate: Fraction
    seconds: float
    moments: list[float]
    stored: str
    colours: tuple[int, int, int, int]
    pictures: list[npt.NDArray[np.uint8]]


def read(data: bytes) -> Film:
    with av.open(io.BytesIO(data), "r") as file:
        [stream] = file.streams
        assert isinstance(stream, av.VideoStream)
        own = stream.codec_context
        frames = list(_with_alpha(file, stream) if own.name == "vp9" else file.decode(stream))
        return Film(
            own.name,
            dict(stream.metadata),
            stream.average_rate or Fraction(0),
            (file.duration or 0) / 1e6,
            [frame.time for frame in frames],
            frames[0].format.name,
            (own.colorspace, own.color_primaries, own.color_trc, own.color_range),
            [_pixels(frame) for frame in frames],
        )


def _with_alpha(file: Any, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    """Yield the frames of a WebM: FFmpeg's own decoder leaves alpha out, libvpx reads it from beside each picture."""
    decoder = av.VideoCodecContext.create("libvpx-vp9", "r")
    for packet in file.demux(stream):
        yield from decoder.decode(packet if packet.size else None)


def _pixels(frame: av.VideoFrame) -> Any:
    return frame.reformat(
        format="rgba", src_colorspace=Colorspace.ITU709, dst_colorspace=Colorspace.ITU709
    ).to_ndarray()


def only(shelf: Shelf) -> bytes:
    [data] = shelf.files.values()
    return data


def of(pictures: list[Rgba]) -> Clip:
    """Return a clip that shows these pictures."""
    frames = tuple(replace(CLIP.frames[at], read=lambda p=p: p) for at, p in enumerate(pictures))  # type: ignore[misc]
    return replace(CLIP, frames=frames, size=(pictures[0].shape[1], pictures[0].shape[0]))


def over(picture: npt.NDArray[np.uint8], ground: tuple[int, int, int]) -> npt.NDArray[np.float64]:
    """Return a see-through picture on a colour."""
    alpha = picture[..., 3:] / 255
    mixed: npt.NDArray[np.float64] = picture[..., :3] * alpha + np.array(ground) * (1 - alpha)
    return mixed


@pytest.mark.parametrize("name", ENDING)
def test_a_file_bears_the_name_of_its_sequence(name: str) -> None:
    assert list(exported(name, [CLIP]).files) == [f"neutral_to_ah__center.{ENDING[name]}"]


@pytest.mark.parametrize(
    ("name", "codec", "stored"),
    [("webm", "vp9", "yuva420p"), ("prores", "prores", "yuva444p12le"), ("mp4", "h264", "yuv420p")],
)
def test_codec_pixels_and_colours_are_said(name: str, codec: str, stored: str) -> None:
    film = read(only(exported(name, [CLIP])))

    assert (film.codec, film.stored, film.colours) == (codec, stored, (BT709, BT709, BT709, LIMITED))


def test_a_webm_says_that_it_has_alpha() -> None:
    assert read(only(exported("webm", [CLIP]))).metadata["alpha_mode"] == "1"


@pytest.mark.parametrize("name", ["webm", "prores"])
@pytest.mark.parametrize("ground", [(0, 0, 0), (255, 255, 255), (40, 200, 90)])
def test_every_frame_looks_alike_on_any_ground(name: str, ground: tuple[int, int, int]) -> None:
    film = read(only(exported(name, [CLIP], loop="once")))

    for picture, frame in zip(film.pictures, CLIP.frames, strict=True):
        difference = np.abs(over(picture, ground) - over(frame.read(), ground))
        assert difference.mean() < 4
        assert np.percentile(difference, 95) < 30


@pytest.mark.parametrize("name", ["webm", "prores"])
def test_alpha_comes_back(name: str) -> None:
    film = read(only(exported(name, [CLIP], loop="once")))

    alpha = CLIP.frames[-1].read()[..., 3].astype(int)
    assert np.abs(film.pictures[-1][..., 3].astype(int) - alpha).max() < 12


def test_prores_is_exact_but_for_a_few_levels_where_it_can_be_seen() -> None:
    film = read(only(exported("prores", [CLIP], loop="once")))

    seen = CLIP.frames[-1].read()
    difference = np.abs(film.pictures[-1][..., :3].astype(int) - seen[..., :3])[seen[..., 3] == 255]
    assert difference.mean() < 2


@pytest.mark.parametrize("name", ENDING)
def test_a_frame_is_there_for_each_tick_that_it_stands(name: str) -> None:
    stretched = clip(mouths=(0, 6, 6), times=[Fraction(0), Fraction(2, 3), Fraction(1)])

    film = read(only(exported(name, [stretched], fps=12, loop="once")))

    has_mouth = [bool(picture[31, 15, 0] < 180) for picture in film.pictures]
    assert has_mouth == [False, False, True]
    assert film.rate == 12


@pytest.mark.parametrize("name", ENDING)
def test_a_film_is_as_long_as_the_studio_plays(name: str) -> None:
    film = read(only(exported(name, [CLIP], fps=20, loop="ping-pong")))

    assert [round(moment, 3) for moment in film.moments] == [round(at / 20, 3) for at in range(8)]
    assert film.seconds == pytest.approx(8 / 20, abs=0.002)


def test_odd_sides_become_even_and_that_is_said() -> None:
    shelf = exported("mp4", [of([face(3, (31, 41))])])

    [picture] = read(only(shelf)).pictures
    assert picture.shape[:2] == (42, 32)
    assert shelf.warnings[0] == (
        "neutral_to_ah__center",
        "has an odd side; the film is 32x42, its last column or row repeated",
    )


def test_an_mp4_is_white_where_the_picture_is_clear_and_says_so() -> None:
    shelf = exported("mp4", [CLIP])

    assert read(only(shelf)).pictures[0][0, 0] == pytest.approx([255, 255, 255, 255], abs=2)
    assert shelf.warnings == [
        ("neutral_to_ah__center", "has clear pixels and the format has none, so they are white; give --background")
    ]


def test_an_mp4_of_solid_pictures_keeps_their_ground_without_a_word() -> None:
    solid = np.full((40, 30, 4), (200, 60, 40, 255), np.uint8)

    shelf = exported("mp4", [of([solid])])

    assert shelf.warnings == []
    assert read(only(shelf)).pictures[0][20, 20] == pytest.approx([200, 60, 40, 255], abs=3)


def test_clear_pixels_have_the_colour_of_their_nearest_neighbour() -> None:
    picture = np.zeros((1, 6, 4), np.uint8)
    picture[0, 1] = (200, 10, 10, 255)
    picture[0, 4] = (10, 10, 200, 40)

    filled = without_fringe(picture)

    assert filled[0, :, 0].tolist() == [200, 200, 200, 10, 10, 10]
    assert filled[0, :, 3].tolist() == [0, 255, 0, 0, 40, 0]


def test_a_picture_that_is_clear_everywhere_stays_as_it_is() -> None:
    empty = np.zeros((4, 4, 4), np.uint8)

    assert np.array_equal(without_fringe(empty), empty)


def test_white_shows_through_by_alpha() -> None:
    solid, was_see_through = on_white(np.array([[[0, 100, 255, 128]]], np.uint8))

    assert (solid.tolist(), was_see_through) == ([[[127, 177, 255, 255]]], True)


@pytest.mark.parametrize("name", ENDING)
def test_the_same_clips_give_the_same_bytes(name: str) -> None:
    assert exported(name, [CLIP]).files == exported(name, [CLIP]).files


@pytest.mark.parametrize("name", ENDING)
def test_pictures_are_held_one_at_a_time_however_long_the_film(name: str) -> None:
    read_so_far: list[int] = []

    def at(index: int) -> Callable[[], Rgba]:
        def read_one() -> Rgba:
            read_so_far.append(index)
            return face(index % 5)

        return read_one

    frames = tuple(replace(CLIP.frames[0], t=Fraction(k, 99), read=at(k)) for k in range(100))
    exported(name, [replace(CLIP, frames=frames)], loop="once")

    assert read_so_far == list(range(100))


@pytest.mark.parametrize("name", ENDING)
@pytest.mark.parametrize("place", [0, 3])
def test_a_broken_frame_is_named_and_not_the_codec(name: str, place: int) -> None:
    def broken() -> Rgba:
        raise PictureError("004.png: broken or truncated")

    frames = [*CLIP.frames]
    frames[place] = replace(frames[place], read=broken)

    with pytest.raises(PictureError, match=r"004\.png: broken"):
        exported(name, [replace(CLIP, frames=tuple(frames))])


class FullDisk(io.BytesIO):
    """Takes no more than the first 100 bytes."""

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > 100:
            raise OSError(28, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("name", ENDING)
def test_a_full_disk_is_said_to_be_full(name: str) -> None:
    class Full(Shelf):
        def write(self, name: str, write: Callable[[Any], object]) -> None:
            del name
            write(FullDisk())

    exporter = find_export(name, [])
    job = ExportJob(12, read_settings(name, exporter.settings, {}), "1")

    with pytest.raises(OSError, match="No space left on device"):
        exporter.export([CLIP], job, Full())


@pytest.mark.parametrize("name", ENDING)
def test_without_the_extra_one_sentence_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)

    with pytest.raises(UsageError, match=rf"the format '{name}' needs PyAV.*pip install 'watercolor-rig\[video\]'"):
        exported(name, [CLIP])


def test_an_encoder_that_this_pyav_lacks_is_named() -> None:
    lacking = Codec("no_such_codec", "mp4", "yuv420p", {})

    with pytest.raises(UsageError, match="needs the encoder 'no_such_codec', which this PyAV was built without"):
        check_encoder("mp4", lacking)


def test_a_picture_that_is_too_large_for_the_codec_is_refused() -> None:
    wide = np.full((2, 17000, 4), 255, np.uint8)

    with pytest.raises(UsageError, match=r"takes no pictures of 17000x2 .*; give another --scale"):
        exported("mp4", [of([wide])])
