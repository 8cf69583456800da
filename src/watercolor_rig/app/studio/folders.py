"""Where a project's files lie."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from watercolor_rig.store.picture_index import STATE_FOLDER


@dataclass(frozen=True, slots=True)
class StudioFolders:
    """The places of one project.

    Attributes:
        project: Its folder, resolved; the lock, the ledger and the takes are in `.watercolor-rig/` below it.
        config: `expressions.json`.
        endpoints: The drawings.
        sequences: One folder a sequence.
        exports: Where exported files go.
    """

    project: Path
    config: Path
    endpoints: Path
    sequences: Path
    exports: Path

    @classmethod
    def of(cls, project: Path) -> Self:
        """Return the usual places under a folder, which need not be there yet."""
        root = project.resolve()
        frames = root / "frames"
        return cls(root, root / "expressions.json", frames / "endpoints", frames / "sequences", root / "exports")

    @property
    def state(self) -> Path:
        """Where the studio itself remembers: jobs, history, settings."""
        return self.project / STATE_FOLDER / "studio"
