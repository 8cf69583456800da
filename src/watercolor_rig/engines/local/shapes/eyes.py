"""Telling eyes from mouths: an eye closes by its lids, a mouth by its lips.

An eye's inside stays where it is and is covered; a mouth's moves with the lips. Two shapes of one size beside each
other that close in the same way are eyes. So is a single one that is light along its edge and holds something dark
and round.
"""

import cv2
import numpy as np

from watercolor_rig.engines.local.shapes.features import Feature, comparable
from watercolor_rig.engines.local.shapes.masks import areas, shrunk
from watercolor_rig.engines.local.shapes.outlines import Soft
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied

_LIGHT = 0.62
_DARKER = 0.3
_LIGHT_RIM = 0.5
_LEAST_IRIS = 0.04


def are_a_pair(one: Feature, other: Feature) -> bool:
    """Return whether two shapes lie beside each other and are of one size, as eyes do."""
    sizes = [(each.box.right - each.box.left, each.box.bottom - each.box.top) for each in (one, other)]
    ratio = np.array(sizes[0]) / np.array(sizes[1])
    apart = np.abs(one.centre - other.centre)
    width, height = np.mean(sizes, axis=0)
    alike = bool((ratio < 1.7).all() and (ratio > 1 / 1.7).all())  # noqa: PLR2004 - perspective of a turned head
    return alike and bool(0.9 * width < apart[0] < 5 * width and apart[1] < 0.6 * max(height, 0.6 * width))


def looks_like_eye(feature: Feature, picture: Premultiplied) -> bool:
    """Return whether a shape has a light rim inside its outline and something dark and round in it.

    Args:
        feature: The shape.
        picture: float32, (height, width, 4): the end it is part of.
    """
    cut = feature.box.slices()
    light = comparable(picture[cut])[..., :3].min(axis=2)
    inside = _innermost(feature.soft[cut] > 0.9, light, float(feature.colour[:3].min()))  # noqa: PLR2004 - pure
    if inside.sum() < 12:  # noqa: PLR2004 - too small to tell
        return False
    rim = inside & ~shrunk(inside, 1)
    white = light > _LIGHT
    if white[rim].mean() < _LIGHT_RIM:
        return False
    dark = areas(inside & (light < np.median(light[inside & white]) - _DARKER))
    if len(dark) < 2:  # noqa: PLR2004 - nothing but the background
        return False
    largest = 1 + int(np.argmax(dark.sizes[1:]))
    box, area = dark.boxes[largest], int(dark.sizes[largest])
    width, height = box.right - box.left, box.bottom - box.top
    compact = area / (width * height) > 0.5 and 0.4 < width / height < 2.5  # noqa: PLR2004 - a disc fills 0.79
    return bool(compact and area > _LEAST_IRIS * inside.sum())


def _innermost(solid: Mask, light: Soft, outline: float) -> Mask:
    """Return the silhouette without its outline: what the largest area unlike the outline encloses."""
    other = areas(solid & (np.abs(light - outline) > _DARKER), connectivity=4)
    if len(other) < 2:  # noqa: PLR2004 - nothing but the background
        return np.zeros_like(solid)
    largest = (other.labels == 1 + int(np.argmax(other.sizes[1:]))).astype(np.uint8)
    found, _ = cv2.findContours(largest, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = np.zeros_like(largest)
    cv2.fillPoly(hull, [cv2.convexHull(np.vstack(found))], (1,))
    inside: Mask = (hull > 0) & solid
    return inside
