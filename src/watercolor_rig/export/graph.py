"""Clips as the sequences of a character that goes from state to state (`core.transitions`)."""

from collections.abc import Iterable, Sequence

from watercolor_rig.core import transitions
from watercolor_rig.core.ids import PathId
from watercolor_rig.core.rig import ExpressionId, PoseId
from watercolor_rig.core.transitions import State
from watercolor_rig.export.api import Clip


def ends_of(clip: Clip) -> tuple[State, State]:
    """Return the states that the first and the last frame of a clip show."""
    return (
        State(ExpressionId(clip.start), PoseId(clip.pose)),
        State(ExpressionId(clip.end), PoseId(clip.last_pose)),
    )


def fault_of_clip(clip: Clip) -> str | None:
    """Return why a character cannot play a clip, in words for the user, or None where it can."""
    if not (clip.start and clip.end and clip.pose):
        return "its manifest does not say which expressions and which pose it joins"
    if len(clip.frames) < 2 or clip.frames[0].t != 0 or clip.frames[-1].t != 1:  # noqa: PLR2004
        return "its first or its last drawing is missing; complete the sequence"
    return None


def graph_clip(clip: Clip, files: Sequence[str] | None = None) -> transitions.Clip:
    """Return a clip that `fault_of_clip` finds nothing wrong with as the graph of transitions takes it.

    Args:
        clip: The clip.
        files: What its frames are called there; None for their own names.
    """
    start, end = ends_of(clip)
    names = tuple(frame.name for frame in clip.frames) if files is None else tuple(files)
    return transitions.Clip(PathId(clip.name), start, end, tuple(clip.times), names)


def meetings(clips: Iterable[Clip]) -> dict[State, int]:
    """Return how many clips meet in each state, in the order in which the states come."""
    count: dict[State, int] = {}
    for clip in clips:
        for state in ends_of(clip):
            count[state] = count.get(state, 0) + 1
    return count
