"""The use case behind `watercolor-rig inspect`: why the embedded engine draws a sequence as it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watercolor_rig.app.preview import read_sequence
from watercolor_rig.app.rigs import list_folders, load_rig
from watercolor_rig.app.tally import Emit
from watercolor_rig.core.errors import NothingMatchedError, PictureError
from watercolor_rig.core.events import FileWritten, Warned
from watercolor_rig.core.outlines import Outline
from watercolor_rig.core.rig import PoseId, Rig
from watercolor_rig.core.times import END, START
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.engines.local.options import LocalOptions
from watercolor_rig.export.inspection_page import inspection_page
from watercolor_rig.store.durable import make_directory, write_file


@dataclass(frozen=True, slots=True)
class InspectOptions:
    """What the user asked for; the fields are the flags of `watercolor-rig inspect`."""

    sequence: str
    sequences_dir: Path
    outdir: Path
    settings: EngineSettings
    config: Path | None = None


def inspect_sequence(options: InspectOptions, emit: Emit) -> int:
    """Write a page on one sequence; return the exit status.

    Raises:
        UsageError: if the sequences folder or the configuration cannot be read, or for a method or device that there
            is none of.
        ConfigError: with every problem of the configuration.
        NothingMatchedError: if there is no such sequence.
        PictureError: if an end is missing or cannot be used.
        StoreError: if the disk refuses.
    """
    from watercolor_rig.engines.local.inspection import inspect_pair  # noqa: PLC0415 - heavy: numpy, OpenCV
    from watercolor_rig.engines.local.naming import Labels  # noqa: PLC0415 - as above

    wishes = LocalOptions.of(options.settings)
    rig = load_rig(options.config) if options.config else Rig()
    names = list_folders("--sequences-dir", options.sequences_dir)
    if options.sequence not in names:
        there = ", ".join(names) or "none"
        raise NothingMatchedError(
            f"No sequence {options.sequence!r} in {str(options.sequences_dir)!r}; there are: {there}"
        )
    frames = {frame.t: frame for frame in read_sequence(options.sequences_dir / options.sequence).frames}
    if START not in frames or END not in frames:
        raise PictureError(f"{options.sequence}: its manifest lacks an end; make the sequence first")
    start, end = (frames[t].read() for t in (START, END))
    found = inspect_pair(start, end, options.sequence, wishes, Labels(*_known_of(options.sequence, rig)))
    for note in found.notes:
        emit(Warned(options.sequence, note))
    make_directory(options.outdir)
    page = options.outdir / f"{options.sequence}.html"
    write_file(page, inspection_page(options.sequence, found))
    emit(FileWritten("page", str(page)))
    return 0


def _known_of(sequence: str, rig: Rig) -> tuple[Mapping[str, Outline], tuple[str, ...]]:
    """Return the regions of a sequence's pose, and the axes that change along its path."""
    base, _, pose = sequence.rpartition("__")
    changing = [rig.changing_axes(path.start, path.end) for path in rig.base_paths if path.id == base]
    return rig.regions.get(PoseId(pose), {}), changing[0] if changing else ()
