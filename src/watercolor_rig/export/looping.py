"""A sequence as a looping animated WebP: there and back again, with its transparency.

The file is lossless, so flat colours stay flat and no line grows a fringe, and the same frames always give the same
bytes. Frames are read and scaled one at a time while the encoder runs; none is kept.
"""

import io
from collections.abc import Callable

from PIL import Image

from watercolor_rig.core.errors import PictureError, UsageError
from watercolor_rig.export.frames import Frame, FrameSequence, fitted_size, open_frame, scaled
from watercolor_rig.export.on_demand import OnDemand
from watercolor_rig.imaging.picture import Size

DEFAULT_FPS = 12
DEFAULT_MAX_SIDE = 512

_MAX_FPS = 60  # browsers show a picture of 10 ms or less for 100 ms
_EFFORT = {
    "lossless": True,
    "quality": 40,
    "method": 2,
}  # more effort saves under 8 % and takes up to ten times as long


def looping_webp(sequence: FrameSequence, *, fps: float = DEFAULT_FPS, max_side: int = DEFAULT_MAX_SIDE) -> bytes:
    """Return a sequence as a WebP that plays from t = 0 to t = 1 and back, for ever.

    Args:
        sequence: Its frames, all of one size, in any order.
        fps: Frames a second; a frame's time on screen does not depend on its distance in t.
        max_side: The longer side of the animation in pixels; smaller pictures are not enlarged.

    Raises:
        PictureError: if a frame cannot be decoded or differs in size, or if there is none.
        UsageError: for a speed or a size that cannot be had.
    """
    frames = there_and_back(sequence.in_order())
    size = open_frame(frames[0]).size

    def picture(index: int) -> Image.Image:
        frame = frames[index]
        return scaled(_of_size(open_frame(frame), size, frame.name), fitted_size(size, max_side))

    return animated_webp(picture, len(frames), fps)


def there_and_back(frames: list[Frame]) -> list[Frame]:
    """Return the frames of one loop: forth, then back without showing either end twice."""
    return frames + frames[-2:0:-1]


def animated_webp(picture: Callable[[int], Image.Image], count: int, fps: float) -> bytes:
    """Return a lossless WebP that loops for ever over `count` pictures, each asked for when the encoder needs it.

    Args:
        picture: Index to a picture, mode RGBA, all of one size.
        count: How many, at least 1.
        fps: Frames a second.

    Raises:
        UsageError: unless 0 < fps ≤ 60.
    """
    if not 0 < fps <= _MAX_FPS:
        raise UsageError(f"{fps:g} frames a second: expected a number above 0, up to {_MAX_FPS}")
    out = io.BytesIO()
    film = OnDemand(picture, count)
    film.save(out, "WEBP", save_all=count > 1, duration=1000 / fps, loop=0, **_EFFORT)
    return out.getvalue()


def _of_size(picture: Image.Image, size: Size, name: str) -> Image.Image:
    if picture.size != size:
        found, wanted = ("{}x{}".format(*each) for each in (picture.size, size))
        raise PictureError(f"{name}: is {found} where the sequence begins with {wanted}; remake the sequence")
    return picture
