"""The time that a terminal shows: the run's own word, counted down on the clock of the bar."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from time import monotonic, sleep

import pytest
from rich.console import Console as Screen

from support.patience import PATIENCE_S
from watercolor_rig.cli.live_console import LiveConsole
from watercolor_rig.core.events import FrameMade, RunEnded, WorkLeft, WorkPlanned

PLAN = WorkPlanned("tween", 3, 0, 3, 1, 1, Decimal(0), 7200.0, paid=False)
MADE = FrameMade("a_to_b__center", 0.5, "050.png", 60.0)


class Bar:
    """A live display on a terminal of text, with a clock that the test turns."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self.now_s = 5000.0
        screen = Screen(file=self._text, force_terminal=True, width=120, _environ={})
        self.console = LiveConsole(verbose=False, screen=screen, now_s=lambda: self.now_s)

    def comes_to_show(self, left: str) -> bool:
        """Wait until it shows this time; it draws itself anew a few times a second."""
        until_s = monotonic() + PATIENCE_S
        while self._left != left:
            assert monotonic() < until_s, f"it shows {self._left}"
            sleep(0.01)
        return True

    @property
    def _left(self) -> str:
        return ["", *(found[1] for found in re.finditer(r"left (\S+)", self._plain))][-1]

    @property
    def totals(self) -> set[str]:
        """How many frames each bar has in all, as shown since the last frame was said."""
        return set(re.findall(r"\d+/(\d+)", self._plain.rpartition("->")[2]))

    @property
    def _plain(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._text.getvalue())


@pytest.fixture
def bar() -> Bar:
    return Bar()


def test_before_the_first_frame_it_is_the_estimate_of_the_plan(bar: Bar) -> None:
    with bar.console as console:
        console.emit(PLAN)
        assert bar.comes_to_show("2:00:00")

        bar.now_s += 61
        assert bar.comes_to_show("1:58:59")


def test_it_is_what_the_run_said_last_less_what_has_passed_since(bar: Bar) -> None:
    with bar.console as console:
        console.emit(PLAN)
        bar.now_s += 60
        console.emit(MADE)
        console.emit(WorkLeft(120.0))
        bar.now_s += 10

        assert bar.comes_to_show("0:01:50")


def test_an_estimate_that_has_passed_is_no_time_below_nothing(bar: Bar) -> None:
    with bar.console as console:
        console.emit(PLAN)
        console.emit(WorkLeft(3.0))
        bar.now_s += 10

        assert bar.comes_to_show("0:00:00")


def test_a_run_that_is_done_has_nothing_left(bar: Bar) -> None:
    with bar.console as console:
        console.emit(PLAN)
        for _ in range(3):
            console.emit(MADE)
        assert bar.comes_to_show("0:00:00")

        console.emit(RunEnded("tween", 3, 0, 0, 180.0, Decimal(0)))


def test_the_time_that_a_user_takes_to_answer_is_not_counted(bar: Bar, monkeypatch: pytest.MonkeyPatch) -> None:
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    def answer(_question: str) -> str:
        bar.now_s += 600
        return "y"

    monkeypatch.setattr("sys.stdin", Keyboard())
    monkeypatch.setattr("builtins.input", answer)

    with bar.console as console:
        console.emit(PLAN)
        ask = console.asker()
        assert ask
        assert ask("Make 3 calls?")
        assert bar.comes_to_show("2:00:00")


def test_the_bar_of_a_step_makes_room_for_that_of_the_next(bar: Bar) -> None:
    with bar.console as console:
        console.emit(PLAN)
        console.emit(RunEnded("expression", 3, 0, 0, 1.0, Decimal(0)))
        console.emit(replace(PLAN, frames=7))
        console.emit(MADE)

    assert bar.totals == {"7"}
