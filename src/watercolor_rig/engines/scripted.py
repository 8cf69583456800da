"""An engine that succeeds, fails and delays on cue: for this project's tests, and for those of its users.

The script is a list of cues, separated by `;`, in `settings.options["script"]`:

    transient*2 @ t=0.5          the first two calls whose name contains "t=0.5" fail as a dropped connection would
    limited:0.1                  every call is refused with a wait of 0.1 s
    rejected @ happy; quota @ 7  calls with "happy" in their name are refused; those with "7" find the account empty

    until:go @ left; quota @ left  calls with "left" in their name wait for the file "go", then find the account empty

A cue is `KIND[:SECONDS][*COUNT] [@ PART-OF-NAME]`; COUNT is for each name by itself. Kinds: `ok`, `delay` (waits, then
answers), `poor` (answers with a picture that is judged no good; SECONDS is its score), `until:FILE` (waits until the
file is there, then does what the next cue says), `transient`, `limited`, `rejected`, `quota`, `bad` (our request is
called wrong), `crash` (an error outside the tree), `garbage` (an answer that is no picture), `small` (one of the wrong
size), `die` (ends the worker process). A picture is the nearer of the two given, the base for an edit.
"""

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from threading import Lock

from watercolor_rig.core.errors import (
    BadRequestError,
    QuotaError,
    RateLimitedError,
    RejectedError,
    TransientError,
    UsageError,
)
from watercolor_rig.core.quality import Quality
from watercolor_rig.engines.api import (
    EngineSettings,
    ExpressionRequest,
    LimitScope,
    MadePicture,
    Quote,
    Traits,
    TweenRequest,
    Usage,
)

_CUE = re.compile(
    r"((?P<wait>until):(?P<file>[^*@]*[^*@ ])|(?P<kind>[a-z]+)(:(?P<seconds>\d+(\.\d*)?|\.\d+))?)"
    r"(\*(?P<count>\d+))?( *@ *(?P<part>.+))?"
)
_HALF = Fraction(1, 2)
_EXIT_OF_A_KILLED_WORKER = 137
_LOOK_EVERY_S = 0.01
"""How often a call that waits for a file looks for it."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of the script; `count` is None for every call, `until` is None where no file is waited for."""

    kind: str
    seconds: float
    count: int | None
    part: str
    until: Path | None = None


