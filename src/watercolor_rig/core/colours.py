"""Colours as users write them."""

import re
from typing import TypeAlias

from watercolor_rig.core.errors import UsageError

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

_COLOUR = re.compile(r"#?[0-9a-fA-F]{6}")


def read_colour(text: str) -> Colour:
    """Return a colour such as `#ffffff`.

    Raises:
        UsageError: for any other text.
    """
    if not _COLOUR.fullmatch(text):
        raise UsageError(f"{text!r} is no colour such as '#ffffff'")
    red, green, blue = bytes.fromhex(text[-6:])
    return red, green, blue
