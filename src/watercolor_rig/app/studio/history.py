"""Which take is in place, and how that came: every change is a group of moves that can be taken back.

A move is a file, the picture that it held and the one that it holds now, both by digest; the pictures are takes. A
group is written down before its first file changes and again when all have, so that whatever a killed studio had
changed is known at the next start, and can be undone.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from typing import Any

from watercolor_rig.app.memory import Memory
from watercolor_rig.app.take_restoring import put_in_place
from watercolor_rig.app.takes import digest_of
from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.events import Event
from watercolor_rig.store.durable import make_directory, write_file
from watercolor_rig.store.ledger import Ledger, Take

SCHEMA = 1
_MOST = 200


@dataclass(frozen=True, slots=True)
class History:
    """What undo and redo would do next, in words; None where there is nothing."""

    undo: str | None
    redo: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """A file that got another picture.

    Attributes:
        file: Inside the project, with `/`.
        before: Digest of the picture that it held.
        after: Digest of the one that it holds since; "" while that is not settled.
    """

    file: str
    before: str
    after: str = ""

    def reversed(self) -> "Move":
        """Return the move that takes this one back."""
        return Move(self.file, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Group:
    """One step of undo: what was done, in words, and its moves."""

    title: str
    moves: tuple[Move, ...]


class TakeHistory:
    """The steps of one project; survives a restart.

    Safe from every thread, but whoever changes files holds the project.

    Args:
        memory: Where takes and contents are.
        file: Where the steps are kept.
    """

    def __init__(self, memory: Memory, file: Path) -> None:
        self._memory = memory
        self._file = file
        self._lock = RLock()
        self._open: dict[str, Group] = {}
        self._done: list[Group] = []
        self._undone: list[Group] = []
        self._load()

    def view(self) -> History:
        """Return what undo and redo would do."""
        with self._lock:
            undo = self._done[-1].title if self._done else None
            return History(undo, self._undone[-1].title if self._undone else None)

    @property
    def is_unsettled(self) -> bool:
        """Whether a step has been begun and not been settled: now, or by a studio that was killed."""
        with self._lock:
            return bool(self._open)

    def begin(self, title: str, before: Mapping[str, str]) -> str:
        """Write down that files are about to get other pictures; return the step's name for `settle`.

        Args:
            title: What is done, in words.
            before: File inside the project to the digest of what it holds.

        Raises:
            StoreError: if the disk refuses: then nothing may be changed.
        """
        name = secrets.token_hex(8)
        with self._lock:
            self._open[name] = Group(title, tuple(Move(file, digest) for file, digest in sorted(before.items())))
            self._save()
        return name

    def settle(self, name: str) -> bool:
        """Hear that a step has come to its end; return whether any file holds another picture since.

        Raises:
            StoreError: if a file cannot be read or the disk refuses.
        """
        with self._lock:
            settled = self._settled(self._open[name])
            del self._open[name]
            if settled.moves:
                self._done = [*self._done, settled][-_MOST:]
                self._undone.clear()
            self._save()
            return bool(settled.moves)

    def settle_what_was_left(self) -> None:
        """Settle the steps that a killed studio had begun.

        Raises:
            StoreError: as `settle`.
        """
        with self._lock:
            for name in list(self._open):
                self.settle(name)

    def has_placed(self, file: str, digest: str) -> bool:
        """Return whether a step is known that put a picture into a file."""
        with self._lock:
            groups = [*self._done, *self._undone]
            return any(move.file == file and move.after == digest for group in groups for move in group.moves)

    def next_files(self, *, redo: bool = False) -> list[str]:
        """Return the files that the next undo, or redo, is about.

        Raises:
            UsageError: if there is nothing to undo, or to redo.
        """
        with self._lock:
            return [move.file for move in self._next(redo=redo).moves]

    def undo(self) -> list[Take]:
        """Take the last step back; return the takes that are in place again. The caller holds the project.

        Raises:
            UsageError: if there is nothing to undo, or a file of it holds another picture by now: then the step is
                dropped.
            StoreError: if a content is missing or damaged, or the disk refuses: then it stays to be undone.
        """
        return self._step(redo=False)

    def redo(self) -> list[Take]:
        """Do the step again that was undone last; as `undo`."""
        return self._step(redo=True)

    def _next(self, *, redo: bool) -> Group:
        groups = self._undone if redo else self._done
        if not groups:
            raise UsageError(f"there is nothing to {'redo' if redo else 'undo'}")
        return groups[-1]

    def _step(self, *, redo: bool) -> list[Take]:
        with self._lock:
            group = self._next(redo=redo)
            source, target = (self._undone, self._done) if redo else (self._done, self._undone)
            moves = (
                [replace(move, before=move.after, after=move.before) for move in group.moves] if redo else group.moves
            )
            strange = [move.file for move in moves if digest_of(self._memory.project / move.file) not in _ends(move)]
            if strange:
                source.pop()
                self._save()
                what = "redone" if redo else "undone"
                raise UsageError(
                    f"{group.title!r} cannot be {what}: {strange[0]} has been replaced since; choose a take"
                )
            with self._memory.open_ledger() as ledger:
                takes = [_find(ledger, move) for move in moves]
                put_in_place(self._memory, ledger, takes, _ignore)
            target.append(source.pop())
            self._save()
            return takes

    def _settled(self, group: Group) -> Group:
        now = [(move, digest_of(self._memory.project / move.file)) for move in group.moves]
        return replace(
            group, moves=tuple(replace(move, after=digest) for move, digest in now if digest and digest != move.before)
        )

    def _save(self) -> None:
        document = {
            "schema": SCHEMA,
            "open": {name: _encoded(group) for name, group in self._open.items()},
            "done": [_encoded(group) for group in self._done],
            "undone": [_encoded(group) for group in self._undone],
        }
        make_directory(self._file.parent)
        write_file(self._file, json.dumps(document, indent=1).encode())

    def _load(self) -> None:
        """Read what is kept; a damaged file costs the steps, and no picture: takes can still be chosen."""
        try:
            raw = json.loads(self._file.read_bytes())
            if raw["schema"] != SCHEMA:
                return
            opened = {str(name): _decoded(group) for name, group in raw["open"].items()}
            done, undone = ([_decoded(group) for group in raw[key]] for key in ("done", "undone"))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return
        self._open, self._done, self._undone = opened, done, undone


def _ends(move: Move) -> tuple[str, str]:
    """Return what a file may hold before a step back: what the step put there, or the other where that was cut off."""
    return move.after, move.before


def _find(ledger: Ledger, move: Move) -> Take:
    for take in reversed(ledger.takes_of_file(move.file)):
        if take.picture == move.before:
            return take
    raise UsageError(f"{move.file} has no take of what it held; 'watercolor-rig doctor' checks the ledger")


def _encoded(group: Group) -> dict[str, Any]:
    return {"title": group.title, "moves": [[move.file, move.before, move.after] for move in group.moves]}


def _decoded(raw: Mapping[str, Any]) -> Group:
    return Group(str(raw["title"]), tuple(_decoded_move(move) for move in raw["moves"]))


def _decoded_move(raw: Iterable[object]) -> Move:
    file, before, after = map(str, raw)
    return Move(file, before, after)


def _ignore(_event: Event) -> None:
    """Whoever undoes sees it."""
