"""What the parts of a pair are called: by the regions that the user drew, else by where they lie, else by number.

A name that is wrong misleads more than none, so what is not clear stays `part 1`. Names decide nothing about how a part
is drawn.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from watercolor_rig.core.outlines import Outline
from watercolor_rig.engines.api import FACE
from watercolor_rig.imaging.change import Box, Mask, Region
from watercolor_rig.imaging.face_layout import name_by_place
from watercolor_rig.imaging.outlines import outlined
from watercolor_rig.imaging.parts import Part
from watercolor_rig.imaging.picture import Size

_HOLDS = 0.1
"""A region names a part if it holds this share of what changes in it; several that do name it together."""

_COUNTS = 0.02
"""A part with less change than this share of the largest one's is a speck: it is no part of a face by its place."""

_FACE_SHARE = 0.25
"""A lone part on more of the picture than this is the whole figure, painted anew or moved: the axes do not name it."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known of a pair's parts beforehand.

    Attributes:
        regions: Parts of the face by name, as the user drew them.
        changing: Axes of the rig on which the two expressions differ; () where that is not known.
    """

    regions: Mapping[str, Outline] = field(default_factory=dict)
    changing: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What is equal for equal labels, and can be looked up by."""
        return (*self.regions.items(), *self.changing)


def name_parts(found: Sequence[tuple[Region, Part]], labels: Labels, picture: Size) -> tuple[str, ...]:
    """Return a name for each part of a pair, in their order; no name is there twice.

    Args:
        found: Each part with the region that it belongs to.
        labels: What is known beforehand.
        picture: Width and height of the whole picture.
    """
    masks = {name: outlined(outline, picture) for name, outline in labels.regions.items() if name != FACE}
    drawn = {at: _by_regions(region, part, masks) for at, (region, part) in enumerate(found)}
    names = {at: name for at, name in drawn.items() if name}
    rest = [at for at in range(len(found)) if at not in names]
    if rest:
        large = [at for at in rest if _counts(found[at][1], [part for _, part in found])]
        places = name_by_place([found[at][1].box for at in large], labels.changing)
        names |= {large[at]: name for at, name in places.items() if name not in names.values()}
        if not names and len(large) == 1 and _is_within_a_face(found[large[0]][1].box, picture):
            names[large[0]] = _listed(labels.changing) or _numbered(large[0])
    return _distinct([names.get(at, _numbered(at)) for at in range(len(found))])


def is_numbered(name: str) -> bool:
    """Return whether a name says no more than a number."""
    return name.startswith("part ")


def _by_regions(region: Region, part: Part, masks: Mapping[str, Mask]) -> str:
    """Return the names of the regions that hold some of what changes in a part, most first, or ""."""
    changed = int(part.changed.sum())
    held = {name: int((mask[region.box.slices()] & part.changed).sum()) for name, mask in masks.items()}
    most = sorted((name for name in held if held[name] >= _HOLDS * max(1, changed)), key=lambda name: -held[name])
    return _listed(most)


def _counts(part: Part, parts: Sequence[Part]) -> bool:
    return int(part.changed.sum()) >= _COUNTS * max(int(each.changed.sum()) for each in parts)


def _is_within_a_face(box: Box, picture: Size) -> bool:
    return (box.right - box.left) * (box.bottom - box.top) <= _FACE_SHARE * picture[0] * picture[1]


def _numbered(at: int) -> str:
    return f"part {at + 1}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names, those that are there before with a number."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return tuple(told)
