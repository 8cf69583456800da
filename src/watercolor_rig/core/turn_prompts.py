"""What an image model is told where the head turns and the expression stays.

As `core.prompts`, with the roles exchanged: there the pose stays and the face changes, here it is the other way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from watercolor_rig.core.prompts import (
    NEVER,
    axis_words,
    joined,
    kept_words,
    layout_words,
    minded,
    panels_words,
    share_words,
    way_words,
)
from watercolor_rig.core.rig import ExpressionId, PoseId, Rig
from watercolor_rig.core.vocabulary import describe_pose, from_id, one_line

WHAT_TURNS = (
    "the orientation of the head, and what turns with it: the outlines of face and hair, and where eyes, brows, nose, "
    "mouth and ears stand"
)
"""What alone changes in a turn of the head."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An expression that goes from one pose to another."""

    expression: ExpressionId
    start: PoseId
    end: PoseId


def head_prompt(rig: Rig, turn: Turn, needs: Sequence[str] = ()) -> str:
    """Return the instruction to turn the head of a picture (image 1) to another pose.

    Args:
        rig: Whose character, style, words and preserve list are used.
        turn: From the pose that image 1 shows to the pose wanted.
        needs: Keys of `MINDED`: what was wrong with an earlier try.
    """
    return joined(
        *_setting(rig, f"{describe_pose(rig, turn.end)}; body and camera exactly as in Image 1"),
        ("Image 1", f"the picture to edit, {describe_pose(rig, turn.start)}"),
        (
            "Task",
            f"Edit Image 1 so that the head's pose is “{describe_pose(rig, turn.end)}”, with the same expression.",
        ),
        ("Change only", WHAT_TURNS),
        ("Keep exactly as in Image 1", _kept(rig, turn)),
        ("Better than the last try", minded(needs)),
        ("Never", NEVER),
    )


def turn_tween_prompt(  # noqa: PLR0913 - the pieces of one request in its own order
    rig: Rig,
    turn: Turn,
    t: Fraction,
    between: tuple[Fraction, Fraction],
    *,
    anchored: bool,
    note: str = "",
    needs: Sequence[str] = (),
) -> str:
    """Return the instruction to draw the frame at `t` of a turn, between two of its frames.

    Image 1 is the earlier frame, image 2 the later one, image 3 (if `anchored`) the neutral at the pose of the start.

    Args:
        rig: Whose character, style, words and preserve list are used.
        turn: The whole movement.
        t: Position wanted.
        between: Positions of image 1 and image 2, 0 ≤ first < `t` < second ≤ 1.
        anchored: Whether the neutral goes along as image 3.
        note: What the user asks of this one frame, in words, or "".
        needs: Keys of `MINDED`: what was wrong with an earlier try.
    """
    start_t, end_t = between
    share = way_words((t - start_t) / (end_t - start_t))
    task = (
        f"Draw the one in-between frame of a turn of the head that lies {share} from Image 1 to Image 2 "
        f"({share_words(t)} of the whole turn). The head stands {share} from its orientation in Image 1 to that in "
        "Image 2, as a single clean drawing, not a double exposure."
    )
    return joined(
        *_setting(rig, _way(rig, turn)),
        ("Image 1", f"the earlier frame, {_place(rig, turn, start_t)}"),
        ("Image 2", f"the later frame, {_place(rig, turn, end_t)}"),
        *_anchor(anchored=anchored),
        ("Task", task),
        ("Of this frame in particular", one_line(note)),
        ("Change only", WHAT_TURNS),
        ("Keep exactly as in Image 1", _kept(rig, turn)),
        ("Better than the last try", minded(needs)),
        ("Never", NEVER),
    )


def turn_sheet_prompt(rig: Rig, turn: Turn, times: Sequence[Fraction], *, anchored: bool) -> str:
    """Return the instruction to draw the in-betweens of a whole turn as the panels of one picture.

    Image 1 is the first frame of the turn, image 2 the last one, image 3 (if `anchored`) the neutral at the first pose.

    Args:
        rig: Whose character, style, words and preserve list are used.
        turn: The whole movement.
        times: Position of each panel, row by row; at least one, each between 0 and 1.
        anchored: Whether the neutral goes along as image 3.
    """
    task = (
        "Draw the in-between frames of one turn of the head as the panels of one picture. In each panel the head "
        "stands as far from its orientation in Image 1 to that in Image 2 as the list of panels says, as a single "
        "clean drawing, not a double exposure; everything else is the same in all panels."
    )
    return joined(
        *_setting(rig, _way(rig, turn)),
        ("Image 1", f"the first frame, {_place(rig, turn, Fraction(0))}"),
        ("Image 2", f"the last frame, {_place(rig, turn, Fraction(1))}"),
        *_anchor(anchored=anchored),
        ("Task", task),
        ("Layout", layout_words(len(times))),
        ("Panels", panels_words([f"{way_words(t)} from Image 1 to Image 2" for t in times])),
        ("Change only", WHAT_TURNS),
        ("Keep in every panel exactly as in Image 1", _kept(rig, turn)),
        ("Never", f"In no panel: {NEVER}"),
    )


def _setting(rig: Rig, pose: str) -> list[tuple[str, str]]:
    return [
        ("Background", "exactly the background of Image 1, unchanged"),
        ("Character", one_line(rig.character)),
        ("Style", one_line(rig.style)),
        ("Pose", pose),
    ]


def _anchor(*, anchored: bool) -> list[tuple[str, str]]:
    words = "the neutral portrait: take identity, lines and colours from it, not its expression or pose"
    return [("Image 3", words)] if anchored else []


def _way(rig: Rig, turn: Turn) -> str:
    poses = f"from “{describe_pose(rig, turn.start)}” to “{describe_pose(rig, turn.end)}”"
    return f"the head turns {poses}; body and camera exactly as in Image 1"


def _place(rig: Rig, turn: Turn, position: Fraction) -> str:
    if position <= 0:
        return f"the start of the turn: {describe_pose(rig, turn.start)}"
    if position >= 1:
        return f"the end of the turn: {describe_pose(rig, turn.end)}"
    return f"at {share_words(position)} of the whole turn"


def _kept(rig: Rig, turn: Turn) -> str:
    values = rig.expressions.get(turn.expression) or {}
    shown = [axis_words(rig, axis, value) for axis, value in values.items()]
    return kept_words(rig, [f"the expression “{from_id(turn.expression)}”", *shown])
