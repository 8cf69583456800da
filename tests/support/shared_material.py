"""The project's real material, which lies beside the repository and may be absent."""

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType

import pytest

SHARED = Path(os.environ.get("WATERCOLOR_RIG_SHARED", Path(__file__).parents[2].parent / "shared"))
CHARACTERS = (
    "adventurer",
    "antonio",
    "cat",
    "mungi_dog",
    "princess",
    "princess_full",
    "sylvie",
    "tomari",
    "whale_girl",
)

needs_shared = pytest.mark.skipif(
    not (SHARED / "data/characters").is_dir(),
    reason=f"no material at {SHARED}/data; set WATERCOLOR_RIG_SHARED to run this",
)


def scorer() -> ModuleType:
    """Return the quality measure that the project is judged by."""
    spec = importlib.util.spec_from_file_location("truth", SHARED / "data/tools/truth.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def endpoint_pairs(character: str) -> list[tuple[Path, Path]]:
    """Return the endpoint files of every base path, in the first pose that has them."""
    folder = SHARED / "data/characters" / character
    found = []
    for path in json.loads((folder / "expressions.json").read_text())["base_paths"]:
        for start in sorted((folder / "frames/endpoints").glob(f"{path['start']}__*.png"))[:1]:
            pose = start.stem.partition("__")[2]
            found.append((start, start.with_name(f"{path['end']}__{pose}.png")))
    return found
