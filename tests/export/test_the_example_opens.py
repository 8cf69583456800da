"""Every export of the example character, as users run it, opens in a reader that is not ours."""

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import av
import jsonschema
import opentimelineio as otio
import pytest
from PIL import Image
from py_aseprite import AsepriteFile

from watercolor_rig.cli.main import run, run_sequences
from watercolor_rig.export.names import BUILT_IN

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/adventurer"
ONLY = "neutral_to_blink_closed*,neutral_to_speaking_ah*,neutral_to_angry*"
SEQUENCES, FRAMES, SIDE = 3, 3, 256

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.* deprecated:DeprecationWarning"),  # of what a parser stands on
]


@pytest.fixture(scope="module")
def sequences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sequences of the example; what is between their ends does not matter here."""
    folder = tmp_path_factory.mktemp("example")
    words = ["--config", str(EXAMPLE / "expressions.json"), "--endpoints-dir", str(EXAMPLE / "frames/endpoints")]
    words += ["--sequences-dir", str(folder), "--only", ONLY, "--engine", "crossfade", "--max-depth", "1"]
    assert run_sequences(words) == 0
    return folder


def pictures_of(files: list[Path]) -> int:
    """Return how many pictures of the asked size Pillow finds in files."""
    found = 0
    for file in files:
        with Image.open(file) as picture:
            assert picture.size == (SIDE, SIDE), file.name
            for number in range(getattr(picture, "n_frames", 1)):
                picture.seek(number)
                picture.load()
                found += 1
    return found


def an_animation(folder: Path) -> None:
    files = sorted(folder.iterdir())

    assert len(files) == SEQUENCES
    assert pictures_of(files) >= SEQUENCES * FRAMES


def some_frames(folder: Path) -> None:
    assert pictures_of(sorted(folder.rglob("*.png"))) >= SEQUENCES * FRAMES


def a_timeline(folder: Path) -> None:
    timeline = otio.adapters.read_from_file(str(folder / "timeline.otio"))

    assert len(timeline.find_clips()) == SEQUENCES
    some_frames(folder)


def a_film(folder: Path) -> None:
    files = sorted(folder.iterdir())
    assert len(files) == SEQUENCES
    for file in files:
        with av.open(str(file)) as film:
            shown = [(frame.width, frame.height) for frame in film.decode(video=0)]
        assert len(shown) >= FRAMES
        assert set(shown) == {(SIDE, SIDE)}


def an_archive(folder: Path) -> None:
    [file] = folder.iterdir()
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if name.endswith((".png", ".webp"))]
        for name in names:
            Image.open(io.BytesIO(archive.read(name))).load()
    assert len(names) >= SEQUENCES


def an_aseprite_file(folder: Path) -> None:
    [file] = folder.iterdir()
    found = AsepriteFile(file.read_bytes())

    assert (found.header.width, found.header.height) == (SIDE, SIDE)
    assert len(found.frames) == SEQUENCES * FRAMES


def a_sheet(folder: Path) -> None:
    told = json.loads((folder / "sheet.json").read_text("utf-8"))
    with Image.open(folder / told["meta"]["image"]) as sheet:
        places = [frame["frame"] for frame in told["frames"].values()]
        assert len(places) == SEQUENCES * FRAMES
        assert all(at["x"] + at["w"] <= sheet.width and at["y"] + at["h"] <= sheet.height for at in places)


def a_godot_resource(folder: Path) -> None:
    import godot_parser  # noqa: PLC0415 - warns while it is loaded, which only a test may ignore

    text = (folder / "frames.tres").read_text("utf-8").replace('&"', '"')  # it knows Godot 3's notation of names only
    [resource] = godot_parser.parse(text).get_sections("resource")

    assert len(resource["animations"]) == SEQUENCES


def an_avatar(folder: Path) -> None:
    [file] = folder.iterdir()
    sprites = json.loads(file.read_text("utf-8")).values()
    for sprite in sprites:
        Image.open(io.BytesIO(base64.b64decode(sprite["imageData"]))).load()

    assert len(sprites) >= SEQUENCES


def a_script_with_images(folder: Path) -> None:
    images = sorted((folder / "game/images").rglob("*.png"))

    assert "image " in next((folder / "game").glob("*.rpy")).read_text("utf-8")
    assert pictures_of(images) >= SEQUENCES


def a_rig(folder: Path) -> None:
    rig = json.loads((folder / "rig.json").read_text("utf-8"))
    jsonschema.validate(rig, json.loads((ROOT / "docs/rig.schema.json").read_text("utf-8")))
    for sheet in rig["sheets"]:
        with Image.open(folder / sheet["file"]) as picture:
            assert list(picture.size) == sheet["size"]

    assert (len(rig["clips"]), rig["size"]) == (SEQUENCES, [SIDE, SIDE])


READERS: dict[str, Callable[[Path], None]] = {
    "apng": an_animation,
    "webp": an_animation,
    "gif": an_animation,
    "frames": an_archive,
    "otio": a_timeline,
    "webm": a_film,
    "prores": a_film,
    "mp4": a_film,
    "sillytavern": an_archive,
    "veadotube": an_archive,
    "aseprite": an_aseprite_file,
    "aseprite-sheet": a_sheet,
    "texturepacker-sheet": a_sheet,
    "godot": a_godot_resource,
    "pngtuber-plus": an_avatar,
    "renpy": a_script_with_images,
    "web": a_rig,
}


def test_every_format_has_a_reader() -> None:
    assert set(BUILT_IN) == set(READERS)


@pytest.mark.parametrize("name", READERS)
def test_an_export_of_the_example_opens_in_its_reader(name: str, sequences: Path, tmp_path: Path) -> None:
    folder = tmp_path / name

    assert run(["export", name, "--sequences-dir", str(sequences), "--outdir", str(folder), "--scale", "0.25"]) == 0
    READERS[name](folder)
