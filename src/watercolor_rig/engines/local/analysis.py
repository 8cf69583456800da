"""All that a pair of ends needs worked out once, for every position between them."""

from dataclasses import dataclass

from watercolor_rig.engines.local.candidates import Candidate, FlowCandidate
from watercolor_rig.engines.local.shapes.candidate import ShapeCandidate
from watercolor_rig.imaging.change import Region, regions_that_may_move
from watercolor_rig.imaging.composing import PicturePair, compose
from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.registration import Registration, estimate_registration


@dataclass(frozen=True, slots=True)
class PairAnalysis:
    """A pair of ends, ready to be drawn at any share of the way.

    Attributes:
        pair: The two ends.
        candidates: The regions that may move, each with what draws it.
        notes: What the user should know about the pair.
    """

    pair: PicturePair
    candidates: tuple[tuple[Region, Candidate], ...]
    notes: tuple[str, ...]

    @property
    def method(self) -> str:
        """How the frames are made: `shape` if any region is drawn by its shapes, else `flow`."""
        return "shape" if any(candidate.method == "shape" for _, candidate in self.candidates) else "flow"

    def at(self, share: float) -> Rgba:
        """Return the picture at `share` of the way (0 < share < 1): uint8, (height, width, 4), straight alpha."""
        return compose(self.pair, ((region, candidate.at(share)) for region, candidate in self.candidates))


def analyse(pair: PicturePair) -> PairAnalysis:
    """Find what may move in a pair and prepare to draw it."""
    regions = regions_that_may_move(pair.start, pair.end)
    registration = estimate_registration(pair.start, pair.end)
    candidates = tuple((region, _best(pair, region)) for region in regions)
    return PairAnalysis(pair, candidates, () if registration.is_registered else (_warning(registration),))


def _best(pair: PicturePair, region: Region) -> Candidate:
    """Return the shapes where there are any that redraw the ends, else the flow."""
    shapes = ShapeCandidate(pair, region)
    return shapes if shapes.confidence > FlowCandidate.confidence else FlowCandidate(pair, region)


def _warning(found: Registration) -> str:
    return (
        f"the two ends are not registered: their lines lie about {found.shift_px:.0f} px apart and "
        f"{found.changed_share:.0%} of them differ, so the whole figure will move; if it should stand still, align the "
        "end picture to the start, or draw it as an edit of it, and run again with --refresh"
    )
