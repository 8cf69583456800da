"""What is known of services between runs: how many calls a minute they take, and how long those take.

One small file per service, model and account in the user's state folder, replaced whole, beside the log of starts that
running processes share. It speeds a run up and is no record: a broken file counts as nothing known. The names of the
files are hashes; the files name service and model, and the account by its fingerprint only.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watercolor_rig.core.latency import Latency
from watercolor_rig.core.rate_knowledge import Learnt
from watercolor_rig.store.durable import make_directory, write_file
from watercolor_rig.store.start_log import StartLog

STATE_VARIABLE = "WATERCOLOR_RIG_STATE_DIR"
"""Environment variable that moves the state folder."""

SCHEMA = 1
_FOLDER = "limits"
_DIGITS = 24


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs have left; None where they left nothing."""

    learnt: Learnt | None = None
    latency: Latency | None = None


def state_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for what is known beyond one project: the variable's, else the system's place for it."""
    from platformdirs import user_state_path  # noqa: PLC0415 - engines without a limit need none

    given = environment.get(STATE_VARIABLE, "").strip()
    return Path(given) if given else user_state_path("watercolor-rig", appauthor=False)


class LimitFile:
    """The files of one limit.

    Args:
        folder: The state folder.
        service: Host of the service.
        model: Name of the model.
        account: Fingerprint of the key, or "".
    """

    def __init__(self, folder: Path, service: str, model: str, account: str) -> None:
        self._said = {"service": service, "model": model, "account": account}
        digest = hashlib.sha256("\n".join(self._said.values()).encode()).hexdigest()[:_DIGITS]
        self._path = folder / _FOLDER / f"{digest}.json"

    def load(self) -> Known:
        """Return what is known, nothing where the file is absent or broken."""
        try:
            content = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return Known()
        if not isinstance(content, dict) or content.get("schema") != SCHEMA:
            return Known()
        return Known(_learnt(content), _latency(content))

    def save(self, known: Known) -> None:
        """Replace the file.

        Raises:
            StoreError: if the disk refuses.
        """
        content: dict[str, Any] = {"schema": SCHEMA, **self._said}
        if known.learnt:
            content |= {"per_minute": known.learnt.per_minute, "settled": known.learnt.settled}
        if known.latency:
            content |= {name: round(getattr(known.latency, name), 3) for name in ("p50_s", "p90_s", "mean_s")}
        make_directory(self._path.parent)
        write_file(self._path, (json.dumps(content, indent=1) + "\n").encode())

    def open_log(self) -> StartLog:
        """Return the log of starts that all processes under this limit share.

        Raises:
            StoreError: if the folder cannot be made or the log not be opened.
        """
        make_directory(self._path.parent)
        return StartLog.shared(self._path.with_suffix(".sqlite3"))


def _learnt(content: Mapping[str, Any]) -> Learnt | None:
    rate = _above_zero(content.get("per_minute"))
    return None if rate is None else Learnt(rate, settled=content.get("settled") is True)


def _latency(content: Mapping[str, Any]) -> Latency | None:
    p50_s, p90_s, mean_s = (_above_zero(content.get(name)) for name in ("p50_s", "p90_s", "mean_s"))
    return None if p50_s is None or p90_s is None or mean_s is None else Latency(p50_s, p90_s, mean_s)


def _above_zero(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < math.inf else None  # type: ignore[arg-type, operator]  # a number
