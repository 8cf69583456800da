"""A sequence as it is wanted, and as it lies on the disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from watercolor_rig.core.ids import PathId
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId


@dataclass(frozen=True, slots=True)
class SequenceSpec:
    """One base path at one pose, with both endpoints present."""

    path: PathId
    base_path: BasePathId
    start: ExpressionId
    end: ExpressionId
    pose: PoseId


class Condition(Enum):
    """What a frame's file is worth."""

    GOOD = "good"
    """Decodes to the size of the endpoints and was made from what lies there now."""

    STALE = "stale"
    """Decodes, but one of the pictures it was made from has changed since."""

    BROKEN = "broken"
    """Does not decode, or to another size; counts as absent."""


@dataclass(frozen=True, slots=True)
class FoundFrame:
    """A tween's file in a sequence folder.

    Attributes:
        file: Its name.
        condition: What it is worth.
        fault: What is wrong with a broken one.
        made_by: The engine that made it, or "" where that is not known.
        is_marked: Whether its manifest entry says `"key": true`.
    """

    file: str
    condition: Condition
    fault: str = ""
    made_by: str = ""
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class SequenceState:
    """What a sequence folder holds.

    Attributes:
        frames: Tweens by position, the endpoints left out.
        owned_names: File name to position for every frame that the manifest lists, whether its file exists or not.
    """

    frames: Mapping[Fraction, FoundFrame] = field(default_factory=dict)
    owned_names: Mapping[str, Fraction] = field(default_factory=dict)


NOTHING = SequenceState()
"""An empty or absent folder."""
