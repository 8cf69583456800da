"""Pose paths: what a configuration may say of them, and that each has a folder which no other path has."""

import json
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.config import parse_rig
from watercolor_rig.core.endpoints import catalogue_endpoints, pair_all, pair_pose_paths, sequence_of
from watercolor_rig.core.errors import ConfigError
from watercolor_rig.core.ids import SEPARATOR, fault_of_id
from watercolor_rig.core.manifest import FrameEntry, decode_manifest, encode_manifest
from watercolor_rig.core.plan import sharing_groups
from watercolor_rig.core.rig import ExpressionId, PoseId, PosePath, PosePathId, Rig
from watercolor_rig.core.sequences import SequenceSpec

TURN = {"id": "turn", "start": "center", "end": "left"}
POSES = {"poses": ["center", "left", "right"], "expressions": {"neutral": {}, "happy": {}}}
ids = st.text(st.sampled_from("ab_"), min_size=1, max_size=5).filter(lambda text: fault_of_id(text) is None)


def read(*paths: Any, **keys: Any) -> Rig:
    return parse_rig(json.dumps({**POSES, "pose_paths": list(paths), **keys}).encode(), "expressions.json")


def problems(*paths: Any, **keys: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(*paths, **keys)
    return [problem.removeprefix("expressions.json: ") for problem in caught.value.problems]


def spec_of(expression: str, start: str, end: str) -> SequenceSpec:
    return sequence_of(PosePath(PosePathId("x"), PoseId(start), PoseId(end), ExpressionId(expression)))


def test_a_pose_path_is_of_neutral_unless_it_says_otherwise() -> None:
    rig = read(TURN, {**TURN, "id": "happy_turn", "expression": "happy", "note": "further keys are allowed"})

    assert [path.expression for path in rig.pose_paths] == ["neutral", "happy"]


def test_a_file_with_only_pose_paths_is_valid_and_names_its_expressions() -> None:
    rig = parse_rig(json.dumps({"pose_paths": [TURN]}).encode(), "f")

    assert rig.expressions == {"neutral": {}}


def test_the_folder_is_named_as_existing_projects_name_it() -> None:
    assert spec_of("neutral", "center", "left").path == "neutral_center_to_neutral_left"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (7, "pose_paths[0]: expected an object with 'id', 'start' and 'end', found a number"),
        ({**TURN, "end": "lft"}, "pose_paths[0].end: no pose 'lft'; did you mean 'left'?"),
        ({"id": "turn", "start": "center"}, "pose_paths[0]: has no 'end'"),
        ({**TURN, "id": "a__b"}, "pose_paths: 'a__b' may not contain '__', which separates the parts of file names"),
        ({**TURN, "expression": "hapy"}, "pose_paths[0].expression: no expression 'hapy'; did you mean 'happy'?"),
        ({**TURN, "expressions": "happy"}, "pose_paths[0].expressions: did you mean 'expression'?"),
        ({**TURN, "end": "center"}, "pose_paths[0]: starts and ends at 'center'; give it two different poses"),
    ],
)
def test_what_is_wrong_with_a_pose_path_is_told_with_its_place(path: Any, problem: str) -> None:
    assert problems(path) == [problem]


def test_where_there_is_no_neutral_the_expression_has_to_be_named() -> None:
    [problem] = problems(TURN, expressions={"happy": {}})

    assert problem.startswith("pose_paths[0].expression: is not given, and there is no expression 'neutral'")


def test_a_pose_that_nobody_lists_must_at_least_be_an_id() -> None:
    assert "pose_paths[0].end: 'a__b' may not contain '__'" in problems({**TURN, "end": "a__b"}, poses=[])[0]


def test_two_pose_paths_with_one_id_are_refused() -> None:
    assert problems(TURN, {**TURN, "end": "right"}) == ["pose_paths: 'turn' is there twice; rename or remove one"]


def test_the_same_turn_twice_is_refused() -> None:
    [problem] = problems(TURN, {**TURN, "id": "again"})

    assert problem == (
        "pose_paths[1]: its folder 'neutral_center_to_neutral_left' is that of pose_paths[0], too; "
        "remove one, or rename a pose"
    )


