"""Where there is no project yet: the example that comes with the program, or one portrait to begin with."""

import json
from pathlib import Path

from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.core.errors import StoreError, UsageError
from watercolor_rig.core.ids import endpoint_file
from watercolor_rig.core.json import Json, JsonObject
from watercolor_rig.core.rig import NEUTRAL, PoseId
from watercolor_rig.store.durable import make_directory, read_file, write_file

_DATA = Path(__file__).parents[2] / "data"
INSTALLED = _DATA / "example"
"""Where a wheel has it; the build puts it there."""

_IN_A_CLONE = Path(__file__).parents[4] / "examples/adventurer"

_POSE = PoseId("center")

_EXPRESSIONS: dict[str, tuple[str, str, str]] = {
    NEUTRAL: ("neutral", "neutral", "neutral"),
    "happy_soft": ("smile_soft", "neutral", "neutral"),
    "happy_big": ("smile_big", "happy_closed", "raise"),
    "sad": ("frown", "sad", "sad"),
    "angry": ("frown", "narrow", "furrow"),
    "surprised_ah": ("ah", "wide", "raise"),
    "blink_half": ("neutral", "blink_half", "neutral"),
    "blink_closed": ("neutral", "blink_closed", "neutral"),
    "speaking_ah": ("ah", "neutral", "neutral"),
    "speaking_ee": ("ee", "neutral", "neutral"),
    "speaking_oh": ("oh", "neutral", "neutral"),
    "speaking_uw": ("uw", "neutral", "neutral"),
}
"""Expression to mouth, eyes and brows: enough to talk, to blink and to feel; the words are those of the vocabulary."""

_VISEMES = ("speaking_ah", "speaking_ee", "speaking_oh", "speaking_uw")


def example_folder() -> Path:
    """Return the example project: of the installed package, or of the clone that the program runs from.

    Raises:
        StoreError: if it is in neither place.
    """
    for folder in (INSTALLED, _IN_A_CLONE):
        if (folder / "expressions.json").is_file():
            return folder
    raise StoreError("the example is not part of this installation; install watercolor-rig again")


def copy_example(folders: StudioFolders) -> None:
    """Copy the example's config and endpoints into a folder without a project; the config comes last.

    Raises:
        UsageError: if there is a project.
        StoreError: if the disk refuses.
    """
    _require_none(folders)
    source = StudioFolders.of(example_folder())
    make_directory(folders.endpoints)
    for file in sorted(source.endpoints.glob("*.png")):
        write_file(folders.endpoints / file.name, read_file(file))
    for name in ("NOTICE.md",):
        if (source.project / name).is_file():
            write_file(folders.project / name, read_file(source.project / name))
    config: JsonObject = json.loads(read_file(source.config))
    config.pop("$schema", None)
    write_file(folders.config, (json.dumps(config, indent=2, ensure_ascii=False) + "\n").encode())


def start_from_portrait(folders: StudioFolders, png: bytes, name: str) -> None:
    """Begin a project: the portrait as the neutral endpoint, and a config with a usual set of expressions.

    Args:
        folders: Where; without a project yet.
        png: The portrait, a whole PNG.
        name: What the character is called, or "".

    Raises:
        UsageError: if there is a project.
        StoreError: if the disk refuses.
    """
    _require_none(folders)
    make_directory(folders.endpoints)
    write_file(folders.endpoints / endpoint_file(NEUTRAL, _POSE), png)
    write_file(folders.config, _default_config(name))


def _require_none(folders: StudioFolders) -> None:
    if folders.config.exists():
        raise UsageError(f"{str(folders.project)!r} has a project already; start in an empty folder")
    taken = sorted(file.name for file in folders.endpoints.glob("*")) if folders.endpoints.is_dir() else []
    if taken:
        raise UsageError(f"{str(folders.endpoints)!r} holds {taken[0]!r} already; start in an empty folder")


def _default_config(name: str) -> bytes:
    axes: dict[str, Json] = {
        axis: list(dict.fromkeys(values[at] for values in _EXPRESSIONS.values()))
        for at, axis in enumerate(("mouth", "eyes", "brows"))
    }
    pairs: list[tuple[str, str]] = [(NEUTRAL, other) for other in _EXPRESSIONS if other != NEUTRAL]
    pairs += [("happy_soft", "happy_big"), ("blink_half", "blink_closed"), ("speaking_ah", "surprised_ah")]
    pairs += [(one, other) for one in _VISEMES for other in _VISEMES if one != other]
    head: JsonObject = {"character": " ".join(name.split()), "axes": axes, "poses": [_POSE]}
    lines = [f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    expressions = [
        f'    {json.dumps(key)}: {{ "mouth": "{mouth}", "eyes": "{eyes}", "brows": "{brows}" }}'
        for key, (mouth, eyes, brows) in _EXPRESSIONS.items()
    ]
    paths = [f'    {{ "id": "{one}_to_{other}", "start": "{one}", "end": "{other}" }}' for one, other in pairs]
    lines.append('  "expressions": {\n' + ",\n".join(expressions) + "\n  }")
    lines.append('  "base_paths": [\n' + ",\n".join(paths) + "\n  ]")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
