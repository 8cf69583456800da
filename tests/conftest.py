"""What every test starts from."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from support.project import PAIR, Project

# a busy machine is slow, not wrong
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("settled", settings.get_profile("patient"), derandomize=True)  # CI judges code, not luck
settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def _knows_nothing_of_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what runs learn of services out of the home of whoever runs the tests; processes inherit it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WATERCOLOR_RIG_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True, scope="session")
def _hears_ctrl_c() -> None:
    """Let programs that tests start hear Ctrl-C: a shell has what it runs in the background ignore it, tests too."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
