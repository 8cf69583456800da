"""What an export is: a plug-in, found by entry point, that turns clips into the files of one format.

A clip gives its pictures one at a time, each read when it is asked for, and an exporter hands every file to an outbox
that writes it atomically. So an export of any length holds a few pictures, and it knows neither folders nor the disk.
The same clips give the same bytes: nothing in a file tells of the time or the machine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import BinaryIO, Protocol

from watercolor_rig.imaging.picture import Rgba, Size

GROUP = "watercolor_rig.exports"
"""The group of entry points; each names an object that is an `Exporter`."""

PRODUCER = "watercolor-rig"
"""What files call the program that made them."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One choice that a format leaves to the user.

    Attributes:
        default: The value without a word of the user.
        values: The words that can be given, or the whole numbers; None for any text.
        meaning: In words.
    """

    default: str
    values: tuple[str, ...] | range | None
    meaning: str


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """One picture of a clip.

    Attributes:
        t: Its position on the sequence, 0 to 1.
        name: What errors call it.
        read: Returns its pixels, scaled and on its background, read anew each time.
            Raises `PictureError` or `StoreError`.
        read_file: Returns the bytes of a PNG that shows just these pixels, the user's own file where it is one.
    """

    t: Fraction
    name: str
    read: Callable[[], Rgba]
    read_file: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Clip:
    """A sequence as an exporter sees it.

    Attributes:
        name: `neutral_to_ah__center`: the name of its folder.
        start: Expression that it begins with; empty where the manifest does not say.
        end: Expression that it ends with.
        pose: Pose that it begins in.
        size: (width, height) of every picture in pixels.
        frames: At least one, by ascending t.
        end_pose: Pose that it ends in where it goes to another one; empty for a sequence that stays in its pose.
    """

    name: str
    start: str
    end: str
    pose: str
    size: Size
    frames: tuple[ClipFrame, ...]
    end_pose: str = ""

    @property
    def last_pose(self) -> str:
        """The pose that its last frame shows."""
        return self.end_pose or self.pose

    @property
    def times(self) -> list[float]:
        """Positions of the frames, as the rule of playback takes them."""
        return [float(frame.t) for frame in self.frames]


@dataclass(frozen=True, slots=True)
class ExportJob:
    """What the user asked for.

    Attributes:
        fps: Ticks a second, 1 to 60.
        settings: Every setting of the format, by name, checked.
        version: Of this program.
    """

    fps: float
    settings: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


class Outbox(Protocol):
    """Where files go."""

    def write(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        """Make or replace a file by what `write` writes into a seekable stream; all of it or nothing.

        Args:
            name: Below the folder of the export; a slash separates folders.
            write: Called once.

        Raises:
            StoreError: if the disk refuses. Whatever else `write` raises goes on.
        """
        ...

    def warn(self, subject: str, message: str) -> None:
        """Tell the user something that is not wrong and yet to be known."""
        ...

    def leave_out(self, clip: str, reason: str) -> None:
        """Tell the user that a clip is in none of the files, and why; the export ends as one that lacks something."""
        ...


class Exporter(Protocol):
    """Makes the files of one format."""

    @property
    def summary(self) -> str:
        """One line for the list of formats."""
        ...

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The choices that the format leaves, by name."""
        ...

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write clips, at least one, in their order.

        Raises:
            UsageError: for what the format cannot hold, before anything is written.
            PictureError: if a frame cannot be decoded.
            StoreError: if the disk refuses.
        """
        ...


def write_bytes(outbox: Outbox, name: str, data: bytes) -> None:
    """Write a file that is small enough to be held.

    Raises:
        StoreError: if the disk refuses.
    """
    outbox.write(name, lambda file: file.write(data))
