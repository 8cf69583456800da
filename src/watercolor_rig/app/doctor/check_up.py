"""The use case behind `watercolor-rig doctor`."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from watercolor_rig.app.doctor.folders import FolderChecks, sequence_folders
from watercolor_rig.app.doctor.looking import Look
from watercolor_rig.app.doctor.pictures import FoundEndpoints, check_config, check_endpoints
from watercolor_rig.app.doctor.records import RecordChecks, check_index, check_leftovers
from watercolor_rig.app.doctor.report import Report
from watercolor_rig.app.doctor.surroundings import EngineChecks, check_disk, missing_bytes
from watercolor_rig.app.driving import save_index
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.tally import Emit
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.store.lock import lock_holder, project_lock
from watercolor_rig.store.picture_index import project_of


@dataclass(frozen=True, slots=True)
class DoctorOptions:
    """What the user asked for; the fields are the flags of `watercolor-rig doctor`."""

    endpoints_dir: Path
    sequences_dir: Path
    config: Path | None = None
    read_data: bool = False
    fix: bool = False
    engine: str = "auto"
    settings: EngineSettings = field(default_factory=EngineSettings)


def check_up(options: DoctorOptions, emit: Emit, toolbox: Toolbox) -> int:
    """Say what is and what is not as it should be; return the exit status: 1 if something is wrong now.

    Without `fix` nothing is written; nothing is spent in any case.

    Raises:
        ProjectBusyError: with `fix`, if another process writes the project.
        StoreError: if a file cannot be read.
    """
    project = project_of(options.sequences_dir)
    report = Report(emit, fix=options.fix)
    with project_lock(project, "doctor --fix") if options.fix else nullcontext():
        holder = None if options.fix else lock_holder(project)
        endpoints = _check_project(options, Memory(project), report, emit, held=holder is not None)
        report.fine("lock", f"{holder} writes the project now" if holder else "nobody else writes the project")
    paid = EngineChecks(options.engine, options.settings, toolbox.environment, report).check()
    check_disk(project, missing_bytes(options.sequences_dir, options.endpoints_dir, endpoints, paid=paid), report)
    return report.end()


def _check_project(options: DoctorOptions, memory: Memory, report: Report, emit: Emit, *, held: bool) -> FoundEndpoints:
    rig = check_config(options.config, report)
    check_index(memory.project, report)
    look = Look(memory.project, read_data=options.read_data)
    endpoints = check_endpoints(options.endpoints_dir, rig, look, report)
    folders = [options.endpoints_dir, options.sequences_dir, *sequence_folders(options.sequences_dir)]
    FolderChecks(memory, options.endpoints_dir, endpoints, look, report).check(options.sequences_dir)
    check_leftovers([*folders, *memory.folders()], report)  # after what a manifest among them can tell
    RecordChecks(memory, folders, report, read_data=options.read_data, held=held).check()
    if options.fix:
        save_index(look.index, emit)
    return endpoints
