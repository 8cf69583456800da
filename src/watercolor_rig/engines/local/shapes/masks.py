"""The few operations on masks that everything here needs, with whole types."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.change import Box, Mask


@dataclass(frozen=True)
class Areas:
    """Connected areas of a mask.

    Attributes:
        labels: int32, (height, width): the number of each pixel's area, 0 for none.
        sizes: Pixels of each, by number; that of 0 counts what is in none.
        boxes: The box around each, by number.
    """

    labels: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.int64]
    boxes: list[Box]

    def __len__(self) -> int:
        return len(self.sizes)

    def numbers(self, least_px: int = 1) -> Iterator[int]:
        """Yield the number of each area of at least `least_px` pixels."""
        return (number for number in range(1, len(self.sizes)) if self.sizes[number] >= least_px)

    def counts(self, mask: Mask) -> npt.NDArray[np.int64]:
        """Return how many pixels of a mask lie in each area, by number."""
        return np.bincount(self.labels[mask], minlength=len(self.sizes))

    def cut(self, number: int, margin_px: int) -> tuple[tuple[slice, slice], Mask]:
        """Return a box around an area, and the area's mask within it."""
        place = self.boxes[number].grown(margin_px, self.labels.shape).slices()
        return place, self.labels[place] == number


def areas(mask: Mask, connectivity: int = 8) -> Areas:
    """Return the connected areas of a mask."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=connectivity)
    boxes = [Box(int(x), int(y), int(x + width), int(y + height)) for x, y, width, height, _ in stats]
    return Areas(np.asarray(labels, dtype=np.int32), stats[:, cv2.CC_STAT_AREA].astype(np.int64), boxes)


def grown(mask: Mask, reach_px: int) -> Mask:
    """Return a mask and all within `reach_px` of it, in steps along rows, columns and diagonals."""
    side = 2 * reach_px + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8))) > 0


def shrunk(mask: Mask, reach_px: int) -> Mask:
    """Return what of a mask is farther than `reach_px` from its edge; the picture's edge is none."""
    side = 2 * reach_px + 1
    return np.asarray(cv2.erode(mask.astype(np.uint8), np.ones((side, side), np.uint8))) > 0


def opened(mask: Mask, radius_px: int) -> Mask:
    """Return a mask without what is thinner than a disk; what runs out of the picture counts as thick."""
    framed = np.pad(mask.astype(np.uint8), radius_px, mode="edge")
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius_px + 1, 2 * radius_px + 1))
    return np.asarray(cv2.morphologyEx(framed, cv2.MORPH_OPEN, disk))[radius_px:-radius_px, radius_px:-radius_px] > 0


def closed(mask: Mask) -> Mask:
    """Return a mask with gaps of a pixel closed."""
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))) > 0


def holes_filled(mask: Mask) -> Mask:
    """Return a mask with all that it encloses."""
    around = np.pad(mask.astype(np.uint8), 1)
    cv2.floodFill(around, np.zeros((around.shape[0] + 2, around.shape[1] + 2), np.uint8), (0, 0), (2,))
    filled: Mask = around[1:-1, 1:-1] != 2  # noqa: PLR2004 - the label painted just now
    return filled


def hull_share(mask: Mask) -> float:
    """Return how much of its convex hull a mask fills, 0 to about 1."""
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not found:
        return 0.0
    return float(mask.sum()) / max(cv2.contourArea(cv2.convexHull(np.vstack(found))), 1.0)
