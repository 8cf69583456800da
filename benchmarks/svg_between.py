"""The drawing at any share of the way between two SVG drawings of the same structure: exact truth for in-betweens.

Every number of an attribute moves on a straight line. Outlines are written as absolute cubic curves first, so that two
that differ only in how they were abbreviated have the same structure.
"""

import math
import re
from collections.abc import Iterator
from typing import TypeAlias
from xml.etree import ElementTree as ET

Point: TypeAlias = complex
Curve: TypeAlias = tuple[str, tuple[Point, ...]]
"""`M` with one point, `C` with three, or `Z` with none."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_FLAGS = (3, 4)
_FIXED = ("fill", "stroke", "class")
_NAMES = ("id", "href", "clip-path", "mask", "filter")
"""Names of parts and references to them: those of the first drawing stay."""


class UnlikeError(Exception):
    """The two drawings have different structures, so nothing lies exactly between them."""


def drawing_between(first: str, second: str, share: float) -> str:
    """Return the SVG document at `share` of the way.

    Args:
        first: An SVG document.
        second: One of the same structure.
        share: 0 to 1.

    Raises:
        UnlikeError: if their elements, attributes or outlines do not correspond.
    """
    one, other = ET.fromstring(first), ET.fromstring(second)  # noqa: S314 - drawings of a pinned package
    _move(one, other, share)
    return ET.tostring(one, encoding="unicode")


def _move(one: ET.Element, other: ET.Element, share: float) -> None:
    if one.tag != other.tag or len(one) != len(other) or one.attrib.keys() != other.attrib.keys():
        raise UnlikeError(f"<{one.tag}> and <{other.tag}>")
    for name, value in one.attrib.items():
        if value != other.attrib[name]:
            one.attrib[name] = _attribute_between(name, value, other.attrib[name], share)
    for child, its_other in zip(one, other, strict=True):
        _move(child, its_other, share)


def _attribute_between(name: str, one: str, other: str, share: float) -> str:
    if name.partition("}")[2] in _NAMES or name in _NAMES or (one.startswith("url(") and other.startswith("url(")):
        return one
    if name == "d":
        return _outline_between(one, other, share)
    if name in _FIXED or _NUMBER.split(one) != _NUMBER.split(other):
        raise UnlikeError(f"{name}={one!r} and {name}={other!r}")
    words, numbers = _NUMBER.split(one), zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    moved = [f"{float(a) * (1 - share) + float(b) * share:.5f}" for a, b in numbers]
    return "".join(part for pair in zip(words, [*moved, ""], strict=True) for part in pair)


def _outline_between(one: str, other: str, share: float) -> str:
    curves, others = list(_cubics(one)), list(_cubics(other))
    if [letter for letter, _ in curves] != [letter for letter, _ in others]:
        raise UnlikeError(f"outlines of {len(curves)} and {len(others)} pieces")
    written = []
    for (letter, points), (_, ends) in zip(curves, others, strict=True):
        moved = (a * (1 - share) + b * share for a, b in zip(points, ends, strict=True))
        written.append(letter + " ".join(f"{point.real:.5f} {point.imag:.5f}" for point in moved))
    return "".join(written)


def _cubics(outline: str) -> Iterator[Curve]:
    """Yield the pieces of path data as absolute moves and cubic curves."""
    pen = begin = 0j
    handle: Point | None = None
    before = ""
    for letter, values in _commands(outline):
        kind, origin = letter.upper(), pen if letter.islower() else 0j
        points = [origin + complex(*values[at : at + 2]) for at in range(0, len(values) - 1, 2)]
        reflected = 2 * pen - handle if handle is not None and _continues(kind, before) else pen
        handle, before = None, kind
        if kind == "Z":
            pen = begin
            yield "Z", ()
        elif kind == "M":
            pen = begin = points[0]
            yield "M", (pen,)
        elif kind == "A":
            end = origin + complex(values[5], values[6])
            yield from _arc(pen, values, end)
            pen = end
        else:
            curve, handle = _curve(kind, pen, points, values, reflected)
            if kind in "HV":
                curve = _line(pen, _along(kind, pen, origin, values[0]))
            pen = curve[-1]
            yield "C", curve


def _continues(kind: str, before: str) -> bool:
    return (kind == "S" and before in "CS") or (kind == "T" and before in "QT")


def _curve(
    kind: str, pen: Point, points: list[Point], values: list[float], reflected: Point
) -> tuple[tuple[Point, ...], Point | None]:
    """Return a cubic curve's two handles and end, and the handle that a following smooth curve reflects."""
    if kind == "C":
        return tuple(points), points[1]
    if kind == "S":
        return (reflected, *points), points[0]
    if kind in "QT":
        bend, end = (points[0], points[1]) if kind == "Q" else (reflected, points[0])
        return (pen + (bend - pen) * 2 / 3, end + (bend - end) * 2 / 3, end), bend
    return _line(pen, points[0] if points else pen + values[0]), None


