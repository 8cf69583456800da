"""What a configuration may say, and how its problems are told."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.config import parse_rig
from watercolor_rig.core.errors import ConfigError
from watercolor_rig.core.rig import BasePath, BasePathId, ExpressionId, Rig

A_TO_B = {"id": "a_to_b", "start": "a", "end": "b"}


def read(document: Any) -> Rig:
    return parse_rig(json.dumps(document).encode(), "expressions.json")


def problems(document: Any) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read(document)
    return caught.value.problems


def test_a_file_with_only_base_paths_is_valid_and_names_its_expressions() -> None:
    rig = read({"base_paths": [A_TO_B]})

    assert rig.base_paths == (BasePath(BasePathId("a_to_b"), ExpressionId("a"), ExpressionId("b")),)
    assert rig.expressions == {"a": {}, "b": {}}


def test_a_file_with_only_expressions_is_valid() -> None:
    assert list(read({"expressions": {"a": {}, "b": {"mouth": "ah"}}}).expressions) == ["a", "b"]


def test_a_byte_order_mark_and_unknown_keys_do_no_harm() -> None:
    document = json.dumps({"base_paths": [{**A_TO_B, "note": 1}], "my_tool": {"x": 1}}).encode()

    assert parse_rig(b"\xef\xbb\xbf" + document, "f").base_paths[0].id == "a_to_b"


def test_an_unknown_endpoint_names_its_place_and_the_nearest_expression() -> None:
    document = {
        "expressions": {"neutral": {}, "speaking_ah": {}},
        "base_paths": [{"id": "x", "start": "neutral", "end": "speaking_a"}],
    }

    assert problems(document) == (
        "expressions.json: base_paths[0].end: no expression 'speaking_a'; did you mean 'speaking_ah'?",
    )


def test_all_problems_are_told_at_once() -> None:
    document = {
        "axes": {"mouth": ["neutral", "ah"]},
        "poses": ["center", "left__ish"],
        "expressions": {"neutral": {"mouth": "neutrl"}, "b": {"moth": "ah"}, "B": {}},
        "base_paths": [A_TO_B, 7, {"id": "a_to_b", "start": "neutral"}, {"id": "p", "start": "b", "end": "b"}],
        "character": 3,
        "preserve": "hair",
    }

    said = "\n".join(problems(document))

    for part in (
        "expressions.neutral.mouth: no value 'neutrl' on this axis; did you mean 'neutral'?",
        "expressions.b.moth: 'moth' is not among the names declared; did you mean 'mouth'?",
        "'B' and 'b' differ only in case",
        "base_paths[0].start: no expression 'a'",
        "base_paths[1]: expected an object with 'id', 'start' and 'end', found a number",
        "base_paths[2]: has no 'end'",
        "base_paths: 'a_to_b' is there twice",
        "base_paths[3]: starts and ends at 'b'",
        "poses: 'left__ish' may not contain '__'",
        "character: expected a text, found a number",
        "preserve: expected a list of texts, found a text",
    ):
        assert part in said


@pytest.mark.parametrize("name", ["a__b", "_a", "a_", ".hidden", "a/b", "a\\b", "..", "", "a ", "a\0b", "x" * 101])
def test_an_id_that_is_unsafe_in_a_file_name_is_refused(name: str) -> None:
    assert problems({"base_paths": [{"id": name, "start": "a", "end": "b"}]})


@pytest.mark.parametrize("name", ["a", "ah-2", "früh_los", "笑顔", "v1.5", "two words"])
def test_ids_may_be_in_any_script(name: str) -> None:
    assert read({"base_paths": [{"id": name, "start": "a", "end": "b"}]}).base_paths[0].id == name


def test_a_near_miss_of_a_key_is_told() -> None:
    assert "did you mean 'base_paths'?" in problems({"base_path": [], "expressions": {"a": {}}})[0]


def test_a_key_that_stands_twice_is_told_instead_of_half_the_file_being_dropped() -> None:
    with pytest.raises(ConfigError, match=r"expressions: the key 'a' is there twice"):
        parse_rig(b'{"expressions": {"a": {"mouth": "x"}, "a": {}}}', "f")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "must be valid JSON"),
        (b'{"base_paths": [}', "line 1 column 17"),
        (b"\xff\xfe{", "UTF-8"),
        (b"[]", "expected a JSON object with 'base_paths', found a list"),
        (b"{}", "none of 'base_paths', 'pose_paths' and 'expressions' is there"),
        (b"[" * 100_000, "valid JSON"),
    ],
)
def test_what_is_no_configuration_gets_one_clear_error(data: bytes, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_rig(data, "f")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
keys = ("axes", "poses", "expressions", "base_paths", "pose_paths", "character", "preserve", "descriptions")
documents = st.fixed_dictionaries({}, optional=dict.fromkeys(keys, anything))


@given(documents)
def test_any_json_at_all_gives_a_rig_or_a_list_of_problems(document: Any) -> None:
    found: tuple[str, ...] = ()
    try:
        read(document)
    except ConfigError as error:
        found = error.problems

    assert all(problem.startswith("expressions.json: ") for problem in found)


def test_regions_are_read_as_outlines_by_pose_and_name() -> None:
    drawn = {"center": {"mouth": [1, 2, 3, 4], "left_eye": [[0, 0], [4, 0], [0, 3]]}}

    rig = read({"expressions": {"a": {}}, "poses": ["center"], "regions": drawn})

    assert rig.regions == {"center": {"mouth": ((1, 2), (3, 2), (3, 4), (1, 4)), "left_eye": ((0, 0), (4, 0), (0, 3))}}


@pytest.mark.parametrize(
    ("regions", "problem"),
    [
        ([], "regions: expected an object, found a list"),
        ({"centre": {}}, "regions.centre: no pose 'centre'; did you mean 'center'?"),
        ({"center": 1}, "regions.center: expected an object of boxes and polygons by name, found a number"),
        ({"center": {"": [0, 0, 1, 1]}}, "regions.center: '' "),
        ({"center": {"eye": [0, 0, 1, 1], "Eye": [0, 0, 1, 1]}}, "regions.center: 'Eye' and 'eye' differ only in case"),
        ({"center": {"mouth": [3, 2, 3, 4]}}, "regions.center.mouth: the box is empty"),
    ],
)
def test_regions_that_are_none_are_told_with_their_place(regions: object, problem: str) -> None:
    (told,) = problems({"expressions": {"a": {}}, "poses": ["center"], "regions": regions})

    assert told.startswith(f"expressions.json: {problem}")


def test_what_changes_between_two_expressions_is_what_their_values_say() -> None:
    values = {"mouth": "neutral", "eyes": "neutral"}
    rig = read({"expressions": {"a": values, "b": {**values, "mouth": "ah"}, "c": {**values, "ears": "up"}, "d": {}}})

    def changing(start: str, end: str) -> tuple[str, ...]:
        return rig.changing_axes(ExpressionId(start), ExpressionId(end))

    assert changing("a", "b") == ("mouth",)
    assert changing("b", "c") == ("mouth", "ears")
    assert changing("a", "d") == changing("a", "nobody") == ()
