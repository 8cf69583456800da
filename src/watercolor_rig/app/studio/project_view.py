"""The project in one view: what the config says, what was spent, who else writes it now."""

import json
import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from threading import Lock

from watercolor_rig.app.memory import Memory
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.snapshot import Snapshot
from watercolor_rig.app.studio.views import BasePathView, ExpressionView, MoneyView, ProjectView
from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.rig import NEUTRAL
from watercolor_rig.store.ledger_reading import Spending
from watercolor_rig.store.lock import lock_holder
from watercolor_rig.store.picture_index import STATE_FOLDER


def project_view(snapshot: Snapshot, money: MoneyView, warnings: Iterable[str] = ()) -> ProjectView:
    """Return a project as it is in a snapshot."""
    folders, rig = snapshot.folders, snapshot.config.rig
    return ProjectView(
        open=snapshot.config.is_there,
        name=folders.project.name,
        folder=str(folders.project),
        config_file=folders.config.name,
        config_version=snapshot.config.version,
        character=rig.character,
        style=rig.style,
        axes={axis: list(values) for axis, values in rig.axes.items()},
        poses=list(snapshot.poses),
        expressions=[ExpressionView(name, dict(axes)) for name, axes in rig.expressions.items()],
        base_paths=[BasePathView(path.id, path.start, path.end) for path in rig.base_paths],
        neutral=NEUTRAL if NEUTRAL in rig.expressions else None,
        problems=list(snapshot.config.problems),
        warnings=list(warnings),
        money=money,
        writable_by=other_writer(folders),
    )


def other_writer(folders: StudioFolders) -> str | None:
    """Return which other program writes the project now, in words.

    The lock itself is tried only where its owner's note names another process: trying takes it for a moment.
    """
    try:
        owner = json.loads((folders.project / STATE_FOLDER / "owner.json").read_bytes())
        if owner["host"] == socket.gethostname() and owner["pid"] == os.getpid():
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return lock_holder(folders.project)


class Purse:
    """What the ledger's calls cost in all; read again only when the ledger has changed.

    Args:
        folders: The project.
    """

    def __init__(self, folders: StudioFolders) -> None:
        self._memory = Memory(folders.project)
        self._lock = Lock()
        self._stamp: tuple[object, ...] = ()
        self._sum = MoneyView()

    def count(self, budget_usd: Decimal | None) -> tuple[MoneyView, list[str]]:
        """Return the sums, and what keeps them from being known."""
        stamp = tuple(_stamp(self._memory.ledger_file.with_name(self._memory.ledger_file.name + end)) for end in _FILES)
        budget = None if budget_usd is None else float(budget_usd)
        with self._lock:
            if stamp != self._stamp:
                try:
                    self._sum = _summed(self._memory)
                except StoreError as error:
                    return MoneyView(budget_usd=budget), [str(error)]
                self._stamp = stamp
            known = self._sum
        return MoneyView(known.spent_usd, known.perhaps_usd, known.unpriced_calls, budget), []


_FILES = ("", "-wal")


def _summed(memory: Memory) -> MoneyView:
    ledger = memory.read_ledger()
    if ledger is None:
        return MoneyView()
    with ledger:
        sums: list[Spending] = ledger.spending("outcome")
    return MoneyView(
        float(sum(part.cost_usd for part in sums)),
        float(sum(part.perhaps_usd for part in sums)),
        sum(part.unpriced for part in sums),
    )


def _stamp(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        status = path.stat()
        return status.st_mtime_ns, status.st_size
    return None