def _along(kind: str, pen: Point, origin: Point, value: float) -> Point:
    return complex(origin.real + value, pen.imag) if kind == "H" else complex(pen.real, origin.imag + value)


def _line(start: Point, end: Point) -> tuple[Point, ...]:
    return start + (end - start) / 3, start + (end - start) * 2 / 3, end


def _arc(start: Point, values: list[float], end: Point) -> Iterator[Curve]:
    """Yield an elliptical arc as cubic curves (SVG 1.1, appendix F.6)."""
    radius_x, radius_y, turn_deg, large, sweep = values[:5]
    if start == end or not radius_x or not radius_y:
        yield "C", _line(start, end)
        return
    turn = complex(math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg)))
    half = (start - end) / 2 * turn.conjugate()
    unit = complex(half.real / radius_x, half.imag / radius_y)
    scale = max(1.0, abs(unit))
    radius_x, radius_y, unit = abs(radius_x) * scale, abs(radius_y) * scale, unit / scale
    away = math.sqrt(max(0.0, 1 / abs(unit) ** 2 - 1)) * (1 if large != sweep else -1)
    middle = complex(unit.imag, -unit.real) * away
    first, last = unit - middle, -unit - middle
    angle = math.atan2((last * first.conjugate()).imag, (last * first.conjugate()).real)
    if sweep and angle < 0:
        angle += 2 * math.pi
    if not sweep and angle > 0:
        angle -= 2 * math.pi
    pieces = max(1, math.ceil(abs(angle) / (math.pi / 2) - 1e-6))
    lever = 4 / 3 * math.tan(angle / pieces / 4)
    centre = (start + end) / 2 + complex(middle.real * radius_x, middle.imag * radius_y) * turn

    def placed(at: Point) -> Point:
        return centre + complex(at.real * radius_x, at.imag * radius_y) * turn

    for piece in range(pieces):
        a, b = (
            first * complex(math.cos(x), math.sin(x)) for x in (angle * piece / pieces, angle * (piece + 1) / pieces)
        )
        stop = end if piece == pieces - 1 else placed(b)
        yield "C", (placed(a * complex(1, lever)), placed(b * complex(1, -lever)), stop)


def _commands(outline: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with its numbers, repeated letters written out."""
    for match in re.finditer(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*)", outline):
        letter, text = match[1], match[2]
        takes = _TAKES[letter.upper()]
        values = list(_arc_numbers(text) if takes == _TAKES["A"] else map(float, _NUMBER.findall(text)))
        if not takes:
            yield letter, []
        for at in range(0, len(values), takes or 1):
            yield letter, values[at : at + takes]
            letter = {"M": "L", "m": "l"}.get(letter, letter)


def _arc_numbers(text: str) -> Iterator[float]:
    """Yield the numbers of an arc, whose two flags may be written without a space after them."""
    at, count = 0, 0
    while match := (
        re.compile(r"[\s,]*([01])") if count % 7 in _FLAGS else re.compile(rf"[\s,]*({_NUMBER.pattern})")
    ).match(text, at):
        yield float(match[1])
        at, count = match.end(), count + 1
