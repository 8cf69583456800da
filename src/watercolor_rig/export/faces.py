"""The states of a face that avatar programs switch between: each expression silent or talking, eyes open or blinking.

A rig seldom has a drawing for every state. Where a sequence leads from an expression to an open mouth, its end is the
talking face. Where none does, the change is borrowed: a mouth that opens in another sequence opens the same way on a
face that equals that sequence's start wherever the change is, pixel for pixel. Mouth and eyes at once are put together
by the same rule. What cannot be had so is left out, and never guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np

from watercolor_rig.core.errors import PictureError, UsageError
from watercolor_rig.export.api import Clip, ClipFrame, Outbox, Setting
from watercolor_rig.imaging.change import changed_pixels
from watercolor_rig.imaging.picture import Rgba, encode_png

CLOSED_EYES = Setting("blink_closed,blink", None, "expressions with closed eyes, the best first")
TALKING = Setting("speaking_ah,ah,talking", None, "expressions with an open mouth, the best first")
EXPRESSIONS = Setting("all", None, "names, separated by commas; `all` leaves out `speaking_*` and `blink*`")

STATE_SETTINGS: Mapping[str, Setting] = {"talking": TALKING, "closed-eyes": CLOSED_EYES, "expressions": EXPRESSIONS}
"""Of every export that writes states."""

_ALL = "all"
_NO_MOOD = ("speaking_*", "blink*")
_FIRST = "neutral"


@dataclass(frozen=True, slots=True)
class Still:
    """An expression's own picture: a clip that it begins or ends, and the frame there."""

    clip: Clip
    frame: ClipFrame


@dataclass(frozen=True, slots=True)
class Face:
    """An expression in its states, all of one size.

    Attributes:
        expression: Its name.
        silent: Mouth and eyes as drawn.
        talking: With an open mouth; None where the rig cannot tell how.
        blinking: With closed eyes; None likewise.
        talking_blinking: With both; None likewise.
    """

    expression: str
    silent: Rgba
    talking: Rgba | None
    blinking: Rgba | None
    talking_blinking: Rgba | None


def words(text: str) -> list[str]:
    """Return the words of a setting that commas separate."""
    return [word.strip() for word in text.split(",") if word.strip()]


def check_one_pose(clips: Sequence[Clip]) -> None:
    """See to it that all clips are of one pose.

    Raises:
        UsageError: if they are not.
    """
    poses = sorted({pose for clip in clips for pose in (clip.pose, clip.last_pose)})
    if len(poses) > 1:
        raise UsageError(
            f"there are the poses {', '.join(poses)}; choose one, such as --only '*__{poses[0]}', "
            "or by the library's filter in the studio"
        )


def stills_of(clips: Sequence[Clip]) -> dict[str, Still]:
    """Return the picture of each expression that a clip begins or ends, in the order in which they come."""
    found: dict[str, Still] = {}
    for clip in clips:
        for name, frame in ((clip.start, clip.frames[0]), (clip.end, clip.frames[-1])):
            if name:
                found.setdefault(name, Still(clip, frame))
    return found


def clip_to(clips: Sequence[Clip], start: str, ends: Sequence[str]) -> Clip | None:
    """Return the clip from an expression to the first one of `ends` that any leads to."""
    fitting = [clip for clip in clips if clip.start == start and clip.end in ends]
    return min(fitting, key=lambda clip: ends.index(clip.end), default=None)


def way_to(clips: Sequence[Clip], stills: Mapping[str, Still], start: str, ends: Sequence[str]) -> Clip | None:
    """Return the clip from an expression to one of `ends`, or else such a clip of another expression, worn by this one.

    A clip can be worn where the face equals its first frame wherever any of its frames differs from that.

    Raises:
        PictureError: if a frame cannot be decoded.
        StoreError: if a file cannot be read.
    """
    own = clip_to(clips, start, ends)
    if own is not None or start in ends:
        return own
    wearer = stills[start]
    for lent in _lent(clips, ends):
        before = lent.frames[0].read()
        face = wearer.frame.read()
        if lent.size == wearer.clip.size and all(applied(face, before, f.read()) is not None for f in lent.frames):
            frames = tuple(_worn(wearer.frame, lent.frames[0], frame, start) for frame in lent.frames)
            return replace(lent, name=f"{start}_as_{lent.name}", start=start, frames=frames)
    return None


