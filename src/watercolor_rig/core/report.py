"""What the report shows of a project, and in which order it asks people to look."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field

BROKEN = -1.0
"""The standing of a frame that cannot be shown at all."""


@dataclass(frozen=True, slots=True)
class Change:
    """How far a picture is from another one.

    Attributes:
        against: The other one's file.
        share: Of the pixels, 0 to 1.
        heat: A WebP that shows where.
    """

    against: str
    share: float
    heat: bytes


@dataclass(frozen=True, slots=True)
class ReceivedShown:
    """The picture that a service sent, before it was repaired.

    Attributes:
        picture: WebP.
        change: Against what the frame is compared with; None where that is not known.
    """

    picture: bytes
    change: Change | None


@dataclass(frozen=True, slots=True)
class TakeShown:
    """One picture that a frame has or had.

    Attributes:
        take: Its number.
        made: When, in UTC, ISO 8601.
        made_by: Engine and model; "" where not known.
        cost: In words; "" where it was free or is not known.
        score: What a judge gave it, or None.
        in_place: Whether it is the frame now.
        picture: WebP; None where the store has it no more.
    """

    take: int
    made: str
    made_by: str
    cost: str
    score: float | None
    in_place: bool
    picture: bytes | None


@dataclass(frozen=True, slots=True)
class FrameShown:
    """One frame of a sequence, or one expression.

    Attributes:
        name: What the report calls it: `t = 0.5`, or the expression.
        file: Its name in its folder.
        picture: WebP; None for one that cannot be shown.
        broken: Why it cannot, in words; "" otherwise.
        made_by: Engine and model; "" where not known.
        change: Against its reference; None for a drawing that there is nothing to compare with.
        score: What a judge gave it, 0 to 1; None where none has looked.
        is_good: Whether the judge lets it pass.
        faults: What is conspicuous, in words.
        measured: What was measured, by name: numbers of the judge, or of the pixels.
        severity: Where no judge has looked: the worst of its pixels' measures over its threshold; 1 is at it.
        instead_of: What it stands in for, in words; "" for nothing.
        received: What came from the service, where that was repaired.
        takes: Newest first.
        earlier_takes: How many more there are.
    """

    name: str
    file: str
    picture: bytes | None = None
    broken: str = ""
    made_by: str = ""
    change: Change | None = None
    score: float | None = None
    is_good: bool = True
    faults: tuple[str, ...] = ()
    measured: Mapping[str, float] = field(default_factory=dict)
    severity: float = 0.0
    instead_of: str = ""
    received: ReceivedShown | None = None
    takes: tuple[TakeShown, ...] = ()
    earlier_takes: int = 0

    @property
    def is_conspicuous(self) -> bool:
        """Whether somebody should look at it."""
        return bool(self.broken or self.faults or self.instead_of) or not self.is_good

    @property
    def standing(self) -> float:
        """How it compares with others, the worst lowest: broken ones, then by score.

        Where no judge has looked, a frame at a threshold of the pixel measures stands at 0.5, one far above near 0.
        """
        if self.broken:
            return BROKEN
        return self.score if self.score is not None else 1 / (1 + self.severity)


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A sequence, or the expressions of one pose.

    Attributes:
        name: Its name.
        kind: `sequence` or `pose`.
        about: One line on it.
        cost: What its calls cost, in words.
        frames: In order.
        preview: A looping WebP; None where there is nothing to play.
        notes: What the user should know.
    """

    name: str
    kind: str
    about: str
    cost: str
    frames: tuple[FrameShown, ...]
    preview: bytes | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookAt:
    """An entry of what to look at first.

    Attributes:
        anchor: Where it stands on the page.
        group: Name of its group.
        frame: The frame.
    """

    anchor: str
    group: str
    frame: FrameShown


class WorstFirst:
    """Collects what is conspicuous and keeps the worst of it, so that a large project needs no more memory.

    Args:
        most: How many to keep.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[float, int, LookAt]] = []
        self._count = 0

    def __len__(self) -> int:
        """How many were conspicuous, kept or not."""
        return self._count

    def add(self, entry: LookAt) -> None:
        """Take a frame in, if it is conspicuous."""
        if not entry.frame.is_conspicuous:
            return
        self._count += 1
        heapq.heappush(self._heap, (-entry.frame.standing, -self._count, entry))
        if len(self._heap) > self._most:
            heapq.heappop(self._heap)

    def entries(self) -> list[LookAt]:
        """Return what was kept, the worst first; of equal ones the one that came first."""
        return [entry for _, _, entry in sorted(self._heap, key=lambda kept: kept[:2], reverse=True)]
