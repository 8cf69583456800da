"""What is said and done of calls that are under way when a run stops."""

import pytest

from support.project import Project
from watercolor_rig.core.events import FrameBlocked, FrameRetried, RunPaused, RunStopping


@pytest.mark.parametrize("late", ["transient:0.2", "limited:0.2"])
def test_no_further_try_is_announced_once_the_run_stops(pair: Project, late: str) -> None:
    script = f"quota:0.05 @ neutral_to_ah__center; {late} @ neutral_to_ah__left"
    outcome = pair.make(1, script=script, only="neutral_to_ah", max_workers=2)

    [stopping] = outcome.of(RunStopping)
    after = outcome.events[outcome.events.index(stopping) :]
    assert outcome.status == 1
    assert sum(outcome.sums) == 2
    assert [event for event in after if isinstance(event, FrameRetried | RunPaused)] == []


def test_a_call_that_fails_while_the_run_stops_counts_as_not_started_with_its_descendants(pair: Project) -> None:
    script = "quota:0.05 @ neutral_to_ah__center; transient:0.2 @ neutral_to_ah__left"
    outcome = pair.make(2, script=script, only="neutral_to_ah", max_workers=2)

    assert outcome.sums == (0, 1, 5)
    assert {event.by for event in outcome.of(FrameBlocked) if event.subject == "neutral_to_ah__left"} == {"the stop"}
