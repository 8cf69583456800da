"""What the usual axis values look like, in words that an image model understands.

`expressions.json` speaks in short names (`smile_soft`); a model needs a description. The shipped words below fit any
drawn face; a rig's own `descriptions` win over them, and a name that neither knows stands for itself, its underscores
read as spaces.
"""

from collections.abc import Mapping
from types import MappingProxyType

from watercolor_rig.core.rig import ExpressionId, PoseId, Rig

_MOUTH = {
    "neutral": "closed and relaxed, neither smiling nor frowning",
    "smile_soft": "closed in a gentle smile, corners slightly up",
    "smile_big": "a broad, happy smile, corners well up",
    "smile_open": "an open smile, corners up, the inside of the mouth visible",
    "open_smile": "an open smile, corners up, the inside of the mouth visible",
    "smirk": "closed, one corner pulled up",
    "smirk_open": "a crooked, slightly open smirk, one corner pulled up",
    "grin_teeth": "a wide grin that shows the closed teeth",
    "snarl": "a snarl, upper lip drawn up, teeth bared",
    "ah": "wide open and tall, as when saying “ah”",
    "eh": "half open and relaxed, as when saying “eh”",
    "ee": "stretched wide and narrowly open, as when saying “ee”",
    "ih": "slightly open and a little wide, as when saying “ih”",
    "oh": "open and rounded, as when saying “oh”",
    "uw": "small, rounded and pushed forward, as when saying “oo”",
    "small_o": "a small round “o”",
    "small_open": "slightly open",
    "mbp": "lips pressed together, as when saying “m”",
    "fv": "lower lip tucked under the upper teeth, as when saying “f”",
    "yell": "opened as wide as it goes, shouting",
    "frown": "closed, corners turned down",
    "open_sad": "open, corners turned down, as when crying out",
    "pout": "closed, lower lip pushed out",
    "wavy": "closed in an uncertain, wavy line",
    "tongue": "open in a playful smile, the tip of the tongue out",
}

_EYES = {
    "neutral": "open and relaxed, looking ahead",
    "round": "open and round, attentive",
    "happy_closed": "closed in happy, upward arcs",
    "wide": "opened very wide, the whole iris visible",
    "squint": "narrowed, lids drawn together",
    "narrow": "narrowed to a hard stare",
    "half": "half closed, upper lids lowered to the middle of the eye",
    "blink_half": "half closed, upper lids lowered to the middle of the eye",
    "blink_closed": "fully closed, lids relaxed, as in a blink",
    "closed": "fully closed, lids relaxed",
    "wink": "one eye closed in a wink, the other open",
    "sad": "open and sad, upper lids sloping down to the outside",
    "tears": "open with tears welling up",
    "shadowed": "in deep shadow from above",
    "look_left": "open, looking to the left of the picture",
    "look_right": "open, looking to the right of the picture",
    "look_up": "open, looking up",
    "look_down": "open, looking down",
}

_BROWS = {
    "neutral": "relaxed",
    "raise": "both raised",
    "raise_one": "one raised, the other relaxed",
    "worried": "drawn together, inner ends up",
    "sad": "inner ends up, outer ends down",
    "furrow": "lowered and drawn together, angry",
    "lower": "both lowered",
}

SHIPPED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"mouth": MappingProxyType(_MOUTH), "eyes": MappingProxyType(_EYES), "brows": MappingProxyType(_BROWS)},
)
"""Axis to value to words."""

CLOSED_EYES = ("blink_closed", "blink")
"""Expressions with closed eyes, the best first: what a face blinks with unless told otherwise."""


def describe_value(rig: Rig, axis: str, value: str) -> str:
    """Return what `value` looks like on `axis`: the rig's words, else the shipped ones, else the name itself."""
    for words in (rig.descriptions, SHIPPED):
        known = words.get(axis, {}).get(value)
        if known:
            return one_line(known)
    return from_id(value)


def describe_expression(rig: Rig, expression: ExpressionId) -> str:
    """Return an expression in one phrase: its axis values (`mouth …; eyes …`), or its id where it has none."""
    values = rig.expressions.get(expression) or {}
    if not values:
        return f"the expression “{from_id(expression)}”"
    return "; ".join(f"{from_id(axis)} {describe_value(rig, axis, value)}" for axis, value in values.items())


def describe_pose(rig: Rig, pose: PoseId) -> str:
    """Return the pose in the rig's words, or its id as words."""
    return one_line(rig.pose_descriptions.get(pose, "")) or from_id(pose)


def from_id(name: str) -> str:
    """Return an id as words: `happy_big` becomes `happy big`."""
    return one_line(name.replace("_", " "))


def one_line(text: str) -> str:
    """Return `text` without line breaks and runs of spaces, so that it cannot break out of its segment."""
    return " ".join(text.split())
