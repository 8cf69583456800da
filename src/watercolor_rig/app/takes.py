"""The use case behind `watercolor-rig takes`: the pictures that a frame has had, and which of them is in place."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from watercolor_rig.app.memory import Memory
from watercolor_rig.app.tally import Emit
from watercolor_rig.core.errors import NothingMatchedError
from watercolor_rig.core.project_events import TakeListed, TakesCounted
from watercolor_rig.store.durable import read_file
from watercolor_rig.store.ledger_reading import Payment, Take

_FEW = 8


def list_takes(project: Path, frame: str | None, emit: Emit) -> int:
    """Say every take of the frames that `frame` names, or of all; return the exit status 0.

    Args:
        project: The folder with `.watercolor-rig/`.
        frame: A file such as `a_to_b__center/050.png`, a folder such as `a_to_b__center`, an endpoint's file, each
            with or without the folders before it; or None.
        emit: Hears of each take, and then how many there are.

    Raises:
        NothingMatchedError: if `frame` has no take.
        StoreError: if the ledger cannot be read.
    """
    memory = Memory(project.resolve())
    takes: list[Take] = []
    payments: Mapping[int, Payment] = {}
    ledger = memory.read_ledger()
    if ledger is not None:
        with ledger:
            takes, payments = ledger.every_take(), ledger.payments()
    wanted = takes if frame is None else matching_takes(takes, frame)
    in_place = {file: digest_of(memory.project / file) for file in dict.fromkeys(take.file for take in wanted)}
    for take in sorted(wanted, key=lambda take: (take.file, take.id)):
        emit(_said(take, payments.get(take.id), in_place=in_place[take.file] == take.picture))
    emit(TakesCounted(len(wanted), len(in_place)))
    return 0


def matching_takes(takes: Sequence[Take], frame: str) -> list[Take]:
    """Return the takes of a file, or of the files of a folder, named with or without the folders before it.

    Raises:
        NothingMatchedError: if there is none.
    """
    name = frame.replace("\\", "/").removeprefix("./").strip("/")
    found = [
        take
        for take in takes
        if any(f"/{place}".endswith(f"/{name}") for place in (take.file, take.file.rpartition("/")[0]))
    ]
    if not found:
        known = list(dict.fromkeys(_short(take.file) for take in takes))
        some = ", ".join(known[:_FEW]) + (", …" if len(known) > _FEW else "")
        raise NothingMatchedError(f"no takes of {frame!r}; there are takes of: {some or 'nothing yet'}")
    return found


def digest_of(file: Path) -> str | None:
    """Return the SHA-256 of a file, or None where there is none.

    Raises:
        StoreError: if it cannot be read.
    """
    return hashlib.sha256(read_file(file)).hexdigest() if file.is_file() else None


def _said(take: Take, payment: Payment | None, *, in_place: bool) -> TakeListed:
    origin = json.loads(take.origin)
    engine = payment.engine if payment else str(origin.get("engine", ""))
    model = payment.model if payment else str(origin.get("model", ""))
    return TakeListed(
        take=take.id,
        file=take.file,
        made=take.made,
        engine=engine,
        model=model,
        cost_usd=payment.cost_usd if payment else None,
        in_place=in_place,
    )


def _short(file: str) -> str:
    return "/".join(file.split("/")[-2:]) if "/sequences/" in f"/{file}" else file.rsplit("/", maxsplit=1)[-1]
