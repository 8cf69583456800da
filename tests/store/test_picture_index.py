"""A second look at a picture costs one `stat`; the index is a cache, so whatever happens to it costs time only."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from watercolor_rig.core.errors import PictureError, StoreError
from watercolor_rig.imaging import picture
from watercolor_rig.imaging.picture import Rgba, encode_png
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, facts_of, project_of


def png(grey: int = 0, size: tuple[int, int] = (6, 4)) -> bytes:
    return encode_png(np.full((size[1], size[0], 4), (grey, grey, grey, 255), np.uint8))


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were decoded, as they are."""
    names: list[str] = []
    really_decode = picture.decode

    def decode(data: bytes, name: str) -> Rgba:
        names.append(Path(name).name)
        return really_decode(data, name)

    monkeypatch.setattr(picture, "decode", decode)
    return names


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    """A folder with two pictures."""
    folder = tmp_path / "project" / "frames" / "endpoints"
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(png(1))
    (folder / "b.png").write_bytes(png(2))
    return folder


@pytest.fixture
def project(frames: Path) -> Path:
    return frames.parents[1]


def index_file(project: Path) -> Path:
    return project / ".watercolor-rig" / "pictures.json"


def look(project: Path, folder: Path, *names: str) -> dict[str, PictureFacts | PictureError]:
    """Look as a run of its own does."""
    index = PictureIndex(project)
    found = index.inspect(folder, names)
    index.save()
    return found


def test_the_facts_are_the_size_and_the_digest_of_the_bytes(project: Path, frames: Path) -> None:
    found = look(project, frames, "a.png")

    assert found == {"a.png": facts_of(png(1), (6, 4))}


def test_a_second_run_decodes_nothing(project: Path, frames: Path, decoded: list[str]) -> None:
    first = look(project, frames, "a.png", "b.png")
    decoded.clear()

    assert look(project, frames, "a.png", "b.png") == first
    assert decoded == []


def test_a_second_run_that_learns_nothing_writes_nothing(project: Path, frames: Path) -> None:
    look(project, frames, "a.png")
    before = index_file(project).stat()

    look(project, frames, "a.png")

    assert index_file(project).stat().st_ino == before.st_ino


def test_a_file_that_is_not_there_is_left_out(project: Path, frames: Path) -> None:
    assert look(project, frames, "gone.png") == {}


def test_a_folder_that_is_not_there_holds_nothing(project: Path) -> None:
    assert look(project, project / "gone", "a.png") == {}


def test_a_folder_of_that_name_is_no_picture(project: Path, frames: Path) -> None:
    (frames / "c.png").mkdir()

    assert look(project, frames, "c.png") == {}


def test_a_folder_that_is_none_is_an_error_of_the_disk(project: Path, frames: Path) -> None:
    with pytest.raises(StoreError, match=r"a\.png.*: Not a directory"):
        look(project, frames / "a.png", "c.png")


def test_a_file_of_another_size_is_looked_at_again(project: Path, frames: Path, decoded: list[str]) -> None:
    look(project, frames, "a.png", "b.png")
    times = (frames / "a.png").stat()
    decoded.clear()

    with (frames / "a.png").open("wb") as file:
        file.write(png(200, (60, 40)))
    os.utime(frames / "a.png", ns=(times.st_atime_ns, times.st_mtime_ns))

    assert look(project, frames, "a.png", "b.png")["a.png"] == facts_of(png(200, (60, 40)), (60, 40))
    assert decoded == ["a.png"]


def test_a_file_with_another_time_is_looked_at_again(project: Path, frames: Path, decoded: list[str]) -> None:
    look(project, frames, "a.png", "b.png")
    decoded.clear()

    os.utime(frames / "a.png", ns=(1, 1))
    look(project, frames, "a.png", "b.png")

    assert decoded == ["a.png"]


def test_another_file_of_equal_size_and_time_is_looked_at_again(
    project: Path, frames: Path, decoded: list[str]
) -> None:
    look(project, frames, "b.png")
    times = (frames / "b.png").stat()
    decoded.clear()

    (frames / "new").write_bytes(png(3))
    os.utime(frames / "new", ns=(times.st_atime_ns, times.st_mtime_ns))
    (frames / "new").replace(frames / "b.png")

    assert times.st_size == (frames / "b.png").stat().st_size
    assert look(project, frames, "b.png") == {"b.png": facts_of(png(3), (6, 4))}
    assert decoded == ["b.png"]


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", png()[:30], png()[:-24], png()[:-20], png()[:-8], png()[:-1]],
    ids=["empty", "html", "header", "pixels missing", "checksum missing", "end missing", "end cut"],
)
def test_a_broken_file_is_a_value_that_names_it_and_is_looked_at_again(
    project: Path, frames: Path, decoded: list[str], data: bytes
) -> None:
    (frames / "a.png").write_bytes(data)

    found = look(project, frames, "a.png")["a.png"]
    decoded.clear()

    assert isinstance(found, PictureError)
    assert str(frames / "a.png") in str(found)
    assert isinstance(look(project, frames, "a.png")["a.png"], PictureError)
    assert decoded == ["a.png"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b'{"version": 1}',
        b'{"version": 99, "folders": {}}',
        b'{"version": 1, "folders": []}',
        b'{"version": 1, "folders": {"frames/endpoints": 3}}',
        b'{"version": 1, "folders": {"frames/endpoints": {"a.png": [1, 2, 3]}}}',
        b'{"version": 1, "folders": {"frames/endpoints": {"a.png": [1, 2, 3, "x", null, 6]}}}',
        b'{"version": 1, "folders": {"frames/endpoints": {"a.png": "abcdef"}}}',
        b"[" * 100_000,
    ],
    ids=range(13),
)
def test_an_index_that_cannot_be_used_costs_a_look_and_is_replaced(
    project: Path, frames: Path, decoded: list[str], content: bytes
) -> None:
    index_file(project).parent.mkdir()
    index_file(project).write_bytes(content)

    assert look(project, frames, "a.png") == {"a.png": facts_of(png(1), (6, 4))}
    assert json.loads(index_file(project).read_bytes())["version"] == 1
    decoded.clear()
    look(project, frames, "a.png")
    assert decoded == []


