"""The analysis of a pair opened up for people: every part with every way of drawing it."""

from collections.abc import Iterator

import numpy as np

from watercolor_rig.core.inspection import Inspection, PartShown, WayShown
from watercolor_rig.engines.local.analysis import DrawnRegion, PairAnalysis, analyse
from watercolor_rig.engines.local.choosing import LOOKED_AT, Choice
from watercolor_rig.engines.local.naming import Labels
from watercolor_rig.engines.local.options import LocalOptions
from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.composing import compose, decode_pair
from watercolor_rig.imaging.picture import Rgba, encode_png

_MARGIN_PX = 12


def inspect_pair(start: bytes, end: bytes, name: str, options: LocalOptions, labels: Labels) -> Inspection:
    """Return what the engine sees in a pair, and how each way would draw it.

    Args:
        start: The file's bytes.
        end: The file's bytes.
        name: What errors call the pair.
        options: As for drawing.
        labels: What is known of the names of its parts.

    Raises:
        PictureError: if an end cannot be decoded or the sizes differ.
        EngineError: if the network fails.
    """
    analysis = analyse(decode_pair(start, end, name), options, labels, keep_all=True)
    found = ((drawn, choice) for drawn in analysis.regions for choice in drawn.choices)
    parts = tuple(
        _shown(analysis, drawn, choice, called) for called, (drawn, choice) in zip(analysis.names, found, strict=True)
    )
    return Inspection(parts, analysis.notes)


def _shown(analysis: PairAnalysis, drawn: DrawnRegion, choice: Choice, name: str) -> PartShown:
    pair = analysis.pair
    box = choice.part.box.grown(_MARGIN_PX, pair.start.shape)
    ways = sorted(choice.verdicts, key=lambda way: (way != choice.method, choice.verdicts[way].badness))
    return PartShown(
        name=name,
        box=(choice.part.box.left, choice.part.box.top, choice.part.box.right, choice.part.box.bottom),
        method=choice.method,
        positions=LOOKED_AT,
        ends=(_cut(pair.start, box), _cut(pair.end, box)),
        mask=_cut(_mask(analysis, drawn, choice), box),
        ways=tuple(
            WayShown(
                method=way,
                score=choice.verdicts[way].badness,
                findings=choice.verdicts[way].findings(),
                pictures=tuple(_pictures(analysis, drawn, way, box)),
            )
            for way in ways
        ),
    )


def _pictures(analysis: PairAnalysis, drawn: DrawnRegion, way: str, box: Box) -> Iterator[bytes]:
    for share in LOOKED_AT:
        made = compose(analysis.pair, [(drawn.region, drawn.candidates[way].at(share))])
        yield _cut(made, box)


def _mask(analysis: PairAnalysis, drawn: DrawnRegion, choice: Choice) -> Rgba:
    """Return what changes in white, where the region may move in grey, everything else in black."""
    shown = np.zeros_like(analysis.pair.start)
    shown[..., 3] = 255
    inside = shown[drawn.region.box.slices()]
    inside[choice.part.area, :3] = 90
    inside[choice.part.changed, :3] = 255
    return shown


def _cut(picture: Rgba, box: Box) -> bytes:
    return encode_png(np.ascontiguousarray(picture[box.slices()]))
