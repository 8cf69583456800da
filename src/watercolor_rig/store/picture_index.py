"""What is known of picture files, so that a second look costs one `stat` instead of a decode.

A file counts as verified while its size, modification time and inode are those at which it was decoded whole. The
index is a cache: losing it costs time, never truth. It lies in `.watercolor-rig/pictures.json` of the project.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from threading import Lock
from typing import Any

from watercolor_rig.core.errors import PictureError, StoreError
from watercolor_rig.store.durable import make_directory, read_file, remove_file, sweep_leftovers, write_file

STATE_FOLDER = ".watercolor-rig"

_VERSION = 1

_saving = Lock()
"""Runs of one process save one after another."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What a picture file is.

    Attributes:
        size: (width, height) in pixels.
        sha256: Of the file's bytes, hexadecimal.
    """

    size: tuple[int, int]
    sha256: str


@dataclass(frozen=True, slots=True)
class _Known:
    stamp: tuple[int, int, int]
    facts: PictureFacts


class PictureIndex:
    """Facts of the pictures in one project's folders.

    Args:
        project: Its folder.
        fresh: Whether to begin without what earlier runs knew.
    """

    def __init__(self, project: Path, *, fresh: bool = False) -> None:
        self._root = project.resolve()
        self._file = _index_file(self._root)
        self._seen = None if fresh else _stamp_of(self._file)
        self._folders: dict[str, dict[str, _Known]] = {} if fresh else self._load()
        self._learnt: dict[str, dict[str, _Known]] = {}
        self._keys: dict[str, str] = {}

    def inspect(self, folder: Path, names: Iterable[str]) -> dict[str, PictureFacts | PictureError]:
        """Return the facts of each named file that exists in `folder`, or what is wrong with it.

        Raises:
            StoreError: if a file cannot be read.
        """
        return self.inspect_many([(folder, names)])[folder]

    def inspect_many(
        self,
        wanted: Iterable[tuple[Path, Iterable[str]]],
    ) -> dict[Path, dict[str, PictureFacts | PictureError]]:
        """Return `inspect` of several folders; files not yet known are decoded on all processors."""
        found: dict[Path, dict[str, PictureFacts | PictureError]] = {}
        unknown: list[tuple[Path, str, tuple[int, int, int]]] = []
        for folder, names in wanted:
            known = self._folders.get(self._key(folder), {})
            answers = found.setdefault(folder, {})
            for name in names:
                stamp = _stamp(folder / name)
                if stamp is None:
                    continue
                entry = known.get(name)
                if entry and entry.stamp == stamp:
                    answers[name] = entry.facts
                else:
                    unknown.append((folder, name, stamp))
        if unknown:
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                for (folder, name, stamp), facts in zip(unknown, pool.map(_decode_whole, unknown), strict=True):
                    found[folder][name] = facts
                    if isinstance(facts, PictureFacts):
                        self._note(folder, name, _Known(stamp, facts))
        return found

    def remembered(self, folder: Path, name: str) -> PictureFacts | None:
        """Return what is known of a file that still has the date, length and inode it had then, without reading it.

        Raises:
            StoreError: if the file cannot be looked at.
        """
        known = self._folders.get(self._key(folder), {}).get(name)
        return known.facts if known and known.stamp == _stamp(folder / name) else None

    def find(self, sha256: str) -> list[Path]:
        """Return the files that had this digest when they were looked at last."""
        return [
            self._root / folder / name
            for folder, files in list(self._folders.items())
            for name, known in list(files.items())
            if known.facts.sha256 == sha256
        ]

    def record(self, path: Path, facts: PictureFacts) -> None:
        """Note a file that this program has just written from verified bytes.

        Raises:
            StoreError: if the file cannot be looked at.
        """
        stamp = _stamp(path)
        if stamp is not None:
            self._note(path.parent, path.name, _Known(stamp, facts))

    def refresh(self) -> None:
        """Take over what others have saved since; what only this object has learnt stays."""
        stamp = _stamp_of(self._file)
        if stamp == self._seen:
            return
        self._folders, self._seen = self._load(), stamp
        for folder, files in self._learnt.items():
            self._folders.setdefault(folder, {}).update(files)

    def save(self) -> None:
        """Write the index, if anything was learnt; what others have learnt and saved meanwhile stays in it.

        Raises:
            StoreError: if the disk refuses.
        """
        if self._learnt:
            with _saving:
                self._save()

    def _save(self) -> None:
        self.refresh()
        folders = ", ".join(_spelt(folder, files) for folder, files in self._folders.items() if files)
        make_directory(self._file.parent)
        sweep_leftovers(self._file.parent)
        write_file(self._file, f'{{"version": {_VERSION}, "folders": {{{folders}}}}}'.encode())
        self._seen = _stamp_of(self._file)
        self._learnt = {}

    def _note(self, folder: Path, name: str, known: _Known) -> None:
        self._folders.setdefault(self._key(folder), {})[name] = known
        self._learnt.setdefault(self._key(folder), {})[name] = known

    def _key(self, folder: Path) -> str:
        key = self._keys.get(name := str(folder))
        if key is None:  # following links costs more than all else that is done for a file that is known
            whole = folder.resolve()
            try:
                key = Path(os.path.relpath(whole, self._root)).as_posix()
            except ValueError:  # on another drive of Windows
                key = whole.as_posix()
            self._keys[name] = key
        return key

    def _load(self) -> dict[str, dict[str, _Known]]:
        try:
            return _read_index(self._file)
        except (OSError, ValueError):
            return {}


def fault_of_index(project: Path) -> str | None:
    """Return why a project's index cannot be used, or None where it can, or there is none."""
    file = _index_file(project)
    try:
        _read_index(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"cannot read {str(file)!r}: {error.strerror or error}"
    except ValueError:
        return f"{str(file)!r} is damaged"
    return None


def drop_index(project: Path) -> str:
    """Remove a project's index: it costs the next run a look at every file; return that in words.

    Raises:
        StoreError: if the disk refuses.
    """
    remove_file(_index_file(project))
    return "removed; the next run looks at every file once"


def facts_of(data: bytes, size: tuple[int, int]) -> PictureFacts:
    """Return the facts of bytes that are known to decode to `size`."""
    return PictureFacts(size, hashlib.sha256(data).hexdigest())


def project_of(folder: Path) -> Path:
    """Return the project that a frames folder belongs to: the parent of `frames/`, else of the folder itself."""
    parent = folder.resolve().parent
    return parent.parent if parent.name == "frames" else parent


def _index_file(project: Path) -> Path:
    return project / STATE_FOLDER / "pictures.json"


def _read_index(file: Path) -> dict[str, dict[str, _Known]]:
    """Return the index as saved; one of another version is empty.

    Raises:
        ValueError: if it is damaged.
        OSError: if it cannot be read.
    """
    try:
        raw = json.loads(file.read_bytes(), object_pairs_hook=_known_at_once)
        if raw["version"] != _VERSION:
            return {}
        folders: dict[str, dict[str, _Known]] = raw["folders"]
        if all(isinstance(known, _Known) for files in folders.values() for known in files.values()):
            return folders
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no index: {error}") from error
    raise ValueError("no index: an entry is none")


def _known_at_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object, entries of the index as what they stand for: fifty thousand lists need not wait for it."""
    return {name: _known_entry(value) if isinstance(value, list) else value for name, value in pairs}


def _known_entry(values: list[Any]) -> _Known | list[Any]:
    """Return an entry as saved, or what is none; `int` and `fromhex` refuse what was not saved."""
    try:
        size, mtime, inode, width, height, sha256 = values
        return _Known((size, mtime, inode), PictureFacts((int(width), int(height)), bytes.fromhex(sha256).hex()))
    except (ValueError, TypeError):
        return values


def _spelt(folder: str, files: Mapping[str, _Known]) -> str:
    """Return a folder of the index as JSON: a member of an object."""
    entries = {name: [*known.stamp, *known.facts.size, known.facts.sha256] for name, known in files.items()}
    return f"{json.dumps(folder)}: {json.dumps(entries)}"


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return size, modification time and inode of a file, or None where there is none.

    One file at a time: a listing of the folder would meet temporary files of another run as they vanish, and names no
    inodes on Windows.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of them, and pathlib's detour is as long as the call
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot look at {str(path)!r}: {error.strerror or error}") from error
    return (status.st_size, status.st_mtime_ns, status.st_ino) if S_ISREG(status.st_mode) else None


def _stamp_of(file: Path) -> tuple[int, int, int] | None:
    """Return the stamp of a file that need not be looked at: the index itself."""
    try:
        return _stamp(file)
    except StoreError:
        return None


def _decode_whole(wanted: tuple[Path, str, tuple[int, int, int]]) -> PictureFacts | PictureError:
    from watercolor_rig.imaging.picture import decode  # noqa: PLC0415 - a run that knows every file needs no decoder

    folder, name, _ = wanted
    data = read_file(folder / name)
    try:
        height, width = decode(data, str(folder / name)).shape[:2]
    except PictureError as error:
        return error
    return facts_of(data, (width, height))
