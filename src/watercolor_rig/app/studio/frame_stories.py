"""What the ledger knows of frames: who drew them, what they cost, how long that took, and their earlier pictures."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from watercolor_rig.app.memory import Memory
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.views import FrameState, FrameView, SequenceView, TakeView
from watercolor_rig.core.errors import EngineUnavailableError
from watercolor_rig.core.prompts import tween_prompt
from watercolor_rig.core.rig import ExpressionId, PoseId, Rig
from watercolor_rig.core.times import END, START
from watercolor_rig.core.turn_prompts import Turn, turn_tween_prompt
from watercolor_rig.engines.registry import find_engine
from watercolor_rig.store.ledger_reading import LedgerReader, Payment, Take

_PARENTS = 2


class FrameStories:
    """Tells of frames; may be asked on any thread.

    Args:
        folders: The project.
    """

    def __init__(self, folders: StudioFolders) -> None:
        self._folders = folders
        self._memory = Memory(folders.project)

    def told(self, sequence: SequenceView, rig: Rig) -> SequenceView:
        """Return a sequence with what is known of each frame.

        Args:
            sequence: As it lies on the disk.
            rig: The config, which words the prompts.

        Raises:
            StoreError: if the ledger cannot be read.
        """
        ledger = self._memory.read_ledger()
        if ledger is None:
            frames = [self._told(sequence, frame, rig, [], {}) for frame in sequence.frames]
            return replace(sequence, frames=frames)
        with ledger:
            takes = {frame.file: ledger.takes_of_file(_file(sequence, frame)) for frame in sequence.frames}
            payments = _payments(ledger, [take for several in takes.values() for take in several])
        told = [self._told(sequence, frame, rig, takes[frame.file], payments) for frame in sequence.frames]
        return replace(sequence, frames=told)

    def takes(self, sequence: SequenceView, frame: FrameView) -> list[TakeView]:
        """Return the pictures that a frame has had, newest first.

        Raises:
            StoreError: if the ledger cannot be read.
        """
        ledger = self._memory.read_ledger()
        if ledger is None:
            return []
        with ledger:
            takes = ledger.takes_of_file(_file(sequence, frame))
            payments = _payments(ledger, takes)
        return [_take_view(take, payments.get(take.id), frame.digest) for take in reversed(takes)]

    def _told(
        self,
        sequence: SequenceView,
        frame: FrameView,
        rig: Rig,
        takes: list[Take],
        payments: Mapping[int, Payment],
    ) -> FrameView:
        size, made = _stamp(self._folders.project / _file(sequence, frame))
        current = next((take for take in reversed(takes) if take.picture == frame.digest), None)
        payment = payments.get(current.id) if current else None
        return replace(
            frame,
            bytes=size,
            made=None if frame.state is FrameState.KEY else (current.made if current else made),
            engine=frame.engine or (payment.engine if payment else None),
            model=frame.model or ((payment.model or None) if payment else None),
            cost_usd=None if payment is None or payment.cost_usd is None else float(payment.cost_usd),
            seconds=payment.seconds if payment else None,
            prompt=_prompt(sequence, frame, rig),
            takes=len(takes),
        )


def _payments(ledger: LedgerReader, takes: list[Take]) -> Mapping[int, Payment]:
    return ledger.payments_of([take.id for take in takes]) if takes else {}


def _file(sequence: SequenceView, frame: FrameView) -> str:
    return f"{sequence.folder}/{frame.file}"


def _stamp(path: Path) -> tuple[int | None, str | None]:
    try:
        status = path.stat()
    except OSError:
        return None, None
    return status.st_size, datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="seconds")


def _prompt(sequence: SequenceView, frame: FrameView, rig: Rig) -> str | None:
    """Return what an image model is told for a frame like this; None for an engine that hears no words."""
    if not frame.engine or not _hears_words(frame.engine) or not START < frame.t < END:
        return None
    times = [source.t for source in frame.made_from]
    start_t, end_t = (min(times), max(times)) if len(times) == _PARENTS else (START, END)
    if not start_t < frame.t < end_t:
        return None
    row = sequence.row
    start, end = ExpressionId(row.expr_start), ExpressionId(row.expr_end)
    if row.end_pose is not None:
        turn = Turn(start, PoseId(row.pose), PoseId(row.end_pose))
        return turn_tween_prompt(rig, turn, frame.t, (start_t, end_t), anchored=False)
    return tween_prompt(rig, start, end, PoseId(row.pose), frame.t, start_t, end_t, anchored=False)


@cache
def _hears_words(engine: str) -> bool:
    try:
        return find_engine(engine).traits.paid
    except EngineUnavailableError:
        return False


def _take_view(take: Take, payment: Payment | None, in_place: str | None) -> TakeView:
    origin = json.loads(take.origin)
    return TakeView(
        take=take.id,
        digest=take.picture,
        made=take.made,
        engine=payment.engine if payment else str(origin.get("engine", "")),
        model=payment.model if payment else str(origin.get("model", "")),
        cost_usd=None if payment is None or payment.cost_usd is None else float(payment.cost_usd),
        in_place=take.picture == in_place,
    )
