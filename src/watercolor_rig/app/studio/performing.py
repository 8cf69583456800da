"""The project's own sequences as a character that performs, and what it was told last.

What can be played is every sequence whose frames are all there, in one size; what is left out is named with the reason.
Who performs and who only shows it, such as a page in a program for streaming, hear of each command by the same events.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from threading import Lock

from watercolor_rig.app.studio.catalogue import Catalogue
from watercolor_rig.app.studio.hub import EventHub, StageCommand, StageToldTo
from watercolor_rig.app.studio.views import SequenceView
from watercolor_rig.core.errors import NothingMatchedError, StoreError
from watercolor_rig.core.rig import NEUTRAL

CLOSED_EYES = ("blink_closed", "blink")
"""Expressions with closed eyes, the best first."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class StateView:
    """How the character may rest."""

    expression: str
    pose: str


@dataclass(frozen=True, slots=True)
class PlayableView:
    """A sequence that can be played: `digests` names the picture at each of `times`."""

    path: str
    start: StateView
    end: StateView
    times: Sequence[Fraction]
    digests: Sequence[str]


@dataclass(frozen=True, slots=True)
class LeftOutView:
    """A sequence that cannot be played, and why."""

    path_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CharacterView:
    """What can be performed.

    Attributes:
        size: Width and height of every picture, in pixels.
        start: Where the character rests first: neutral, where a sequence meets it.
        blinks: Expressions with closed eyes, the best first.
        clips: At least one sequence, in the order of the list.
        left_out: The other sequences.
    """

    size: Size
    start: StateView
    blinks: Sequence[str]
    clips: Sequence[PlayableView]
    left_out: Sequence[LeftOutView]


class Performing:
    """The character of one project, and its stage; may be asked on any thread.

    Args:
        catalogue: What there is.
        hub: Hears every command.
    """

    def __init__(self, catalogue: Catalogue, hub: EventHub) -> None:
        self._catalogue = catalogue
        self._hub = hub
        self._lock = Lock()
        self._known: tuple[object, CharacterView] | None = None
        self._told: StageCommand | None = None

    @property
    def told(self) -> StageCommand | None:
        """The last command, or None before the first."""
        return self._told

    def character(self) -> CharacterView:
        """Return what can be performed now.

        Raises:
            NothingMatchedError: if no sequence has all its frames.
        """
        version = self._catalogue.version
        with self._lock:
            if self._known is not None and self._known[0] == version:
                return self._known[1]
        character = _cast([self._look(row.path_id) for row in self._catalogue.rows()])
        with self._lock:
            self._known = (version, character)
        return character

    def tell(self, command: StageCommand) -> StageCommand:
        """Tell every stage of a command, and return it.

        Raises:
            NothingMatchedError: if no sequence meets that state.
        """
        state = StateView(command.expression, command.pose)
        if not any(state in (clip.start, clip.end) for clip in self.character().clips):
            raise NothingMatchedError(
                f"no sequence that can be played begins or ends with {command.expression!r} at {command.pose!r}; "
                "GET /api/v1/rig lists those that can"
            )
        self._told = command
        self._hub.publish(StageToldTo(command))
        return command

    def _look(self, path_id: str) -> tuple[PlayableView, Size] | LeftOutView:
        try:
            return _playable(self._catalogue.sequence(path_id))
        except (NothingMatchedError, StoreError) as error:
            return LeftOutView(path_id, str(error))


def _playable(sequence: SequenceView) -> tuple[PlayableView, Size] | LeftOutView:
    row, frames = sequence.row, sequence.frames
    digests = [frame.digest for frame in frames if frame.digest is not None]
    if sequence.width is None or sequence.height is None or len(frames) < 2:  # noqa: PLR2004 - a way has two ends
        return LeftOutView(row.path_id, row.reason or "it has no frames yet")
    if len(digests) < len(frames):
        return LeftOutView(
            row.path_id, f"{len(frames) - len(digests)} of {len(frames)} frames are not made yet; make them"
        )
    ends = StateView(row.expr_start, row.pose), StateView(row.expr_end, row.pose)
    times = [frame.t for frame in frames]
    return PlayableView(row.path_id, *ends, times, digests), (sequence.width, sequence.height)


def _cast(looked: Sequence[tuple[PlayableView, Size] | LeftOutView]) -> CharacterView:
    """Return the character of what was found; a sequence in another size than most cannot share its canvas.

    Raises:
        NothingMatchedError: if there is nothing to play.
    """
    found = [entry for entry in looked if not isinstance(entry, LeftOutView)]
    left_out = [entry for entry in looked if isinstance(entry, LeftOutView)]
    if not found:
        raise NothingMatchedError("no sequence has all its frames yet; make one, and it can be performed")
    [(size, _)] = Counter(size for _, size in found).most_common(1)
    for clip, other in found:
        if other != size:
            reason = f"its frames are {other[0]} × {other[1]}, most are {size[0]} × {size[1]}; draw its ends anew"
            left_out.append(LeftOutView(clip.path, reason))
    clips = [clip for clip, other in found if other == size]
    states = list(dict.fromkeys(state for clip in clips for state in (clip.start, clip.end)))
    start = next((state for state in states if state.expression == NEUTRAL), states[0])
    blinks = [name for name in CLOSED_EYES if any(state.expression == name for state in states)]
    return CharacterView(size, start, blinks, clips, left_out)
