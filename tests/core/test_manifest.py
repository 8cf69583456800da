"""The manifest is a contract: its keys, their meanings, and everything that others wrote into it."""

import json
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.ids import PathId
from watercolor_rig.core.manifest import FrameEntry, Manifest, Source, decode_manifest, encode_manifest
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId
from watercolor_rig.core.sequences import SequenceSpec

SPEC = SequenceSpec(
    PathId("a_to_b__center"), BasePathId("a_to_b"), ExpressionId("a"), ExpressionId("b"), PoseId("center")
)


def encoded(*frames: FrameEntry, **extra: Any) -> Any:
    return json.loads(encode_manifest(SPEC, frames, (8, 4), extra))


def test_the_keys_of_the_contract_are_there_and_frames_are_sorted_by_t() -> None:
    document = encoded(FrameEntry(F(1), "100.png"), FrameEntry(F(0), "000.png"), FrameEntry(F(1, 4), "025.png"))

    assert {key: document[key] for key in ("path_id", "expr_start", "expr_end", "pose", "frames")} == {
        "path_id": "a_to_b__center",
        "expr_start": "a",
        "expr_end": "b",
        "pose": "center",
        "frames": [{"t": 0.0, "file": "000.png"}, {"t": 0.25, "file": "025.png"}, {"t": 1.0, "file": "100.png"}],
    }
    assert (document["schema"], document["size"]) == (1, [8, 4])


def test_foreign_keys_survive_reading_and_writing() -> None:
    original = encoded(FrameEntry(F(1, 2), "050.png", extra={"note": "keep"}), studio={"zoom": 2})

    manifest = decode_manifest(json.dumps(original).encode())

    assert encoded(*manifest.frames, **manifest.extra) == original


def test_what_a_tween_was_made_from_survives() -> None:
    entry = FrameEntry(F(1, 3), "033.png", (Source(F(0), "ab"), Source(F(1), "cd")))

    manifest = decode_manifest(encode_manifest(SPEC, [entry], None, {}))

    assert manifest.frames == (entry,)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b'{"frames": 3}', b'{"frames": [1, {"t": "0.5", "file": "x"}, {"t": 2, "file": "x"}]}'],
)
def test_a_damaged_manifest_lists_nothing(data: bytes) -> None:
    assert decode_manifest(data).frames == ()


@pytest.mark.parametrize("file", ["../050.png", "/etc/passwd", "a\\b.png", "", "..", "x\0.png"])
def test_a_file_outside_the_folder_is_not_listed(file: str) -> None:
    data = json.dumps({"frames": [{"t": 0.5, "file": file}]}).encode()

    assert decode_manifest(data).frames == ()


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    assert isinstance(decode_manifest(data), Manifest)
