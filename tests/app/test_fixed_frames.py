"""A frame in between that somebody fixed is a key: the frames beside it are drawn from it. (Real engine and art.)"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

from support.project import Project, defects_of
from watercolor_rig.core.events import FrameMade
from watercolor_rig.engines.api import EngineSettings, TweenRequest
from watercolor_rig.engines.local import plugin

pytestmark = pytest.mark.slow

ART = Path(__file__).parents[2] / "examples/sylvie/frames/endpoints"
PATH = "neutral_to_giggle__blue"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A sequence between two of the shipped drawings, and nothing made yet."""
    made = Project(tmp_path)
    made.configure([{"id": "neutral_to_giggle", "start": "neutral", "end": "giggle"}])
    for name in ("neutral", "giggle"):
        made.put(f"{name}__blue.png", art(name))
    return made


def art(expression: str) -> bytes:
    return (ART / f"{expression}__blue.png").read_bytes()


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def between(start: bytes, end: bytes) -> bytes:
    """Return what the embedded engine draws half way between two pictures."""
    return plugin.open_tweens(EngineSettings()).tween(TweenRequest("between", start, end, F(0), F(1), F(1, 2))).png


def fix(project: Project, file: str, picture: bytes, says: Mapping[str, object]) -> None:
    """Put a picture of the user's own in the place of a frame, and say so in the manifest."""
    folder = project.sequences / PATH
    (folder / file).write_bytes(picture)
    manifest = project.manifest(PATH)
    manifest["frames"] = [{**frame, **says} if frame["file"] == file else frame for frame in manifest["frames"]]
    (folder / "manifest.json").write_text(json.dumps(manifest))


def sources(project: Project, file: str) -> list[tuple[float, str]]:
    """Return what the manifest says that a frame was made from."""
    (entry,) = (frame for frame in project.manifest(PATH)["frames"] if frame["file"] == file)
    return [(source["t"], source["sha256"]) for source in entry["made_from"]]


def run_local(project: Project, times: int, **changes: Any) -> list[float | None]:
    outcome = project.make(times, engine="local", settings=EngineSettings(), max_workers=1, **changes)
    assert outcome.status == 0
    return [event.t for event in outcome.of(FrameMade)]


def test_frames_beside_one_that_the_user_fixed_are_drawn_from_it(project: Project) -> None:
    start, mine, end = art("neutral"), art("happy_big"), art("giggle")
    run_local(project, 1)
    fix(project, "050.png", mine, {"key": True})

    assert run_local(project, 2) == [0.25, 0.75]
    assert project.read(PATH, "025.png") == between(start, mine) != between(start, end)
    assert project.read(PATH, "075.png") == between(mine, end)
    assert project.read(PATH, "050.png") == mine
    assert sources(project, "025.png") == [(0, sha256_of(start)), (0.5, sha256_of(mine))]
    assert sources(project, "075.png") == [(0.5, sha256_of(mine)), (1, sha256_of(end))]
    assert defects_of(project.sequences) == []


def test_a_frame_that_an_image_service_made_is_drawn_from_too(project: Project) -> None:
    project.make(1)
    theirs = project.read(PATH, "050.png")
    run_local(project, 2)

    assert sources(project, "025.png") == [(0, sha256_of(art("neutral"))), (0.5, sha256_of(theirs))]
    assert project.read(PATH, "075.png") == between(theirs, art("giggle"))


def test_a_frame_of_the_engine_itself_splits_nothing(project: Project) -> None:
    run_local(project, 1)
    run_local(project, 2)
    start, end = art("neutral"), art("giggle")
    asked = TweenRequest("between", start, end, F(0), F(1), F(1, 4))
    tweens = plugin.open_tweens(EngineSettings())

    assert project.read(PATH, "025.png") == tweens.tween(asked).png
    assert project.read(PATH, "075.png") == tweens.tween(replace(asked, t=F(3, 4))).png
    assert sources(project, "025.png") == [(0, sha256_of(start)), (1, sha256_of(end))]


def test_a_fixed_frame_that_changes_makes_its_neighbours_stale_and_a_refresh_draws_them_from_it(
    project: Project,
) -> None:
    run_local(project, 1)
    fix(project, "050.png", art("happy_big"), {"key": True})
    run_local(project, 2)
    fix(project, "050.png", art("surprised"), {"key": True})

    assert run_local(project, 2, refresh=True) == [0.25, 0.75]
    assert project.read(PATH, "025.png") == between(art("neutral"), art("surprised"))
