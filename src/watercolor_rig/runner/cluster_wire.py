"""What crosses a cluster's scheduler: a call and its reply, as JSON that names every picture by its digest.

No picture and no Python object of ours crosses it, so coordinator and workers need not be the same build of anything:
an engine's `identity` says whether a worker would draw the same.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from watercolor_rig.core.errors import EngineError, RigError
from watercolor_rig.engines.api import EngineSettings, MadePicture, TweenRequest, Usage
from watercolor_rig.runner.lanes import Answer

Put = Callable[[bytes], str]
Get = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Drawer:
    """Who draws: the same for every call of a run.

    Attributes:
        engine: Name of the plug-in.
        settings: As the user chose them.
        identity: What the coordinator's copy of the plug-in says that it is.
    """

    engine: str
    settings: EngineSettings
    identity: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it crosses.

    Attributes:
        drawer: Who draws.
        request: What is asked, its pictures left empty.
        start: Digest of the picture at `start_t`.
        end: Digest of the picture at `end_t`.
        anchor: Digest of the third picture, or None.
    """

    drawer: Drawer
    request: TweenRequest
    start: str
    end: str
    anchor: str | None

    @property
    def digests(self) -> set[str]:
        """The pictures given."""
        return {self.start, self.end, *([self.anchor] if self.anchor else [])}

    def with_pictures(self, get: Get) -> TweenRequest:
        """Return the request with its pictures, each read by its digest."""
        anchor = None if self.anchor is None else get(self.anchor)
        return replace(self.request, start=get(self.start), end=get(self.end), anchor=anchor)


@dataclass(frozen=True, slots=True)
class Reply:
    """How a call ended on its worker.

    Attributes:
        answer: What was drawn, or None.
        error: What kept it from that, or None.
        lacks_inputs: Whether the error is that a picture given could not be read.
    """

    answer: Answer | None
    error: RigError | None
    lacks_inputs: bool = False


def pack_call(call: Call) -> str:
    """Return a call as JSON."""
    request = call.request
    return json.dumps(
        {
            "engine": call.drawer.engine,
            "settings": asdict(call.drawer.settings),
            "identity": dict(call.drawer.identity),
            "name": request.name,
            "start": call.start,
            "end": call.end,
            "anchor": call.anchor,
            "start_t": str(request.start_t),
            "end_t": str(request.end_t),
            "t": str(request.t),
            "prompt": request.prompt,
            "deadline_s": request.deadline_s,
            "regions": dict(request.regions),
            "changing": request.changing,
            "turns": request.turns,
        }
    )


def read_call(text: str) -> Call:
    """Return the call that `pack_call` wrote."""
    found: dict[str, Any] = json.loads(text)
    settings = EngineSettings(**(found["settings"] | {"size": tuple(found["settings"]["size"])}))
    request = TweenRequest(
        name=found["name"],
        start=b"",
        end=b"",
        start_t=Fraction(found["start_t"]),
        end_t=Fraction(found["end_t"]),
        t=Fraction(found["t"]),
        prompt=found["prompt"],
        deadline_s=found["deadline_s"],
        regions={name: tuple((x, y) for x, y in corners) for name, corners in found["regions"].items()},
        changing=tuple(found["changing"]),
        turns=bool(found["turns"]),
    )
    drawer = Drawer(found["engine"], settings, found["identity"])
    return Call(drawer, request, found["start"], found["end"], found["anchor"])


def pack_answer(answer: Answer, put: Put) -> str:
    """Return an answer as JSON; its bytes are put away first."""
    picture = answer.picture
    return json.dumps(
        {
            "png": put(picture.png),
            "received": None if picture.received is None else put(picture.received),
            "size": answer.size,
            "method": picture.method,
            "notes": picture.notes,
            "facts": dict(picture.facts),
            "usage": picture.usage and _pack_fields(asdict(picture.usage)),
        }
    )


def pack_error(error: RigError, *, lacks_inputs: bool = False) -> str:
    """Return an error of the tree as JSON: its code, message, attributes, and its cause in words."""
    return json.dumps(
        {
            "code": error.code,
            "message": str(error),
            "attributes": _pack_fields(vars(error)),
            "cause": repr(error.__cause__) if error.__cause__ else None,
            "lacks_inputs": lacks_inputs,
        }
    )


def read_reply(text: str, get: Get) -> Reply:
    """Return what `pack_answer` or `pack_error` wrote; the bytes of an answer are read by their digests."""
    found: dict[str, Any] = json.loads(text)
    if "code" in found:
        return Reply(None, _error(found), found["lacks_inputs"])
    picture = MadePicture(
        png=get(found["png"]),
        method=found["method"],
        received=None if found["received"] is None else get(found["received"]),
        usage=found["usage"] and Usage(**_fields(found["usage"])),
        notes=tuple(found["notes"]),
        facts=found["facts"],
    )
    return Reply(Answer(picture, (found["size"][0], found["size"][1])), None)


def _error(found: dict[str, Any]) -> RigError:
    """Return the error that crossed, as its own class; one that this build does not know as an engine's."""
    kind = _kinds().get(found["code"], EngineError)
    error = kind.__new__(kind)
    error.args = (found["message"],)
    vars(error).update({"cost_usd": None} if issubclass(kind, EngineError) else {})
    vars(error).update(_fields(found["attributes"]))
    if found["cause"]:
        error.__cause__ = RuntimeError(found["cause"])
    return error


def _kinds(root: type[RigError] = RigError) -> dict[str, type[RigError]]:
    return {root.code: root} | {code: kind for child in root.__subclasses__() for code, kind in _kinds(child).items()}


def _pack_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {"decimal": str(value)} if isinstance(value, Decimal) else value
        for name, value in fields.items()
        if not name.startswith("__")
    }


def _fields(packed: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `_pack_fields`; a list was a tuple before."""
    return {
        name: Decimal(value["decimal"])
        if isinstance(value, dict)
        else tuple(value)
        if isinstance(value, list)
        else value
        for name, value in packed.items()
    }
