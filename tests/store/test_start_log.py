"""The log of starts: distances in one process, and in several that share one limit."""

import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from support.patience import PATIENCE_S
from watercolor_rig.store.start_log import StartLog

STARTER = """
import sys, time
from pathlib import Path
from watercolor_rig.store.start_log import StartLog

log = StartLog.shared(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
left = int(sys.argv[2])
while left:
    wait_s = log.take(0.0, 0.05)
    if wait_s <= 0:
        print(time.time_ns() // 1_000_000, flush=True)
        left -= 1
    else:
        time.sleep(wait_s)
log.close()
"""

ALONE = (1.0 + 0.25) / 0.05 + 1
"""Starts in a second at 50 ms each: one counts from when it was due, up to 250 ms before."""


@pytest.fixture
def log() -> StartLog:
    return StartLog.in_memory()


def starts(log: StartLog, spacing_s: float, from_s: float, seconds: float) -> list[float]:
    """Start whenever it is allowed."""
    now_s, found = from_s, []
    while now_s < from_s + seconds:
        wait_s = log.take(now_s, spacing_s)
        if wait_s <= 0:
            found.append(now_s)
        now_s += wait_s
    return found


@pytest.mark.parametrize("spacing_s", [0.02, 0.244, 1.2, 12.245, 61.2])
def test_starts_keep_their_distance_and_lose_no_time(log: StartLog, spacing_s: float) -> None:
    found = starts(log, spacing_s, 100.0, 40 * spacing_s)

    assert all(later - at >= spacing_s - 0.0011 for at, later in pairwise(found))
    assert len(found) == pytest.approx(40, abs=1.01)


def test_a_lower_rate_holds_for_the_minute_before_as_well(log: StartLog) -> None:
    """A service that counts over the last minute would refuse what a mere distance allows."""
    starts(log, 1.0, 0.0, 60.0)

    after = starts(log, 6.0, 60.0, 60.0)

    assert after[0] >= 100


def test_the_last_minute_is_counted(log: StartLog) -> None:
    starts(log, 2.0, 0.0, 200.0)

    assert log.last_minute(200.0) == pytest.approx(30, abs=1)


def test_logs_that_share_a_file_start_together_no_closer_than_one_alone(tmp_path: Path) -> None:
    now_ms = 1_000_000
    logs = [StartLog.shared(tmp_path / "log.sqlite3", lambda: now_ms) for _ in range(3)]
    found: list[int] = []
    while len(found) < 60:
        found += [now_ms for log in logs if log.take(0.0, 0.05) <= 0]
        now_ms += 7  # sooner or later than each of them was told to ask again

    for log in logs:
        log.close()
    assert most_in_a_second(found) <= ALONE
    assert found[-1] - found[0] <= 60 * (50 + 7)


@pytest.mark.slow
def test_processes_that_share_a_log_never_start_closer_than_one_alone(tmp_path: Path) -> None:
    """Whichever of them the machine prefers, and however late: both take a count of starts, in whatever time."""
    starts_each = 20
    command = [sys.executable, "-c", STARTER, str(tmp_path / "log.sqlite3"), str(starts_each)]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as one,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other,
    ):
        both = (one, other)
        assert [process.stdout and process.stdout.readline() for process in both] == ["ready\n"] * 2
        for process in both:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=PATIENCE_S)[0].split() for process in both]

    moments = sorted(int(at) for lines in said for at in lines)
    assert [process.returncode for process in both] == [0, 0]
    assert [len(lines) for lines in said] == [starts_each] * 2
    assert most_in_a_second(moments) <= ALONE + len(
        said
    )  # each process may have been held up between one grant and its line


def most_in_a_second(moments: Sequence[int]) -> int:
    """Return how many starts the busiest second saw."""
    return max(sum(at <= later < at + 1000 for later in moments) for at in moments)


def test_starts_that_are_taken_a_little_late_do_not_add_up(log: StartLog) -> None:
    now_s, found = 0.0, 0
    while now_s < 60.0:
        wait_s = log.take(now_s, 0.244)
        found += wait_s <= 0
        now_s += wait_s + (0.02 if wait_s else 0.0)

    assert found >= 245


def test_a_start_that_is_taken_far_too_late_counts_from_when_it_was_taken(log: StartLog) -> None:
    assert log.take(0.0, 1.0) == 0
    assert log.take(0.5, 1.0) == pytest.approx(0.5, abs=0.002)

    assert log.take(5.0, 1.0) == 0
    assert log.take(5.1, 1.0) == pytest.approx(0.9, abs=0.002)
