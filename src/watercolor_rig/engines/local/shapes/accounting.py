"""Whether the matched parts account for what changes: a part beside what is not understood is better left alone."""

from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np

from watercolor_rig.engines.local.shapes.features import Feature, comparable
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
    unknown = (changed & ~explained).astype(np.uint8)
    count, places = cv2.connectedComponents(unknown)
    sizes = np.bincount(places.ravel(), minlength=count)
    answers = []
    for silhouette in silhouettes:
        touched = np.unique(places[silhouette | _beside(silhouette)])
        strange = sizes[touched[touched > 0]].sum()
        answers.append(bool(strange <= _STRANGE * (changed & silhouette).sum()))
    return answers


def _beside(silhouette: Mask) -> Mask:
    side = 2 * _NEAR_PX + 1
    return cv2.dilate(silhouette.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def _silhouette(features: Features) -> Mask:
    covered: Mask = np.max([feature.soft for feature in features], axis=0) > 0.02  # noqa: PLR2004 - what shows at all
    side = 2 * _EDGE_PX + 1
    return cv2.dilate(covered.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
