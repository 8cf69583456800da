"""Pictures that are made when Pillow's encoder of animations asks for them, so that none is kept."""

from collections.abc import Callable

from PIL import Image


class OnDemand(Image.Image):
    """Pictures made on demand, in the shape of a multi-frame file, which is how Pillow's encoder wants them."""

    def __init__(self, picture: Callable[[int], Image.Image], count: int) -> None:
        super().__init__()
        self._picture = picture
        self.n_frames = count
        self._show(0)

    def seek(self, frame: int) -> None:
        """Show the picture at a place."""
        if frame != self._at:
            self._show(frame)

    def tell(self) -> int:
        """Return the place of the picture that is shown."""
        return self._at

    def _show(self, frame: int) -> None:
        shown = self._picture(frame)
        self._at, self.im, self._mode, self._size = frame, shown.im, shown.mode, shown.size
