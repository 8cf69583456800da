"""One sequence's folder: what it holds, and how its manifest follows its files."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from watercolor_rig.core.errors import PictureError, StoreError
from watercolor_rig.core.manifest import OWN_FRAME_KEYS, FrameEntry, Source, decode_manifest, encode_manifest
from watercolor_rig.core.sequences import Condition, FoundFrame, Rest, SequenceSpec, SequenceState
from watercolor_rig.core.times import END, START, frame_names
from watercolor_rig.store.durable import (
    leftovers_of,
    make_directory,
    read_file,
    sweep_leftovers,
    write_file,
    write_with_sequel,
)
from watercolor_rig.store.folder_lock import lock_of
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex

MANIFEST = "manifest.json"
START_FILE = "000.png"
END_FILE = "100.png"


@dataclass(frozen=True, slots=True)
class Ends:
    """The facts of the two endpoints of a sequence, and their paths."""

    start: PictureFacts
    end: PictureFacts
    start_path: Path
    end_path: Path


class SequenceFolder:
    """Reads the folder once, then keeps the manifest true as frames arrive.

    Several runs of one process may have the same folder open, each its own object: every write takes in first what the
    others have written to the manifest since.

    Args:
        root: The sequences directory.
        spec: The sequence; its folder is named by its path id.
        ends: Its endpoints; both have one size.
        index: What is known of the files.
    """

    def __init__(self, root: Path, spec: SequenceSpec, ends: Ends, index: PictureIndex) -> None:
        self.path = root / spec.path
        self._spec = spec
        self._ends = ends
        self._index = index
        self._unlisted: set[Fraction] = set()
        self._manifest_bytes = _read_if_there(self.path / MANIFEST)
        manifest = decode_manifest(self._manifest_bytes)
        self._extra = manifest.extra
        self._listed = _believed(({frame.t: frame for frame in manifest.frames} | drafted_frames(self.path)).values())
        self._entries: dict[Fraction, FrameEntry] = {}
        self._digests: dict[Fraction, str] = {START: ends.start.sha256, END: ends.end.sha256}
        self._own_ends: dict[str, str] = {}
        self._is_listed = False

    def believe(self, entries: Iterable[FrameEntry]) -> None:
        """Take what is recorded elsewhere of frames that the manifest does not list; comes before all else.

        Args:
            entries: Of files that are what they were when the record was made.
        """
        listed = {frame.file for frame in self._listed.values()}
        wanted = [entry for entry in entries if entry.t not in self._listed and entry.file not in listed]
        self._listed = _believed([*self._listed.values(), *{entry.t: entry for entry in wanted}.values()])

    def correct(self, entries: Iterable[FrameEntry]) -> None:
        """Take what is recorded elsewhere of frames instead of what the manifest says of them; comes before all else.

        Args:
            entries: Of files that are what they were when the record was made.
        """
        corrected = {entry.t: self._with_foreign_keys(entry) for entry in entries}
        self._listed = _believed((self._listed | corrected).values())

    def files_to_inspect(self, times: Iterable[Fraction]) -> set[str]:
        """Return every file name that matters for `times`: those, the endpoints' copies and what the manifest lists."""
        return {START_FILE, END_FILE, *self._candidates(times).values()}

    def take_stock(
        self,
        times: Iterable[Fraction],
        files: Mapping[str, PictureFacts | PictureError],
    ) -> SequenceState:
        """Return what the folder holds, given the facts of its files."""
        candidates = self._candidates(times)
        own_ends = [(t, files.get(file)) for t, file in ((START, START_FILE), (END, END_FILE))]
        adopted = tuple(Source(t, facts.sha256) for t, facts in own_ends if isinstance(facts, PictureFacts))
        self._own_ends = {
            file: facts.sha256 for file in (START_FILE, END_FILE) if isinstance(facts := files.get(file), PictureFacts)
        }
        for t, file in candidates.items():
            facts = files.get(file)
            if isinstance(facts, PictureFacts) and facts.size == self._ends.start.size:
                entry = self._listed.get(t, FrameEntry(t, file))
                self._entries[t] = entry if entry.made_from else replace(entry, made_from=adopted)
                self._digests[t] = facts.sha256
        return SequenceState(
            frames={t: found for t, file in candidates.items() if (found := self._judge(t, file, files.get(file)))},
            owned_names={frame.file: t for t, frame in self._listed.items()},
        )

    def settle_ends(self) -> None:
        """Make the folder, copy the endpoints into it where they differ, and sweep what a killed run left.

        Raises:
            StoreError: if the disk refuses.
        """
        make_directory(self.path)
        if self._own_ends and self._entries:
            self.write_manifest()  # what the tweens were made from is known only while the old copies are there
        sweep_leftovers(self.path)  # only now: among them may be what the manifest has just learnt
        for file, facts, source in (
            (START_FILE, self._ends.start, self._ends.start_path),
            (END_FILE, self._ends.end, self._ends.end_path),
        ):
            if self._own_ends.get(file) != facts.sha256:
                write_file(self.path / file, _read_as_known(source, facts))
                self._index.record(self.path / file, facts)
                self._own_ends[file] = facts.sha256
                self._is_listed = False

    def add(self, entry: FrameEntry, data: bytes, facts: PictureFacts) -> None:
        """Write a frame, then list it in the manifest; foreign keys of an entry that it replaces stay.

        Raises:
            StoreError: if the disk refuses; then the manifest lists nothing that is not there.
        """
        with lock_of(self.path):
            self._catch_up()
            self._add(entry, data, facts)

    def _add(self, entry: FrameEntry, data: bytes, facts: PictureFacts) -> None:
        whole = self._with_foreign_keys(entry)
        manifest = self._encoded(self._entries | {entry.t: whole})
        path = self.path / entry.file
        try:
            write_with_sequel(path, data, self.path / MANIFEST, manifest)
        except StoreError:
            if _holds(path, data):  # it failed after the frame was in place: a later manifest has to say so
                self._note(whole, path, facts)
            raise
        self._note(whole, path, facts)
        self._has_listed(manifest)

    def amend(self, made_from: Mapping[Fraction, tuple[Source, ...]]) -> None:
        """Say of tweens that exist what they were made from, where that is known better now than when they were read.

        It gets into the manifest with the next frame that is added.
        """
        for t, sources in made_from.items():
            self._entries[t] = replace(self._entries[t], made_from=sources)
            self._unlisted.add(t)
            self._is_listed = False

    def _with_foreign_keys(self, entry: FrameEntry) -> FrameEntry:
        """Return an entry with the keys that other programs gave to the one in its place."""
        old = self._listed.get(entry.t, entry).extra
        foreign = {key: value for key, value in old.items() if key not in OWN_FRAME_KEYS}
        return replace(entry, extra={**foreign, **entry.extra})

    def _note(self, entry: FrameEntry, path: Path, facts: PictureFacts) -> None:
        self._index.record(path, facts)
        self._entries[entry.t] = entry
        self._digests[entry.t] = facts.sha256
        self._unlisted.add(entry.t)
        self._is_listed = False

    def _has_listed(self, manifest: bytes) -> None:
        self._manifest_bytes = manifest
        self._unlisted.clear()
        self._is_listed = True

    def _catch_up(self) -> None:
        """Take in what another run has written to the manifest since this one read or wrote it last.

        What both have changed is as this one has it, because its file was written last. A manifest that is none, or
        another sequence's, says nothing.
        """
        data = _read_if_there(self.path / MANIFEST)
        if data == self._manifest_bytes:
            return
        before, now = decode_manifest(self._manifest_bytes), decode_manifest(data)
        if now.spec != self._spec:
            return
        self._manifest_bytes = data
        self._is_listed = False
        if now.extra != before.extra:
            self._extra = now.extra
        then = {frame.t: frame for frame in before.frames}
        here = _believed(now.frames)
        for t in (then.keys() | here.keys()) - self._unlisted:
            if then.get(t) != here.get(t):
                self._take_in(t, here.get(t))

    def _take_in(self, t: Fraction, entry: FrameEntry | None) -> None:
        """Believe what another run says of the frame at `t`: how it was made, or that it is gone."""
        if entry is None:
            self._listed.pop(t, None)
        else:
            self._listed[t] = entry
        if t in (START, END):
            return
        facts = self._index.inspect(self.path, [entry.file]).get(entry.file) if entry else None
        self._entries.pop(t, None)
        self._digests.pop(t, None)
        if entry and isinstance(facts, PictureFacts) and facts.size == self.size:
            self._entries[t] = entry
            self._digests[t] = facts.sha256

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of every frame in pixels."""
        return self._ends.start.size

    @property
    def first(self) -> Rest:
        """The expression and the pose that the sequence starts from."""
        return self._spec.first

    def digest(self, t: Fraction) -> str:
        """Return the SHA-256 of the frame at `t`, which exists."""
        return self._digests[t]

    def holds(self, t: Fraction) -> bool:
        """Return whether there is a frame at `t`, an endpoint's copy or a tween."""
        return t in self._digests

    def entry(self, t: Fraction) -> FrameEntry | None:
        """Return the manifest's entry of a tween that exists."""
        return self._entries.get(t)

    def entries(self) -> tuple[FrameEntry, ...]:
        """Return the manifest's entries of the tweens that exist, by position."""
        return tuple(self._entries[t] for t in sorted(self._entries) if t not in (START, END))

    def roots(self, t: Fraction) -> tuple[Source, ...]:
        """Return the endpoints that the tween at `t` stems from, over all tweens between, as they were then."""
        found: dict[Source, None] = {}
        for entry in self._ancestry(t):
            found.update(dict.fromkeys(source for source in entry.made_from if source.t in (START, END)))
        return tuple(sorted(found, key=lambda source: source.t))

    def write_manifest(self) -> Path:
        """Write the manifest of the files that are there, unless it says the same already; return its path.

        Raises:
            StoreError: if the disk refuses.
        """
        path = self.path / MANIFEST
        with lock_of(self.path):
            self._catch_up()
            if not self._is_listed:
                data = self._encoded(self._entries)
                if data != self._manifest_bytes:
                    write_file(path, data)
                self._has_listed(data)
        return path

    def _encoded(self, entries: Mapping[Fraction, FrameEntry]) -> bytes:
        ends = [
            FrameEntry(t, file, extra=self._listed[t].extra if t in self._listed else {})
            for t, file in ((START, START_FILE), (END, END_FILE))
            if file in self._own_ends
        ]
        tweens = [entry for t, entry in entries.items() if t not in (START, END)]
        return encode_manifest(self._spec, [*ends, *tweens], self._ends.start.size, self._extra)

    def _candidates(self, times: Iterable[Fraction]) -> dict[Fraction, str]:
        """Return position to file name for all tweens that may be there."""
        listed = {t: frame.file for t, frame in self._listed.items() if t not in (START, END)}
        owned = {file: t for t, file in listed.items()}
        return frame_names([t for t in times if t not in listed], owned) | listed

    def _judge(self, t: Fraction, file: str, facts: PictureFacts | PictureError | None) -> FoundFrame | None:
        if facts is None:
            return None
        if isinstance(facts, PictureError):
            return FoundFrame(file, Condition.BROKEN, str(facts))
        if facts.size != self._ends.start.size:
            (width, height), (right_width, right_height) = facts.size, self._ends.start.size
            fault = f"is {width}x{height}, its endpoints are {right_width}x{right_height}"
            return FoundFrame(file, Condition.BROKEN, fault)
        said = self._entries[t].extra
        made_by = said.get("engine")
        return FoundFrame(
            file,
            Condition.STALE if self._is_stale(t) else Condition.GOOD,
            made_by=made_by if isinstance(made_by, str) else "",
            is_marked=said.get("key") is True,
        )

    def _is_stale(self, t: Fraction) -> bool:
        """Return whether a picture that the frame was made from has changed, or one that that one was made from.

        A frame that was made anew from its own descendants is not stale for having been another picture when they were
        made; they are. Nor does it become so when they are made anew from it.
        """
        return any(
            source.t != t and self._has_changed(source) and not self._follows(source.t, entry.t)
            for entry in self._ancestry(t)
            for source in entry.made_from
        )

    def _has_changed(self, source: Source) -> bool:
        return self._digests.get(source.t, source.sha256) != source.sha256

    def _follows(self, fine: Fraction, coarse: Fraction) -> bool:
        """Return whether the frame at the finer of two times was made from the other as that is now."""
        entry = self._entries.get(fine)
        if entry is None or fine.denominator <= coarse.denominator:
            return False
        return any(source.t == coarse and not self._has_changed(source) for source in entry.made_from)

    def _ancestry(self, t: Fraction) -> Iterator[FrameEntry]:
        """Yield the tween at `t` and those of this folder that it was made from, each once."""
        waiting, seen = [t], {t}
        while waiting:
            entry = self._entries.get(waiting.pop())
            if entry is None:
                continue
            yield entry
            for source in entry.made_from:
                if source.t not in seen:
                    seen.add(source.t)
                    waiting.append(source.t)


