"""What the user thinks of frames: flagged ones should be made anew, trusted ones stay. Kept through a power cut."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from threading import Lock

from watercolor_rig.core.json import Json, JsonObject
from watercolor_rig.core.times import from_json_number
from watercolor_rig.store.durable import make_directory, read_file, write_file

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """The marks of one frame."""

    flagged: bool = False
    trusted: bool = False

    def __bool__(self) -> bool:
        """Whether there is any."""
        return self.flagged or self.trusted


NO_MARK = Mark()


class Marks:
    """The marks of one project; may be asked and changed on any thread.

    Args:
        file: Where they are kept. A file that is damaged counts as none: marks are opinions, and no picture hangs
            on them.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._marks: dict[str, dict[Fraction, Mark]] = _read(file) if file.is_file() else {}

    def of(self, path_id: str) -> Mapping[Fraction, Mark]:
        """Return the marks of a sequence's frames by position; unmarked ones are absent."""
        return self._marks.get(path_id, {})

    def trusted(self, path_id: str) -> frozenset[Fraction]:
        """Return the positions of a sequence's trusted frames."""
        return frozenset(t for t, mark in self.of(path_id).items() if mark.trusted)

    def set(self, path_id: str, t: Fraction, *, flagged: bool | None, trusted: bool | None) -> Mark:
        """Change what is not None of a frame's marks; return them.

        Raises:
            StoreError: if the disk refuses; then the marks are as before.
        """
        with self._lock:
            old = self.of(path_id).get(t, NO_MARK)
            new = replace(
                old,
                flagged=old.flagged if flagged is None else flagged,
                trusted=old.trusted if trusted is None else trusted,
            )
            if new == old:
                return old
            frames = {**self.of(path_id), t: new}
            changed = {**self._marks, path_id: {t: mark for t, mark in frames.items() if mark}}
            make_directory(self._file.parent)
            write_file(self._file, _encode(changed))
            self._marks = changed
            return new


def _encode(marks: Mapping[str, Mapping[Fraction, Mark]]) -> bytes:
    sequences: JsonObject = {
        path: [{"t": float(t), "flagged": mark.flagged, "trusted": mark.trusted} for t, mark in sorted(frames.items())]
        for path, frames in sorted(marks.items())
        if frames
    }
    return (json.dumps({"version": _VERSION, "sequences": sequences}, indent=1, ensure_ascii=False) + "\n").encode()


def _read(file: Path) -> dict[str, dict[Fraction, Mark]]:
    try:
        raw = json.loads(read_file(file))
        if raw["version"] != _VERSION:
            return {}
        return {path: dict(_mark(entry) for entry in entries) for path, entries in raw["sequences"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _mark(entry: Mapping[str, Json]) -> tuple[Fraction, Mark]:
    t = entry["t"]
    if not isinstance(t, int | float):
        raise TypeError(f"{t!r} is no time")
    return from_json_number(t), Mark(entry["flagged"] is True, entry["trusted"] is True)
