"""Heat maps show what can be seen to differ, and nothing else."""

import numpy as np
import pytest

from support.figures import head
from watercolor_rig.imaging.heat import change_levels, changed_share, heat_map
from watercolor_rig.imaging.picture import decode
from watercolor_rig.imaging.small import small_webp


def test_a_picture_does_not_differ_from_itself_whatever_is_hidden_under_alpha_0() -> None:
    plain = head()
    other = plain.copy()
    other[plain[..., 3] == 0] = (0, 255, 0, 0)

    assert change_levels(other, plain).max() == 0
    assert changed_share(change_levels(other, plain)) == 0


def test_noise_is_no_change_and_a_change_of_alpha_is_one() -> None:
    plain = np.full((10, 10, 4), 100, np.uint8)
    plain[..., 3] = 255
    other = plain.copy()
    other[:5, :, 0] += 8
    other[5, :, 3] = 0

    assert changed_share(change_levels(other, plain)) == pytest.approx(0.1)


def test_the_map_is_bright_where_the_mouth_opens_and_dim_everywhere_else() -> None:
    closed, opened = head(mouth_px=2), head(mouth_px=30)
    levels = change_levels(opened, closed)

    shown = heat_map(levels, closed, 64)

    assert shown.shape == (64, 48, 4)
    assert int(shown[40, 24, :3].max()) > 150
    assert int(shown[:20, :, :3].max()) < 80
    assert (shown[..., 3] == 255).all()


def test_a_small_picture_keeps_its_proportions_and_is_never_enlarged() -> None:
    assert decode(small_webp(head((96, 128)), 64), "it").shape == (64, 48, 4)
    assert decode(small_webp(head((24, 32)), 64), "it").shape == (32, 24, 4)
