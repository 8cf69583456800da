"""The exports `webm`, `prores` and `mp4`: a film for each sequence.

A film has one rate, so a frame that stands longer is there several times, as in the numbered files of `frames`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from watercolor_rig.core.playback import Loop
from watercolor_rig.export.api import Clip, Exporter, ExportJob, Outbox, Setting
from watercolor_rig.export.timing import at_each_tick
from watercolor_rig.export.video.encoding import Codec, check_encoder, write_film
from watercolor_rig.export.video.pixels import even, on_white, padded, without_fringe
from watercolor_rig.imaging.picture import Rgba

_WAYS = ("once", "ping-pong")
_WAY = "`once` plays forth, `ping-pong` forth and back; what repeats a film is the player"


@dataclass(frozen=True, slots=True)
class VideoExport:
    """One kind of film.

    Attributes:
        name: Of the format.
        ending: Of the files.
        codec: Returns how to encode, by the settings.
        is_see_through: Whether it has alpha.
    """

    name: str
    summary: str
    ending: str
    codec: Callable[[Mapping[str, str]], Codec]
    is_see_through: bool = True
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write `{sequence}.{ending}` for each clip; see `Exporter`."""
        codec = self.codec(job.settings)
        check_encoder(self.name, codec)
        for clip in clips:
            film = _Film(clip, Loop(job.settings["loop"]), is_see_through=self.is_see_through)
            outbox.write(f"{clip.name}.{self.ending}", partial(_write, film, job.fps, codec))
            if even(clip.size) != clip.size:
                across, down = even(clip.size)
                outbox.warn(clip.name, f"has an odd side; the film is {across}x{down}, its last column or row repeated")
            if film.was_see_through:
                outbox.warn(clip.name, "has clear pixels and the format has none, so they are white; give --background")


class _Film:
    """The pictures of a clip, tick by tick, as a codec wants them; tells afterwards what was lost."""

    def __init__(self, clip: Clip, loop: Loop, *, is_see_through: bool) -> None:
        self.clip = clip
        self.was_see_through = False
        self._shown = at_each_tick(clip, loop)
        self._is_see_through = is_see_through

    def pictures(self) -> Iterator[Rgba]:
        """Yield a picture for each tick; one that stands longer is read once."""
        place, picture = -1, None
        for at in self._shown:
            if picture is None or at != place:
                place, picture = at, self._fitting(self.clip.frames[at].read())
            yield picture

    def _fitting(self, picture: Rgba) -> Rgba:
        if self._is_see_through:
            return without_fringe(padded(picture, even(self.clip.size)))
        solid, was_see_through = on_white(picture)
        self.was_see_through |= was_see_through
        return padded(solid, even(self.clip.size))


def _write(film: _Film, fps: float, codec: Codec, file: BinaryIO) -> None:
    write_film(film.pictures(), even(film.clip.size), fps, codec, file)


def _vp9(settings: Mapping[str, str]) -> Codec:
    options = {"crf": settings["crf"], "b": "0", "auto-alt-ref": "0", "row-mt": "0"}
    return Codec("libvpx-vp9", "webm", "yuva420p", options)


def _prores(_settings: Mapping[str, str]) -> Codec:
    return Codec("prores_ks", "mov", "yuva444p10le", {"profile": "4444", "alpha_bits": "16", "vendor": "apl0"})


def _h264(settings: Mapping[str, str]) -> Codec:
    # with its tree of macroblocks x264 writes other bytes now and then where a side is no multiple of 16
    options = {"crf": settings["crf"], "preset": "medium", "x264-params": "no-mbtree=1"}
    return Codec("libx264", "mp4", "yuv420p", options)


def _settings(loop: str, **more: Setting) -> Mapping[str, Setting]:
    return {"loop": Setting(loop, _WAYS, _WAY), **more}


webm: Exporter = VideoExport(
    "webm",
    "VP9 with alpha, a WebM for each sequence",
    "webm",
    _vp9,
    settings=_settings("ping-pong", crf=Setting("20", range(64), "loss: 0 is the best, 63 the smallest")),
)
prores: Exporter = VideoExport(
    "prores",
    "ProRes 4444 with alpha, a QuickTime film for each sequence",
    "mov",
    _prores,
    settings=_settings("once"),
)
mp4: Exporter = VideoExport(
    "mp4",
    "H.264 on a background, an MP4 for each sequence",
    "mp4",
    _h264,
    is_see_through=False,
    settings=_settings("ping-pong", crf=Setting("18", range(52), "loss: 0 is the best, 51 the smallest")),
)
