"""The exports `apng`, `webp` and `gif`: a file for each sequence, which plays by itself in browsers and chats."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.playback import Loop
from watercolor_rig.export.animated.apng import write_apng
from watercolor_rig.export.animated.film import Film
from watercolor_rig.export.animated.gif import write_gif
from watercolor_rig.export.animated.webp import write_webp
from watercolor_rig.export.api import Clip, Exporter, ExportJob, Outbox, Setting
from watercolor_rig.export.timing import LOOP, durations, round_of

LOSSLESS = "lossless"

_QUALITY = Setting(
    LOSSLESS, (LOSSLESS, *map(str, range(101))), "`lossless`, or 0 to 100 for smaller files that lose something"
)


def film_of(clip: Clip, job: ExportJob, units_per_s: int = 1000, least: int = 1) -> Film:
    """Return a clip as it plays by the settings of the job: forth, or forth and back, once or for ever.

    Args:
        clip: What plays.
        job: Its `loop` counts, and its speed.
        units_per_s: Of durations.
        least: Units that a picture stands at least.
    """
    loop = Loop(job.settings["loop"])
    round_ = round_of(clip, loop)
    stands = durations(round_, job.fps, units_per_s, least)
    return Film(clip.size, tuple(stands), lambda at: clip.frames[round_[at].index].read(), loop is not Loop.ONCE)


@dataclass(frozen=True, slots=True)
class AnimatedExport:
    """One kind of animated picture.

    Attributes:
        ending: Of the files.
        most_fps: Frames a second that players show.
        units_per_s: In which the format counts durations.
        make: Writes a film; returns a warning, or nothing.
    """

    summary: str
    ending: str
    make: Callable[[Film, BinaryIO, Mapping[str, str]], str]
    most_fps: float = 60
    units_per_s: int = 1000
    settings: Mapping[str, Setting] = field(default_factory=lambda: {"loop": LOOP})

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write `{sequence}.{ending}` for each clip; see `Exporter`."""
        if job.fps > self.most_fps:
            raise UsageError(
                f"--fps {job.fps:g}: players show a .{self.ending} with at most {self.most_fps:g}; take that"
            )
        least = round(self.units_per_s / self.most_fps)
        for clip in clips:
            film = film_of(clip, job, self.units_per_s, least)
            said: list[str] = []
            outbox.write(f"{clip.name}.{self.ending}", partial(self._write, film, job.settings, said))
            for warning in filter(None, said):
                outbox.warn(clip.name, warning)

    def _write(self, film: Film, settings: Mapping[str, str], said: list[str], file: BinaryIO) -> None:
        said.append(self.make(film, file, settings))


def _make_apng(film: Film, file: BinaryIO, _settings: Mapping[str, str]) -> str:
    write_apng(film, file)
    return ""


def _make_webp(film: Film, file: BinaryIO, settings: Mapping[str, str]) -> str:
    quality = settings["quality"]
    write_webp(film, file, quality=None if quality == LOSSLESS else int(quality))
    return ""


def _make_gif(film: Film, file: BinaryIO, _settings: Mapping[str, str]) -> str:
    if write_gif(film, file):
        return "a GIF's pixels are clear or solid, so soft edges became hard; give --background, or take webp or apng"
    return ""


apng: Exporter = AnimatedExport("animated PNG, exact to the pixel, a file for each sequence", "png", _make_apng)
webp: Exporter = AnimatedExport(
    "animated WebP, a file for each sequence", "webp", _make_webp, settings={"loop": LOOP, "quality": _QUALITY}
)
gif: Exporter = AnimatedExport(
    "animated GIF, 255 colours and hard edges, a file for each sequence", "gif", _make_gif, most_fps=50, units_per_s=100
)
