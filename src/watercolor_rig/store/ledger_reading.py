"""What stands in a ledger, for those who only ask: sums of money, takes, runs, and whether the file is whole.

Opened without the right to change anything, so it may be read while a run writes it.
"""

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, ClassVar, Self

from watercolor_rig.core.errors import LedgerDamagedError, StoreError

SCHEMA = 1

RUNNING = "running"
OK = "ok"
UNKNOWN = "unknown"
"""Outcome of an attempt that a dead run left: it may have been billed."""

PERHAPS_BILLED = frozenset({OK, RUNNING, UNKNOWN, "engine_transient", "engine_given_up"})
"""Outcomes of calls that a service charges for, or may, without our having heard how much."""

ADVICE = "'watercolor-rig doctor' checks and repairs it"
"""How every error of a ledger ends."""

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY_CODE = 0xFF
_ROOM_BESIDE = 64 * 1024
_MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class Take:
    """One finished picture of one frame.

    Attributes:
        id: Number that the user names it by; 0 for one not yet recorded.
        file: The frame's file, relative to the project, with `/`.
        request: Key of the request that made it, or None for a picture of unknown origin.
        picture: Digest of the frame's PNG.
        received: Digest of what the service sent, or None.
        made: When, in UTC, ISO 8601.
        size: (width, height) in pixels.
        origin: The frame's manifest entry as JSON text; without `t` for an endpoint.
    """

    id: int
    file: str
    request: str | None
    picture: str
    received: str | None
    made: str
    size: tuple[int, int]
    origin: str


