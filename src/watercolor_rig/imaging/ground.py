"""Transparency on purpose: a cut-out figure goes to an image service on a flat ground, and comes back cut out.

Services redraw the whole picture: hidden colours under alpha show through, and painted checkerboards come back. So the
figure is flattened onto one flat colour that it does not use at its edges; afterwards the alpha of the neighbours is
restored; the service's own alpha is never used. As the outline is then the neighbours', the rim takes their colour too:
a redrawn edge that lies a pixel further in would otherwise leave a fringe of the ground.
"""

from collections.abc import Sequence
from fractions import Fraction

import cv2
import numpy as np
import numpy.typing as npt

from watercolor_rig.imaging.canvas import Colours, Rgb
from watercolor_rig.imaging.picture import Rgba

GROUNDS: tuple[Rgb, ...] = (
    (255, 255, 255),
    (208, 208, 208),
    (128, 128, 128),
    (0, 177, 64),
    (0, 71, 187),
    (255, 0, 255),
    (0, 0, 0),
)
"""Candidates, calm ones first: a saturated ground tints what a model draws next to it."""

_CLEAR_DISTANCE = 72.0
"""RGB distance at which a ground counts as clearly different from an edge."""

_EDGE_PX = 6
"""Width of the band inside the outline whose colours a ground must differ from."""

_RIM_PX = 3.0
"""Depth inside the outline over which the neighbours' colour gives way to the answer's."""

_GROUND_LIKE = 40.0
"""RGB distance under which a pixel of an answer counts as ground."""

_ALPHAS_DIFFER = 8
"""Difference of two alphas above which they count as disagreeing."""

_Mask = npt.NDArray[np.bool_]
_Floats = npt.NDArray[np.float32]


def is_opaque(pixels: Rgba) -> bool:
    """Return whether no pixel is transparent at all."""
    return bool((pixels[..., 3] == 255).all())  # noqa: PLR2004 - full alpha


def choose_ground(pictures: Sequence[Rgba]) -> Rgb:
    """Return a flat colour that none of the figures uses along its outline.

    The first candidate from which 99 % of the edge pixels differ clearly, else the one that differs most.

    Args:
        pictures: uint8, (height, width, 4), straight alpha; at least one.
    """
    edges = np.concatenate([_edge_colours(pixels) for pixels in pictures])
    if not edges.size:
        return GROUNDS[0]
    distances = [float(np.percentile(np.linalg.norm(edges - ground, axis=1), 1)) for ground in GROUNDS]
    clear = [ground for ground, far in zip(GROUNDS, distances, strict=True) if far >= _CLEAR_DISTANCE]
    return clear[0] if clear else GROUNDS[int(np.argmax(distances))]


def flatten(pixels: Rgba, ground: Rgb) -> Colours:
    """Return `pixels` over the flat colour `ground`, as uint8 of shape (height, width, 3)."""
    if is_opaque(pixels):
        return np.ascontiguousarray(pixels[..., :3])
    alpha = pixels[..., 3:].astype(np.float32) / 255
    mixed = pixels[..., :3] * alpha + np.asarray(ground, np.float32) * (1 - alpha)
    return np.rint(mixed).astype(np.uint8)


def between(start: Rgba, end: Rgba, position: Fraction) -> Rgba:
    """Return the neighbours' mean at `position`, the stand-in whose alpha and rim an in-between takes.

    Where both ends agree the alpha is exactly theirs, otherwise interpolated; colours mix by alpha.

    Args:
        start: uint8, (height, width, 4), straight alpha.
        end: As `start`, of the same size.
        position: Share of the way from `start` to `end`, 0 to 1.
    """
    share = float(position)
    first, last = start[..., 3].astype(np.float32), end[..., 3].astype(np.float32)
    weights = np.stack([first * (1 - share), last * share], axis=-1)
    total = weights.sum(axis=-1)
    alpha = np.rint(total)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights /= total[..., None]
    mixed = start[..., :3] * weights[..., :1] + end[..., :3] * weights[..., 1:]
    mixed[alpha == 0] = 0
    return np.dstack([np.rint(mixed), alpha]).astype(np.uint8)


