"""The exports `frames` and `otio`: numbered PNGs at one rate, for editors and compositors.

Such programs show one file a tick and know no other durations, so a frame that stands longer is there several times,
and names are whole numbers without gaps.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from watercolor_rig.core.json import Json, JsonObject
from watercolor_rig.export.api import PRODUCER, Clip, Exporter, ExportJob, Outbox, Setting, write_bytes
from watercolor_rig.export.timing import at_each_tick

DIGITS = 4
"""Of a number in a file's name; more frames have more."""

_SETTINGS: Mapping[str, Setting] = MappingProxyType({"first": Setting("0", range(100_000), "number of the first file")})


def files_of(clip: Clip, first: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every file of a clip: `{clip}/{clip}.0000.png` and on, one for each tick.

    Raises:
        PictureError: if a frame cannot be decoded.
        StoreError: if a file cannot be read.
    """
    shown, data = -1, b""
    for number, index in enumerate(at_each_tick(clip), start=first):
        if index != shown:
            shown, data = index, clip.frames[index].read_file()
        yield f"{clip.name}/{clip.name}.{number:0{DIGITS}}.png", data


def write_zip(members: Iterator[tuple[str, bytes]], file: BinaryIO) -> None:
    """Write files into an archive as they are; pictures are compressed already."""
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, data in members:
            archive.writestr(ZipInfo(name), data)


@dataclass(frozen=True, slots=True)
class FramesExport:
    """Every sequence as numbered PNGs, in one ZIP or as folders."""

    summary: str = "numbered PNGs at one rate, in a ZIP or in folders"
    settings: Mapping[str, Setting] = field(
        default_factory=lambda: {
            "zip": Setting("yes", ("yes", "no"), "one archive `frames.zip`, or a folder for each sequence"),
            **_SETTINGS,
        }
    )

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write `frames.zip` or the folders; see `Exporter`."""
        members = (file for clip in clips for file in files_of(clip, int(job.settings["first"])))
        if job.settings["zip"] == "yes":
            outbox.write("frames.zip", partial(write_zip, members))
            return
        for name, data in members:
            write_bytes(outbox, name, data)


@dataclass(frozen=True, slots=True)
class TimelineExport:
    """An OpenTimelineIO timeline of all sequences, one after the other, over folders of numbered PNGs."""

    summary: str = "OpenTimelineIO timeline over folders of numbered PNGs"
    settings: Mapping[str, Setting] = field(default_factory=lambda: {**_SETTINGS})

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write the PNGs, then `timeline.otio`; see `Exporter`."""
        first = int(job.settings["first"])
        for clip in clips:
            for name, data in files_of(clip, first):
                write_bytes(outbox, name, data)
        document = _timeline([_shot(clip, job.fps, first) for clip in clips], job.version)
        write_bytes(outbox, "timeline.otio", (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())


def _timeline(shots: Sequence[JsonObject], version: str) -> JsonObject:
    track: JsonObject = {
        "OTIO_SCHEMA": "Track.1",
        "name": "sequences",
        "kind": "Video",
        "children": list(shots),
        **_plain(),
    }
    stack: JsonObject = {"OTIO_SCHEMA": "Stack.1", "name": "tracks", "children": [track], **_plain()}
    return {
        "OTIO_SCHEMA": "Timeline.1",
        "name": PRODUCER,
        "global_start_time": None,
        "tracks": stack,
        "metadata": {"watercolor_rig": {"version": version}},
    }


def _plain() -> JsonObject:
    return {"source_range": None, "effects": [], "markers": [], "enabled": True, "metadata": {}}


def _shot(clip: Clip, fps: float, first: int) -> JsonObject:
    shown = at_each_tick(clip)
    times: list[Json] = [float(clip.frames[index].t) for index in shown]
    span: JsonObject = {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": {"OTIO_SCHEMA": "RationalTime.1", "value": float(first), "rate": fps},
        "duration": {"OTIO_SCHEMA": "RationalTime.1", "value": float(len(shown)), "rate": fps},
    }
    media: JsonObject = {
        "OTIO_SCHEMA": "ImageSequenceReference.1",
        "name": clip.name,
        "available_range": span,
        "available_image_bounds": None,
        "target_url_base": f"{clip.name}/",
        "name_prefix": f"{clip.name}.",
        "name_suffix": ".png",
        "start_frame": first,
        "frame_step": 1,
        "rate": fps,
        "frame_zero_padding": DIGITS,
        "missing_frame_policy": "error",
        "metadata": {},
    }
    ours: JsonObject = {"start": clip.start, "end": clip.end, "pose": clip.pose, "t": times}
    if clip.end_pose:
        ours["pose_end"] = clip.end_pose
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": clip.name,
        **_plain(),
        "source_range": span,
        "media_references": {"DEFAULT_MEDIA": media},
        "active_media_reference_key": "DEFAULT_MEDIA",
        "metadata": {"watercolor_rig": ours},
    }


frames: Exporter = FramesExport()
timeline: Exporter = TimelineExport()
