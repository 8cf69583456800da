"""What was asked, what came back, what it cost; a row survives whatever comes after it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from watercolor_rig.core.errors import StoreError
from watercolor_rig.store.ledger import OK, RUNNING, UNKNOWN, Ending, Ledger, NewAttempt, Spending, Take
from watercolor_rig.store.ledger_reading import LedgerReader

TAKE = Take(0, "frames/a.png", "key", "aa", "bb", "2026-11-23T00:00:00+00:00", (8, 4), "{}")


def attempt(sequence: str = "a_to_b__center", expected: str | None = "0.04") -> NewAttempt:
    return NewAttempt(
        "key", f"{sequence} t=0.50", sequence, "openai", "model", None if expected is None else Decimal(expected)
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite3") as opened:
        opened.begin_run("sequences")
        yield opened


def test_an_answer_and_its_take_are_recorded_together(ledger: Ledger) -> None:
    number = ledger.begin_attempt(attempt())
    ledger.end_attempt(number, Ending(OK, seconds=3.0, cost_usd=Decimal("0.035")), [TAKE])

    (take,) = ledger.takes_of_request("key")
    assert (take.picture, take.received, take.size, take.id) == ("aa", "bb", (8, 4), 1)
    assert ledger.takes_of_file("frames/a.png") == ledger.every_take() == [take] == [ledger.find_take(1)]
    assert ledger.latencies("openai", "model", 9) == [3.0]


def test_newer_takes_of_a_request_come_first(ledger: Ledger) -> None:
    for _ in range(2):
        ledger.end_attempt(ledger.begin_attempt(attempt()), Ending(OK), [TAKE])

    assert [take.id for take in ledger.takes_of_request("key")] == [2, 1]


def test_sums_tell_what_is_certain_from_what_may_have_been_billed(ledger: Ledger) -> None:
    ledger.end_attempt(ledger.begin_attempt(attempt()), Ending(OK, cost_usd=Decimal("0.035")))
    ledger.end_attempt(ledger.begin_attempt(attempt()), Ending("engine_transient"))
    ledger.end_attempt(ledger.begin_attempt(attempt()), Ending("engine_rejected"))
    ledger.end_attempt(ledger.begin_attempt(attempt("other")), Ending("engine_transient", cost_usd=Decimal("0.01")))

    assert ledger.spending("sequence") == [
        Spending("a_to_b__center", 3, 1, Decimal("0.035"), Decimal("0.04")),
        Spending("other", 1, 0, Decimal("0.01"), Decimal(0)),
    ]
    with pytest.raises(ValueError, match="no sums"):
        ledger.spending("1; DROP TABLE take")


def test_what_a_dead_run_left_is_booked_as_perhaps_billed(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as dead:
        dead.begin_run("sequences")
        dead.begin_attempt(attempt())

    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        left = ledger.begin_run("sequences")
        (sums,) = ledger.spending("outcome")

    assert left == 1
    assert (sums.label, sums.perhaps_usd) == (UNKNOWN, Decimal("0.04"))


def test_a_run_leaves_the_calls_of_another_run_of_its_process_alone(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as first, Ledger(tmp_path / "ledger.sqlite3") as second:
        first.begin_run("sequences")
        first.begin_attempt(attempt())

        left = second.begin_run("regenerate")

        assert left == 0
        assert [sums.label for sums in second.spending("outcome")] == [RUNNING]


def test_a_transaction_that_fails_leaves_no_half(ledger: Ledger) -> None:
    number = ledger.begin_attempt(attempt())
    with pytest.raises(StoreError, match="doctor"):
        ledger.end_attempt(number, Ending(OK), [TAKE, replace(TAKE, picture=None)])  # type: ignore[arg-type]  # a row that the table refuses

    (sums,) = ledger.spending("outcome")
    assert (sums.label, ledger.every_take()) == ("running", [])


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_a_damaged_file_is_a_clear_error_or_a_new_ledger(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(damage)

    if damage:
        with pytest.raises(StoreError, match="doctor"):
            Ledger(path)
    else:
        with Ledger(path) as ledger:
            assert ledger.every_take() == []


def test_a_ledger_of_a_later_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    Ledger(path).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()

    with pytest.raises(StoreError, match="schema 99"):
        Ledger(path)


def test_commits_reach_the_disk_before_they_return(ledger: Ledger, tmp_path: Path) -> None:
    with Ledger(tmp_path / "other.sqlite3") as other:
        assert other.settings() == ledger.settings() == {"journal_mode": "wal", "synchronous": 2}


def test_a_ledger_that_cannot_be_opened_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"ledger\.sqlite3.*No such file"):
        Ledger(tmp_path / "gone" / "ledger.sqlite3")


def test_a_reader_never_meets_a_ledger_that_is_half_made(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    seen = []

    class Watched(Ledger):
        def _set_up(self) -> None:
            with LedgerReader(path) as reader:  # another job looks before this one has made the file ready
                seen.append(reader.every_take())
            super()._set_up()

    Watched(path).close()

    assert seen == [[]]
