"""What the report tells of the expressions at one pose: each beside neutral, its quality, takes and cost.

The judge has looked at those that came from a service; a drawing that nobody has judged is judged for the report.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from watercolor_rig.app.report.frames import Found, fault_of_size, find_picture, tell_frame
from watercolor_rig.app.report.remembered import Remembered
from watercolor_rig.core.ids import endpoint_file
from watercolor_rig.core.report import FrameShown, GroupShown
from watercolor_rig.core.rig import NEUTRAL, ExpressionId, PoseId
from watercolor_rig.imaging.judge.judging import judge_expression


def tell_pose(folder: Path, pose: PoseId, expressions: Iterable[ExpressionId], remembered: Remembered) -> GroupShown:
    """Return what there is to show of the expressions at a pose; whatever is wrong with them is among that.

    Args:
        folder: Of the endpoints.
        pose: The pose.
        expressions: Those with a file there.
        remembered: The project's memory.
    """
    file = endpoint_file(NEUTRAL, pose)
    neutral = find_picture(folder / file)
    reference = neutral if isinstance(neutral, Found) else None
    notes = () if reference else (f"{file} cannot be compared with: {neutral}",)
    ordered = sorted(expressions, key=lambda name: (name != NEUTRAL, name))
    frames = tuple(_expression(name, folder / endpoint_file(name, pose), reference, remembered) for name in ordered)
    about = f"{len(frames)} expression{'s' * (len(frames) != 1)}."
    return GroupShown(
        f"Expressions, pose {pose}", "pose", about, remembered.cost(f"expressions__{pose}"), frames, notes=notes
    )


def _judged(frame: FrameShown, found: Found, neutral: Found) -> FrameShown:
    quality = judge_expression(found.pixels, neutral.pixels)
    return replace(frame, score=quality.score, is_good=quality.is_good, faults=quality.faults, measured=quality.parts)


def _expression(name: str, path: Path, neutral: Found | None, remembered: Remembered) -> FrameShown:
    found = find_picture(path)
    if isinstance(found, str):
        return FrameShown(name, path.name, broken=found)
    if neutral and (fault := fault_of_size(found, neutral)):
        return FrameShown(name, path.name, broken=fault)
    if neutral is None or name == NEUTRAL:
        return tell_frame(name, found, None, remembered, None)
    frame = tell_frame(name, found, neutral, remembered, None)
    return frame if frame.score is not None else _judged(frame, found, neutral)
