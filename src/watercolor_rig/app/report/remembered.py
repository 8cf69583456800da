"""What a project's memory says to the report: costs, takes, and pictures as they were received."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from watercolor_rig.app.costs import total_of
from watercolor_rig.app.memory import Memory
from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.json import Json
from watercolor_rig.core.money import spell_dollars
from watercolor_rig.store.ledger_reading import LedgerReader, Payment, Spending, Take


class Remembered:
    """The memory of one project, opened for reading; what cannot be read is a fault to show, not an error.

    Args:
        project: Its folder, resolved.
    """

    def __init__(self, project: Path) -> None:
        self._memory = Memory(project)
        self._ledger: LedgerReader | None = None
        self._spending: Mapping[str, Spending] = {}
        self.fault = ""
        """Why costs and takes are not told, in words; "" where they are."""
        try:
            self._ledger = self._memory.read_ledger()
            if self._ledger is not None:
                self._spending = {spent.label: spent for spent in self._ledger.spending("sequence")}
        except StoreError as error:
            self.fault = f"costs and takes are not shown: {error}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._ledger is not None:
            self._ledger.close()

    def cost(self, label: str) -> str:
        """Return what the calls of a sequence, or of `expressions__{pose}`, cost, in words."""
        if self.fault:
            return "cost unknown"
        spent = self._spending.get(label)
        return "no paid call" if spent is None else _in_words(spent)

    def total_cost(self) -> str:
        """Return what all calls of the project cost, in words."""
        if self.fault:
            return "cost unknown"
        total = total_of(self._spending.values())
        return _in_words(total) if total.calls else "no paid call"

    def takes(self, file: Path) -> list[Take]:
        """Return the pictures that a frame has had, newest first."""
        if self._ledger is None or self.fault:
            return []
        with suppress(StoreError, ValueError):  # a file outside of the project has none
            return self._ledger.takes_of_file(self._memory.relative(file))[::-1]
        return []

    def payments(self, takes: list[Take]) -> Mapping[int, Payment]:
        """Return, for each take that a call brought, that call."""
        if self._ledger is None or not takes:
            return {}
        with suppress(StoreError):
            return self._ledger.payments_of([take.id for take in takes])
        return {}

    def content(self, digest: str | None) -> bytes | None:
        """Return a content of the store, or None where it is not there or damaged."""
        if digest is None:
            return None
        with suppress(StoreError):
            return self._memory.blobs.get(digest)
        return None


def origin_of(take: Take) -> Mapping[str, Json]:
    """Return the manifest entry that a take keeps; nothing where it is none."""
    with suppress(ValueError):
        origin = json.loads(take.origin)
        if isinstance(origin, dict):
            return origin
    return {}


def maker_in_words(engine: Json, model: Json) -> str:
    """Return engine and model; "" where not known."""
    names = [name for name in (engine, model) if isinstance(name, str) and name]
    return " ".join(dict.fromkeys(names))


def _in_words(spent: Spending) -> str:
    words = f"{spell_dollars(spent.cost_usd)} in {spent.calls} call{'s' * (spent.calls != 1)}"
    if spent.perhaps_usd:
        words += f", up to {spell_dollars(spent.perhaps_usd)} more for calls that the service did not report"
    if spent.unpriced:
        words += f", {spent.unpriced} of unknown price"
    return words
