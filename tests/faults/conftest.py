"""The project that tests of whole runs start from."""

from pathlib import Path

import pytest

from support.project import PAIR, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """One path, `neutral_to_ah`, at one pose."""
    project = Project(tmp_path)
    project.configure()
    project.draw("neutral")
    project.draw("ah")
    return project


@pytest.fixture
def pair(project: Project) -> Project:
    """Three paths, one the reverse of another, at two poses."""
    project.configure(PAIR)
    for pose in ("center", "left"):
        for expression in ("neutral", "ah", "ee"):
            project.draw(expression, pose)
    return project
