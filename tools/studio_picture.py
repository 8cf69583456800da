"""Take the README's picture of the studio: a project in Chromium, as it looks after a sequence was opened.

`make art` runs it.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from support.browser import FLAGS, installed
from support.running_studio import RunningStudio

_WINDOW: ViewportSize = {"width": 1280, "height": 760}
_PATH_ID = "neutral_to_speaking_ah__center"


def main() -> None:
    """Write `studio.webp` into the folder that the command line names."""
    project, folder = (Path(argument) for argument in sys.argv[1:])
    with sync_playwright() as playwright, RunningStudio(project) as studio:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        page = browser.new_page(viewport=_WINDOW, device_scale_factor=1.5, color_scheme="dark")
        page.goto(f"{studio.url}/#/review/{_PATH_ID}?t=0.5")
        page.get_by_role("img", name=f"{_PATH_ID} on the stage").wait_for()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(2000)  # the pictures of the filmstrip are decoded
        taken = Image.open(BytesIO(page.screenshot()))
        browser.close()
    taken.convert("RGB").save(folder / "studio.webp", quality=85, method=6)


if __name__ == "__main__":
    main()
