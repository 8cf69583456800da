"""Work that takes a while: pause, cancel, reload and restart in the middle of it, and what it costs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from support import images_replies
from support.images_api import ImagesApi
from support.running_studio import RunningStudio, adventurer
from support.studio_page import WAIT_MS, StudioPage

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[ImagesApi]:
    """An image service that takes its time, until it is told to hurry, and draws nothing that is asked for again."""
    monkeypatch.setattr(images_replies, "drawn", images_replies.drawn_in_halves)
    with ImagesApi(latency_s=1.5) as api:
        yield api


@pytest.fixture
def slow(tmp_path: Path, service: ImagesApi) -> Iterator[RunningStudio]:
    """A studio on a project without frames, that draws them with that service."""
    environment = {"OPENAI_API_KEY": "made-up", "OPENAI_BASE_URL": service.base_url}
    with RunningStudio(adventurer(tmp_path / "adventurer", with_frames=False), environment=environment) as studio:
        yield studio


def openai_of(engines: Locator) -> str | None:
    """Return how the list calls the image service, once it is there."""
    return next((label for label in engines.locator("option").all_inner_texts() if label.startswith("openai")), None)


def begin(page: StudioPage) -> None:
    """Make every sequence with the image service, one call at a time; return when the first frame is there."""
    page.view("Jobs")
    page.button("Make sequences").click()
    dialog = page.page.get_by_role("dialog")
    engine = dialog.get_by_role("combobox", name="Engine")
    page.until(lambda: openai_of(engine) is not None)
    engine.select_option(label=openai_of(engine))
    dialog.get_by_role("textbox", name="Workers").fill("1")
    expect(dialog.get_by_role("region", name="What it will make and cost")).to_contain_text("$", timeout=WAIT_MS)
    dialog.get_by_role("button", name="Start").click()
    page.until(lambda: job(page)["made"] >= 1)


def job(page: StudioPage) -> dict[str, Any]:
    """Return the newest job as the server tells of it."""
    found: list[dict[str, Any]] = page.api("/api/v1/jobs")
    return found[0] if found else {"made": 0, "state": ""}


def test_a_job_pauses_and_goes_on(slow: RunningStudio, service: ImagesApi, open_page: OpenPage) -> None:
    page = StudioPage(open_page(slow.url))
    begin(page)

    page.button("Pause").click()
    expect(page.button("Resume")).to_be_visible(timeout=WAIT_MS)
    page.until(lambda: job(page)["running"] == [])
    made, calls = job(page)["made"], len(service.calls)
    page.page.wait_for_timeout(2000)

    assert (job(page)["made"], len(service.calls)) == (made, calls)
    service.latency_s = 0.0
    page.button("Resume").click()
    page.until(lambda: job(page)["state"] == "done")
    assert service.unjustified() == []


def test_a_job_that_is_cancelled_keeps_what_it_has(
    slow: RunningStudio, service: ImagesApi, open_page: OpenPage
) -> None:
    page = StudioPage(open_page(slow.url))
    begin(page)

    page.button("Cancel").first.click()
    page.until(lambda: job(page)["state"] == "cancelled")

    answered = sum(call.answer == "ok" for call in service.calls)
    frames = list(slow.project.glob("frames/sequences/*/0[257]?.png"))
    assert len({frame.read_bytes() for frame in frames}) == answered


def test_a_reload_in_the_middle_shows_the_job_as_it_is(
    slow: RunningStudio, service: ImagesApi, open_page: OpenPage
) -> None:
    page = StudioPage(open_page(slow.url))
    begin(page)

    page.page.reload()

    expect(page.button("Pause")).to_be_visible(timeout=WAIT_MS)
    service.latency_s = 0.0
    page.until(lambda: job(page)["state"] == "done")
    expect(page.jobs).to_contain_text("done", ignore_case=True, timeout=WAIT_MS)


def test_a_restart_in_the_middle_loses_and_repays_nothing(
    slow: RunningStudio, service: ImagesApi, open_page: OpenPage
) -> None:
    page = StudioPage(open_page(slow.url))
    begin(page)

    slow.kill()
    service.latency_s = 0.0
    slow.start()
    page.page.goto(slow.url)
    page.view("Jobs")
    page.page.get_by_role("button", name="Continue").first.click(timeout=WAIT_MS)
    page.until(lambda: job(page)["state"] == "done")

    drawn = sum(call.answer == "ok" for call in service.calls)
    under_way_when_killed = drawn - 9
    assert 0 <= under_way_when_killed <= 1, "9 pictures are to be drawn; only a call that was under way is made again"
    made = sorted(path.name for path in slow.project.glob("frames/sequences/*/*.png"))
    assert len(made) == 4 * 5


def test_the_page_says_what_was_spent(slow: RunningStudio, service: ImagesApi, open_page: OpenPage) -> None:
    service.latency_s = 0.0
    page = StudioPage(open_page(slow.url))
    begin(page)
    page.until(lambda: job(page)["state"] == "done")

    spent = page.api("/api/v1/project")["money"]["spent_usd"]

    assert spent > 0
    expect(page.page.get_by_role("banner")).to_contain_text(f"${spent:.2f}", timeout=WAIT_MS)
