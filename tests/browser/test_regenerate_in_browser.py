"""Frames made anew: the picture changes without a reload, nothing is lost, and undo is remembered."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from support.running_studio import RunningStudio
from support.studio_page import WAIT_MS, StudioPage

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.browser

PATH = "neutral_to_speaking_ah__center"


def digests(page: StudioPage) -> dict[float, str]:
    sequence = page.api(f"/api/v1/sequences/{PATH}")
    assert "frames" in sequence, sequence
    return {frame["t"]: frame["digest"] for frame in sequence["frames"]}


def changed(before: dict[float, str], after: dict[float, str]) -> set[float]:
    return {t for t in before if before[t] != after[t]}


@pytest.fixture
def shown(studio: RunningStudio, open_page: OpenPage) -> StudioPage:
    page = StudioPage(open_page(studio.url))
    page.open_sequence("neutral to speaking_ah")
    return page


def regenerate(page: StudioPage, name: str = "Regenerate") -> None:
    page.inspector.get_by_role("region", name="Make anew").get_by_role("button", name=name).click()


def test_a_frame_is_made_anew_and_seen_without_a_reload(shown: StudioPage) -> None:
    before = digests(shown)
    shown.go_to(3)
    seen = shown.seen()
    expect(shown.inspector.get_by_role("button", name="Regenerate 0.5 · free")).to_be_enabled(timeout=WAIT_MS)

    regenerate(shown)

    expect(shown.inspector.get_by_role("button", name="Take 2")).to_be_visible(timeout=WAIT_MS)
    assert changed(before, digests(shown)) == {0.5}
    shown.page.wait_for_timeout(300)
    assert shown.seen() != seen


def test_undo_brings_the_old_picture_back_and_outlives_a_reload(shown: StudioPage) -> None:
    before = digests(shown)
    shown.go_to(3)
    regenerate(shown)
    expect(shown.inspector.get_by_role("button", name="Take 2")).to_be_visible(timeout=WAIT_MS)
    made = digests(shown)

    shown.page.reload()
    expect(shown.button("Undo")).to_be_enabled(timeout=WAIT_MS)
    shown.press("Control+z")
    expect(shown.button("Redo")).to_be_enabled(timeout=WAIT_MS)
    assert digests(shown) == before

    shown.press("Control+Shift+z")
    expect(shown.button("Redo")).to_be_disabled(timeout=WAIT_MS)
    assert digests(shown) == made


def test_a_range_is_one_step_and_leaves_the_anchor(shown: StudioPage) -> None:
    before = digests(shown)
    shown.go_to(3)
    shown.press("m")
    expect(shown.inspector.get_by_role("button", name="Trust")).to_have_attribute("aria-pressed", "true")
    film = shown.timeline
    film.get_by_text("0.25", exact=True).last.click()
    film.get_by_text("0.75", exact=True).last.click(modifiers=["Shift"])

    expect(shown.inspector.get_by_role("button", name="Regenerate 2 frames")).to_be_enabled(timeout=WAIT_MS)
    shown.press("Shift+r")

    shown.until(lambda: changed(before, digests(shown)) == {0.25, 0.75})
    expect(shown.button("Undo")).to_be_enabled(timeout=WAIT_MS)
    shown.press("Control+z")
    expect(shown.button("Redo")).to_be_enabled(timeout=WAIT_MS)
    assert digests(shown) == before


def test_two_tabs_see_the_same(studio: RunningStudio, shown: StudioPage, open_page: OpenPage) -> None:
    other = StudioPage(open_page(studio.url))
    other.open_sequence("neutral to speaking_ah")
    other.go_to(3)
    seen = other.seen()
    shown.go_to(3)

    regenerate(shown)

    expect(other.inspector.get_by_role("button", name="Take 2")).to_be_visible(timeout=WAIT_MS)
    other.page.wait_for_timeout(300)
    assert other.seen() != seen
