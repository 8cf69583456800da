"""The drawing between two drawings, which is what in-betweens are measured by, is exact."""

import io
import math
from xml.etree import ElementTree as ET

import numpy as np
import numpy.typing as npt
import pytest
import resvg_py
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from svg_between import UnlikeError, drawing_between

SIZE = 64
ZOOM = 4

shares = st.floats(0, 1, allow_nan=False)


def svg(inside: str) -> str:
    box = f'viewBox="0 0 {SIZE} {SIZE}" width="{ZOOM * SIZE}" height="{ZOOM * SIZE}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{inside}</svg>'


def path(outline: str) -> str:
    return svg(f'<path d="{outline}"/>')


def child(document: str) -> dict[str, str]:
    """Return the attributes of the first thing drawn."""
    return dict(ET.fromstring(document)[0].attrib)  # noqa: S314 - written by the test


def rendered(document: str) -> npt.NDArray[np.int16]:
    """Return how much each pixel is covered: 0 to 255."""
    with Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=document)))) as image:
        return np.asarray(image.convert("RGBA"), np.int16)[..., 3]


def look_alike(one: str, other: str) -> bool:
    """Tell whether two drawings look alike; a line and a curve along it are rendered with slightly different edges."""
    off = np.abs(rendered(one) - rendered(other))
    return bool(off.max() < 100 and off.mean() < 0.5)


@given(shares)
def test_numbers_move_on_a_straight_line(share: float) -> None:
    between = drawing_between(svg('<circle cx="2" cy="8" r="1.5"/>'), svg('<circle cx="10" cy="8" r="-.5e1"/>'), share)

    moved = child(between)
    assert float(moved["cx"]) == pytest.approx(2 + 8 * share, abs=1e-4)
    assert moved["cy"] == "8"
    assert float(moved["r"]) == pytest.approx(1.5 - 6.5 * share, abs=1e-4)


def test_words_around_the_numbers_stay() -> None:
    first, second = (svg(f'<g transform="translate({x} 4) rotate({turn})"/>') for x, turn in ((0, 10), (8, -10)))

    assert child(drawing_between(first, second, 0.5)) == {"transform": "translate(4.00000 4.00000) rotate(0.00000)"}


def test_what_is_inside_a_group_moves_too() -> None:
    between = drawing_between(svg('<g><rect x="0"/></g>'), svg('<g><rect x="10"/></g>'), 0.3)
    (rect,) = ET.fromstring(between)[0]  # noqa: S314 - written by the test

    assert float(rect.attrib["x"]) == 3


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("M8 8h20v20h-20z", "M8 8L28 8L28 28L8 28Z"),
        ("m8 8 20 0 0 20z", "M8 8 L28 8 L28 28 Z"),
        ("M8 8H40V40Z", "M8 8L40 8L40 40Z"),
        ("M8 30c0-20 20-20 20 0s20 20 20 0z", "M8 30C8 10 28 10 28 30C28 50 48 50 48 30Z"),
        ("M8 30s10-20 20 0z", "M8 30C8 30 18 10 28 30Z"),
        ("M8 30Q18 10 28 30T48 30Z", "M8 30Q18 10 28 30Q38 50 48 30Z"),
        ("M8 30q10-20 20 0z", "M8 30C14.66667 16.66667 21.33333 16.66667 28 30Z"),
        ("M12 32a20 20 0 1140 0a20 20 0 11-40 0", "M12 32A20 20 0 1 1 52 32A20 20 0 1 1 12 32"),
        ("M8,8L.5e1-3l1.5.5z", "M8 8L5 -3L6.5 -2.5Z"),
        ("M8 8h9zm30 30h9v9z", "M8 8L17 8ZM38 38L47 38L47 47Z"),
    ],
)
def test_an_outline_however_abbreviated_is_the_same_outline(short: str, long: str) -> None:
    between = drawing_between(path(short), path(long), 0.5)

    assert look_alike(between, path(long))


@given(st.floats(4, 28), st.floats(4, 28), shares)
def test_arcs_are_as_round_between_the_drawings_as_in_them(one_px: float, other_px: float, share: float) -> None:
    def disc(radius: float) -> str:
        begin = SIZE / 2 - radius
        return path(f"M{begin} 32a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z")

    covered = rendered(drawing_between(disc(one_px), disc(other_px), share)).sum() / 255 / ZOOM**2
    radius = one_px * (1 - share) + other_px * share

    assert covered == pytest.approx(math.pi * radius**2, rel=0.015)


@pytest.mark.parametrize(
    "arc",
    ["a6 6 0 0 1 20 0", "a20 10 30 0 0 20 10", "a10 10 0 1 1 0 0", "a0 5 0 0 1 20 0", "a20 10 75 1 1 9 12"],
    ids=["too small", "turned", "no way", "no radius", "the long way"],
)
def test_odd_arcs_are_drawn_as_a_browser_draws_them(arc: str) -> None:
    first, second = path(f"M20 30{arc}l9 20z"), path(f"M20 30{arc}l9 20.00001z")

    assert look_alike(drawing_between(first, second, 0.5), first)


def test_the_ends_are_the_drawings() -> None:
    first, second = path("M4 4h20l9 30z"), path("M9 9h50l-9 40z")

    for share, end in ((0, first), (1, second)):
        assert look_alike(drawing_between(first, second, share), end)


@given(shares)
def test_the_way_back_shows_the_same_drawings(share: float) -> None:
    first, second = path("M4 4c9 0 20 9 20 20z"), path("M9 50s20-40 40-9z")
    second = second.replace("s20-40 40-9", "c0 0 20-40 40-9")

    there, back = drawing_between(first, second, share), drawing_between(second, first, 1 - share)
    assert look_alike(there, back)


def test_names_and_what_refers_to_them_stay_those_of_the_first() -> None:
    first, second = (svg(f'<clipPath id="c{n}"><rect x="{n}"/></clipPath><g clip-path="url(#c{n})"/>') for n in (1, 2))
    between = ET.fromstring(drawing_between(first, second, 0.5))  # noqa: S314 - written by the test

    assert between[0].attrib["id"] == "c1"
    assert between[1].attrib["clip-path"] == "url(#c1)"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (svg('<rect x="1"/>'), svg('<circle x="1"/>')),
        (svg('<rect x="1"/>'), svg('<rect y="1"/>')),
        (svg("<rect/>"), svg("<rect/><rect/>")),
        (svg('<rect fill="#fff"/>'), svg('<rect fill="#000"/>')),
        (svg('<g transform="rotate(4)"/>'), svg('<g transform="scale(4)"/>')),
        (path("M0 0L1 1"), path("M0 0L1 1L2 2")),
        (path("M0 0L1 1L2 2"), path("M0 0L1 1Z")),
    ],
    ids=["elements", "attributes", "children", "colours", "words", "lengths", "letters"],
)
def test_drawings_of_unlike_structure_are_refused(first: str, second: str) -> None:
    with pytest.raises(UnlikeError):
        drawing_between(first, second, 0.5)
