"""Fitting a picture into the canvas of an image service, and bringing the answer back to the picture's size.

A picture stands in the middle of the canvas with flat padding around it, in its own resolution; only one that is
larger than the canvas is scaled down. The way back is a crop, and a resize where it was scaled: no pixel moves by a
fraction unless the picture had to be scaled.
"""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.picture import Size

Rgb = tuple[int, int, int]
Colours = npt.NDArray[np.uint8]
"""An array of shape (height, width, 3)."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a picture stands on its canvas; all sizes are (width, height) in pixels.

    Attributes:
        picture: Size of the picture.
        canvas: Size of the canvas.
        inner: Size of the picture on the canvas: `picture`, or smaller where it was scaled down.
        left: Columns of padding before it.
        top: Rows of padding above it.
    """

    picture: Size
    canvas: Size
    inner: Size
    left: int
    top: int

    @classmethod
    def plan(cls, picture: Size, canvas: Size) -> Self:
        """Return the fit of `picture` into the middle of `canvas`, scaled down only if it is larger."""
        scale = min(1.0, canvas[0] / picture[0], canvas[1] / picture[1])
        inner = (
            min(canvas[0], max(1, round(picture[0] * scale))),
            min(canvas[1], max(1, round(picture[1] * scale))),
        )
        return cls(picture, canvas, inner, (canvas[0] - inner[0]) // 2, (canvas[1] - inner[1]) // 2)

    @property
    def scale(self) -> float:
        """Size on the canvas over size of the picture, at most 1."""
        return max(self.inner[0] / self.picture[0], self.inner[1] / self.picture[1])

    @property
    def is_scaled(self) -> bool:
        """Whether the picture was scaled down."""
        return self.inner != self.picture

    @property
    def is_padded(self) -> bool:
        """Whether the canvas shows padding."""
        return self.inner != self.canvas

    def place(self, colours: Colours, padding: Rgb) -> Colours:
        """Return the canvas with the picture on it.

        Args:
            colours: uint8, (height, width, 3), of the picture's size.
            padding: Colour of the rest.
        """
        inner = cv2.resize(colours, self.inner, interpolation=cv2.INTER_AREA) if self.is_scaled else colours
        canvas = np.empty((self.canvas[1], self.canvas[0], 3), np.uint8)
        canvas[:] = padding
        canvas[self.top : self.top + self.inner[1], self.left : self.left + self.inner[0]] = inner
        return canvas

    def bring_back(self, canvas: Colours) -> Colours:
        """Return the picture's part of an answer, in the picture's size.

        Args:
            canvas: uint8, (height, width, 3), of the canvas's size.
        """
        inner = canvas[self.top : self.top + self.inner[1], self.left : self.left + self.inner[0]]
        if not self.is_scaled:
            return np.ascontiguousarray(inner)
        return np.asarray(cv2.resize(inner, self.picture, interpolation=cv2.INTER_CUBIC), np.uint8)


def border_colour(colours: Colours) -> Rgb:
    """Return the median colour of the outermost pixels: padding that an opaque picture does not jump against."""
    edges = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    red, green, blue = np.median(edges, axis=0).round().astype(int).tolist()
    return red, green, blue
