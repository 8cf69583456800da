"""Faces drawn from formulas, smooth at every share of the way: the truth that in-betweens are held against."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.picture import Rgba

SKIN, INK, CAVITY, WHITE = (240, 205, 175), (25, 15, 15), (150, 40, 60), (255, 255, 255)
SIZE = 160
_SUB = 8

Drawing = npt.NDArray[np.uint8]


def drawn(paint: Callable[[Drawing], None], size: int = SIZE) -> Rgba:
    """Return what `paint` draws on skin, antialiased, opaque; it is given a canvas `_SUB` times as large."""
    canvas = np.empty((size * _SUB, size * _SUB, 3), np.uint8)
    canvas[:] = SKIN
    paint(canvas)
    small = cv2.resize(canvas, (size, size), interpolation=cv2.INTER_AREA)
    return np.dstack([small, np.full((size, size), 255, np.uint8)])


def spots(points: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    """Return points in pixels as `cv2` takes them on the large canvas."""
    return np.rint((points + 0.5) * _SUB).astype(np.int32)[:, None]


def mouth(openness: float, *, weight: float = 5, half_height: float = 24) -> Rgba:
    """Return a mouth: a line that parts into an upper and a lower one around a cavity."""
    across = np.linspace(-1, 1, 200)
    bow = half_height * openness * (1 - across**2)
    upper = np.stack([80 + 45 * across, 80 - 0.4 * bow], axis=1)
    lower = np.stack([80 + 45 * across, 80 + bow], axis=1)

    def paint(canvas: Drawing) -> None:
        cv2.fillPoly(canvas, [spots(np.vstack([upper, lower[::-1]]))], CAVITY)
        for lip in (upper, lower):
            cv2.polylines(canvas, [spots(lip)], isClosed=False, color=INK, thickness=round(weight * _SUB))

    return drawn(paint)


def brow(share: float) -> Rgba:
    """Return a brow that slides up and turns by a fifth of a right angle."""
    along = np.linspace(-1, 1, 100)
    angle = 0.3 * share
    line = np.stack([38 * along, 7 * along**2], axis=1) @ np.array(
        [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    )
    line += [80, 90 - 26 * share]

    def paint(canvas: Drawing) -> None:
        cv2.polylines(canvas, [spots(line)], isClosed=False, color=INK, thickness=7 * _SUB)

    return drawn(paint)


def frown(share: float) -> Rgba:
    """Return an eye that stands still, and a brow that comes down to lie on its outline, of the same ink."""
    along = np.linspace(-1, 1, 100)
    line = np.stack([76 + 40 * along, 40 + 28 * share + (12 * share - 6) * along], axis=1)

    def paint(canvas: Drawing) -> None:
        for radius, colour in ((42, INK), (38, WHITE)):
            cv2.circle(canvas, (80 * _SUB, 106 * _SUB), radius * _SUB, colour, cv2.FILLED)
        cv2.polylines(canvas, [spots(line)], isClosed=False, color=INK, thickness=11 * _SUB)

    return drawn(paint)


def eye(*, is_open: bool, iris_x: float = 84) -> Rgba:
    """Return a round eye with a dot in it, or the line it closes to."""

    def paint(canvas: Drawing) -> None:
        if is_open:
            for radius, colour in ((32, INK), (28, WHITE)):
                cv2.circle(canvas, (80 * _SUB, 76 * _SUB), radius * _SUB, colour, cv2.FILLED)
            cv2.circle(canvas, (round(iris_x * _SUB), 78 * _SUB), 11 * _SUB, INK, cv2.FILLED)
        else:
            along = np.linspace(-1, 1, 100)
            line = np.stack([80 + 33 * along, 84 + 6 * (1 - along**2)], axis=1)
            cv2.polylines(canvas, [spots(line)], isClosed=False, color=INK, thickness=4 * _SUB)

    return drawn(paint)


def painted_eye(*, is_open: bool) -> Rgba:
    """Return an eye in shades behind strands of hair that stand still, or the lashes it closes to."""
    along = np.linspace(-1, 1, 100)
    lashes = np.stack([80 + 36 * along, (56 + 12 * along**2) if is_open else (88 + 5 * along**2)], axis=1)

    def paint(canvas: Drawing) -> None:
        if is_open:
            lower = np.stack([80 + 36 * along, 68 + 34 * (1 - along**2)], axis=1)
            cv2.fillPoly(canvas, [spots(np.vstack([lashes, lower[::-1]]))], WHITE)
            for radius in range(20, 2, -1):
                shade = (30 + 3 * radius, 40 + 4 * radius, 220 - 8 * radius)
                cv2.circle(canvas, (80 * _SUB, 80 * _SUB), radius * _SUB, shade, cv2.FILLED)
        cv2.polylines(canvas, [spots(lashes)], isClosed=False, color=INK, thickness=6 * _SUB)
        for left in (58, 104):
            strand = np.array([[left, 10.0], [left + 6, 70], [left - 4, 120]])
            cv2.polylines(canvas, [spots(strand)], isClosed=False, color=(170, 110, 60), thickness=4 * _SUB)

    return drawn(paint)


def startled_eye(share: float) -> Rgba:
    """Return an eye without an outline that grows, while what it looks with goes across it."""

    def paint(canvas: Drawing) -> None:
        cv2.circle(canvas, (80 * _SUB, 80 * _SUB), round((24 + 14 * share) * _SUB), WHITE, cv2.FILLED)
        iris = 70 + 27 * share, 86 - 22 * share
        cv2.circle(canvas, tuple(round(place * _SUB) for place in iris), round(8 * _SUB), INK, cv2.FILLED)

    return drawn(paint)


def with_line(length: float) -> Rgba:
    """Return skin with a short line of a length on it, or without one."""

    def paint(canvas: Drawing) -> None:
        if length:
            line = np.array([[50.0, 70.0], [50.0 + length, 84.0]])
            cv2.polylines(canvas, [spots(line)], isClosed=False, color=INK, thickness=6 * _SUB)

    return drawn(paint)


def decibel(made: Rgba, truth: Rgba, *ends: Rgba) -> float:
    """Return the signal-to-noise ratio over the pixels in which the truth or the ends differ."""
    pictures = [picture[..., :3].astype(np.float64) / 255 for picture in (truth, *ends)]
    matters = np.max([np.abs(picture - pictures[-1]).max(axis=2) for picture in pictures], axis=0) > 0.02
    error = ((made[..., :3] / 255 - pictures[0]) ** 2)[matters].mean()
    return float(-10 * np.log10(max(error, 1e-9)))
