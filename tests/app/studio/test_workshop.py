"""Jobs: how they stand, what they are told while they run, and how they live beside each other."""

from collections.abc import Iterator
from fractions import Fraction as F

import pytest

from support.patience import PATIENCE_S
from support.project import Project
from support.studio import Door, Studio, opened
from watercolor_rig.app.studio.hub import FrameChanged, ProjectChanged, SequenceChanged
from watercolor_rig.app.studio.job_view import JobState
from watercolor_rig.app.studio.orders import ExpressionsWork, Order, SequencesWork
from watercolor_rig.core.errors import (
    ConfigError,
    EngineUnavailableError,
    NothingMatchedError,
    ProjectBusyError,
    UsageError,
)
from watercolor_rig.runner.gate import Entrance, Gate
from watercolor_rig.store.lock import lock_holder, project_lock

SEQUENCE = "neutral_to_ah__center"


@pytest.fixture
def studio(project: Project) -> Iterator[Studio]:
    with opened(project) as studio:
        yield studio


@pytest.fixture
def many(pair: Project) -> Iterator[Studio]:
    with opened(pair) as studio:
        yield studio


def test_a_job_completes_a_sequence_and_says_all_of_it(studio: Studio) -> None:
    ended = studio.done(studio.complete())

    assert (ended.total, ended.made, ended.failed, ended.blocked) == (3, 3, 0, 0)
    assert (ended.engine, str(ended.spent_usd), ended.price_unknown) == ("scripted", "0.12", False)
    assert (ended.running, ended.left_s, ended.title) == ((), None, "Complete all sequences")
    assert studio.project.frames(SEQUENCE) == ["000.png", "025.png", "050.png", "075.png", "100.png"]
    for event in (FrameChanged(SEQUENCE, F(1, 2)), SequenceChanged(SEQUENCE), ProjectChanged()):
        studio.wait_for(lambda event=event: event in studio.events)  # type: ignore[misc]  # bound now


def test_an_estimate_makes_nothing(studio: Studio) -> None:
    estimate = studio.workshop.estimate(studio.order(SequencesWork(depth=3)))

    assert (estimate.engine, estimate.frames, estimate.calls, str(estimate.cost_usd)) == ("scripted", 7, 7, "0.28")
    assert not studio.project.sequences.exists()
    assert not (studio.project.root / ".watercolor-rig").exists()


def test_what_can_be_seen_to_be_wrong_is_refused_at_once(studio: Studio) -> None:
    for order, kind in (
        (Order(SequencesWork(), engine="nobody"), EngineUnavailableError),
        (studio.order(SequencesWork(), script="nonsense"), UsageError),
        (studio.order(ExpressionsWork(pose="left")), UsageError),
        (Order(ExpressionsWork(), engine="local"), UsageError),
        (Order(ExpressionsWork(), engine="openai"), UsageError),
        (studio.order(ExpressionsWork(expressions=("nobody",))), NothingMatchedError),
    ):
        with pytest.raises(kind):
            studio.workshop.start(order)
    studio.project.config.write_text("{")
    with pytest.raises(ConfigError):
        studio.complete()
    assert studio.workshop.jobs() == []


def test_what_is_found_to_be_wrong_later_fails_the_job_with_its_reason(studio: Studio) -> None:
    ended = studio.end_of(studio.complete("nobody__center"))

    assert ended.state is JobState.FAILED
    assert ended.message is not None
    assert "no sequence 'nobody__center'" in ended.message
    assert [failure.code for failure in ended.failures] == ["nothing_matched"]


def test_a_paused_job_keeps_what_is_under_way_and_starts_nothing(studio: Studio) -> None:
    door = Door(studio.project.root)
    job = studio.complete(script=f"until:{door.path} @ t=0.50", max_workers=1)
    studio.wait_for_job(job, lambda view: view.running == (f"{SEQUENCE}/050.png",))
    assert studio.workshop.running_frames() == {f"{SEQUENCE}/050.png"}

    assert studio.workshop.pause(job.id).state is JobState.PAUSED
    door.open()
    held = studio.wait_for_job(job, lambda view: view.made == 1)
    assert (held.state, held.running, held.blocked) == (JobState.PAUSED, (), 0)

    assert studio.workshop.resume(job.id).state is JobState.RUNNING
    assert studio.done(job).made == 3


def test_a_cancelled_job_keeps_what_is_under_way_and_ends(studio: Studio) -> None:
    door = Door(studio.project.root)
    job = studio.complete(script=f"until:{door.path} @ t=0.50", max_workers=1)
    studio.wait_for_job(job, lambda view: bool(view.running))

    assert studio.workshop.cancel(job.id).state is JobState.CANCELLING
    door.open()
    ended = studio.end_of(job)

    assert (ended.state, ended.made, ended.blocked) == (JobState.CANCELLED, 1, 2)
    assert ended.message == "cancelled: nothing new starts"
    assert studio.project.listed(SEQUENCE) == [(0.0, "000.png"), (0.5, "050.png"), (1.0, "100.png")]


