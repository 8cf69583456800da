"""axe finds no fault in any view, in both colour schemes; and the keyboard alone reaches everything."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from support.axe import violations
from support.running_studio import RunningStudio
from support.studio_page import WAIT_MS, StudioPage

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_no_view_has_a_fault_that_axe_knows(studio: RunningStudio, open_page: OpenPage, scheme: str) -> None:
    page = StudioPage(open_page(studio.url, color_scheme=scheme))
    expect(page.library.get_by_role("option").first).to_be_visible(timeout=WAIT_MS)
    found: dict[str, list[str]] = {"nothing open": violations(page.page)}
    page.open_sequence("neutral to speaking_ah")
    page.go_to(3)
    page.page.wait_for_timeout(500)
    found["review"] = violations(page.page)
    page.press("?")
    expect(page.page.get_by_role("dialog")).to_be_visible()
    found["keys"] = violations(page.page)
    page.page.keyboard.press("Escape")
    for view in ("Endpoints", "Perform", "Jobs", "Exports"):
        page.view(view)
        page.page.wait_for_timeout(500)
        found[view] = violations(page.page)
    page.page.get_by_role("radio", name="Other programs").check(force=True)
    expect(page.page.get_by_role("combobox", name="as")).to_be_visible(timeout=WAIT_MS)
    found["formats"] = violations(page.page)
    page.view("Endpoints")
    page.page.get_by_role("radio", name="Base paths").check(force=True)
    page.page.wait_for_timeout(500)
    found["graph"] = violations(page.page)

    assert {view: faults for view, faults in found.items() if faults} == {}


def test_a_frame_is_made_anew_with_the_keyboard_alone(studio: RunningStudio, open_page: OpenPage) -> None:
    page = open_page(studio.url)
    shown = StudioPage(page)
    expect(shown.library.get_by_role("option").first).to_be_visible(timeout=WAIT_MS)

    for _ in range(40):
        if page.evaluate("document.activeElement?.closest('[role=listbox]') !== null"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(shown.slider).to_have_attribute("aria-valuemax", "5", timeout=WAIT_MS)
    shown.go_to(3)
    expect(shown.inspector.get_by_role("button", name="Regenerate 0.5")).to_be_enabled(timeout=WAIT_MS)
    shown.press("r")

    expect(shown.inspector.get_by_role("button", name="Take 2")).to_be_visible(timeout=WAIT_MS)
