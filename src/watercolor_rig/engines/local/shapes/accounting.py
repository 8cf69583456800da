"""Whether the matched parts account for what changes: a part in a place that is half understood is better left alone."""

from collections.abc import Sequence

import cv2
import numpy as np

from watercolor_rig.engines.local.shapes.features import Feature, comparable
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied

_CLEARLY = 0.1
_JOIN_PX = 5
_ACCOUNTED = 0.8
_EDGE_PX = 2


def accounted_for(
    first: Premultiplied, second: Premultiplied, pairs: Sequence[tuple[Feature, ...]]
) -> list[bool]:
    """Return for each group of features whether it stands in places whose changes are accounted for.

    Changes that lie close together are one place; it is accounted for if nearly all of them lie within the
    silhouettes of features.

    Args:
        first: float32, (height, width, 4).
        second: The same shape.
        pairs: The features that are to be drawn as shapes: both of a pair, or one alone.
    """
    changed = np.abs(comparable(first) - comparable(second)).max(axis=2) > _CLEARLY
    side = 2 * _JOIN_PX + 1
    joined = cv2.dilate(changed.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    count, places = cv2.connectedComponents(joined)
    silhouettes = [_silhouette(features) for features in pairs]
    explained = np.zeros_like(changed)
    for silhouette in silhouettes:
        explained |= silhouette
    total = np.bincount(places[changed], minlength=count)
    known = np.bincount(places[changed & explained], minlength=count)
    good = known >= _ACCOUNTED * total
    answers = []
    for silhouette in silhouettes:
        touched = np.bincount(places[silhouette & changed], minlength=count)
        answers.append(bool(touched.sum() > 0 and touched[good].sum() >= _ACCOUNTED * touched.sum()))
    return answers


def _silhouette(features: tuple[Feature, ...]) -> Mask:
    covered: Mask = np.max([feature.soft for feature in features], axis=0) > 0.02  # noqa: PLR2004 - what shows at all
    side = 2 * _EDGE_PX + 1
    return cv2.dilate(covered.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
