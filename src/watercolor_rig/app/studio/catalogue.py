"""Every sequence of the project with its state: a list at once, states as they are found out, changes as they happen.

A look at ten thousand folders takes seconds, so the list comes first, with what config and endpoints alone can tell.
The watch (`watching.Watch`) then looks at one folder after another, and again at each whose date changes, whoever
changed it. A row that differs from the one before is an event.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from threading import Lock

from watercolor_rig.app.studio.endpoint_facts import EndpointFacts
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.hub import EndpointsChanged, EventHub, ProjectChanged, SequenceChanged
from watercolor_rig.app.studio.listing import SequenceListing
from watercolor_rig.app.studio.looking import Looked, bare_row, look_at, plain_row, spec_of_folder
from watercolor_rig.app.studio.marks import NO_MARK, Marks
from watercolor_rig.app.studio.snapshot import Snapshot, Stamp, quick_stamp_of, stamp_of, take_snapshot
from watercolor_rig.app.studio.turns import Turns
from watercolor_rig.app.studio.views import FrameState, FrameView, RowState, RowView, SequenceView
from watercolor_rig.app.studio.workshop import Workshop
from watercolor_rig.core.errors import NothingMatchedError, PictureError, StoreError
from watercolor_rig.core.manifest import Manifest
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.core.times import times_of_depth
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex

_RUNNING_OVER = frozenset({FrameState.MADE, FrameState.STALE, FrameState.MISSING, FrameState.BROKEN})
_FEW = 200
"""So many endpoints are asked for their date each time; of more, only their folder is, and the watch does the rest."""

_SETTLED_NS = 100_000_000
_UNSETTLED = -1

_FLAGS_SHOW_OVER = frozenset({RowState.COMPLETE})


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row, and the date of its folder when it was looked at; None for one that was not."""

    row: RowView
    stamp: int | None = None


