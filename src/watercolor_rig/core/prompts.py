"""What an image model is told: short labelled segments, the same on every call.

After OpenAI's guide for edits: background first, then subject, details and constraints; every picture is named by its
index and role; "change only …" is followed by the whole list of what must stay, because a model that redraws the full
picture keeps only what each single call asks it to keep. Pure functions of the rig: no character is named here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from watercolor_rig.core.rig import NEUTRAL, ExpressionId, PoseId, Rig
from watercolor_rig.core.sheets import Grid
from watercolor_rig.core.vocabulary import describe_expression, describe_pose, describe_value, from_id, one_line

ALWAYS_KEPT = (
    "the character's identity and proportions",
    "hair, clothes and accessories",
    "line weight and drawing style",
    "colour palette, shading, saturation and contrast",
    "position, scale, framing and camera angle",
    "the background",
)
"""What stays in every rig; the rig's own `preserve` comes first."""

NEVER = (
    "Do not redesign the character. Do not move, zoom, crop or re-light the picture. "
    "No text, no watermark, no border, no new objects."
)
"""The closing constraints of every prompt."""

MINDED = {
    "drift": "the figure stood elsewhere, larger or smaller: every line that does not move stays on exactly its pixels",
    "identity": "the character was drawn anew: copy everything outside the face as it is, line by line",
    "colour": "colours or brightness had shifted: take every colour exactly from Image 1",
    "stray": "things had changed that must not: change nothing but what is listed",
    "progress": "the movement stood at the wrong place: neither at Image 1 nor at Image 2, but as far as the task says",
    "turn": "the head had not turned: draw it in the pose that the task asks for",
    "ghost": "two drawings shone through each other: draw each part once, with solid lines",
    "blur": "lines were soft: draw them as crisp as in Image 1",
    "alpha": "the empty ground was painted over: leave it flat",
}
"""What another try is told, by what was wrong with the one before."""


def expression_prompt(rig: Rig, expression: ExpressionId, pose: PoseId, needs: Sequence[str] = ()) -> str:
    """Return the instruction to edit the neutral portrait (image 1) into `expression`.

    Args:
        rig: Whose character, style, words and preserve list are used.
        expression: The expression wanted; one without axis values is described by its id.
        pose: The pose that the portrait shows.
        needs: Keys of `MINDED`: what was wrong with an earlier try.
    """
    wanted = rig.expressions.get(expression) or {}
    shown = rig.expressions.get(NEUTRAL) or {}
    changes = [axis_words(rig, axis, value) for axis, value in wanted.items() if shown.get(axis) != value]
    kept = [axis_words(rig, axis, value) for axis, value in wanted.items() if shown.get(axis) == value]
    if expression == NEUTRAL:
        task, changes, kept = "Redraw Image 1 with the same neutral expression.", ["nothing"], [*kept, *changes]
    else:
        task = f"Edit Image 1 so that the face shows “{from_id(expression)}”."
        changes = changes or [f"the face, to {describe_expression(rig, expression)}"]
    return joined(
        *_setting(rig, pose),
        ("Image 1", "the portrait to edit, with a neutral expression"),
        ("Task", task),
        ("Change only", "; ".join(changes)),
        ("Keep exactly as in Image 1", kept_words(rig, kept)),
        ("Better than the last try", minded(needs)),
        ("Never", NEVER),
    )


def tween_prompt(  # noqa: PLR0913, PLR0917 - the pieces of one request in its own order
    rig: Rig,
    start: ExpressionId,
    end: ExpressionId,
    pose: PoseId,
    t: Fraction,
    start_t: Fraction,
    end_t: Fraction,
    anchored: bool,  # noqa: FBT001 - named at the call, as the rest
    note: str = "",
    needs: Sequence[str] = (),
) -> str:
    """Return the instruction to draw the frame at `t` between the frames at `start_t` and `end_t`.

    Image 1 is the frame at `start_t`, image 2 the one at `end_t`, image 3 (if `anchored`) the pose's neutral.

    Args:
        rig: Whose character, style, words and preserve list are used.
        start: Expression at position 0 of the sequence.
        end: Expression at position 1 of the sequence.
        pose: The pose that all pictures show.
        t: Position wanted, `start_t` < t < `end_t`.
        start_t: Position of image 1, 0 ≤ `start_t`.
        end_t: Position of image 2, `end_t` ≤ 1.
        anchored: Whether the neutral goes along as image 3.
        note: What the user asks of this one frame, in words, or "".
        needs: Keys of `MINDED`: what was wrong with an earlier try.
    """
    share = way_words((t - start_t) / (end_t - start_t))
    changes, kept = _differences(rig, start, end)
    anchor = [("Image 3", "the neutral portrait: take identity, lines and colours from it, not its expression")]
    task = (
        f"Draw the one in-between frame of the animation that lies {share} from Image 1 to Image 2 "
        f"({share_words(t)} of the whole movement). Every moving part stands {share} from its place in Image 1 to its "
        "place in Image 2, as a single clean drawing, not a double exposure."
    )
    return joined(
        *_setting(rig, pose),
        ("Image 1", f"the earlier frame, {_place(rig, start, end, start_t)}"),
        ("Image 2", f"the later frame, {_place(rig, start, end, end_t)}"),
        *(anchor if anchored else []),
        ("Task", task),
        ("Of this frame in particular", one_line(note)),
        ("Change only", "; ".join(changes)),
        ("Keep exactly as in Image 1", kept_words(rig, kept)),
        ("Better than the last try", minded(needs)),
        ("Never", NEVER),
    )


