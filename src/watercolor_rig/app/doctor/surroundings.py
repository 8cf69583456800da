"""Checks of what a project needs around it: engines, key, service, disk."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watercolor_rig.app.doctor.pictures import FoundEndpoints
from watercolor_rig.app.doctor.report import Report
from watercolor_rig.app.engine_choice import AUTO, KEY_VARIABLE, URL_VARIABLE
from watercolor_rig.app.engine_list import describe_engine
from watercolor_rig.core.times import frame_names, times_of_depth
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.engines.registry import Listing, list_engines, probe_engine

_USUAL_DEPTH = 2
"""What `--max-depth` is unless it is given: the frames that are looked for when disk space is estimated."""

_RESERVE_BYTES = 50_000_000
_COPIES_OF_A_PAID_FRAME = 3
"""The frame, its content in the store, and what the service sent."""


@dataclass(frozen=True, slots=True)
class EngineChecks:
    """Checks engines.

    Attributes:
        asked: As `--engine`.
        settings: What it would be asked with.
        environment: Where key and server are read.
        report: Takes the findings.
    """

    asked: str
    settings: EngineSettings
    environment: Mapping[str, str]
    report: Report

    @property
    def chosen(self) -> str:
        """The engine that a run would take."""
        if self.asked != AUTO:
            return self.asked
        return "openai" if self._has(KEY_VARIABLE) else "local"

    def check(self) -> bool:
        """Say the state of every engine, and of the service behind the chosen one; return whether that one is paid."""
        listings = list_engines()
        for listing in listings:
            self._check_engine(listing)
        chosen = next((listing for listing in listings if listing.name == self.chosen), None)
        if chosen is None:
            names = ", ".join(listing.name for listing in listings)
            self.report.wrong("engine", f"there is no {self.chosen!r}; installed: {names}")
            return False
        self._say_key()
        if chosen.plugin is None:
            return False
        probed = probe_engine(chosen.plugin, self.settings)
        if probed is not None:
            sound, words = probed
            (self.report.fine if sound else self.report.wrong)("service", words)
        return chosen.plugin.traits.paid

    def _check_engine(self, listing: Listing) -> None:
        is_chosen = listing.name == self.chosen
        said = describe_engine(listing, self.settings if is_chosen else EngineSettings())
        words = f"{listing.name} is {said.state}: {said.detail}"
        if said.state == "broken" or (is_chosen and said.state != "ready"):
            self.report.wrong("engine", words)
        else:
            self.report.fine("engine", words)

    def _say_key(self) -> None:
        given = [name for name in (KEY_VARIABLE, URL_VARIABLE) if self._has(name)]
        words = f"{' and '.join(given)} set" if given else f"{KEY_VARIABLE} is not set"
        self.report.fine("key", f"{words}; a run takes the engine {self.chosen!r}")

    def _has(self, variable: str) -> bool:
        return bool(self.environment.get(variable, "").strip())


def check_disk(project: Path, needed_bytes: int, report: Report) -> None:
    """Say whether what is missing fits on the disk."""
    place = next(folder for folder in (project, *project.parents) if folder.is_dir())
    free = shutil.disk_usage(place).free
    words = f"{_megabytes(free)} free, about {_megabytes(needed_bytes)} needed for what is missing"
    if free < needed_bytes + _RESERVE_BYTES:
        report.wrong("disk", f"{words}; make room before the next run")
    else:
        report.fine("disk", words)


def missing_bytes(sequences_dir: Path, endpoints_dir: Path, endpoints: FoundEndpoints, *, paid: bool) -> int:
    """Return about how much the missing frames of the usual depth will take; 0 without a configuration."""
    names = frame_names(times_of_depth(_USUAL_DEPTH), {}).values()
    total = 0
    for spec in endpoints.specs:
        drawing = endpoints_dir / spec.endpoint_files[0]
        missing = sum(not (sequences_dir / spec.path / name).is_file() for name in names)
        if missing and drawing.is_file():
            total += missing * drawing.stat().st_size
    return total * (_COPIES_OF_A_PAID_FRAME if paid else 1)


def _megabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1_000_000_000 else f"{count / 1e6:.1f} MB"  # noqa: PLR2004 - a gigabyte
