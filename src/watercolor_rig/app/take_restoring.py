"""The use case behind `watercolor-rig takes --restore N`: an earlier picture comes back into its place.

The picture that it replaces becomes a take first. The manifest then says of the frame what it said when the take was
made: which engine drew it, and from which pictures (`made_from`). Where those have changed since, the frame counts as
stale, as it should; and so do the frames that were made from the one that is replaced.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from watercolor_rig.app.driving import save_index
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.own_folder import own_ends, read_manifest
from watercolor_rig.app.takes import digest_of
from watercolor_rig.app.tally import Emit
from watercolor_rig.core.errors import StoreError, UsageError
from watercolor_rig.core.events import FileWritten, Warned
from watercolor_rig.core.json import JsonObject
from watercolor_rig.core.manifest import FrameEntry, decode_frame, encode_frame
from watercolor_rig.core.project_events import TakeRestored
from watercolor_rig.store.durable import make_directory, write_file
from watercolor_rig.store.ledger import Ledger, Take
from watercolor_rig.store.lock import project_lock
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex
from watercolor_rig.store.sequence_folder import MANIFEST, SequenceFolder

_ADVICE = "run generate_all_sequences.py first"


def restore_take(project: Path, number: int, emit: Emit) -> int:
    """Put a take into its place; return the exit status 0.

    Raises:
        UsageError: if there is no such take, or its place is another one's now.
        ProjectBusyError: if another process writes the project.
        StoreError: if its content is missing or damaged, or the disk refuses.
    """
    memory = Memory(project.resolve())
    if not memory.ledger_file.is_file():
        raise _no_such_take(number)
    with project_lock(memory.project, "takes --restore"), memory.open_ledger() as ledger:
        take = ledger.find_take(number)
        if take is None:
            raise _no_such_take(number)
        put_in_place(memory, ledger, [take], emit)
    return 0


def put_in_place(memory: Memory, ledger: Ledger, takes: Iterable[Take], emit: Emit) -> None:
    """Put takes into their places, one after another; the caller holds the project.

    Raises:
        UsageError: if the place of one is another one's now.
        StoreError: if a content is missing or damaged, or the disk refuses.
    """
    index = PictureIndex(memory.project)
    try:
        for take in takes:
            _Restoring(memory, ledger, index, take, emit).carry_out()
    finally:
        save_index(index, emit)


@dataclass(frozen=True, slots=True)
class _Restoring:
    memory: Memory
    ledger: Ledger
    index: PictureIndex
    take: Take
    emit: Emit

    def carry_out(self) -> None:
        take, file = self.take, self.memory.project / self.take.file
        data = self._content()
        entry = decode_frame(json.loads(take.origin))
        folder = self._open_sequence(file, entry) if entry else None
        old = folder.entry(entry.t) if folder and entry else None
        is_told = entry is None or (old is not None and encode_frame(old).items() >= encode_frame(entry).items())
        if is_told and digest_of(file) == take.picture:
            self.emit(Warned(take.file, f"take {take.id} is in place already"))
            return
        kept = self._preserve(file, encode_frame(old) if old else {})
        facts = PictureFacts(take.size, take.picture)
        if folder and entry:
            folder.add(entry, data, facts)
            self.emit(FileWritten("manifest", str(folder.path / MANIFEST)))
        else:
            make_directory(file.parent)
            write_file(file, data)
            self.index.record(file, facts)
        self.emit(TakeRestored(take.id, take.file, kept))
        self._say_copies()

    def _content(self) -> bytes:
        try:
            return self.memory.blobs.get(self.take.picture)
        except StoreError as error:
            raise StoreError(f"take {self.take.id} of {self.take.file!r} cannot be restored: {error}") from error

    def _preserve(self, file: Path, origin: JsonObject) -> int | None:
        """Keep what lies there; a file that is no picture is no take, as for every run."""
        found = self.index.inspect(file.parent, [file.name]).get(file.name)
        if not isinstance(found, PictureFacts) or found.sha256 == self.take.picture:
            return None
        return self.memory.preserve(self.ledger, file, found, origin)

    def _open_sequence(self, file: Path, entry: FrameEntry) -> SequenceFolder:
        """Return the folder with its stock taken.

        Raises:
            UsageError: if the frame does not fit the folder as it is now.
        """
        manifest = read_manifest(file.parent)
        ends = own_ends(file.parent, self.index)
        if isinstance(ends, str):
            raise UsageError(f"take {self.take.id}: {ends}; {_ADVICE}")
        if manifest is None or manifest.spec is None or manifest.spec.path != file.parent.name:
            raise UsageError(f"take {self.take.id}: {str(file.parent / MANIFEST)!r} is missing or unusable; {_ADVICE}")
        if ends.start.size != self.take.size:
            (width, height), (wide, high) = self.take.size, ends.start.size
            raise UsageError(f"take {self.take.id} is {width}x{height}, but {file.parent.name} is {wide}x{high} now")
        other = [frame for frame in manifest.frames if (frame.file == entry.file) != (frame.t == entry.t)]
        if other:
            raise UsageError(
                f"take {self.take.id}: {self.take.file} shows t={float(other[0].t)} now; it cannot go back"
            )
        folder = SequenceFolder(file.parent.parent, manifest.spec, ends, self.index)
        times = [entry.t]
        folder.take_stock(times, self.index.inspect(folder.path, folder.files_to_inspect(times)))
        return folder

    def _say_copies(self) -> None:
        """Say where else the same picture could come back: a sequence and its reverse share their takes."""
        seen: set[str] = {self.take.file}
        for other in reversed(self.ledger.every_take()):
            if other.picture == self.take.picture and other.file not in seen:
                seen.add(other.file)
                if digest_of(self.memory.project / other.file) != other.picture:
                    self.emit(
                        Warned(other.file, f"had the same picture; --restore {other.id} brings it back there too")
                    )


def _no_such_take(number: int) -> UsageError:
    return UsageError(f"--restore {number}: there is no take {number}; 'watercolor-rig takes' lists them")
