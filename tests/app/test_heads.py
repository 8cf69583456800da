"""Heads turned to other poses: one edit for each expression and pose, never put back onto what it was made from."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops

from support import images_replies
from support.images_api import ImagesApi
from support.images_replies import encoded
from support.images_wire import Upload
from support.project import QUICK_POLICY, Outcome, Project, lying_in, picture
from support.redrawn import face
from watercolor_rig.app.budget import Budget
from watercolor_rig.app.costs import say_costs
from watercolor_rig.app.heads import HeadOptions, make_heads
from watercolor_rig.app.journal import EARLIER_ANSWER
from watercolor_rig.app.quality_tries import QualityOptions
from watercolor_rig.app.takes import list_takes
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import EngineUnavailableError, NothingMatchedError, UsageError
from watercolor_rig.core.events import (
    Event,
    FrameBlocked,
    FrameBroken,
    FrameFound,
    FrameMade,
    FramePlanned,
    RunStopping,
    Warned,
    WorkPlanned,
)
from watercolor_rig.core.project_events import CostSummed, TakeListed
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.imaging.picture import decode, encode_png

WANTED = ["neutral__left", "happy__left", "neutral__right", "happy__right"]


@pytest.fixture
def rig(tmp_path: Path) -> Project:
    """Two expressions drawn at the first of three poses."""
    project = Project(tmp_path, Toolbox(policy=QUICK_POLICY))
    project.configure([], expressions={"neutral": {}, "happy": {}}, poses=["center", "left", "right"])
    project.put("neutral__center.png", picture(2))
    project.put("happy__center.png", picture(7))
    return project


def turn(project: Project, script: str = "", **changes: Any) -> Outcome:
    given: dict[str, Any] = {
        "engine": "scripted",
        "settings": EngineSettings(options={"script": script, "cost": "0.04"}),
        **changes,
    }
    events: list[Event] = []
    options = HeadOptions(project.config, project.endpoints, **given)
    return Outcome(make_heads(options, events.append, project.toolbox), events)


def endpoints(project: Project) -> set[str]:
    return {file.stem for file in project.endpoints.iterdir()}


def test_every_expression_gets_its_head_turned_to_every_pose(rig: Project) -> None:
    outcome = turn(rig)

    assert (outcome.status, outcome.sums) == (0, (4, 0, 0))
    assert [made.subject for made in outcome.of(FrameMade)] == WANTED
    assert endpoints(rig) == {"neutral__center", "happy__center", *WANTED}


def test_each_is_made_from_the_same_expression_at_the_source_pose(rig: Project) -> None:
    outcome = turn(rig, dry_run=True, verbose=True)

    planned = {frame.subject: (frame.made_between, frame.prompt) for frame in outcome.of(FramePlanned)}
    made_from, prompt = planned["happy__left"]
    assert list(planned) == WANTED
    assert made_from == ("happy__center.png",)
    assert "Pose: left; body and camera exactly as in Image 1" in prompt
    assert "the expression “happy”" in prompt
    assert endpoints(rig) == {"neutral__center", "happy__center"}


def test_the_price_is_told_before(rig: Project) -> None:
    [planned] = turn(rig, dry_run=True).of(WorkPlanned)

    assert (planned.kind, planned.calls, str(planned.cost_usd)) == ("expression", 4, "0.16")


def test_another_source_pose_can_be_chosen(rig: Project) -> None:
    rig.put("happy__left.png", picture(5))

    outcome = turn(rig, source_pose="left", only="happy_*")

    assert [made.subject for made in outcome.of(FrameMade)] == ["happy__right"]
    assert (rig.endpoints / "happy__right.png").read_bytes() == picture(5)


def test_a_second_run_asks_for_nothing_and_touches_nothing(rig: Project) -> None:
    turn(rig)
    before = lying_in(rig.endpoints)

    outcome = turn(rig)

    assert (outcome.status, outcome.sums) == (0, (0, 0, 0))
    assert [found.subject for found in outcome.of(FrameFound)] == WANTED
    assert lying_in(rig.endpoints) == before


def test_what_fails_leaves_the_rest_and_comes_with_the_next_run(rig: Project) -> None:
    first = turn(rig, script="rejected @ happy__left")
    second = turn(rig)

    assert (first.status, first.sums) == (1, (3, 1, 0))
    assert [made.subject for made in second.of(FrameMade)] == ["happy__left"]


def test_an_equal_request_is_never_paid_for_twice(rig: Project) -> None:
    turn(rig)
    (rig.endpoints / "happy__left.png").unlink()

    again = turn(rig, script="bad")

    assert [(made.subject, made.shared_from) for made in again.of(FrameMade)] == [("happy__left", EARLIER_ANSWER)]


def test_overwrite_keeps_the_old_picture_as_a_take(rig: Project) -> None:
    old = rig.put("happy__left.png", picture(9)).read_bytes()
    heard: list[Event] = []

    turn(rig, overwrite=True, only="happy__left")
    list_takes(rig.root, "happy__left.png", heard.append)

    assert (rig.endpoints / "happy__left.png").read_bytes() != old
    assert len([event for event in heard if isinstance(event, TakeListed)]) == 2


def test_a_limit_stops_before_the_call_that_could_pass_it(rig: Project) -> None:
    outcome = turn(rig, budget=Budget(max_calls=1), max_workers=1)

    assert outcome.status == 1
    assert "--max-calls 1 is reached" in outcome.of(RunStopping)[0].reason
    assert turn(rig).sums == (3, 0, 0)


def test_a_head_whose_source_is_missing_is_named_and_the_others_are_made(rig: Project) -> None:
    (rig.endpoints / "happy__center.png").unlink()

    outcome = turn(rig)

    assert outcome.status == 1
    assert {blocked.subject for blocked in outcome.of(FrameBlocked)} == {"happy__left", "happy__right"}
    assert "happy__center.png, which is not there" in outcome.of(FrameBlocked)[0].by
    assert endpoints(rig) == {"neutral__center", "neutral__left", "neutral__right"}


def test_a_dry_run_tells_of_a_missing_source(rig: Project) -> None:
    (rig.endpoints / "happy__center.png").unlink()

    outcome = turn(rig, dry_run=True, only="happy__left")

    assert [(warned.subject, warned.message) for warned in outcome.of(Warned)] == [
        ("happy__left.png", "cannot be made: happy__center.png is not there; make or draw it first")
    ]


def test_a_drawing_on_another_canvas_is_somebody_s_own_and_stays(rig: Project) -> None:
    rig.put("happy__left.png", picture(2, size=(8, 8)))

    outcome = turn(rig, only="happy__left")

    assert (outcome.status, [found.subject for found in outcome.of(FrameFound)]) == (0, ["happy__left"])
    assert (rig.endpoints / "happy__left.png").read_bytes() == picture(2, size=(8, 8))


def test_a_head_that_is_broken_is_made_again(rig: Project) -> None:
    rig.put("happy__left.png", b"torn")

    outcome = turn(rig, only="happy__left")

    assert len(outcome.of(FrameBroken)) == 1
    assert (rig.endpoints / "happy__left.png").read_bytes() == picture(7)


@pytest.mark.parametrize(
    ("keys", "changes", "message"),
    [
        ({}, {}, "the config lists no poses"),
        ({"poses": ["center"]}, {}, "lists no pose but 'center'"),
        ({"poses": ["center", "left"]}, {"source_pose": "lft"}, "'lft' is not among the poses of the config"),
    ],
)
def test_a_config_without_another_pose_is_refused(
    rig: Project, keys: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    rig.configure([], expressions={"neutral": {}}, **keys)

    with pytest.raises(UsageError, match=message):
        turn(rig, **changes)


def test_a_pattern_that_fits_no_head_is_refused(rig: Project) -> None:
    with pytest.raises(NothingMatchedError, match="neutral__left"):
        turn(rig, only="sad_*")


def test_without_a_key_nothing_happens(rig: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(EngineUnavailableError, match="OPENAI_API_KEY"):
        turn(rig, engine="auto")


def test_what_heads_cost_is_summed_by_their_pose_and_their_run(rig: Project) -> None:
    turn(rig)
    heard: list[Event] = []

    say_costs(rig.root, "sequence", heard.append)
    say_costs(rig.root, "run", heard.append)

    sums = {event.label: event.calls for event in heard if isinstance(event, CostSummed) and event.by == "sequence"}
    assert sums == {"heads__left": 2, "heads__right": 2}
    assert [event.command for event in heard if isinstance(event, CostSummed) and event.by == "run"] == ["heads"]


# Against a service that redraws


def aside(uploads: list[Upload], size: tuple[int, int]) -> bytes:
    """Draw what was sent with everything moved to the side: to this program, a head that has turned."""
    with Image.open(io.BytesIO(uploads[0].data)) as image:
        return encoded(ImageChops.offset(image.convert("RGB").resize(size), size[0] // 12, 0))


def same(uploads: list[Upload], size: tuple[int, int]) -> bytes:
    """Send back what was sent."""
    with Image.open(io.BytesIO(uploads[0].data)) as image:
        return encoded(image.convert("RGB").resize(size))


@pytest.fixture
def drawn_rig(rig: Project) -> Project:
    """As `rig`, with drawings large enough to be laid onto each other."""
    for expression, mouth in (("neutral", 0), ("happy", 12)):
        pixels = face(mouth)
        pixels[pixels[..., 3] == 0] = (180, 200, 220, 255)
        rig.put(f"{expression}__center.png", encode_png(pixels))
    return rig


def served(project: Project, draw: Any, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> tuple[Outcome, ImagesApi]:
    monkeypatch.setattr(images_replies, "drawn", draw)
    with ImagesApi() as api:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", api.base_url)
        settings = EngineSettings(size=(240, 320), model="loopback-image-1", options={"deadline_s": "60"})
        outcome = turn(project, engine="openai", settings=settings, only="happy__left", **changes)
    return outcome, api


def test_a_turned_head_is_taken_as_it_came_where_it_stands(drawn_rig: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome, api = served(drawn_rig, aside, monkeypatch)

    source = decode((drawn_rig.endpoints / "happy__center.png").read_bytes(), "source")
    made = decode((drawn_rig.endpoints / "happy__left.png").read_bytes(), "made")
    assert (outcome.status, len(api.calls)) == (0, 1)
    assert outcome.of(Warned) == []
    assert np.abs(made.astype(int) - np.roll(source, 240 // 12, axis=1)).mean() < 1


def test_a_head_that_came_back_unturned_is_asked_for_once_more_in_other_words(
    drawn_rig: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome, api = served(drawn_rig, same, monkeypatch)

    assert [call.seen.prompt.count("Better than the last try: the head had not turned") for call in api.calls] == [0, 1]
    assert "the head has not turned" in outcome.of(Warned)[0].message
    assert (outcome.status, outcome.sums) == (0, (1, 0, 0))


def test_without_repair_a_head_is_asked_for_once(drawn_rig: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    _, api = served(drawn_rig, same, monkeypatch, quality=QualityOptions(repair=False))

    assert len(api.calls) == 1
