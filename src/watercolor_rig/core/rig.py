"""The rig as `expressions.json` describes it, after validation: plain values, no file format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType

from watercolor_rig.core.outlines import Outline

ExpressionId = NewType("ExpressionId", str)
PoseId = NewType("PoseId", str)
BasePathId = NewType("BasePathId", str)
PosePathId = NewType("PosePathId", str)

NEUTRAL = ExpressionId("neutral")
"""The id of the expression that the portrait itself shows."""


@dataclass(frozen=True, slots=True)
class BasePath:
    """One transition wanted at every pose that has both of its endpoints."""

    id: BasePathId
    start: ExpressionId
    end: ExpressionId


@dataclass(frozen=True, slots=True)
class PosePath:
    """One turn of the head wanted: an expression stays, the pose changes from `start` to `end`."""

    id: PosePathId
    start: PoseId
    end: PoseId
    expression: ExpressionId = NEUTRAL


@dataclass(frozen=True, slots=True)
class Rig:
    """A validated configuration.

    Attributes:
        base_paths: In the order of the file; ids are unique.
        expressions: Expression id to its value per axis (`{"mouth": "ah", "eyes": "wide"}`); the mapping is empty for
            an expression that only a path names. Order of the file.
        axes: Axis to its known values; may be empty.
        poses: Pose ids in the order of the file; may be empty.
        character: Who is drawn, in words, or "".
        style: How it is drawn, in words, or "".
        preserve: What must never change, one phrase each.
        descriptions: Axis to value to words; only what the file adds to the shipped defaults.
        pose_descriptions: Pose to words.
        regions: Pose to the outlines of the parts of its face by name, as the user drew them; may be empty.
        reword_rejected: A picture that a service's safety system refuses is asked for once more in plain words.
        pose_paths: In the order of the file; ids are unique, and so are the names of their folders.
    """

    base_paths: tuple[BasePath, ...] = ()
    expressions: Mapping[ExpressionId, Mapping[str, str]] = field(default_factory=dict)
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    poses: tuple[PoseId, ...] = ()
    character: str = ""
    style: str = ""
    preserve: tuple[str, ...] = ()
    descriptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pose_descriptions: Mapping[PoseId, str] = field(default_factory=dict)
    regions: Mapping[PoseId, Mapping[str, Outline]] = field(default_factory=dict)
    reword_rejected: bool = False
    pose_paths: tuple[PosePath, ...] = ()

    def changing_axes(self, start: ExpressionId, end: ExpressionId) -> tuple[str, ...]:
        """Return the axes on which two expressions differ; empty where one of them has no values."""
        first, last = self.expressions.get(start, {}), self.expressions.get(end, {})
        if not first or not last:
            return ()
        return tuple(axis for axis in dict.fromkeys((*first, *last)) if first.get(axis) != last.get(axis))
