"""Drawings come in by dropping them, and expressions are connected in the graph."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.running_studio import EXAMPLE, RunningStudio
from support.studio_page import WAIT_MS, StudioPage

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.browser

DROP = """
(target, [name, data]) => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "image/png" }));
  for (const type of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
}
"""


def read(config: Path) -> dict[str, object]:
    """Return a config without the link to its schema, which depends on where it lies."""
    return {key: value for key, value in json.loads(config.read_text("utf-8")).items() if key != "$schema"}


def drop(page: StudioPage, name: str, data: bytes) -> None:
    """Drop a file beside the cells, as from a folder's window."""
    page.page.get_by_text("drawings are there").evaluate(DROP, [name, base64.b64encode(data).decode()])


def test_a_dropped_drawing_finds_its_place(studio: RunningStudio, open_page: OpenPage) -> None:
    page = StudioPage(open_page(studio.url))
    page.view("Endpoints")
    expect(page.page.get_by_role("img", name="neutral, center")).to_be_visible(timeout=WAIT_MS)
    data = (studio.project / "frames/endpoints/neutral__center.png").read_bytes()

    drop(page, "happy_big__center.png", data)

    expect(page.page.get_by_role("img", name="happy_big, center")).to_be_visible(timeout=WAIT_MS)
    assert (studio.project / "frames/endpoints/happy_big__center.png").read_bytes() == data


def test_a_file_that_is_no_picture_is_refused_in_words(studio: RunningStudio, open_page: OpenPage) -> None:
    page = StudioPage(open_page(studio.url))
    page.view("Endpoints")
    expect(page.page.get_by_role("img", name="neutral, center")).to_be_visible(timeout=WAIT_MS)

    drop(page, "happy_big__center.png", b"no picture at all")

    expect(page.jobs).to_contain_text("PNG", timeout=WAIT_MS)
    assert not (studio.project / "frames/endpoints/happy_big__center.png").exists()


def test_a_new_base_path_is_saved_and_other_keys_stay(studio: RunningStudio, open_page: OpenPage) -> None:
    config = studio.project / "expressions.json"
    before = json.loads(config.read_text("utf-8"))
    page = StudioPage(open_page(studio.url))
    page.view("Endpoints")
    page.page.get_by_role("radio", name="Base paths").check(force=True)

    form = page.page.get_by_role("form", name="Add a base path")
    form.get_by_role("combobox", name="From").select_option("blink_closed")
    form.get_by_role("combobox", name="to").select_option("neutral")
    form.get_by_role("button", name="Add path").click()
    page.button("Save to expressions.json").click()

    page.until(lambda: len(json.loads(config.read_text("utf-8"))["base_paths"]) == 5)
    after = json.loads(config.read_text("utf-8"))
    assert after["base_paths"][-1] == {"id": "blink_closed_to_neutral", "start": "blink_closed", "end": "neutral"}
    assert {k: v for k, v in after.items() if k != "base_paths"} == {
        k: v for k, v in before.items() if k != "base_paths"
    }


def test_an_empty_folder_offers_the_example(tmp_path: Path, open_page: OpenPage) -> None:
    with RunningStudio(tmp_path) as studio:
        page = StudioPage(open_page(studio.url))

        page.page.get_by_role("button", name="example").first.click(timeout=WAIT_MS)

        expect(page.page.get_by_role("img", name="neutral, center")).to_be_visible(timeout=WAIT_MS)
        assert read(tmp_path / "expressions.json") == read(EXAMPLE / "expressions.json")


def test_an_empty_folder_becomes_a_project_of_one_portrait(tmp_path: Path, open_page: OpenPage) -> None:
    portrait = EXAMPLE / "frames/endpoints/neutral__center.png"
    with RunningStudio(tmp_path) as studio:
        page = StudioPage(open_page(studio.url))

        page.page.locator("input[type=file]").first.set_input_files(portrait)
        page.page.get_by_role("textbox", name="Name").fill("Ada")
        page.button("Begin the project").click()

        page.until((tmp_path / "expressions.json").is_file)
        assert (tmp_path / "frames/endpoints/neutral__center.png").read_bytes() == portrait.read_bytes()
