"""All that a pair of ends needs worked out once, for every position between them."""

from collections.abc import Iterator
from dataclasses import dataclass

from watercolor_rig.core.json import Json
from watercolor_rig.engines.local.candidates import Candidate
from watercolor_rig.engines.local.choosing import POOR, Choice, ChosenCandidate, choose
from watercolor_rig.engines.local.cut import cut_out
from watercolor_rig.engines.local.learned import LearnedCandidate
from watercolor_rig.engines.local.naming import Labels, is_numbered, name_parts
from watercolor_rig.engines.local.network import FlowNetwork
from watercolor_rig.engines.local.options import LocalOptions
from watercolor_rig.engines.local.repertoire import Material, candidates_for, network_for
from watercolor_rig.imaging.change import Box, Region, regions_that_may_move
from watercolor_rig.imaging.composing import PicturePair, compose
from watercolor_rig.imaging.parts import parts_of
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.registration import Registration, estimate_registration

_NO_WISHES = LocalOptions()
_NO_LABELS = Labels()

_MIXED = "chosen"
"""What the manifest calls a frame whose parts are drawn in several ways."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnRegion:
    """A region with what draws it.

    Attributes:
        region: The region.
        candidates: What draws it, by method; for a close look also what else could.
        choices: What was chosen for each of its parts.
        drawing: Draws it as chosen.
    """

    region: Region
    candidates: dict[str, Candidate]
    choices: tuple[Choice, ...]
    drawing: ChosenCandidate


@dataclass(frozen=True, slots=True, eq=False)
class PairAnalysis:
    """A pair of ends, ready to be drawn at any share of the way.

    Attributes:
        pair: The two ends.
        regions: The regions that may move, each with what draws it.
        names: What each part is called, in the order of the regions and their choices.
        notes: What the user should know about the pair.
    """

    pair: PicturePair
    regions: tuple[DrawnRegion, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def method(self) -> str:
        """How the frames are made: the method of all parts, or `chosen` where they differ."""
        methods = {choice.method for choice in self._choices()}
        return methods.pop() if len(methods) == 1 else _MIXED if methods else "none"

    @property
    def facts(self) -> dict[str, Json]:
        """What the manifest tells of each part: its name, box, method and score, and how the others did."""
        return {"components": [_told(*each) for each in zip(self.names, self._choices(), strict=True)]}

    def at(self, share: float) -> Rgba:
        """Return the picture at `share` of the way (0 < share < 1): uint8, (height, width, 4), straight alpha."""
        return compose(self.pair, ((drawn.region, drawn.drawing.at(share)) for drawn in self.regions))

    def _choices(self) -> Iterator[Choice]:
        for drawn in self.regions:
            yield from drawn.choices


def analyse(
    pair: PicturePair,
    options: LocalOptions = _NO_WISHES,
    labels: Labels = _NO_LABELS,
    *,
    keep_all: bool = False,
    turns: bool = False,
) -> PairAnalysis:
    """Find what may move in a pair and prepare to draw it.

    Args:
        pair: The two ends.
        options: What the user asks.
        labels: What is known of the names of its parts.
        keep_all: Keep the candidates that were not chosen, too.
        turns: The head is meant to turn, so that the whole figure may move.
    """
    network, missing = network_for(options)
    registration = estimate_registration(pair.start, pair.end)
    regions = regions_that_may_move(pair.start, pair.end)
    drawn = [_drawn(pair, region, network, options, keep_all=keep_all) for region in regions]
    found = [(each.region, choice) for each in drawn for choice in each.choices]
    height, width = pair.start.shape[:2]
    names = name_parts([(region, choice.part) for region, choice in found], labels, (width, height))
    moved = "" if registration.is_registered else _TURN if turns else _warning(registration)
    notes = [note for note in (missing, moved) if note]
    poor = [(name, choice.part.box) for name, (_, choice) in zip(names, found, strict=True) if choice.score >= POOR]
    if poor and registration.is_registered:
        notes.append(_advice(poor))
    return PairAnalysis(pair, tuple(drawn), names, tuple(notes))


def _drawn(
    pair: PicturePair, region: Region, network: FlowNetwork | None, options: LocalOptions, *, keep_all: bool
) -> DrawnRegion:
    cut = cut_out(pair, region)
    ends = cut.first[cut.inner], cut.second[cut.inner]
    parts = parts_of(region, *ends, max(pair.start.shape[:2]))
    candidates = candidates_for(Material(pair, cut, parts, network), options.method)
    choices = choose({method: _draft_of(each) for method, each in candidates.items()}, parts, ends, try_all=keep_all)
    used = {choice.method: candidates[choice.method] for choice in choices}
    return DrawnRegion(region, candidates if keep_all else used, choices, ChosenCandidate(used, choices))


def _draft_of(candidate: Candidate) -> Candidate:
    return candidate.draft() if isinstance(candidate, LearnedCandidate) else candidate


def _told(name: str, choice: Choice) -> Json:
    return {
        "name": name,
        "box": list(choice.part.box),
        "method": choice.method,
        "score": round(choice.score, 3),
        "parts": {name: round(value, 3) for name, value in choice.verdicts[choice.method].findings().items()},
        "others": {
            method: round(verdict.badness, 3) for method, verdict in choice.verdicts.items() if method != choice.method
        },
    }


def _advice(poor: list[tuple[str, Box]]) -> str:
    return (
        f"no method draws {', '.join(map(_place, *zip(*poor, strict=True)))} well, so its in-betweens may look broken; "
        "draw one more expression in between and let two short paths meet there, or make this sequence with an image "
        "service"
    )


def _place(name: str, box: Box) -> str:
    what = "the change" if is_numbered(name) else f"the {name}"
    return f"{what} at {box.left},{box.top} ({box.right - box.left}x{box.bottom - box.top} px)"


_TURN = (
    "the head turns: lines that both poses show move on, but what comes into view or goes out of it can only fade; "
    "look at the frame in the middle, and where it is bad draw a pose in between, or make this sequence with an image "
    "service"
)
"""Said of a turn of the head whose ends do not lie on each other."""


def _warning(found: Registration) -> str:
    return (
        f"the two ends are not registered: their lines lie about {found.shift_px:.0f} px apart and "
        f"{found.changed_share:.0%} of them differ, so the whole figure will move; if it should stand still, align the "
        "end picture to the start, or draw it as an edit of it, and run again with --refresh"
    )
