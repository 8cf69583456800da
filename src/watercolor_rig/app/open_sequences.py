"""Sequence folders as they lie there, by what their own manifests say: for work on single frames.

A run over a configuration compares a folder with the drawings of today; whoever makes one frame anew goes by the copies
of the ends that lie in the folder, so that nothing else in it moves.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from watercolor_rig.app.own_folder import own_ends, read_manifest
from watercolor_rig.core.endpoints import sequence_at, sequence_of
from watercolor_rig.core.errors import NothingMatchedError, StoreError, UsageError
from watercolor_rig.core.ids import SEPARATOR, PathId
from watercolor_rig.core.manifest import Source
from watercolor_rig.core.plan import Spot
from watercolor_rig.core.rig import PoseId, Rig
from watercolor_rig.core.sequences import Condition, SequenceSpec, SequenceState
from watercolor_rig.core.times import END, START, bisection_parents
from watercolor_rig.store.picture_index import PictureIndex
from watercolor_rig.store.sequence_folder import END_FILE, MANIFEST, START_FILE, SequenceFolder


@dataclass(frozen=True, slots=True)
class OpenSequence:
    """A sequence folder that has been looked through.

    Attributes:
        spec: What its manifest says that it is.
        folder: Its files and manifest.
        state: What it holds.
        silent: Positions of tweens of which the manifest does not say what they were made from.
    """

    spec: SequenceSpec
    folder: SequenceFolder
    state: SequenceState
    silent: frozenset[Fraction]

    @property
    def files(self) -> dict[Fraction, str]:
        """Every position that the sequence has, with its file: the ends, what is there, and what is only listed."""
        listed = {t: file for file, t in self.state.owned_names.items()}
        found = {t: frame.file for t, frame in self.state.frames.items()}
        return {**listed, **found, START: START_FILE, END: END_FILE}

    @property
    def usable(self) -> set[Fraction]:
        """The positions whose picture can be made from."""
        broken = Condition.BROKEN
        return {START, END} | {t for t, frame in self.state.frames.items() if frame.condition is not broken}

    def spot(self, t: Fraction) -> Spot:
        """Return the place of a frame that the sequence has."""
        return Spot(self.spec.path, t, self.files[t])

    def digest(self, t: Fraction) -> str | None:
        """Return the SHA-256 of the picture at a position, or None where there is none."""
        return self.folder.digest(t) if self.folder.holds(t) else None


def open_sequence(root: Path, path: str, times: Collection[Fraction], index: PictureIndex) -> OpenSequence:
    """Return a sequence, looked through.

    Args:
        root: The sequences directory.
        path: The path id.
        times: Positions to look for, beside those that the manifest lists.
        index: What is known of the files.

    Raises:
        NothingMatchedError: if there is no such sequence.
        UsageError: if its manifest or its ends cannot be used.
        StoreError: if it cannot be read.
    """
    place = root / path
    manifest = read_manifest(place) if path and Path(path).name == path else None
    if manifest is None:
        raise NothingMatchedError(f"no sequence {path!r} with a manifest; make it first")
    if manifest.spec is None or manifest.spec.path != path:
        raise UsageError(f"{str(place / MANIFEST)!r} is damaged or another sequence's; complete the sequence first")
    ends = own_ends(place, index)
    if isinstance(ends, str):
        raise UsageError(f"{ends}; complete the sequence first")
    folder = SequenceFolder(root, manifest.spec, ends, index)
    state = folder.take_stock(times, index.inspect(place, folder.files_to_inspect(times)))
    told = {frame.t for frame in manifest.frames if frame.made_from}
    silent = frozenset(t for t in state.frames if t not in told and folder.entry(t) is not None)
    return OpenSequence(manifest.spec, folder, state, silent)


def family_of(rig: Rig, root: Path, path: PathId) -> tuple[PathId, ...]:
    """Return the sequences on the disk that may share pictures with one, by the configuration; itself among them."""
    _, separator, pose = path.rpartition(SEPARATOR)
    there = (
        [sequence_at(base, PoseId(pose)) for base in rig.base_paths]
        if separator
        else [sequence_of(turn) for turn in rig.pose_paths]
    )
    ours = next((spec for spec in there if spec.path == path), None)
    if ours is None:
        return (path,)
    ends = {ours.first, ours.last}
    alike = {spec.path for spec in there if {spec.first, spec.last} == ends}
    return tuple(sorted(each for each in alike | {path} if each == path or (root / each / MANIFEST).is_file()))


def open_relatives(
    root: Path,
    family: Collection[PathId],
    sequence: OpenSequence,
    index: PictureIndex,
) -> list[OpenSequence]:
    """Return the others of a family that can be used and have the same ends as they lie there, in either direction."""
    found = []
    times = [t for t in sequence.files if t not in (START, END)]
    for path in family:
        if path == sequence.spec.path:
            continue
        try:
            other = open_sequence(root, path, [*times, *(END - t for t in times)], index)
        except (NothingMatchedError, UsageError, StoreError):
            continue  # what cannot be used now shares nothing now
        ours, theirs = ([each.digest(t) for t in (START, END)] for each in (sequence, other))
        if ours == (theirs if other.spec.first == sequence.spec.first else theirs[::-1]):
            found.append(other)
    return found


def same_picture(sequence: OpenSequence, other: OpenSequence, t: Fraction) -> Fraction | None:
    """Return the position at which a relative has the same picture as a sequence at `t`, or None.

    Where the sequence has none now: whether the relative's manifest says that its picture came from there.
    """
    there = t if other.spec.first == sequence.spec.first else END - t
    mine, theirs = sequence.folder.entry(t), other.folder.entry(there)
    if theirs is None:
        return None
    if mine is not None:
        return there if sequence.digest(t) == other.digest(there) else None
    return there if theirs.extra.get("shared_from") == sequence.spec.path else None


def amend_silent(sequence: OpenSequence, replaced: Collection[Fraction]) -> None:
    """Say of frames whose manifest is silent what they were made from, where that is about to be replaced.

    By halving, as every program of this kind makes them; with the digests of the pictures that lie there now.
    """
    parents = bisection_parents([t for t in sequence.usable if t not in (START, END)])
    touched = set(replaced)
    made_from = {}
    for t, pair in parents.items():
        if t not in replaced and touched.intersection(pair) and t in sequence.silent:
            touched.add(t)
            made_from[t] = tuple(Source(parent, sequence.folder.digest(parent)) for parent in pair)
    sequence.folder.amend(made_from)
