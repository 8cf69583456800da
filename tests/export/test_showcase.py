import io
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image, ImageSequence

from export.picturebook import QUARTERS, sequence_of
from watercolor_rig.core.errors import PictureError
from watercolor_rig.export.showcase import nearest, showcase_webp


def test_a_showcase_plays_all_sequences_in_step_on_an_opaque_ground() -> None:
    short = sequence_of([Fraction(0), Fraction(1)])

    with Image.open(io.BytesIO(showcase_webp([sequence_of(QUARTERS), short], columns=2, cell=60))) as film:
        pictures = [np.array(picture.convert("RGBA")) for picture in ImageSequence.Iterator(film)]

    left = [int(picture[38, 38, 0]) for picture in pictures]
    right = [int(picture[38, 106, 0]) for picture in pictures]
    assert pictures[0].shape == (76, 144, 4)
    assert (pictures[0][..., 3] == 255).all()
    assert left == [20, 70, 120, 170, 220, 170, 120, 70]
    assert right == [20, 20, 20, 220, 220, 220, 20, 20]


def test_both_ends_stay_longer_than_the_way_between() -> None:
    with Image.open(io.BytesIO(showcase_webp([sequence_of(QUARTERS)], fps=10))) as film:
        durations = [duration_of(picture) for picture in ImageSequence.Iterator(film)]

    assert durations == [700, 100, 100, 100, 700, 100, 100, 100]


def test_nearest_takes_the_earlier_of_two_equally_near() -> None:
    frames = sequence_of([Fraction(0), Fraction(1)]).in_order()

    assert nearest(frames, Fraction(1, 2)) is frames[0]


def test_a_showcase_of_nothing_is_refused() -> None:
    with pytest.raises(PictureError, match="no sequences"):
        showcase_webp([])


def duration_of(picture: Image.Image) -> int:
    picture.load()  # only then the file says how long it is shown
    return int(picture.info["duration"])
