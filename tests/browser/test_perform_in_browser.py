"""Direct the character in Perform, and see it follow on the page that a program for streaming shows."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

from support.running_studio import SIDE, RunningStudio
from support.studio_page import WAIT_MS, StudioPage, wait_until

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.browser

STAGE_VIEW = {"width": SIDE, "height": SIDE}


@pytest.fixture
def perform(studio: RunningStudio, open_page: OpenPage) -> Page:
    page = open_page(f"{studio.url}/#/perform")
    StudioPage(page)
    expect(page.get_by_role("button", name="speaking ah")).to_be_visible(timeout=WAIT_MS)
    return page


def stage(studio: RunningStudio, open_page: OpenPage, query: str = "") -> Page:
    """Open the stage as large as the drawings, so that each of their pixels is one of the screen."""
    return open_page(f"{studio.url}/stage{query}", viewport=STAGE_VIEW)


def seen(page: Page) -> NDArray[np.uint8]:
    """What the page shows, premultiplied by its alpha, as a screen composes it."""
    return premultiplied(page.screenshot(omit_background=True))


def premultiplied(data: bytes) -> NDArray[np.uint8]:
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA")).astype(np.float64)
    pixels[..., :3] *= pixels[..., 3:] / 255
    return pixels.round().astype(np.uint8)


def drawing(project: Path, expression: str) -> NDArray[np.uint8]:
    return premultiplied((project / f"frames/endpoints/{expression}__center.png").read_bytes())


def expect_to_show(page: Page, expression: str) -> None:
    """Wait until the character rests there, which its label says."""
    expect(page.get_by_role("img", name=expression.replace("_", " "), exact=True)).to_be_visible(timeout=WAIT_MS)


def assert_same(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> None:
    """Equal but for the rounding of colours that are kept premultiplied."""
    assert one.shape == other.shape
    assert int(np.abs(one.astype(int) - other.astype(int)).max()) <= 1


def test_a_button_in_perform_changes_the_stage_to_exactly_that_drawing(
    perform: Page, studio: RunningStudio, open_page: OpenPage, project: Path
) -> None:
    shown = stage(studio, open_page)
    expect_to_show(shown, "neutral")
    assert_same(seen(shown), drawing(project, "neutral"))

    perform.get_by_role("button", name="speaking ah").click()

    expect_to_show(shown, "speaking_ah")
    assert_same(seen(shown), drawing(project, "speaking_ah"))
    expect(perform.get_by_role("button", name="speaking ah")).to_have_attribute("aria-pressed", "true")


def test_the_stage_is_transparent_where_the_character_is_not(studio: RunningStudio, open_page: OpenPage) -> None:
    shown = stage(studio, open_page)
    expect_to_show(shown, "neutral")

    alpha = seen(shown)[..., 3]

    assert [int(alpha[y, x]) for y, x in ((0, 0), (0, -1), (-1, 0), (-1, -1))] == [0, 0, 0, 0]
    assert int(alpha[SIDE // 2, SIDE // 2]) == 255


def test_keys_direct_from_either_page(perform: Page, studio: RunningStudio, open_page: OpenPage) -> None:
    shown = stage(studio, open_page)
    expect_to_show(shown, "neutral")

    perform.keyboard.press("2")
    expect_to_show(shown, "speaking_ah")
    shown.keyboard.press("1")

    expect_to_show(perform, "neutral")
    expect(perform.get_by_role("button", name="neutral")).to_have_attribute("aria-pressed", "true")


def test_the_stages_address_may_say_where_it_begins(studio: RunningStudio, open_page: OpenPage, project: Path) -> None:
    shown = stage(studio, open_page, "?expression=blink_closed&pose=center")
    expect_to_show(shown, "blink_closed")

    assert_same(seen(shown), drawing(project, "blink_closed"))


def test_a_stage_that_is_opened_later_begins_where_the_character_is(
    perform: Page, studio: RunningStudio, open_page: OpenPage
) -> None:
    perform.get_by_role("button", name="speaking ee").click()
    expect(perform.get_by_role("button", name="speaking ee")).to_have_attribute("aria-pressed", "true")

    expect_to_show(stage(studio, open_page), "speaking_ee")


def test_the_character_stays_while_the_studio_is_away_and_follows_when_it_is_back(
    studio: RunningStudio, open_page: OpenPage, project: Path
) -> None:
    shown = stage(studio, open_page, "?expression=speaking_ah")
    expect_to_show(shown, "speaking_ah")

    studio.stop()
    assert_same(seen(shown), drawing(project, "speaking_ah"))
    studio.start()
    director = open_page(f"{studio.url}/#/perform")
    expect(director.get_by_role("button", name="speaking ee")).to_be_visible(timeout=WAIT_MS)

    def follows() -> bool:
        for name in ("neutral", "speaking ee"):
            director.get_by_role("button", name=name).click()
        director.wait_for_timeout(500)
        return shown.get_by_role("img", name="speaking ee", exact=True).count() == 1

    wait_until(shown, follows)


def test_a_character_at_rest_asks_for_no_screen_frames(studio: RunningStudio, open_page: OpenPage) -> None:
    shown = open_page(f"{studio.url}/stage", viewport=STAGE_VIEW, reduced_motion="no-preference")
    expect_to_show(shown, "neutral")
    command = {"expression": "speaking_ah", "pose": "center", "blinks": False}
    headers = {"Content-Type": "application/json"}
    shown.request.post(f"{studio.url}/api/v1/stage", data=command, headers=headers)
    expect_to_show(shown, "speaking_ah")
    expect(shown.locator("watercolor-rig[no-blink]")).to_be_visible()
    shown.wait_for_timeout(1000)
    count = """() => new Promise(resolve => {
        let asked = 0;
        const ask = window.requestAnimationFrame;
        window.requestAnimationFrame = callback => { asked += 1; return ask.call(window, callback); };
        setTimeout(() => resolve(asked), 1500);
    })"""

    assert shown.evaluate(count) == 0


def test_a_change_is_played_frame_by_frame_where_motion_is_wanted(
    studio: RunningStudio, open_page: OpenPage, project: Path
) -> None:
    page = open_page(f"{studio.url}/#/perform", reduced_motion="no-preference")
    StudioPage(page)
    page.get_by_role("combobox", name="A change takes").select_option("1200 ms")
    page.get_by_role("checkbox", name="Blinks by itself").uncheck()
    shown = open_page(f"{studio.url}/stage", viewport=STAGE_VIEW, reduced_motion="no-preference")
    expect_to_show(shown, "neutral")
    ends = [drawing(project, name) for name in ("neutral", "speaking_ah")]

    page.get_by_role("button", name="speaking ah").click()
    expect_to_show(shown, "speaking_ah")
    frames = [seen(shown) for _ in range(3)]

    folder = project / "frames/sequences/neutral_to_speaking_ah__center"
    known = [*ends, *(premultiplied((folder / f"{t}.png").read_bytes()) for t in ("025", "050", "075"))]
    for frame in frames:
        assert min(int(np.abs(frame.astype(int) - each.astype(int)).max()) for each in known) <= 1
    wait_until(shown, lambda: bool(np.abs(seen(shown).astype(int) - ends[1].astype(int)).max() <= 1))
