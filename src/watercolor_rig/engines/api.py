"""What an engine promises, and the requests and answers that cross the seam.

An engine sees bytes and positions, never paths: the runner reads, writes, retries and counts money. One call makes one
picture and is one attempt: an engine never repeats a call, it raises the class of error that tells the runner what
to do (`core.errors`). A third-party engine is an entry point in the group `watercolor_rig.engines` that names an
`EnginePlugin`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Protocol, runtime_checkable

from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.json import Json
from watercolor_rig.core.outlines import Outline
from watercolor_rig.core.quality import Quality


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What the user chose on the command line; every engine reads what concerns it and ignores the rest.

    Attributes:
        size: (width, height) of the canvas asked of an image service, in pixels.
        model: Name of the image model, or None for the engine's default.
        quality: Quality level of the service, or None for the engine's default.
        options: Further `key=value` settings of one engine (the scripted engine's script, for example).
    """

    size: tuple[int, int] = (1024, 1536)
    model: str | None = None
    quality: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


FACE = "face"
"""Name of the region outside of which an expression changes nothing, where the user has drawn one."""


@dataclass(frozen=True, slots=True)
class Care:
    """What becomes of the answer of an engine that redraws the whole picture.

    Attributes:
        repair: Whether what must not move is put back to where it was, and the picture judged.
        snap_alpha: Whether haze and near-opaque values of alpha are cleared away; part of the repair.
        fall_back: Whether an in-between that is no good is drawn by the local engine instead.
    """

    repair: bool = True
    snap_alpha: bool = True
    fall_back: bool = False


@dataclass(frozen=True, slots=True)
class TweenRequest:
    """One in-between wanted.

    Attributes:
        name: What errors and logs call this frame, such as `neutral_to_ah__center t=0.25`.
        start: The picture at `start_t`: the file's bytes (PNG).
        end: The picture at `end_t`, of the same size.
        start_t: Position of `start` on the sequence, 0 ≤ start_t < t.
        end_t: Position of `end`, t < end_t ≤ 1.
        t: The position wanted.
        prompt: What an image model is told, images named by role: 1 is `start`, 2 is `end`, 3 is `anchor`.
        anchor: A third picture to hold the identity (the pose's neutral), or None.
        deadline_s: Seconds that the call may take in all, or None for the engine's own limit.
        care: What becomes of the answer.
        regions: Parts of the face by name, as the user drew them on the pose's neutral; only `FACE` decides
            pixels, of an answer that is repaired.
        changing: Axes of the rig on which the two expressions differ (`mouth`, `eyes`), or () where it does not say.
        turns: The head turns on the way: nothing need stand still, so an answer is neither put back nor judged by what
            should.
    """

    name: str
    start: bytes
    end: bytes
    start_t: Fraction
    end_t: Fraction
    t: Fraction
    prompt: str = ""
    anchor: bytes | None = None
    deadline_s: float | None = None
    care: Care = Care()
    regions: Mapping[str, Outline] = field(default_factory=dict)
    changing: tuple[str, ...] = ()
    turns: bool = False

    @property
    def position(self) -> Fraction:
        """Share of the way from `start` to `end`, strictly between 0 and 1."""
        return (self.t - self.start_t) / (self.end_t - self.start_t)


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """All in-betweens of one sequence, wanted in one picture.

    Attributes:
        name: What errors and logs call it, such as `neutral_to_ah__center t=0.25,0.5,0.75`.
        panels: At least one, all between the same two pictures and with the same anchor. The prompt of each is that of
            a sheet of it alone: so an answer is known again whatever else its sheet has shown.
        prompt: What an image model is told; images as for one in-between.
        deadline_s: Seconds that the call may take in all, or None for the engine's own limit.
    """

    name: str
    panels: tuple[TweenRequest, ...]
    prompt: str
    deadline_s: float | None = None

    @property
    def start(self) -> bytes:
        """The picture that all begin at."""
        return self.panels[0].start


