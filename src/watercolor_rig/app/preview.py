"""The use case behind `watercolor-rig preview`: moving and still pictures of the sequences, for people."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from watercolor_rig.app.rigs import list_folders, matching
from watercolor_rig.app.tally import Emit
from watercolor_rig.core.errors import NothingMatchedError, PictureError
from watercolor_rig.core.events import FileWritten, Warned
from watercolor_rig.core.manifest import decode_manifest
from watercolor_rig.export.contact_sheet import contact_sheets, page_name
from watercolor_rig.export.frames import Frame, FrameSequence
from watercolor_rig.export.looping import looping_webp
from watercolor_rig.store.durable import make_directory, read_file, sweep_leftovers, write_file
from watercolor_rig.store.sequence_folder import MANIFEST


@dataclass(frozen=True, slots=True)
class PreviewOptions:
    """What the user asked for; the fields are the flags of `watercolor-rig preview`."""

    sequences_dir: Path
    outdir: Path
    fps: float = 12.0
    only: str | None = None


def make_previews(options: PreviewOptions, emit: Emit) -> int:
    """Write a looping WebP per sequence and the contact sheets; return the exit status (1 if a sequence is unusable).

    Raises:
        UsageError: if the sequences folder cannot be listed.
        NothingMatchedError: if there is no sequence in it, or none that `only` matches.
        StoreError: if the disk refuses.
    """
    names = [name for name in list_folders("--sequences-dir", options.sequences_dir) if _has_manifest(options, name)]
    if not names:
        raise NothingMatchedError(f"No sequences in {str(options.sequences_dir)!r}; generate some first.")
    make_directory(options.outdir)
    sweep_leftovers(options.outdir)
    wanted = matching(names, options.only, "sequence")
    shown: list[FrameSequence] = []
    for name in wanted:
        sequence = read_sequence(options.sequences_dir / name)
        try:
            webp = looping_webp(sequence, fps=options.fps)
        except PictureError as error:
            emit(Warned(name, str(error)))
            continue
        _write(options.outdir / f"{name}.webp", webp, "animation", emit)
        shown.append(sequence)
    for number, page in enumerate(contact_sheets(shown) if shown else (), start=1):
        _write(options.outdir / page_name(number), page, "contact sheet", emit)
    return 0 if len(shown) == len(wanted) else 1


def read_sequence(folder: Path) -> FrameSequence:
    """Return the frames that a sequence folder's manifest lists, each read when it is needed.

    Raises:
        StoreError: if the manifest cannot be read.
    """
    manifest = decode_manifest(read_file(folder / MANIFEST))
    return FrameSequence(folder.name, [Frame(f.t, _reader(folder / f.file), f.file) for f in manifest.frames])


def _reader(path: Path) -> Callable[[], bytes]:
    return partial(read_file, path)


def _has_manifest(options: PreviewOptions, name: str) -> bool:
    return (options.sequences_dir / name / MANIFEST).is_file()


def _write(path: Path, data: bytes, kind: str, emit: Emit) -> None:
    write_file(path, data)
    emit(FileWritten(kind, str(path)))
