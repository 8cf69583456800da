"""An export as one file to download: what a format writes in folders goes into a ZIP.

The format writes into a folder of its own first, which is removed in any case; the exports folder only ever gets whole
files, each under the name that the user knows.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from watercolor_rig.app.exports import ExportOptions, make_export
from watercolor_rig.app.tally import INTERRUPTED_STATUS, Emit
from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.events import Event, FileWritten, Warned
from watercolor_rig.runner.control import Control
from watercolor_rig.store.durable import lives_elsewhere, make_directory, write_stream

_PREFIX = ".making-"

_MOST_WARNINGS = 12

_own: set[str] = set()
"""Names of the folders that this process writes into now."""


def export_packed(options: ExportOptions, emit: Emit, control: Control) -> int:
    """Export into the folder `options.outdir`; return the exit status, as `make_export`.

    A format that writes one file leaves just that; of several, a ZIP called by the format takes its place.

    Raises:
        RigError: as `make_export`; then there is no new file.
    """
    make_directory(options.outdir)
    _sweep(options.outdir)
    written: list[Path] = []
    warned: list[Warned] = []

    def hear(event: Event) -> None:
        match event:
            case FileWritten():
                written.append(Path(event.file))
            case Warned():
                warned.append(event)
            case _:
                emit(event)

    with _workplace(options.outdir) as place:
        try:
            status = make_export(replace(options, outdir=place), hear, control)
        finally:
            _warn_at_once(warned, emit)
        if status == INTERRUPTED_STATUS:
            return status
        is_single = len(written) == 1
        target = options.outdir / (written[0].name if is_single else f"{options.format}.zip")
        try:
            write_stream(target, partial(_copy, written[0]) if is_single else partial(_pack, place, written, control))
        except _EndedError:
            return INTERRUPTED_STATUS
    emit(FileWritten("export", str(target)))
    return status


def _warn_at_once(warned: Sequence[Warned], emit: Emit) -> None:
    """Say all warnings in one: a job has room for one message."""
    if warned:
        first, *others = warned
        rest = [f"{event.subject}: {event.message}" for event in others[: _MOST_WARNINGS - 1]]
        left = len(warned) - _MOST_WARNINGS
        emit(Warned(first.subject, "; ".join([first.message, *rest, *([f"and {left} more"] if left > 0 else [])])))


class _EndedError(Exception):
    """The control has ended the export."""


def _copy(source: Path, file: BinaryIO) -> None:
    with source.open("rb") as made:
        shutil.copyfileobj(made, file)


def _pack(place: Path, files: Sequence[Path], control: Control, file: BinaryIO) -> None:
    """Store files by their place below a folder; pictures and films are compressed already."""
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for source in files:
            if not control.proceed():
                raise _EndedError
            member = ZipInfo(source.relative_to(place).as_posix())
            member.file_size = source.stat().st_size
            with archive.open(member, "w") as inside:
                _copy(source, inside)  # type: ignore[arg-type]  # all that is asked of it is `write`


@contextmanager
def _workplace(exports: Path) -> Iterator[Path]:
    place = exports / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    _own.add(place.name)
    try:
        place.mkdir()
    except OSError as error:
        _own.discard(place.name)
        raise StoreError(f"cannot make the folder {str(place)!r}: {error.strerror}") from error
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        _own.discard(place.name)


def _sweep(exports: Path) -> None:
    """Remove the folders of processes that were killed while they wrote."""
    with contextlib.suppress(OSError):
        for place in exports.glob(f"{_PREFIX}*"):
            owner = place.name.removeprefix(_PREFIX).partition("-")[0]
            if place.name not in _own and owner.isdecimal() and not lives_elsewhere(int(owner)):
                shutil.rmtree(place, ignore_errors=True)
