"""The live display of a terminal. The run knows its open jobs and says what is left; here that is counted down."""

import contextlib
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Self

from rich.console import Console as Screen
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from watercolor_rig.cli.console import print_error
from watercolor_rig.cli.wording import lines_of
from watercolor_rig.core.errors import NothingMatchedError, RigError
from watercolor_rig.core.events import (
    Event,
    FrameBlocked,
    FrameFailed,
    FrameFound,
    FrameMade,
    RunEnded,
    WorkLeft,
    WorkPlanned,
)


class LiveConsole:
    """Lines above a progress bar with counts, rate, remaining time and cost.

    Args:
        verbose: Whether frames that exist are listed.
        screen: The terminal; None for the one that standard output is.
        now_s: The clock that the bar counts by; None for the machine's.
    """

    def __init__(
        self, *, verbose: bool, screen: Screen | None = None, now_s: Callable[[], float] | None = None
    ) -> None:
        self._verbose = verbose
        self._cost = Decimal(0)
        self._left = _LeftColumn()
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TextColumn("left"),
            self._left,
            TextColumn("{task.fields[money]}"),
            TextColumn("{task.fields[trouble]}"),
            console=screen,
            get_time=now_s,
        )
        self._task: TaskID | None = None
        self._troubles = 0
        self._found = 0
        self._is_open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._progress.stop()

    def emit(self, event: Event) -> None:
        """Print its lines, and move the bar; goes on in silence when the terminal has gone."""
        if self._is_open:
            try:
                self._show(event)
            except OSError:
                self._is_open = False

    def _show(self, event: Event) -> None:
        """Show an event; frames that exist are counted, not listed, unless asked for."""
        if isinstance(event, FrameFound) and not self._verbose:
            self._found += 1
            return
        if isinstance(event, WorkPlanned):
            self._plan(event)
        if isinstance(event, WorkLeft):
            self._left.expect(event.left_s, self._progress.get_time())
        if isinstance(event, RunEnded):
            self._progress.stop()  # the sums are the last lines, below the full bar
        for line in lines_of(event, verbose=self._verbose):
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
        if isinstance(event, WorkPlanned) and event.frames:
            if self._task is not None:  # the step before, which has ended
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task("", total=event.frames, rate="", money="", trouble="")
        if isinstance(event, FrameMade | FrameFailed | FrameBlocked):
            self._advance(event)

    def fail(self, error: RigError) -> None:
        """Put the bar away and print the error where errors go."""
        with contextlib.suppress(OSError):
            self._progress.stop()
            if isinstance(error, NothingMatchedError):
                self._progress.console.print(f"[i] {error}", markup=False, highlight=False, soft_wrap=True)
        if not isinstance(error, NothingMatchedError):
            print_error(error)

    def asker(self) -> Callable[[str], bool] | None:
        """Ask on the terminal, if the answer can come from there too."""
        return self._ask if sys.stdin and sys.stdin.isatty() else None

    def _ask(self, question: str) -> bool:
        self._progress.stop()
        try:
            answer = input(f"[?] {question} [y/N] ")
        except EOFError:
            answer = ""
        if self._task is not None:
            self._left.resume(self._progress.get_time())
            self._progress.start()
        return answer.strip().lower() in {"y", "yes"}

    def _plan(self, event: WorkPlanned) -> None:
        if self._found:
            text = f"[i] {self._found} exist and are skipped (-v lists them)."
            self._progress.console.print(text, markup=False, highlight=False)
        self._left.expect(event.seconds or 0, self._progress.get_time())
        if event.frames:
            self._progress.start()

    def _advance(self, event: FrameMade | FrameFailed | FrameBlocked) -> None:
        if self._task is None:
            return
        if isinstance(event, FrameMade):
            self._cost += event.cost_usd or 0
        else:
            self._troubles += 1
        task = next(task for task in self._progress.tasks if task.id == self._task)
        speed = (task.completed + 1) / task.elapsed if task.elapsed else 0
        self._progress.update(
            self._task,
            advance=1,
            rate=f"{speed:.1f}/s" if speed >= 1 else f"{speed * 60:.1f}/min",
            money=f"${self._cost:.2f}" if self._cost else "",
            trouble=f"{self._troubles} failed" if self._troubles else "",
        )


class _LeftColumn(ProgressColumn):
    """The time that is left by what the run said last, less what has passed since."""

    def __init__(self) -> None:
        super().__init__()
        self._left_s = self._until_s = 0.0

    def expect(self, left_s: float, now_s: float) -> None:
        """Hear that so many seconds are left; `now_s` is the clock of the bar."""
        self._left_s, self._until_s = left_s, now_s + left_s

    def resume(self, now_s: float) -> None:
        """Count down anew from what was heard last: nothing has happened since."""
        self._until_s = now_s + self._left_s

    def render(self, task: Task) -> Text:
        """Return it as hours, minutes and seconds."""
        left_s = 0 if task.finished else max(0, round(self._until_s - task.get_time()))
        return Text(str(timedelta(seconds=left_s)), style="progress.remaining")
