"""What becomes of the inside of an outline: patches of flat colour go by their borders."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from watercolor_rig.engines.local.shapes.patches import patchwork
from watercolor_rig.imaging.change import Mask
from watercolor_rig.imaging.premultiplied import Premultiplied

RED, WHITE, BLACK = (0.6, 0.15, 0.25), (1.0, 1.0, 1.0), (0.05, 0.05, 0.05)
SIDE = 60
SHARES = [step / 8 for step in range(1, 8)]


def flat(colour: tuple[float, float, float]) -> Premultiplied:
    picture = np.ones((SIDE, SIDE, 4), np.float32)
    picture[..., :3] = colour
    return picture


def with_disk(picture: Premultiplied, centre: tuple[int, int], colour: tuple[float, float, float]) -> Premultiplied:
    return np.asarray(cv2.circle(picture.copy(), centre, 9, (*colour, 1.0), -1), dtype=np.float32)


def like(picture: Premultiplied, colour: tuple[float, float, float]) -> Mask:
    near: Mask = np.abs(picture[..., :3] - np.array(colour, np.float32)).max(axis=2) < 0.1
    return near


INSIDE = like(with_disk(flat(WHITE), (30, 30), WHITE), WHITE)


@pytest.mark.parametrize("share", SHARES)
def test_an_iris_travels_as_a_whole_and_is_never_seen_twice(share: float) -> None:
    ends = with_disk(flat(WHITE), (18, 30), BLACK), with_disk(flat(WHITE), (42, 30), BLACK)
    way = patchwork(*ends, INSIDE, revealed=1)
    assert way is not None
    dark = like(way.at(share), BLACK)

    assert cv2.connectedComponents(dark.astype(np.uint8))[0] == 2
    assert np.nonzero(dark)[1].mean() == pytest.approx(18 + 24 * share, abs=1)


def test_teeth_cover_a_cavity_step_by_step_and_mix_with_nothing() -> None:
    ends = flat(RED), flat(WHITE)
    ends[0][:12, :, :3] = WHITE
    way = patchwork(*ends, INSIDE, revealed=1)
    assert way is not None
    made = [way.at(share) for share in SHARES]
    covered = [float(like(picture, WHITE).mean()) for picture in made]

    assert covered[0] < 0.3 < covered[3] < 0.7
    assert all(one <= other for one, other in pairwise(covered))
    assert all((like(picture, WHITE) | like(picture, RED)).mean() > 0.9 for picture in made)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_ends_are_drawn_as_they_are(share: float) -> None:
    ends = with_disk(flat(RED), (30, 22), WHITE), with_disk(flat(WHITE), (34, 40), BLACK)
    way = patchwork(*ends, INSIDE, revealed=1)
    assert way is not None

    assert np.abs(way.at(share) - ends[int(share)]).mean() < 0.02


def test_what_is_painted_in_many_colours_is_no_patchwork() -> None:
    noise = np.random.default_rng(1).random((SIDE, SIDE, 4), np.float32)

    assert patchwork(noise, flat(WHITE), INSIDE, revealed=0) is None
