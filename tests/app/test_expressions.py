"""Runs that make expressions from one portrait, on real folders, with the scripted engine."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from support.project import SIZE, Project, lying_in, picture
from watercolor_rig.core.errors import EngineUnavailableError, NothingMatchedError, UsageError
from watercolor_rig.core.events import (
    EngineChosen,
    FrameBlocked,
    FrameBroken,
    FrameFailed,
    FrameFound,
    FrameMade,
    FramePlanned,
    RunEnded,
    RunStopping,
    Warned,
    WorkPlanned,
)
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.imaging.picture import decode

EXPRESSIONS = ("neutral", "happy", "angry", "ah")


@pytest.fixture
def studio(tmp_path: Path) -> Project:
    """Four expressions to be made from a portrait that lies beside the project's folders."""
    project = Project(tmp_path)
    project.configure([], expressions={name: {} for name in EXPRESSIONS}, poses=["center"])
    portrait(project).write_bytes(picture(2))
    return project


def portrait(project: Project) -> Path:
    return project.root / "portrait.png"


def endpoints(project: Project) -> list[str]:
    return sorted(file.name for file in project.endpoints.iterdir())


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


# Neutral


def test_every_expression_is_made_and_neutral_is_the_portrait_byte_for_byte(studio: Project) -> None:
    outcome = studio.express(portrait(studio))

    assert (outcome.status, outcome.sums) == (0, (4, 0, 0))
    assert endpoints(studio) == [f"{name}__center.png" for name in sorted(EXPRESSIONS)]
    assert (studio.endpoints / "neutral__center.png").read_bytes() == portrait(studio).read_bytes()
    assert outcome.of(WorkPlanned)[0].calls == 3


def test_neutral_is_left_even_where_the_config_does_not_name_it(studio: Project) -> None:
    studio.configure([], expressions={"happy": {}})

    studio.express(portrait(studio))

    assert endpoints(studio) == ["happy__center.png", "neutral__center.png"]


def test_neutral_is_left_even_where_every_expression_fails(studio: Project) -> None:
    outcome = studio.express(portrait(studio), script="rejected")

    assert (outcome.status, outcome.sums) == (1, (1, 3, 0))
    assert endpoints(studio) == ["neutral__center.png"]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_portrait_of_another_format_becomes_a_png_with_the_same_pixels(studio: Project, kind: str) -> None:
    data = io.BytesIO()
    Image.open(io.BytesIO(picture(2, "RGB"))).save(data, kind)
    base = studio.root / "portrait.img"
    base.write_bytes(data.getvalue())

    outcome = studio.express(base)

    neutral = (studio.endpoints / "neutral__center.png").read_bytes()
    assert outcome.status == 0
    assert neutral.startswith(b"\x89PNG")
    assert (decode(neutral, "neutral") == decode(data.getvalue(), "portrait")).all()


def test_with_include_neutral_the_model_draws_it_too(studio: Project) -> None:
    outcome = studio.express(portrait(studio), include_neutral=True)

    assert outcome.of(WorkPlanned)[0].calls == 4
    assert (outcome.status, outcome.sums) == (0, (4, 0, 0))
    assert [made.shared_from for made in outcome.of(FrameMade)] == [""] * 4


def test_include_neutral_works_where_the_config_does_not_name_it(studio: Project) -> None:
    studio.configure([], expressions={"happy": {}})

    outcome = studio.express(portrait(studio), include_neutral=True)

    assert outcome.of(WorkPlanned)[0].calls == 2
    assert endpoints(studio) == ["happy__center.png", "neutral__center.png"]


def test_the_portrait_may_be_the_neutral_endpoint_itself(studio: Project) -> None:
    base = studio.put("neutral__center.png", picture(2))
    before = lying_in(studio.endpoints)

    outcome = studio.express(base)

    assert (outcome.status, outcome.sums) == (0, (3, 0, 0))
    assert lying_in(studio.endpoints)["neutral__center.png"] == before["neutral__center.png"]


def test_include_neutral_never_replaces_the_portrait_itself(studio: Project) -> None:
    base = studio.put("neutral__center.png", picture(2))

    with pytest.raises(UsageError, match="keep the portrait elsewhere"):
        studio.express(base, include_neutral=True, overwrite=True)

    assert base.read_bytes() == picture(2)


