"""Sequences as one ZIP to take along: a folder for each, complete by itself, as it lies in the project."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from watercolor_rig.app.own_folder import read_manifest
from watercolor_rig.app.tally import INTERRUPTED_STATUS, Emit
from watercolor_rig.core.events import FileWritten
from watercolor_rig.core.manifest import Manifest
from watercolor_rig.runner.control import Control
from watercolor_rig.store.durable import make_directory, read_file, write_stream
from watercolor_rig.store.sequence_folder import MANIFEST


def archive_sequences(root: Path, names: Iterable[str], target: Path, emit: Emit, control: Control) -> int:
    """Write the sequences of these names to a ZIP; return the exit status (130 if `control` ended it before).

    Every file that a manifest lists goes in, and the manifest. Pictures are stored as they are: they are compressed
    already. The same sequences give the same bytes.

    Raises:
        StoreError: if a file cannot be read, or the disk refuses; then there is no new archive.
    """
    make_directory(target.parent)
    try:
        write_stream(target, lambda file: _write(root, names, file, control))
    except _EndedError:
        return INTERRUPTED_STATUS
    emit(FileWritten("archive", str(target)))
    return 0


class _EndedError(Exception):
    """The control has ended the run."""


def _write(root: Path, names: Iterable[str], file: BinaryIO, control: Control) -> None:
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name in names:
            if not control.proceed():
                raise _EndedError
            manifest = read_manifest(root / name) or Manifest()
            for member in [*(frame.file for frame in manifest.frames), MANIFEST]:
                archive.writestr(ZipInfo(f"{name}/{member}"), read_file(root / name / member))
