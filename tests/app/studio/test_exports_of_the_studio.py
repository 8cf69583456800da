"""What is written to look at or take along."""

import io
import os
import re
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image

from support.project import Project
from support.studio import Studio, opened
from watercolor_rig.app.archive import archive_sequences
from watercolor_rig.app.exports import ExportOptions
from watercolor_rig.app.studio.format_views import format_views
from watercolor_rig.app.studio.job_view import JobState
from watercolor_rig.app.studio.orders import ExportFormat, ExportWork, FormatWork, Order
from watercolor_rig.app.studio.packed_export import export_packed
from watercolor_rig.app.tally import INTERRUPTED_STATUS
from watercolor_rig.core.errors import NothingMatchedError, UsageError
from watercolor_rig.export.api import GROUP
from watercolor_rig.export.names import BUILT_IN
from watercolor_rig.runner.control import Control


@pytest.fixture
def studio(pair: Project) -> Iterator[Studio]:
    pair.make(1)
    with opened(pair) as studio:
        yield studio


def export(studio: Studio, kind: ExportFormat, *paths: str) -> list[str]:
    """Export; return the files that the job names, which lie in the exports folder and nothing else does."""
    order = Order(ExportWork(paths or None, kind))
    assert studio.workshop.estimate(order).calls == 0
    ended = studio.done(studio.workshop.start(order))
    assert (ended.made, ended.total) == (len(ended.files), len(ended.files))
    assert sorted(file.name for file in (studio.project.root / "exports").iterdir()) == sorted(ended.files)
    return list(ended.files)


def test_a_looping_picture_for_each_sequence(studio: Studio) -> None:
    assert export(studio, "webp", "neutral_to_ah__left", "ah_to_ee__left") == [
        "ah_to_ee__left.webp",
        "neutral_to_ah__left.webp",
    ]


def test_contact_sheets_of_all(studio: Studio) -> None:
    assert all(name.startswith("contact") for name in export(studio, "contact-sheet"))


def test_an_archive_holds_whole_sequence_folders_as_they_lie_there(studio: Studio) -> None:
    [name] = export(studio, "zip")
    first = (studio.project.root / "exports" / name).read_bytes()
    with ZipFile(io.BytesIO(first)) as archive:
        inside = {info.filename: archive.read(info) for info in archive.infolist()}
    folder = studio.project.sequences
    expected = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    assert name == "sequences.zip"
    assert inside == expected
    export(studio, "zip")
    assert (studio.project.root / "exports" / name).read_bytes() == first


def test_an_archive_of_one_sequence_bears_its_name(studio: Studio) -> None:
    assert export(studio, "zip", "ah_to_ee__left") == ["ah_to_ee__left.zip"]


def test_nothing_is_exported_of_what_is_not_there(studio: Studio) -> None:
    with pytest.raises(NothingMatchedError, match="no sequence 'nobody__center'"):
        studio.workshop.start(Order(ExportWork(("nobody__center",))))


def test_an_archive_that_is_ended_leaves_none(studio: Studio) -> None:
    control = Control()
    control.end()
    target = studio.project.root / "exports/half.zip"

    status = archive_sequences(studio.project.sequences, ["ah_to_ee__left"], target, studio.events.append, control)  # type: ignore[arg-type]  # heard by nobody

    assert status == INTERRUPTED_STATUS
    assert list(target.parent.iterdir()) == []


def test_a_paused_export_goes_on_where_it_was(studio: Studio) -> None:
    paused = studio.workshop.start(Order(ExportWork(format="webp")))
    studio.workshop.pause(paused.id)
    if not studio.workshop.job(paused.id).state.is_final:
        assert studio.workshop.job(paused.id).state is JobState.PAUSED
    studio.workshop.resume(paused.id)

    assert studio.done(paused).made == 6


def in_format(studio: Studio, name: str, **given: Any) -> list[str]:
    """Export in a format; return the files that the job names: just those lie in the exports folder."""
    order = Order(FormatWork(name, **given))
    assert studio.workshop.estimate(order).calls == 0
    ended = studio.done(studio.workshop.start(order))
    assert sorted(file.name for file in (studio.project.root / "exports").iterdir()) == sorted(ended.files)
    return list(ended.files)


