"""Worker processes end with the program that they work for, however that ends."""

import os
from multiprocessing import parent_process
from multiprocessing.connection import wait as wait_for
from threading import Thread

_EXIT_OF_THE_ABANDONED = 1


def end_with_the_program() -> None:
    """Make this worker process end when its program is gone; without effect in the program itself.

    A program that is killed cannot tell its workers, and they hold both ends of the pipe that they wait at.
    """
    program = parent_process()
    if program is not None:
        Thread(target=_end_with, args=(program.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(_EXIT_OF_THE_ABANDONED)
