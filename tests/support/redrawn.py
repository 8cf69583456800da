"""A small drawn face, its expressions, and what an image model makes of them."""

import cv2
import numpy as np

from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import from_premultiplied, to_premultiplied

SIZE = (240, 320)
"""Width and height, pixels."""

_SKIN, _HAIR, _LINE, _SHIRT = (236, 200, 172, 255), (120, 72, 44, 255), (40, 24, 20, 255), (70, 110, 160, 255)


def face(mouth_open_px: int = 0, *, eyes_shut: bool = False) -> Rgba:
    """Return a cut-out figure; `mouth_open_px` is the height of its mouth."""
    picture = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    cv2.rectangle(picture, (40, 225), (200, 319), _SHIRT, -1)
    for x in range(48, 200, 14):
        cv2.line(picture, (x, 232), (x - 6, 315), _LINE, 2, cv2.LINE_8)
    cv2.ellipse(picture, (120, 130), (84, 104), 0, 0, 360, _HAIR, -1)
    for x in range(46, 200, 12):
        cv2.line(picture, (120, 24), (x, 92 + (x % 5) * 3), _LINE, 1, cv2.LINE_8)
    cv2.ellipse(picture, (120, 145), (62, 76), 0, 0, 360, _SKIN, -1)
    cv2.ellipse(picture, (120, 145), (62, 76), 0, 0, 360, _LINE, 2)
    cv2.polylines(picture, [np.array([(118, 140), (112, 164), (122, 166)], np.int32)], isClosed=False, color=_LINE)
    for x in (94, 146):
        if eyes_shut:
            cv2.ellipse(picture, (x, 128), (14, 5), 0, 0, 180, _LINE, 3)
        else:
            cv2.ellipse(picture, (x, 126), (14, 10), 0, 0, 360, (250, 250, 250, 255), -1)
            cv2.ellipse(picture, (x, 126), (14, 10), 0, 0, 360, _LINE, 2)
            cv2.circle(picture, (x, 126), 6, (50, 90, 60, 255), -1)
    if mouth_open_px:
        cv2.ellipse(picture, (120, 190), (22, mouth_open_px), 0, 0, 360, (110, 30, 36, 255), -1)
        cv2.ellipse(picture, (120, 190), (22, mouth_open_px), 0, 0, 360, _LINE, 2)
    else:
        cv2.line(picture, (98, 190), (142, 190), _LINE, 3)
    return picture


def other_face(seed: int = 3) -> Rgba:
    """Return a drawing that has nothing to do with `face`."""
    source = np.random.default_rng(seed)
    picture = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    for _ in range(70):
        corner = source.integers(10, 220, 2)
        colour = tuple(int(value) for value in source.integers(0, 255, 3))
        ends = (int(corner[0]), int(corner[1])), (int(corner[0] + 30), int(corner[1] + source.integers(5, 60)))
        cv2.rectangle(picture, *ends, (*colour, 255), int(source.integers(1, 4)))
    return picture


def redrawn(
    picture: Rgba, *, dx: float = 0, dy: float = 0, scale: float = 1, turn_deg: float = 0, lightness: float = 0
) -> Rgba:
    """Return a picture as a model hands it back: moved about the middle, and lighter by some levels."""
    matrix = np.asarray(cv2.getRotationMatrix2D(((SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2), turn_deg, scale), np.float64)
    matrix[:, 2] += (dx, dy)
    moved = cv2.warpAffine(
        to_premultiplied(picture), matrix, SIZE, flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE
    )
    made = from_premultiplied(np.asarray(moved, np.float32))
    if lightness:
        lab = np.asarray(cv2.cvtColor(made[..., :3].astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)
        lab[..., 0] += lightness * 100 / 255
        rgb = np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32)
        made[..., :3] = np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8)
    return made
