"""A folder without a project gets one: the example, or a portrait with a usual set of expressions."""

import io
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from support.figures import head
from support.project import picture
from watercolor_rig.app.studio.new_project import INSTALLED, example_folder
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.config import parse_rig
from watercolor_rig.core.errors import PictureError, UsageError
from watercolor_rig.core.vocabulary import SHIPPED
from watercolor_rig.imaging.picture import decode


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path, Toolbox())
    yield studio
    studio.close()


def encoded(kind: str) -> bytes:
    out = io.BytesIO()
    pixels = head(cut_out=False)[..., :3]
    Image.fromarray(pixels).save(out, kind, lossless=True) if kind == "WEBP" else Image.fromarray(pixels).save(
        out, kind
    )
    return out.getvalue()


def test_an_installed_package_has_the_example_where_it_is_looked_for() -> None:
    config = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))
    included = config["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert INSTALLED.as_posix().endswith(f"/src/{included['examples/adventurer']}")


def test_an_empty_folder_is_no_open_project_and_stays_empty(studio: Studio, tmp_path: Path) -> None:
    project = studio.project()

    assert (project.open, project.problems, list(studio.rows()[1])) == (False, [], [])
    assert list(tmp_path.iterdir()) == []


def test_the_example_is_copied_with_its_drawings(studio: Studio, tmp_path: Path) -> None:
    studio.start_from_example()

    project = studio.project()
    source = json.loads((example_folder() / "expressions.json").read_bytes())
    assert (project.open, project.problems, len(project.base_paths)) == (True, [], len(source["base_paths"]))
    assert [cell.state for cell in studio.endpoints().cells] == ["present"] * 12
    for file in (example_folder() / "frames/endpoints").iterdir():
        assert (tmp_path / "frames/endpoints" / file.name).read_bytes() == file.read_bytes()
    assert (tmp_path / "NOTICE.md").is_file()


def test_a_portrait_becomes_the_neutral_of_a_usual_set(studio: Studio, tmp_path: Path) -> None:
    portrait = picture(2)

    studio.start_from_portrait(portrait, " Ada\n Lovelace ")

    rig = parse_rig((tmp_path / "expressions.json").read_bytes(), "expressions.json")
    cells = {(cell.expression, cell.state) for cell in studio.endpoints().cells}
    assert (tmp_path / "frames/endpoints/neutral__center.png").read_bytes() == portrait
    assert rig.character == "Ada Lovelace"
    assert ("neutral", "present") in cells
    assert ("speaking_ah", "missing") in cells
    assert {path.start for path in rig.base_paths} >= {"neutral", "speaking_ah", "speaking_oh"}


def test_every_word_of_the_usual_set_is_one_that_image_models_are_told_of(studio: Studio, tmp_path: Path) -> None:
    studio.start_from_portrait(picture(2), "")

    rig = parse_rig((tmp_path / "expressions.json").read_bytes(), "expressions.json")

    assert [
        (axis, value)
        for values in rig.expressions.values()
        for axis, value in values.items()
        if value not in SHIPPED[axis]
    ] == []


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_another_kind_of_picture_becomes_a_png_of_the_same_pixels(studio: Studio, tmp_path: Path, kind: str) -> None:
    data = encoded(kind)

    studio.start_from_portrait(data, "")

    written = (tmp_path / "frames/endpoints/neutral__center.png").read_bytes()
    assert written.startswith(b"\x89PNG")
    assert np.array_equal(decode(written, "it"), decode(data, "it"))


def test_what_is_no_picture_starts_nothing(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="not a PNG, JPEG or WebP"):
        studio.start_from_portrait(b"hello", "")

    assert not (tmp_path / "expressions.json").exists()


@pytest.mark.parametrize("there", ["expressions.json", "frames/endpoints/neutral__center.png"])
def test_what_is_there_is_never_written_over(studio: Studio, tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_bytes(b"mine")

    with pytest.raises(UsageError, match="start in an empty folder"):
        studio.start_from_example()
    with pytest.raises(UsageError, match="start in an empty folder"):
        studio.start_from_portrait(picture(2), "")

    assert (tmp_path / there).read_bytes() == b"mine"
