"""Which sequences and frames lie on the disk: what may be served as a file, and nothing else.

A name that comes from outside is only ever compared with names that were found. It is never joined to a path, so there
is no text that leads out of the folder; and what is found must lie inside the project once links are followed.
"""

import json
import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.core.errors import NothingMatchedError
from watercolor_rig.core.json import JsonObject
from watercolor_rig.core.manifest import Manifest, decode_manifest, encode_frame
from watercolor_rig.core.times import from_json_number
from watercolor_rig.store.sequence_folder import MANIFEST


@dataclass(frozen=True, slots=True)
class _Listed:
    """A folder that has a manifest, as it was looked at last."""

    path: str
    mtime_ns: int


_SETTLED_NS = 100_000_000
"""A folder that changed this recently may change again without a new date: clocks of file systems tick slowly."""


class SequenceListing:
    """The sequence folders of one project; may be asked on any thread.

    Args:
        folders: Where they lie.
    """

    def __init__(self, folders: StudioFolders) -> None:
        self._folders = folders
        self._lock = Lock()
        self._known: dict[str, _Listed] = {}
        self._json = b"[]"
        self._root_ns: int | None = None
        self._is_settled = False

    def path_ids_json(self) -> bytes:
        """Return the id of every sequence that has a manifest, sorted, as JSON.

        A folder that is new is found at once. One that has lost its manifest is listed until `stamps` is asked, which
        the watch does every few seconds; it is not found all the same.
        """
        with self._lock:
            if not self._is_settled or _mtime_ns(self._folders.sequences) != self._root_ns:
                self._look(trusting=True)
            return self._json

    def stamps(self) -> dict[str, int]:
        """Return every sequence's id and when its folder last changed, in nanoseconds since 1970."""
        with self._lock:
            self._look()
            return {name: listed.mtime_ns for name, listed in self._known.items()}

    def stamp(self, path_id: str) -> int | None:
        """Return when a sequence's folder last changed, or None where there is no such folder."""
        with self._lock:
            listed = self._known.get(path_id)
        path = self._folders.sequences / path_id if listed is None else Path(listed.path)
        try:
            return path.stat().st_mtime_ns
        except (OSError, ValueError):
            return None

    def folder(self, path_id: str) -> Path | None:
        """Return a sequence's folder, or None where there is no such sequence in the project."""
        with self._lock:
            listed = self._known.get(path_id)
            if listed is None:
                self._look()
                listed = self._known.get(path_id)
        if listed is None:
            return None
        with suppress(OSError):
            found = Path(listed.path).resolve(strict=True)
            if found.is_relative_to(self._folders.project) and (found / MANIFEST).is_file():
                return found
        return None

    def manifest(self, path_id: str) -> bytes | None:
        """Return a manifest as JSON with the keys that clients rely on, further ones kept; None for an unknown id."""
        folder = self.folder(path_id)
        if folder is None:
            return None
        data = _read(folder / MANIFEST)
        return None if data is None else _with_the_contract(path_id, data)

    def open_frame(self, path_id: str, file: str) -> BinaryIO | None:
        """Return a PNG of a sequence, opened; None where the folder holds none of that name."""
        folder = self.folder(path_id)
        if folder is None or not file.lower().endswith(".png"):
            return None
        with suppress(OSError), os.scandir(folder) as entries:
            entry = next((entry for entry in entries if entry.name == file), None)
            if entry is not None and entry.is_file(follow_symlinks=False):
                return open_plain_file(entry.path)
        return None

    def file_at(self, path_id: str, t: float) -> str | None:
        """Return the file that a sequence's manifest lists at a position."""
        found = self.read(path_id)
        if found is None:
            return None
        wanted = from_json_number(t)
        return next((frame.file for frame in found.frames if frame.t == wanted), None)

    def read(self, path_id: str) -> Manifest | None:
        """Return what a sequence's manifest lists, or None for an unknown id."""
        folder = self.folder(path_id)
        data = None if folder is None else _read(folder / MANIFEST)
        return None if data is None else decode_manifest(data)

    def _look(self, *, trusting: bool = False) -> None:
        """Compare with the disk.

        Args:
            trusting: Whether a folder that had a manifest still has it; else those that have changed are asked again.
        """
        found: dict[str, _Listed] = {}
        root_ns = _mtime_ns(self._folders.sequences)
        is_settled = root_ns is None or time.time_ns() - root_ns > _SETTLED_NS
        with suppress(OSError), os.scandir(self._folders.sequences) as entries:
            for entry in entries:
                known = self._known.get(entry.name)
                listed = known if trusting and known is not None and entry.is_dir() else self._listed(entry)
                if listed is not None:
                    found[entry.name] = listed
                elif entry.is_dir():
                    is_settled = False  # its manifest may come without the outer folder changing
        self._root_ns, self._is_settled = root_ns, is_settled
        if found.keys() != self._known.keys():
            self._json = json.dumps(sorted(found)).encode()
        self._known = found

    def _listed(self, entry: "os.DirEntry[str]") -> _Listed | None:
        try:
            status = entry.stat()
            entry.name.encode()
        except (OSError, UnicodeEncodeError):  # gone, or a name that no address can spell
            return None
        if not stat.S_ISDIR(status.st_mode) or entry.name.startswith(".") or self._leads_out(entry):
            return None
        known = self._known.get(entry.name)
        if known is not None and known.mtime_ns == status.st_mtime_ns:
            return known
        if not os.path.isfile(f"{entry.path}/{MANIFEST}"):  # noqa: PTH113 - thousands of them
            return None
        return _Listed(entry.path, status.st_mtime_ns)

    def _leads_out(self, entry: "os.DirEntry[str]") -> bool:
        return entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(self._folders.project)


def known_time(t: float) -> Fraction:
    """Return the exact position of a number from outside.

    Raises:
        NothingMatchedError: for one that is no position.
    """
    try:
        return from_json_number(t)
    except ValueError:
        raise NothingMatchedError(f"t={t} is no position between 0 and 1") from None


def open_plain_file(path: str | Path) -> BinaryIO | None:
    """Open a file that is no link and no device, without waiting for anything; None where it is neither."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with suppress(OSError):
        descriptor = os.open(path, flags)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return os.fdopen(descriptor, "rb")
        os.close(descriptor)
    return None


def _mtime_ns(folder: Path) -> int | None:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return None


def _read(path: Path) -> bytes | None:
    opened = open_plain_file(path)
    if opened is None:
        return None
    with opened:
        return opened.read()


def _with_the_contract(path_id: str, data: bytes) -> bytes:
    raw: JsonObject = {}
    with suppress(ValueError, RecursionError):
        loaded = json.loads(data, parse_constant=lambda _: None)
        raw = loaded if isinstance(loaded, dict) else {}
    base, _, pose = path_id.rpartition("__")
    start, separator, end = base.partition("_to_")
    guessed: JsonObject = {"expr_start": start, "expr_end": end if separator else start, "pose": pose}
    contract = {key: raw[key] if isinstance(raw.get(key), str) else text for key, text in guessed.items()}
    frames = [encode_frame(frame) for frame in decode_manifest(data).frames]
    return json.dumps({**raw, "path_id": path_id, **contract, "frames": frames}, allow_nan=False).encode()