def test_another_neutral_that_lies_there_stays_and_that_is_said(studio: Project) -> None:
    studio.put("neutral__center.png", picture(5))

    outcome = studio.express(portrait(studio))

    assert (studio.endpoints / "neutral__center.png").read_bytes() == picture(5)
    assert "--overwrite replaces it" in outcome.of(Warned)[0].message


def test_overwrite_replaces_another_neutral_by_the_portrait(studio: Project) -> None:
    studio.put("neutral__center.png", picture(5))

    studio.express(portrait(studio), overwrite=True)

    assert (studio.endpoints / "neutral__center.png").read_bytes() == picture(2)


def test_a_broken_neutral_is_replaced_by_the_portrait(studio: Project) -> None:
    studio.put("neutral__center.png", b"")

    outcome = studio.express(portrait(studio))

    assert outcome.status == 0
    assert (studio.endpoints / "neutral__center.png").read_bytes() == picture(2)


# Running again


def test_a_second_run_makes_nothing_and_changes_no_file(studio: Project) -> None:
    studio.express(portrait(studio))
    before = lying_in(studio.root)
    again = studio.express(portrait(studio), script="bad")

    assert (again.status, again.sums) == (0, (0, 0, 0))
    assert lying_in(studio.root) == before
    assert len(again.of(FrameFound)) == 3


def test_an_existing_expression_is_skipped_whoever_drew_it(studio: Project) -> None:
    mine = studio.put("happy__center.png", picture(7))

    outcome = studio.express(portrait(studio))

    assert mine.read_bytes() == picture(7)
    assert [found.file for found in outcome.of(FrameFound)] == ["happy__center.png"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [(b"", "not a PNG"), (picture(3)[:150], "truncated"), (picture(3, size=(8, 8)), "is 8x8, the base image is 24x32")],
)
def test_a_broken_or_odd_sized_expression_is_made_again_and_that_is_said(
    studio: Project, data: bytes, fault: str
) -> None:
    studio.put("happy__center.png", data)

    outcome = studio.express(portrait(studio))

    [broken] = outcome.of(FrameBroken)
    assert broken.file == "happy__center.png"
    assert fault in broken.fault
    assert outcome.status == 0
    assert size_of((studio.endpoints / "happy__center.png").read_bytes()) == SIZE


def test_overwrite_makes_every_expression_again(studio: Project) -> None:
    studio.express(portrait(studio))

    assert studio.express(portrait(studio), overwrite=True).of(WorkPlanned)[0].calls == 3


def test_a_failed_expression_is_made_by_the_next_run(studio: Project) -> None:
    first = studio.express(portrait(studio), script="rejected @ angry")
    second = studio.express(portrait(studio))

    assert (first.status, first.sums) == (1, (3, 1, 0))
    assert [(failed.subject, failed.code) for failed in first.of(FrameFailed)] == [("angry__center", "engine_rejected")]
    assert (second.status, second.sums) == (0, (1, 0, 0))


def test_a_stop_tells_which_expressions_were_not_started(studio: Project) -> None:
    outcome = studio.express(portrait(studio), script="quota @ angry", max_workers=1)

    assert outcome.status == 1
    assert "add credit" in outcome.of(RunStopping)[0].reason
    assert [(blocked.subject, blocked.by) for blocked in outcome.of(FrameBlocked)] == [("ah__center", "the stop")]


# What is asked for


def test_only_takes_patterns_of_expressions_and_still_leaves_neutral(studio: Project) -> None:
    studio.express(portrait(studio), only="a*")

    assert endpoints(studio) == ["ah__center.png", "angry__center.png", "neutral__center.png"]


def test_only_without_a_match_says_what_there_is_and_makes_nothing(studio: Project) -> None:
    with pytest.raises(NothingMatchedError, match="'sad' matches no expression; there are: happy, angry, ah"):
        studio.express(portrait(studio), only="sad")

    assert not studio.endpoints.exists()


