"""One sequence as it lies on the disk: its row in the list, and its frames.

What a frame is worth is decided where the runs decide it (`store.sequence_folder`), so the studio never calls a frame
stale that a run would leave alone, or the reverse. A folder that the config does not know is looked at as well, by its
own first and last picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from watercolor_rig.app.own_folder import read_manifest
from watercolor_rig.app.studio.snapshot import Snapshot
from watercolor_rig.app.studio.views import FrameState, FrameView, RowState, RowView, SourceView
from watercolor_rig.core.errors import PictureError
from watercolor_rig.core.ids import SEPARATOR, PathId
from watercolor_rig.core.json import Json
from watercolor_rig.core.manifest import FrameEntry, Manifest
from watercolor_rig.core.quality import Quality
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId
from watercolor_rig.core.sequences import Condition, FoundFrame, SequenceSpec
from watercolor_rig.core.times import END, START, frame_names
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex
from watercolor_rig.store.sequence_folder import END_FILE, START_FILE, Ends, SequenceFolder

_STATE_OF = {Condition.GOOD: FrameState.MADE, Condition.STALE: FrameState.STALE, Condition.BROKEN: FrameState.BROKEN}


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found.

    Attributes:
        row: Without marks and running frames.
        size: (width, height) of its frames, or None where not even an endpoint is usable.
        frames: Sorted by t, endpoints included.
    """

    row: RowView
    size: tuple[int, int] | None
    frames: tuple[FrameView, ...]


def bare_row(spec: SequenceSpec) -> RowView:
    """Return the row of a sequence of which nothing is known but what it is."""
    return RowView(spec.path, spec.base_path, spec.start, spec.end, spec.pose, end_pose=spec.end_pose)


def plain_row(spec: SequenceSpec, snapshot: Snapshot) -> RowView:
    """Return the row of a sequence whose folder was not looked at."""
    ends = snapshot.ends(spec)
    row = bare_row(spec)
    if isinstance(ends, str):
        return replace(row, state=RowState.BLOCKED, reason=ends)
    if ends is None:
        return row
    return replace(row, start_digest=ends.start.sha256, end_digest=ends.end.sha256)


def look_at(spec: SequenceSpec, snapshot: Snapshot, index: PictureIndex, times: tuple[Fraction, ...]) -> Looked:
    """Look at a sequence; pictures that are not known yet are decoded.

    Args:
        spec: Of the config, or of `spec_of_folder`.
        snapshot: Config and endpoints.
        index: What is known of the pictures.
        times: Where a sequence of this project should have tweens, beside those that it has.

    Raises:
        StoreError: if a file cannot be read.
    """
    folder = snapshot.folders.sequences / spec.path
    manifest = read_manifest(folder) or Manifest()
    is_known = spec.path in snapshot.specs
    ends = snapshot.ends(spec) if is_known else None
    blocked = ends if isinstance(ends, str) else None
    found = ends if isinstance(ends, Ends) else _own_ends(folder, manifest, index)
    if found is None:
        row = bare_row(spec)
        state = RowState.BLOCKED if is_known else RowState.BROKEN
        reason = blocked or "its folder holds no picture that can be used"
        return Looked(replace(row, state=state, reason=reason), None, ())
    stock = SequenceFolder(snapshot.folders.sequences, spec, found, index)
    keys = {entry.file for entry in manifest.frames if entry.t in (START, END)}
    files = index.inspect(folder, stock.files_to_inspect(times) | keys)
    return _take_stock(stock, times, files, spec, found, manifest, blocked)


def spec_of_folder(path_id: str, manifest: Manifest) -> SequenceSpec:
    """Return what a folder that the config does not know is a sequence of, as far as it says so itself."""
    if manifest.spec is not None and manifest.spec.path == path_id:
        return manifest.spec
    base, _, pose = path_id.rpartition(SEPARATOR)
    start, separator, end = (base or path_id).partition("_to_")
    return SequenceSpec(
        PathId(path_id),
        BasePathId(base or path_id),
        ExpressionId(start),
        ExpressionId(end if separator else start),
        PoseId(pose),
    )


