"""Several sequences moving side by side in one looping WebP: the picture that a README or a page shows first."""

from collections.abc import Sequence
from fractions import Fraction

from PIL import Image

from watercolor_rig.core.errors import PictureError
from watercolor_rig.export.frames import Frame, FrameSequence, fitted_size, open_frame, scaled
from watercolor_rig.export.looping import DEFAULT_FPS, animated_webp, there_and_back

_PAPER = (250, 246, 238)  # dark outlines stay visible where a page is dark
_GAP = 8
_HOLD = 6  # frames that each end stays longer, so that the eye can rest on it


def showcase_webp(
    sequences: Sequence[FrameSequence],
    *,
    columns: int = 3,
    cell: int = 240,
    fps: float = DEFAULT_FPS,
) -> bytes:
    """Return a grid of sequences, all playing there and back in step, as a WebP that loops for ever.

    Sequences with fewer frames show the one nearest in t.

    Args:
        sequences: At least one, row by row.
        columns: Cells in a row, at least 1.
        cell: Side of a cell in pixels; pictures are scaled down into it, never up.
        fps: Frames a second.

    Raises:
        PictureError: if a frame cannot be decoded, or if there is nothing to show.
        UsageError: for a speed that cannot be had.
    """
    if not sequences:
        raise PictureError("showcase: there are no sequences to show; generate some first")
    ordered = [sequence.in_order() for sequence in sequences]
    longest = max(ordered, key=len)
    ends = (longest[0].t, longest[-1].t)
    times = [t for t in (frame.t for frame in there_and_back(longest)) for _ in range(1 + _HOLD * (t in ends))]
    width, height = (
        count * (cell + _GAP) + _GAP for count in (min(columns, len(ordered)), -(-len(ordered) // columns))
    )

    def picture(index: int) -> Image.Image:
        canvas = Image.new("RGBA", (width, height), (*_PAPER, 255))
        for at, frames in enumerate(ordered):
            row, column = divmod(at, columns)
            shown = _fitted(nearest(frames, times[index]), cell)
            left = _GAP + column * (cell + _GAP) + (cell - shown.width) // 2
            top = _GAP + row * (cell + _GAP) + (cell - shown.height) // 2
            canvas.alpha_composite(shown, (left, top))
        return canvas

    return animated_webp(picture, len(times), fps)


def nearest(frames: Sequence[Frame], t: Fraction) -> Frame:
    """Return the frame whose time is nearest to `t`; the earlier one of two equally near."""
    return min(frames, key=lambda frame: (abs(frame.t - t), frame.t))


def _fitted(frame: Frame, side: int) -> Image.Image:
    picture = open_frame(frame)
    return scaled(picture, fitted_size(picture.size, side))