def sheet_prompt(
    rig: Rig,
    start: ExpressionId,
    end: ExpressionId,
    pose: PoseId,
    times: Sequence[Fraction],
    anchored: bool,  # noqa: FBT001 - named at the call, as the rest
) -> str:
    """Return the instruction to draw the in-betweens of a whole sequence as the panels of one picture.

    Image 1 is the first frame of the sequence, image 2 the last one, image 3 (if `anchored`) the pose's neutral.

    Args:
        rig: Whose character, style, words and preserve list are used.
        start: Expression at position 0 of the sequence.
        end: Expression at position 1 of the sequence.
        pose: The pose that all pictures show.
        times: Position of each panel, row by row; at least one, each between 0 and 1.
        anchored: Whether the neutral goes along as image 3.
    """
    changes, kept = _differences(rig, start, end)
    anchor = [("Image 3", "the neutral portrait: take identity, lines and colours from it, not its expression")]
    task = (
        "Draw the in-between frames of one animation as the panels of one picture. In each panel every moving part "
        "stands as far from its place in Image 1 to its place in Image 2 as the list of panels says, as a single clean "
        "drawing, not a double exposure; everything else is the same in all panels."
    )
    return joined(
        *_setting(rig, pose),
        ("Image 1", f"the first frame, {_place(rig, start, end, Fraction(0))}"),
        ("Image 2", f"the last frame, {_place(rig, start, end, Fraction(1))}"),
        *(anchor if anchored else []),
        ("Task", task),
        ("Layout", layout_words(len(times))),
        ("Panels", panels_words([f"{way_words(t)} from Image 1 to Image 2" for t in times])),
        ("Change only", "; ".join(changes)),
        ("Keep in every panel exactly as in Image 1", kept_words(rig, kept)),
        ("Never", f"In no panel: {NEVER}"),
    )


def in_plain_words(rig: Rig) -> Rig:
    """Return the rig without the user's own words: its prompts then use the shipped descriptions alone.

    For a picture that a safety system has refused: nearly always it was a word, not the movement.
    """
    return replace(rig, character="", style="", preserve=(), descriptions={}, pose_descriptions={})


def _setting(rig: Rig, pose: PoseId) -> list[tuple[str, str]]:
    return [
        ("Background", "exactly the background of Image 1, unchanged"),
        ("Character", one_line(rig.character)),
        ("Style", one_line(rig.style)),
        ("Pose", f"{describe_pose(rig, pose)}; head, body and camera exactly as in Image 1"),
    ]


def _differences(rig: Rig, start: ExpressionId, end: ExpressionId) -> tuple[list[str], list[str]]:
    first, last = rig.expressions.get(start) or {}, rig.expressions.get(end) or {}
    if not first or not last:
        return [f"the face, between {describe_expression(rig, start)} and {describe_expression(rig, end)}"], []
    changes, kept = [], []
    for axis in dict.fromkeys((*first, *last)):
        before, after = first.get(axis), last.get(axis)
        if before == after and before is not None:
            kept.append(axis_words(rig, axis, before))
        else:
            words = [describe_value(rig, axis, value) if value else "as drawn" for value in (before, after)]
            changes.append(f"{from_id(axis)} (over the whole movement from {words[0]}, to {words[1]})")
    return changes or ["the parts of the face that differ between the two"], kept


def _place(rig: Rig, start: ExpressionId, end: ExpressionId, position: Fraction) -> str:
    if position <= 0:
        return f"the start of the movement: {describe_expression(rig, start)}"
    if position >= 1:
        return f"the end of the movement: {describe_expression(rig, end)}"
    return f"at {share_words(position)} of the whole movement from “{from_id(start)}” to “{from_id(end)}”"


def panels_words(texts: Sequence[str]) -> str:
    """Return what each panel of a sheet shows, row by row; panels that are left over show the last frame."""
    grid = Grid.of(len(texts))
    shown = [*texts, *["Image 2, unchanged"] * (grid.panels - len(texts))]
    return "; ".join(f"{_panel(*grid.place(at))}: {what}" for at, what in enumerate(shown))


def layout_words(panels: int) -> str:
    """Return how so many panels fill a sheet."""
    grid = Grid.of(panels)
    return (
        f"{_counted(grid.columns, 'column')} and {_counted(grid.rows, 'row')} of panels of equal size that fill the "
        "picture, without lines, gaps or labels. Each panel shows the whole of Image 1, in the same framing."
    )


def _panel(column: int, row: int) -> str:
    return f"row {row + 1}, column {column + 1}"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"


def way_words(share: Fraction) -> str:
    """Return a share of a way: `1/4 of the way`."""
    return f"{share_words(share)} of the way"


def share_words(share: Fraction) -> str:
    """Return a share: `1/4`."""
    return f"{share.numerator}/{share.denominator}"


def minded(needs: Iterable[str]) -> str:
    """Return what another try is told, by keys of `MINDED`."""
    return "; ".join(MINDED[need] for need in needs if need in MINDED)


def axis_words(rig: Rig, axis: str, value: str) -> str:
    """Return an axis and its value: `mouth: a tall oval`."""
    return f"{from_id(axis)}: {describe_value(rig, axis, value)}"


def kept_words(rig: Rig, axes: Iterable[str]) -> str:
    """Return everything that stays: the rig's own list first, then what is given, then what stays in every rig."""
    return "; ".join((*map(one_line, rig.preserve), *axes, *ALWAYS_KEPT))


def joined(*segments: tuple[str, str]) -> str:
    """Return labelled segments, one a line, without those that are empty."""
    return "\n".join(f"{label}: {text}" for label, text in segments if text)
