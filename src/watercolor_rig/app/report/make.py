"""The use case behind `watercolor-rig report`: one page that shows every sequence and says what to look at first.

Groups are told one after the other and written at once, to a nameless file beside the page; what must stand above them
is known only then. So the memory that a report needs does not grow with the pictures of a project.
"""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from watercolor_rig import __version__
from watercolor_rig.app.report.expressions import tell_pose
from watercolor_rig.app.report.remembered import Remembered
from watercolor_rig.app.report.sequences import tell_sequence
from watercolor_rig.app.rigs import list_files, list_folders, matching
from watercolor_rig.app.tally import Emit
from watercolor_rig.core.errors import NothingMatchedError
from watercolor_rig.core.events import FileWritten, Warned
from watercolor_rig.core.ids import SEPARATOR, split_endpoint_file
from watercolor_rig.core.project_events import GroupReported, Reported
from watercolor_rig.core.report import GroupShown, LookAt, WorstFirst
from watercolor_rig.core.rig import ExpressionId, PoseId
from watercolor_rig.export.report_page import (
    Listed,
    Summary,
    closing,
    frame_anchor,
    group_anchor,
    group_section,
    opening,
)
from watercolor_rig.store.durable import make_directory, sweep_leftovers, write_stream
from watercolor_rig.store.picture_index import project_of
from watercolor_rig.store.sequence_folder import MANIFEST

PAGE = "index.html"
_MOST_FIRST = 48


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What the user asked for; the fields are the flags of `watercolor-rig report`."""

    sequences_dir: Path
    endpoints_dir: Path
    outdir: Path
    only: str | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to tell of: sequences, and the expressions of each pose."""

    sequences: list[str]
    poses: dict[PoseId, list[ExpressionId]]
    notes: tuple[str, ...]


@dataclass
class _Page:
    """The page as far as it is written.

    Attributes:
        body: Where the groups go.
        emit: Hears of each.
    """

    body: BinaryIO
    emit: Emit
    listed: list[Listed] = field(default_factory=list)
    worst: WorstFirst = field(default_factory=lambda: WorstFirst(_MOST_FIRST))
    frames: int = 0
    broken: int = 0

    def add(self, group: GroupShown) -> None:
        number = len(self.listed) + 1
        self.body.write(group_section(number, group))
        for place, frame in enumerate(group.frames):
            self.worst.add(LookAt(frame_anchor(number, place), group.name, frame))
            if frame.broken:
                self.emit(Warned(f"{group.name}: {frame.file}", frame.broken))
        for note in group.notes:
            self.emit(Warned(group.name, note))
        conspicuous = sum(frame.is_conspicuous for frame in group.frames)
        self.listed.append(Listed(group_anchor(number), group.name, conspicuous))
        self.frames += len(group.frames)
        self.broken += sum(bool(frame.broken) for frame in group.frames) + (not group.frames)
        self.emit(GroupReported(group.name, len(group.frames), conspicuous))


def make_report(options: ReportOptions, emit: Emit) -> int:
    """Write the page; return the exit status, 1 if something could not be shown.

    Raises:
        NothingMatchedError: if there is neither a sequence nor an expression, or none that `only` matches.
        StoreError: if the disk refuses.
    """
    wanted = _wanted(options)
    for note in wanted.notes:
        emit(Warned(str(options.sequences_dir), note))
    make_directory(options.outdir)
    sweep_leftovers(options.outdir)
    file = options.outdir / PAGE
    pages: list[_Page] = []

    def write(out: BinaryIO) -> None:
        with tempfile.TemporaryFile(dir=options.outdir) as body:
            page = _Page(body, emit)
            pages.append(page)
            summary = _tell(options, wanted, page)
            out.write(opening(summary, page.worst.entries(), page.listed))
            body.seek(0)
            shutil.copyfileobj(body, out)
            out.write(closing(__version__))

    write_stream(file, write)
    emit(FileWritten("page", str(file)))
    [page] = pages
    emit(Reported(len(wanted.sequences), page.frames, len(page.worst), page.broken))
    return 1 if page.broken else 0


def _wanted(options: ReportOptions) -> _Wanted:
    folders = list_folders("--sequences-dir", options.sequences_dir) if options.sequences_dir.is_dir() else []
    sequences = [name for name in folders if (options.sequences_dir / name / MANIFEST).is_file()]
    bare = [name for name in folders if name not in set(sequences) and not name.startswith(".")]
    files = list_files("--endpoints-dir", options.endpoints_dir) if options.endpoints_dir.is_dir() else []
    drawn = [split for name in files if (split := split_endpoint_file(name))]
    names = [f"{expression}{SEPARATOR}{pose}" for expression, pose in drawn]
    if not sequences and not drawn:
        raise NothingMatchedError(
            f"Nothing to report: no sequences in {str(options.sequences_dir)!r} and no expressions in "
            f"{str(options.endpoints_dir)!r}; make some first."
        )
    kept = set(matching([*sequences, *names], options.only, "sequence or expression"))
    poses: dict[PoseId, list[ExpressionId]] = {}
    for (expression, pose), name in zip(drawn, names, strict=True):
        if name in kept:
            poses.setdefault(pose, []).append(expression)
    return _Wanted([name for name in sequences if name in kept], poses, _notes(sequences, bare))


def _notes(sequences: list[str], bare: list[str]) -> tuple[str, ...]:
    if bare:
        some = ", ".join(bare[:8]) + (", …" if len(bare) > 8 else "")  # noqa: PLR2004 - a line's worth
        return (f"left out for want of a {MANIFEST}: {some}; 'watercolor-rig doctor --fix' writes it",)
    return () if sequences else ("there are no sequences yet, so only expressions are shown",)


def _tell(options: ReportOptions, wanted: _Wanted, page: _Page) -> Summary:
    project = project_of(options.sequences_dir)
    notes = list(wanted.notes)
    with Remembered(project) as remembered, Remembered(project_of(options.endpoints_dir)) as of_endpoints:
        if remembered.fault:
            notes.append(remembered.fault)
            page.emit(Warned(project.name, remembered.fault))
        for name in wanted.sequences:
            page.add(tell_sequence(options.sequences_dir / name, remembered))
        for pose, expressions in sorted(wanted.poses.items()):
            page.add(tell_pose(options.endpoints_dir, pose, expressions, of_endpoints))
        cost = remembered.total_cost()
    sequences, drawn = len(wanted.sequences), sum(map(len, wanted.poses.values()))
    about = (
        f"{sequences} sequence{'s' * (sequences != 1)}, {drawn} expression{'s' * (drawn != 1)}, "
        f"{page.frames} pictures. Cost of the whole project: {cost}."
    )
    return Summary(project.name, about, notes, len(page.worst))
