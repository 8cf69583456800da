"""`expressions.json` → `Rig`, with every problem reported at once.

The published JSON Schema (`data/expressions.schema.json`) says the same about the shape of the file; what a schema
cannot say (ids that refer to each other, near misses of a name) is said here, each with its place and the nearest
known name.
"""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from watercolor_rig.core.errors import ConfigError
from watercolor_rig.core.ids import PathId, fault_of_id, pose_path_id
from watercolor_rig.core.outlines import Outline, read_outline
from watercolor_rig.core.rig import (
    NEUTRAL,
    BasePath,
    BasePathId,
    ExpressionId,
    PoseId,
    PosePath,
    PosePathId,
    Rig,
)

KNOWN_KEYS = (
    "axes",
    "poses",
    "expressions",
    "base_paths",
    "pose_paths",
    "character",
    "style",
    "preserve",
    "descriptions",
    "pose_descriptions",
    "regions",
    "reword_rejected",
    "$schema",
)

_LONGEST_FOLDER = 202
"""Characters: as many as the folder of a base path may have, an id, two underscores and a pose."""


def parse_rig(data: bytes, file: str) -> Rig:
    """Return the rig that a configuration file describes.

    Args:
        data: The file's bytes: JSON in UTF-8, a byte-order mark is allowed.
        file: What the problems call it.

    Raises:
        ConfigError: with every problem found, in the order of the file's sections.
    """
    try:
        raw = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_noting_repeats)
    except UnicodeDecodeError as error:
        raise ConfigError([f"{file}: byte {error.start} is no UTF-8; save the file as UTF-8"]) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise ConfigError([f"{file}: {place}: {error.msg}; the file must be valid JSON"]) from error
    except RecursionError as error:
        raise ConfigError([f"{file}: is nested too deeply; the file must be valid JSON"]) from error
    return _Reader(file).read(raw)


class _Repeats(dict[str, Any]):
    """A JSON object that had keys more than once: JSON readers would silently drop all but the last."""

    repeated: tuple[str, ...] = ()


def _noting_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = _Repeats(pairs)
    if len(seen) < len(pairs):
        keys = [key for key, _ in pairs]
        seen.repeated = tuple(sorted({key for key in keys if keys.count(key) > 1}))
    return seen


