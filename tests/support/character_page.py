"""The page that `watercolor-rig export web` writes, as a user sees it, from the disk and from a server."""

import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

WAIT_MS = 60_000
"""How long a slow machine may take before something is called missing."""

Pixels = np.ndarray[Any, Any]


class CharacterPage:
    """One open page.

    Args:
        page: The browser's page, with `index.html` open.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said = page.get_by_role("status")
        self.canvas = page.locator("watercolor-rig canvas")
        self.expressions.first.wait_for()

    @property
    def expressions(self) -> Locator:
        """The button of each expression."""
        return self.page.get_by_role("group", name="Expression").get_by_role("button")

    def button(self, name: str) -> Locator:
        """The button with that word, whatever key it names beside it."""
        return self.page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}( ?[0-9B])?$"))

    def arrived(self, words: str) -> None:
        """Wait until the page says that the character is there, and its button shows it."""
        expect(self.said).to_have_text(words, timeout=WAIT_MS)
        expect(self.button(words.partition(",")[0])).to_have_attribute("aria-pressed", "true")

    def shown(self) -> Pixels:
        """Return what stands on the screen, uint8, (height, width, 3)."""
        box = self.canvas.bounding_box()
        assert box is not None
        x, y, width, height = (round(box[side]) for side in ("x", "y", "width", "height"))  # it lies on whole pixels
        clip: FloatRect = {"x": x, "y": y, "width": width, "height": height}
        picture = Image.open(io.BytesIO(self.page.screenshot(clip=clip, full_page=True)))
        return np.array(picture.convert("RGB"))

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        deadline_s = time.monotonic() + WAIT_MS / 1000
        while not holds():
            assert time.monotonic() < deadline_s, "waited in vain"
            self.page.wait_for_timeout(20)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a loopback port; yields its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
