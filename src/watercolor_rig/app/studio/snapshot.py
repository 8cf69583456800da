"""The config and the endpoints as they lie on the disk now: what every look at a sequence starts from.

A snapshot is a value. It is taken anew when the config or an endpoint has changed; `stamp_of` says whether, at the
price of one `stat` a file.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from watercolor_rig.app.studio.endpoint_facts import EndpointFacts
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.core.config import parse_rig
from watercolor_rig.core.endpoints import EndpointCatalogue, catalogue_endpoints, pair_all, sequence_at, sequence_of
from watercolor_rig.core.errors import ConfigError, PictureError
from watercolor_rig.core.rig import PoseId, Rig
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.store.picture_index import PictureFacts
from watercolor_rig.store.sequence_folder import Ends

Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration's file as it was read.

    Attributes:
        rig: What it says; empty where it cannot be used, or there is none.
        version: Names its content; "" where there is none.
        problems: What keeps it from being used.
    """

    rig: Rig = field(default_factory=Rig)
    version: str = ""
    problems: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether there is a file, usable or not."""
        return bool(self.version)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Config and endpoints.

    Attributes:
        folders: Where the project lies.
        config: The configuration.
        catalogue: Which files are endpoints.
        facts: File name to what is known of it.
        unsure: Names of those whose pixels were not decoded yet.
        specs: Every sequence of the config at every pose, in the order of the config, then by pose.
        lacks: Sequence to the endpoints that it lacks, for those that lack one.
    """

    folders: StudioFolders
    config: Config
    catalogue: EndpointCatalogue
    facts: Mapping[str, PictureFacts | PictureError]
    unsure: Sequence[str]
    specs: Mapping[str, SequenceSpec]
    lacks: Mapping[str, tuple[str, ...]]

    def ends(self, spec: SequenceSpec) -> Ends | str | None:
        """Return the endpoints of a sequence, or why it cannot be made of them; None where one has just gone."""
        if lacks := self.lacks.get(spec.path):
            return f"{' and '.join(lacks)} {'are' if len(lacks) > 1 else 'is'} missing in frames/endpoints"
        names = spec.endpoint_files
        start, end = self.facts.get(names[0]), self.facts.get(names[1])
        for found in (start, end):
            if isinstance(found, PictureError):
                return str(found)
        if not isinstance(start, PictureFacts) or not isinstance(end, PictureFacts):
            return None
        if start.size != end.size:
            sizes = [f"{n} is {f.size[0]}x{f.size[1]}" for n, f in zip(names, (start, end), strict=True)]
            return f"{' and '.join(sizes)}; bring both endpoints to one size"
        folder = self.folders.endpoints
        return Ends(start, end, folder / names[0], folder / names[1])

    @property
    def poses(self) -> tuple[PoseId, ...]:
        """Every pose: those of the config in its order, then those that only endpoints have."""
        return tuple(dict.fromkeys((*self.config.rig.poses, *self.catalogue.poses)))


def read_config(folders: StudioFolders) -> Config:
    """Return the configuration; one that cannot be used says why, and none at all is empty."""
    try:
        data = folders.config.read_bytes()
    except FileNotFoundError:
        return Config()
    except OSError as error:
        reason = f"{folders.config.name}: cannot be read: {error.strerror or error}"
        return Config(version="unreadable", problems=(reason,))
    version = version_of(data)
    try:
        return Config(parse_rig(data, folders.config.name), version)
    except ConfigError as error:
        return Config(version=version, problems=error.problems)


def version_of(data: bytes) -> str:
    """Return what names a config's content."""
    return hashlib.sha256(data).hexdigest()[:16]


def take_snapshot(folders: StudioFolders, endpoints: EndpointFacts) -> Snapshot:
    """Look at config and endpoints; no picture is decoded."""
    config = read_config(folders)
    catalogue = catalogue_endpoints(_file_names(folders.endpoints), config.rig)
    facts, unsure = endpoints.of(sorted(catalogue.files.values()))
    specs, lacks = _pair(config.rig, catalogue)
    return Snapshot(folders, config, catalogue, facts, unsure, specs, lacks)


def stamp_of(folders: StudioFolders) -> Stamp:
    """Return what differs as soon as the config or an endpoint does."""
    stamps: list[object] = [_stamp(folders.config)]
    with suppress(OSError), os.scandir(folders.endpoints) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            with suppress(OSError):
                status = entry.stat()
                stamps.append((entry.name, status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(stamps)


def quick_stamp_of(folders: StudioFolders) -> Stamp:
    """Return what differs when the config is changed, or an endpoint is added, removed or replaced by renaming."""
    return _stamp(folders.config), _stamp(folders.endpoints)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _file_names(folder: Path) -> list[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.is_file() and _is_spellable(entry.name))
    return []


def _is_spellable(name: str) -> bool:
    """Return whether a name is text; systems allow bytes that are none."""
    return name.isprintable() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _pair(rig: Rig, catalogue: EndpointCatalogue) -> tuple[dict[str, SequenceSpec], dict[str, tuple[str, ...]]]:
    whole, missing = pair_all(rig, catalogue)
    able = {spec.path for spec in whole}
    lacks = {lack.path: lack.files for lack in missing}
    specs: dict[str, SequenceSpec] = {}
    for base in rig.base_paths:
        for pose in catalogue.poses or rig.poses:
            spec = sequence_at(base, pose)
            if spec.path in able or spec.path in lacks:
                specs[spec.path] = spec
    turns = map(sequence_of, rig.pose_paths)
    return specs | {spec.path: spec for spec in turns}, lacks
