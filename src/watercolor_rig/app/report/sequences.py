"""What the report tells of one sequence: its frames beside the nearer end, a looping preview, scores, cost.

Each frame is read once and let go, so a sequence of a thousand frames needs little more memory than one of three.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from watercolor_rig.app.report.frames import PICTURE_SIDE, Found, fault_of_size, find_picture, tell_frame
from watercolor_rig.app.report.remembered import Remembered
from watercolor_rig.app.studio.scores import FAULTS, Scores
from watercolor_rig.app.studio.scoring import score_each
from watercolor_rig.core.errors import PictureError, StoreError
from watercolor_rig.core.manifest import FrameEntry, Manifest, decode_manifest
from watercolor_rig.core.report import FrameShown, GroupShown
from watercolor_rig.core.times import END, START, spell_number
from watercolor_rig.export.frames import Frame, FrameSequence
from watercolor_rig.export.looping import looping_webp
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.store.durable import read_file
from watercolor_rig.store.sequence_folder import MANIFEST

_MIDDLE = Fraction(1, 2)
_LEAST_TO_PLAY = 2
_SOMETHING_ELSE = 2.0
"""Severity of a frame whose faults no single measure tells, such as a jump."""


def tell_sequence(folder: Path, remembered: Remembered) -> GroupShown:
    """Return what there is to show of a sequence; whatever is wrong with it is among that.

    Args:
        folder: With a manifest.
        remembered: The project's memory.
    """
    cost = remembered.cost(folder.name)
    try:
        manifest = decode_manifest(read_file(folder / MANIFEST))
    except StoreError as error:
        return GroupShown(folder.name, "sequence", "", cost, (), notes=(str(error),))
    if not manifest.frames:
        note = "its manifest lists no frames; make the sequence again, or let 'watercolor-rig doctor --fix' mend it"
        return GroupShown(folder.name, "sequence", "", cost, (), notes=(note,))
    frames = tuple(_Reader(folder, manifest, remembered).told())
    preview, notes = _preview(folder, manifest, frames)
    return GroupShown(folder.name, "sequence", _about(manifest, frames), cost, frames, preview, notes)


class _Reader:
    """Reads the frames of one sequence, one after the other."""

    def __init__(self, folder: Path, manifest: Manifest, remembered: Remembered) -> None:
        self._folder = folder
        self._entries = manifest.frames
        self._remembered = remembered
        self._shown: list[FrameShown] = []
        self._start, self._end = self._found(START), self._found(END)
        if self._start and self._end and fault_of_size(self._end, self._start):
            self._end = None

    def _found(self, t: Fraction) -> Found | None:
        found = [find_picture(self._folder / entry.file) for entry in self._entries if entry.t == t]
        return next((each for each in found if isinstance(each, Found)), None)

    def told(self) -> list[FrameShown]:
        """Return every frame, with the measures of its pixels where no judge has looked at it."""
        unjudged = any("quality" not in entry.extra for entry in self._entries if entry.t not in (START, END))
        scores: list[Scores] = []
        if unjudged and self._start and self._end:
            scores = list(score_each(self._read(), self._start.pixels, self._end.pixels))
        else:
            for _ in self._read():
                pass
        measured = iter(scores)
        return [
            frame if frame.broken or not scores else _with_scores(frame, next(measured), entry)
            for frame, entry in zip(self._shown, self._entries, strict=True)
        ]

    def _read(self) -> Iterator[tuple[Fraction, Rgba]]:
        """Note what there is to show of each frame; yield those that can be shown."""
        for entry in self._entries:
            name = f"t = {spell_number(float(entry.t))}"
            found = find_picture(self._folder / entry.file)
            model = self._start or self._end
            fault = found if isinstance(found, str) else fault_of_size(found, model) if model else ""
            if isinstance(found, str) or fault:
                self._shown.append(FrameShown(name, entry.file, broken=fault))
                continue
            self._shown.append(tell_frame(name, found, self._reference(entry), self._remembered, entry.extra))
            yield entry.t, found.pixels

    def _reference(self, entry: FrameEntry) -> Found | None:
        """Return the nearer end; the last drawing is compared with the first, which is compared with nothing."""
        if entry.t == START:
            return None
        return self._start if entry.t in (_MIDDLE, END) or entry.t < _MIDDLE else self._end


def _with_scores(frame: FrameShown, scores: Scores, entry: FrameEntry) -> FrameShown:
    if entry.t in (START, END) or frame.score is not None:
        return frame
    measured = {"progress": scores.progress, "step": scores.step, "stray": scores.stray}
    over = [scores.stray / FAULTS.stray]
    if scores.drift_px is not None:
        measured["drift_px"] = scores.drift_px
        over.append(scores.drift_px / FAULTS.drift_px)
    severity = max([*over, _SOMETHING_ELSE] if scores.faults and max(over) < 1 else over)
    return replace(frame, faults=scores.faults, measured=measured, severity=severity)


def _preview(folder: Path, manifest: Manifest, frames: tuple[FrameShown, ...]) -> tuple[bytes | None, tuple[str, ...]]:
    """Return the frames that can be shown as a loop, and what there is to say about that."""
    good = [
        Frame(entry.t, partial(read_file, folder / entry.file), entry.file)
        for entry, frame in zip(manifest.frames, frames, strict=True)
        if not frame.broken
    ]
    if len(good) < _LEAST_TO_PLAY:
        return None, ("fewer than two frames can be shown, so there is nothing to play",)
    try:
        return looping_webp(FrameSequence(folder.name, good), max_side=PICTURE_SIDE), ()
    except (PictureError, StoreError) as error:
        return None, (f"cannot be played: {error}",)


def _about(manifest: Manifest, frames: tuple[FrameShown, ...]) -> str:
    spec = manifest.spec
    way = ""
    if spec and spec.turns:
        way = f"{spec.start}, pose {spec.pose} to {spec.last[1]}. "
    elif spec:
        way = f"{spec.start} to {spec.end}, pose {spec.pose}. "
    makers = Counter(frame.made_by for frame in frames if frame.made_by)
    drawn = ", ".join(f"{count} by {maker}" for maker, count in makers.most_common())
    return f"{way}{len(frames)} frame{'s' * (len(frames) != 1)}{f': {drawn}' if drawn else ''}."
