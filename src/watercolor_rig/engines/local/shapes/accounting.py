"""Whether the matched parts account for what changes: a part beside what is not understood is better left alone."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from watercolor_rig.engines.local.shapes.features import Feature, comparable
from watercolor_rig.engines.local.shapes.masks import areas, grown
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied

Features: TypeAlias = tuple[Feature, ...]

_CLEARLY = 0.1
_NEAR_PX = 2
_STRANGE = 0.3
_EDGE_PX = 2


def accounted_for(first: Premultiplied, second: Premultiplied, parts: Mask, groups: Sequence[Features]) -> list[bool]:
    """Return for each group of features whether what changes beside it is accounted for.

    Args:
        first: float32, (height, width, 4).
        second: The same shape.
        parts: bool, (height, width): where either end shows a part, understood or not.
        groups: The features that are to be drawn as shapes: both of a pair, or one alone.
    """
    changed = (np.abs(comparable(first) - comparable(second)).max(axis=2) > _CLEARLY) & parts
    silhouettes = [_silhouette(features) for features in groups]
    explained = np.zeros_like(changed)
    for silhouette in silhouettes:
        explained |= silhouette
    unknown = areas(changed & ~explained)
    answers = []
    for silhouette in silhouettes:
        touched = np.unique(unknown.labels[grown(silhouette, _NEAR_PX)])
        strange = unknown.sizes[touched[touched > 0]].sum()
        answers.append(bool(strange <= _STRANGE * (changed & silhouette).sum()))
    return answers


def _silhouette(features: Features) -> Mask:
    covered: Mask = np.max([feature.soft for feature in features], axis=0) > 0.02  # noqa: PLR2004 - what shows at all
    return grown(covered, _EDGE_PX)
