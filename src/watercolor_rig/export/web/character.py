"""Who comes on stage: the clips that can be played, where the character rests first, and what it cannot reach."""

from collections.abc import Sequence
from difflib import get_close_matches

from watercolor_rig.core.errors import UnreachableError, UsageError
from watercolor_rig.core.ids import SEPARATOR
from watercolor_rig.core.rig import ExpressionId
from watercolor_rig.core.transitions import State, TransitionGraph
from watercolor_rig.export.api import Clip, Outbox
from watercolor_rig.export.graph import fault_of_clip, graph_clip, meetings

ANY = "auto"
"""No wish for a first state."""


def playable(clips: Sequence[Clip], outbox: Outbox) -> list[Clip]:
    """Return the clips that a character can play; the others are named with the reason.

    Raises:
        UsageError: if there is none, or they differ in the size of their pictures.
    """
    fit = []
    for clip in clips:
        if fault := fault_of_clip(clip):
            outbox.leave_out(clip.name, fault)
        else:
            fit.append(clip)
    if not fit:
        raise UsageError("no sequence can be played on a page; the reasons are above")
    first = fit[0]
    for clip in fit:
        if clip.size != first.size:
            sizes = " and ".join(f"{each.name!r} has {each.size[0]}x{each.size[1]}" for each in (first, clip))
            only = f"--only '*{SEPARATOR}{first.pose}'" if first.pose != clip.pose else "--only"
            raise UsageError(f"a character has one canvas, and {sizes} pixels; choose the sequences of one with {only}")
    return fit


def first_state(clips: Sequence[Clip], wish: str) -> State:
    """Return the state that a character rests in first: the one in which most clips meet, the first of several.

    Args:
        clips: Its clips.
        wish: An expression, or `{expression}__{pose}`, to choose among; `ANY` for all.

    Raises:
        UsageError: if no state is called so.
    """
    count = meetings(clips)
    wanted = [state for state in count if wish in (ANY, state.expression, _name(state))]
    if not wanted:
        known = list(dict.fromkeys([*(_name(state) for state in count), *(state.expression for state in count)]))
        near = get_close_matches(wish, known, n=1)
        advice = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(map(_name, count))}"
        raise UsageError(f"--option start: no sequence begins or ends at {wish!r}; {advice}")
    return max(wanted, key=lambda state: count[state])


def closed_among(clips: Sequence[Clip], closed: Sequence[str]) -> list[ExpressionId]:
    """Return those of the expressions with closed eyes that the clips show, the best first."""
    shown = {state.expression for state in meetings(clips)}
    return [ExpressionId(name) for name in dict.fromkeys(closed) if name in shown]


def warn_of_gaps(clips: Sequence[Clip], start: State, outbox: Outbox) -> None:
    """Name what no way leads to from the first state, and the path that would help most."""
    graph = TransitionGraph(map(graph_clip, clips))
    for state in graph.unreachable(start)[:1]:
        try:
            graph.route(start, state)
        except UnreachableError as error:
            outbox.warn("rig.json", str(error))


def _name(state: State) -> str:
    return f"{state.expression}{SEPARATOR}{state.pose}"
