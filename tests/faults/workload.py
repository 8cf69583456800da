"""A small run of the real script with an engine that keeps count, and what must hold of its project at any moment.

The engine is a plug-in that a child process finds as any user's would be. It notes every call outside the project as
the call begins, as a service would bill it, so the count survives whatever happens to the program. Its pictures differ
from frame to frame and are the same in every run, so two projects can be compared byte for byte.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from support.command_line import ROOT, SmallProject
from support.patience import PATIENCE_S
from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.picture import decode
from watercolor_rig.store.blobs import BlobStore

CALLS = "CALLS"
"""Environment variable: the file in which the engine counts."""

_ENGINE = '''
"""Counts its calls in a file, and draws a plain picture of a colour that the frame's name decides."""

import os
import time
import zlib
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from watercolor_rig.engines.api import MadePicture, Usage
from watercolor_rig.engines.scripted import ScriptedEngine, ScriptedPlugin
from watercolor_rig.imaging.picture import encode_png


def is_held(name):
    try:
        with open(os.environ["CALLS"] + ".held", encoding="utf-8") as file:
            return file.read() in name
    except FileNotFoundError:
        return False


class CountedEngine(ScriptedEngine):
    def tween(self, request):
        log = os.open(os.environ["CALLS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, f"{request.name}\\n".encode())
        os.close(log)
        time.sleep(0.01)
        while is_held(request.name):
            time.sleep(0.01)
        colour = zlib.crc32(request.name.encode())
        pixels = np.full((4, 6, 4), (colour & 255, colour >> 8 & 255, colour >> 16 & 255, 255), np.uint8)
        png = encode_png(pixels)
        usage = Usage("counted-1", Decimal("0.04"))
        return MadePicture(png=png, received=png + b"as received", method="counted", usage=usage)


@dataclass(frozen=True, slots=True)
class CountedPlugin(ScriptedPlugin):
    def open_tweens(self, settings):
        return CountedEngine(())


plugin = CountedPlugin()
'''


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of the script ended."""

    status: int
    out: str
    err: str

    @property
    def made(self) -> list[str]:
        """Every frame that it said to have made: `to_aa__center/050.png`."""
        lines = (line.split() for line in self.out.splitlines() if line.startswith("[✓]"))
        return [f"{words[1]}/{words[4]}" for words in lines]


class Workload:
    """One project for the script: two transitions, one of them in both directions.

    Args:
        root: A folder that is made.
        calls: Where the engine counts; beside the root unless told otherwise.
        depth: How often each sequence is halved.
        expressions: Beside `neutral`.
    """

    def __init__(
        self, root: Path, calls: Path | None = None, depth: int = 2, expressions: Sequence[str] = ("aa", "bb")
    ) -> None:
        self.root = root
        self.calls_file = calls or root.with_suffix(".calls")
        self._depth = depth
        self._project = SmallProject(root, tuple(expressions))

    def lay(self) -> Self:
        """Write the files that a user has."""
        self._project.lay()
        there = [{"id": f"to_{name}", "start": "neutral", "end": name} for name in self._project.expressions]
        back = {"id": f"from_{self._project.expressions[0]}", "start": self._project.expressions[0], "end": "neutral"}
        (self.root / "expressions.json").write_text(json.dumps({"base_paths": [*there, back]}), encoding="utf-8")
        plugin = self.root / "plugin"
        (plugin / "counted.py").write_text(_ENGINE)
        (plugin / "counted-1.dist-info").mkdir()
        (plugin / "counted-1.dist-info" / "METADATA").write_text("Name: counted\nVersion: 1\n")
        (plugin / "counted-1.dist-info" / "entry_points.txt").write_text(
            "[watercolor_rig.engines]\ncounted = counted:plugin\n"
        )
        return self

    @property
    def sequences(self) -> Path:
        return self.root / "frames" / "sequences"

    @property
    def state(self) -> Path:
        return self.root / ".watercolor-rig"

    @property
    def command(self) -> list[str]:
        """The script as a user starts it; all its paths are absolute, so that a trace names them."""
        flags = ("--endpoints-dir", str(self.root / "frames" / "endpoints"), "--sequences-dir", str(self.sequences))
        workers = ("--max-depth", str(self._depth), "--max-workers", "2")
        python, *script = self._project.command("", *flags, *workers, engine="counted")
        return [python, "-B", *("-X", "faulthandler"), *[self._absolute(word) for word in script]]

    def hold(self, part: str) -> None:
        """Let no call come to its end whose frame has this part in its name."""
        self._held.write_text(part, encoding="utf-8")

    def let_go(self) -> None:
        """Let the calls end that are held."""
        self._held.unlink()

    @property
    def _held(self) -> Path:
        return Path(f"{self.calls_file}.held")

    @property
    def environment(self) -> dict[str, str]:
        return self._project.environment({CALLS: str(self.calls_file), "PYTHONHASHSEED": "0"})

    def run(self, *before: str, **how: Any) -> Ended:
        """Run the script to its end, whatever that is, behind the command `before`."""
        done = subprocess.run(
            [*before, *self.command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE_S,
            check=False,
            **how,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def files(self) -> dict[str, bytes]:
        """Every file of the sequences."""
        return files_under(self.sequences)

    def leftovers(self) -> list[str]:
        """Temporary files anywhere in the project."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*.tmp"))

    def calls(self) -> Counter[str]:
        """How often each frame was asked for, over all runs."""
        return Counter(self.calls_file.read_text().splitlines() if self.calls_file.exists() else ())

    def outcomes(self) -> Mapping[str, Counter[str]]:
        """What the ledger says of each frame's calls."""
        found: dict[str, Counter[str]] = {}
        with ledger_copy(self.state) as db:
            for frame, outcome in db.execute("SELECT frame, outcome FROM attempt") if db else ():
                found.setdefault(frame, Counter())[outcome] += 1
        return found

    def _absolute(self, word: str) -> str:
        return str(self.root / word) if word == "expressions.json" else word


def files_under(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@contextmanager
def ledger_copy(state: Path) -> Iterator[sqlite3.Connection | None]:
    """Open a copy of the ledger, so that looking at it recovers nothing in the original; None where there is none."""
    if not (state / "ledger.sqlite3").exists():
        yield None
        return
    with tempfile.TemporaryDirectory() as name:
        for file in state.glob("ledger.sqlite3*"):
            shutil.copy(file, name)
        with closing(sqlite3.connect(Path(name) / "ledger.sqlite3")) as db:
            yield db


def wounds(project: Path) -> list[str]:
    """Return what may never be, at no moment of a run and after no death: broken final files, rows without bytes."""
    return [*_broken_pictures(project), *_lying_manifests(project), *_broken_memory(project / ".watercolor-rig")]


def _broken_pictures(project: Path) -> Iterator[str]:
    for path in (project / "frames").rglob("*.png"):
        try:
            decode(path.read_bytes(), path.name)
        except PictureError as error:
            yield f"{path.relative_to(project)}: {error}"


def _lying_manifests(project: Path) -> Iterator[str]:
    for path in (project / "frames").rglob("manifest.json"):
        try:
            listed = [frame["file"] for frame in json.loads(path.read_bytes())["frames"]]
        except (ValueError, KeyError) as error:
            yield f"{path.relative_to(project)}: {error}"
        else:
            yield from (f"{path.parent.name} lists {name}" for name in listed if not (path.parent / name).is_file())


def _broken_memory(state: Path) -> Iterator[str]:
    store = BlobStore(state / "store")
    for digest in store.digests():
        if hashlib.sha256(store.path(digest).read_bytes()).hexdigest() != digest:
            yield f"content {digest[:8]} is not what its name says"
    with ledger_copy(state) as db:
        if db is None:
            return
        try:
            [[verdict]] = db.execute("PRAGMA integrity_check").fetchall()
            if db.execute("PRAGMA user_version").fetchone()[0] == 0:
                return  # it died before its first transaction
            takes = db.execute("SELECT id, picture, received FROM take").fetchall()
        except sqlite3.Error as error:
            yield f"the ledger: {error}"
            return
    if verdict != "ok":
        yield f"the ledger: {verdict}"
    for number, *digests in takes:
        yield from (f"take {number} has no bytes" for digest in digests if digest and not store.has(digest))


def debts(workload: Workload) -> list[str]:
    """Return every frame that was paid for without need, after a complete run: there should be none.

    A frame has one good answer; every further call is on record as perhaps billed.
    """
    outcomes = workload.outcomes()
    found = []
    for frame, calls in sorted(workload.calls().items()):
        known = outcomes.get(frame, Counter())
        if known["ok"] != 1 or known["running"] or calls > 1 + known["unknown"]:
            found.append(f"{frame}: {calls} calls, on record: {dict(known)}")
    return found


def mask_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a child process that is no run of ours."""
    return {**os.environ, **environment}