def _own_ends(folder: Path, manifest: Manifest, index: PictureIndex) -> Ends | None:
    """Return the first and last usable picture of a folder, as far as its manifest or their names say which."""
    files = {frame.t: frame.file for frame in manifest.frames}
    names = [files.get(START, START_FILE), *files.values(), files.get(END, END_FILE)]
    found = index.inspect(folder, dict.fromkeys(names))
    usable = [(name, facts) for name in names if isinstance(facts := found.get(name), PictureFacts)]
    if not usable:
        return None
    (first, start), (last, end) = usable[0], usable[-1]
    return Ends(start, end, folder / first, folder / last)


def _take_stock(  # noqa: PLR0913, PLR0917 - what one look has found
    stock: SequenceFolder,
    times: tuple[Fraction, ...],
    files: Mapping[str, PictureFacts | PictureError],
    spec: SequenceSpec,
    ends: Ends,
    manifest: Manifest,
    blocked: str | None,
) -> Looked:
    state = stock.take_stock(times, files)
    listed = {entry.t: entry for entry in manifest.frames}
    tweens = sorted({*times, *state.frames, *(t for t in listed if START < t < END)})
    names = frame_names(tweens, {found.file: t for t, found in state.frames.items()})
    frames = [
        _key_frame(START, listed.get(START), ends, files),
        *(_tween(t, names[t], state.frames.get(t), stock, listed.get(t)) for t in tweens),
        _key_frame(END, listed.get(END), ends, files),
    ]
    return Looked(_row(spec, ends, frames[1:-1], blocked), stock.size, tuple(frames))


def _row(spec: SequenceSpec, ends: Ends, tweens: list[FrameView], blocked: str | None) -> RowView:
    usable = [frame for frame in tweens if frame.state in {FrameState.MADE, FrameState.STALE}]
    stale = [frame for frame in usable if frame.state is FrameState.STALE]
    broken = [frame for frame in tweens if frame.state is FrameState.BROKEN]
    state, reason = RowState.COMPLETE, None
    if broken:
        state, reason = RowState.BROKEN, broken[0].fault
    elif blocked:
        state, reason = RowState.BLOCKED, blocked
    elif len(usable) < len(tweens):
        state = RowState.MISSING
    elif stale:
        state = RowState.STALE
    return RowView(
        path_id=spec.path,
        base_path=spec.base_path,
        expr_start=spec.start,
        expr_end=spec.end,
        pose=spec.pose,
        state=state,
        frames=len(usable),
        wanted=len(tweens),
        stale=len(stale),
        reason=reason,
        start_digest=ends.start.sha256,
        end_digest=ends.end.sha256,
        end_pose=spec.end_pose,
    )


def _key_frame(
    t: Fraction, entry: FrameEntry | None, ends: Ends, files: Mapping[str, PictureFacts | PictureError]
) -> FrameView:
    """Return an endpoint: its copy in the folder, or before there is one, the endpoint itself."""
    file = entry.file if entry else START_FILE if t == START else END_FILE
    facts = files.get(file)
    if isinstance(facts, PictureError):
        return FrameView(t, file, FrameState.BROKEN, fault=str(facts))
    end = ends.start if t == START else ends.end
    return FrameView(t, file, FrameState.KEY, digest=(facts or end).sha256)


def _tween(
    t: Fraction, file: str, found: FoundFrame | None, stock: SequenceFolder, listed: FrameEntry | None
) -> FrameView:
    if found is None:
        return FrameView(t, listed.file if listed else file, FrameState.MISSING)
    if found.condition is Condition.BROKEN:
        return FrameView(t, found.file, FrameState.BROKEN, fault=found.fault)
    entry = stock.entry(t) or FrameEntry(t, found.file)
    instead_of = entry.extra.get("instead_of")
    judged = instead_of.get("quality") if isinstance(instead_of, dict) else entry.extra.get("quality")
    quality = Quality.from_json(judged)
    return FrameView(
        t,
        found.file,
        _STATE_OF[found.condition],
        digest=stock.digest(t),
        engine=_text(entry.extra.get("engine")),
        model=_text(entry.extra.get("model")),
        method=_text(entry.extra.get("method")),
        made_from=tuple(SourceView(source.t, source.sha256) for source in entry.made_from),
        shared_from=_text(entry.extra.get("shared_from")),
        judged=quality.score if quality else None,
        judged_faults=quality.faults if quality else (),
        instead_of=_text(instead_of.get("engine")) if isinstance(instead_of, dict) else None,
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None
