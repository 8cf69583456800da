"""Base paths edited in the studio go into `expressions.json`, and not one other byte of the file changes.

People write that file by hand, with an order and a layout of their own. So the text of the one value is replaced, not
the file written anew; entries keep further keys of theirs, and the layout that the list had.
"""

import json
import re
from collections.abc import Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # not in the stubs

from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.snapshot import version_of
from watercolor_rig.app.studio.views import BasePathView
from watercolor_rig.core.config import parse_rig
from watercolor_rig.core.errors import NothingMatchedError, ProjectBusyError
from watercolor_rig.core.json import Json, JsonObject
from watercolor_rig.store.durable import read_file, write_file

_KEY = "base_paths"
_SPACE = re.compile(r"[ \t\r\n]*")
_ONE_LINE = re.compile(r"\[\s*\{[^\n{}]*\}")


def edit_base_paths(folders: StudioFolders, paths: Sequence[BasePathView], version: str) -> None:
    """Replace the base paths in a project's config.

    Args:
        folders: The project.
        paths: All base paths, in the order wanted.
        version: That of the config which was edited.

    Raises:
        NothingMatchedError: if there is no config.
        ProjectBusyError: if the config is another one by now.
        ConfigError: with every problem that the config would have; it stays as it is.
        StoreError: if the disk refuses.
    """
    if not folders.config.is_file():
        raise NothingMatchedError(f"there is no {folders.config.name} to edit; start a project first")
    data = read_file(folders.config)
    if version_of(data) != version:
        raise ProjectBusyError(
            f"{folders.config.name} has been changed by someone else meanwhile; reload it and edit again"
        )
    edited = with_base_paths(data, paths)
    parse_rig(edited, folders.config.name)
    write_file(folders.config, edited)


def with_base_paths(data: bytes, paths: Sequence[BasePathView]) -> bytes:
    """Return a config's bytes with other base paths.

    Args:
        data: A JSON object in UTF-8, a byte-order mark allowed.
        paths: All base paths, in the order wanted.

    Raises:
        ConfigError: if it is none.
    """
    parse_rig(data, "expressions.json")
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    text = data.decode("utf-8-sig")
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    spans, end = _spans(text)
    if _KEY in spans:
        start, stop = spans[_KEY]
        old = json.loads(text[start:stop])
        edited = text[:start] + _listed(paths, old, text[start:stop], end_of_line) + text[stop:]
    else:
        last = max((stop for _, stop in spans.values()), default=text.index("{") + 1)
        comma = "," if spans else ""
        value = _listed(paths, [], "", end_of_line)
        edited = f'{text[:last]}{comma}{end_of_line}  "{_KEY}": {value}{end_of_line}{text[end:]}'
    return mark + edited.encode()


def _spans(text: str) -> tuple[dict[str, tuple[int, int]], int]:
    """Return where the value of each key of the outermost object begins and ends, and where its closing brace is."""
    decoder = json.JSONDecoder()
    spans: dict[str, tuple[int, int]] = {}
    at = _skip(text, text.index("{") + 1)
    while text[at] != "}":
        key, at = scanstring(text, at + 1)
        start = _skip(text, _skip(text, at) + 1)
        _, stop = decoder.raw_decode(text, start)
        spans[key] = start, stop
        at = _skip(text, stop)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return spans, at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _listed(paths: Sequence[BasePathView], old: Json, layout: str, end_of_line: str) -> str:
    further = {
        entry["id"]: {key: value for key, value in entry.items() if key not in ("id", "start", "end")}
        for entry in (old if isinstance(old, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    }
    entries: list[JsonObject] = [
        {"id": path.id, "start": path.start, "end": path.end, **further.get(path.id, {})} for path in paths
    ]
    if not entries:
        return "[]"
    if layout and not _ONE_LINE.match(layout):
        text = json.dumps(entries, indent=2, ensure_ascii=False)
        return text.replace("\n", f"{end_of_line}  ")
    lines = ["{ " + json.dumps(entry, ensure_ascii=False)[1:-1] + " }" for entry in entries]
    return f"[{end_of_line}    " + f",{end_of_line}    ".join(lines) + f"{end_of_line}  ]"
