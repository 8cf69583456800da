"""The use case behind `watercolor-rig export`: sequences as files of one format, for the programs that play them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import BinaryIO

from watercolor_rig import __version__
from watercolor_rig.app.own_folder import read_manifest
from watercolor_rig.app.preview import read_sequence, sequences_to_show
from watercolor_rig.app.tally import INTERRUPTED_STATUS, Emit
from watercolor_rig.core.colours import Colour
from watercolor_rig.core.errors import PictureError, StoreError
from watercolor_rig.core.events import FileWritten, Warned
from watercolor_rig.export.api import Clip, ClipFrame, ExportJob
from watercolor_rig.export.clips import clip_of
from watercolor_rig.export.registry import find_export, read_settings
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.runner.control import Control
from watercolor_rig.store.durable import make_directory, sweep_leftovers, write_stream


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the user asked for; the fields are the flags of `watercolor-rig export`.

    `paths` (path ids) has no flag: the sequences by name instead of by pattern.
    """

    format: str
    sequences_dir: Path
    outdir: Path
    fps: float = 12.0
    scale: float = 1.0
    background: Colour | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    only: str | None = None
    paths: frozenset[str] | None = None


def make_export(
    options: ExportOptions,
    emit: Emit,
    control: Control | None = None,
    entries: Iterable[EntryPoint] | None = None,
) -> int:
    """Write sequences in a format; return the exit status.

    It is 1 if a sequence was left out because it is unusable, and 130 if `control` ended the export before it was
    through; files that are whole by then stay.

    Args:
        options: What to write.
        emit: Takes events.
        control: Holds or ends the export between two pictures.
        entries: Replaces the installed entry points in tests.

    Raises:
        UsageError: if there is no such format, a setting cannot be had, or the folder cannot be listed.
        NothingMatchedError: if there is no sequence, or none that `only` matches.
        PictureError: if no sequence is usable, or a file turns out to be torn.
        StoreError: if the disk refuses.
    """
    exporter = find_export(options.format, entries)
    settings = read_settings(options.format, exporter.settings, options.settings)
    wanted = sequences_to_show(options.sequences_dir, options.only, options.paths)
    clips = _clips(wanted, options, emit, control or Control())
    if not clips:
        raise PictureError("no sequence can be exported; the reasons are above")
    outbox = _Folder(options.outdir, emit)
    try:
        exporter.export(clips, ExportJob(options.fps, settings, __version__), outbox)
    except _EndedError:
        return INTERRUPTED_STATUS
    return 0 if len(clips) == len(wanted) and outbox.is_whole else 1


def _clips(names: Iterable[str], options: ExportOptions, emit: Emit, control: Control) -> list[Clip]:
    clips = []
    for name in names:
        folder = options.sequences_dir / name
        manifest = read_manifest(folder)
        try:
            clip = clip_of(
                read_sequence(folder),
                manifest.spec if manifest else None,
                scale=options.scale,
                background=options.background,
            )
        except (PictureError, StoreError) as error:
            emit(Warned(name, f"left out: {error}"))
            continue
        clips.append(replace(clip, frames=tuple(_steered(frame, control) for frame in clip.frames)))
    return clips


class _EndedError(Exception):
    """The control has ended the export."""


def _steered(frame: ClipFrame, control: Control) -> ClipFrame:
    """Return a frame that waits while the export is held, and ends it where it shall end."""

    def check() -> None:
        if not control.proceed():
            raise _EndedError

    def read() -> Rgba:
        check()
        return frame.read()

    def read_file() -> bytes:
        check()
        return frame.read_file()

    return replace(frame, read=read, read_file=read_file)


class _Folder:
    """Writes files below a folder."""

    def __init__(self, root: Path, emit: Emit) -> None:
        self._root = root
        self._emit = emit
        self._swept: set[Path] = set()
        self.is_whole = True

    def write(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        path = self._root / name
        make_directory(path.parent)
        if path.parent not in self._swept:
            sweep_leftovers(path.parent)
            self._swept.add(path.parent)
        write_stream(path, lambda file: _all_of(write, file))
        self._emit(FileWritten("export", str(path)))

    def warn(self, subject: str, message: str) -> None:
        self._emit(Warned(subject, message))

    def leave_out(self, clip: str, reason: str) -> None:
        self.is_whole = False
        self._emit(Warned(clip, f"left out: {reason}"))


def _all_of(write: Callable[[BinaryIO], object], file: BinaryIO) -> None:
    write(file)
