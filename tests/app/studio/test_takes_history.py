"""Which take is in place: chosen, undone, done again; after a restart, and after a kill in the middle."""

import json
from collections.abc import Iterator
from fractions import Fraction as F

import pytest

from support.project import Project
from support.project import picture as drawn
from support.studio import Door, Studio, opened
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.studio.history import History, TakeHistory
from watercolor_rig.app.studio.hub import FrameChanged, ProjectChanged, SequenceChanged
from watercolor_rig.app.takes import digest_of
from watercolor_rig.core.errors import ProjectBusyError, UsageError

SEQUENCE = "neutral_to_ah__center"
FIRST = F(1, 4), F(0), F(1)
"""A frame, and anchors between which the scripted engine makes another picture of it."""


@pytest.fixture
def studio(project: Project) -> Iterator[Studio]:
    project.make(2)
    with opened(project) as studio:
        yield studio


def change(studio: Studio, path: str = SEQUENCE) -> None:
    """Make the first quarter anew, which gives another picture."""
    t, start, end = FIRST
    studio.done(studio.regenerate(path, t, anchor_start_t=start, anchor_end_t=end))


def picture(studio: Studio, file: str = "025.png", path: str = SEQUENCE) -> bytes:
    return studio.project.read(path, file)


def takes_of(studio: Studio, file: str = "025.png") -> list[int]:
    reader = Memory(studio.project.root).read_ledger()
    assert reader is not None
    with reader:
        return [take.id for take in reader.takes_of_file(f"frames/sequences/{SEQUENCE}/{file}")]


def test_a_frame_made_anew_can_be_undone_and_done_again(studio: Studio) -> None:
    before = picture(studio)
    change(studio)
    after = picture(studio)
    assert before != after
    assert studio.workshop.history() == History(f"Regenerate {SEQUENCE} t=0.25", None)

    assert studio.workshop.undo() == History(None, f"Regenerate {SEQUENCE} t=0.25")
    assert picture(studio) == before
    assert studio.workshop.redo() == History(f"Regenerate {SEQUENCE} t=0.25", None)
    assert picture(studio) == after
    for event in (FrameChanged(SEQUENCE, F(1, 4)), SequenceChanged(SEQUENCE), ProjectChanged()):
        assert event in studio.events


def test_the_manifest_follows_an_undo(studio: Studio) -> None:
    before = studio.project.manifest(SEQUENCE)
    change(studio)

    studio.workshop.undo()

    assert studio.project.manifest(SEQUENCE) == before


def test_a_range_is_one_step(studio: Studio) -> None:
    for t in (F(1, 2), F(3, 4)):
        studio.done(studio.regenerate(SEQUENCE, t))  # the same pictures again: no step
    before = {file: picture(studio, file) for file in ("025.png", "050.png", "075.png")}
    studio.done(studio.regenerate(SEQUENCE, F(1, 4), F(1, 2), F(3, 4), anchor_start_t=F(0), anchor_end_t=F(1)))
    change(studio)

    studio.workshop.undo()

    assert studio.workshop.history() == History(None, f"Regenerate {SEQUENCE} t=0.25")
    assert {file: picture(studio, file) for file in before} == before


def test_a_step_that_changes_nothing_is_none(studio: Studio) -> None:
    studio.done(studio.regenerate(SEQUENCE, F(1, 2)))

    assert studio.workshop.history() == History(None, None)
    with pytest.raises(UsageError, match="nothing to undo"):
        studio.workshop.undo()
    with pytest.raises(UsageError, match="nothing to redo"):
        studio.workshop.redo()


def test_a_chosen_take_is_a_step_too(studio: Studio) -> None:
    before = picture(studio)
    change(studio)
    after = picture(studio)
    first = takes_of(studio)[0]

    assert studio.workshop.choose(first) == f"frames/sequences/{SEQUENCE}/025.png"
    assert picture(studio) == before
    assert studio.workshop.history().undo == f"Choose take {first} of {SEQUENCE}/025.png"
    studio.workshop.undo()
    assert picture(studio) == after
    with pytest.raises(UsageError, match="no take 999"):
        studio.workshop.choose(999)


def test_a_new_step_forgets_what_was_undone(studio: Studio) -> None:
    change(studio)
    studio.workshop.undo()
    change(studio)

    assert studio.workshop.history().redo is None


def test_steps_survive_a_restart(studio: Studio) -> None:
    before = picture(studio)
    change(studio)
    studio.workshop.close()

    with opened(studio.project) as later:
        later.workshop.undo()

    assert picture(studio) == before


def test_a_step_whose_file_was_replaced_by_something_else_is_dropped(studio: Studio) -> None:
    change(studio)
    (studio.project.sequences / SEQUENCE / "025.png").write_bytes(drawn(5))

    with pytest.raises(UsageError, match="has been replaced since; choose a take"):
        studio.workshop.undo()
    assert studio.workshop.history() == History(None, None)


def test_nothing_is_undone_in_a_sequence_that_a_job_works_in(studio: Studio) -> None:
    change(studio)
    door = Door(studio.project.root)
    job = studio.complete(depth=3, script=f"until:{door.path}")
    studio.wait_for_job(job, lambda view: bool(view.running))

    with pytest.raises(ProjectBusyError, match="a job works on"):
        studio.workshop.undo()
    with pytest.raises(ProjectBusyError, match="a job works on"):
        studio.workshop.choose(takes_of(studio)[0])
    door.open()
    studio.done(job)
    studio.workshop.undo()


def test_the_same_picture_of_a_reversed_sequence_is_exchanged_as_well(pair: Project) -> None:
    ours, theirs = "ah_to_ee__center", "ee_to_ah__center"
    pair.make(2)
    with opened(pair) as studio:
        before = picture(studio, path=ours)
        change(studio, ours)
        assert picture(studio, path=ours) == picture(studio, "075.png", theirs) != before

        studio.workshop.undo()
        assert picture(studio, path=ours) == picture(studio, "075.png", theirs) == before
        studio.workshop.redo()
        reader = Memory(pair.root).read_ledger()
        assert reader is not None
        with reader:
            first = reader.takes_of_file(f"frames/sequences/{ours}/025.png")[0].id
        studio.workshop.choose(first)
        assert picture(studio, path=ours) == picture(studio, "075.png", theirs) == before


def test_a_step_that_a_kill_cut_off_can_be_undone(studio: Studio) -> None:
    project, file = studio.project, f"frames/sequences/{SEQUENCE}/025.png"
    before = digest_of(project.root / file)
    assert before is not None
    change(studio)
    studio.workshop.close()
    kept = project.root / ".watercolor-rig/studio/history.json"
    document = json.loads(kept.read_bytes())
    [group] = document["done"]  # as it lies there between the new frame and the end of the step
    cut_off = {"title": group["title"], "moves": [[file, before, ""]]}
    kept.write_text(json.dumps(document | {"done": [], "open": {"step": cut_off}}))

    with opened(project) as later:
        assert later.workshop.history() == History(group["title"], None)
        later.workshop.undo()

    assert digest_of(project.root / file) == before


@pytest.mark.parametrize("content", [b"", b"[]", b'{"schema": 99}', b'{"schema": 1, "open": {"a": 1}}'])
def test_a_damaged_history_is_empty_and_no_hindrance(studio: Studio, content: bytes) -> None:
    kept = studio.project.root / ".watercolor-rig/studio/history.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(content)

    history = TakeHistory(Memory(studio.project.root), kept)

    assert history.view() == History(None, None)
