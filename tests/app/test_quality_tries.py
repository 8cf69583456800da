"""What becomes of pictures that a judge calls no good; the scripted engine makes them on cue."""

from decimal import Decimal

import pytest

from support.project import Project
from watercolor_rig.app.quality_tries import QualityOptions, QualityTries
from watercolor_rig.core.events import FrameMade, FrameRetried, RunEnded, Warned, WorkPlanned
from watercolor_rig.core.quality import Quality
from watercolor_rig.engines.api import EngineSettings, Traits

POOR, BETTER = (Quality(score, is_good=False, faults=("drifts",), needs=("drift",)) for score in (0.2, 0.6))
GOOD = Quality(0.9, is_good=True)


def scripted(script: str) -> EngineSettings:
    return EngineSettings(options={"script": script})


def test_a_good_answer_settles_the_matter() -> None:
    verdict = QualityTries[str]().book("a", GOOD)

    assert (verdict.is_best, verdict.again) == (True, "")


def test_a_poor_answer_is_asked_for_again_as_often_as_allowed() -> None:
    tries = QualityTries[str](QualityOptions(retries=2))
    verdicts = [tries.book("a", POOR) for _ in range(3)]

    assert [bool(verdict.again) for verdict in verdicts] == [True, True, False]
    assert [verdict.is_best for verdict in verdicts] == [True, False, False]
    assert "drifts" in verdicts[0].again


def test_only_the_last_try_may_fall_back() -> None:
    tries = QualityTries[str](QualityOptions(retries=1))
    first = tries.care("a")
    tries.book("a", POOR)

    assert (first.fall_back, tries.care("a").fall_back) == (False, True)
    assert not QualityTries[str](QualityOptions(retries=0, fall_back=False)).care("a").fall_back


def test_the_next_prompt_minds_what_was_wrong() -> None:
    tries = QualityTries[str]()
    tries.book("a", POOR)

    assert (tries.needs("a"), tries.needs("b")) == (("drift",), ())


@pytest.mark.parametrize(("redraws", "most"), [(True, Decimal(6)), (False, Decimal(2))])
def test_the_estimate_counts_the_tries_of_an_engine_that_is_judged(redraws: bool, most: Decimal) -> None:  # noqa: FBT001
    traits = Traits(tweens=True, expressions=True, direct=False, runs_in="threads", paid=True, redraws=redraws)

    assert QualityOptions(retries=2).at_most(Decimal(2), traits) == most
    assert QualityOptions(retries=2).at_most(None, traits) is None
    assert QualityOptions(retries=2, repair=False).at_most(Decimal(2), traits) == Decimal(2), "nobody judges it"


def test_a_tween_that_is_no_good_is_asked_for_again_and_both_answers_are_paid_for(project: Project) -> None:
    outcome = project.make(1, settings=scripted("poor:0.3*1 @ t=0.5"))

    assert (outcome.status, outcome.sums) == (0, (1, 0, 0))
    assert [event.reason for event in outcome.of(FrameRetried)] == ["not good enough: poor on cue; asking again"]
    assert outcome.of(RunEnded)[0].cost_usd == Decimal("0.08")
    assert "quality" not in frame_of(project)


def test_the_best_of_the_poor_answers_is_kept_and_the_frame_says_so(project: Project) -> None:
    outcome = project.make(1, settings=scripted("poor:0.6*1 @ t=0.5; poor:0.3 @ t=0.5"))

    assert outcome.status == 0
    quality = frame_of(project)["quality"]
    assert (quality["score"], quality["good"], quality["needs"]) == (0.6, False, ["drift"])


def test_a_poor_frame_stands_where_asking_again_fails(project: Project) -> None:
    outcome = project.make(2, settings=scripted("poor:0.6*1 @ t=0.5; rejected @ t=0.5"))

    assert (outcome.status, outcome.sums) == (0, (3, 0, 0))
    assert frame_of(project)["quality"]["score"] == 0.6


def test_a_poor_frame_stands_where_the_run_stops_before_it_was_asked_for_again(project: Project) -> None:
    outcome = project.make(2, settings=scripted("poor:0.6*1 @ t=0.5; quota @ t=0.5"))

    assert outcome.status == 1
    assert [event.t for event in outcome.of(FrameMade) if event.t not in {0.0, 1.0}] == [0.5]
    assert frame_of(project)["quality"]["score"] == 0.6


def test_a_run_that_asks_once_asks_once(project: Project) -> None:
    outcome = project.make(1, settings=scripted("poor:0.3 @ t=0.5"), quality=QualityOptions(retries=0))

    assert (outcome.status, outcome.of(FrameRetried)) == (0, [])


def test_an_expression_that_is_no_good_is_asked_for_again(project: Project) -> None:
    base = project.draw("neutral")
    project.configure([], expressions={"smug": {}})
    outcome = project.express(base, settings=scripted("poor:0.3 @ smug"))

    assert outcome.status == 0
    assert len(outcome.of(FrameRetried)) == 1
    assert any("is the best answer, yet not good" in event.message for event in outcome.of(Warned))


def test_the_plan_tells_what_asking_again_may_cost(project: Project) -> None:
    planned = project.make(1, dry_run=True).of(WorkPlanned)[0]

    assert planned.cost_at_most_usd == planned.cost_usd


def frame_of(project: Project) -> dict:  # type: ignore[type-arg]
    frames = project.manifest("neutral_to_ah__center")["frames"]
    return next(frame for frame in frames if frame["t"] == 0.5)
