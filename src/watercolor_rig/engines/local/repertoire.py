"""Every way of drawing a region, by name; a further one is one more line in `_MAKERS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from watercolor_rig.core.errors import EngineUnavailableError
from watercolor_rig.engines.local.candidates import Candidate, FadeCandidate, FlowCandidate
from watercolor_rig.engines.local.cut import Cut
from watercolor_rig.engines.local.learned import LearnedCandidate
from watercolor_rig.engines.local.network import FlowNetwork, load_network
from watercolor_rig.engines.local.options import AUTO, LocalOptions
from watercolor_rig.engines.local.shapes.candidate import ShapeCandidate
from watercolor_rig.imaging.composing import PicturePair
from watercolor_rig.imaging.parts import Part

_LEAST_CONFIDENCE = 0.5
"""Shapes that redraw less of the change between the ends than this are not offered."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What a candidate is made from.

    Attributes:
        pair: The two ends.
        cut: The region with its surroundings.
        parts: The parts of the region.
        network: The learned flow, or None where it cannot be used.
    """

    pair: PicturePair
    cut: Cut
    parts: tuple[Part, ...]
    network: FlowNetwork | None


def _shape(material: Material) -> Candidate | None:
    shapes = ShapeCandidate(material.pair, material.cut.region)
    return shapes if shapes.confidence > _LEAST_CONFIDENCE else None


def _learned(material: Material) -> Candidate | None:
    return LearnedCandidate(material.cut, material.parts, material.network) if material.network else None


_MAKERS: Mapping[str, Callable[[Material], Candidate | None]] = {
    "shape": _shape,
    "flow": lambda material: FlowCandidate(material.cut),
    "learned": _learned,
    "fade": lambda material: FadeCandidate(material.cut),
}

_CHOSEN_FROM = ("shape", "flow", "learned")
_FALLBACK = "flow"


def candidates_for(material: Material, method: str) -> dict[str, Candidate]:
    """Return the candidates that a region is chosen from, by method.

    Args:
        material: What they are made from.
        method: The only one wanted, or `auto`; where that one cannot draw the region, flow does.
    """
    wanted = _CHOSEN_FROM if method == AUTO else (method,)
    made = {name: _MAKERS[name](material) for name in wanted}
    usable = {name: candidate for name, candidate in made.items() if candidate is not None}
    return usable or {_FALLBACK: FlowCandidate(material.cut)}


def network_for(options: LocalOptions) -> tuple[FlowNetwork | None, str]:
    """Return the network if this process can use it and the options want it, and else what to tell the user."""
    if options.method not in (AUTO, "learned"):
        return None, ""
    try:
        return load_network(options.device), ""
    except EngineUnavailableError as error:
        return None, f"{error}; until then shapes and optical flow draw everything"
