"""What the values of flags may be: each reader is the `type` of an argument, and says what it expected."""

import argparse
import re
from decimal import Decimal, InvalidOperation

from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.times import MAX_DEPTH, parse_times, times_of_depth

DEFAULT_SIZE = "1024x1536"
MAX_WORKERS = 256
MIN_RATE, MAX_RATE = 0.1, 30_000
"""Images a minute; the most is two milliseconds apart, the least distance that pacing knows."""

_SIZE = re.compile(r"(\d{2,5})[x×](\d{2,5})")


def read_fps(text: str) -> float:
    """Return the value of a flag `--fps`.

    Raises:
        ArgumentTypeError: for anything but a number from 1 to 60.
    """
    try:
        fps = float(text)
    except ValueError:
        fps = 0
    if not 1 <= fps <= 60:  # noqa: PLR2004 - the range that the message names
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 60")
    return fps


def read_depth(text: str) -> int:
    """Return a number of rounds of halving.

    Raises:
        ArgumentTypeError: for anything else.
    """
    try:
        depth = int(text)
        times_of_depth(depth)
    except (ValueError, UsageError):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {MAX_DEPTH}") from None
    return depth


def read_times(text: str) -> tuple[object, ...]:
    """Return a list of positions.

    Raises:
        ArgumentTypeError: for anything else.
    """
    try:
        return parse_times(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("--times: ")) from None


def read_size(text: str) -> tuple[int, int]:
    """Return a size such as 1024x1536.

    Raises:
        ArgumentTypeError: for anything else.
    """
    match = _SIZE.fullmatch(text.strip().lower())
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as {DEFAULT_SIZE}")
    return int(match[1]), int(match[2])


def read_workers(text: str) -> int:
    """Return a number of workers.

    Raises:
        ArgumentTypeError: for anything else.
    """
    if not text.isdecimal() or not 1 <= int(text) <= MAX_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {MAX_WORKERS}")
    return int(text)


def read_rate(text: str) -> float:
    """Return a number of calls a minute.

    Raises:
        ArgumentTypeError: for anything else.
    """
    try:
        rate = float(text)
    except ValueError:
        rate = 0
    if not MIN_RATE <= rate <= MAX_RATE:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from {MIN_RATE} to {MAX_RATE}")
    return rate


def read_dollars(text: str) -> Decimal:
    """Return an amount of money.

    Raises:
        ArgumentTypeError: for anything else.
    """
    try:
        dollars = Decimal(text)
    except InvalidOperation:
        dollars = Decimal("NaN")
    if not dollars.is_finite() or dollars < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount such as 2.50")
    return dollars


def read_calls(text: str) -> int:
    """Return a number of calls.

    Raises:
        ArgumentTypeError: for anything else.
    """
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number such as 20")
    return int(text)


def read_take(text: str) -> int:
    """Return the number of a take.

    Raises:
        ArgumentTypeError: for anything else.
    """
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a take; 'watercolor-rig takes' lists them")
    return int(text)


def read_port(text: str) -> int:
    """Return the number of a port.

    Raises:
        ArgumentTypeError: for anything else.
    """
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 - the last port
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)
