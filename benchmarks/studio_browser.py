"""How the studio feels in a browser: playback, the long list, scrolling, the first picture.

Needs Chromium and `make ui`. Everything is measured by the page's own clock in the build that people use; Chromium
draws without a graphics card.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from studio import lay_out
from support.browser import FLAGS, installed
from support.running_studio import EXAMPLE, RunningStudio
from watercolor_rig.app.sequences import SequenceOptions, make_sequences
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.times import times_of_depth

PORTRAIT = (1024, 1536)
FPS = 24
SECONDS = 10
SEQUENCES = 10_000
PATH = "speaking_ah_to_surprised_ah"
WATCH_LIST = """
window.__seen = {};
const ask = window.fetch;
window.fetch = async (...given) => {
  const answer = await ask(...given);
  const url = given[0] instanceof Request ? given[0].url : String(given[0]);
  if (!url.endsWith("/api/v1/sequences")) return answer;
  const read = answer.json.bind(answer);
  answer.json = async () => { const value = await read(); window.__seen.data = performance.now(); return value; };
  return answer;
};
new MutationObserver(() => {
  if (window.__seen.painted !== undefined || !document.querySelector("[role=listbox] [role=option]")) return;
  window.__seen.painted = null;
  requestAnimationFrame(() => requestAnimationFrame(() => { window.__seen.painted = performance.now(); }));
}).observe(document, { subtree: true, childList: true });
"""
WATCH_STAGE = """
requestAnimationFrame(function look() {
  const canvas = document.querySelector("canvas");
  const row = canvas?.width && canvas.getContext("2d")?.getImageData(0, canvas.height / 2, canvas.width, 1).data;
  const isSkin = (at) => row[4 * at] - row[4 * at + 2] > 20;  // warm, where the ground is grey
  if (row && [...Array(canvas.width).keys()].some(isSkin)) window.__shown = performance.now();
  else requestAnimationFrame(look);
});
"""
SCROLL = """
async (speed) => {
  const list = document.querySelector("[role=listbox]");
  const box = [list, ...(function* up(e) { while ((e = e.parentElement)) yield e; })(list)]
    .find((e) => e.scrollHeight > e.clientHeight + 1);
  const gaps = [];
  await new Promise((done) => {
    const began = performance.now();
    let last = began;
    requestAnimationFrame(function frame(now) {
      gaps.push(now - last);
      last = now;
      box.scrollTop = ((now - began) / 1000) * speed;
      if (now - began < 3000) requestAnimationFrame(frame); else done();
    });
  });
  return gaps.slice(1);
}
"""


def main() -> None:
    """Measure and print."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "portrait"
            lay_portrait(root)
            with RunningStudio(root) as studio:
                measure_first_picture(browser, studio)
                measure_playback(browser, studio)
        with tempfile.TemporaryDirectory() as folder:
            lay_out(Path(folder), SEQUENCES)
            with RunningStudio(Path(folder)) as studio:
                measure_list(browser, studio)
        browser.close()


def lay_portrait(root: Path) -> None:
    """Make one sequence of 17 frames of 1024×1536 of the example character."""
    endpoints = root / "frames/endpoints"
    endpoints.mkdir(parents=True)
    for name in ("speaking_ah", "surprised_ah"):
        with Image.open(EXAMPLE / f"frames/endpoints/{name}__center.png") as drawing:
            sheet = Image.new("RGBA", PORTRAIT)
            sheet.paste(drawing.convert("RGBA"), (0, (PORTRAIT[1] - drawing.height) // 2))
            sheet.save(endpoints / f"{name}__center.png")
    config = root / "expressions.json"
    config.write_text(
        json.dumps({"base_paths": [{"id": PATH, "start": "speaking_ah", "end": "surprised_ah"}]}), encoding="utf-8"
    )
    options = SequenceOptions(config, endpoints, root / "frames/sequences", times_of_depth(4), engine="local")
    make_sequences(options, lambda _event: None, Toolbox())


@contextmanager
def page_of(browser: Browser, url: str, script: str = "") -> Iterator[Page]:
    """Open an address in a fresh profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    if script:
        page.add_init_script(script)
    page.goto(url)
    yield page
    context.close()


def measure_first_picture(browser: Browser, studio: RunningStudio) -> None:
    """Print how long after the address was opened the first frame stands on the stage."""
    taken = []
    for _ in range(6):
        with page_of(browser, f"{studio.url}/#/review/{PATH}__center", WATCH_STAGE) as page:
            wait_for(page, "window.__shown ?? 0")
            taken.append(page.evaluate("window.__shown"))
            page.wait_for_load_state("networkidle")  # the server is at rest again before the next opening
    print(
        f"first picture: {median(taken[1:]):.0f} ms after opening (cold: {taken[0]:.0f}, worst: {max(taken[1:]):.0f})"
    )


def measure_playback(browser: Browser, studio: RunningStudio) -> None:
    """Print how many frames of ten seconds at 24 FPS were drawn, each one in its turn."""
    with page_of(browser, f"{studio.url}/#/review/{PATH}__center") as page:
        transport = page.get_by_role("region", name="Timeline")
        page.wait_for_timeout(10_000)  # every frame is decoded before the first play anyway
        transport.get_by_role("spinbutton", name="fps").fill(str(FPS))
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Space")
        page.wait_for_timeout(SECONDS * 1000)
        page.keyboard.press("Space")
        log: list[dict[str, float]] = page.evaluate("window.__studio.frameLog")
    gaps = sorted(later["at"] - at["at"] for at, later in pairwise(log))
    skipped = sum(round(abs(later["t"] - at["t"]) * 16) - 1 for at, later in pairwise(log))
    seconds = (log[-1]["at"] - log[0]["at"]) / 1000
    print(f"playback at {FPS} FPS: {len(log)} frames in {seconds:.1f} s, {skipped} dropped")
    print(f"between frames: {median(gaps):.1f} ms (95 %: {gaps[int(len(gaps) * 0.95)]:.1f}, worst {gaps[-1]:.1f})")


def measure_list(browser: Browser, studio: RunningStudio) -> None:
    """Print how long ten thousand rows take to appear, and how smoothly they scroll."""
    while any(row["state"] == "unchecked" for row in studio.get("/api/v1/sequences")):
        pass
    taken = []
    for _ in range(5):
        with page_of(browser, studio.url, WATCH_LIST) as page:
            wait_for(page, "window.__seen.painted ?? 0")
            taken.append(page.evaluate("window.__seen.painted - window.__seen.data"))
    print(f"list of {SEQUENCES:,}: painted {median(taken):.0f} ms after its data (worst {max(taken):.0f})")
    with page_of(browser, studio.url, WATCH_LIST) as page:
        wait_for(page, "window.__seen.painted ?? 0")
        page.wait_for_timeout(2000)
        for speed in (300, 1500, 6000):
            gaps: list[float] = page.evaluate(SCROLL, speed)
            print(f"scrolling {speed} px/s: {1000 * len(gaps) / sum(gaps):.0f} FPS, worst gap {max(gaps):.0f} ms")


def wait_for(page: Page, happened: str) -> None:
    """Ask until an expression is true; the page's own rules forbid the browser tool's way of waiting."""
    while not page.evaluate(happened):
        page.wait_for_timeout(20)


if __name__ == "__main__":
    main()