class _Reader:
    """Walks the decoded JSON once and collects problems; a part that is wrong reads as empty."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[str] = []

    def read(self, raw: object) -> Rig:
        if not isinstance(raw, dict):
            raise ConfigError([f"{self._file}: expected a JSON object with 'base_paths', found {_kind(raw)}"])
        self._note_repeats(raw, "")
        self._note_near_misses(raw)
        axes = {name: self._ids(f"axes.{name}", values) for name, values in self._object("axes", raw).items()}
        expressions = self._expressions(self._object("expressions", raw), axes)
        base_paths = self._base_paths(raw, expressions)
        poses = self._ids("poses", raw.get("poses", []))
        pose_paths = self._pose_paths(raw, expressions, poses)
        if not ({"base_paths", "pose_paths", "expressions"} & raw.keys()):
            self._problem(
                "", "none of 'base_paths', 'pose_paths' and 'expressions' is there; list at least one of them"
            )
        rig = Rig(
            base_paths=base_paths,
            pose_paths=pose_paths,
            expressions=expressions or _named_by(base_paths, pose_paths),
            axes=axes,
            poses=tuple(PoseId(pose) for pose in poses),
            character=self._text("character", raw),
            style=self._text("style", raw),
            preserve=self._texts("preserve", raw.get("preserve", [])),
            descriptions={
                axis: self._words(f"descriptions.{axis}", values, axes.get(axis))
                for axis, values in self._object("descriptions", raw).items()
            },
            regions=self._regions(self._object("regions", raw), poses),
            reword_rejected=self._flag("reword_rejected", raw),
            pose_descriptions={
                PoseId(pose): words
                for pose, words in self._words("pose_descriptions", raw.get("pose_descriptions", {}), poses).items()
            },
        )
        if self._problems:
            raise ConfigError(self._problems)
        return rig

    def _expressions(
        self,
        raw: Mapping[str, Any],
        axes: Mapping[str, tuple[str, ...]],
    ) -> dict[ExpressionId, dict[str, str]]:
        expressions: dict[ExpressionId, dict[str, str]] = {}
        self._note_ids("expressions", raw)
        for name, values in raw.items():
            place = f"expressions.{name}"
            expressions[ExpressionId(name)] = self._words(place, values, tuple(axes) or None)
            for axis, value in expressions[ExpressionId(name)].items():
                if axes.get(axis) and value not in axes[axis]:
                    self._problem(f"{place}.{axis}", f"no value {value!r} on this axis", near=value, known=axes[axis])
        return expressions

    def _base_paths(self, raw: Mapping[str, Any], expressions: Mapping[ExpressionId, Any]) -> tuple[BasePath, ...]:
        entries = raw.get("base_paths", [])
        if not isinstance(entries, list):
            self._problem("base_paths", f"expected a list, found {_kind(entries)}")
            return ()
        paths = [self._base_path(f"base_paths[{at}]", entry, expressions) for at, entry in enumerate(entries)]
        self._note_ids("base_paths", [path.id for path in paths if path.id])
        return tuple(paths)

    def _base_path(self, place: str, entry: object, expressions: Mapping[ExpressionId, Any]) -> BasePath:
        if not isinstance(entry, dict):
            self._problem(place, f"expected an object with 'id', 'start' and 'end', found {_kind(entry)}")
            return BasePath(BasePathId(""), ExpressionId(""), ExpressionId(""))
        self._note_repeats(entry, place)
        found = {key: self._required_text(place, entry, key) for key in ("id", "start", "end")}
        for key in ("start", "end"):
            name = found[key]
            if name and expressions and name not in expressions:
                self._problem(f"{place}.{key}", f"no expression {name!r}", near=name, known=expressions)
            elif name and not expressions and (fault := fault_of_id(name)):
                self._problem(f"{place}.{key}", f"{name!r} {fault}")
        if found["start"] and found["start"] == found["end"]:
            self._problem(place, f"starts and ends at {found['start']!r}; give it two different expressions")
        return BasePath(BasePathId(found["id"]), ExpressionId(found["start"]), ExpressionId(found["end"]))

    def _pose_paths(
        self, raw: Mapping[str, Any], expressions: Mapping[ExpressionId, Any], poses: tuple[str, ...]
    ) -> tuple[PosePath, ...]:
        entries = raw.get("pose_paths", [])
        if not isinstance(entries, list):
            self._problem("pose_paths", f"expected a list, found {_kind(entries)}")
            return ()
        places = [f"pose_paths[{at}]" for at in range(len(entries))]
        found = [self._pose_path(*each, expressions, poses) for each in zip(places, entries, strict=True)]
        self._note_ids("pose_paths", [path.id for path in found if path is not None and path.id])
        self._note_shared_folders({place: path for place, path in zip(places, found, strict=True) if path is not None})
        return tuple(path for path in found if path is not None)

    def _pose_path(
        self, place: str, entry: object, expressions: Mapping[ExpressionId, Any], poses: tuple[str, ...]
    ) -> PosePath | None:
        """Read one pose path; None for one whose folder cannot be told."""
        if not isinstance(entry, dict):
            self._problem(place, f"expected an object with 'id', 'start' and 'end', found {_kind(entry)}")
            return None
        self._note_repeats(entry, place)
        found = {key: self._required_text(place, entry, key) for key in ("id", "start", "end")}
        if "expression" in entry:
            found["expression"] = self._required_text(place, entry, "expression")
        elif near := get_close_matches("expression", entry, n=1, cutoff=0.8):
            self._problem(f"{place}.{near[0]}", "did you mean 'expression'?")
        expression = found.get("expression", NEUTRAL)
        known: dict[str, tuple[str, Iterable[str]]] = {
            "start": ("pose", poses),
            "end": ("pose", poses),
            "expression": ("expression", expressions),
        }
        for key, (what, names) in known.items():
            name = found.get(key, NEUTRAL)
            if name and names and name not in names:
                said = f"no {what} {name!r}" if key in found else f"is not given, and there is no {what} {name!r}"
                self._problem(f"{place}.{key}", said, near=name, known=names)
            elif name and not names and (fault := fault_of_id(name)):
                self._problem(f"{place}.{key}", f"{name!r} {fault}")
        if found["start"] and found["start"] == found["end"]:
            self._problem(place, f"starts and ends at {found['start']!r}; give it two different poses")
        if not (expression and found["start"] and found["end"]):
            return None
        return PosePath(PosePathId(found["id"]), PoseId(found["start"]), PoseId(found["end"]), ExpressionId(expression))

    def _note_shared_folders(self, paths: Mapping[str, PosePath]) -> None:
        """Refuse two pose paths that would have one folder: the underscores between ids are not all separators."""
        first: dict[str, tuple[str, PathId]] = {}
        for place, path in paths.items():
            folder = pose_path_id(path.expression, path.start, path.end)
            other, theirs = first.setdefault(folder.casefold(), (place, folder))
            if len(folder) > _LONGEST_FOLDER:
                self._problem(place, f"its folder {folder!r} would have a name of over {_LONGEST_FOLDER} characters")
            elif other != place and folder != theirs:
                self._problem(place, f"its folder {folder!r} differs from that of {other} only in case; rename a pose")
            elif other != place:
                self._problem(place, f"its folder {folder!r} is that of {other}, too; remove one, or rename a pose")

    def _regions(self, raw: Mapping[str, Any], poses: tuple[str, ...]) -> dict[PoseId, dict[str, Outline]]:
        self._note_ids("regions", raw)
        found: dict[PoseId, dict[str, Outline]] = {}
        for pose, named in raw.items():
            place = f"regions.{pose}"
            if poses and pose not in poses:
                self._problem(place, f"no pose {pose!r}", near=pose, known=poses)
            found[PoseId(pose)] = self._outlines(place, named)
        return found

    def _outlines(self, place: str, named: object) -> dict[str, Outline]:
        if not isinstance(named, dict):
            self._problem(place, f"expected an object of boxes and polygons by name, found {_kind(named)}")
            return {}
        self._note_repeats(named, place)
        self._note_ids(place, named)
        read = {name: read_outline(value) for name, value in named.items()}
        for name, outline in read.items():
            if isinstance(outline, str):
                self._problem(f"{place}.{name}", outline)
        return {name: outline for name, outline in read.items() if not isinstance(outline, str)}

    def _required_text(self, place: str, entry: Mapping[str, Any], key: str) -> str:
        if key not in entry:
            near = get_close_matches(key, entry, n=1)
            self._problem(place, f"has no {key!r}" + (f"; did you mean it by {near[0]!r}?" if near else ""))
            return ""
        if not isinstance(entry[key], str) or not entry[key]:
            self._problem(f"{place}.{key}", f"expected a name, found {_kind(entry[key])}")
            return ""
        return str(entry[key])

    def _object(self, key: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        value = raw.get(key, {})
        if not isinstance(value, dict):
            self._problem(key, f"expected an object, found {_kind(value)}")
            return {}
        self._note_repeats(value, key)
        return value

    def _words(self, place: str, value: object, known: Iterable[str] | None) -> dict[str, str]:
        """Read an object of texts whose keys should be among `known`, where that is given."""
        if not isinstance(value, dict):
            self._problem(place, f"expected an object of texts, found {_kind(value)}")
            return {}
        self._note_repeats(value, place)
        allowed = tuple(known or ())
        for key, text in value.items():
            if not isinstance(text, str):
                self._problem(f"{place}.{key}", f"expected a text, found {_kind(text)}")
            elif allowed and key not in allowed:
                self._problem(f"{place}.{key}", f"{key!r} is not among the names declared", near=key, known=allowed)
        return {key: text for key, text in value.items() if isinstance(text, str)}

    def _flag(self, key: str, raw: Mapping[str, Any]) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            self._problem(key, f"expected true or false, found {_kind(value)}")
            return False
        return value

    def _text(self, key: str, raw: Mapping[str, Any]) -> str:
        value = raw.get(key, "")
        if not isinstance(value, str):
            self._problem(key, f"expected a text, found {_kind(value)}")
            return ""
        return value

    def _texts(self, place: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            self._problem(place, f"expected a list of texts, found {_kind(value)}")
            return ()
        for at, text in enumerate(value):
            if not isinstance(text, str):
                self._problem(f"{place}[{at}]", f"expected a text, found {_kind(text)}")
        return tuple(text for text in value if isinstance(text, str))

    def _ids(self, place: str, value: object) -> tuple[str, ...]:
        texts = self._texts(place, value)
        self._note_ids(place, texts)
        return texts

    def _note_ids(self, place: str, ids: Iterable[str]) -> None:
        seen: dict[str, str] = {}
        for name in ids:
            if fault := fault_of_id(name):
                self._problem(place, f"{name!r} {fault}")
            elif name in seen.values():
                self._problem(place, f"{name!r} is there twice; rename or remove one")
            elif name.casefold() in seen:
                other = seen[name.casefold()]
                self._problem(place, f"{name!r} and {other!r} differ only in case and would share files; rename one")
            seen.setdefault(name.casefold(), name)

    def _note_repeats(self, value: object, place: str) -> None:
        for key in getattr(value, "repeated", ()):
            self._problem(place, f"the key {key!r} is there twice; rename or remove one")

    def _note_near_misses(self, raw: Mapping[str, Any]) -> None:
        for key in raw:
            near = get_close_matches(key, KNOWN_KEYS, n=1, cutoff=0.8)
            if key not in KNOWN_KEYS and near and near[0] not in raw:
                self._problem(key, f"did you mean {near[0]!r}?")

    def _problem(self, place: str, what: str, *, near: str = "", known: Iterable[str] = ()) -> None:
        names = list(known)
        match = get_close_matches(near, names, n=1, cutoff=0.4) if near else []
        advice = f"; did you mean {match[0]!r}?" if match else f"; known: {', '.join(names)}" if names else ""
        self._problems.append(": ".join(part for part in (self._file, place, what + advice) if part))


def _named_by(paths: Iterable[BasePath], turns: Iterable[PosePath]) -> dict[ExpressionId, dict[str, str]]:
    named = [name for path in paths for name in (path.start, path.end)]
    return {name: {} for name in (*named, *(turn.expression for turn in turns))}


def _kind(value: object) -> str:
    if value is None:
        return "null"
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return next((name for kind, name in names.items() if isinstance(value, kind)), type(value).__name__)
