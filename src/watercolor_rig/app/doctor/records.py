"""Checks of what the program remembers: leftovers, the index, the ledger, the takes and their contents."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from watercolor_rig.app.doctor.ledger_rebuilding import adopt_cards, cards_without_row, rebuild_ledger
from watercolor_rig.app.doctor.report import Report, counted
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.takes import digest_of
from watercolor_rig.core.errors import LedgerDamagedError, StoreError
from watercolor_rig.store.durable import find_leftovers, read_file, sweep_leftovers
from watercolor_rig.store.ledger_reading import ADVICE, RUNNING, Spending, Take
from watercolor_rig.store.picture_index import drop_index, fault_of_index

_FEW = 3


def check_leftovers(folders: Iterable[Path], report: Report) -> None:
    """Say which temporary files killed runs have left."""
    every = list(folders)
    leftovers = [path for folder in every for path in find_leftovers(folder)]
    if not leftovers:
        report.fine("leftovers", "no killed run has left a temporary file")
        return

    def sweep() -> str:
        return f"{sum(map(sweep_leftovers, every))} removed"

    some = ", ".join(map(str, leftovers[:_FEW])) + (", …" if len(leftovers) > _FEW else "")
    report.wrong("leftovers", f"{counted(len(leftovers), 'temporary file')} of killed runs ({some})", sweep)


def check_index(project: Path, report: Report) -> None:
    """Say whether the index of picture files can be used."""
    fault = fault_of_index(project)
    if fault is None:
        report.fine("index", "what is known of the files can be used")
    else:
        report.wrong("index", f"{fault}; every run looks at every file again", partial(drop_index, project))


class RecordChecks:
    """Checks the ledger, and what belongs to it.

    Args:
        memory: Where it lies.
        frame_folders: Folders with pictures that may be takes.
        report: Takes the findings.
        read_data: Whether every content is hashed.
        held: Whether another process writes the project now.
    """

    def __init__(
        self,
        memory: Memory,
        frame_folders: list[Path],
        report: Report,
        *,
        read_data: bool,
        held: bool,
    ) -> None:
        self._memory = memory
        self._frame_folders = frame_folders
        self._report = report
        self._read_data = read_data
        self._held = held

    def check(self) -> None:
        """Check all of it; a damaged ledger that is not repaired ends the checks of what it lists.

        Raises:
            StoreError: if a file cannot be read.
        """
        try:
            faults = self._faults()
        except LedgerDamagedError as error:
            faults = [str(error).removesuffix(f"; {ADVICE}")]
        except StoreError as error:
            self._report.wrong("ledger", str(error))
            return
        repair = partial(rebuild_ledger, self._memory, self._frame_folders)
        if faults and not self._report.wrong("ledger", "; ".join(faults), repair):
            return
        ledger = self._memory.read_ledger()
        if ledger is None:
            self._report.fine("ledger", "there is none: no call was made here, and no picture replaced")
            return
        with ledger:
            takes = ledger.every_take()
            calls = {part.label: part for part in ledger.spending("outcome")}
        if not faults:
            self._report.fine(
                "ledger", f"whole; {counted(sum(part.calls for part in calls.values()), 'call')} on record"
            )
        if RUNNING in calls:
            self._say_open_attempts(calls[RUNNING])
        self._check_cards(takes)
        self._check_contents(takes)

    def _faults(self) -> list[str]:
        ledger = self._memory.read_ledger()
        if ledger is not None:
            with ledger:
                faults = ledger.faults()
                if not faults:  # whole as a file; now whether everything in it can be read
                    ledger.every_take(), ledger.runs(), ledger.payments(), ledger.spending("outcome")
                return faults
        cards, _ = self._memory.cards.read()
        return [f"the ledger is missing, though {len(cards)} takes have cards"] if cards else []

    def _say_open_attempts(self, running: Spending) -> None:
        if self._held:
            self._report.fine("calls", f"{running.calls} under way")
            return

        def book() -> str:
            with self._memory.open_ledger() as ledger:
                return f"{ledger.book_left_open()} booked as perhaps billed"

        words = f"{counted(running.calls, 'call')} of a killed run without an end"
        if running.perhaps_usd:
            words += f"; up to ${running.perhaps_usd:.2f} may have been billed"
        self._report.wrong("calls", words, book)

    def _check_cards(self, takes: list[Take]) -> None:
        cards, damaged = self._memory.cards.read()
        if damaged:
            self._report.wrong("takes", f"{counted(damaged, 'damaged card')}; a ledger made anew may lack those takes")
        missing = [] if self._held else cards_without_row(cards, takes)
        if missing:
            words = f"{counted(len(missing), 'answer')} arrived that the ledger does not know"
            self._report.wrong("takes", words, partial(adopt_cards, self._memory, missing))

    def _check_contents(self, takes: list[Take]) -> None:
        blobs = self._memory.blobs
        needed: dict[str, list[Take]] = {}
        for take in takes:
            for digest in filter(None, dict.fromkeys((take.picture, take.received))):
                needed.setdefault(digest, []).append(take)
        every = sorted({*needed, *(blobs.digests() if self._read_data else ())})
        faults = {digest: fault for digest in every if (fault := self._fault(digest))}
        for digest, fault in faults.items():
            self._say_content(digest, fault, needed.get(digest, []))
        if not faults:
            words = "hashed, and whole" if self._read_data else "there (--read-data hashes them)"
            self._report.fine("takes", f"{counted(len(takes), 'take')}; all contents are {words}")

    def _fault(self, digest: str) -> str:
        blobs = self._memory.blobs
        if not blobs.has(digest):
            return "is missing"
        if not self._read_data:
            return ""
        try:
            blobs.get(digest)
        except StoreError as error:
            return f"is damaged ({error})"
        return ""

    def _say_content(self, digest: str, fault: str, takes: list[Take]) -> None:
        names = ", ".join(f"take {take.id} of {take.file}" for take in takes) or "no take"
        holder = next((file for take in takes if digest_of(file := self._memory.project / take.file) == digest), None)
        words = f"the content {digest[:12]}… of {names} {fault}"
        if holder is None:
            self._report.wrong("takes", f"{words}; bring {str(self._memory.blobs.path(digest))!r} back from a copy")
            return

        def mend() -> str:
            self._memory.blobs.mend(read_file(holder))
            return f"kept again from {holder}"

        self._report.wrong("takes", words, mend)
