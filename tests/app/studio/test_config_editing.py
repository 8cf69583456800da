"""Edited base paths go into the config, and nothing else of the file changes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.app.studio.config_editing import edit_base_paths, with_base_paths
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.snapshot import version_of
from watercolor_rig.app.studio.views import BasePathView
from watercolor_rig.core.config import parse_rig
from watercolor_rig.core.errors import ConfigError, NothingMatchedError, ProjectBusyError

EXAMPLE = Path(__file__).parents[3] / "examples/adventurer/expressions.json"
NAMES = ("neutral", "ah", "ee", "oh")
PATHS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]),
    unique=True,
    max_size=8,
).map(lambda pairs: [BasePathView(f"{one}_to_{other}", one, other) for one, other in pairs])

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def told(data: bytes) -> list[BasePathView]:
    return [BasePathView(path.id, path.start, path.end) for path in parse_rig(data, "expressions.json").base_paths]


def config(paths: Sequence[BasePathView], **further: Any) -> dict[str, Any]:
    listed = [{"id": path.id, "start": path.start, "end": path.end} for path in paths]
    return {"expressions": {name: {} for name in NAMES}, "base_paths": listed, **further}


@given(
    old=PATHS,
    new=PATHS,
    further=st.dictionaries(st.from_regex(r"x_[a-z]{4,9}", fullmatch=True), VALUES, max_size=4),
    indent=st.sampled_from([None, 1, 2, 4]),
    mark=st.booleans(),
    windows=st.booleans(),
)
def test_all_else_in_the_file_stays_byte_for_byte(
    old: list[BasePathView],
    new: list[BasePathView],
    further: dict[str, Any],
    indent: int | None,
    mark: bool,  # noqa: FBT001
    windows: bool,  # noqa: FBT001
) -> None:
    text = json.dumps(config(old, **further), indent=indent, ensure_ascii=False)
    data = (b"\xef\xbb\xbf" if mark else b"") + (text.replace("\n", "\r\n") if windows else text).encode()

    edited = with_base_paths(data, new)

    before, _, after = data.partition(b'"base_paths": ')
    tail = after[len(after) - len(rest_of(after)) :]
    assert told(edited) == new
    assert edited.startswith(before + b'"base_paths": ')
    assert edited.endswith(tail)


def rest_of(after: bytes) -> bytes:
    """Return what follows the first JSON value."""
    text = after.decode()
    return text[json.JSONDecoder().raw_decode(text)[1] :].encode()


def test_the_example_written_as_it_is_does_not_change() -> None:
    data = EXAMPLE.read_bytes()

    assert with_base_paths(data, told(data)) == data


def test_a_list_over_many_lines_stays_one() -> None:
    data = json.dumps(config([BasePathView("a", "neutral", "ah")]), indent=2).encode()

    assert with_base_paths(data, told(data)) == data


def test_keys_of_an_entry_that_are_not_ours_stay_with_it() -> None:
    raw = config([])
    raw["base_paths"] = [{"id": "a", "start": "neutral", "end": "ah", "note": "slow", "weight": 3}]

    edited = json.loads(
        with_base_paths(json.dumps(raw).encode(), [BasePathView("b", "ah", "ee"), BasePathView("a", "neutral", "oh")])
    )

    assert edited["base_paths"] == [
        {"id": "b", "start": "ah", "end": "ee"},
        {"id": "a", "start": "neutral", "end": "oh", "note": "slow", "weight": 3},
    ]


@pytest.mark.parametrize(
    "text", ['{"expressions": {"neutral": {}, "ah": {}}}', '{\n  "expressions": {"neutral": {}, "ah": {}}\n}\n']
)
def test_a_config_without_base_paths_gets_them(text: str) -> None:
    new = [BasePathView("a", "neutral", "ah")]

    edited = with_base_paths(text.encode(), new)

    assert told(edited) == new
    assert json.loads(edited)["expressions"] == {"neutral": {}, "ah": {}}


def test_every_problem_is_told_and_the_file_stays(tmp_path: Path) -> None:
    folders = StudioFolders.of(tmp_path)
    data = json.dumps(config([])).encode()
    folders.config.write_bytes(data)
    wrong = [BasePathView("a", "neutral", "nobody"), BasePathView("a", "ah", "ah")]

    with pytest.raises(ConfigError) as caught:
        edit_base_paths(folders, wrong, version_of(data))

    assert len(caught.value.problems) == 3
    assert folders.config.read_bytes() == data


def test_an_edit_of_an_earlier_version_is_refused(tmp_path: Path) -> None:
    folders = StudioFolders.of(tmp_path)
    folders.config.write_bytes(json.dumps(config([])).encode())

    with pytest.raises(ProjectBusyError, match="reload it and edit again"):
        edit_base_paths(folders, [], version_of(b"{}"))


def test_where_there_is_no_config_there_is_nothing_to_edit(tmp_path: Path) -> None:
    with pytest.raises(NothingMatchedError, match="start a project first"):
        edit_base_paths(StudioFolders.of(tmp_path), [], "")
