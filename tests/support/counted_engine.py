"""An engine that writes down every call, in whichever process it is made: an installed plug-in, as any other."""

import os
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

import support
from support.patience import PATIENCE_S
from watercolor_rig.engines.api import EngineSettings, MadePicture, Quote, Traits, TweenRequest

_CALLS = "COUNTED_CALLS"
_SECONDS = 0.05
_SUPPORT = Path(next(iter(support.__path__)))


class CountedEngine:
    """Answers with the nearer of the two pictures; direct or halved, as the plug-in says."""

    def tween(self, request: TweenRequest) -> MadePicture:
        """Write down the call, take a moment, or until it is let go where calls are held, and answer."""
        calls = Path(os.environ[_CALLS])
        with calls.open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {request.name}\n")
        time.sleep(_SECONDS)
        while _held(calls).exists():
            time.sleep(_SECONDS)
        return MadePicture(request.start if request.position < 1 / 2 else request.end, "counted")

    def close(self) -> None:
        """Nothing to let go."""


class CountedPlugin:
    """The plug-in: free, in processes, and every frame is made from its neighbours."""

    summary = "counts"
    traits = Traits(tweens=True, expressions=False, direct=False, runs_in="processes", paid=False)

    def check(self, settings: EngineSettings) -> str:
        """Nothing to set up."""
        return f"counts beside {settings.size}"

    def identity(self, settings: EngineSettings) -> dict[str, str]:
        """As the test sets it."""
        return {"version": settings.options.get("version", "1")}

    def limit_scope(self, settings: EngineSettings) -> None:
        """Nothing limits it but the processor."""

    def quote(self, settings: EngineSettings, picture_size: tuple[int, int], references: int) -> Quote:
        """Free."""
        del settings, picture_size, references
        return Quote(Decimal(0), _SECONDS)

    def open_tweens(self, settings: EngineSettings) -> CountedEngine:
        """Open."""
        del settings
        return CountedEngine()

    def open_expressions(self, settings: EngineSettings) -> CountedEngine:
        """Never asked."""
        raise NotImplementedError(str(settings))


plugin = CountedPlugin()


class Calls:
    """What the engine wrote down."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def names(self) -> list[str]:
        """The name of every call that was begun, in order."""
        return [line.split(" ", 1)[1] for line in self._lines()]

    @property
    def processes(self) -> list[int]:
        """The process of every call that was begun, in order."""
        return [int(line.split(" ", 1)[0]) for line in self._lines()]

    def forget(self) -> None:
        """Begin anew."""
        self._file.unlink(missing_ok=True)
        self.let_go()

    def hold(self) -> None:
        """Let no call come to its end that has not yet."""
        _held(self._file).touch()

    def let_go(self) -> None:
        """Let the calls end that are held."""
        _held(self._file).unlink(missing_ok=True)

    def wait_for_processes(self, count: int, since: int) -> None:
        """Wait until so many processes have begun a call, not counting the first `since` calls."""
        until_s = time.monotonic() + PATIENCE_S
        while len(set(self.processes[since:])) < count:
            assert time.monotonic() < until_s, f"only {self.names[since:]} have begun"
            time.sleep(_SECONDS)

    def _lines(self) -> list[str]:
        return self._file.read_text("utf-8").splitlines() if self._file.exists() else []


def _held(calls: Path) -> Path:
    """Return the file that holds calls as long as it is there."""
    return calls.with_name("held")


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Install the engine as `counted` for this process and those that it starts; return what will be written down."""
    metadata = folder / "packages/counted-1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: counted\nVersion: 1\n", "utf-8")
    entry = "[watercolor_rig.engines]\ncounted = support.counted_engine:plugin\n"
    (metadata / "entry_points.txt").write_text(entry, "utf-8")
    paths = [str(metadata.parent), str(_SUPPORT.parent)]
    monkeypatch.syspath_prepend(paths[0])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*paths, *filter(None, sys.path)]))
    monkeypatch.setenv(_CALLS, str(folder / "calls"))
    return Calls(folder / "calls")