def test_different_turns_whose_names_run_into_one_folder_are_refused() -> None:
    odd = {"poses": ["b_c", "b_d", "c", "d"], "expressions": {"a": {}, "a_b": {}}}

    [problem] = problems(
        {"id": "one", "expression": "a", "start": "b_c", "end": "b_d"},
        {"id": "two", "expression": "a_b", "start": "c", "end": "d"},
        **odd,
    )

    assert problem.startswith("pose_paths[1]: its folder 'a_b_c_to_a_b_d' is that of pose_paths[0], too")


def test_a_folder_with_a_name_that_no_disk_takes_is_refused() -> None:
    long = {"poses": ["p" * 100, "q" * 100], "expressions": {"neutral": {}}}

    [problem] = problems({"id": "turn", "start": "p" * 100, "end": "q" * 100}, **long)

    assert problem.endswith("would have a name of over 202 characters")


@given(ids, ids, ids)
def test_no_pose_path_ever_has_the_folder_of_a_base_path(expression: str, start: str, end: str) -> None:
    assert SEPARATOR not in spec_of(expression, start, end).path


@given(ids, ids, ids.filter(lambda pose: pose != "b"))
def test_a_manifest_brings_back_what_it_was_written_of(expression: str, start: str, end: str) -> None:
    spec = spec_of(expression, start, end)

    found = decode_manifest(encode_manifest(spec, [FrameEntry(F(1, 2), "050.png")], (8, 4), {"mine": 1}))

    assert found.spec == (spec if start != end else None)
    assert found.extra["mine"] == 1


def test_the_manifest_has_the_usual_keys_and_both_poses() -> None:
    document = json.loads(encode_manifest(spec_of("happy", "center", "left"), [], None, {}))

    assert document == {
        "path_id": "happy_center_to_happy_left",
        "expr_start": "happy",
        "expr_end": "happy",
        "pose": "center",
        "pose_start": "center",
        "pose_end": "left",
        "frames": [],
        "schema": 1,
    }


def test_a_manifest_without_the_two_poses_tells_them_by_its_id() -> None:
    document = json.loads(encode_manifest(spec_of("happy", "center", "left"), [], None, {}))
    del document["pose_start"], document["pose_end"]

    assert decode_manifest(json.dumps(document).encode()).spec == spec_of("happy", "center", "left")


@pytest.mark.parametrize(
    "change",
    [{"pose_end": "right"}, {"pose_start": "right"}, {"expr_end": "neutral"}, {"pose_end": 3}, {"pose": "../x"}],
)
def test_a_manifest_whose_keys_do_not_fit_each_other_is_no_sequence(change: dict[str, Any]) -> None:
    document = json.loads(encode_manifest(spec_of("happy", "center", "left"), [], None, {}))

    assert decode_manifest(json.dumps(document | change).encode()).spec is None


def test_foreign_keys_of_a_base_path_that_are_called_alike_stay() -> None:
    data = (
        b'{"path_id": "a_to_b__p", "expr_start": "a", "expr_end": "b", "pose": "p", "pose_end": "theirs", "frames": []}'
    )

    assert decode_manifest(data).extra == {"pose_end": "theirs"}


def test_a_turn_and_its_way_back_share_their_pictures_and_no_base_path_does() -> None:
    there, back, other = spec_of("a", "p", "q"), spec_of("a", "q", "p"), spec_of("b", "p", "q")

    assert sharing_groups([there, back, other]) == [(there, back), (other,)]


def test_a_pose_path_needs_its_two_drawings() -> None:
    rig = read(TURN, {**TURN, "id": "happy_turn", "expression": "happy"})

    specs, missing = pair_pose_paths(
        rig, catalogue_endpoints(["neutral__center.png", "neutral__left.png", "happy__left.png"], rig)
    )

    assert [spec.path for spec in specs] == ["neutral_center_to_neutral_left"]
    assert [(lack.path, lack.files) for lack in missing] == [("happy_center_to_happy_left", ("happy__center.png",))]


def test_base_paths_come_before_pose_paths_and_each_can_be_asked_for_alone() -> None:
    rig = read(TURN, base_paths=[{"id": "smile", "start": "neutral", "end": "happy"}])
    names = [f"{expression}__{pose}.png" for expression in ("neutral", "happy") for pose in ("center", "left")]
    catalogue = catalogue_endpoints(names, rig)

    found = {which: [spec.path for spec in pair_all(rig, catalogue, which)[0]] for which in ("base", "pose", "all")}

    assert found == {
        "base": ["smile__center", "smile__left"],
        "pose": ["neutral_center_to_neutral_left"],
        "all": ["smile__center", "smile__left", "neutral_center_to_neutral_left"],
    }
