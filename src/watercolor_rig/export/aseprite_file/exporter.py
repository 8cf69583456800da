"""The export `aseprite`: a file for each pose, with a tag for each sequence and a layer for each part that changes."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

import numpy as np

from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Clip, Exporter, ExportJob, Outbox, Setting
from watercolor_rig.export.aseprite_file import chunks
from watercolor_rig.export.aseprite_file.layers import BASE, Layers, layers_of, one_layer
from watercolor_rig.export.timing import durations, round_of
from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.picture import Rgba

NO_POSE = "sequences"
"""What the file of sequences is called whose manifest names no pose."""

_LAYERS = Setting("parts", ("parts", "one"), "a layer for each part that changes, or one with whole pictures")


@dataclass(frozen=True, slots=True)
class AsepriteExport:
    """`{pose}.aseprite`."""

    summary: str = "Aseprite's own files, with a layer for each part and a tag for each sequence"
    settings: Mapping[str, Setting] = field(default_factory=lambda: {"layers": _LAYERS})

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write a file for each pose; see `Exporter`."""
        poses: dict[str, list[Clip]] = {}
        for clip in clips:
            poses.setdefault(clip.pose or NO_POSE, []).append(clip)
        for shown in poses.values():
            _check(shown)
        for pose, shown in poses.items():
            layers = layers_of(shown) if job.settings["layers"] == "parts" else one_layer(shown[0])
            outbox.write(f"{pose}.aseprite", partial(_write, shown, layers, job.fps))


def _check(clips: Sequence[Clip]) -> None:
    for clip in clips:
        if clip.size != clips[0].size:
            sizes = " and ".join("{}x{}".format(*each.size) for each in (clips[0], clip))
            raise UsageError(
                f"{clips[0].name!r} and {clip.name!r} are {sizes}, and an Aseprite file has one size; "
                "choose those of one size with --only"
            )
    count = sum(len(clip.frames) for clip in clips)
    for found, most, what in (
        (count, chunks.MOST_FRAMES, "frames"),
        (max(clips[0].size), chunks.MOST_PIXELS, "pixels a side"),
    ):
        if found > most:
            raise UsageError(f"{found} {what}: an Aseprite file holds {most}; choose fewer with --only or --scale")


def _write(clips: Sequence[Clip], layers: Layers, fps: float, file: BinaryIO) -> None:
    """Write the frames, then the head again: only now is the file's length known."""
    start = file.tell()
    count = sum(len(clip.frames) for clip in clips)
    file.write(chunks.header(0, count, clips[0].size))
    opening = [*_layer_chunks(layers), chunks.tags(_tags(clips))]
    cels = _Cels(layers)
    stands = (ms for clip in clips for ms in durations(round_of(clip), fps))
    pictures = (frame.read() for clip in clips for frame in clip.frames)
    for picture, ms in zip(pictures, stands, strict=True):
        file.write(chunks.frame([*opening, *cels.of(picture)], ms))
        opening = []
    length = file.tell() - start
    file.seek(start)
    file.write(chunks.header(length, count, clips[0].size))
    file.seek(start + length)


def _layer_chunks(layers: Layers) -> Iterator[bytes]:
    if layers.base is not None:
        yield chunks.layer(BASE, is_still=True)
    for part in layers.parts:
        yield chunks.layer(part.name, is_still=False)


def _tags(clips: Sequence[Clip]) -> list[chunks.Tag]:
    found, first = [], 0
    for clip in clips:
        found.append(chunks.Tag(clip.name, first, first + len(clip.frames) - 1))
        first += len(clip.frames)
    return found


class _Cels:
    """The cels of one frame after the other; a picture that a layer has shown before becomes a link."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._frame = -1
        self._known: dict[tuple[int, bytes], int] = {}

    def of(self, picture: Rgba) -> list[bytes]:
        self._frame += 1
        shown = [] if self._layers.base is None else [self._still(self._layers.base)]
        for part in self._layers.parts:
            shown.append(self._cel(len(shown), part.box, part.cut(picture)))
        return shown

    def _still(self, base: Rgba) -> bytes:
        whole = Box(0, 0, base.shape[1], base.shape[0])
        return chunks.linked_cel(0, whole, 0) if self._frame else chunks.cel(0, whole, base)

    def _cel(self, layer_at: int, box: Box, pixels: Rgba) -> bytes:
        look = layer_at, hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).digest()
        first = self._known.setdefault(look, self._frame)
        return chunks.linked_cel(layer_at, box, first) if first < self._frame else chunks.cel(layer_at, box, pixels)


aseprite: Exporter = AsepriteExport()
