"""What was asked, what came back and what it cost: one SQLite file per project, true through crash and power cut.

An attempt is written before its call and ended after it, so that money perhaps spent is on record whatever happens in
between. A take is one finished picture of one frame: the bytes lie in the blob store, the take says what they are. The
order that the rest relies on: blobs first, then one transaction that ends the attempt and adds the take; so a row
always has its blobs, never the reverse. WAL with synchronous=FULL: a committed row survives a power cut.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import ClassVar

from watercolor_rig.store.durable import write_file
from watercolor_rig.store.ledger_reading import OK, RUNNING, SCHEMA, UNKNOWN, LedgerReader, Spending, Take

__all__ = ["OK", "RUNNING", "UNKNOWN", "Ending", "Ledger", "NewAttempt", "Spending", "Take", "utc_now"]

_TABLES = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    began TEXT NOT NULL,
    ended TEXT,
    command TEXT NOT NULL
) STRICT;
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    request TEXT NOT NULL,
    frame TEXT NOT NULL,
    sequence TEXT NOT NULL,
    engine TEXT NOT NULL,
    model TEXT NOT NULL,
    began TEXT NOT NULL,
    ended TEXT,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    seconds REAL,
    request_id TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cost_usd TEXT,
    expected_usd TEXT
) STRICT;
CREATE INDEX attempt_by_run ON attempt (run);
CREATE TABLE take (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    request TEXT,
    picture TEXT NOT NULL,
    received TEXT,
    attempt INTEGER REFERENCES attempt (id),
    made TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    origin TEXT NOT NULL
) STRICT;
CREATE INDEX take_by_request ON take (request);
CREATE INDEX take_by_file ON take (file);
"""


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """A call about to be made.

    Attributes:
        request: Key of the request: equal requests have equal keys.
        frame: The frame in words, such as `a_to_b__center t=0.25`.
        sequence: What costs are summed by: a path id, or the endpoints' pose.
        engine: Name of the engine.
        model: Name of the model, or "".
        expected_usd: The estimate, or None.
    """

    request: str
    frame: str
    sequence: str
    engine: str
    model: str
    expected_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended.

    Attributes:
        outcome: `ok`, or the code of the error.
        detail: The error in words.
        seconds: How long it took.
        cost_usd: As reported, or None.
        request_id: The service's id, or None.
        input_tokens: As reported, or None.
        output_tokens: As reported, or None.
    """

    outcome: str
    detail: str = ""
    seconds: float | None = None
    cost_usd: Decimal | None = None
    request_id: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


class Ledger(LedgerReader):
    """The record of one project; written by one process at a time.

    Args:
        path: The file; made where absent.

    Raises:
        LedgerDamagedError: if it is no whole ledger.
        StoreError: if it cannot be opened, or a later program wrote it.
    """

    _mode: ClassVar[str] = "rwc"
    _alive: ClassVar[set[tuple[Path, int]]] = set()
    """Runs of this process that go on: ledger and number."""
    _making: ClassVar[Lock] = Lock()
    """Held while a ledger that is not there is made, so that a second job does not replace the first one's."""

    def __init__(self, path: Path) -> None:
        self._run: int | None = None
        with self._making:
            if not path.exists():
                write_file(path, _without_rows())
        super().__init__(path)

    def close(self) -> None:
        """End the run and let the file go."""
        try:
            if self._run is not None:
                self._alive.discard((self._path.resolve(), self._run))
                with self._transaction() as db:
                    db.execute("UPDATE run SET ended = ? WHERE id = ?", (_now(), self._run))
        finally:
            super().close()

    def begin_run(self, command: str) -> int:
        """Begin a run; book what dead runs left as perhaps billed; return how many attempts that were.

        Raises:
            StoreError: if the disk refuses.
        """
        with self._transaction() as db:
            left = self._book_dead(db)
            self._run = db.execute("INSERT INTO run (began, command) VALUES (?, ?)", (_now(), command)).lastrowid or 0
            self._alive.add((self._path.resolve(), self._run))
        return left

    def book_left_open(self) -> int:
        """Book what dead runs left as perhaps billed; return how many attempts that were.

        Raises:
            StoreError: if the disk refuses.
        """
        with self._transaction() as db:
            return self._book_dead(db)

    def begin_attempt(self, attempt: NewAttempt) -> int:
        """Record a call before it is made; return its number.

        Raises:
            StoreError: if the disk refuses: then the call must not be made.
        """
        values = (
            self._run,
            attempt.request,
            attempt.frame,
            attempt.sequence,
            attempt.engine,
            attempt.model,
            _now(),
            RUNNING,
            _text(attempt.expected_usd),
        )
        with self._transaction() as db:
            number = db.execute(
                "INSERT INTO attempt (run, request, frame, sequence, engine, model, began, outcome, expected_usd) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            ).lastrowid
        return number or 0

    def end_attempt(self, number: int, ending: Ending, takes: Sequence[Take] = ()) -> None:
        """Record how a call ended and, in the same transaction, the takes that it brought; their blobs are there.

        Raises:
            StoreError: if the disk refuses.
        """
        with self._transaction() as db:
            db.execute(
                "UPDATE attempt SET ended = ?, outcome = ?, detail = ?, seconds = ?, cost_usd = ?, request_id = ?, "
                "input_tokens = ?, output_tokens = ? WHERE id = ?",
                (
                    _now(),
                    ending.outcome,
                    ending.detail,
                    ending.seconds,
                    _text(ending.cost_usd),
                    ending.request_id,
                    ending.input_tokens,
                    ending.output_tokens,
                    number,
                ),
            )
            for take in takes:
                _insert_take(db, take, number)

    def add_take(self, take: Take) -> None:
        """Record a picture without its call: one about to be replaced, or one whose call is not known any more.

        Raises:
            StoreError: if the disk refuses.
        """
        with self._transaction() as db:
            _insert_take(db, take, None)

    def _book_dead(self, db: sqlite3.Connection) -> int:
        """Book what dead runs left; other runs of this process live, and so do their calls."""
        here = self._path.resolve()
        alive = [run for path, run in list(self._alive) if path == here]
        return db.execute(
            "UPDATE attempt SET outcome = ?, ended = ?, detail = 'its run ended before it did' "
            "WHERE outcome = ? AND run NOT IN (SELECT value FROM json_each(?))",
            (UNKNOWN, _now(), RUNNING, json.dumps(alive)),
        ).rowcount

    def _set_up(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        with self._transaction() as db:
            if self._version() == 0:
                _lay_tables(db)
        self._require_known(self._version())

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full or broken disk has often ended it already
                    self._db.rollback()
                raise
        except sqlite3.Error as error:
            raise self._trouble(error) from error


def _lay_tables(db: sqlite3.Connection) -> None:
    for statement in filter(str.strip, _TABLES.split(";")):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {SCHEMA}")


def _without_rows() -> bytes:
    """Return a new ledger's bytes: it comes whole or not at all, so no reader ever meets one that is half made."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        _lay_tables(db)
        return db.serialize()


def utc_now() -> str:
    """Return the present moment in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


_now = utc_now


def _text(money: Decimal | None) -> str | None:
    return None if money is None else str(money)


def _insert_take(db: sqlite3.Connection, take: Take, attempt: int | None) -> None:
    db.execute(
        "INSERT INTO take (file, request, picture, received, attempt, made, width, height, origin) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (take.file, take.request, take.picture, take.received, attempt, take.made, *take.size, take.origin),
    )