@dataclass
class ScriptedEngine:
    """Follows the script; keeps the names of all calls in `calls`."""

    cues: tuple[Cue, ...]
    calls: list[str] = field(default_factory=list)
    _played: Counter[tuple[int, str]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def tween(self, request: TweenRequest) -> MadePicture:
        """Return the nearer of the two pictures, after whatever the script says of this call."""
        return self._answer(request.name, request.start if request.position < _HALF else request.end)

    def express(self, request: ExpressionRequest) -> MadePicture:
        """Return the base picture, after whatever the script says of this call."""
        return self._answer(request.name, request.base)

    def close(self) -> None:
        """Nothing to let go."""

    def _answer(self, name: str, png: bytes) -> MadePicture:
        with self._lock:
            self.calls.append(name)
            cues = list(self._cues_for(name))
        for cue in cues:
            if cue.until is None:
                return _act(cue, name, png)
            while not cue.until.exists():
                time.sleep(_LOOK_EVERY_S)
        return _made(png)

    def _cues_for(self, name: str) -> Iterator[Cue]:
        """Yield the cues of one call: those that wait for a file, up to the first that says what comes of it."""
        for at, cue in enumerate(self.cues):
            if cue.part in name and (cue.count is None or self._played[at, name] < cue.count):
                self._played[at, name] += 1
                yield cue
                if cue.until is None:
                    return


_TRAITS = Traits(tweens=True, expressions=True, direct=False, runs_in="threads", paid=True, for_tests=True)


@dataclass(frozen=True, slots=True)
class ScriptedPlugin:
    """The plug-in.

    Its `options` may hold `script`, `cost` (dollars a call), `latency` (seconds, for the estimate) and `limit` (any
    name: runs with that name share a limit of calls a minute, which they learn).
    """

    traits: Traits = _TRAITS
    summary: str = "follows a script of successes and failures; for tests"

    def check(self, settings: EngineSettings) -> str:
        """Check the script.

        Raises:
            UsageError: naming the first cue that cannot be read.
        """
        return f"a script of {len(_read_script(settings.options.get('script', '')))} cues"

    def identity(self, settings: EngineSettings) -> dict[str, str]:  # noqa: ARG002 - the script decides nothing lasting
        """Return what decides an answer."""
        return {"version": "1", "model": "scripted"}

    def limit_scope(self, settings: EngineSettings) -> LimitScope | None:
        """Return a scope named by the option `limit`, or none without it."""
        name = settings.options.get("limit")
        return LimitScope("scripted", name) if name else None

    def quote(self, settings: EngineSettings, picture_size: tuple[int, int], references: int) -> Quote:  # noqa: ARG002
        """Return what the options say."""
        return Quote(Decimal(settings.options.get("cost", "0.04")), float(settings.options.get("latency", "60")))

    def open_tweens(self, settings: EngineSettings) -> ScriptedEngine:
        """Return the engine.

        Raises:
            UsageError: as `check`.
        """
        return ScriptedEngine(_read_script(settings.options.get("script", "")))

    def open_expressions(self, settings: EngineSettings) -> ScriptedEngine:
        """Return the engine.

        Raises:
            UsageError: as `check`.
        """
        return self.open_tweens(settings)


plugin = ScriptedPlugin()


def _read_script(script: str) -> tuple[Cue, ...]:
    cues = []
    for line in filter(None, (part.strip() for part in re.split(r"[;\n]", script))):
        match = _CUE.fullmatch(line)
        if not match or (not match["wait"] and match["kind"] not in _KINDS):
            raise UsageError(f"script: cannot read the cue {line!r}; kinds: {', '.join(_KINDS)}, until:FILE")
        count = int(match["count"]) if match["count"] else None
        until = Path(match["file"]) if match["wait"] else None
        kind, part = match["wait"] or match["kind"], (match["part"] or "").strip()
        cues.append(Cue(kind, float(match["seconds"] or 0), count, part, until))
    return tuple(cues)


def _act(cue: Cue, name: str, png: bytes) -> MadePicture:
    if cue.seconds and cue.kind not in {"limited", "poor"}:
        time.sleep(cue.seconds)
    return _KINDS[cue.kind](cue, name, png)


def _made(png: bytes) -> MadePicture:
    return MadePicture(png=png, method="scripted", received=png, usage=Usage("scripted", Decimal("0.04")))


def _poor(cue: Cue, _name: str, png: bytes) -> MadePicture:
    return replace(_made(png), quality=Quality(cue.seconds, is_good=False, faults=("poor on cue",), needs=("drift",)))


def _fail_with(make: Callable[[Cue, str], Exception]) -> Callable[[Cue, str, bytes], MadePicture]:
    def fail(cue: Cue, name: str, _png: bytes) -> MadePicture:
        raise make(cue, name)

    return fail


def _die(_cue: Cue, _name: str, _png: bytes) -> MadePicture:
    os._exit(_EXIT_OF_A_KILLED_WORKER)


def _small(_cue: Cue, _name: str, _png: bytes) -> MadePicture:
    import numpy as np  # noqa: PLC0415 - only this cue needs it

    from watercolor_rig.imaging.picture import encode_png  # noqa: PLC0415

    return _made(encode_png(np.zeros((1, 1, 4), np.uint8)))


_KINDS: dict[str, Callable[[Cue, str, bytes], MadePicture]] = {
    "ok": lambda _cue, _name, png: _made(png),
    "delay": lambda _cue, _name, png: _made(png),
    "poor": _poor,
    "transient": _fail_with(lambda _cue, name: TransientError(f"{name}: 502 Bad Gateway")),
    "limited": _fail_with(
        lambda cue, name: RateLimitedError(f"{name}: 429 Too Many Requests", wait_s=cue.seconds or None),
    ),
    "rejected": _fail_with(lambda _cue, name: RejectedError(f"{name}: refused by the safety system")),
    "quota": _fail_with(lambda _cue, name: QuotaError(f"{name}: no credit left; add credit and run again")),
    "bad": _fail_with(lambda _cue, name: BadRequestError(f"{name}: 400 invalid value for 'size'")),
    "crash": _fail_with(lambda _cue, _name: ZeroDivisionError("division by zero")),
    "garbage": lambda _cue, _name, _png: _made(b"<html>no picture</html>"),
    "small": _small,
    "die": _die,
}
