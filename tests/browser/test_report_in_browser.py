"""The report in a real browser: its loops play, it can be read by everybody, and it asks nobody for anything."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.axe import violations
from support.studio_page import WAIT_MS
from watercolor_rig.cli.main import run

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def report(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report on the example, of which one frame is poor; its address."""
    project = Path(shutil.copytree(finished, tmp_path_factory.mktemp("reported") / "adventurer"))
    manifest = project / "frames/sequences/neutral_to_speaking_ah__center/manifest.json"
    said = json.loads(manifest.read_bytes())
    said["frames"][2]["quality"] = {"score": 0.2, "good": False, "parts": {}, "faults": ["the hair boils"], "needs": []}
    manifest.write_text(json.dumps(said))
    folders = ["--sequences-dir", project / "frames/sequences", "--endpoints-dir", project / "frames/endpoints"]
    assert (
        run(["report", *map(str, folders), "--outdir", str(project / "report"), "--only", "neutral_to_*,neutral__*"])
        == 0
    )
    return (project / "report/index.html").as_uri()


def test_the_loop_plays_and_can_be_held_still(report: str, open_page: OpenPage) -> None:
    page = open_page(report, reduced_motion="no-preference")
    loop = page.get_by_alt_text("neutral_to_speaking_ah__center, playing forth and back")
    loop.scroll_into_view_if_needed()

    assert loop.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    seen = {loop.screenshot()}
    deadline_s = time.monotonic() + WAIT_MS / 1000
    while len(seen) < 2:
        assert time.monotonic() < deadline_s, "the loop stands still"
        seen.add(loop.screenshot())

    page.get_by_role("checkbox", name="Hold the previews still").check()
    expect(loop).to_be_hidden()
    expect(page.get_by_alt_text("neutral_to_speaking_ah__center, held still")).to_be_visible()


def test_who_wants_no_motion_gets_none_unless_it_is_asked_for(report: str, open_page: OpenPage) -> None:
    page = open_page(report, reduced_motion="reduce")
    loop = page.get_by_alt_text("neutral_to_speaking_ah__center, playing forth and back")

    expect(loop).to_be_hidden()
    page.get_by_role("checkbox", name="Play the previews").check()
    expect(loop).to_be_visible()


def test_the_worst_frame_is_one_link_away_with_the_keyboard(report: str, open_page: OpenPage) -> None:
    page = open_page(report)
    first = page.get_by_role("region", name="What to look at first")

    link = first.get_by_role("link", name="neutral_to_speaking_ah__center, t = 0.50")
    link.focus()
    page.keyboard.press("Enter")

    expect(page.locator(":target")).to_contain_text("the hair boils")
    expect(page.locator(":target")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_is_read_by_everybody_and_says_nothing_on_the_console(
    report: str, open_page: OpenPage, scheme: str
) -> None:
    page = open_page("about:blank", color_scheme=scheme)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url[:40]))
    page.goto(report)
    page.get_by_text("How to read this page").click()

    found = violations(page)

    assert found == []
    assert said == []
    assert [url for url in asked if not url.startswith(("data:image/webp", "file:"))] == []
