"""The scripts as users start them: real processes, on a pipe or on a terminal, on a small project."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from support.patience import PATIENCE_S
from watercolor_rig.imaging.picture import encode_png

ROOT = Path(__file__).parents[2]

_PLUGIN = """
from dataclasses import replace
from watercolor_rig.engines.scripted import ScriptedPlugin

plugin = ScriptedPlugin(replace(ScriptedPlugin().traits, runs_in="processes"))
"""

_ON_A_TERMINAL = """
import fcntl, os, signal, sys, termios

signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell ignores it for what runs in the background, tests included
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass(frozen=True, slots=True)
class SmallProject:
    """A project whose base paths lead from `neutral` to each of a few expressions.

    Attributes:
        root: Its folder.
        expressions: Beside `neutral`.
    """

    root: Path
    expressions: tuple[str, ...] = ("aa", "bb", "cc", "dd", "ee", "ff")

    def lay(self) -> Self:
        """Write its files, and beside them the plug-in `scripted-processes`, which works in processes."""
        endpoints = self.root / "frames" / "endpoints"
        endpoints.mkdir(parents=True)
        for grey, name in enumerate(("neutral", *self.expressions)):
            pixels = np.full((4, 6, 4), (grey * 9, 0, 0, 255), np.uint8)
            (endpoints / f"{name}__center.png").write_bytes(encode_png(pixels))
        paths = ",".join(f'{{"id":"to_{name}","start":"neutral","end":"{name}"}}' for name in self.expressions)
        (self.root / "expressions.json").write_text(f'{{"base_paths":[{paths}]}}', encoding="utf-8")
        plugin = self.root / "plugin"
        (plugin / "scripted_processes-1.dist-info").mkdir(parents=True)
        (plugin / "scripted_processes.py").write_text(_PLUGIN)
        (plugin / "scripted_processes-1.dist-info" / "METADATA").write_text("Name: scripted-processes\nVersion: 1\n")
        (plugin / "scripted_processes-1.dist-info" / "entry_points.txt").write_text(
            "[watercolor_rig.engines]\nscripted-processes = scripted_processes:plugin\n"
        )
        return self

    def command(self, script: str = "", *flags: str, engine: str = "scripted") -> list[str]:
        """Return the command that makes all its sequences."""
        given = [] if not script else ["--engine-option", f"script={script}"]
        start = [sys.executable, str(ROOT / "generate_all_sequences.py"), "--config", "expressions.json"]
        return [*start, "--engine", engine, *given, *flags]

    def environment(self, changes: Mapping[str, str] | None = None) -> dict[str, str]:
        found = [str(ROOT / "src"), str(self.root / "plugin")]
        mine = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "PYTHONIO"))}
        plain = {"PYTHONPATH": os.pathsep.join(found), "TERM": "xterm", "COLUMNS": "100"}
        return mine | plain | dict(changes or {})

    def run(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None, **how: Any
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        env = self.environment(environment)
        kinds = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
        return subprocess.run(
            command, cwd=self.root, env=env, text=True, encoding="utf-8", check=False, timeout=PATIENCE_S, **kinds
        )

    @contextmanager
    def start(self, command: Sequence[str], **how: Any) -> Iterator["subprocess.Popen[str]"]:
        """Start a command whose lines are read; it does not outlive the test."""
        env = self.environment()
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, cwd=self.root, env=env, text=True, encoding="utf-8", stdout=pipe, stderr=pipe, **how
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    @property
    def made(self) -> list[str]:
        """Every tween that lies in its sequences: `to_aa__center/050.png`."""
        sequences = self.root / "frames" / "sequences"
        found = (path.relative_to(sequences).as_posix() for path in sequences.glob("*/*.png"))
        return sorted(name for name in found if not name.endswith(("000.png", "100.png")))

    @property
    def leftovers(self) -> list[Path]:
        """Temporary files anywhere in the project."""
        return [path for path in self.root.rglob("*") if path.suffix == ".tmp"]


class Terminal:
    """A terminal with a program on it, of which Ctrl-C goes to the whole foreground group."""

    def __init__(self, project: SmallProject, command: Sequence[str], environment: Mapping[str, str] | None) -> None:
        self._ours, theirs = os.openpty()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _ON_A_TERMINAL, *command],
                cwd=project.root, env=project.environment(environment), stdin=theirs, stdout=theirs, stderr=theirs,
            )  # fmt: skip
        finally:
            os.close(theirs)
        self.shown = ""

    def read_until(self, text: str) -> None:
        """Read what is shown until `text` is."""
        while text not in self.shown:
            assert self._read(), f"the program ended without {text!r}:\n{self.shown}"

    def press(self, key: str) -> None:
        os.write(self._ours, key.encode())

    def wait(self) -> int:
        """Read what is shown to its end; return the exit status."""
        while self._read():
            pass
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def _read(self) -> bool:
        try:
            data = os.read(self._ours, 65536)
        except OSError:  # what Linux says when the other side is closed
            return False
        self.shown += data.decode("utf-8", "replace")
        return bool(data)


@contextmanager
def on_a_terminal(
    project: SmallProject, command: Sequence[str], environment: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Start a command on a terminal of its own."""
    terminal = Terminal(project, command, environment)
    try:
        yield terminal
    finally:
        terminal.close()
