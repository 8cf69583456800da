"""Pairs of drawings between which every in-between is known: the benchmark's own truth, made anew in every run.

Two variants of a mouth, an eye or a brow in a DiceBear style (`dicebear-styles`) are often drawn with the same path
structure. Then the drawing at any share of the way is exact (`svg_between`), whatever an engine makes of the two
pictures. Half of the pairs are held back: nothing in the engine may be tuned on them. The artists and licences stand
in THIRD_PARTY_ART.md; nothing of the drawings is kept.
"""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import resvg_py
from dicebear import Avatar, Style
from PIL import Image

from svg_between import drawing_between

SIZE_PX = 512
_SEED = "Jo"


@dataclass(frozen=True, slots=True)
class DrawnPair:
    """Two drawings of one structure.

    Attributes:
        style: File of `dicebear-styles`, such as `big-ears`.
        first: Variant of each component that changes.
        second: The same components at the end.
        held: Whether it is held back while tuning.
    """

    style: str
    first: Mapping[str, str]
    second: Mapping[str, str]
    held: bool

    @property
    def name(self) -> str:
        """What tables call it, such as `big-ears mouth variant0403>variant0503`."""
        return f"{self.style} " + ", ".join(f"{part} {self.first[part]}>{self.second[part]}" for part in self.first)

    def at(self, share: float) -> bytes:
        """Return the drawing at `share` of the way as a PNG of 512×512 with transparency."""
        drawing = drawing_between(self._drawing(self.first), self._drawing(self.second), share)
        png = bytes(resvg_py.svg_to_bytes(svg_string=drawing, skip_system_fonts=True))
        with Image.open(io.BytesIO(png)) as image, io.BytesIO() as file:
            image.convert("RGBA").save(file, "PNG", compress_level=1)
            return file.getvalue()

    def _drawing(self, variants: Mapping[str, str]) -> str:
        shown: dict[str, object] = {f"{part}Probability": 100 for part in variants}
        shown |= {f"{part}Variant": variant for part, variant in variants.items()}
        return Avatar(_style(self.style), {"seed": _SEED, "size": SIZE_PX, **shown}).to_string()


@cache
def _style(name: str) -> Style:
    return Style(json.loads((files("dicebear_styles") / f"{name}.json").read_text("utf-8")))


def _pairs(held: bool, *described: str) -> Iterator[DrawnPair]:  # noqa: FBT001 - a table follows
    for line in described:
        style, *parts = line.split()
        changes = [part.replace(">", ":").split(":") for part in parts]
        first, second = ({part: ends[at] for part, *ends in changes} for at in (0, 1))
        yield DrawnPair(style, first, second, held)


PAIRS = (
    *_pairs(
        False,
        "big-ears mouth:variant0403>variant0503",
        "big-ears mouth:variant0205>variant0305",
        "clay eyes:tiny>outward",
        "clay eyes:googly>inward mouth:line>pout",
        "critters eyes:sideeye>inward",
        "critters mouth:smile>slant",
        "critters mouth:tongue>blep",
        "croodles mouth:variant06>variant10",
        "gaze eyes:beans>bars",
        "line-face eyes:closed>happy mouth:smile>line",
        "line-face eyes:sleepy>unevenDots",
        "marbles mouth:wavy>cat",
        "moods eyes:pupils>lookUp mouth:smile>frown",
        "moods mouth:grin>teeth",
        "thumbs eyes:variant06>variant08 mouth:variant01>variant04",
        "toon-head eyebrows:neutral>raised",
    ),
    *_pairs(
        True,
        "big-ears mouth:variant0404>variant0504",
        "big-ears eyes:variant14>variant15",
        "cameo mouth:grin>smirk",
        "clay mouth:tongue>smileTongue",
        "critters eyes:happy>closedLine mouth:smirk>frown",
        "croodles mouth:variant15>variant16",
        "croodles mouth:variant04>variant11",
        "cutouts mouth:wavy>smile",
        "gaze eyes:wide>tall",
        "line-face eyes:dots>mismatch mouth:pleased>wavy",
        "marbles eyes:closed>happy mouth:line>pout",
        "moods eyes:small>lookDown mouth:smirk>line",
        "sprouts eyes:bigPupils>sideeye mouth:catMouth>wavy",
        "thumbs mouth:variant02>variant03",
        "toon-head eyes:happy>wide",
        "toon-head eyebrows:happy>raised",
    ),
)