def restore(answer: Colours, ground: Rgb, reference: Rgba, unsure: npt.NDArray[np.uint8] | None = None) -> Rgba:
    """Return the answer cut out again.

    Alpha is `reference`'s. The ground is taken out of half-transparent pixels; along the outline, where ground leaked
    into the figure, and where the neighbours disagree on alpha, the colour is `reference`'s. Colour under alpha 0 is 0.

    Args:
        answer: uint8, (height, width, 3): what came back, in the size of `reference`.
        ground: The flat colour it was drawn on.
        reference: uint8, (height, width, 4): the base, or the neighbours' mean (`between`).
        unsure: uint8, (height, width): how far the neighbours' alphas differ; None for a single neighbour.
    """
    alpha = reference[..., 3]
    colours = _without_ground(answer, ground, alpha)
    weight = np.maximum(_rim(alpha), _leaked(answer, ground, reference))
    if unsure is not None:
        weight = np.maximum(weight, _softened(unsure > _ALPHAS_DIFFER))
    mixed = colours + (reference[..., :3] - colours) * weight[..., None]
    mixed[alpha == 0] = 0
    return np.dstack([np.rint(mixed).astype(np.uint8), alpha])


def _without_ground(answer: Colours, ground: Rgb, alpha: npt.NDArray[np.uint8]) -> _Floats:
    """Solve answer = α·colour + (1 − α)·ground for colour."""
    share = np.maximum(alpha[..., None].astype(np.float32) / 255, 1 / 255)
    base = np.asarray(ground, np.float32)
    return np.asarray(np.clip((answer - base) / share + base, 0, 255), np.float32)


def _rim(alpha: npt.NDArray[np.uint8]) -> _Floats:
    """Weigh 1 next to full transparency, falling to 0 at `_RIM_PX` inside."""
    if alpha.all():
        return np.zeros(alpha.shape, np.float32)
    depth = cv2.distanceTransform((alpha > 0).astype(np.uint8), cv2.DIST_L2, 3)
    return np.asarray(np.clip(1 - (depth - 1.5) / _RIM_PX, 0, 1), np.float32)


def _leaked(answer: Colours, ground: Rgb, reference: Rgba) -> _Floats:
    """Weigh 1 where ground of the answer reaches into the figure from outside: the figure was redrawn smaller there."""
    outside = reference[..., 3] == 0
    like_ground = _near(answer, ground) & ~_near(reference[..., :3], ground)
    count, labels = cv2.connectedComponents((outside | like_ground).astype(np.uint8), connectivity=4)
    open_labels = np.zeros(count, bool)
    open_labels[np.unique(labels[outside])] = True
    open_labels[0] = False
    return _softened(open_labels[labels] & ~outside)


def _near(colours: Colours, ground: Rgb) -> _Mask:
    difference = colours.astype(np.int32) - np.asarray(ground, np.int32)
    return np.asarray((difference * difference).sum(axis=-1) < _GROUND_LIKE**2, np.bool_)


def _softened(mask: _Mask) -> _Floats:
    """Return `mask` grown by two pixels and softened, as weights from 0 to 1."""
    if not mask.any():
        return np.zeros(mask.shape, np.float32)
    grown = cv2.dilate(mask.astype(np.float32), np.ones((5, 5), np.uint8))
    return np.maximum(np.asarray(cv2.blur(grown, (3, 3)), np.float32), mask.astype(np.float32))


def _edge_colours(pixels: Rgba) -> npt.NDArray[np.int32]:
    """Return the colours, shape (n, 3), of the solid pixels within `_EDGE_PX` of any transparency."""
    solid = pixels[..., 3] >= 128  # noqa: PLR2004 - more figure than ground
    size = 2 * _EDGE_PX + 1
    near = cv2.dilate((~solid).astype(np.uint8), np.ones((size, size), np.uint8)) > 0
    return pixels[..., :3][solid & near].astype(np.int32)
