import numpy as np
import pytest

from support.redrawn import face, redrawn
from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.repair.fitting import FitReport, fit, grey_of, undo

NEUTRAL = grey_of(face())


@pytest.mark.parametrize(("dx", "dy"), [(0.3, 0), (2.4, -1.7), (-9.6, 5.3), (14, 12)])
def test_a_shift_is_found_to_a_tenth_of_a_pixel(dx: float, dy: float) -> None:
    found = fit(grey_of(redrawn(face(14), dx=dx, dy=dy)), NEUTRAL)

    assert found.shift_px == pytest.approx(np.hypot(dx, dy), abs=0.1)


@pytest.mark.parametrize("scale", [0.96, 1.04])
def test_a_change_of_size_is_found(scale: float) -> None:
    assert fit(grey_of(redrawn(face(14), scale=scale)), NEUTRAL).scale == pytest.approx(scale, abs=0.0005)


@pytest.mark.parametrize("turn_deg", [-1.5, 1.5])
def test_a_turn_is_found(turn_deg: float) -> None:
    found = fit(grey_of(redrawn(face(14), turn_deg=turn_deg)), NEUTRAL)

    assert abs(found.rotation_deg) == pytest.approx(1.5, abs=0.05)


def test_a_tiny_picture_has_nothing_to_hold_on_to() -> None:
    tiny = NEUTRAL[:30, :30]

    assert not fit(tiny, tiny).trusted


def test_a_blank_picture_has_nothing_to_hold_on_to() -> None:
    blank = np.full((100, 100), 128, np.uint8)

    assert "corners" in fit(blank, blank).reason


def test_no_move_leaves_every_value_as_it_is() -> None:
    assert np.array_equal(undo(NEUTRAL, FitReport()), NEUTRAL)


def test_a_part_is_moved_like_the_whole() -> None:
    report = FitReport(matrix=(1.01, 0.0, 3.5, 0.0, 1.01, -2.25))
    box = Box(40, 60, 150, 200)

    whole = undo(NEUTRAL, report)[box.slices()].astype(int)

    assert np.abs(whole - undo(NEUTRAL, report, box).astype(int)).max() <= 2
