"""What every worker process does first, whatever it works on."""

import os
import signal
from multiprocessing import parent_process
from multiprocessing.connection import wait as wait_for
from threading import Thread

_EXIT_OF_THE_ABANDONED = 1


def settle_in() -> None:
    """Make this worker process deaf to Ctrl-C, and end it with the program that it works for.

    A program that is killed cannot tell its workers, and they hold both ends of the pipe that they wait at.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    program = parent_process()
    if program is not None:
        Thread(target=_end_with, args=(program.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(_EXIT_OF_THE_ABANDONED)
