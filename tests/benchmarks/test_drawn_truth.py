"""The third truth set: enough pairs, half of them held back, and each picture what it says that it is."""

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import resvg_py
from PIL import Image

from drawn_truth import PAIRS, SIZE_PX, DrawnPair
from truth_sets import DRAWN, POSITIONS, cases

each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)


def pixels(png: bytes) -> npt.NDArray[np.int16]:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGBA"), np.int16)


def drawn(pair: DrawnPair, share: float) -> npt.NDArray[np.int16]:
    return pixels(pair.at(share))


def test_mouths_eyes_and_brows_of_many_styles_are_there_in_both_halves() -> None:
    for held in (False, True):
        half = [pair for pair in PAIRS if pair.held == held]

        assert len(half) == 16
        assert {part for pair in half for part in pair.first} == {"mouth", "eyes", "eyebrows"}
        assert len({pair.style for pair in half}) >= 8


def test_no_pair_is_there_twice_not_even_backwards() -> None:
    seen = [(pair.style, *sorted((*pair.first.items(), *pair.second.items()))) for pair in PAIRS]

    assert len(set(seen)) == len(PAIRS)


@each_pair
def test_the_ends_are_what_the_style_itself_draws(pair: DrawnPair) -> None:
    for share, variants in ((0, pair.first), (1, pair.second)):
        own = resvg_py.svg_to_bytes(svg_string=pair._drawing(variants), skip_system_fonts=True)  # noqa: SLF001 - its source
        off = np.abs(drawn(pair, share) - pixels(bytes(own)))

        assert (off > 8).mean() < 1e-4


@each_pair
def test_the_middle_lies_between_two_ends_that_differ(pair: DrawnPair) -> None:
    first, middle, second = (drawn(pair, share) for share in (0, 0.5, 1))

    assert first.shape == (SIZE_PX, SIZE_PX, 4)
    assert (first != second).any()
    assert (middle != first).any()
    assert (middle != second).any()


def test_a_pair_is_drawn_alike_in_every_run() -> None:
    pair = PAIRS[0]

    assert pair.at(0.25) == pair.at(0.25)


def test_the_sets_hold_every_pair_at_every_position_and_the_held_ones_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DrawnPair, "at", lambda _pair, _share: b"")
    found = {name: [(case.pair, case.t) for case in cases(name, Path())] for name in DRAWN}

    for name, held in zip(DRAWN, (False, True), strict=True):
        assert found[name] == [(pair.name, t) for pair in PAIRS if pair.held == held for t in POSITIONS]
    assert [Fraction(at, 4) for at in (1, 2, 3)] == list(POSITIONS)