def names_of(clips: Sequence[Clip], settings: Mapping[str, str]) -> list[str]:
    """Return the expressions to show: `neutral` first, then by name, or as the user named them.

    Args:
        clips: At least one.
        settings: With those of `STATE_SETTINGS`.

    Raises:
        UsageError: for more than one pose, pictures of several sizes, or an expression that there is not.
    """
    check_one_pose(clips)
    for clip in clips:
        if clip.size != clips[0].size:
            raise UsageError(
                f"{clips[0].name!r} and {clip.name!r} differ in size, and states must not; choose with --only"
            )
    roles = [*words(settings["talking"]), *words(settings["closed-eyes"])]
    return _names(list(stills_of(clips)), settings["expressions"], roles)


def faces_of(clips: Sequence[Clip], settings: Mapping[str, str], names: Sequence[str]) -> Iterator[Face]:
    """Yield expressions in their states, one at a time.

    Args:
        clips: As for `names_of`.
        settings: Likewise.
        names: Some of what that returned.

    Raises:
        PictureError: if a frame cannot be decoded.
        StoreError: if a file cannot be read.
    """
    stills = stills_of(clips)
    talking, closed = words(settings["talking"]), words(settings["closed-eyes"])
    return (_face(name, clips, stills, talking, closed) for name in names)


def warn_of_missing(face: Face, outbox: Outbox) -> None:
    """Tell which states of a face there are not."""
    ways = (("talks", "an open mouth", face.talking), ("blinks", "closed eyes", face.blinking))
    lacking = [(word, end) for word, end, picture in ways if picture is None]
    if lacking:
        faults, ends = (" and ".join(parts) for parts in zip(*((f"never {a}", b) for a, b in lacking), strict=True))
        outbox.warn(face.expression, f"{faults}; a sequence from it to {ends} would change that")
    elif face.talking_blinking is None:
        outbox.warn(face.expression, "does not blink while it talks: mouth and eyes change in one place")


def applied(picture: Rgba, before: Rgba, after: Rgba) -> Rgba | None:
    """Return a picture changed as `before` is changed to `after`; None unless it equals `before` wherever that is.

    All are uint8, (height, width, 4), of one size.
    """
    changed = changed_pixels(before, after)
    if (changed_pixels(picture, before) & changed).any():
        return None
    return np.where(changed[..., None], after, picture)


def _names(known: Sequence[str], asked: str, roles: Sequence[str]) -> list[str]:
    if asked != _ALL:
        chosen = words(asked)
        missing = [name for name in chosen if name not in known]
        if missing:
            raise UsageError(
                f"--option expressions: no sequence begins or ends with {missing[0]!r}; there are: "
                + ", ".join(sorted(known))
            )
        return chosen
    moods = [
        name for name in known if name not in roles and not any(fnmatchcase(name, pattern) for pattern in _NO_MOOD)
    ]
    if not moods:
        raise UsageError("no sequence begins or ends with an expression; name some with --option expressions=…")
    return sorted(moods, key=lambda name: (name != _FIRST, name))


def _face(
    name: str, clips: Sequence[Clip], stills: Mapping[str, Still], talking: Sequence[str], closed: Sequence[str]
) -> Face:
    silent = stills[name].frame.read()
    talks = _changed(name, silent, clips, talking)
    blinks = _changed(name, silent, clips, closed)
    both = None if talks is None or blinks is None else applied(talks, silent, blinks)
    return Face(name, silent, talks, blinks, both)


def _changed(name: str, silent: Rgba, clips: Sequence[Clip], ends: Sequence[str]) -> Rgba | None:
    """Return the face as its own sequence to one of `ends` leaves it, or else with a change borrowed from another."""
    own = clip_to(clips, name, ends)
    if own is not None:
        return own.frames[-1].read()
    changes = (applied(silent, lent.frames[0].read(), lent.frames[-1].read()) for lent in _lent(clips, ends))
    return next((changed for changed in changes if changed is not None), None)


def _lent(clips: Sequence[Clip], ends: Sequence[str]) -> Iterator[Clip]:
    """Yield the clips whose change another face may borrow, the neutral face's first."""
    for start in sorted({clip.start for clip in clips}, key=lambda start: (start != _FIRST, start)):
        clip = clip_to(clips, start, ends)
        if clip is not None:
            yield clip


def _worn(face: ClipFrame, before: ClipFrame, after: ClipFrame, expression: str) -> ClipFrame:
    """Return a frame of a lent clip as the face wears it."""
    name = f"{expression} as {after.name}"

    def read() -> Rgba:
        changed = applied(face.read(), before.read(), after.read())
        if changed is None:
            raise PictureError(f"{name}: its pictures changed while they were exported; export again")
        return changed

    return ClipFrame(after.t, name, read, lambda: encode_png(read()))
