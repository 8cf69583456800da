"""What is written to look at or take along."""

import io
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from support.project import Project
from support.studio import Studio, opened
from watercolor_rig.app.archive import archive_sequences
from watercolor_rig.app.studio.job_view import JobState
from watercolor_rig.app.studio.orders import ExportFormat, ExportWork, Order
from watercolor_rig.app.tally import INTERRUPTED_STATUS
from watercolor_rig.core.errors import NothingMatchedError
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
