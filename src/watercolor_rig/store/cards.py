"""A card for every take, beside its content: what the ledger says of it, in a file of its own.

The ledger is one file, and one bad sector can take all of it. The cards let it be made anew with every take and every
answered request in it; what only the ledger knows is what calls cost. A card is written once, between its content and
the ledger's row, and named by its own digest, so that a damaged one is known.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from watercolor_rig.core.errors import StoreError
from watercolor_rig.store.durable import make_directory, read_file, write_file
from watercolor_rig.store.ledger_reading import Take


class TakeCards:
    """The cards of one project.

    Args:
        root: Their folder; made when the first one comes.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, take: Take) -> None:
        """Keep what is known of a take; returns only when it would survive a power cut.

        Raises:
            StoreError: if the disk refuses.
        """
        facts = {key: value for key, value in asdict(take).items() if key != "id"}
        data = json.dumps(facts, sort_keys=True).encode()
        name = hashlib.sha256(data).hexdigest()
        path = self._root / name[:2] / f"{name}.json"
        if not path.is_file():
            make_directory(path.parent)
            write_file(path, data)

    def read(self) -> tuple[list[Take], int]:
        """Return what the whole cards say, oldest first, and how many cards are damaged."""
        takes: list[tuple[str, int, Take]] = []
        damaged = 0
        for path in self._paths():
            take = _read_card(path)
            if take is None:
                damaged += 1
            else:
                takes.append((take.made, path.stat().st_mtime_ns, take))
        return [take for _, _, take in sorted(takes, key=lambda entry: entry[:2])], damaged

    def folders(self) -> list[Path]:
        """Return the folders that hold cards, where a killed run may have left temporary files."""
        return sorted(path for path in self._root.iterdir() if path.is_dir()) if self._root.is_dir() else []

    def _paths(self) -> Iterator[Path]:
        for folder in self.folders():
            yield from sorted(folder.glob("*.json"))


def _read_card(path: Path) -> Take | None:
    try:
        data = read_file(path)
    except StoreError:
        return None
    if hashlib.sha256(data).hexdigest() != path.stem:
        return None
    facts: dict[str, Any] = json.loads(data)
    width, height = facts.pop("size")
    return Take(id=0, size=(width, height), **facts)
