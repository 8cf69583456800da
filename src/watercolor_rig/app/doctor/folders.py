"""Checks of the sequence folders: every frame decodes, and the manifest and the files say the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from watercolor_rig.app.doctor.looking import Look
from watercolor_rig.app.doctor.origins import Origins
from watercolor_rig.app.doctor.pictures import FoundEndpoints
from watercolor_rig.app.doctor.report import Report, counted
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.own_folder import own_ends, read_manifest
from watercolor_rig.app.takes import digest_of
from watercolor_rig.core.errors import PictureError, StoreError
from watercolor_rig.core.manifest import FrameEntry, Manifest
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.core.times import frame_names, times_of_depth
from watercolor_rig.store.picture_index import PictureFacts
from watercolor_rig.store.sequence_folder import END_FILE, MANIFEST, START_FILE, SequenceFolder

_FRAME_NAME = re.compile(r"\d{3}(_\d+(of\d+)?)?\.png")
_ADVICE = "a run with the --max-depth or --times that it was made with lists it again"

Found = Mapping[str, PictureFacts | PictureError]
"""File name to what is known of it."""

_NAMED_DEPTH = 3
"""Up to this depth a file's name is believed; finer ones are too near to other times that `--times` may have had."""


@dataclass(frozen=True, slots=True)
class FolderChecks:
    """Checks sequence folders.

    Attributes:
        memory: Where the project's takes are recorded.
        endpoints_dir: Where the endpoints lie.
        endpoints: Those that were found there.
        look: Looks at the files.
        report: Takes the findings.
    """

    memory: Memory
    endpoints_dir: Path
    endpoints: FoundEndpoints
    look: Look
    report: Report

    def check(self, root: Path) -> None:
        """Check every folder in `root`; folders without frames and manifest are not ours.

        Raises:
            StoreError: if a file cannot be read.
        """
        sequences = frames = faults = 0
        origins = Origins(self.memory)
        for folder in sequence_folders(root):
            files = sorted(path.name for path in folder.iterdir() if _FRAME_NAME.fullmatch(path.name))
            manifest = read_manifest(folder)
            if manifest is None and not files:
                continue
            sequences, frames = sequences + 1, frames + len(files)
            found = self.look.inspect(folder, files)
            faults += self._check_manifest(folder, manifest, found, origins)
            faults += self._check_frames(folder, manifest, found)
        if not faults:
            self.report.fine(
                "sequences",
                f"{counted(sequences, 'folder')}, {counted(frames, 'frame')}: whole, and in their manifests",
            )

    def _check_manifest(self, folder: Path, manifest: Manifest | None, found: Found, origins: Origins) -> int:
        """Say where the manifest and the files differ; return how many findings there are."""
        spec = self._spec(folder, manifest)
        listed = [frame.file for frame in manifest.frames] if manifest else []
        unlisted = [name for name in found if name not in listed]
        recorded = [entry for name in unlisted for entry in origins.of_picture(folder / name, digest_of(folder / name))]
        namable = {*frame_names(times_of_depth(_NAMED_DEPTH), {}).values(), *(frame.file for frame in recorded)}
        strange = [name for name in unlisted if name not in {*namable, START_FILE, END_FILE}]
        faults = []
        corrected: list[FrameEntry] = []
        if manifest is None:
            faults.append(f"{MANIFEST} is missing")
        elif manifest.spec is None or manifest.spec.path != folder.name:
            faults.append(f"{MANIFEST} is damaged, or of another sequence")
        else:
            faults += [f"lists {name}, which is not there" for name in listed if not (folder / name).is_file()]
            faults += [f"does not list {name}" for name in unlisted if name not in strange]
            corrected += origins.truth(folder, manifest, found)
            faults += [f"tells of another picture than {entry.file} shows" for entry in corrected]
        if faults:
            repair = partial(self._rewrite, folder, spec, recorded, corrected) if spec else None
            self.report.wrong("manifest", f"{folder.name}: {'; '.join(faults)}", repair)
        for name in strange:
            self.report.wrong("manifest", f"{folder / name}: nothing says which time it shows; {_ADVICE}")
        return bool(faults) + len(strange)

    def _check_frames(self, folder: Path, manifest: Manifest | None, found: Found) -> int:
        """Say which frames are broken, of another size, or copies of a drawing that has changed."""
        first = found.get(START_FILE)
        size = first.size if isinstance(first, PictureFacts) else None
        faults = []
        for name, facts in found.items():
            if isinstance(facts, PictureError):
                faults.append(f"{facts}; the next run makes it again")
            elif size and facts.size != size:
                faults.append(f"{folder / name} is {facts.size[0]}x{facts.size[1]}, {START_FILE} {size[0]}x{size[1]}")
        faults += self._copies_that_differ(folder, self._spec(folder, manifest), found)
        for fault in faults:
            self.report.wrong("frames", fault)
        return len(faults)

    def _copies_that_differ(
        self,
        folder: Path,
        spec: SequenceSpec | None,
        found: Mapping[str, PictureFacts | PictureError],
    ) -> list[str]:
        if spec is None:
            return []
        faults = []
        for name, drawing in zip((START_FILE, END_FILE), spec.endpoint_files, strict=True):
            facts, wanted = found.get(name), self.endpoints.facts.get(drawing)
            if wanted and facts is None:
                faults.append(f"{folder / name} is missing; the next run copies {drawing}")
            elif wanted and isinstance(facts, PictureFacts) and facts.sha256 != wanted.sha256:
                faults.append(f"{folder / name} is not {drawing} as it is now; the next run copies it")
        return faults

    def _spec(self, folder: Path, manifest: Manifest | None) -> SequenceSpec | None:
        configured = {spec.path: spec for spec in self.endpoints.specs}
        own = manifest.spec if manifest and manifest.spec and manifest.spec.path == folder.name else None
        return own or next((spec for path, spec in configured.items() if path == folder.name), None)

    def _rewrite(
        self, folder: Path, spec: SequenceSpec, recorded: Sequence[FrameEntry], corrected: Sequence[FrameEntry]
    ) -> str:
        ends = own_ends(folder, self.look.index)
        if isinstance(ends, str):
            raise StoreError(f"{ends}; generate_all_sequences.py makes the folder whole")
        sequence = SequenceFolder(folder.parent, spec, ends, self.look.index)
        sequence.believe(recorded)
        sequence.correct(corrected)
        times = times_of_depth(_NAMED_DEPTH)
        state = sequence.take_stock(times, self.look.inspect(folder, sequence.files_to_inspect(times)))
        sequence.write_manifest()
        return f"written anew, with {counted(len(state.frames), 'tween')}"


def sequence_folders(root: Path) -> list[Path]:
    """Return the folders in the sequences folder, sorted; none where that is not there."""
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
