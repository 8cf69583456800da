"""The published schema, the examples and the program's own reader agree."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.shared_material import CHARACTERS, SHARED, needs_shared
from watercolor_rig.core.config import KNOWN_KEYS, parse_rig
from watercolor_rig.core.errors import ConfigError
from watercolor_rig.core.ids import fault_of_id

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*/expressions.json"))

SCHEMA: dict[str, Any] = json.loads(
    resources.files("watercolor_rig.data").joinpath("expressions.schema.json").read_text("utf-8"),
)
RIG_SCHEMA: dict[str, Any] = json.loads(
    resources.files("watercolor_rig.data").joinpath("rig.schema.json").read_text("utf-8"),
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def faults(config: object) -> list[str]:
    """Return what the schema says against a configuration, by place."""
    return [error.json_path for error in VALIDATOR.iter_errors(config)]


def reads(config: object) -> bool:
    """Tell whether the program's own reader accepts a configuration."""
    try:
        parse_rig(json.dumps(config).encode(), "expressions.json")
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize("schema", [SCHEMA, RIG_SCHEMA], ids=["expressions", "rig"])
def test_a_schema_is_itself_valid(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", ["expressions.schema.json", "rig.schema.json"])
def test_the_copy_for_readers_equals_the_packaged_schema(name: str) -> None:
    packaged = resources.files("watercolor_rig.data").joinpath(name).read_bytes()

    assert (ROOT / "docs" / name).read_bytes() == packaged


def test_every_key_that_the_program_knows_is_in_the_schema() -> None:
    assert set(SCHEMA["properties"]) == set(KNOWN_KEYS)


@pytest.mark.parametrize("schema", [SCHEMA, RIG_SCHEMA], ids=["expressions", "rig"])
def test_every_item_has_words_for_an_editor(schema: dict[str, Any]) -> None:
    bare = [place for place, item in items_of(schema, "$") if not {"title", "description"} <= item.keys()]

    assert bare == []


def items_of(schema: dict[str, Any], place: str) -> list[tuple[str, dict[str, Any]]]:
    """Return each value that the schema describes, with its place; a bare reference is described where it points."""
    children = {
        **schema.get("properties", {}),
        **schema.get("$defs", {}),
        **{key: schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)},
    }
    own = [] if schema.keys() == {"$ref"} else [(place, schema)]
    return own + [item for key, child in children.items() for item in items_of(child, f"{place}.{key}")]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_an_example_is_valid_by_schema_and_by_program(file: Path) -> None:
    config = json.loads(file.read_text("utf-8"))

    assert faults(config) == []
    assert reads(config)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_an_example_uses_every_key(file: Path) -> None:
    assert set(json.loads(file.read_text("utf-8"))) == set(KNOWN_KEYS)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_an_example_points_its_editor_at_the_schema(file: Path) -> None:
    reference = json.loads(file.read_text("utf-8"))["$schema"]

    assert (file.parent / reference).resolve() == ROOT / "docs/expressions.schema.json"


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_an_example_has_a_picture_for_every_expression_at_every_pose(file: Path) -> None:
    config = json.loads(file.read_text("utf-8"))
    wanted = {f"{expression}__{pose}.png" for expression in config["expressions"] for pose in config["poses"]}

    assert {path.name for path in (file.parent / "frames/endpoints").iterdir()} == wanted


@needs_shared
@pytest.mark.parametrize("name", CHARACTERS)
def test_a_shared_character_is_valid_by_schema_and_by_program(name: str) -> None:
    config = json.loads((SHARED / "data/characters" / name / "expressions.json").read_text("utf-8"))

    assert faults(config) == []
    assert reads(config)


PATH = {"id": "a_to_b", "start": "a", "end": "b"}


@pytest.mark.parametrize(
    "config",
    [
        {"base_paths": [PATH]},
        {"expressions": {"neutral": {}}},
        {"base_paths": [PATH], "made_by": "someone", "poses": []},
        {"base_paths": [{**PATH, "note": "further keys are allowed"}]},
        {"base_paths": [PATH], "regions": {"center": {"mouth": [1, 2, 3, 4.5], "nose": [[0, 0], [1, 0], [0, 1]]}}},
        {"base_paths": [{"id": "旗袍", "start": "ЙЦУ", "end": "émue 2"}]},
    ],
)
def test_schema_and_program_both_accept(config: object) -> None:
    assert faults(config) == []
    assert reads(config)


@pytest.mark.parametrize(
    ("config", "place"),
    [
        ([], "$"),
        ({}, "$"),
        ({"axes": {"mouth": ["ah"]}}, "$"),
        ({"base_paths": [{"id": "a_to_b", "start": "a"}]}, "$.base_paths[0]"),
        ({"base_paths": [{**PATH, "end": 3}]}, "$.base_paths[0].end"),
        ({"base_paths": [{**PATH, "id": "a__b"}]}, "$.base_paths[0].id"),
        ({"base_paths": {}}, "$.base_paths"),
        ({"base_paths": [PATH], "poses": ["left", "left"]}, "$.poses"),
        ({"base_paths": [PATH], "preserve": "the hair"}, "$.preserve"),
        ({"base_paths": [PATH], "character": None}, "$.character"),
        ({"expressions": {"neutral": {"mouth": 1}}}, "$.expressions.neutral.mouth"),
        ({"expressions": {"_neutral": {}}}, "$.expressions"),
        ({"base_paths": [PATH], "regions": {"center": {"mouth": [1, 2, 3]}}}, "$.regions.center.mouth"),
        ({"base_paths": [PATH], "regions": {"center": {"mouth": [1, 2, 3, -4]}}}, "$.regions.center.mouth"),
        ({"base_paths": [PATH], "regions": {"center": {"mouth": [[1, 2], [3, 4]]}}}, "$.regions.center.mouth"),
        ({"base_paths": [PATH], "regions": {"center": {"__": [1, 2, 3, 4]}}}, "$.regions.center"),
        ({"base_paths": [PATH], "regions": {"center": []}}, "$.regions.center"),
    ],
)
def test_schema_and_program_both_refuse(config: object, place: str) -> None:
    assert place in faults(config)
    assert not reads(config)


@given(
    st.text(st.sampled_from("aZ9éж旗_-. \n\t/\\:*?\"<>|'&\u00a0\u2003"), max_size=6)
    | st.text(max_size=3).filter(str.isascii)
)
def test_schema_and_program_agree_on_what_an_id_is(text: str) -> None:
    by_schema = VALIDATOR.evolve(schema={**SCHEMA["$defs"]["id"]}).is_valid(text)

    assert by_schema == (fault_of_id(text) is None)


@given(st.text(max_size=12))
def test_an_id_that_the_program_accepts_passes_the_schema(text: str) -> None:
    if fault_of_id(text) is None:
        assert VALIDATOR.evolve(schema={**SCHEMA["$defs"]["id"]}).is_valid(text)
