"""One writer for each sequence: who waits, who goes first, and that nobody waits for ever."""

from threading import Condition, Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.patience import PATIENCE_S
from watercolor_rig.app.studio.claim_book import CancelledWaitingError, Claimant, ClaimBook, Obstacle
from watercolor_rig.core.ids import PathId

A, B, C = (PathId(name) for name in "abc")


class Waiter:
    """A claimant on a thread of its own."""

    def __init__(self, book: ClaimBook, name: str, *paths: PathId, urgent: bool = False) -> None:
        self._changed = Condition()
        self.waited_for: list[Obstacle | None] = []
        self.outcome = ""
        self.is_over = False
        claimant = Claimant(name, urgent, lambda: self.is_over, self._wait)

        def claim() -> None:
            try:
                book.claim(claimant, paths)
                self._settle("has it")
            except CancelledWaitingError:
                self._settle("cancelled")

        self.thread = Thread(target=claim)
        self.thread.start()

    def settled(self) -> str:
        self.thread.join(PATIENCE_S)
        return self.outcome

    def waits(self) -> "Waiter":
        """Return when it waits for somebody."""
        with self._changed:
            assert self._changed.wait_for(lambda: bool(self.waited_for), PATIENCE_S)
        return self

    def _wait(self, obstacle: Obstacle | None) -> None:
        with self._changed:
            self.waited_for.append(obstacle)
            self._changed.notify_all()

    def _settle(self, outcome: str) -> None:
        self.outcome = outcome


def test_whoever_comes_second_waits_and_says_for_what() -> None:
    book = ClaimBook()
    assert book.claim_at_once("first", [A, B]) is None
    second = Waiter(book, "second", B, C).waits()

    book.release("first", [B])

    assert second.settled() == "has it"
    assert second.waited_for == [Obstacle(B, "first", frozenset({B, C})), None]
    assert book.claim_at_once("third", [C]) == (C, "second")


def test_a_claim_is_granted_as_a_whole_or_not_at_all() -> None:
    book = ClaimBook()
    book.claim_at_once("first", [B])

    assert book.claim_at_once("second", [A, B]) == (B, "first")
    assert book.claim_at_once("third", [A]) is None


def test_an_urgent_claimant_goes_before_those_that_have_waited_longer() -> None:
    book = ClaimBook()
    book.claim_at_once("first", [A])
    patient = Waiter(book, "patient", A).waits()
    urgent = Waiter(book, "urgent", A, urgent=True).waits()

    book.release("first")

    assert urgent.settled() == "has it"
    assert patient.thread.is_alive()
    book.release("urgent")
    assert patient.settled() == "has it"


def test_a_waiting_job_that_is_cancelled_leaves_at_once() -> None:
    book = ClaimBook()
    book.claim_at_once("first", [A])
    waiter = Waiter(book, "second", A).waits()

    waiter.is_over = True
    book.wake()

    assert waiter.settled() == "cancelled"


def test_letting_go_of_everything_names_what_was_let_go() -> None:
    book = ClaimBook()
    book.claim_at_once("first", [A, C])
    book.claim_at_once("second", [B])

    assert sorted(book.release("first", [A, B])) == [A]
    assert book.release("first") == [C]
    assert book.release("first") == []


def test_an_ended_claimant_gets_nothing() -> None:
    with pytest.raises(CancelledWaitingError):
        ClaimBook().claim(Claimant("gone", urgent=False, has_ended=lambda: True, waits=_never), [A])


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sets(st.sampled_from("abcd"), min_size=1), st.booleans()), min_size=2, max_size=8))
def test_however_claims_overlap_everybody_gets_his_turn_and_nobody_shares(
    claims: list[tuple[set[str], bool]],
) -> None:
    book = ClaimBook()
    held: dict[str, str] = {}
    shared: list[str] = []
    go = Event()

    def work(name: str, paths: set[str], *, urgent: bool) -> None:
        go.wait(PATIENCE_S)
        book.claim(Claimant(name, urgent, lambda: False, lambda _obstacle: None), map(PathId, paths))
        shared.extend(path for path in paths if path in held)
        held.update(dict.fromkeys(paths, name))
        for path in paths:
            del held[path]
        book.release(name)

    threads = [
        Thread(target=work, args=(f"job {at}", paths), kwargs={"urgent": urgent})
        for at, (paths, urgent) in enumerate(claims)
    ]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(PATIENCE_S)

    assert not any(thread.is_alive() for thread in threads)
    assert shared == []


def _never(_obstacle: Obstacle | None) -> None:
    raise AssertionError
