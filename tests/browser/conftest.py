"""A real browser on a real studio: both are processes of their own, and time is the page's own clock.

Chromium comes from the system (`apt-get install chromium`); where there is none these tests skip, unless
`WATERCOLOR_RIG_BROWSER` is `required`, as CI sets it, or names another one. They run in a pytest process of their own:
while the browser's driver is there its event loop runs on the main thread, where other tests begin theirs.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from support.browser import FLAGS, REQUIRED, installed, wish
from support.running_studio import BUILT_PAGE, RunningStudio, adventurer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    found = installed()
    missing = "no Chromium on this machine" if found is None else "the studio's page is not built; run `make ui`"
    if found is None or not BUILT_PAGE.is_file():
        if wish() == REQUIRED:
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a fresh profile; at the end no script of it may have failed."""
    contexts, faults = [], []

    def open_it(url: str, **options: object) -> Page:
        settings = {"viewport": {"width": 1280, "height": 720}, "reduced_motion": "reduce"} | options
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(_text(error)))
        page.goto(url)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the example character with all its frames, made once; tests copy it."""
    return adventurer(tmp_path_factory.mktemp("finished") / "adventurer", with_frames=True)


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished project to work in."""
    return Path(shutil.copytree(finished, tmp_path / "adventurer"))


@pytest.fixture
def studio(project: Path) -> Iterator[RunningStudio]:
    """The studio on that project."""
    with RunningStudio(project) as running:
        yield running


def _text(error: Error) -> str:
    return f"{error.name}: {error.message}\n{error.stack}"
