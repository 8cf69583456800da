"""Turns the drawings of the plan into what an engine is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from watercolor_rig.app.quality_tries import QualityTries
from watercolor_rig.core.easing import LINEAR, ease
from watercolor_rig.core.ids import PathId, endpoint_file
from watercolor_rig.core.plan import Drawing, Spot
from watercolor_rig.core.prompts import in_plain_words, sheet_prompt, tween_prompt
from watercolor_rig.core.rig import NEUTRAL, Rig
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.core.times import END, START, spell
from watercolor_rig.core.turn_prompts import Turn, turn_sheet_prompt, turn_tween_prompt
from watercolor_rig.engines.api import Care, SheetRequest, TweenRequest
from watercolor_rig.store.durable import read_file
from watercolor_rig.store.sequence_folder import SequenceFolder


def spell_spot(spot: Spot) -> str:
    """Return a frame's name in messages: `neutral_to_ah__center t=0.25`."""
    return f"{spot.path} t={spell(spot.t)}"


def name_call(drawings: Sequence[Drawing]) -> str:
    """Return the name of the call for some drawings of one sequence: `neutral_to_ah__center t=0.25,0.5,0.75`."""
    first, *others = (drawing.spot for drawing in drawings)
    return ",".join((spell_spot(first), *(spell(spot.t) for spot in others)))


def turn_of_spec(spec: SequenceSpec) -> Turn | None:
    """Return the turn of the head that a sequence shows, or None where the pose stays."""
    return Turn(spec.start, spec.pose, spec.last[1]) if spec.turns else None


@dataclass(frozen=True, slots=True)
class TweenRequests:
    """Reads the parents and words the prompt.

    Attributes:
        rig: What the pictures show, in words.
        specs: The sequences of the run.
        folders: Where their frames lie.
        endpoints_dir: Where the neutral of a pose lies.
        anchored: Whether the pose's neutral goes along as a third picture.
        easing: How the change goes with time, a key of `core.easing.EASINGS`.
        note: What the user asks of these frames in particular, in words, or "".
        in_plain_words: Frames that are asked for in plain words, because a service refused its own.
        tries: What was wrong with earlier answers of this run, and how often to ask.
        sheet: Whether the drawings of a call are wanted as the panels of one picture.
    """

    rig: Rig
    specs: Mapping[PathId, SequenceSpec]
    folders: Mapping[PathId, SequenceFolder]
    endpoints_dir: Path
    anchored: bool
    easing: str = LINEAR
    note: str = ""
    in_plain_words: set[Spot] = field(default_factory=set)
    tries: QualityTries[Spot] = field(default_factory=QualityTries)
    sheet: bool = False

    def reword(self, spot: Spot) -> bool:
        """Return whether a frame that a service has refused shall be asked for once more, now in plain words."""
        if not self.rig.reword_rejected or spot in self.in_plain_words:
            return False
        self.in_plain_words.add(spot)
        return True

    def request(self, drawings: Sequence[Drawing]) -> TweenRequest | SheetRequest:
        """Return what is asked for the drawings of a call: for the only one, or for all in one picture.

        Raises:
            StoreError: if a parent cannot be read.
        """
        if not self.sheet:
            return self.tween(drawings[0])
        plain = drawings[0].spot in self.in_plain_words
        panels = tuple(
            replace(self.tween(drawing), prompt=self._sheet_prompt([drawing], plain=plain)) for drawing in drawings
        )
        return SheetRequest(name_call(drawings), panels, self._sheet_prompt(drawings, plain=plain))

    def prompt(self, drawings: Sequence[Drawing]) -> str:
        """Return what an image model is told for the drawings of a call."""
        if not self.sheet:
            return self._tween_prompt(drawings[0])
        return self._sheet_prompt(drawings, plain=drawings[0].spot in self.in_plain_words)

    def tween(self, drawing: Drawing) -> TweenRequest:
        """Return the request for one drawing, with the bytes of the parents as they lie on the disk now.

        Raises:
            StoreError: if a parent cannot be read.
        """
        first, last = drawing.parents
        spec = self.specs[drawing.spot.path]
        anchor = self._anchor(drawing)
        return TweenRequest(
            name=spell_spot(drawing.spot),
            start=self._read(first.spot),
            end=self._read(last.spot),
            start_t=ease(first.t, self.easing),
            end_t=ease(last.t, self.easing),
            t=ease(drawing.spot.t, self.easing),
            prompt=self._tween_prompt(drawing),
            anchor=read_file(anchor) if anchor else None,
            care=self._care(drawing),
            regions={} if spec.turns else self.rig.regions.get(spec.pose, {}),
            changing=self.rig.changing_axes(spec.start, spec.end),
            turns=spec.turns,
        )

    def _care(self, drawing: Drawing) -> Care:
        """Return what becomes of the answer: the local engine cannot turn a head, so it never stands in for one."""
        care = self.tries.care(drawing.spot)
        return replace(care, fall_back=False) if self.specs[drawing.spot.path].turns else care

    def _sheet_prompt(self, drawings: Sequence[Drawing], *, plain: bool) -> str:
        spec = self.specs[drawings[0].spot.path]
        rig = in_plain_words(self.rig) if plain else self.rig
        times = [ease(drawing.spot.t, self.easing) for drawing in drawings]
        anchored = self._anchor(drawings[0]) is not None
        if turn := turn_of_spec(spec):
            return turn_sheet_prompt(rig, turn, times, anchored=anchored)
        return sheet_prompt(rig, spec.start, spec.end, spec.pose, times, anchored=anchored)

    def _tween_prompt(self, drawing: Drawing) -> str:
        spec = self.specs[drawing.spot.path]
        first, last = drawing.parents
        anchored = self._anchor(drawing) is not None
        t, first_t, last_t = (ease(t, self.easing) for t in (drawing.spot.t, first.t, last.t))
        plain = drawing.spot in self.in_plain_words
        rig = in_plain_words(self.rig) if plain else self.rig
        note, needs = "" if plain else self.note, self.tries.needs(drawing.spot)
        if turn := turn_of_spec(spec):
            return turn_tween_prompt(rig, turn, t, (first_t, last_t), anchored=anchored, note=note, needs=needs)
        return tween_prompt(
            rig, spec.start, spec.end, spec.pose, t, first_t, last_t, anchored=anchored, note=note, needs=needs
        )

    def missing_anchors(self) -> list[Path]:
        """Return the neutrals that are wanted as third pictures but are not there."""
        if not self.anchored:
            return []
        wanted = {self.endpoints_dir / endpoint_file(NEUTRAL, spec.pose) for spec in self.specs.values()}
        return sorted(path for path in wanted if not path.is_file())

    def _anchor(self, drawing: Drawing) -> Path | None:
        """Return the pose's neutral, unless it is not wanted, not there, or one of the two pictures already."""
        spec = self.specs[drawing.spot.path]
        first, last = drawing.parents
        rests = {START: spec.first, END: spec.last}
        is_parent = (NEUTRAL, spec.pose) in {rests.get(first.t), rests.get(last.t)}
        path = self.endpoints_dir / endpoint_file(NEUTRAL, spec.pose)
        return path if self.anchored and not is_parent and path.is_file() else None

    def _read(self, spot: Spot) -> bytes:
        return read_file(self.folders[spot.path].path / spot.file)
