"""Jobs: what they make, how they stand, and what they are told while they run."""

from collections.abc import Iterator
from fractions import Fraction as F

import pytest

from support.project import Project
from support.studio import Studio, opened
from watercolor_rig.app.studio.job_view import JobState


@pytest.fixture
def studio(project: Project) -> Iterator[Studio]:
    with opened(project) as studio:
        yield studio


def test_a_job_completes_a_sequence(studio: Studio) -> None:
    ended = studio.done(studio.complete())

    assert (ended.total, ended.made, ended.failed, ended.blocked) == (3, 3, 0, 0)
    assert studio.project.frames("neutral_to_ah__center") == ["000.png", "025.png", "050.png", "075.png", "100.png"]


def test_a_frame_is_made_anew(studio: Studio) -> None:
    studio.done(studio.complete())
    ended = studio.done(studio.regenerate("neutral_to_ah__center", F(1, 2)))

    assert (ended.total, ended.made) == (1, 1)
    assert ended.state is JobState.DONE