@dataclass(frozen=True, slots=True)
class Spending:
    """A sum over attempts.

    Attributes:
        label: What the sum is of.
        calls: Attempts.
        answered: Those that brought a usable picture.
        cost_usd: What the service reported.
        perhaps_usd: What calls without a report may have cost, by their estimates.
        unpriced: Calls that may have cost something of which neither is known.
    """

    label: str
    calls: int
    answered: int
    cost_usd: Decimal
    perhaps_usd: Decimal
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One run that opened the ledger: when it began (UTC, ISO 8601), and what it did."""

    began: str
    command: str


@dataclass(frozen=True, slots=True)
class Payment:
    """The call that brought a take: whom it went to, what it cost where the service said so, and how long it took."""

    engine: str
    model: str
    cost_usd: Decimal | None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class TakeSource:
    """The run whose call brought a take: its number, what it did, and whether it came to its end."""

    run: int
    command: str
    has_ended: bool


class LedgerReader:
    """Reads the record of one project.

    Args:
        path: The file, which exists.

    Raises:
        LedgerDamagedError: if it is no whole ledger.
        StoreError: if it cannot be opened, or a later program wrote it.
    """

    _mode: ClassVar[str] = "rw"

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            # With the right to write the file, though not its content: only so can SQLite fold in what a killed run
            # left in the -wal file, and take that file away again.
            address = f"{path.resolve().as_uri()}?mode={self._mode}"
            self._db = sqlite3.connect(address, uri=True, isolation_level=None, timeout=10.0)
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        try:
            self._set_up()
        except sqlite3.Error as error:
            self._db.close()
            raise self._trouble(error) from error
        except StoreError:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def takes_of_request(self, request: str) -> list[Take]:
        """Return the takes that this request brought, newest first."""
        return self._takes("WHERE request = ? ORDER BY id DESC", request)

    def takes_of_file(self, file: str) -> list[Take]:
        """Return all takes of a frame, oldest first."""
        return self._takes("WHERE file = ? ORDER BY id", file)

    def every_take(self) -> list[Take]:
        """Return all takes, oldest first."""
        return self._takes("ORDER BY id")

    def find_take(self, number: int) -> Take | None:
        """Return the take of that number, or None."""
        return next(iter(self._takes("WHERE id = ?", number)), None)

    def payments(self) -> dict[int, Payment]:
        """Return, for each take that a call brought, that call."""
        return self._payments("")

    def payments_of(self, takes: Sequence[int]) -> dict[int, Payment]:
        """Return `payments` of the takes of these numbers."""
        return self._payments(f"WHERE take.id IN ({', '.join('?' * len(takes))})", *takes)

    def _payments(self, where: str, *values: object) -> dict[int, Payment]:
        query = (
            "SELECT take.id AS take, engine, model, cost_usd, seconds "  # noqa: S608 - texts of this class
            f"FROM take JOIN attempt ON attempt.id = take.attempt {where}"
        )
        return {
            row["take"]: Payment(row["engine"], row["model"], self._money(row["cost_usd"]), row["seconds"])
            for row in self._rows(query, *values)
        }

    def runs(self) -> dict[int, Run]:
        """Return every run by its number."""
        rows = self._rows("SELECT id, began, command FROM run ORDER BY id")
        return {row["id"]: Run(row["began"], row["command"]) for row in rows}

    def source_of(self, take: int) -> "TakeSource | None":
        """Return the run that brought a take, or None for one that no call brought.

        Raises:
            StoreError: if the ledger cannot be read.
        """
        query = (
            "SELECT run.id, run.command, run.ended FROM take JOIN attempt ON attempt.id = take.attempt "
            "JOIN run ON run.id = attempt.run WHERE take.id = ?"
        )
        for row in self._rows(query, take):
            return TakeSource(int(row["id"]), str(row["command"]), has_ended=row["ended"] is not None)
        return None

    def spending(self, by: str) -> list[Spending]:
        """Return the sums of all attempts by `run`, `sequence`, `model` or `outcome`.

        Raises:
            ValueError: for another grouping.
        """
        columns = {"run": "run", "sequence": "sequence", "model": "model", "outcome": "outcome"}
        if by not in columns:
            raise ValueError(f"no sums by {by!r}")
        sums: dict[str, Spending] = {}
        query = f"SELECT {columns[by]} AS label, outcome, cost_usd, expected_usd FROM attempt ORDER BY id"  # noqa: S608 - a name of ours
        for row in self._rows(query):
            old = sums.get(str(row["label"]), Spending(str(row["label"]), 0, 0, Decimal(0), Decimal(0)))
            reported, expected = self._money(row["cost_usd"]), self._money(row["expected_usd"])
            perhaps = reported is None and row["outcome"] in PERHAPS_BILLED
            sums[old.label] = Spending(
                old.label,
                old.calls + 1,
                old.answered + (row["outcome"] == OK),
                old.cost_usd + (reported or 0),
                old.perhaps_usd + ((expected or 0) if perhaps else 0),
                old.unpriced + (perhaps and expected is None),
            )
        return list(sums.values())

    def latencies(self, engine: str, model: str, most: int) -> list[float]:
        """Return the seconds of the newest usable answers of a model, at most `most`."""
        query = "SELECT seconds FROM attempt WHERE engine = ? AND model = ? AND outcome = ? ORDER BY id DESC LIMIT ?"
        rows = self._rows(query, engine, model, OK, most)
        return [float(row["seconds"]) for row in rows if row["seconds"] is not None]

    def settings(self) -> dict[str, object]:
        """Return how the file is written: `journal_mode`, and `synchronous` as SQLite numbers it (2 is FULL)."""
        return {name: self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}

    def faults(self) -> list[str]:
        """Return what SQLite's own check finds wrong with the file, the first few; nothing where it is whole."""
        try:
            found = [row[0] for row in self._db.execute(f"PRAGMA integrity_check({_MOST_FAULTS})")]
            orphans = self._db.execute("PRAGMA foreign_key_check").fetchmany(_MOST_FAULTS)
        except sqlite3.Error as error:
            return [str(error)]
        pointing = [
            f"row {row} of {table} points at a row of {other} that is not there" for table, row, other, _ in orphans
        ]
        return [line for line in [*found, *pointing] if line != "ok"]

    def _set_up(self) -> None:
        self._db.execute("PRAGMA query_only = ON")
        version = self._version()
        if version == 0:
            raise LedgerDamagedError(f"the ledger {str(self._path)!r} is empty; {ADVICE}")
        self._require_known(version)

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _require_known(self, version: int) -> None:
        if version != SCHEMA:
            raise StoreError(
                f"{str(self._path)!r} has schema {version}, this program knows {SCHEMA}; update watercolor-rig",
            )

    def _takes(self, where: str, *values: object) -> list[Take]:
        columns = "id, file, request, picture, received, made, width, height, origin"
        query = f"SELECT {columns} FROM take {where}"  # noqa: S608 - both are texts of this class
        return [
            Take(
                row["id"],
                row["file"],
                row["request"],
                row["picture"],
                row["received"],
                row["made"],
                (row["width"], row["height"]),
                row["origin"],
            )
            for row in self._rows(query, *values)
        ]

    def _rows(self, query: str, *values: object) -> list[Mapping[str, Any]]:
        try:
            cursor = self._db.execute(query, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def _money(self, text: str | None) -> Decimal | None:
        try:
            return None if text is None else Decimal(text)
        except InvalidOperation:
            raise LedgerDamagedError(f"the ledger {str(self._path)!r}: {text!r} is no price; {ADVICE}") from None

    def _trouble(self, error: sqlite3.Error) -> StoreError:
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
        damaged = code in _DAMAGE or "no such" in str(error)
        kind = LedgerDamagedError if damaged else StoreError
        if code == sqlite3.SQLITE_IOERR and _is_full(self._path.parent):
            return StoreError(f"the ledger {str(self._path)!r}: No space left on device")
        return kind(f"the ledger {str(self._path)!r}: {error}; {ADVICE}")


def _is_full(folder: Path) -> bool:
    """Return whether the disk has no room for what SQLite keeps beside a ledger: it calls that an I/O error."""
    try:
        return shutil.disk_usage(folder).free < _ROOM_BESIDE
    except OSError:
        return False
