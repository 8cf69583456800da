"""Choosing takes, and taking choices back, beside jobs that run."""

import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from watercolor_rig.app.expressions import endpoints_claim
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.studio.claim_book import ClaimBook
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.history import History, TakeHistory
from watercolor_rig.app.studio.hub import EndpointsChanged, EventHub, FrameChanged, ProjectChanged, SequenceChanged
from watercolor_rig.app.take_restoring import put_in_place
from watercolor_rig.app.takes import digest_of
from watercolor_rig.core.errors import ProjectBusyError, UsageError
from watercolor_rig.core.events import Event
from watercolor_rig.core.ids import PathId, split_endpoint_file
from watercolor_rig.core.manifest import decode_frame
from watercolor_rig.store.ledger import Ledger, Take


class TakeChanges:
    """Changes which take is in place. Whoever calls holds the project.

    Args:
        folders: Of the project.
        history: Where the steps are kept.
        claims: Of the project.
        hub: Hears of frames that change.
    """

    def __init__(self, folders: StudioFolders, history: TakeHistory, claims: ClaimBook, hub: EventHub) -> None:
        self._folders = folders
        self._memory = Memory(folders.project)
        self._history = history
        self._claims = claims
        self._hub = hub

    def choose(self, number: int) -> str:
        """Put a take into its place, and the same picture where its copies are; return its file inside the project.

        Raises:
            UsageError: if there is no such take, or its place is another one's now.
            ProjectBusyError: if a job works on the sequence.
            StoreError: if its content is missing or damaged, or the disk refuses.
        """
        if not self._memory.ledger_file.is_file():
            raise _no_take(number)
        with self._memory.open_ledger() as ledger:
            take = ledger.find_take(number)
            if take is None:
                raise _no_take(number)
            takes = [take, *self._of_the_copies(ledger, take)]
            with self._claimed(each.file for each in takes):
                held = {each.file: digest_of(self._memory.project / each.file) for each in takes}
                before = {file: digest for file, digest in held.items() if digest is not None}
                step = self._history.begin(f"Choose take {number} of {_short(take.file)}", before)
                try:
                    put_in_place(self._memory, ledger, takes, _ignore)
                finally:
                    self._history.settle(step)
        self.say(takes)
        return take.file

    def undo(self, *, redo: bool = False) -> History:
        """Take the last step back, or do it again; return what would be next.

        Raises:
            UsageError: if there is nothing to do, or a file holds another picture by now.
            ProjectBusyError: if a job works on the sequence.
            StoreError: if a content is missing or damaged, or the disk refuses.
        """
        try:
            with self._claimed(self._history.next_files(redo=redo)):
                takes = self._history.redo() if redo else self._history.undo()
        finally:
            self._hub.publish(ProjectChanged())
        self.say(takes)
        return self._history.view()

    def say(self, takes: Iterable[Take]) -> None:
        """Publish what is different where these takes are in place now."""
        paths = set()
        for take in takes:
            entry = decode_frame(json.loads(take.origin))
            if entry is None:
                self._hub.publish(EndpointsChanged())
                continue
            path = PurePosixPath(take.file).parent.name
            paths.add(path)
            self._hub.publish(FrameChanged(path, entry.t))
        for path in sorted(paths):
            self._hub.publish(SequenceChanged(path))
        self._hub.publish(ProjectChanged())

    def _of_the_copies(self, ledger: Ledger, take: Take) -> list[Take]:
        """Return the takes by which the same picture comes back into the files that hold what this one's file holds."""
        held = digest_of(self._memory.project / take.file)
        found: dict[str, Take] = {}
        for other in ledger.every_take():
            is_copy = other.picture == take.picture and other.file != take.file
            if is_copy and held is not None and digest_of(self._memory.project / other.file) == held:
                found[other.file] = other
        return list(found.values())

    @contextmanager
    def _claimed(self, files: Iterable[str]) -> Iterator[None]:
        name = f"takes {secrets.token_hex(4)}"
        paths = {_claim_of(PurePosixPath(file).name, PurePosixPath(file).parent.name) for file in files}
        obstacle = self._claims.claim_at_once(name, paths)
        if obstacle is not None:
            raise ProjectBusyError(f"a job works on {obstacle[0]!r}; wait for it, or cancel it, then choose again")
        try:
            yield
        finally:
            self._claims.release(name)


def _claim_of(file: str, folder: str) -> PathId:
    """Return what a job would claim to write a file: its sequence, or the endpoints at its pose."""
    endpoint = split_endpoint_file(file)
    return PathId(folder) if endpoint is None else endpoints_claim(endpoint[1])


def _no_take(number: int) -> UsageError:
    return UsageError(f"there is no take {number}; choose one that is listed")


def _short(file: str) -> str:
    return "/".join(PurePosixPath(file).parts[-2:])


def _ignore(_event: Event) -> None:
    """The events of a single restore are for the command line."""
