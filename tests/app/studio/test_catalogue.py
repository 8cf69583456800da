"""The list of sequences: there at once, true soon, and told when it changes."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event, Thread

import pytest

from support.project import Project, picture
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.hub import EndpointsChanged, ProjectChanged, SequenceChanged
from watercolor_rig.app.studio.listing import SequenceListing
from watercolor_rig.app.studio.snapshot import Stamp, stamp_of
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.app.studio.turns import Turns
from watercolor_rig.app.studio.views import RowState
from watercolor_rig.app.toolbox import Toolbox

PATH = "neutral_to_ah__center"


@pytest.fixture
def studio(pair: Project) -> Iterator[Studio]:
    pair.make(2)
    studio = Studio(pair.root, Toolbox())
    yield studio
    studio.close()


def states(studio: Studio) -> dict[str, RowState]:
    return {row.path_id: row.state for row in studio.rows()[1]}


def test_rows_are_there_before_any_folder_was_looked_at(studio: Studio) -> None:
    rows = studio.rows()[1]

    assert [row.state for row in rows] == [RowState.UNCHECKED] * 6
    assert all(row.start_digest and row.end_digest for row in rows)


def test_what_was_found_out_is_told_once(studio: Studio) -> None:
    studio.rows()
    before = studio.hub.last_id
    studio.look_everywhere()
    told = [numbered.event for numbered in studio.hub.since(before)[0]]
    after = studio.hub.last_id
    studio.look_everywhere()

    assert {event.path_id for event in told if isinstance(event, SequenceChanged)} == set(states(studio))
    assert studio.hub.last_id == after


def test_a_drawing_that_breaks_off_is_shown_at_once_and_found_broken_in_a_while(
    pair: Project,
) -> None:
    whole = picture(9, size=(200, 200))
    pair.put("ah__center.png", whole[: len(whole) * 2 // 3])
    studio = Studio(pair.root, Toolbox())
    try:
        at_once = {(cell.expression, cell.pose): cell for cell in studio.endpoints().cells}["ah", "center"]
        before = studio.hub.last_id
        studio.look_everywhere()
        later = {(cell.expression, cell.pose): cell for cell in studio.endpoints().cells}["ah", "center"]
        told = {type(numbered.event) for numbered in studio.hub.since(before)[0]}
        again = studio.hub.last_id
        studio.look_everywhere()
        row = studio.row(PATH)
    finally:
        studio.close()

    assert (at_once.state, at_once.width) == ("present", 200)
    assert (later.state, "broken or truncated" in str(later.fault)) == ("broken", True)
    assert told >= {EndpointsChanged, ProjectChanged, SequenceChanged}
    assert row is not None
    assert row.state is RowState.BLOCKED
    assert studio.hub.since(again)[0] == []


def test_an_endpoint_that_cannot_be_read_blocks_only_what_needs_it(pair: Project) -> None:
    (pair.endpoints / "ee__left.png").unlink()
    (pair.endpoints / "ee__left.png").symlink_to(pair.root)  # a folder, which no one can read as a file
    studio = Studio(pair.root, Toolbox())
    try:
        studio.look_everywhere()
        found = states(studio)
    finally:
        studio.close()

    assert found["ah_to_ee__left"] is RowState.BLOCKED
    assert found["neutral_to_ah__left"] is RowState.MISSING


def test_a_row_follows_its_folder_without_the_watch(studio: Studio, pair: Project) -> None:
    studio.look_everywhere()
    (pair.sequences / PATH / "025.png").unlink()

    row = studio.row(PATH)

    assert row is not None
    assert (row.state, row.frames, row.wanted) == (RowState.MISSING, 2, 3)


def test_a_sequence_that_is_gone_leaves_the_list(studio: Studio, pair: Project) -> None:
    folder = pair.sequences / "mine"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"frames": []}), encoding="utf-8")
    studio.look_everywhere()
    before = "mine" in states(studio)
    (folder / "manifest.json").unlink()
    folder.rmdir()
    studio.look_everywhere()

    assert (before, "mine" in states(studio)) == (True, False)


def test_an_edited_config_changes_the_list_and_is_told(studio: Studio, pair: Project) -> None:
    studio.look_everywhere()
    before = studio.hub.last_id
    pair.configure([{"id": "ah_to_ee", "start": "ah", "end": "ee"}])

    listed = [row.path_id for row in studio.rows()[1]]

    told = {type(numbered.event) for numbered in studio.hub.since(before)[0]}
    assert listed[:2] == ["ah_to_ee__center", "ah_to_ee__left"]
    assert sorted(listed[2:]) == ["ee_to_ah__center", "ee_to_ah__left", PATH, "neutral_to_ah__left"]
    assert told == {ProjectChanged, EndpointsChanged}


def test_what_was_learnt_of_pictures_is_kept_for_the_next_start(studio: Studio, pair: Project) -> None:
    studio.look_everywhere()

    kept = json.loads((pair.root / ".watercolor-rig/pictures.json").read_bytes())

    assert set(kept["folders"][f"frames/sequences/{PATH}"]) == {"000.png", "025.png", "050.png", "075.png", "100.png"}


def test_a_listing_that_is_asked_within_a_tick_of_the_clock_misses_nothing(tmp_path: Path) -> None:
    listing = SequenceListing(StudioFolders.of(tmp_path))
    for number in range(50):
        folder = tmp_path / f"frames/sequences/s{number:02}"
        folder.mkdir(parents=True)
        early = json.loads(listing.path_ids_json())
        (folder / "manifest.json").write_text("{}", encoding="utf-8")

        assert folder.name not in early
        assert len(json.loads(listing.path_ids_json())) == number + 1


def test_names_that_no_address_can_spell_are_left_out(tmp_path: Path) -> None:
    folders = StudioFolders.of(tmp_path)
    good = folders.sequences / "good"
    good.mkdir(parents=True)
    bad = folders.sequences / "bad\udcff"
    try:
        bad.mkdir()
    except OSError:
        pytest.skip("this file system takes no such names")
    for folder in (good, bad):
        (folder / "manifest.json").write_text("{}", encoding="utf-8")

    assert json.loads(SequenceListing(folders).path_ids_json()) == ["good"]


def test_whoever_waits_goes_before_the_background() -> None:
    turns = Turns()
    order: list[str] = []

    held, may_go = Event(), Event()

    def hold() -> None:
        with turns.later():
            held.set()
            may_go.wait(20)

    def later() -> None:
        with turns.later():
            order.append("background")

    def now() -> None:
        with turns.now():
            order.append("urgent")

    threads = [Thread(target=hold)]
    threads[0].start()
    assert held.wait(20)
    for work in (later, now):
        threads.append(Thread(target=work))
        threads[-1].start()
    while not turns.somebody_urgent_waits:
        pass
    may_go.set()
    for thread in threads:
        thread.join(20)

    assert order == ["urgent", "background"]


def test_who_asks_while_another_looks_gets_what_the_other_found(
    studio: Studio, pair: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread takes over what is new between the look at the folder's date and the answer."""
    studio.endpoints()
    pair.put("ah__center.png", b"broken")
    is_first = iter([True])

    def look_meanwhile(folders: StudioFolders) -> Stamp:
        if next(is_first, False):
            in_thread(studio._catalogue.refresh)  # noqa: SLF001 - the watch calls it
        return stamp_of(folders)

    monkeypatch.setattr("watercolor_rig.app.studio.catalogue.stamp_of", look_meanwhile)
    cells = {(cell.expression, cell.pose): cell.state for cell in studio.endpoints().cells}

    assert cells["ah", "center"] == "broken"


def test_a_look_that_had_to_wait_goes_by_the_endpoints_as_they_are_then(
    studio: Studio, pair: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.rows()
    waits = Turns.later

    def later(turns: Turns) -> AbstractContextManager[None]:
        if (file := pair.endpoints / "ah__center.png").exists():
            file.unlink()
            in_thread(studio._catalogue.refresh)  # noqa: SLF001 - as above
        return waits(turns)

    monkeypatch.setattr(Turns, "later", later)
    studio._catalogue.look([PATH])  # noqa: SLF001 - as above

    assert states(studio)[PATH] is RowState.BLOCKED


def in_thread(work: Callable[[], object]) -> None:
    thread = Thread(target=work)
    thread.start()
    thread.join()
