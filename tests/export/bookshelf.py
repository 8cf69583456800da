"""Clips for the tests of the exports, and an outbox that keeps files in memory."""

import io
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import BinaryIO

import numpy as np

from watercolor_rig.core.ids import PathId
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.export.api import Clip, ExportJob
from watercolor_rig.export.clips import clip_of
from watercolor_rig.export.frames import Frame, FrameSequence
from watercolor_rig.export.registry import find_export, read_settings
from watercolor_rig.imaging.picture import Rgba, Size, encode_png

QUARTERS = tuple(Fraction(k, 4) for k in range(5))


def face(mouth: int, size: Size = (30, 40), brow: int = 0) -> Rgba:
    """Return a soft-edged head on clear ground; its mouth is `mouth` pixels high, its brow moves by `brow` levels."""
    width, height = size
    y, x = np.mgrid[:height, :width]
    distance = np.hypot((x - width / 2) / (width / 2 - 4), (y - height / 2) / (height / 2 - 4))
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[..., :3] = (230, 180, 150)
    pixels[..., 3] = np.clip((1.05 - distance) * 2550, 0, 255)
    pixels[28 : 28 + mouth, 11:19] = (120, 20, 30, 255)
    pixels[12:14, 9:21, 1] = 60 + brow
    return pixels


def frames_of(pictures: Sequence[Rgba], times: Sequence[Fraction]) -> list[Frame]:
    """Return frames as they lie in a folder."""
    files = [encode_png(picture) for picture in pictures]
    return [Frame(t, lambda png=png: png, f"{float(t):.2f}.png") for t, png in zip(times, files, strict=True)]  # type: ignore[misc]


def spec_of(start: str, end: str, pose: str = "center") -> SequenceSpec:
    path = f"{start}_to_{end}"
    return SequenceSpec(
        PathId(f"{path}__{pose}"), BasePathId(path), ExpressionId(start), ExpressionId(end), PoseId(pose)
    )


def clip(
    start: str = "neutral",
    end: str = "ah",
    mouths: Sequence[int] = (0, 1, 2, 4, 6),
    times: Sequence[Fraction] | None = None,
    brow: int = 0,
) -> Clip:
    """Return a clip whose frames are faces with these mouths; it begins at a face without a mouth, if `mouths` does."""
    pictures = [face(mouth, brow=brow * (mouth > 0)) for mouth in mouths]
    evenly = [Fraction(k, max(1, len(mouths) - 1)) for k in range(len(mouths))]
    spec = spec_of(start, end)
    return clip_of(FrameSequence(spec.path, frames_of(pictures, times or evenly)), spec)


class Shelf:
    """An outbox in memory; `files` in the order in which they were written."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.warnings: list[tuple[str, str]] = []
        self.left_out: list[tuple[str, str]] = []

    def write(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        file = io.BytesIO()
        write(file)
        self.files[name] = file.getvalue()

    def warn(self, subject: str, message: str) -> None:
        self.warnings.append((subject, message))

    def leave_out(self, clip: str, reason: str) -> None:
        self.left_out.append((clip, reason))


def exported(name: str, clips: Sequence[Clip], /, fps: float = 10, **settings: str) -> Shelf:
    """Return what a format writes; a setting's `_` stands for `-`."""
    given: Mapping[str, str] = {key.replace("_", "-"): value for key, value in settings.items()}
    exporter = find_export(name, [])
    shelf = Shelf()
    exporter.export(clips, ExportJob(fps, read_settings(name, exporter.settings, given), "1.2.3"), shelf)
    return shelf
