"""Scores of frames: what they are, when they are conspicuous, and where they are kept once they were measured."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Self

from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.pictures import keep
from watercolor_rig.app.studio.views import SequenceView
from watercolor_rig.app.studio.workers import PixelWorkers

_VERSION = "scores1"
"""Part of every kept file's name: another number measures all of them anew."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What was measured of one frame, each from 0 to 1 except `drift_px`.

    Attributes:
        step: Mean difference to the frame before, in what can be seen.
        progress: Distance to the start over the sum of the distances to both ends.
        changed: Share of the pixels that differ visibly from the start.
        stray: Share of the pixels that differ visibly from both ends where nothing may move.
        drift_px: How far what should stand still has slid, in pixels; None where it cannot be told.
        faults: What is conspicuous, in words.
    """

    step: float
    progress: float
    changed: float
    stray: float
    drift_px: float | None
    faults: tuple[str, ...]

    def with_faults(self, faults: tuple[str, ...]) -> Self:
        """Return the scores with the faults that were found in them."""
        return replace(self, faults=faults)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a score is conspicuous; chosen so that the local engine's frames of the examples say nothing.

    Attributes:
        stray: Share of the picture.
        drift_px: Pixels; from here the outline of a still part visibly doubles.
        detour: How many times longer the way by a frame may be than the way past it; lines that move on by more than
            their width make it 2.
        backwards: How much nearer to the start a frame may look than the one before it, as a share of the way.
    """

    stray: float = 0.0005
    drift_px: float = 1.5
    detour: float = 2.5
    backwards: float = 0.2

    def find(self, scores: Scores, t: float, detour: float, ahead: float) -> Iterator[str]:
        """Yield what is conspicuous of a tween, in words.

        Args:
            scores: What was measured.
            t: Its position.
            detour: How much longer the way by this frame is than past it.
            ahead: The progress of the frame before.
        """
        if scores.stray > self.stray:
            yield f"{scores.stray:.1%} of the picture has changed where nothing should move"
        if scores.drift_px is not None and scores.drift_px >= self.drift_px:
            yield f"what should stand still has slid by {scores.drift_px:.1f} px"
        if detour > self.detour:
            yield "jumps: it is far from both of its neighbours, which are near each other"
        if scores.progress < ahead - self.backwards:
            yield f"goes backwards: at t={t:g} it looks nearer to the start than the frame before it"


FAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class ScoredFrame:
    """A frame and its scores."""

    t: Fraction
    digest: str
    scores: Scores


class ScoreKeeper:
    """Measures sequences in workers and remembers the scores by the pictures' digests.

    Args:
        folders: Where the project lies.
        workers: Who measures.
    """

    def __init__(self, folders: StudioFolders, workers: PixelWorkers) -> None:
        self._sequences = folders.sequences
        self._kept = folders.state / "cache" / _VERSION
        self._workers = workers

    def scores(self, sequence: SequenceView) -> list[ScoredFrame]:
        """Return the scores of every frame of a sequence whose picture can be used; nothing for fewer than three.

        Raises:
            PictureError: if a picture cannot be decoded, or was replaced meanwhile.
            StoreError: if no worker can be started.
        """
        frames = [(frame.t, frame.digest, frame.file) for frame in sequence.frames if frame.digest]
        folder = self._sequences / sequence.row.path_id
        there = [(t, digest, folder / file) for t, digest, file in frames if (folder / file).is_file()]
        if len(there) < 3 or there[0][0] != 0 or there[-1][0] != 1:  # noqa: PLR2004 - two ends and one between
            return []
        file = self._kept / f"{_key(there)}.json"
        measured = _read(file)
        if measured is None or len(measured) != len(there):
            asked = [(str(t), str(path), digest) for t, digest, path in there]
            measured = self._workers.run(score_files, asked)
            keep(file, json.dumps([asdict(scores) for scores in measured]).encode())
        return [ScoredFrame(t, digest, scores) for (t, digest, _), scores in zip(there, measured, strict=True)]


def score_files(files: Sequence[tuple[str, str, str]]) -> list[Scores]:
    """Return the scores of frames, in a worker.

    Args:
        files: Position, path and digest of each, ascending.

    Raises:
        PictureError: if one cannot be decoded, is another one by now, or has another size than the first.
    """
    from watercolor_rig.app.studio.scoring import score  # noqa: PLC0415 - needs the image libraries
    from watercolor_rig.core.errors import PictureError  # noqa: PLC0415 - as above
    from watercolor_rig.imaging.picture import decode  # noqa: PLC0415 - as above
    from watercolor_rig.store.durable import read_file  # noqa: PLC0415 - as above

    frames = []
    for t, path, digest in files:
        data = read_file(Path(path))
        if hashlib.sha256(data).hexdigest() != digest:
            raise PictureError(f"{Path(path).name} was replaced while it was looked at; ask again")
        frames.append((Fraction(t), decode(data, Path(path).name)))
        if frames[-1][1].shape != frames[0][1].shape:
            raise PictureError(f"{Path(path).name} has another size than the first frame; make it again")
    return score(frames)


def _key(frames: Sequence[tuple[Fraction, str, Path]]) -> str:
    text = "\n".join(f"{t} {digest}" for t, digest, _ in frames)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(file: Path) -> list[Scores] | None:
    with suppress(OSError, ValueError, TypeError):
        kept = json.loads(file.read_bytes())
        return [Scores(**{**entry, "faults": tuple(entry["faults"])}) for entry in kept]
    return None
