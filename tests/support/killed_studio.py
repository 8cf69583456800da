"""A studio that is killed in the middle of a job: `python -m support.killed_studio PROJECT ORDER MOMENT COUNT`.

PROJECT is a folder, ORDER the literal of an `Order`, MOMENT one of `asked` (a call starts), `kept` (an answer is kept,
and its frame is not yet in place) and `placed` (a frame is in place); at the COUNT-th of these the process is killed.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

from watercolor_rig.app.journal import Journal
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.hub import EventHub
from watercolor_rig.app.studio.job import Job
from watercolor_rig.app.studio.orders import Order, RegenerateWork, SequencesWork
from watercolor_rig.app.studio.workshop import Workshop
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.events import Event, FrameMade, FrameStarted

_TESTS = Path(__file__).parents[1]


def kill_at(moment: str, number: int, project: Path, order: Order) -> None:
    """Run such a studio, and wait until it is dead."""
    command = [sys.executable, "-m", "support.killed_studio", str(project), repr(order), moment, str(number)]
    paths = [str(_TESTS), str(_TESTS.parent / "src"), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def main() -> None:
    """Do it."""
    project, order, moment, number = sys.argv[1:]
    kill = _killing_at(int(number))
    if moment == "kept":
        _patch_after(Journal, "keep", lambda *_: kill())
    else:
        kind = {"asked": FrameStarted, "placed": FrameMade}[moment]
        _patch_after(Job, "hear", lambda _job, event: kill() if _is(event, kind) else None)
    names = {"Order": Order, "SequencesWork": SequencesWork, "RegenerateWork": RegenerateWork, "Decimal": Decimal}
    given = eval(order, {**names, "Fraction": Fraction, "frozenset": frozenset})  # noqa: S307 - our own test's words
    workshop = Workshop(StudioFolders.of(Path(project)), Toolbox(environment=dict(os.environ)), EventHub())
    workshop.wait(workshop.start(given).id)
    sys.exit("the job has ended before the moment came")


def _killing_at(number: int) -> Callable[[], None]:
    counted = count(1)

    def kill() -> None:
        if next(counted) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def _patch_after(owner: type, name: str, after: Callable[..., object]) -> None:
    real = getattr(owner, name)

    def patched(*given: Any) -> Any:
        result = real(*given)
        after(*given[:2])
        return result

    setattr(owner, name, patched)


def _is(event: Event, kind: type[Event]) -> bool:
    return isinstance(event, kind)


if __name__ == "__main__":
    main()
