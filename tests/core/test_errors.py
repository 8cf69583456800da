"""The tree of errors: codes are unique, statuses are mapped, and the drawing of it is true."""

import pickle
from collections.abc import Iterator

import pytest

from watercolor_rig.core import errors
from watercolor_rig.core.errors import RateLimitedError, RigError


def tree(root: type[RigError]) -> Iterator[type[RigError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


EVERY = [kind for kind in tree(RigError) if kind.__module__ == errors.__name__]


def test_codes_are_unique() -> None:
    codes = [kind.__dict__.get("code") for kind in EVERY]

    assert None not in codes
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", EVERY[1:])
def test_each_error_stands_in_the_drawing_with_its_statuses(kind: type[RigError]) -> None:
    drawing = errors.__doc__ or ""
    line = next(line for line in drawing.splitlines() if kind.__name__ in line.split())

    assert line.split()[-3:] == [kind.code, str(kind.exit_status), str(kind.http_status)]


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind is not errors.ConfigError])
def test_errors_survive_the_way_out_of_a_worker_process(kind: type[RigError]) -> None:
    copy = pickle.loads(pickle.dumps(kind("what happened")))  # noqa: S301 - our own bytes

    assert (type(copy), str(copy)) == (kind, "what happened")


def test_the_wait_of_a_refusal_survives_too() -> None:
    copy = pickle.loads(pickle.dumps(RateLimitedError("slow down", wait_s=7.2)))  # noqa: S301 - our own bytes

    assert copy.wait_s == 7.2