def test_a_pose_that_the_config_does_not_list_is_warned_of_and_made(studio: Project) -> None:
    outcome = studio.express(portrait(studio), pose="left")

    [warning] = outcome.of(Warned)
    assert (warning.subject, warning.message) == ("left", "is not among the poses of the config (center)")
    assert "happy__left.png" in endpoints(studio)


def test_a_pose_that_is_no_id_is_refused(studio: Project) -> None:
    with pytest.raises(UsageError, match="--pose 'a__b' may not contain '__'"):
        studio.express(portrait(studio), pose="a__b")


@pytest.mark.parametrize("data", [b"", b"<html>", picture(2)[:100]])
def test_a_portrait_that_does_not_decode_is_refused_before_anything_is_spent(studio: Project, data: bytes) -> None:
    portrait(studio).write_bytes(data)

    with pytest.raises(UsageError, match=r"--base-image: .*portrait.png"):
        studio.express(portrait(studio))

    assert not studio.endpoints.exists()


def test_a_missing_portrait_is_refused_with_its_flag(studio: Project) -> None:
    with pytest.raises(UsageError, match="--base-image: cannot read"):
        studio.express(studio.root / "nobody.png")


@pytest.mark.parametrize("engine", ["local", "crossfade"])
def test_an_engine_that_makes_tweens_only_is_refused_with_what_to_set(studio: Project, engine: str) -> None:
    with pytest.raises(UsageError, match="set OPENAI_API_KEY, or OPENAI_BASE_URL"):
        studio.express(portrait(studio), engine=engine)


def test_without_a_key_the_run_stops_with_one_sentence_on_what_to_set(
    studio: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(EngineUnavailableError, match="set OPENAI_API_KEY, or OPENAI_BASE_URL") as caught:
        studio.express(portrait(studio), engine="auto", settings=EngineSettings())

    assert caught.value.exit_status == 2
    assert "\n" not in str(caught.value)
    assert not studio.endpoints.exists()


# Dry runs and money


def test_a_dry_run_makes_nothing_at_all(studio: Project) -> None:
    before = lying_in(studio.root)
    outcome = studio.express(portrait(studio), dry_run=True, verbose=True)

    assert outcome.status == 0
    assert lying_in(studio.root) == before
    assert not studio.endpoints.exists()
    assert [planned.file for planned in outcome.of(FramePlanned)] == [f"{name}__center.png" for name in EXPRESSIONS[1:]]
    assert all("Image 1" in planned.prompt for planned in outcome.of(FramePlanned))


def test_a_dry_run_tells_calls_cost_and_time(studio: Project) -> None:
    settings = EngineSettings(options={"cost": "0.05", "latency": "30"})
    [plan] = studio.express(portrait(studio), dry_run=True, settings=settings, max_workers=2).of(WorkPlanned)

    assert (plan.calls, plan.cost_usd, plan.seconds) == (3, Decimal("0.15"), 60.0)


def test_a_dry_run_counts_the_portrait_that_would_be_copied_as_no_call(studio: Project) -> None:
    studio.express(portrait(studio))
    (studio.endpoints / "neutral__center.png").unlink()

    [plan] = studio.express(portrait(studio), dry_run=True).of(WorkPlanned)

    assert (plan.calls, plan.cost_usd) == (0, Decimal(0))


def test_the_costs_of_all_calls_are_added_up(studio: Project) -> None:
    outcome = studio.express(portrait(studio))

    assert isinstance(outcome.events[0], EngineChosen)
    assert outcome.of(RunEnded)[0].cost_usd == Decimal("0.12")


def test_what_a_killed_run_left_is_swept(studio: Project) -> None:
    leftover = studio.put(".happy__center.png.999999999-0123abcd.tmp", b"half")

    studio.express(portrait(studio))

    assert not leftover.exists()


def test_the_outdir_is_made_where_it_is_absent(studio: Project) -> None:
    deep = studio.root / "a/b/c"

    assert studio.express(portrait(studio), outdir=deep).status == 0
    assert len(list(deep.glob("*.png"))) == 4


def test_what_was_made_can_be_tweened(studio: Project) -> None:
    studio.configure(
        [{"id": "to_happy", "start": "neutral", "end": "happy"}], expressions={name: {} for name in EXPRESSIONS}
    )
    studio.express(portrait(studio))

    assert studio.make(1).status == 0
