"""What the user has settled for a project in the studio, kept between runs."""

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from watercolor_rig.store.durable import make_directory, write_file

SCHEMA = 1
DEPTH = 2
"""As the command line's `--max-depth`."""


@dataclass(frozen=True, slots=True)
class StudioSettings:
    """The settings of one project.

    Attributes:
        budget_usd: The most that all jobs may spend, in US dollars; None for no limit.
        depth: Rounds of halving where a job does not say.
    """

    budget_usd: Decimal | None = None
    depth: int = DEPTH


def read_settings(file: Path) -> StudioSettings:
    """Return what is kept; the default where nothing is, or nothing that can be read."""
    try:
        raw = json.loads(file.read_bytes())
        budget = raw["budget_usd"]
        return StudioSettings(None if budget is None else Decimal(budget), int(raw["depth"]))
    except (OSError, ValueError, KeyError, TypeError, InvalidOperation):
        return StudioSettings()


def write_settings(file: Path, settings: StudioSettings) -> None:
    """Keep the settings.

    Raises:
        StoreError: if the disk refuses.
    """
    budget = settings.budget_usd
    document = {"schema": SCHEMA, "budget_usd": None if budget is None else str(budget), "depth": settings.depth}
    make_directory(file.parent)
    write_file(file, (json.dumps(document, indent=2) + "\n").encode())
