"""The sets of pairs whose in-betweens are known, as one kind of case."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from drawn_truth import PAIRS

POSITIONS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
FOLDERS = ("gt_svg", "gt_lottie")
DRAWN = ("drawn", "drawn-held")
SETS = (*FOLDERS, *DRAWN)
"""`drawn-held` is held back: nothing may be tuned on it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A pair of ends and one picture that is known between them; all PNG.

    Attributes:
        pair: Name of the pair.
        t: Share of the way.
        start: The first end.
        end: The last.
        known: The picture at `t`.
    """

    pair: str
    t: Fraction
    start: bytes
    end: bytes
    known: bytes


def cases(name: str, shared: Path) -> Iterator[Case]:
    """Yield the cases of a set, all of one pair after another.

    Args:
        name: One of `SETS`.
        shared: The folder that holds `data/truth`.
    """
    if name in DRAWN:
        for pair in PAIRS:
            if pair.held == (name == "drawn-held"):
                start, end = pair.at(0), pair.at(1)
                for t in POSITIONS:
                    yield Case(pair.name, t, start, end, pair.at(float(t)))
    else:
        yield from _on_disk(shared / "data/truth" / name)


def _on_disk(folder: Path) -> Iterator[Case]:
    """Yield what a set in the project's format holds; its frames `time_…` have the author's easing in them."""
    for path in json.loads((folder / "expressions.json").read_text("utf-8"))["base_paths"]:
        start, end = (folder / f"frames/endpoints/{path[end]}__center.png" for end in ("start", "end"))
        for file in sorted((folder / "truth" / f"{path['id']}__center").glob("*.png")):
            kind, _, number = file.stem.rpartition("_")
            t = Fraction(int(number), 100 if kind == "arc" else 1000)
            if kind != "time" and t in POSITIONS:
                yield Case(path["id"], t, start.read_bytes(), end.read_bytes(), file.read_bytes())
