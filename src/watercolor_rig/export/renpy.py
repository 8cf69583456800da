"""The export `renpy`: pictures and a script of images for Ren'Py, in the folders of a game.

An expression is an image that rests and blinks; a sequence is an image that plays once (ATL, Ren'Py's documentation,
"Animation and Transformation Language"). Equal pictures are one file.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.playback import Loop
from watercolor_rig.export.api import Clip, ClipFrame, Exporter, ExportJob, Outbox, Setting, write_bytes
from watercolor_rig.export.faces import CLOSED_EYES, stills_of, way_to, words
from watercolor_rig.export.timing import durations, round_of

RESTS = ("2.6", "4.1")
"""Seconds between two blinks; Ren'Py picks one each time."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORD = re.compile(r"[-\w]+")

_KEYWORDS = frozenset(
    (
        *("as", "at", "behind", "call", "expression", "hide", "if", "image", "in", "init", "jump", "menu", "onlayer"),
        *("python", "return", "scene", "show", "with", "while", "zorder"),
    )
)
"""Words that Ren'Py takes for something else than part of an image's name."""

_HEAD = """\
# Written by watercolor-rig; every export replaces this file.
#
# `show {name} happy` shows an expression, which blinks where the rig can. A sequence plays once and stays on its last
# frame: `show {name} neutral_to_happy`, and `show {name} happy` after it.
"""


@dataclass(frozen=True, slots=True)
class RenpyExport:
    """`game/{name}.rpy` and `game/images/{name}/`."""

    summary: str = "pictures and ATL images for Ren'Py: expressions that blink, sequences that play"
    settings: Mapping[str, Setting] = field(
        default_factory=lambda: {
            "name": Setting("character", None, "what the script calls the character: a-z, 0-9, _"),
            "closed-eyes": CLOSED_EYES,
        }
    )

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write the pictures, then the script, which speaks of them; see `Exporter`."""
        name = job.settings["name"]
        if not _NAME.fullmatch(name) or name in _KEYWORDS:
            raise UsageError(f"--option name: {name!r} is no name; Ren'Py wants a-z, 0-9 and _, a letter first")
        poses = list(dict.fromkeys(clip.pose for clip in clips))
        script = _Script(name, job, _Pictures(name, outbox), needs_pose=len(poses) > 1)
        lines = [_HEAD.format(name=name)]
        for pose in poses:
            lines += script.images([clip for clip in clips if clip.pose == pose], pose)
        write_bytes(outbox, f"game/{name}.rpy", "\n".join(lines).encode())


class _Pictures:
    """The files of pictures; each is written when it is first asked for."""

    def __init__(self, name: str, outbox: Outbox) -> None:
        self._name = name
        self._outbox = outbox
        self._files: dict[bytes, str] = {}

    def file_of(self, frame: ClipFrame, wanted: str) -> str:
        """Return where a picture lies, below `game`; `wanted` is part of its name if it is new."""
        data = frame.read_file()
        digest = hashlib.sha256(data).digest()
        if digest not in self._files:
            file = f"images/{self._name}/{self._name}_{wanted}.png"
            write_bytes(self._outbox, f"game/{file}", data)
            self._files[digest] = file
        return self._files[digest]


@dataclass(frozen=True, slots=True)
class _Script:
    """The statements; `known` are the images so far."""

    name: str
    job: ExportJob
    pictures: _Pictures
    needs_pose: bool
    known: set[str] = field(default_factory=set)

    def images(self, clips: Sequence[Clip], pose: str) -> Iterator[str]:
        """Yield the image statements of one pose: its expressions, then its sequences."""
        closed = words(self.job.settings["closed-eyes"])
        stills = stills_of(clips)
        files = {name: self.pictures.file_of(still.frame, self._joined(pose, name)) for name, still in stills.items()}
        for expression, file in files.items():
            blink = way_to(clips, stills, expression, closed)
            image = self._image(pose, expression)
            if blink is None:
                yield f'{image} = "{file}"\n'
            else:
                yield "\n    ".join([f"{image}:", *self._blinking(file, blink), "repeat\n"])
        for clip in clips:
            named = f"{clip.start}_to_{clip.end}" if clip.start and clip.end else clip.name
            yield "\n    ".join([f"{self._image(pose, named)}:", *self._playing(clip)]) + "\n"

    def _blinking(self, file: str, blink: Clip) -> Iterator[str]:
        yield f'"{file}"'
        for rest in RESTS:
            yield f"choice:\n        pause {rest}"
        round_ = round_of(blink, Loop.PING_PONG)
        for step, ms in list(zip(round_, durations(round_, self.job.fps), strict=True))[1:]:
            yield f'"{self._file(blink, step.index)}"'
            yield f"pause {ms / 1000:g}"

    def _playing(self, clip: Clip) -> Iterator[str]:
        stands = durations(round_of(clip), self.job.fps)
        for index, ms in enumerate(stands):
            yield f'"{self._file(clip, index)}"'
            if index + 1 < len(stands):
                yield f"pause {ms / 1000:g}"

    def _file(self, clip: Clip, index: int) -> str:
        return self.pictures.file_of(clip.frames[index], f"{clip.name}_{index:04}")

    def _image(self, pose: str, named: str) -> str:
        parts = [pose, named] if self.needs_pose and pose else [named]
        image = " ".join(["image", self.name, *map(_word, parts)])
        if image in self.known:
            raise UsageError(f"{named!r} has the same name in Ren'Py as another one: {image!r}; choose with --only")
        self.known.add(image)
        return image

    def _joined(self, pose: str, named: str) -> str:
        return f"{named}__{pose}" if self.needs_pose and pose else named


def _word(text: str) -> str:
    """Return part of an image's name as Ren'Py takes it."""
    word = "_".join(_WORD.findall(text)) or "_"
    return f"{word}_" if word in _KEYWORDS else word


renpy: Exporter = RenpyExport()