def test_a_word_to_a_job_that_has_ended_changes_nothing(studio: Studio) -> None:
    job = studio.done(studio.complete())

    assert studio.workshop.pause(job.id) == studio.workshop.cancel(job.id) == studio.workshop.resume(job.id) == job
    with pytest.raises(UsageError, match="nothing is left"):
        studio.workshop.retry(job.id)
    with pytest.raises(NothingMatchedError):
        studio.workshop.job("nobody")


def test_failures_have_their_reasons_and_a_second_try_makes_what_was_missing(studio: Studio) -> None:
    job = studio.complete(script="rejected*1 @ t=0.25")
    failed = studio.end_of(job)
    assert (failed.state, failed.made, failed.failed) == (JobState.FAILED, 2, 1)
    assert [(f.subject, f.t, f.code) for f in failed.failures] == [(SEQUENCE, 0.25, "engine_rejected")]

    again = studio.workshop.retry(job.id)

    assert studio.end_of(again).failed == 1  # the script of a new run begins anew
    assert studio.workshop.job(job.id).retried_as == again.id
    assert studio.workshop.job(again.id).goes_on_with == (job.id,)


def test_the_project_is_held_while_jobs_run_and_free_afterwards(studio: Studio) -> None:
    door = Door(studio.project.root)
    job = studio.complete(script=f"until:{door.path}")
    studio.wait_for_job(job, lambda view: bool(view.running))

    with pytest.raises(ProjectBusyError, match="'studio'"), project_lock(studio.project.root, "sequences"):
        pass
    second = studio.complete(script="")
    door.open()
    studio.done(job)
    studio.done(second)

    assert lock_holder(studio.project.root) is None


def test_a_job_is_refused_while_another_program_writes_the_project(studio: Studio) -> None:
    with project_lock(studio.project.root, "sequences"):
        with pytest.raises(ProjectBusyError, match="'sequences'"):
            studio.complete()
        with pytest.raises(ProjectBusyError), studio.workshop.writing("an endpoint"):
            pass

    assert studio.workshop.jobs() == []
    studio.done(studio.complete())


def test_a_frame_that_the_user_waits_for_does_not_wait_for_a_big_job(many: Studio) -> None:
    many.done(many.complete("neutral_to_ah__center"))
    door = Door(many.project.root)
    big = many.complete("ah_to_ee__center", "neutral_to_ah__left", script=f"until:{door.path}")
    many.wait_for_job(big, lambda view: bool(view.running))

    frame = many.done(many.regenerate("neutral_to_ah__center", F(1, 2)))

    assert frame.made == 1
    assert many.workshop.job(big.id).state is JobState.RUNNING
    door.open()
    assert many.done(big).made == many.workshop.job(big.id).total


def test_a_frame_of_a_sequence_that_a_job_works_in_waits_for_that_sequence_alone(many: Studio) -> None:
    for path in ("neutral_to_ah__center", "ah_to_ee__center"):
        many.done(many.complete(path, depth=1))
    first, second = Door(many.project.root, "first"), Door(many.project.root, "second")
    script = f"until:{first.path} @ neutral_to_ah__center; until:{second.path} @ ah_to_ee__center"
    big = many.complete("neutral_to_ah__center", "ah_to_ee__center", script=script)
    many.wait_for_job(big, lambda view: len(view.running) >= 2)

    frame = many.regenerate("neutral_to_ah__center", F(1, 2))
    waiting = many.wait_for_job(frame, lambda view: view.message is not None)
    assert waiting.state is JobState.QUEUED
    assert waiting.message == "waits for 'neutral_to_ah__center', which 'Complete 2 sequences' works on"

    first.open()
    assert many.done(frame).message is None
    assert many.workshop.job(big.id).state is JobState.RUNNING
    second.open()
    many.done(big)
    engines = {frame["file"]: frame.get("engine") for frame in many.project.manifest("neutral_to_ah__center")["frames"]}
    assert list(engines) == ["000.png", "025.png", "050.png", "075.png", "100.png"]


