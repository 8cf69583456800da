"""What a run shares with other runs of its process. A run of the command line is alone; the studio's are not."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from watercolor_rig.core.ids import PathId
from watercolor_rig.core.pacing import Pacer
from watercolor_rig.engines.api import EnginePlugin, EngineSettings, LimitScope
from watercolor_rig.runner.control import Control
from watercolor_rig.runner.lanes import Answer, Lanes, open_tween_lanes
from watercolor_rig.store.ledger_reading import Take
from watercolor_rig.store.lock import project_lock

LaneOpener = Callable[[str, EnginePlugin, EngineSettings, int, Callable[[Answer], None] | None], Lanes]


class Claims(Protocol):
    """Who may write which sequence: one run at a time."""

    def claim(self, paths: Iterable[PathId]) -> None:
        """Return when all of them are this run's."""
        ...

    def release(self, paths: Iterable[PathId]) -> None:
        """Let others have those that this run has no more work in."""
        ...


class Unclaimed:
    """Nobody else is there."""

    def claim(self, paths: Iterable[PathId]) -> None:
        """Grant."""

    def release(self, paths: Iterable[PathId]) -> None:
        """Nothing to let go."""


def _free_entry(pacer: Pacer, _scope: LimitScope | None) -> AbstractContextManager[Pacer]:
    return nullcontext(pacer)


@dataclass(frozen=True)
class Neighbours:
    """The others.

    Attributes:
        control: Holds and ends the run.
        lock: Context in which the run may write the project: its folder, and what the run does.
        claims: Context in which it may write a sequence.
        admission: Context that yields what grants permits under a limit: the run's own pacer, with others in mind.
        open_lanes: Returns workers for in-betweens, as `open_tween_lanes` does.
        command: What the ledger says that the run does; "" for what it makes.
        recalls: Whether a take that an equal request has brought answers a run that asks for new pictures.
    """

    control: Control = field(default_factory=Control)
    lock: Callable[[Path, str], AbstractContextManager[None]] = project_lock
    claims: Claims = field(default_factory=Unclaimed)
    admission: Callable[[Pacer, LimitScope | None], AbstractContextManager[Pacer]] = _free_entry
    open_lanes: LaneOpener = open_tween_lanes
    command: str = ""
    recalls: Callable[[Take], bool] = lambda _take: False
