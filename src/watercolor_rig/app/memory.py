"""Where a project remembers, `.watercolor-rig/`: the ledger, the contents, and the cards of the takes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watercolor_rig.core.json import Json
from watercolor_rig.store.blobs import BlobStore
from watercolor_rig.store.cards import TakeCards
from watercolor_rig.store.durable import make_directory, read_file, sweep_leftovers
from watercolor_rig.store.ledger import Ledger, utc_now
from watercolor_rig.store.ledger_reading import LedgerReader, Take
from watercolor_rig.store.picture_index import STATE_FOLDER, PictureFacts

LEDGER_FILE = "ledger.sqlite3"
STORE_FOLDER = "store"
CARDS_FOLDER = "takes"


@dataclass(frozen=True, slots=True)
class Memory:
    """Where one project remembers.

    Attributes:
        project: Its folder, resolved.
    """

    project: Path

    @property
    def folder(self) -> Path:
        """The folder of all of it."""
        return self.project / STATE_FOLDER

    @property
    def ledger_file(self) -> Path:
        """The ledger's file, there or not."""
        return self.folder / LEDGER_FILE

    @property
    def blobs(self) -> BlobStore:
        """The contents."""
        return BlobStore(self.folder / STORE_FOLDER)

    @property
    def cards(self) -> TakeCards:
        """The cards."""
        return TakeCards(self.folder / CARDS_FOLDER)

    def open_ledger(self) -> Ledger:
        """Return the ledger for writing, made where absent.

        Raises:
            StoreError: if it cannot be opened.
        """
        make_directory(self.folder)
        return Ledger(self.ledger_file)

    def read_ledger(self) -> LedgerReader | None:
        """Return the ledger for reading, or None where there is none.

        Raises:
            StoreError: if it cannot be opened.
        """
        return LedgerReader(self.ledger_file) if self.ledger_file.is_file() else None

    def folders(self) -> list[Path]:
        """Return every folder of the memory, where a killed run may have left temporary files."""
        return [self.folder, *self.blobs.folders(), *self.cards.folders()]

    def sweep(self) -> None:
        """Remove the temporary files of killed runs."""
        for folder in self.folders():
            sweep_leftovers(folder)

    def relative(self, file: Path) -> str:
        """Return how the ledger names a file of the project."""
        return file.resolve().relative_to(self.project).as_posix()

    def preserve(self, ledger: Ledger, file: Path, facts: PictureFacts, origin: Mapping[str, Json]) -> int:
        """Keep the picture in `file` as a take, because it is about to be replaced; return the take's number.

        Args:
            ledger: Where it is recorded.
            file: The picture's file.
            facts: What is known of it.
            origin: Its manifest entry; empty for an endpoint.

        Raises:
            StoreError: if the disk refuses: then it must not be replaced.
        """
        relative = self.relative(file)
        for take in ledger.takes_of_file(relative):
            if take.picture == facts.sha256 and self.blobs.has(take.picture):
                return take.id
        digest = self.blobs.put(read_file(file))
        take = Take(0, relative, None, digest, None, utc_now(), facts.size, json.dumps(dict(origin)))
        self.cards.write(take)
        ledger.add_take(take)
        return ledger.takes_of_file(relative)[-1].id
