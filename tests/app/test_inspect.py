"""A page that shows how one sequence is drawn, and why."""

import re
from pathlib import Path

import pytest

from support.drawn import brow
from support.synthetic import png
from watercolor_rig.cli.main import run, run_sequences


def project(folder: Path) -> Path:
    """Make one sequence; return the folder of the sequences."""
    endpoints, sequences, config = folder / "endpoints", folder / "sequences", folder / "expressions.json"
    endpoints.mkdir()
    for name, share in (("neutral", 0), ("up", 1)):
        (endpoints / f"{name}__center.png").write_bytes(png(brow(share)))
    config.write_text('{"base_paths": [{"id": "lift", "start": "neutral", "end": "up"}]}')
    words = ["--config", config, "--endpoints-dir", endpoints, "--sequences-dir", sequences]
    assert run_sequences([*map(str, words), "--engine", "crossfade", "--max-depth", "1"]) == 0
    return sequences


def test_the_page_shows_every_way_and_needs_no_other_file(tmp_path: Path) -> None:
    sequences = project(tmp_path)

    assert run(["inspect", "lift__center", "--sequences-dir", str(sequences), "--outdir", str(tmp_path / "out")]) == 0

    page = (tmp_path / "out/lift__center.html").read_text("utf-8")
    assert {"way", "flow", "learned"} <= set(re.findall(r"<th>(\w+)</th>", page))
    assert page.count('class="chosen"') == page.count("<h2>") == 1
    assert set(re.findall(r'(?:src|href)="([^,"]*)', page)) == {"data:image/png;base64"}


def test_one_way_can_be_looked_at_alone(tmp_path: Path) -> None:
    sequences = project(tmp_path)
    run(["inspect", "lift__center", "--sequences-dir", str(sequences), "--outdir", str(tmp_path), "--method", "fade"])

    assert re.findall(r"<h2>([^<]*)", (tmp_path / "lift__center.html").read_text("utf-8")) == ["part 1: fade"]


def test_parts_have_the_names_of_the_regions_of_their_pose(tmp_path: Path) -> None:
    sequences = project(tmp_path)
    config = tmp_path / "expressions.json"
    path = '"base_paths": [{"id": "lift", "start": "neutral", "end": "up"}]'
    config.write_text(f'{{{path}, "regions": {{"center": {{"left_brow": [0, 0, 900, 900]}}}}}}')
    words = ["inspect", "lift__center", "--sequences-dir", str(sequences), "--outdir", str(tmp_path)]

    assert run([*words, "--config", str(config)]) == 0
    assert re.findall(r"<h2>([^:]*)", (tmp_path / "lift__center.html").read_text("utf-8")) == ["left_brow"]


def test_a_part_alone_is_what_the_expressions_say_that_changes(tmp_path: Path) -> None:
    sequences = project(tmp_path)
    config = tmp_path / "expressions.json"
    values = '"expressions": {"neutral": {"brows": "neutral"}, "up": {"brows": "raise"}}'
    config.write_text(f'{{"base_paths": [{{"id": "lift", "start": "neutral", "end": "up"}}], {values}}}')
    words = ["inspect", "lift__center", "--sequences-dir", str(sequences), "--outdir", str(tmp_path)]

    assert run([*words, "--config", str(config)]) == 0
    assert re.findall(r"<h2>([^:]*)", (tmp_path / "lift__center.html").read_text("utf-8")) == ["brows"]


def test_a_sequence_that_is_not_there_is_named_with_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sequences = project(tmp_path)

    assert run(["inspect", "smile__center", "--sequences-dir", str(sequences)]) == 2
    assert "there are: lift__center" in "".join(capsys.readouterr())