def test_a_big_job_turns_to_the_sequence_that_the_user_waits_for(many: Studio) -> None:
    paths = ("neutral_to_ah__center", "neutral_to_ah__left", "ah_to_ee__center", "ah_to_ee__left")
    for path in paths:
        many.done(many.complete(path, depth=1))
    door = Door(many.project.root)
    script = f"until:{door.path} @ neutral_to_ah__center"
    big = many.complete(*paths, overwrite=True, depth=1, script=script, max_workers=1)
    many.wait_for_job(big, lambda view: bool(view.running))
    frame = many.regenerate("ah_to_ee__left", F(1, 2))
    many.wait_for_job(frame, lambda view: view.message is not None)

    door.open()
    many.done(frame)
    many.done(big)

    made = [view.running[0] for view in many.views(big) if view.running]
    assert list(dict.fromkeys(made)) == [f"{path}/050.png" for path in (paths[0], paths[3], paths[1], paths[2])]


def test_a_job_that_waits_for_a_sequence_can_be_cancelled(many: Studio) -> None:
    door = Door(many.project.root)
    big = many.complete("neutral_to_ah__center", script=f"until:{door.path}")
    many.wait_for_job(big, lambda view: bool(view.running))
    second = many.complete("neutral_to_ah__center", "neutral_to_ah__left")
    many.wait_for_job(second, lambda view: view.state is JobState.QUEUED and view.message is not None)

    many.workshop.cancel(second.id)

    assert many.end_of(second).state is JobState.CANCELLED
    door.open()
    many.done(big)


def test_a_reversed_sequence_is_claimed_with_the_one_whose_pictures_it_shares(many: Studio) -> None:
    many.done(many.complete("ah_to_ee__center", "ee_to_ah__center", depth=1))
    door = Door(many.project.root)
    big = many.complete("ah_to_ee__center", script=f"until:{door.path}")
    many.wait_for_job(big, lambda view: bool(view.running))

    frame = many.regenerate("ee_to_ah__center", F(1, 2))

    waiting = many.wait_for_job(frame, lambda view: view.message is not None)
    assert waiting.message == "waits for 'ah_to_ee__center', which 'Complete ah_to_ee__center' works on"
    door.open()
    many.done(big)
    many.done(frame)


def test_closing_ends_jobs_as_interrupted_and_keeps_what_was_under_way(project: Project) -> None:
    door = Door(project.root)
    with opened(project) as studio:
        job = studio.complete(script=f"until:{door.path} @ t=0.50", max_workers=1)
        studio.wait_for_job(job, lambda view: bool(view.running))
        studio.workshop.close(at_once=True)
        assert studio.workshop.job(job.id).state is JobState.CANCELLING
        door.open()
        ended = studio.end_of(job)
        assert (ended.state, ended.made) == (JobState.INTERRUPTED, 1)

    with opened(project) as later:
        [kept] = later.workshop.jobs()
        assert (kept.id, kept.state, kept.order) == (job.id, JobState.INTERRUPTED, job.order)
        again = later.end_of(later.workshop.retry(job.id))
        assert (again.made, again.total) == (2, 2)


def test_a_closed_workshop_starts_nothing(project: Project) -> None:
    with opened(project) as studio:
        studio.workshop.close()

        with pytest.raises(UsageError, match="closed"):
            studio.complete()


def test_waiting_for_a_job_ends_with_the_patience(studio: Studio) -> None:
    door = Door(studio.project.root)
    job = studio.complete(script=f"until:{door.path}")

    assert not studio.workshop.wait(job.id, 0.0).state.is_final
    door.open()
    assert studio.workshop.wait(job.id, PATIENCE_S).state is JobState.DONE


def test_expressions_are_made_from_the_portrait_of_their_pose(studio: Studio) -> None:
    job = studio.workshop.start(studio.order(ExpressionsWork()))

    ended = studio.end_of(job)
    assert (ended.state, ended.made, ended.title) == (JobState.DONE, 0, "Make all expressions at center")
    (studio.project.endpoints / "ah__center.png").unlink()
    again = studio.done(studio.workshop.start(studio.order(ExpressionsWork(("ah",)))))
    assert (again.made, again.total) == (1, 1)
    assert (studio.project.endpoints / "ah__center.png").is_file()


def test_jobs_under_one_limit_go_through_one_gate_and_only_a_frame_made_anew_is_urgent(
    many: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    many.done(many.complete("neutral_to_ah__center", depth=1))
    seen: dict[Gate, set[bool]] = {}
    acquire = Gate.acquire

    def watched(gate: Gate, entrance: Entrance, now_s: float) -> float:
        seen.setdefault(gate, set()).add(entrance.urgent)
        return acquire(gate, entrance, now_s)

    monkeypatch.setattr(Gate, "acquire", watched)
    limit = {"limit": "one"}
    many.done(many.complete("neutral_to_ah__left", depth=1, options=limit))
    many.done(many.regenerate("neutral_to_ah__center", F(1, 2), options=limit))
    many.done(many.regenerate("neutral_to_ah__left", F(1, 2), options={"limit": "other"}))

    assert sorted(seen.values(), key=len) == [{True}, {True, False}]
