"""Whole runs of the service engine, through the real SDK, against a service that fails in every way we know.

Most runs ask for a model that the program does not know, so that the canvas can be as small as the drawings.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from threading import Event as Flag
from typing import Any

import pytest

from support.images_api import OK, QUICK, ImagesApi, Plan, Seen, attempts, first_of, never, nth, seeded, when
from support.patience import PATIENCE_S
from support.project import QUICK_POLICY, SIZE, Mode, Outcome, Project, defects_of, lying_in
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import CredentialsError, EngineUnavailableError, ModelRetiredError
from watercolor_rig.core.events import (
    Event,
    FrameBlocked,
    FrameFailed,
    FrameMade,
    FrameRetried,
    RunEnded,
    RunPaused,
    RunStopping,
)
from watercolor_rig.engines.api import EngineSettings

KEY = "sk-test-0123456789"
MODEL = "loopback-image-1"
SMALL = EngineSettings(size=SIZE, model=MODEL, options={"deadline_s": str(PATIENCE_S)})

PATHS = [
    {"id": "neutral_to_ah", "start": "neutral", "end": "ah"},
    {"id": "ah_to_ee", "start": "ah", "end": "ee"},
    {"id": "ee_to_ah", "start": "ee", "end": "ah"},
    {"id": "neutral_to_oh", "start": "neutral", "end": "oh"},
]
POSES: dict[str, Mode] = {"center": "RGBA", "left": "RGB", "side": "P"}

TWEENS = 7
DRAWN = 3 * len(POSES) * TWEENS
WRITTEN = len(PATHS) * len(POSES) * TWEENS

PointAt = Callable[[ImagesApi], None]

UNTIRING = replace(QUICK_POLICY, tries=50)


@pytest.fixture
def rig(project: Project) -> Project:
    """Four paths, one the reverse of another, at three poses with files of three colour modes."""
    project.configure(PATHS)
    for pose, mode in POSES.items():
        for expression in ("neutral", "ah", "ee", "oh"):
            project.draw(expression, pose, mode)
    return project


@pytest.fixture
def point_at(monkeypatch: pytest.MonkeyPatch) -> PointAt:
    """Let the program find a service by the environment, as users do."""

    def point(api: ImagesApi) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", api.base_url)

    return point


def run(project: Project, times: int = 3, **changes: Any) -> Outcome:
    options: dict[str, Any] = {"engine": "openai", "settings": SMALL, "max_workers": 6, **changes}
    return project.make(times, **options)


# Faults that may pass


@pytest.mark.parametrize(("seed", "probability"), [(1, 0.3), (2, 0.4), (3, 0.5)])
def test_no_frame_is_lost_to_a_service_that_fails_at_random(
    rig: Project, point_at: PointAt, seed: int, probability: float
) -> None:
    with ImagesApi(faults=seeded(seed=seed, probability=probability), wait_s=0.02, keep_uploads=False) as api:
        point_at(api)
        outcome = run(rig)

    assert (outcome.status, outcome.sums) == (0, (WRITTEN, 0, 0))
    assert defects_of(rig.sequences) == []
    assert api.unjustified() == []
    assert api.answers[OK] == DRAWN
    assert api.answers.total() > DRAWN


def test_every_fault_that_may_pass_is_outlived_in_one_run(rig: Project, point_at: PointAt) -> None:
    rig.toolbox = Toolbox(policy=UNTIRING)
    every_other_call = nth({2 * at: kind for at, kind in enumerate(sorted(QUICK) * 2, start=1)})

    with ImagesApi(faults=every_other_call, wait_s=0.02, keep_uploads=False) as api:
        point_at(api)
        outcome = run(rig)

    assert (outcome.status, outcome.sums) == (0, (WRITTEN, 0, 0))
    assert defects_of(rig.sequences) == []
    assert api.unjustified() == []
    assert api.answers[OK] == DRAWN
    assert set(QUICK) <= set(api.answers)


@pytest.mark.slow
def test_calls_that_hang_or_trickle_end_at_the_deadline_and_are_made_again(project: Project, point_at: PointAt) -> None:
    """The deadline is one that a good answer meets on a busy machine as well."""
    settings = replace(SMALL, options={"deadline_s": "4"})

    with ImagesApi(faults=attempts(["hang", "trickle"])) as api:
        point_at(api)
        outcome = run(project, 1, settings=settings)

    assert (outcome.status, outcome.sums) == (0, (1, 0, 0))
    assert [retry.reason.partition(": ")[2] for retry in outcome.of(FrameRetried)] == [
        "no whole answer within 4 s; the call may have been billed",
        "no whole answer within 4 s; the call may have been billed",
    ]
    assert dict(api.answers) == {"hang": 1, "trickle": 1, OK: 1}


def test_the_mirrored_half_of_a_pair_comes_from_the_same_answer(rig: Project, point_at: PointAt) -> None:
    with ImagesApi(faults=seeded(seed=4, probability=0.4), wait_s=0.02, keep_uploads=False) as api:
        point_at(api)
        run(rig, 2)

    assert rig.read("ee_to_ah__left", "025.png") == rig.read("ah_to_ee__left", "075.png")


def test_a_run_after_a_stormy_one_asks_for_nothing_and_touches_nothing(rig: Project, point_at: PointAt) -> None:
    with ImagesApi(faults=seeded(seed=5, probability=0.4), wait_s=0.02, keep_uploads=False) as api:
        point_at(api)
        run(rig, 2)
        calls, before = len(api.calls), lying_in(rig.root)
        again = run(rig, 2)

    assert (again.status, again.sums) == (0, (0, 0, 0))
    assert len(api.calls) == calls
    assert lying_in(rig.root) == before


def test_expressions_outlive_the_faults_too(project: Project, point_at: PointAt) -> None:
    names = ["neutral", *(f"mood_{number}" for number in range(24))]
    project.configure([], expressions={name: {} for name in names})

    with ImagesApi(faults=seeded(seed=6, probability=0.5), wait_s=0.02, keep_uploads=False) as api:
        point_at(api)
        base = project.endpoints / "neutral__center.png"
        outcome = project.express(base, engine="openai", settings=SMALL, max_workers=6)

    assert (outcome.status, outcome.sums) == (0, (24, 0, 0))
    assert api.answers[OK] == 24
    assert api.unjustified() == []


def test_what_is_billed_is_the_sum_of_the_good_answers(project: Project, point_at: PointAt) -> None:
    settings = EngineSettings(size=(816, 816), model="gpt-image-2.5-flare", options=SMALL.options)

    with ImagesApi(faults=attempts(["html_502"])) as api:
        point_at(api)
        outcome = run(project, 1, settings=settings)

    [ended], [made] = outcome.of(RunEnded), outcome.of(FrameMade)
    assert outcome.status == 0
    assert ended.cost_usd == made.cost_usd
    assert ended.cost_usd is not None
    assert Decimal("0.01") < ended.cost_usd < Decimal("0.1")


# Rate limits


@pytest.mark.parametrize("kind", ["rate_ms", "rate_seconds", "rate_text", "rate_reset", "rate_plain"])
def test_a_rate_limit_costs_no_try_however_often_it_comes(project: Project, point_at: PointAt, kind: str) -> None:
    project.toolbox = Toolbox(policy=replace(QUICK_POLICY, tries=1))

    with ImagesApi(faults=attempts([kind] * 6), wait_s=0.01) as api:
        point_at(api)
        outcome = run(project, 1)

    assert outcome.status == 0
    assert dict(api.answers) == {kind: 6, OK: 1}
    assert api.unjustified() == []


def test_a_rate_limit_pauses_every_worker_for_the_time_that_it_names(rig: Project, point_at: PointAt) -> None:
    paused = Flag()
    pauses: list[RunPaused] = []
    workers, wait_s = 4, 0.4
    under_way = Barrier(workers)

    def one_is_refused_while_three_are_under_way(seen: Seen) -> str | None:
        if seen.number <= workers:
            under_way.wait(PATIENCE_S)
        if seen.number == 1:
            return "rate_seconds"
        if seen.number <= workers:
            assert paused.wait(PATIENCE_S)
        return None

    def emit(event: Event) -> None:
        if isinstance(event, RunPaused):
            pauses.append(event)
            paused.set()

    with ImagesApi(faults=one_is_refused_while_three_are_under_way, wait_s=wait_s) as api:
        point_at(api)
        status = rig.listen(emit, 1, engine="openai", settings=SMALL, max_workers=workers)

    after = [call.began - api.calls[0].ended for call in api.calls[workers:]]
    assert status == 0
    assert len(pauses) == 1
    assert after
    assert min(after) >= wait_s


def test_a_service_that_refuses_for_ever_ends_the_run_with_advice(rig: Project, point_at: PointAt) -> None:
    rig.toolbox = Toolbox(policy=replace(QUICK_POLICY, patience_s=0.2))

    with ImagesApi(faults=lambda _: "rate_plain") as api:
        point_at(api)
        outcome = run(rig)

    [stopping] = outcome.of(RunStopping)
    assert outcome.status == 1
    assert outcome.sums == (0, 0, WRITTEN)
    assert "run again later" in stopping.reason
    assert api.answers[OK] == 0


def test_a_service_that_names_no_time_to_wait_and_refuses_on_is_not_asked_in_a_hot_loop(
    project: Project, point_at: PointAt
) -> None:
    policy = replace(QUICK_POLICY, first_wait_s=0.05, longest_limited_wait_s=0.2, patience_s=0.6)
    project.toolbox = Toolbox(policy=policy)

    with ImagesApi(faults=lambda _: "rate_seconds", wait_s=0) as api:
        point_at(api)
        outcome = run(project, 1)

    assert outcome.status == 1
    assert len(api.calls) < 12


# Faults that end a run


STOPS = [
    ("quota", "add credit"),
    ("billing", "add credit"),
    ("spend_limit", "raise the limit"),
    ("unauthorized", "check OPENAI_API_KEY"),
    ("forbidden", "must be verified"),
    ("model_not_found", "use --model gpt-image-"),
    ("invalid_value", "'quality'"),
]


@pytest.mark.parametrize(("kind", "advice"), STOPS)
def test_a_stop_saves_what_was_paid_for_and_the_next_run_completes(
    rig: Project, point_at: PointAt, kind: str, advice: str
) -> None:
    workers = 4
    stopping_now = Flag()
    events: list[Event] = []

    written, drawn_in_all = len(PATHS) * len(POSES) * 3, 3 * len(POSES) * 3

    def the_ninth_stops_and_later_ones_answer_after_that(seen: Seen) -> str | None:
        if seen.number > 9:
            assert stopping_now.wait(PATIENCE_S)
        return kind if seen.number == 9 else None

    def emit(event: Event) -> None:
        events.append(event)
        if isinstance(event, RunStopping):
            stopping_now.set()

    with ImagesApi(faults=the_ninth_stops_and_later_ones_answer_after_that, keep_uploads=False) as api:
        point_at(api)
        status = rig.listen(emit, 2, engine="openai", settings=SMALL, max_workers=workers)
        outcome = Outcome(status, events)
        paid, late = api.answers[OK], api.began_after_stop()
        drawn = [made for made in outcome.of(FrameMade) if not made.shared_from]
        shared = [made for made in outcome.of(FrameMade) if made.shared_from]
        api.faults = never
        again = run(rig, 2)

    [stopping], [failed, *_] = outcome.of(RunStopping), outcome.of(FrameFailed)
    assert outcome.status == 1
    assert advice in stopping.reason
    assert advice in failed.reason
    assert KEY not in stopping.reason
    assert len(late) < workers
    assert len(drawn) == paid
    assert sum(outcome.sums) == written
    assert (again.status, again.sums) == (0, (written - paid - len(shared), 0, 0))
    assert api.answers[OK] == drawn_in_all
    assert defects_of(rig.sequences) == []


@pytest.mark.parametrize(("kind", "advice"), STOPS)
def test_a_stop_at_the_first_call_leaves_folders_that_are_whole(
    rig: Project, point_at: PointAt, kind: str, advice: str
) -> None:
    with ImagesApi(faults=lambda _: kind, keep_uploads=False) as api:
        point_at(api)
        outcome = run(rig, max_workers=1)

    assert outcome.status == 1
    assert len(api.calls) == 1
    assert advice in outcome.of(RunStopping)[0].reason
    assert defects_of(rig.sequences) == []
    assert rig.listed("neutral_to_ah__left") == [(0.0, "000.png"), (1.0, "100.png")]


def test_an_expression_run_that_is_stopped_keeps_what_was_paid_for(project: Project, point_at: PointAt) -> None:
    project.configure([], expressions={name: {} for name in ["neutral", *(f"mood_{n}" for n in range(8))]})
    base = project.endpoints / "neutral__center.png"

    with ImagesApi(faults=nth({4: "quota"})) as api:
        point_at(api)
        outcome = project.express(base, engine="openai", settings=SMALL, max_workers=1)
        stopped_with = dict(api.answers)
        api.faults = never
        again = project.express(base, engine="openai", settings=SMALL)

    assert (outcome.status, outcome.sums) == (1, (3, 1, 4))
    assert stopped_with == {OK: 3, "quota": 1}
    assert (again.status, again.sums) == (0, (5, 0, 0))


def test_a_model_that_has_been_shut_down_is_refused_before_anything_happens(rig: Project, point_at: PointAt) -> None:
    with ImagesApi() as api:
        point_at(api)
        with pytest.raises(ModelRetiredError, match="gpt-image-2"):
            run(rig, settings=replace(SMALL, model="gpt-image-1"))

    assert api.calls == []
    assert not rig.sequences.exists()


def test_a_missing_key_is_said_before_anything_happens(rig: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)

    with pytest.raises(EngineUnavailableError, match="OPENAI_API_KEY"):
        run(rig)

    assert not rig.sequences.exists()


def test_a_wrong_key_is_told_by_its_code(rig: Project, point_at: PointAt) -> None:
    with ImagesApi(key="sk-another") as api:
        point_at(api)
        outcome = run(rig, max_workers=1)

    assert outcome.status == 1
    assert [failed.code for failed in outcome.of(FrameFailed)] == [CredentialsError.code]


# Frames that fail alone


def refusing_the_middle_before(end: str) -> Plan:
    """Refuse the frame at 1/2 of the paths that end in an expression."""
    marks = ("(1/2 of the whole movement)", f"the end of the movement: the expression “{end}”")
    return when(lambda prompt: all(mark in prompt for mark in marks), "moderation")


def test_a_refused_picture_blocks_its_descendants_only_and_is_never_asked_for_again(
    rig: Project, point_at: PointAt
) -> None:
    refusing = first_of(refusing_the_middle_before("oh"), seeded(seed=7, probability=0.3))

    with ImagesApi(faults=refusing, wait_s=0.02) as api:
        point_at(api)
        outcome = run(rig)

    failed, blocked = outcome.of(FrameFailed), outcome.of(FrameBlocked)
    assert outcome.status == 1
    assert {(event.subject, event.t) for event in failed} == {(f"neutral_to_oh__{pose}", 0.5) for pose in POSES}
    assert {event.code for event in failed} == {"engine_rejected"}
    assert len(blocked) == len(POSES) * (TWEENS - 1)
    assert {event.subject for event in blocked} == {f"neutral_to_oh__{pose}" for pose in POSES}
    assert outcome.sums == (WRITTEN - len(POSES) * TWEENS, len(POSES), len(POSES) * (TWEENS - 1))
    assert api.answers["moderation"] == len(POSES)
    assert api.unjustified() == []
    assert defects_of(rig.sequences) == []


def test_a_refused_picture_is_said_for_its_mirror_as_well(rig: Project, point_at: PointAt) -> None:
    with ImagesApi(faults=refusing_the_middle_before("ee")) as api:
        point_at(api)
        outcome = run(rig, 1, only="ah_to_ee__left,ee_to_ah__left")

    assert outcome.status == 1
    assert [event.subject for event in outcome.of(FrameFailed)] == ["ah_to_ee__left", "ee_to_ah__left"]
    assert dict(api.answers) == {"moderation": 1}


@pytest.mark.parametrize("kind", ["error_500", "empty_data", "drop", "wrong_size", "html_200"])
def test_a_service_that_only_fails_is_given_up_after_the_tries_and_the_status_is_1(
    rig: Project, point_at: PointAt, kind: str
) -> None:
    with ImagesApi(faults=lambda _: kind) as api:
        point_at(api)
        outcome = run(rig)

    roots = 3 * len(POSES)
    assert outcome.status == 1
    assert len(api.calls) == roots * QUICK_POLICY.tries
    assert outcome.sums == (0, len(PATHS) * len(POSES), len(PATHS) * len(POSES) * (TWEENS - 1))
    assert defects_of(rig.sequences) == []


def test_no_temporary_file_is_left_anywhere(rig: Project, point_at: PointAt) -> None:
    with ImagesApi(faults=seeded(seed=8, probability=0.5), wait_s=0.02) as api:
        point_at(api)
        run(rig)

    assert [name for name in lying_in(rig.root) if name.endswith(".tmp")] == []


def test_a_portrait_larger_than_the_canvas_is_scaled_and_that_is_said_once(tmp_path: Path, point_at: PointAt) -> None:
    large = Project(tmp_path)
    large.configure()
    for expression in ("neutral", "ah"):
        large.draw(expression, size=(48, 64))

    with ImagesApi() as api:
        point_at(api)
        outcome = large.make(2, engine="openai", settings=SMALL)

    said = [str(event) for event in outcome.events if "scaled down" in str(event)]
    assert outcome.status == 0
    assert len(said) == 1
    assert defects_of(large.sequences) == []
