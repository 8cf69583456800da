"""What is said and done of calls that are under way when a run stops."""

from pathlib import Path

import pytest

from support.project import Outcome, Project
from watercolor_rig.core.events import Event, FrameBlocked, FrameRetried, RunPaused, RunStopping


def stopped(project: Project, depth: int, late: str, folder: Path) -> Outcome:
    """Run until the call at one pose finds the account empty; the one at the other pose ends after that, as `late`."""
    go = folder / "go"
    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        if isinstance(event, RunStopping):
            go.touch()

    poses = "quota @ neutral_to_ah__center", f"until:{go} @ neutral_to_ah__left", f"{late} @ neutral_to_ah__left"
    status = project.listen(emit, depth, script="; ".join(poses), only="neutral_to_ah", max_workers=2)
    return Outcome(status, events)


@pytest.mark.parametrize("late", ["transient", "limited:0.2"])
def test_no_further_try_is_announced_once_the_run_stops(pair: Project, tmp_path: Path, late: str) -> None:
    outcome = stopped(pair, 1, late, tmp_path)

    [stopping] = outcome.of(RunStopping)
    after = outcome.events[outcome.events.index(stopping) :]
    assert outcome.status == 1
    assert sum(outcome.sums) == 2
    assert [event for event in after if isinstance(event, FrameRetried | RunPaused)] == []


def test_a_call_that_fails_while_the_run_stops_counts_as_not_started_with_its_descendants(
    pair: Project, tmp_path: Path
) -> None:
    outcome = stopped(pair, 2, "transient", tmp_path)

    assert outcome.sums == (0, 1, 5)
    assert {event.by for event in outcome.of(FrameBlocked) if event.subject == "neutral_to_ah__left"} == {"the stop"}
