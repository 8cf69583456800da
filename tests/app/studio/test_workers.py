"""Work on pixels in processes: what breaks one of them is an error of its own work only."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from watercolor_rig.app.studio.workers import PixelWorkers
from watercolor_rig.core.errors import PictureError, StoreError


def double(number: int) -> int:
    return 2 * number


def refuse() -> None:
    raise PictureError("it is no picture")


def die() -> None:
    os._exit(1)


def dawdle() -> None:
    time.sleep(600)


def devour() -> int:
    return len(bytearray(8 * 1024**3))


@pytest.fixture(scope="module")
def workers() -> PixelWorkers:
    return PixelWorkers(workers=1)


def test_it_returns_what_the_work_returns(workers: PixelWorkers) -> None:
    assert workers.run(double, 21) == 42


def test_its_errors_come_back(workers: PixelWorkers) -> None:
    with pytest.raises(PictureError, match="it is no picture"):
        workers.run(refuse)


def test_a_worker_that_dies_is_replaced(workers: PixelWorkers) -> None:
    with pytest.raises(PictureError, match="broke the decoder"):
        workers.run(die)

    assert workers.run(double, 4) == 8


def test_work_that_takes_too_long_is_given_up() -> None:
    slow = PixelWorkers(workers=1, limit_s=0.5)

    with pytest.raises(PictureError, match="took more than"):
        slow.run(dawdle)

    slow.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no such limit on Windows")
def test_work_that_needs_too_much_memory_fails_alone(workers: PixelWorkers) -> None:
    with pytest.raises((PictureError, MemoryError)):
        workers.run(devour)

    assert workers.run(double, 5) == 10


def test_processes_are_let_go_when_there_is_nothing_to_do() -> None:
    workers = PixelWorkers(workers=1, idle_s=0.0)
    pid = workers.run(os.getpid)

    deadline = time.monotonic() + 20
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert not is_alive(pid)
    assert workers.run(double, 1) == 2
    workers.close()


def test_closing_ends_work_that_is_under_way() -> None:
    workers = PixelWorkers(workers=1)
    pid = workers.run(os.getpid)
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(workers.run, dawdle)
        workers.close()
        with pytest.raises(StoreError, match="is being closed"):
            under_way.result(20)

    assert pid
    with pytest.raises(StoreError, match="is being closed"):
        workers.run(double, 1)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
