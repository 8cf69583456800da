"""The use case behind `watercolor-rig preview`: moving and still pictures of the sequences, for people."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from watercolor_rig.app.rigs import list_folders, matching
from watercolor_rig.app.tally import INTERRUPTED_STATUS, Emit
from watercolor_rig.core.errors import NothingMatchedError, PictureError
from watercolor_rig.core.events import FileWritten, Warned
from watercolor_rig.core.manifest import decode_manifest
from watercolor_rig.export.contact_sheet import contact_sheets, page_name
from watercolor_rig.export.frames import Frame, FrameSequence
from watercolor_rig.export.looping import looping_webp
from watercolor_rig.runner.control import Control
from watercolor_rig.store.durable import make_directory, read_file, sweep_leftovers, write_file
from watercolor_rig.store.sequence_folder import MANIFEST


@dataclass(frozen=True, slots=True)
class PreviewOptions:
    """What the user asked for; the fields are the flags of `watercolor-rig preview`.

    `paths` (path ids), `animations` and `sheets` have no flag: whether to make these.
    """

    sequences_dir: Path
    outdir: Path
    fps: float = 12.0
    only: str | None = None
    paths: frozenset[str] | None = None
    animations: bool = True
    sheets: bool = True


def make_previews(options: PreviewOptions, emit: Emit, control: Control | None = None) -> int:
    """Write a looping WebP per sequence and the contact sheets; return the exit status.

    It is 1 if a sequence is unusable, and 130 if `control` ended the run before it was through.

    Raises:
        UsageError: if the sequences folder cannot be listed.
        NothingMatchedError: if there is no sequence in it, or none that `only` matches.
        StoreError: if the disk refuses.
    """
    go_on = (control or Control()).proceed
    wanted = sequences_to_show(options.sequences_dir, options.only, options.paths)
    make_directory(options.outdir)
    sweep_leftovers(options.outdir)
    shown: list[FrameSequence] = []
    for name in wanted:
        if not go_on():
            return INTERRUPTED_STATUS
        sequence = read_sequence(options.sequences_dir / name)
        try:
            webp = looping_webp(sequence, fps=options.fps) if options.animations else None
        except PictureError as error:
            emit(Warned(name, str(error)))
            continue
        if webp is not None:
            _write(options.outdir / f"{name}.webp", webp, "animation", emit)
        shown.append(sequence)
    for number, page in enumerate(contact_sheets(shown) if shown and options.sheets else (), start=1):
        if not go_on():
            return INTERRUPTED_STATUS
        _write(options.outdir / page_name(number), page, "contact sheet", emit)
    return 0 if len(shown) == len(wanted) else 1


def sequences_to_show(folder: Path, only: str | None, paths: frozenset[str] | None) -> list[str]:
    """Return the sequences with a manifest in a folder: all, those that a pattern matches, or those of these path ids.

    Raises:
        UsageError: if the folder cannot be listed.
        NothingMatchedError: if there is none, or one asked for is not there.
    """
    names = [name for name in list_folders("--sequences-dir", folder) if (folder / name / MANIFEST).is_file()]
    if not names:
        raise NothingMatchedError(f"No sequences in {str(folder)!r}; generate some first.")
    if paths is None:
        return matching(names, only, "sequence")
    if unknown := sorted(paths - set(names)):
        raise NothingMatchedError(f"no sequence {unknown[0]!r} to show; make it first")
    return [name for name in names if name in paths]


def read_sequence(folder: Path) -> FrameSequence:
    """Return the frames that a sequence folder's manifest lists, each read when it is needed.

    Raises:
        StoreError: if the manifest cannot be read.
    """
    manifest = decode_manifest(read_file(folder / MANIFEST))
    return FrameSequence(folder.name, [Frame(f.t, _reader(folder / f.file), f.file) for f in manifest.frames])


def _reader(path: Path) -> Callable[[], bytes]:
    return partial(read_file, path)


def _write(path: Path, data: bytes, kind: str, emit: Emit) -> None:
    write_file(path, data)
    emit(FileWritten(kind, str(path)))
