"""What was asked, what came back and what it cost: one SQLite file per project, true through crash and power cut.

An attempt is written before its call and ended after it, so that money perhaps spent is on record whatever happens in
between. A take is one finished picture of one frame: the bytes lie in the blob store, the take says what they are. The
order that the rest relies on: blobs first, then one transaction that ends the attempt and adds the take; so a row
always has its blobs, never the reverse. WAL with synchronous=FULL: a committed row survives a power cut.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from watercolor_rig.core.errors import StoreError

SCHEMA = 1

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

RUNNING = "running"
OK = "ok"
UNKNOWN = "unknown"
"""Outcome of an attempt that a dead run left: it may have been billed."""


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
        origin: JSON object of the manifest entry's keys, as text.
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
    """

    label: str
    calls: int
    answered: int
    cost_usd: Decimal
    perhaps_usd: Decimal


class Ledger:
    """The record of one project; used by one process at a time.

    Args:
        path: The file; made where absent.

    Raises:
        StoreError: if it cannot be opened, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10.0)
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._prepare()
        except sqlite3.Error as error:
            self._db.close()
            raise self._trouble(error) from error
        except StoreError:
            self._db.close()
            raise
        self._run: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the run and let the file go."""
        if self._run is not None:
            with self._transaction() as db:
                db.execute("UPDATE run SET ended = ? WHERE id = ?", (_now(), self._run))
        self._db.close()

    def begin_run(self, command: str) -> int:
        """Begin a run; book what dead runs left as perhaps billed; return how many attempts that were.

        Raises:
            StoreError: if the disk refuses.
        """
        with self._transaction() as db:
            left = db.execute(
                "UPDATE attempt SET outcome = ?, ended = ?, detail = 'its run ended before it did' WHERE outcome = ?",
                (UNKNOWN, _now(), RUNNING),
            ).rowcount
            self._run = db.execute("INSERT INTO run (began, command) VALUES (?, ?)", (_now(), command)).lastrowid
        return left

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
        """Record a picture that no call of ours brought: one that is about to be replaced.

        Raises:
            StoreError: if the disk refuses.
        """
        with self._transaction() as db:
            _insert_take(db, take, None)

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
            reported = row["cost_usd"]
            perhaps = reported is None and row["outcome"] in PERHAPS_BILLED
            sums[old.label] = Spending(
                old.label,
                old.calls + 1,
                old.answered + (row["outcome"] == OK),
                old.cost_usd + Decimal(reported or 0),
                old.perhaps_usd + (Decimal(row["expected_usd"] or 0) if perhaps else 0),
            )
        return list(sums.values())

    def settings(self) -> dict[str, object]:
        """Return how the file is written: `journal_mode`, and `synchronous` as SQLite numbers it (2 is FULL)."""
        return {name: self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}

    def latencies(self, engine: str, model: str, most: int) -> list[float]:
        """Return the seconds of the newest usable answers of a model, at most `most`."""
        query = "SELECT seconds FROM attempt WHERE engine = ? AND model = ? AND outcome = ? ORDER BY id DESC LIMIT ?"
        rows = self._rows(query, engine, model, OK, most)
        return [float(row["seconds"]) for row in rows if row["seconds"] is not None]

    def _prepare(self) -> None:
        with self._transaction() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in filter(str.strip, _TABLES.split(";")):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA}")
            elif version != SCHEMA:
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

    def _trouble(self, error: sqlite3.Error) -> StoreError:
        return StoreError(f"the ledger {str(self._path)!r}: {error}; 'watercolor-rig doctor' checks and repairs it")


PERHAPS_BILLED = frozenset({RUNNING, UNKNOWN, "engine_transient", "engine_given_up"})
"""Outcomes of calls that a service may charge for without our having heard of it."""


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
