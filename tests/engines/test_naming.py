"""What the embedded engine calls the parts of a pair."""

import numpy as np
import pytest

from watercolor_rig.core.outlines import Outline
from watercolor_rig.engines.local.naming import Labels, name_parts
from watercolor_rig.imaging.change import Box, Region
from watercolor_rig.imaging.parts import Part

SIZE = 400, 400
WHOLE = Box(0, 0, *SIZE)
EYES, MOUTH = (Box(100, 100, 150, 150), Box(200, 100, 250, 150)), Box(140, 200, 210, 240)


def part(*boxes: Box) -> tuple[Region, Part]:
    """Return a part that changes in some boxes, in a region of the whole picture."""
    changed = np.zeros(SIZE, dtype=bool)
    for box in boxes:
        changed[box.slices()] = True
    around = Box(*(pick(values) for pick, values in zip((min, min, max, max), zip(*boxes, strict=True), strict=True)))
    return Region(WHOLE, np.ones(SIZE, dtype=bool)), Part(around, changed, changed)


def square(box: Box) -> Outline:
    return (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)


def named(*parts: tuple[Region, Part], regions: dict[str, Box] | None = None, changing: tuple[str, ...] = ()) -> object:
    drawn = {name: square(box) for name, box in (regions or {}).items()}
    return name_parts(parts, Labels(drawn, changing), SIZE)


def test_a_part_is_called_by_the_region_that_the_user_drew_around_it() -> None:
    regions = {"snout": MOUTH.grown(5, SIZE), "monocle": EYES[1]}

    assert named(part(MOUTH), part(EYES[1]), regions=regions) == ("snout", "monocle")


def test_a_part_in_several_regions_has_all_their_names_the_largest_share_first() -> None:
    assert named(part(MOUTH, *EYES), regions={"mouth": MOUTH, "eye": EYES[0]}) == ("mouth and eye",)


def test_two_parts_in_one_region_are_told_apart_by_a_number() -> None:
    assert named(part(EYES[0]), part(EYES[1]), regions={"head": WHOLE}) == ("head", "head 2")


def test_the_region_that_bounds_a_repair_names_no_part() -> None:
    assert named(part(MOUTH), regions={"face": WHOLE, "snout": MOUTH}) == ("snout",)


def test_a_region_that_hardly_touches_a_part_does_not_name_it() -> None:
    assert named(part(MOUTH), regions={"chin": Box(140, 238, 210, 300)}) == ("part 1",)


def test_without_regions_the_places_tell() -> None:
    parts = part(MOUTH), part(EYES[1]), part(EYES[0])

    assert named(*parts) == ("mouth", "right eye or brow", "left eye or brow")
    assert named(*parts, changing=("mouth", "eyes")) == ("mouth", "right eye", "left eye")


@pytest.mark.parametrize(("changing", "name"), [((), "part 1"), (("mouth",), "mouth"), (("a", "b"), "a and b")])
def test_a_part_alone_is_what_the_rig_says_that_changes(changing: tuple[str, ...], name: str) -> None:
    assert named(part(MOUTH), changing=changing) == (name,)


def test_specks_beside_a_part_take_no_name_and_do_not_hide_its_own() -> None:
    assert named(part(MOUTH), part(Box(5, 5, 8, 8)), changing=("mouth",)) == ("mouth", "part 2")


def test_a_figure_that_changed_as_a_whole_is_not_called_a_mouth() -> None:
    assert named(part(Box(10, 10, 390, 390)), changing=("mouth",)) == ("part 1",)