def test_a_format_of_several_files_becomes_one_archive_called_by_it(studio: Studio) -> None:
    assert in_format(studio, "renpy", paths=("ah_to_ee__left",), settings={"name": "eve"}) == ["renpy.zip"]

    with ZipFile(studio.project.root / "exports/renpy.zip") as archive:
        assert archive.testzip() is None
        assert "game/eve.rpy" in archive.namelist()
        assert "game/images/eve/eve_ah.png" in archive.namelist()


def test_a_format_of_one_file_leaves_just_that(studio: Studio) -> None:
    assert in_format(studio, "apng", paths=("ah_to_ee__left",), fps=24.0) == ["ah_to_ee__left.png"]


def test_scale_and_background_reach_the_format(studio: Studio) -> None:
    [name] = in_format(studio, "apng", paths=("ah_to_ee__left",), scale=0.5, background="#ff0000")

    with Image.open(studio.project.root / "exports" / name) as film:
        whole = studio.project.root / "frames/sequences/ah_to_ee__left/000.png"
        with Image.open(whole) as first:
            assert film.size == (first.width // 2, first.height // 2)
        assert film.convert("RGBA").getchannel("A").getextrema() == (255, 255)


@pytest.mark.parametrize(
    ("work", "message"),
    [
        (FormatWork("renpi"), "no format 'renpi'; did you mean 'renpy'?"),
        (FormatWork("apng", settings={"lop": "once"}), "the format 'apng' has no setting 'lop'; did you mean 'loop'?"),
        (FormatWork("apng", background="red"), "'red' is no colour"),
        (FormatWork("apng", paths=("nobody__center",)), "no sequence 'nobody__center'"),
    ],
)
def test_a_format_that_cannot_be_had_is_refused_before_a_job_begins(
    studio: Studio, work: FormatWork, message: str
) -> None:
    with pytest.raises((UsageError, NothingMatchedError), match=re.escape(message)):
        studio.workshop.start(Order(work))

    assert studio.workshop.jobs() == []


def test_what_a_killed_process_left_is_cleared_away(studio: Studio) -> None:
    dead = studio.project.root / f"exports/.making-{2**22 + 1}-00000000"
    own = studio.project.root / f"exports/.making-{os.getpid()}-00000000"
    for folder in (dead, own):
        folder.mkdir(parents=True)
        (folder / "half.png").write_bytes(b"")

    in_format(studio, "apng", paths=("ah_to_ee__left",))


def test_a_format_that_is_ended_leaves_nothing(studio: Studio) -> None:
    control = Control()
    control.end()
    folder = studio.project.root / "exports"
    options = ExportOptions("apng", studio.project.sequences, folder)

    assert export_packed(options, studio.events.append, control) == INTERRUPTED_STATUS  # type: ignore[arg-type]  # heard by nobody
    assert list(folder.iterdir()) == []


def test_everything_that_a_format_warns_of_is_said_in_the_jobs_message(studio: Studio) -> None:
    work = FormatWork("veadotube", ("neutral_to_ah__left", "ah_to_ee__left"), settings={"expressions": "neutral,ee"})
    ended = studio.done(studio.workshop.start(Order(work)))

    assert ended.message is not None
    assert re.fullmatch(r"neutral: never .* would change that; ee: never .* would change that", ended.message)


def test_a_job_in_a_format_is_there_after_a_restart(studio: Studio) -> None:
    order = Order(FormatWork("renpy", ("ah_to_ee__left",), 24.0, 0.5, "#00ff00", {"name": "eve"}))
    job = studio.done(studio.workshop.start(order))

    with opened(studio.project) as again:
        assert again.workshop.job(job.id).order == order


def test_every_format_is_listed_with_its_settings() -> None:
    broken = EntryPoint("broken", "no_such_module:x", GROUP)

    formats = {each.name: each for each in format_views([broken])}

    assert set(formats) == {*BUILT_IN, "broken"}
    assert formats["broken"].fault.startswith("format 'broken' is broken: ModuleNotFoundError")
    settings = {each.name: each for each in formats["aseprite-sheet"].settings}
    assert (settings["picture"].words, settings["picture"].least) == (("png", "webp"), None)
    assert (settings["padding"].words, settings["padding"].least, settings["padding"].most) == (None, 0, 64)
    assert (formats["renpy"].settings[0].words, formats["renpy"].settings[0].most) == (None, None)
