"""What a run over sequences would do and cost: dry runs, engines, pictures sent."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from support.project import Project, defects_of, lying_in
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import EngineUnavailableError
from watercolor_rig.core.events import (
    EngineChosen,
    FileWritten,
    FrameMade,
    FramePlanned,
    RunEnded,
    SequencePlanned,
    Warned,
    WorkPlanned,
)
from watercolor_rig.engines.api import EngineSettings

# Dry runs


def test_a_dry_run_makes_nothing_at_all(pair: Project) -> None:
    before = lying_in(pair.root)
    outcome = pair.make(3, dry_run=True, verbose=True)

    assert outcome.status == 0
    assert lying_in(pair.root) == before
    assert not pair.sequences.exists()
    assert sorted(entry.name for entry in pair.root.iterdir()) == ["expressions.json", "frames"]


def test_a_dry_run_tells_frames_calls_and_savings(pair: Project) -> None:
    outcome = pair.make(3, dry_run=True, settings=EngineSettings(options={"cost": "0.04", "latency": "10"}))

    [plan] = outcome.of(WorkPlanned)
    assert (plan.frames, plan.shared, plan.calls, plan.sequences) == (42, 14, 28, 6)
    assert plan.cost_usd == Decimal("1.12")
    assert plan.seconds == 70.0
    assert {event.path_id: (len(event.draw), len(event.share)) for event in outcome.of(SequencePlanned)} == {
        f"{path}__{pose}": counts
        for path, counts in (("neutral_to_ah", (7, 0)), ("ah_to_ee", (7, 0)), ("ee_to_ah", (0, 7)))
        for pose in ("center", "left")
    }


def test_a_verbose_dry_run_shows_every_prompt(project: Project) -> None:
    planned = project.make(1, dry_run=True, verbose=True).of(FramePlanned)

    assert [(event.file, event.made_between) for event in planned] == [
        ("050.png", ("neutral_to_ah__center/000.png", "neutral_to_ah__center/100.png"))
    ]
    assert "Image 1" in planned[0].prompt


def test_a_dry_run_over_a_complete_folder_finds_nothing_to_do(project: Project) -> None:
    project.make(2)
    before = lying_in(project.root)
    outcome = project.make(2, dry_run=True)

    assert outcome.of(WorkPlanned)[0].frames == 0
    assert outcome.of(WorkPlanned)[0].cost_usd == 0
    assert lying_in(project.root) == before


def test_a_dry_run_goes_on_without_the_key_that_it_would_need(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)

    outcome = project.make(2, dry_run=True, engine="openai", settings=EngineSettings())

    assert outcome.status == 0
    assert "OPENAI_API_KEY" in outcome.of(Warned)[0].message
    assert outcome.of(WorkPlanned)[0].cost_usd


# The anchor

ANCHORED = [
    {"id": "neutral_to_ah", "start": "neutral", "end": "ah"},
    {"id": "ah_to_ee", "start": "ah", "end": "ee"},
]


@pytest.fixture
def anchored(pair: Project) -> Project:
    pair.configure(ANCHORED)
    return pair


def test_the_neutral_goes_along_only_where_it_is_no_parent_already(anchored: Project) -> None:
    planned = anchored.make(2, dry_run=True, verbose=True, anchor="neutral").of(FramePlanned)

    with_a_third = {(event.subject, event.t) for event in planned if "Image 3" in event.prompt}
    assert with_a_third == {
        *((f"ah_to_ee__{pose}", t) for pose in ("center", "left") for t in (0.25, 0.5, 0.75)),
        *((f"neutral_to_ah__{pose}", 0.75) for pose in ("center", "left")),
    }


def test_without_an_anchor_no_prompt_speaks_of_a_third_picture(anchored: Project) -> None:
    planned = anchored.make(2, dry_run=True, verbose=True).of(FramePlanned)

    assert [event for event in planned if "Image 3" in event.prompt] == []


def test_a_pose_without_a_neutral_goes_on_without_the_anchor_and_that_is_said(anchored: Project) -> None:
    (anchored.endpoints / "neutral__left.png").unlink()

    outcome = anchored.make(1, anchor="neutral")

    assert outcome.status == 0
    assert [event.subject for event in outcome.of(Warned)] == ["neutral__left.png"]


# Engines and money


@pytest.mark.parametrize(
    ("environment", "engine", "reason"),
    [
        ({}, "local", "OPENAI_API_KEY is not set"),
        ({"OPENAI_API_KEY": " "}, "local", "OPENAI_API_KEY is not set"),
        ({"OPENAI_API_KEY": "sk-test"}, "openai", "OPENAI_API_KEY is set"),
    ],
)
def test_auto_takes_the_service_where_there_is_a_key_and_says_why_first(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    engine: str,
    reason: str,
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    project.toolbox = Toolbox(environment=environment)

    first = project.make(1, dry_run=True, engine="auto", settings=EngineSettings()).events[0]

    assert isinstance(first, EngineChosen)
    assert (first.engine, first.reason.split("; ")[0]) == (engine, reason)


def test_an_unknown_engine_is_refused_with_the_nearest_name(project: Project) -> None:
    with pytest.raises(EngineUnavailableError, match="did you mean 'crossfade'"):
        project.make(1, engine="crosfade")


def test_the_costs_of_all_calls_are_added_up(pair: Project) -> None:
    outcome = pair.make(2)

    assert outcome.of(RunEnded)[0].cost_usd == Decimal("0.04") * 12
    assert sum(event.cost_usd or 0 for event in outcome.of(FrameMade)) == Decimal("0.48")


def test_the_manifest_is_said_last_and_lies_where_it_is_said(project: Project) -> None:
    outcome = project.make(1)

    [written] = outcome.of(FileWritten)
    assert (written.kind, Path(written.file)) == ("manifest", project.sequences / "neutral_to_ah__center/manifest.json")
    assert outcome.events[-2:] == [written, outcome.of(RunEnded)[0]]


def test_a_manifest_lists_a_frame_as_soon_as_it_is_there_and_never_before(pair: Project) -> None:
    unlisted: list[str] = []

    def look(event: object) -> None:
        if isinstance(event, FrameMade) and event.file not in dict(map(reversed, pair.listed(event.subject))):  # type: ignore[arg-type]
            unlisted.append(event.file)
        if pair.sequences.exists():
            for folder in pair.sequences.iterdir():
                if (folder / "manifest.json").exists():
                    listed = pair.listed(folder.name)
                    unlisted.extend(file for _, file in listed if not (folder / file).exists())

    status = pair.listen(look, 3)

    assert (status, unlisted) == (0, [])


@pytest.mark.parametrize("engine", ["local", "crossfade"])
def test_the_embedded_engines_complete_the_project_too(project: Project, engine: str) -> None:
    project.draw("neutral", size=(96, 128))
    project.draw("ah", size=(96, 128))

    outcome = project.make(2, engine=engine, settings=EngineSettings(), max_workers=1)

    assert (outcome.status, outcome.sums) == (0, (3, 0, 0))
    assert outcome.of(RunEnded)[0].cost_usd == 0
    assert defects_of(project.sequences) == []


def test_a_worker_count_above_the_number_of_frames_is_no_trouble(project: Project) -> None:
    assert project.make(1, max_workers=256).status == 0


def test_a_project_can_be_moved_and_is_still_complete(project: Project, tmp_path: Path) -> None:
    project.make(2)
    moved = replace(project, root=tmp_path / "elsewhere")
    moved.root.mkdir()
    for entry in list(project.root.iterdir()):
        if entry != moved.root:
            entry.rename(moved.root / entry.name)

    assert moved.make(2).sums == (0, 0, 0)