@dataclass(frozen=True, slots=True)
class ExpressionRequest:
    """One edit of a portrait into an expression.

    Attributes:
        name: What errors and logs call it, such as `happy_big__center`.
        base: The neutral portrait: the file's bytes.
        prompt: What an image model is told; image 1 is `base`.
        deadline_s: Seconds that the call may take in all, or None for the engine's own limit.
        care: What becomes of the answer.
        regions: Parts of the face by name, as the user drew them on the pose's neutral.
        turns: What is wanted is `base` with its head turned, so an answer is neither put back nor judged by what should
            stand still.
    """

    name: str
    base: bytes
    prompt: str
    deadline_s: float | None = None
    care: Care = Care()
    regions: Mapping[str, Outline] = field(default_factory=dict)
    turns: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """What a service reported or charged for one picture.

    Attributes:
        model: The model that answered.
        cost_usd: Price by the reported tokens, or None where the price is not known.
        input_tokens: As reported, or None.
        output_tokens: As reported, or None.
        request_id: The service's id for the call, or None.
        limit_per_minute: Calls a minute that the answer's headers named as the limit, or None.
    """

    model: str
    cost_usd: Decimal | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    request_id: str | None = None
    limit_per_minute: float | None = None


@dataclass(frozen=True, slots=True)
class MadePicture:
    """An engine's answer.

    Attributes:
        png: A whole PNG in the size of the pictures given; of a sheet, as the service sent it.
        received: The bytes exactly as a service returned them, or None where the engine drew the picture itself.
        usage: What it cost, or None for a free engine.
        method: How it was made, for the manifest (`shape`, `flow`, `crossfade`, a model's name).
        notes: Sentences that the user should read once per sequence, such as that the two ends are not registered.
        facts: Further JSON values for the frame's manifest entry (scores); may be empty.
        quality: What the judge says of it, or None where nobody has judged.
        instead: What is shown instead of it, because it is no good; or None.
        panels: Of a sheet, the pictures that were cut from it, as they were asked for; only the sheet names the usage's
            cost. Else ().
    """

    png: bytes
    method: str
    received: bytes | None = None
    usage: Usage | None = None
    notes: tuple[str, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)
    quality: Quality | None = None
    instead: "MadePicture | None" = None
    panels: tuple["MadePicture", ...] = ()


@dataclass(frozen=True, slots=True)
class LimitScope:
    """What shares one limit of calls a minute; it names a file and stands in it, so it never holds a key.

    Attributes:
        service: Host of the service, with its port where that is unusual.
        model: Name of the model.
        account: A fingerprint of the key, such as the first digits of its SHA-256; "" where there is none.
        limited: Whether a limit is to be expected. If so, calls start slowly until it is known; else they are not
            paced until the service names a limit.
    """

    service: str
    model: str
    account: str = ""
    limited: bool = True


@dataclass(frozen=True, slots=True)
class Quote:
    """What one call is expected to take, before it is made.

    Attributes:
        cost_usd: Expected price, 0 for a free engine, None where it is not known.
        latency_s: Expected seconds of one call on one worker, above 0.
    """

    cost_usd: Decimal | None
    latency_s: float


class TweenEngine(Protocol):
    """Makes the frame between two frames. Calls may come from several threads at once."""

    def tween(self, request: TweenRequest) -> MadePicture:
        """Return the picture at `request.t`, in the size of the two given.

        Raises:
            EngineError: or a subclass that tells what to do next; whatever else is raised fails this frame.
            PictureError: if a picture given cannot be used.
        """
        ...

    def close(self) -> None:
        """Let go of connections and memory; the engine is not called afterwards."""
        ...


