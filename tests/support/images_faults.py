"""What can go wrong on the other side of the Images API, and when.

A fault is a name from `FAULTS`; a plan decides for each call which fault it meets, or none. Plans are plain functions,
so a test can write its own; `nth`, `seeded` and `when` cover the usual ones, `first_of` combines them.
"""

import hashlib
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

After: TypeAlias = Literal["wait", "retry", "stop", "reject"]
"""What a client should do next: pause, try again, end the run, or give up this picture only."""

FAULTS: Mapping[str, After] = {
    "rate_ms": "wait",
    "rate_seconds": "wait",
    "rate_date": "wait",
    "rate_text": "wait",
    "rate_reset": "wait",
    "rate_plain": "wait",
    "quota": "stop",
    "billing": "stop",
    "spend_limit": "stop",
    "moderation": "reject",
    "invalid_value": "stop",
    "unauthorized": "stop",
    "forbidden": "stop",
    "model_not_found": "stop",
    "timeout_408": "retry",
    "conflict_409": "retry",
    "error_500": "retry",
    "html_502": "retry",
    "drop": "retry",
    "drop_body": "retry",
    "hang": "retry",
    "trickle": "retry",
    "html_200": "retry",
    "truncated_json": "retry",
    "empty_data": "retry",
    "no_data": "retry",
    "error_200": "retry",
    "bad_base64": "retry",
    "truncated_png": "retry",
    "wrong_size": "retry",
}
"""Every fault the server knows, and what it calls for."""

PASSING: tuple[str, ...] = tuple(kind for kind, after in FAULTS.items() if after in {"wait", "retry"})
"""The faults after which the same call can succeed."""

QUICK: tuple[str, ...] = tuple(kind for kind in PASSING if kind not in {"hang", "trickle"})
"""`PASSING` without those that cost a whole deadline each."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a plan knows of a call.

    Attributes:
        number: 1 for the server's first call.
        key: Hash of prompt and pictures: the same for each attempt at one picture.
        attempt: 1 for the first call with this key.
        prompt: As received.
    """

    number: int
    key: str
    attempt: int
    prompt: str


Plan: TypeAlias = Callable[[Seen], str | None]
"""Names the fault that a call meets, or None for a good answer."""


def never(_: Seen) -> str | None:
    """Answer every call well."""
    return None


def nth(faults: Mapping[int, str]) -> Plan:
    """Fail the calls with these numbers, counted over the whole server from 1."""
    return lambda seen: faults.get(seen.number)


def attempts(faults: Sequence[str]) -> Plan:
    """Fail the first attempts at every picture with these faults, in order; the next one succeeds."""
    return lambda seen: faults[seen.attempt - 1] if seen.attempt <= len(faults) else None


def seeded(seed: int, probability: float, kinds: Collection[str] = QUICK, most: int = 3) -> Plan:
    """Fail calls at random, the same ones whatever the order of arrival.

    Args:
        seed: Of the choice.
        probability: Share of calls that fail.
        kinds: Faults drawn from, each as likely.
        most: From this attempt on a picture succeeds.
    """
    ordered = sorted(kinds)

    def plan(seen: Seen) -> str | None:
        if seen.attempt >= most:
            return None
        digest = hashlib.sha256(f"{seed} {seen.key} {seen.attempt}".encode()).digest()
        draw = random.Random(digest)
        return draw.choice(ordered) if draw.random() < probability else None

    return plan


def when(predicate: Callable[[str], bool], kind: str, times: int | None = None) -> Plan:
    """Fail calls whose prompt `predicate` accepts; with `times`, only the first attempts at each picture."""

    def plan(seen: Seen) -> str | None:
        return kind if predicate(seen.prompt) and (times is None or seen.attempt <= times) else None

    return plan


def first_of(*plans: Plan) -> Plan:
    """Ask `plans` in order; the first that names a fault decides."""
    return lambda seen: next((kind for plan in plans if (kind := plan(seen))), None)
