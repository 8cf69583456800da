"""What is recorded of frames outside their manifest, and where the manifest says what was true of another picture.

A restore, or a run, that was killed between a frame and its manifest leaves such a lie: the file shows one picture and
the manifest tells of the one before it. The next run mends that, as long as the manifest that was ready lies beside it;
without it, only the records of the takes tell.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from watercolor_rig.app.memory import Memory
from watercolor_rig.core.errors import PictureError
from watercolor_rig.core.manifest import FrameEntry, Manifest, decode_frame, encode_frame
from watercolor_rig.store.picture_index import PictureFacts
from watercolor_rig.store.sequence_folder import drafted_frames


class Origins:
    """The takes of a project, by the files that they are of.

    Args:
        memory: Where they are recorded; their cards are read, which outlive a damaged ledger.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._takes: dict[str, list[tuple[str, FrameEntry]]] = {}
        for take in memory.cards.read()[0]:
            if entry := decode_frame(json.loads(take.origin)):
                self._takes.setdefault(take.file, []).append((take.picture, entry))

    def of_picture(self, file: Path, digest: str | None) -> list[FrameEntry]:
        """Return what is recorded of a file's frame for the time that it shows this picture, oldest first."""
        return [entry for picture, entry in self._of_file(file) if picture == digest]

    def truth(
        self, folder: Path, manifest: Manifest, found: Mapping[str, PictureFacts | PictureError]
    ) -> Iterator[FrameEntry]:
        """Yield the entry that is true of each frame of which the manifest says what was true of another picture.

        Args:
            folder: Of the sequence.
            manifest: Its manifest.
            found: What is known of the files.

        Raises:
            StoreError: if a manifest that a killed run left cannot be read.
        """
        drafted = drafted_frames(folder)
        for frame in manifest.frames:
            facts = found.get(frame.file)
            if not isinstance(facts, PictureFacts):
                continue
            ready = drafted.get(frame.t)
            if ready is not None and ready != frame:
                yield ready
            elif true := self._true_entry(folder / frame.file, facts.sha256, frame):
                yield true

    def _true_entry(self, file: Path, digest: str, frame: FrameEntry) -> FrameEntry | None:
        """Return what is recorded of the picture in place, where the manifest agrees with another's record only."""
        here = self.of_picture(file, digest)
        if not here or any(_agree(frame, entry) for entry in here):
            return None
        elsewhere = (entry for picture, entry in self._of_file(file) if picture != digest)
        return here[-1] if any(_agree(frame, entry) for entry in elsewhere) else None

    def _of_file(self, file: Path) -> list[tuple[str, FrameEntry]]:
        if not self._takes or not file.resolve().is_relative_to(self._memory.project):
            return []
        return self._takes.get(self._memory.relative(file), [])


def _agree(listed: FrameEntry, recorded: FrameEntry) -> bool:
    """Return whether a manifest says of a frame what is recorded; further keys are other programs'."""
    return encode_frame(listed).items() >= encode_frame(recorded).items()
