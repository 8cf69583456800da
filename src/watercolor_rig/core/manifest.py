"""`manifest.json` of one sequence: which file shows which position.

The keys `path_id`, `expr_start`, `expr_end`, `pose` and `frames[{t, file}]` are the users' contract, and for a pose
path `pose_start` and `pose_end`, of which `pose` is the first; keys that this program does not know are kept wherever
they stand. Schema 1 adds `schema`, `size` and, per tween, what made it
(`engine`, `method`, `model`, `facts`, `easing`, `shared_from`), how good it is (`quality`), what it stands in for
(`instead_of`), and `made_from`: position and SHA-256 of the two pictures it was drawn between, by which a tween whose
parents have changed is recognised.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from watercolor_rig.core.ids import SEPARATOR, PathId, fault_of_id, path_id, pose_path_id, turn_of
from watercolor_rig.core.json import Json, JsonObject
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.core.times import from_json_number

SCHEMA = 1

OWN_FRAME_KEYS = frozenset(
    {"t", "file", "made_from", "engine", "method", "model", "facts", "easing", "shared_from", "quality", "instead_of"}
)
"""Keys of a frame that this program writes; all others are foreign."""


@dataclass(frozen=True, slots=True)
class Source:
    """One picture that a tween was drawn from: its position on the sequence and the SHA-256 of its file."""

    t: Fraction
    sha256: str


@dataclass(frozen=True, slots=True)
class FrameEntry:
    """One frame of a manifest.

    Attributes:
        t: Position, exact.
        file: Name inside the sequence folder.
        made_from: The pictures it was drawn from; empty where unknown (older folders) and for endpoints.
        extra: Every further key, ours and foreign ones.
    """

    t: Fraction
    file: str
    made_from: tuple[Source, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as read: frames sorted by t, the further keys of its top level, and whose frames they are."""

    frames: tuple[FrameEntry, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)
    spec: SequenceSpec | None = None


def decode_manifest(data: bytes) -> Manifest:
    """Return what a manifest lists; an entry that is no frame is left out, and so is everything if it is no manifest.

    A manifest is derived data: a damaged one is rewritten from the files, so it is never an error.
    """
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        return Manifest()
    if not isinstance(raw, dict):
        return Manifest()
    listed = raw.get("frames")
    frames = [decode_frame(entry) for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    by_time = {frame.t: frame for frame in frames if frame is not None}
    spec = _decode_spec(raw)
    known = {"path_id", "expr_start", "expr_end", "pose", "frames", "schema", "size"}
    if spec is not None and spec.turns:
        known |= {"pose_start", "pose_end"}
    return Manifest(
        frames=tuple(by_time[t] for t in sorted(by_time)),
        extra={key: value for key, value in raw.items() if key not in known},
        spec=spec,
    )


def encode_manifest(
    spec: SequenceSpec,
    frames: Iterable[FrameEntry],
    size: tuple[int, int] | None,
    extra: Mapping[str, Json],
) -> bytes:
    """Return the file: frames sorted by t, the contract's keys first, indented, ending in a newline.

    Args:
        spec: The sequence.
        frames: Frames whose files exist.
        size: (width, height) of every frame in pixels, or None where unknown.
        extra: Further keys of the top level, as they were found.
    """
    document: JsonObject = {
        "path_id": spec.path,
        "expr_start": spec.start,
        "expr_end": spec.end,
        "pose": spec.pose,
        **({"pose_start": spec.pose, "pose_end": spec.last[1]} if spec.turns else {}),
        "frames": [encode_frame(frame) for frame in sorted(frames, key=lambda frame: frame.t)],
        "schema": SCHEMA,
        **({"size": list(size)} if size else {}),
    }
    document.update((key, value) for key, value in extra.items() if key not in document)
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def is_file_name(text: str) -> bool:
    """Return whether a manifest's `file` is a plain name inside its folder, not a path out of it."""
    return bool(text) and text not in (".", "..") and not any(mark in text for mark in "/\\\0")


def _decode_spec(raw: Mapping[str, Json]) -> SequenceSpec | None:
    """Return the sequence that a manifest names, or None where its keys do not fit each other."""
    path, start, end, pose = (raw.get(key) for key in ("path_id", "expr_start", "expr_end", "pose"))
    if not (isinstance(path, str) and isinstance(start, str) and isinstance(end, str) and isinstance(pose, str)):
        return None
    if any(fault_of_id(part) for part in (start, end, pose)):
        return None
    base_path, separator, _ = path.partition(SEPARATOR)
    if not separator:
        return _decode_turn(raw, path, ExpressionId(start), PoseId(pose)) if start == end else None
    if fault_of_id(base_path) or path != path_id(BasePathId(base_path), PoseId(pose)):
        return None
    return SequenceSpec(PathId(path), BasePathId(base_path), ExpressionId(start), ExpressionId(end), PoseId(pose))


def _decode_turn(raw: Mapping[str, Json], path: str, expression: ExpressionId, pose: PoseId) -> SequenceSpec | None:
    """Return the pose path that a manifest names; one of another program may leave the two poses to its id."""
    end = raw.get("pose_end", turn_of(path, expression, pose))
    if raw.get("pose_start", pose) != pose or not isinstance(end, str) or fault_of_id(end) or end == pose:
        return None
    if path != pose_path_id(expression, pose, PoseId(end)):
        return None
    return SequenceSpec(PathId(path), BasePathId(path), expression, expression, pose, PoseId(end))


def decode_frame(entry: Mapping[str, Json]) -> FrameEntry | None:
    """Return one entry of `frames`, or None where it is no frame."""
    t, file = entry.get("t"), entry.get("file")
    if isinstance(t, bool) or not isinstance(t, int | float) or not isinstance(file, str) or not is_file_name(file):
        return None
    try:
        time = from_json_number(t)
    except (ValueError, OverflowError):
        return None
    extra = {key: value for key, value in entry.items() if key not in ("t", "file", "made_from")}
    return FrameEntry(time, file, _decode_sources(entry.get("made_from")), extra)


def _decode_sources(listed: Json) -> tuple[Source, ...]:
    sources = []
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, dict):
            t, digest = entry.get("t"), entry.get("sha256")
            if isinstance(t, int | float) and 0 <= t <= 1 and isinstance(digest, str):
                sources.append(Source(from_json_number(t), digest))
    return tuple(sources)


def encode_frame(frame: FrameEntry) -> JsonObject:
    """Return one entry of `frames` as it is written."""
    made_from: list[Json] = [{"t": float(source.t), "sha256": source.sha256} for source in frame.made_from]
    return {"t": float(frame.t), "file": frame.file, **({"made_from": made_from} if made_from else {}), **frame.extra}
