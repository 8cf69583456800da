"""The studio's page as a user sees it: by what is written on it, never by how it is built."""

import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from playwright.sync_api import Locator, Page, expect

WAIT_MS = 60_000
"""How long a slow machine may take before something is called missing."""


class StudioPage:
    """One page of the studio.

    Args:
        page: The browser's page, with the studio open.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.library = page.get_by_role("region", name="Library")
        self.stage = page.get_by_role("region", name="Stage")
        self.timeline = page.get_by_role("region", name="Timeline")
        self.inspector = page.get_by_role("region", name="Inspector")
        self.jobs = page.get_by_role("main")
        page.locator("#root > *").first.wait_for()  # the window is drawn a moment after the page has loaded

    def open_sequence(self, name: str) -> None:
        """Choose a sequence in the library, such as `neutral to speaking_ah`, and wait for its frames."""
        self.library.get_by_role("option", name=name).click()
        expect(self.slider).to_have_attribute("aria-valuemax", "5", timeout=WAIT_MS)

    @property
    def slider(self) -> Locator:
        """The film's slider; its value is the frame's number, from 1."""
        return self.timeline.get_by_role("slider", name="Frame", exact=True)

    def press(self, *keys: str) -> None:
        """Press keys with nothing but the page in focus."""
        self.page.evaluate("document.activeElement?.blur?.()")
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, number: int) -> None:
        """Go to a frame by the keys alone."""
        self.press("Home", *["ArrowRight"] * (number - 1))
        expect(self.inspector.get_by_role("heading", level=2)).to_be_visible()

    def view(self, name: str) -> None:
        """Show another view."""
        self.page.get_by_role("navigation", name="Views").get_by_role("button", name=name).click()

    def button(self, name: str) -> Locator:
        """A button anywhere on the page."""
        return self.page.get_by_role("button", name=name)

    def seen(self) -> bytes:
        """What the stage shows, as PNG bytes."""
        return self.stage.locator("canvas").first.screenshot()

    def drawn(self) -> list[dict[str, float]]:
        """Every frame that was drawn: `at` in milliseconds of the page's clock, and `t`."""
        found: list[dict[str, float]] = self.page.evaluate("window.__studio?.frameLog ?? []")
        return found

    def forget_drawn(self) -> None:
        """Begin the record of drawn frames anew."""
        self.page.evaluate("window.__studio && (window.__studio.frameLog.length = 0)")

    def wait_for_drawn(self, count: int) -> list[dict[str, float]]:
        """Return what was drawn once it is so many frames."""
        self.until(lambda: len(self.drawn()) >= count)
        return self.drawn()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        wait_until(self.page, holds)

    def api(self, path: str) -> Any:
        """What the server answers this page."""
        return self.page.evaluate("path => fetch(path).then(answer => answer.json())", path)


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds; the page's own rules forbid the browser tool's way of waiting for a script."""
    deadline_s = time.monotonic() + WAIT_MS / 1000
    while not holds():
        assert time.monotonic() < deadline_s, "waited in vain"
        page.wait_for_timeout(50)


def intervals_ms(drawn: Sequence[dict[str, float]]) -> list[float]:
    """The milliseconds between frames that followed each other."""
    return [later["at"] - at["at"] for at, later in pairwise(drawn)]
