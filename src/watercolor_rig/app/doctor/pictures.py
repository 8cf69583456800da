"""Checks of what people see: the configuration and the endpoints."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watercolor_rig.app.doctor.looking import Look
from watercolor_rig.app.doctor.report import Report, counted
from watercolor_rig.app.rigs import list_files, load_rig
from watercolor_rig.core.endpoints import catalogue_endpoints, pair_all
from watercolor_rig.core.errors import ConfigError, UsageError
from watercolor_rig.core.ids import split_endpoint_file
from watercolor_rig.core.rig import ExpressionId, PoseId, Rig
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.store.picture_index import PictureFacts


@dataclass(frozen=True, slots=True)
class FoundEndpoints:
    """The endpoints of a folder.

    Attributes:
        facts: File name to what is known of it, of those that decode.
        specs: The sequences that can be made of them; empty without a configuration.
    """

    facts: Mapping[str, PictureFacts]
    specs: tuple[SequenceSpec, ...] = ()


def check_config(path: Path | None, report: Report) -> Rig | None:
    """Say every problem of the configuration; return the rig if there is none."""
    if path is None:
        return None
    try:
        rig = load_rig(path)
    except ConfigError as error:
        for problem in error.problems:
            report.wrong("config", problem)
        return None
    except UsageError as error:
        report.wrong("config", str(error))
        return None
    turns = f", {counted(len(rig.pose_paths), 'pose path')}" if rig.pose_paths else ""
    paths = f"{counted(len(rig.base_paths), 'base path')}{turns}"
    report.fine("config", f"{path}: {paths}, {counted(len(rig.expressions), 'expression')}")
    return rig


def check_endpoints(folder: Path, rig: Rig | None, look: Look, report: Report) -> FoundEndpoints:
    """Say which endpoints do not decode, and where sizes differ within a pose.

    Raises:
        StoreError: if a file cannot be read.
    """
    try:
        names = [name for name in list_files("--endpoints-dir", folder) if not name.startswith(".")]
    except UsageError as error:
        report.wrong("endpoints", f"{error}; put the drawings there, or name their folder")
        return FoundEndpoints({})
    files = {name: key for name in names if (key := split_endpoint_file(name))}
    if rig is not None:
        files = {name: key for name, key in files.items() if key[0] in rig.expressions}
    found = look.inspect(folder, files)
    good = {name: facts for name, facts in found.items() if isinstance(facts, PictureFacts)}
    faults = [str(facts) for facts in found.values() if not isinstance(facts, PictureFacts)]
    faults += _sizes_that_differ(files, good)
    for fault in faults:
        report.wrong("endpoints", fault)
    if not faults:
        poses = len({pose for _, pose in files.values()})
        report.fine("endpoints", f"{counted(len(files), 'drawing')} at {counted(poses, 'pose')}: whole, sizes agree")
    if rig is None:
        return FoundEndpoints(good)
    specs, _ = pair_all(rig, catalogue_endpoints(names, rig))
    return FoundEndpoints(good, tuple(specs))


def _sizes_that_differ(
    files: Mapping[str, tuple[ExpressionId, PoseId]],
    facts: Mapping[str, PictureFacts],
) -> list[str]:
    faults = []
    for pose in sorted({pose for _, pose in files.values()}):
        by_size: dict[tuple[int, int], list[str]] = {}
        for name in sorted(name for name in facts if files[name][1] == pose):
            by_size.setdefault(facts[name].size, []).append(name)
        if len(by_size) > 1:
            words = "; ".join(f"{width}x{height}: {', '.join(names)}" for (width, height), names in by_size.items())
            faults.append(f"pose {pose!r} has drawings of several sizes ({words}); bring them to one canvas")
    return faults