def drafted_frames(folder: Path) -> dict[Fraction, FrameEntry]:
    """Return the entries of frames that a killed run put in place without the manifest that it had ready.

    Args:
        folder: Of the sequence.

    Raises:
        StoreError: if such a manifest cannot be read.
    """
    found: dict[Fraction, FrameEntry] = {}
    for draft in leftovers_of(folder / MANIFEST):
        for frame in decode_manifest(read_file(draft)).frames:
            if _is_newer(folder / frame.file, draft):
                found[frame.t] = frame
    return found


def _believed(frames: Iterable[FrameEntry]) -> dict[Fraction, FrameEntry]:
    """Return the frames by position, without tweens that claim a file of ours or one that another tween has.

    Of several times with one file, the one that the file is named after keeps it, else the earliest.
    """
    believed = {}
    taken = {START_FILE, END_FILE, MANIFEST}
    for frame in sorted(frames, key=lambda frame: (frame_names([frame.t], {})[frame.t] != frame.file, frame.t)):
        if frame.t in (START, END) or frame.file not in taken:
            believed[frame.t] = frame
            taken.add(frame.file)
    return believed


def _read_as_known(path: Path, facts: PictureFacts) -> bytes:
    """Return the bytes of a picture whose facts are known.

    Raises:
        StoreError: if it cannot be read, or has been replaced since it was looked at.
    """
    data = read_file(path)
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise StoreError(f"{str(path)!r} has been replaced since the run looked at it; run again")
    return data


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def _is_newer(file: Path, draft: Path) -> bool:
    """Return whether a frame was written after the draft that lists it, as the two are written together."""
    try:
        return file.stat().st_mtime_ns >= draft.stat().st_mtime_ns
    except OSError:
        return False


def _read_if_there(path: Path) -> bytes:
    return read_file(path) if path.is_file() else b""