class Catalogue:
    """The sequences of one project; may be asked on any thread.

    Args:
        folders: Where the project lies.
        listing: Which folders there are.
        marks: What the user thinks of frames.
        hub: Hears what changes.
        workshop: Knows the frames under way, and how many tweens a sequence should have.
    """

    def __init__(
        self,
        folders: StudioFolders,
        listing: SequenceListing,
        marks: Marks,
        hub: EventHub,
        workshop: Workshop,
    ) -> None:
        self._folders = folders
        self._listing = listing
        self._marks = marks
        self._hub = hub
        self._workshop = workshop
        self._turns = Turns()
        self._index = PictureIndex(folders.project)
        self._endpoints = EndpointFacts(folders.endpoints, self._index)
        self._lock = Lock()
        self._entries: dict[str, _Entry] = {}
        self._version = 0
        self._snapshot: Snapshot | None = None
        self._quick_stamp: Stamp = ()
        self._stamp: Stamp = ()

    @property
    def version(self) -> tuple[int, frozenset[str]]:
        """What differs as soon as some row does."""
        return self._version, frozenset(self._running_paths())

    def rows(self) -> list[RowView]:
        """Return every sequence in the order of the config, then by pose; folders that it does not know come last."""
        self.snapshot()
        running = self._running_paths()
        with self._lock:
            entries = list(self._entries.values())
        return [self._shown(entry.row, running) for entry in entries]

    def row(self, path_id: str) -> RowView | None:
        """Return one sequence as it is now, or None where it is gone."""
        snapshot = self.snapshot()
        spec = self._spec(path_id, snapshot)
        if spec is None:
            self._forget(path_id)
            return None
        stamp = self._listing.stamp(path_id) or 0
        entry = self._entries.get(path_id)
        if entry is None or entry.stamp != stamp:
            with self._turns.now():
                self._look(spec, tell=False)
            entry = self._entries.get(path_id)
        return None if entry is None else self._shown(entry.row, self._running_paths())

    def sequence(self, path_id: str) -> SequenceView:
        """Return a sequence with its frames.

        Raises:
            NothingMatchedError: if there is none of that id.
            StoreError: if a file cannot be read.
        """
        snapshot = self.snapshot()
        spec = self._spec(path_id, snapshot)
        if spec is None:
            raise NothingMatchedError(f"no sequence {path_id!r}; GET /api/v1/sequences lists them")
        with self._turns.now():
            looked = self._look(spec, tell=True)
        row = self._shown(looked.row, self._running_paths())
        width, height = looked.size or (None, None)
        folder = (self._folders.sequences / path_id).relative_to(self._folders.project).as_posix()
        running = self._workshop.running_frames()
        frames = [self._marked(path_id, frame, running) for frame in looked.frames]
        return SequenceView(row, width, height, folder, frames)

    def snapshot(self) -> Snapshot:
        """Return config and endpoints as they are now."""
        with self._lock:  # together: another thread may take over newer ones meanwhile
            known, stamp, quick = self._snapshot, self._stamp, self._quick_stamp
        if known is not None and len(known.facts) > _FEW and quick_stamp_of(self._folders) == quick:
            return known
        if known is not None and len(known.facts) <= _FEW and stamp_of(self._folders) == stamp:
            return known
        return self.refresh()

    def refresh(self) -> Snapshot:
        """Look at config and endpoints again, file by file; tell what is new."""
        with self._turns.now():
            stamp, quick = stamp_of(self._folders), quick_stamp_of(self._folders)
            with self._lock:
                if self._snapshot is not None and stamp == self._stamp:
                    self._quick_stamp = quick
                    return self._snapshot
            return self._take_over(take_snapshot(self._folders, self._endpoints), stamp, quick)

    def make_sure(self, names: Iterable[str]) -> None:
        """Decode endpoints in the background that were only peeked at; tell if one is broken after all."""
        with self._turns.later():
            stamp, quick = stamp_of(self._folders), quick_stamp_of(self._folders)
            before = self._facts
            self._endpoints.decode(names)
            snapshot = take_snapshot(self._folders, self._endpoints)
            if snapshot.facts == before:
                with self._lock:
                    self._snapshot = snapshot
            else:
                self._take_over(snapshot, stamp, quick)

    @property
    def _facts(self) -> Mapping[str, PictureFacts | PictureError]:
        known = self._snapshot
        return {} if known is None else known.facts

    def _take_over(self, snapshot: Snapshot, stamp: Stamp, quick: Stamp) -> Snapshot:
        stamps = self._listing.stamps()
        with self._lock:
            old, before = self._entries, self._snapshot
            specs = dict(snapshot.specs)
            fresh = {path: _Entry(plain_row(spec, snapshot)) for path, spec in specs.items()}
            for path in sorted(stamps.keys() - specs.keys()):
                spec = spec_of_folder(path, Manifest())
                known = old.get(path)
                fresh[path] = known or _Entry(bare_row(spec))
            self._entries = {path: _kept(entry, old.get(path)) for path, entry in fresh.items()}
            self._snapshot, self._stamp, self._quick_stamp = snapshot, stamp, quick
            self._version += 1
            changed = [path for path in {**old, **fresh} if old.get(path) != self._entries.get(path)]
        if before is not None:
            self._hub.publish(ProjectChanged())
            self._hub.publish(EndpointsChanged())
            for path in changed:
                self._hub.publish(SequenceChanged(path))
        return snapshot

    def unseen(self) -> list[str]:
        """Return the sequences that were not looked at since they changed, in the order of the list."""
        self.snapshot()
        stamps = self._listing.stamps()
        with self._lock:
            gone = [path for path in self._entries if path not in stamps and self._is_foreign(path)]
            new = [path for path in stamps if path not in self._entries]
            paths = [*self._entries, *sorted(new)]
            seen = {path: entry.stamp for path, entry in self._entries.items()}
        for path in gone:
            self._forget(path)
        return [path for path in paths if path not in gone and seen.get(path) != stamps.get(path, 0)]

    def look(self, paths: Iterable[str]) -> None:
        """Look at sequences in the background and tell what is new."""
        for path in paths:
            snapshot = self.snapshot()
            spec = self._spec(path, snapshot)
            if spec is None:
                self._forget(path)
                continue
            with self._turns.later():
                try:
                    self._look(spec, tell=True)
                except StoreError as error:
                    row = replace(plain_row(spec, snapshot), state=RowState.BROKEN, reason=str(error))
                    self._note(path, row, self._listing.stamp(path) or 0, tell=True)

    def learn(self) -> None:
        """Take over what jobs have learnt of the pictures, and keep what was learnt here.

        Raises:
            StoreError: if the disk refuses.
        """
        with self._turns.now():
            self._index.refresh()
            self._index.save()

    def _look(self, spec: SequenceSpec, *, tell: bool) -> Looked:
        """Look at a sequence, in one's turn, by the newest endpoints: those from before the wait may be replaced."""
        snapshot = self._snapshot or take_snapshot(self._folders, self._endpoints)
        spec = snapshot.specs.get(spec.path, spec)
        stamp = self._listing.stamp(spec.path) or 0
        if time.time_ns() - stamp < _SETTLED_NS:
            stamp = _UNSETTLED  # the folder may change again without a new date: look again soon
        looked = look_at(spec, snapshot, self._index, times_of_depth(self._workshop.depth))
        self._note(spec.path, looked.row, stamp, tell=tell)
        return looked

    def _note(self, path_id: str, row: RowView, stamp: int, *, tell: bool) -> None:
        with self._lock:
            old = self._entries.get(path_id)
            self._entries[path_id] = _Entry(row, stamp)
            is_new = old is None or old.row != row
            self._version += is_new
        if is_new and tell:
            self._hub.publish(SequenceChanged(path_id))

    def find(self, digest: str) -> list[Path]:
        """Return where pictures of this digest lie, as far as it is known."""
        facts = self.snapshot().facts
        own = [name for name, known in facts.items() if isinstance(known, PictureFacts) and known.sha256 == digest]
        return [*(self._folders.endpoints / name for name in own), *self._index.find(digest)]

    def touch(self, path_id: str) -> None:
        """Say that a row shows something else now, though its folder is the same: a mark."""
        with self._lock:
            self._version += 1
        self._hub.publish(SequenceChanged(path_id))

    def _spec(self, path_id: str, snapshot: Snapshot) -> SequenceSpec | None:
        known = snapshot.specs.get(path_id)
        if known is not None:
            return known
        manifest = self._listing.read(path_id)
        return None if manifest is None else spec_of_folder(path_id, manifest)

    def _is_foreign(self, path_id: str) -> bool:
        return self._snapshot is None or path_id not in self._snapshot.specs

    def _forget(self, path_id: str) -> None:
        with self._lock:
            if self._entries.pop(path_id, None) is None:
                return
            self._version += 1
        self._hub.publish(SequenceChanged(path_id))

    def _running_paths(self) -> set[str]:
        return {file.rpartition("/")[0] for file in self._workshop.running_frames()}

    def _shown(self, row: RowView, running: set[str]) -> RowView:
        flagged = sum(mark.flagged for mark in self._marks.of(row.path_id).values())
        state = row.state
        if row.path_id in running:
            state = RowState.RUNNING
        elif flagged and state in _FLAGS_SHOW_OVER:
            state = RowState.FLAGGED
        return row if state is row.state and not flagged else replace(row, state=state, flagged=flagged)

    def _marked(self, path_id: str, frame: FrameView, running: set[str]) -> FrameView:
        mark = self._marks.of(path_id).get(frame.t, NO_MARK)
        is_running = f"{path_id}/{frame.file}" in running and frame.state in _RUNNING_OVER
        state = FrameState.RUNNING if is_running else frame.state
        return replace(frame, state=state, flagged=mark.flagged, trusted=mark.trusted)


def frame_at(sequence: SequenceView, t: Fraction) -> FrameView:
    """Return one frame of a sequence.

    Raises:
        NothingMatchedError: if it has none there.
    """
    for frame in sequence.frames:
        if frame.t == t:
            return frame
    raise NothingMatchedError(f"{sequence.row.path_id!r} has no frame at t={float(t)}; its frames are listed with it")


def _kept(entry: _Entry, old: _Entry | None) -> _Entry:
    """Return what is still true of an earlier look: all of it where neither endpoint has changed."""
    if old is None or old.stamp is None:
        return entry
    same = (old.row.start_digest, old.row.end_digest) == (entry.row.start_digest, entry.row.end_digest)
    named = (old.row.expr_start, old.row.expr_end) == (entry.row.expr_start, entry.row.expr_end)
    return old if same and named and entry.row.state is not RowState.BLOCKED else entry
