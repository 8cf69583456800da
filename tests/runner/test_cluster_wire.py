"""What crosses the scheduler comes out as it went in, and no picture is in it."""

import hashlib
import json
from decimal import Decimal
from fractions import Fraction as F

import pytest

from watercolor_rig.core.errors import (
    ConfigError,
    EngineError,
    QuotaError,
    RateLimitedError,
    RejectedError,
    RigError,
    StoreError,
)
from watercolor_rig.engines.api import EngineSettings, MadePicture, TweenRequest, Usage
from watercolor_rig.runner.cluster_wire import (
    Call,
    Drawer,
    pack_answer,
    pack_call,
    pack_error,
    read_call,
    read_reply,
)
from watercolor_rig.runner.lanes import Answer

DRAWER = Drawer("local", EngineSettings((24, 32), "model", "high", {"deadline_s": "7"}), {"version": "1"})
PICTURES = {"s": b"start", "e": b"end", "n": b"neutral"}


def request(anchor: bytes | None = None, start: bytes = b"", end: bytes = b"") -> TweenRequest:
    regions = {"mouth": ((1.5, 2.0), (9.0, 2.0), (5.0, 8.0))}
    return TweenRequest(
        name="a_to_b__center t=1/3",
        start=start,
        end=end,
        start_t=F(0),
        end_t=F(1, 2),
        t=F(1, 3),
        prompt="an öpen mouth",
        anchor=anchor,
        deadline_s=90.0,
        regions=regions,
        changing=("mouth", "eyes"),
        turns=True,
    )


def every_error(root: type[RigError] = RigError) -> list[type[RigError]]:
    return [error for child in root.__subclasses__() for error in (child, *every_error(child))]


@pytest.mark.parametrize("anchor", ["n", None])
def test_a_call_crosses_whole_and_its_pictures_are_read_by_digest(anchor: str | None) -> None:
    call = Call(DRAWER, request(), "s", "e", anchor)

    crossed = read_call(pack_call(call))

    assert crossed == call
    assert crossed.digests == {"s", "e", *([anchor] if anchor else [])}
    given = b"neutral" if anchor else None
    assert crossed.with_pictures(PICTURES.__getitem__) == request(given, b"start", b"end")


def test_an_answer_crosses_whole_and_without_its_bytes() -> None:
    usage = Usage("model", Decimal("0.042"), 7, None, "request", 5.0)
    picture = MadePicture(b"drawn", "flow", b"received", usage, ("look here",), {"score": 0.5, "names": ["a", "b"]})
    store: dict[str, bytes] = {}

    def put(data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        store[digest] = data
        return digest

    text = pack_answer(Answer(picture, (24, 32)), put)
    reply = read_reply(text, store.__getitem__)

    assert (reply.answer, reply.error) == (Answer(picture, (24, 32)), None)
    assert sorted(store.values()) == [b"drawn", b"received"]
    assert "received" not in str(json.loads(text).values())


def test_a_free_answer_crosses_without_a_price() -> None:
    picture = MadePicture(b"drawn", "flow")

    reply = read_reply(pack_answer(Answer(picture, (1, 1)), lambda _data: "x"), lambda _digest: b"drawn")

    assert reply.answer == Answer(picture, (1, 1))


@pytest.mark.parametrize("kind", [kind for kind in every_error() if kind is not ConfigError])
def test_every_error_of_the_tree_crosses_as_its_own_class(kind: type[RigError]) -> None:
    error = read_reply(pack_error(kind("what happened")), PICTURES.__getitem__).error

    assert (type(error), str(error)) == (kind, "what happened")


@pytest.mark.parametrize(
    "error",
    [
        RateLimitedError("slow down", wait_s=7.2, limit_per_minute=5.0),
        RejectedError("refused", cost_usd=Decimal("0.01")),
        QuotaError("empty"),
        ConfigError(["first", "second"]),
    ],
)
def test_an_error_crosses_with_its_attributes(error: RigError) -> None:
    crossed = read_reply(pack_error(error), PICTURES.__getitem__).error

    assert vars(crossed) == vars(error)
    assert str(crossed) == str(error)


def test_the_cause_of_an_error_crosses_in_words() -> None:
    error = EngineError("failed")
    error.__cause__ = ZeroDivisionError("division by zero")

    crossed = read_reply(pack_error(error), PICTURES.__getitem__).error

    assert repr(crossed.__cause__ if crossed else None) == "RuntimeError(\"ZeroDivisionError('division by zero')\")"


def test_an_error_of_an_unknown_code_is_one_of_the_engine() -> None:
    packed = json.loads(pack_error(EngineError("from a newer worker"))) | {"code": "engine_of_tomorrow"}

    error = read_reply(json.dumps(packed), PICTURES.__getitem__).error

    assert isinstance(error, EngineError)
    assert (type(error), str(error), error.cost_usd) == (EngineError, "from a newer worker", None)


def test_a_reply_says_whether_a_picture_given_was_not_to_be_had() -> None:
    reply = read_reply(pack_error(StoreError("damaged"), lacks_inputs=True), PICTURES.__getitem__)

    assert reply.lacks_inputs
