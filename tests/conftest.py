"""What every test starts from."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def _knows_nothing_of_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what runs learn of services out of the home of whoever runs the tests; processes inherit it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WATERCOLOR_RIG_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        yield