@runtime_checkable
class SheetEngine(TweenEngine, Protocol):
    """Makes all in-betweens of a sequence in one picture as well; the trait `sheets` says so."""

    def sheet(self, request: SheetRequest) -> MadePicture:
        """Return the sheet, with its panels as they were asked for, each in the size of the pictures given.

        Raises:
            EngineError: or a subclass that tells what to do next.
            PictureError: if a picture given cannot be used.
        """
        ...


class ExpressionEngine(Protocol):
    """Edits a portrait into an expression. Calls may come from several threads at once."""

    def express(self, request: ExpressionRequest) -> MadePicture:
        """Return the edited picture in the size of `request.base`.

        Raises:
            EngineError: or a subclass that tells what to do next.
            PictureError: if the portrait cannot be used.
        """
        ...

    def close(self) -> None:
        """Let go of connections and memory; the engine is not called afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class Traits:
    """How the rest of the program should treat an engine.

    Attributes:
        tweens: It makes in-betweens.
        expressions: It edits portraits.
        direct: It makes every t from the two ends of the sequence, so frames do not depend on each other.
        runs_in: `processes` for work on our own processor, `threads` for waiting on a service.
        paid: A call may cost money.
        for_tests: It is no engine for pictures that somebody keeps: the studio does not offer it.
        redraws: It draws the whole picture anew, also what should stay: its answers are repaired and judged.
        sheets: It can make all in-betweens of a sequence in one picture (`SheetEngine`).
    """

    tweens: bool
    expressions: bool
    direct: bool
    runs_in: Literal["threads", "processes"]
    paid: bool
    for_tests: bool = False
    redraws: bool = False
    sheets: bool = False


class EnginePlugin(Protocol):
    """The light object that an entry point names; heavy imports happen in the `open_…` methods only."""

    @property
    def summary(self) -> str:
        """One line for the list of engines."""
        ...

    @property
    def traits(self) -> Traits:
        """How to treat it."""
        ...

    def check(self, settings: EngineSettings) -> str:
        """Check settings, key and model before anything is spent; return what will work, in a few words.

        Raises:
            UsageError: with what to set or change.
        """
        ...

    def identity(self, settings: EngineSettings) -> Mapping[str, str]:
        """Return what, beside prompt and pictures, decides an answer: equal requests with equal identity are one.

        At least `version`, which changes when this engine would answer the same request with another picture; for a
        service also `model` and whatever else is sent.

        Args:
            settings: As chosen.
        """
        ...

    def limit_scope(self, settings: EngineSettings) -> LimitScope | None:
        """Return what shares a limit of calls a minute, or None for an engine that needs no pacing.

        Args:
            settings: As chosen.
        """
        ...

    def quote(self, settings: EngineSettings, picture_size: tuple[int, int], references: int) -> Quote:
        """Estimate one call.

        Args:
            settings: As chosen.
            picture_size: (width, height) of the pictures given.
            references: How many pictures go in: 1 for an edit, 2 for a tween, 3 with an anchor.
        """
        ...

    def open_tweens(self, settings: EngineSettings) -> TweenEngine:
        """Return an engine for in-betweens.

        Raises:
            UsageError: if this engine makes none, or as `check`.
        """
        ...

    def open_expressions(self, settings: EngineSettings) -> ExpressionEngine:
        """Return an engine for expressions.

        Raises:
            UsageError: if this engine makes none, or as `check`.
        """
        ...


@runtime_checkable
class Probing(Protocol):
    """What a plug-in may offer beside: a question to its service that costs nothing, for `watercolor-rig doctor`."""

    def probe(self, settings: EngineSettings) -> str:
        """Ask the service whether it answers, knows the key and has the model; return its answer in a few words.

        Raises:
            UsageError: with what to set or change.
            EngineError: if it does not answer, or refuses.
        """
        ...


def makes_no_expressions(name: str) -> UsageError:
    """Return the error of an engine that cannot edit portraits."""
    return UsageError(
        f"engine {name!r} makes tweens only; an expression needs an image model: use --engine openai "
        "with OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server",
    )
