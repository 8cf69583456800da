"""Which endpoints a folder holds, by file name alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from watercolor_rig.core.ids import endpoint_file, path_id, pose_path_id, split_endpoint_file
from watercolor_rig.core.rig import BasePath, BasePathId, ExpressionId, PoseId, PosePath, Rig
from watercolor_rig.core.sequences import SequenceSpec

Which = Literal["base", "pose", "all"]
"""Sequences of base paths, of pose paths, or of both."""


@dataclass(frozen=True, slots=True)
class EndpointCatalogue:
    """What was found in the endpoints folder.

    Attributes:
        files: (expression, pose) to file name.
        ignored: Names that fit no known expression, sorted.
    """

    files: dict[tuple[ExpressionId, PoseId], str]
    ignored: tuple[str, ...]

    @property
    def poses(self) -> tuple[PoseId, ...]:
        """Every pose with at least one endpoint, sorted."""
        return tuple(sorted({pose for _, pose in self.files}))


@dataclass(frozen=True, slots=True)
class MissingEndpoint:
    """A sequence that cannot be made because the folder lacks endpoints.

    Attributes:
        path: Id of the sequence.
        files: The file names that were looked for and not found.
    """

    path: str
    files: tuple[str, ...]


def catalogue_endpoints(names: Iterable[str], rig: Rig) -> EndpointCatalogue:
    """Sort file names into endpoints of the rig's expressions and names to ignore; hidden files count as absent."""
    files: dict[tuple[ExpressionId, PoseId], str] = {}
    ignored: list[str] = []
    for name in sorted(names):
        if name.startswith("."):
            continue
        key = split_endpoint_file(name)
        if key and key[0] in rig.expressions:
            files[key] = name
        else:
            ignored.append(name)
    return EndpointCatalogue(files, tuple(ignored))


def pair_endpoints(rig: Rig, catalogue: EndpointCatalogue) -> tuple[list[SequenceSpec], list[MissingEndpoint]]:
    """Return the sequence of every base path at every pose that has both endpoints, and those that lack one.

    Sequences come in the order of the base paths, poses sorted within. A base path of which a pose has neither
    endpoint is missing there too, unless the pose has no endpoint of the path's expressions at any base path.
    """
    specs: list[SequenceSpec] = []
    missing: list[MissingEndpoint] = []
    for base in rig.base_paths:
        for pose in catalogue.poses:
            ends = [catalogue.files.get((expression, pose)) for expression in (base.start, base.end)]
            absent = tuple(
                endpoint_file(expression, pose)
                for expression, file in zip((base.start, base.end), ends, strict=True)
                if file is None
            )
            if absent:
                missing.append(MissingEndpoint(path_id(base.id, pose), absent))
            else:
                specs.append(sequence_at(base, pose))
        if not catalogue.poses:
            for pose in rig.poses:
                absent = (endpoint_file(base.start, pose), endpoint_file(base.end, pose))
                missing.append(MissingEndpoint(path_id(base.id, pose), absent))
    return specs, missing


def pair_pose_paths(rig: Rig, catalogue: EndpointCatalogue) -> tuple[list[SequenceSpec], list[MissingEndpoint]]:
    """Return the sequence of every pose path that has both endpoints, and those that lack one, in their order."""
    specs: list[SequenceSpec] = []
    missing: list[MissingEndpoint] = []
    for path in rig.pose_paths:
        spec = sequence_of(path)
        absent = tuple(
            file
            for rest, file in zip((spec.first, spec.last), spec.endpoint_files, strict=True)
            if rest not in catalogue.files
        )
        if absent:
            missing.append(MissingEndpoint(spec.path, absent))
        else:
            specs.append(spec)
    return specs, missing


def pair_all(
    rig: Rig, catalogue: EndpointCatalogue, which: Which = "all"
) -> tuple[list[SequenceSpec], list[MissingEndpoint]]:
    """Return the sequences of base paths, then those of pose paths, as far as wanted, and what is missing of them."""
    specs: list[SequenceSpec] = []
    missing: list[MissingEndpoint] = []
    for kind, pair in (("base", pair_endpoints), ("pose", pair_pose_paths)):
        if which in {kind, "all"}:
            found, lacking = pair(rig, catalogue)
            specs += found
            missing += lacking
    return specs, missing


def sequence_at(base: BasePath, pose: PoseId) -> SequenceSpec:
    """Return the sequence of a base path at a pose."""
    return SequenceSpec(path_id(base.id, pose), base.id, base.start, base.end, pose)


def sequence_of(path: PosePath) -> SequenceSpec:
    """Return the sequence that a pose path is."""
    own = pose_path_id(path.expression, path.start, path.end)
    return SequenceSpec(own, BasePathId(own), path.expression, path.expression, path.start, path.end)
