"""The log of starts: distances in one process, and in several that share one limit."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from watercolor_rig.store.start_log import StartLog

STARTER = """
import sys, time
from pathlib import Path
from watercolor_rig.store.start_log import StartLog

log = StartLog.shared(Path(sys.argv[1]))
until_s = time.monotonic() + float(sys.argv[2])
while time.monotonic() < until_s:
    wait_s = log.take(0.0, 0.05)
    if wait_s <= 0:
        print(time.time_ns() // 1_000_000, flush=True)
    else:
        time.sleep(wait_s)
log.close()
"""


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


@pytest.mark.slow
def test_processes_that_share_a_log_never_start_closer_than_one_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path / "log.sqlite3"), "3"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as one,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other,
    ):
        said = [process.communicate(timeout=60)[0].split() for process in (one, other)]

    moments = sorted(int(at) for lines in said for at in lines)
    in_a_second = max(sum(at <= later < at + 1000 for later in moments) for at in moments)
    assert all(len(lines) >= 5 for lines in said)
    assert len(moments) >= 30
    assert in_a_second <= (1.0 + 0.25) / 0.05 + 1  # a start counts from when it was due, up to 250 ms before; alone: 40


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
