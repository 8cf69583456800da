"""Where events go: lines of text, a live bar on a terminal, or JSON lines for programs."""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Protocol, Self, TextIO

from watercolor_rig.cli.wording import lines_of
from watercolor_rig.core.errors import NothingMatchedError, RigError
from watercolor_rig.core.events import Event


class Console(Protocol):
    """Says events; a context manager, because a live display must be put away."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def emit(self, event: Event) -> None:
        """Say an event."""
        ...

    def fail(self, error: RigError) -> None:
        """Say the error that ended the command."""
        ...

    def asker(self) -> Callable[[str], bool] | None:
        """Return what puts a yes-or-no question to the user, or None where nobody is there to answer."""
        ...


def open_console(*, as_json: bool, verbose: bool) -> Console:
    """Return the console that fits the flags and the place that the output goes to."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # replaced streams may lack it
    if as_json:
        return JsonConsole(_Pipe(sys.stdout))
    if sys.stdout and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        from watercolor_rig.cli.live_console import LiveConsole  # noqa: PLC0415 - only a terminal needs it

        return LiveConsole(verbose=verbose)
    return TextConsole(_Pipe(sys.stdout), verbose=verbose)


class _Pipe:
    """Writes lines; goes on in silence when the reader has gone, because the work is worth more than its log."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write_line(self, line: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):  # the reader has gone, or the disk that the log lies on is full
            _point_at_nothing(self._stream)
            self._stream = None


def _point_at_nothing(stream: TextIO) -> None:
    """Let what is still in the stream's buffer go somewhere when the interpreter ends."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)


class TextConsole:
    """One line per event."""

    def __init__(self, pipe: _Pipe, *, verbose: bool) -> None:
        self._pipe = pipe
        self._verbose = verbose

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def emit(self, event: Event) -> None:
        """Print its lines."""
        for line in lines_of(event, verbose=self._verbose):
            self._pipe.write_line(line)

    def fail(self, error: RigError) -> None:
        """Print the error where errors go; that there is nothing to do is none."""
        if isinstance(error, NothingMatchedError):
            self._pipe.write_line(f"[i] {error}")
        else:
            print_error(error)

    def asker(self) -> None:
        """Nobody is there to answer."""


class JsonConsole:
    """One JSON object per event, on a line of its own."""

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def emit(self, event: Event) -> None:
        """Print its fields; money is a text, so that no digit is lost, and the line is ASCII, so that no letter is."""
        values = {field.name: _plain(getattr(event, field.name)) for field in fields(event)}
        self._pipe.write_line(json.dumps({"event": event.name, **values}))

    def fail(self, error: RigError) -> None:
        """Print the error as an event too."""
        document = {"event": "error", "code": error.code, "message": str(error)}
        self._pipe.write_line(json.dumps(document))

    def asker(self) -> None:
        """Nobody is there to answer."""


def print_error(error: RigError) -> None:
    """Print an error as `[!]` lines on standard error."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # it may be closed, or not be there at all
        for line in str(error).splitlines() or [error.code]:
            sys.stderr.write(f"[!] {line}\n")
        sys.stderr.flush()


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value