def test_an_entry_that_is_damaged_where_nobody_looks_does_no_harm(project: Path, frames: Path) -> None:
    """The stamp fits, the facts do not: such an entry may not reach the plan."""
    look(project, frames, "a.png")
    document = json.loads(index_file(project).read_bytes())
    document["folders"]["frames/endpoints"]["a.png"][3:] = ["6", None, 7]
    index_file(project).write_text(json.dumps(document))

    assert look(project, frames, "a.png") == {"a.png": facts_of(png(1), (6, 4))}


def test_the_index_survives_that_the_project_moves(
    project: Path, frames: Path, tmp_path: Path, decoded: list[str]
) -> None:
    first = look(project, frames, "a.png", "b.png")
    decoded.clear()

    project.rename(tmp_path / "moved")

    assert look(tmp_path / "moved", tmp_path / "moved/frames/endpoints", "a.png", "b.png") == first
    assert decoded == []


def test_files_of_one_name_in_two_folders_are_two_files(project: Path, frames: Path) -> None:
    other = frames.with_name("sequences")
    other.mkdir()
    (other / "a.png").write_bytes(png(9, (3, 3)))

    found = PictureIndex(project).inspect_many([(frames, ["a.png"]), (other, ["a.png"])])

    assert found == {
        frames: {"a.png": facts_of(png(1), (6, 4))},
        other: {"a.png": facts_of(png(9, (3, 3)), (3, 3))},
    }


def test_a_folder_outside_the_project_is_known_as_well(
    project: Path, frames: Path, tmp_path: Path, decoded: list[str]
) -> None:
    outside = tmp_path / "elsewhere"
    frames.rename(outside)
    look(project, outside, "a.png")
    decoded.clear()

    look(project, outside, "a.png")

    assert decoded == []


def test_a_folder_on_another_drive_is_known_by_its_whole_path(
    project: Path, frames: Path, monkeypatch: pytest.MonkeyPatch, decoded: list[str]
) -> None:
    """Windows has no relative path between two drives."""

    def relpath(path: Path, start: Path) -> str:
        raise ValueError(f"path is on mount {path.anchor!r}, start on mount {start.anchor!r}")

    monkeypatch.setattr(os.path, "relpath", relpath)
    look(project, frames, "a.png")
    decoded.clear()

    look(project, frames, "a.png")

    assert decoded == []


def test_a_file_just_written_is_recorded_and_not_decoded(project: Path, frames: Path, decoded: list[str]) -> None:
    facts = facts_of(png(5), (6, 4))
    (frames / "c.png").write_bytes(png(5))
    index = PictureIndex(project)

    index.record(frames / "c.png", facts)
    index.save()

    assert index.inspect(frames, ["c.png"]) == {"c.png": facts}
    assert look(project, frames, "c.png") == {"c.png": facts}
    assert decoded == []


def test_a_file_that_is_gone_before_it_is_recorded_is_not_recorded(project: Path, frames: Path) -> None:
    index = PictureIndex(project)

    index.record(frames / "gone.png", facts_of(png(5), (6, 4)))

    assert index.inspect(frames, ["gone.png"]) == {}


def test_a_neighbour_that_vanishes_while_we_look_hides_no_other_file(project: Path, frames: Path) -> None:
    """A second run in the same folder puts temporary files there and takes them away."""
    temporary = frames / ".a.png.1-0123abcd.tmp"
    temporary.write_bytes(b"half")
    really_scan = os.scandir

    def scan(folder: Path) -> object:
        found = really_scan(folder)
        temporary.unlink(missing_ok=True)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", scan)
        found = PictureIndex(project).inspect(frames, ["a.png"])

    assert found == {"a.png": facts_of(png(1), (6, 4))}


def test_what_a_killed_run_left_beside_the_index_is_swept(project: Path, frames: Path) -> None:
    index_file(project).parent.mkdir()
    (index_file(project).parent / f".pictures.json.{os.getpid()}-0123abcd.tmp").write_bytes(b"half")

    look(project, frames, "a.png")

    assert [path.name for path in index_file(project).parent.iterdir()] == ["pictures.json"]


def test_an_index_that_cannot_be_written_is_an_error_of_the_disk(project: Path, frames: Path) -> None:
    index_file(project).parent.write_bytes(b"a file in its place")

    with pytest.raises(StoreError, match=r"cannot make the folder"):
        look(project, frames, "a.png")


def test_runs_at_the_same_time_keep_what_each_has_learnt(project: Path, frames: Path, decoded: list[str]) -> None:
    first, second = PictureIndex(project), PictureIndex(project)
    first.inspect(frames, ["a.png"])
    second.inspect(frames, ["b.png"])
    first.save()
    second.save()
    decoded.clear()

    look(project, frames, "a.png", "b.png")

    assert decoded == []


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("p/frames/sequences", "p"), ("p/frames/endpoints", "p"), ("p/out", "p"), ("frames/sequences", ".")],
)
def test_the_project_of_a_folder_is_what_holds_its_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)

    assert project_of(Path(folder)) == (tmp_path / expected).resolve()
