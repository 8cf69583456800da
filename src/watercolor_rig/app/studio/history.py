"""Which take is in place, and how that came: every change is a group of moves that can be taken back."""

from dataclasses import dataclass
from pathlib import Path

from watercolor_rig.app.studio.hub import EventHub


@dataclass(frozen=True, slots=True)
class History:
    """What undo and redo would do next, in words; None where there is nothing."""

    undo: str | None
    redo: str | None


class TakeHistory:
    """Chooses takes, and takes choices back; survives a restart.

    Whoever calls holds the project (`Workshop` does).

    Args:
        project: Its folder.
        file: Where the groups are kept.
        hub: Hears of frames that change.
    """

    def __init__(self, project: Path, file: Path, hub: EventHub) -> None: ...
