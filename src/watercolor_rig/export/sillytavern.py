"""The export `sillytavern`: a flat ZIP with an animated WebP for each emotion that SillyTavern knows.

A picture rests on its expression and blinks now and then, where a sequence leads from it to closed eyes or it can wear
the blink of another face. SillyTavern's classifier has 28 emotions; a rig has other expressions, so a table says which
stand for which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from io import BytesIO
from types import MappingProxyType
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.playback import Loop
from watercolor_rig.export.animated.film import Film
from watercolor_rig.export.animated.webp import write_webp
from watercolor_rig.export.api import Clip, Exporter, ExportJob, Outbox, Setting
from watercolor_rig.export.faces import CLOSED_EYES, Still, check_one_pose, stills_of, way_to, words
from watercolor_rig.export.timing import durations, round_of

RESTS_MS = (2600, 4100)
"""Between two blinks: not even, which looks alive, and short enough for a small file."""

_JOY = ("happy_big*", "happy*", "smile*")
_SMILE = ("happy_soft*", "happy*", "smile*")
_SAD = ("sad*", "cry*", "concerned*", "worried*")
_FEAR = ("scared*", "concerned*", "worried*", "surprised*")
_ANGER = ("angry*", "anger*")
_SURPRISE = ("surprised*", "surprise*", "oh_round*")
_WONDER = ("oh_round*", "thinking*", "surprised*")
_SHY = ("blush*", "embarrassed*", "concerned*")
_SLY = ("smirk*", "happy_soft*", "happy*")

STAND_FOR: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "admiration": _SMILE,
        "amusement": _JOY,
        "anger": _ANGER,
        "annoyance": ("annoyed*", *_ANGER),
        "approval": _SMILE,
        "caring": _SMILE,
        "confusion": ("confused*", *_WONDER),
        "curiosity": ("curious*", *_WONDER),
        "desire": _SLY,
        "disappointment": _SAD,
        "disapproval": ("annoyed*", *_ANGER),
        "disgust": ("disgusted*", *_ANGER),
        "embarrassment": _SHY,
        "excitement": _JOY,
        "fear": _FEAR,
        "gratitude": _SMILE,
        "grief": _SAD,
        "joy": _JOY,
        "love": _SMILE,
        "nervousness": _FEAR,
        "neutral": ("neutral*",),
        "optimism": _SMILE,
        "pride": _SLY,
        "realization": _WONDER,
        "relief": _SMILE,
        "remorse": _SAD,
        "sadness": _SAD,
        "surprise": _SURPRISE,
    }
)
"""Emotion to patterns of expressions, the best first; an expression that bears the emotion's own name goes before."""


def chosen(emotion: str, expressions: Sequence[str]) -> str | None:
    """Return the expression that shows an emotion, or None where the rig has nothing like it."""
    patterns = (emotion, f"{emotion}_*", *STAND_FOR[emotion])
    return next((name for pattern in patterns for name in sorted(expressions) if fnmatchcase(name, pattern)), None)


@dataclass(frozen=True, slots=True)
class SillyTavernExport:
    """A ZIP to upload as a character's sprites."""

    summary: str = "SillyTavern's 28 emotions as WebP that rest and blink, in a ZIP"
    settings: Mapping[str, Setting] = field(default_factory=lambda: {"closed-eyes": CLOSED_EYES})

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write `sillytavern.zip`; see `Exporter`."""
        check_one_pose(clips)
        stills = stills_of(clips)
        emotions: dict[str, list[str]] = {}
        lacking = []
        for emotion in STAND_FOR:
            expression = chosen(emotion, list(stills))
            if expression is None:
                lacking.append(emotion)
            else:
                emotions.setdefault(expression, []).append(emotion)
        if not emotions:
            raise UsageError("no expression fits an emotion of SillyTavern; the guide has the table of names")
        closed = words(job.settings["closed-eyes"])
        films = {name: _film(still, way_to(clips, stills, name, closed), job.fps) for name, still in stills.items()}
        outbox.write("sillytavern.zip", partial(_write, films, emotions))
        if lacking:
            outbox.warn("sillytavern.zip", f"no expression of the rig shows {', '.join(lacking)}")


def _film(still: Still, blink: Clip | None, fps: float) -> Film:
    """Return a rest and a blink for each of `RESTS_MS`, over and over; a still picture where there is no blink."""
    if blink is None:
        return Film(still.clip.size, (1,), lambda _: still.frame.read(), repeats=False)
    round_ = round_of(blink, Loop.PING_PONG)
    stands = durations(round_, fps)
    shown = [step.index for step in round_] * len(RESTS_MS)
    timed = tuple(ms + rest * (at == 0) for rest in RESTS_MS for at, ms in enumerate(stands))
    return Film(blink.size, timed, lambda at: blink.frames[shown[at]].read(), repeats=True)


def _write(films: Mapping[str, Film], emotions: Mapping[str, Sequence[str]], file: BinaryIO) -> None:
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for expression, names in emotions.items():
            out = BytesIO()
            write_webp(films[expression], out)
            for name in names:
                archive.writestr(ZipInfo(f"{name}.webp"), out.getvalue())


sillytavern: Exporter = SillyTavernExport()
