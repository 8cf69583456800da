"""A disk that refuses in the middle of a run: what was said stays true."""

import errno
import os
from pathlib import Path

import pytest

from support.project import PAIR, Project
from watercolor_rig.core.events import FrameFailed, FrameMade, RunEnded


def refuse(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """Let writing any path that contains `part` fail as on a full disk."""

    real_replace = os.replace

    def replace(old: Path, new: Path) -> None:
        if part in str(new):
            raise OSError(errno.ENOSPC, "No space left on device")
        real_replace(old, new)

    monkeypatch.setattr(os, "replace", replace)


def test_a_frame_that_was_written_does_not_fail_with_its_mirrored_copy(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.configure(PAIR[1:])
    project.draw("ee")
    refuse(monkeypatch, "ee_to_ah__center/050.png")

    outcome = project.make(1, max_workers=1)

    assert [made.subject for made in outcome.of(FrameMade)] == ["ah_to_ee__center"]
    assert [failed.subject for failed in outcome.of(FrameFailed)] == ["ee_to_ah__center"]
    assert (outcome.status, outcome.sums) == (1, (1, 1, 0))


def test_a_manifest_that_cannot_be_written_at_the_end_is_a_failure_and_the_sums_are_said(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "manifest.json")

    outcome = project.make(1)

    assert outcome.status == 1
    assert outcome.of(RunEnded)[0].failed > 0
    assert "manifest.json" in outcome.of(FrameFailed)[-1].reason


def test_a_frame_that_could_not_be_written_is_not_said_to_be_made(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "neutral_to_ah__center/050.png")

    outcome = project.make(1)

    assert outcome.of(FrameMade) == []
    assert [failed.t for failed in outcome.of(FrameFailed)] == [0.5]
