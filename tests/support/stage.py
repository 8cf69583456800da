"""Short ways to write the clips and states of a character down, and to read them from a golden file."""

from typing import Any

from watercolor_rig.core.ids import PathId
from watercolor_rig.core.rig import ExpressionId, PoseId
from watercolor_rig.core.transitions import Clip, State


def state(name: str) -> State:
    """Return the state that `"expression pose"` names."""
    expression, pose = name.split()
    return State(ExpressionId(expression), PoseId(pose))


def clip(path: str, start: str | State, end: str | State, frames: int = 5, weight: float | None = None) -> Clip:
    """Return a clip of evenly spaced frames, `0.png` and so on."""
    start, end = (state(each) if isinstance(each, str) else each for each in (start, end))
    times = tuple(place / max(1, frames - 1) for place in range(frames))
    return Clip(PathId(path), start, end, times, tuple(f"{place}.png" for place in range(frames)), weight)


def state_of(pair: list[str]) -> State:
    """Return the state that a golden file holds as `[expression, pose]`."""
    return State(ExpressionId(pair[0]), PoseId(pair[1]))


def clip_of(held: dict[str, Any]) -> Clip:
    """Return the clip that a golden file holds."""
    return Clip(
        PathId(held["path"]),
        state_of(held["start"]),
        state_of(held["end"]),
        tuple(held["times"]),
        tuple(held["files"]),
        held["weight"],
    )
