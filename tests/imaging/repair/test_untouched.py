import numpy as np

from support.redrawn import face, other_face, redrawn
from watercolor_rig.imaging.repair.untouched import is_untouched


def test_hidden_colour_under_alpha_0_is_no_change() -> None:
    hidden = face()
    hidden[hidden[..., 3] == 0, :3] = 99

    assert is_untouched(hidden, face())


def test_an_edit_in_place_is_untouched_elsewhere() -> None:
    assert is_untouched(face(14, eyes_shut=True), face())


def test_a_redraw_is_not_untouched() -> None:
    assert not is_untouched(redrawn(face(14), dx=0.4), face())


def test_a_change_of_every_value_by_one_is_not_untouched() -> None:
    lighter = face()
    lighter[..., :3] = np.where(lighter[..., 3:] > 0, np.minimum(254, lighter[..., :3]) + 1, 0)

    assert not is_untouched(lighter, face())


def test_another_drawing_is_not_untouched() -> None:
    assert not is_untouched(other_face(), face())
