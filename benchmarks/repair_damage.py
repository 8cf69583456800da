"""What image models do to a picture that they were asked to edit, of known size.

The figure slides, grows, turns, gets lighter, see-through and hazy; its lines are drawn anew; JPEG leaves its squares.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.picture import Rgba
from watercolor_rig.imaging.premultiplied import from_premultiplied, to_premultiplied

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage.

    Attributes:
        dx: Shift to the right, px.
        dy: Shift down, px.
        scale: Size of the figure relative to what it was, about the centre of the frame.
        turn_deg: Rotation about the centre, degrees.
        lightness: Added to the lightness, in levels of 255.
        gain: Contrast of the lightness.
        alpha: Factor of alpha.
        haze: Alpha added to everything, in levels.
        wobble_px: How far lines stray that are drawn anew, px (standard deviation, smooth over some 12 px).
        noise: Noise on lines, levels (standard deviation).
        jpeg: Quality of a JPEG in between; 0 is none.
        ground: Opaque colours behind the figure instead of transparency: "" or "checkerboard".
    """

    dx: float = 0
    dy: float = 0
    scale: float = 1
    turn_deg: float = 0
    lightness: float = 0
    gain: float = 1
    alpha: float = 1
    haze: int = 0
    wobble_px: float = 0
    noise: float = 0
    jpeg: int = 0
    ground: str = ""
    seed: int = field(default=0, repr=False)

    def matrix(self, shape: tuple[int, ...]) -> Matrix:
        """Return the 2×3 matrix that takes a place in the drawing to its place in the damaged picture."""
        centre = ((shape[1] - 1) / 2, (shape[0] - 1) / 2)
        matrix = np.asarray(cv2.getRotationMatrix2D(centre, self.turn_deg, self.scale), np.float64)
        matrix[:, 2] += (self.dx, self.dy)
        return matrix


def damaged(pixels: Rgba, damage: Damage) -> Rgba:
    """Return a picture as a careless model would hand it back.

    Args:
        pixels: uint8, (height, width, 4), straight alpha.
        damage: What is done to it.
    """
    moved = _moved(to_premultiplied(pixels), damage)
    moved = _renoised(moved, damage)
    straight = from_premultiplied(moved)
    colours = _relit(straight[..., :3], damage)
    if damage.ground == "checkerboard":
        return _on_checkerboard(colours, straight[..., 3])
    alpha = straight[..., 3].astype(np.float32) * damage.alpha + damage.haze
    made = np.dstack([colours, np.clip(np.rint(alpha), 0, 255).astype(np.uint8)])
    if damage.haze:
        made[straight[..., 3] == 0, :3] = (96, 104, 120)
    return _through_jpeg(made, damage.jpeg)


def _moved(picture: npt.NDArray[np.float32], damage: Damage) -> npt.NDArray[np.float32]:
    height, width = picture.shape[:2]
    matrix = damage.matrix(picture.shape)
    still = np.allclose(matrix, [[1, 0, 0], [0, 1, 0]], atol=1e-9)
    if still and not damage.wobble_px:
        return picture
    back = np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    map_x = (back[0, 0] * x + back[0, 1] * y + back[0, 2]).astype(np.float32)
    map_y = (back[1, 0] * x + back[1, 1] * y + back[1, 2]).astype(np.float32)
    if damage.wobble_px:
        map_x += _smooth_noise(picture.shape, damage.wobble_px, damage.seed)
        map_y += _smooth_noise(picture.shape, damage.wobble_px, damage.seed + 1)
    # The border is drawn on: a model that moves a figure paints what comes in from outside.
    return np.asarray(cv2.remap(picture, map_x, map_y, cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _smooth_noise(shape: tuple[int, ...], sigma: float, seed: int) -> npt.NDArray[np.float32]:
    noise = np.random.default_rng(seed).standard_normal(shape[:2]).astype(np.float32)
    smooth = np.asarray(cv2.GaussianBlur(noise, (0, 0), 12), np.float32)
    return smooth * np.float32(sigma / max(1e-9, float(smooth.std())))


def _renoised(picture: npt.NDArray[np.float32], damage: Damage) -> npt.NDArray[np.float32]:
    if not damage.noise:
        return picture
    grey = picture[..., :3].mean(axis=2)
    edges = np.asarray(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)), np.float32)
    noise = np.random.default_rng(damage.seed + 2).standard_normal((*grey.shape, 3)).astype(np.float32)
    noise *= (edges[..., None] > 24 / 255) * np.float32(damage.noise / 255)
    made = picture.copy()
    made[..., :3] = np.clip(picture[..., :3] + noise * picture[..., 3:], 0, picture[..., 3:])
    return made


def _relit(colours: npt.NDArray[np.uint8], damage: Damage) -> npt.NDArray[np.uint8]:
    if damage.lightness == 0 and damage.gain == 1:
        return colours
    lab = np.asarray(cv2.cvtColor(colours.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)
    lab[..., 0] = (lab[..., 0] - 50) * damage.gain + 50 + damage.lightness * 100 / 255
    rgb = np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32)
    return np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8)


def _on_checkerboard(colours: npt.NDArray[np.uint8], alpha: npt.NDArray[np.uint8]) -> Rgba:
    rows, columns = np.indices(alpha.shape)
    squares = np.where(((rows // 16) + (columns // 16)) % 2, 204, 255)[..., None]
    share = alpha[..., None].astype(np.float32) / 255
    mixed = np.rint(colours * share + squares * (1 - share)).astype(np.uint8)
    return np.dstack([mixed, np.full(alpha.shape, 255, np.uint8)])


def _through_jpeg(pixels: Rgba, quality: int) -> Rgba:
    if not quality:
        return pixels
    _, data = cv2.imencode(".jpg", pixels[..., 2::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    bgr = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(np.dstack([bgr[..., ::-1], pixels[..., 3]]))


def place_of(places: Matrix, damage: Damage, shape: tuple[int, ...]) -> Matrix:
    """Return where places of the drawing lie in the damaged picture.

    Args:
        places: float64, (n, 2) as x, y.
        damage: What was done.
        shape: (height, width, …) of the picture.
    """
    matrix = damage.matrix(shape)
    there = places @ matrix[:, :2].T + matrix[:, 2]
    if not damage.wobble_px:
        return there
    column, row = (np.clip(np.rint(there[:, at]).astype(int), 0, shape[1 - at] - 1) for at in (0, 1))
    astray = [_smooth_noise(shape, damage.wobble_px, damage.seed + at)[row, column] for at in (0, 1)]
    return np.asarray(there - np.stack(astray, axis=1).astype(np.float64) @ matrix[:, :2].T, np.float64)
