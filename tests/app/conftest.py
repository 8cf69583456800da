"""The project that tests of whole runs start from."""

from pathlib import Path

import pytest

from support.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """One path, `neutral_to_ah`, at one pose."""
    project = Project(tmp_path)
    project.configure()
    project.draw("neutral")
    project.draw("ah")
    return project
