"""A sequence as it is wanted, and as it lies on the disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from watercolor_rig.core.ids import PathId, endpoint_file
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId

Rest = tuple[ExpressionId, PoseId]
"""How a face may rest: an expression at a pose, which is what an endpoint shows."""


@dataclass(frozen=True, slots=True)
class SequenceSpec:
    """One sequence: a base path at one pose, or a pose path.

    Attributes:
        path: Its id.
        base_path: The base path that it shows; of a pose path, the sequence's own id.
        start: The expression that it starts from.
        end: The expression that it ends with; of a pose path the same.
        pose: The pose that it starts from.
        end_pose: The pose that it ends with, or None where the pose stays.
    """

    path: PathId
    base_path: BasePathId
    start: ExpressionId
    end: ExpressionId
    pose: PoseId
    end_pose: PoseId | None = None

    @property
    def turns(self) -> bool:
        """Whether the pose changes."""
        return self.end_pose is not None and self.end_pose != self.pose

    @property
    def first(self) -> Rest:
        """What it starts from."""
        return self.start, self.pose

    @property
    def last(self) -> Rest:
        """What it ends with."""
        return self.end, self.end_pose or self.pose

    @property
    def endpoint_files(self) -> tuple[str, str]:
        """The file names of its two endpoints."""
        return endpoint_file(*self.first), endpoint_file(*self.last)


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
