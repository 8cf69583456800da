"""A run with easing: the pictures are those of the eased positions, and the manifest keeps t."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.drawn import brow
from support.synthetic import png
from watercolor_rig.cli.main import run_sequences


def made(folder: Path, *words: str) -> tuple[Path, dict[str, Any]]:
    """Run over one transition and its reverse; return the folder of the sequences and the manifest of the first."""
    endpoints, sequences, config = folder / "endpoints", folder / "sequences", folder / "expressions.json"
    endpoints.mkdir(parents=True)
    for name, share in (("neutral", 0), ("up", 1)):
        (endpoints / f"{name}__center.png").write_bytes(png(brow(share)))
    paths = [{"id": "lift", "start": "neutral", "end": "up"}, {"id": "drop", "start": "up", "end": "neutral"}]
    config.write_text(json.dumps({"base_paths": paths}))
    flags = {"--config": config, "--endpoints-dir": endpoints, "--sequences-dir": sequences, "--engine": "crossfade"}
    assert run_sequences([*(str(word) for flag in flags.items() for word in flag), *words]) == 0
    manifest: dict[str, Any] = json.loads((sequences / "lift__center/manifest.json").read_text("utf-8"))
    return sequences, manifest


def test_the_frame_at_t_shows_the_eased_share_of_the_change(tmp_path: Path) -> None:
    eased, manifest = made(tmp_path / "eased", "--times", "1/4", "--easing", "ease-in-out")
    linear, straight = made(tmp_path / "linear", "--times", "5/32")
    (frame,) = (entry for entry in manifest["frames"] if 0 < entry["t"] < 1)
    (same,) = (entry for entry in straight["frames"] if 0 < entry["t"] < 1)

    assert (frame["t"], frame["easing"]) == (0.25, "ease-in-out")
    assert (eased / "lift__center" / frame["file"]).read_bytes() == (
        linear / "lift__center" / same["file"]
    ).read_bytes()


def test_without_easing_the_manifest_says_nothing_of_it(tmp_path: Path) -> None:
    _, manifest = made(tmp_path, "--max-depth", "1")

    assert [entry for entry in manifest["frames"] if "easing" in entry] == []


@pytest.mark.parametrize(("easing", "shared"), [("ease-in-out", True), ("ease-in", False)])
def test_a_reverse_is_shared_only_where_it_goes_the_same_way(tmp_path: Path, easing: str, shared: bool) -> None:  # noqa: FBT001
    sequences, _ = made(tmp_path, "--max-depth", "1", "--easing", easing)
    frames = json.loads((sequences / "drop__center/manifest.json").read_text("utf-8"))["frames"]

    assert any("shared_from" in frame for frame in frames) == shared
