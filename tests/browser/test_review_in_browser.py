"""Open, look, play: what a user does first."""

import re
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Page, expect
from py_aseprite import AsepriteFile

from support.running_studio import RunningStudio
from support.studio_page import WAIT_MS, StudioPage, intervals_ms

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.fixture
def shown(studio: RunningStudio, open_page: OpenPage) -> StudioPage:
    page = StudioPage(open_page(studio.url))
    page.open_sequence("neutral to speaking_ah")
    return page


def test_the_library_lists_every_sequence_with_its_state(shown: StudioPage) -> None:
    options = shown.library.get_by_role("option")

    expect(options).to_have_count(4)
    expect(shown.library.get_by_role("button", name="Complete 4")).to_be_visible(timeout=WAIT_MS)


@pytest.mark.parametrize("fps", [5, 10])
def test_frames_advance_at_the_fps_that_was_chosen(shown: StudioPage, fps: int) -> None:
    shown.timeline.get_by_role("spinbutton", name="fps").fill(str(fps))
    shown.timeline.get_by_role("radio", name="Loop").check(force=True)
    shown.press("Home")
    shown.forget_drawn()

    shown.press("Space")
    drawn = shown.wait_for_drawn(12)
    shown.press("Space")

    assert {round(frame["t"], 2) for frame in drawn} == {0.0, 0.25, 0.5, 0.75, 1.0}
    assert median(intervals_ms(drawn[1:])) == pytest.approx(1000 / fps, rel=0.15)


def test_ping_pong_comes_back_the_way_it_went(shown: StudioPage) -> None:
    """A busy machine skips frames in one round or another, so a whole one is waited for."""
    there = [0.0, 0.25, 0.5, 0.75]
    round_trip = [*there, 1.0, *reversed(there)]
    shown.timeline.get_by_role("radio", name="Ping-pong").check(force=True)
    shown.timeline.get_by_role("spinbutton", name="fps").fill("8")
    shown.press("Home")
    shown.forget_drawn()

    def has_made_a_round_trip() -> bool:
        times = [frame["t"] for frame in shown.drawn()]
        return any(times[first : first + len(round_trip)] == round_trip for first in range(len(times)))

    shown.press("Space")
    shown.until(has_made_a_round_trip)
    shown.press("Space")


def test_the_keys_that_animators_know_move_through_the_film(shown: StudioPage) -> None:
    moves = [
        ("Home", "1"),
        ("ArrowRight", "2"),
        (".", "3"),
        (",", "2"),
        ("End", "5"),
        ("ArrowLeft", "4"),
        ("Home", "1"),
    ]

    for key, frame in moves:
        shown.press(key)
        expect(shown.slider).to_have_attribute("aria-valuenow", re.compile(rf"^{frame}$"))


@pytest.mark.parametrize("mode", ["Wipe", "Difference"])
def test_every_mode_shows_something_of_its_own(shown: StudioPage, mode: str) -> None:
    shown.go_to(5)
    single = shown.seen()

    shown.stage.get_by_role("radio", name=mode).check(force=True)

    expect(shown.stage.get_by_role("radio", name=mode)).to_be_checked()
    shown.until(lambda: shown.seen() != single)


def test_a_key_flips_to_what_the_frame_is_compared_with(shown: StudioPage) -> None:
    shown.go_to(5)
    single = shown.seen()

    shown.press("a")

    shown.until(lambda: shown.seen() != single)


def test_onion_skins_show_the_frames_around(shown: StudioPage) -> None:
    shown.go_to(3)
    plain = shown.seen()

    shown.press("F3")

    expect(shown.stage.get_by_role("button", name="Onion")).to_have_attribute("aria-pressed", "true")
    shown.page.wait_for_timeout(500)
    assert shown.seen() != plain


def test_the_ground_shows_through_where_the_figure_is_not(shown: StudioPage) -> None:
    on_checker = shown.seen()

    shown.stage.get_by_role("radio", name="Green").check(force=True)

    shown.page.wait_for_timeout(300)
    assert shown.seen() != on_checker


def test_zoom_goes_to_whole_pixels_and_back_to_fit(shown: StudioPage) -> None:
    zoom = shown.stage.get_by_role("status", name="Zoom")
    fitted = zoom.inner_text()

    shown.press("+")
    expect(zoom).not_to_have_text(fitted)
    shown.press("1")
    expect(zoom).to_have_text("100 %")
    shown.press("0")
    expect(zoom).to_have_text(fitted)


def test_a_question_mark_shows_the_keys(shown: StudioPage) -> None:
    shown.press("?")

    expect(shown.page.get_by_role("dialog")).to_contain_text("Play or pause")


def test_a_sequence_is_exported_for_another_program_and_downloaded(shown: StudioPage, tmp_path: Path) -> None:
    page = shown.page
    shown.view("Exports")
    page.get_by_role("radio", name="Other programs").check(force=True)
    page.get_by_role("combobox", name="as").select_option("aseprite")
    page.get_by_role("combobox", name="of").select_option("neutral_to_speaking_ah__center")
    page.get_by_role("combobox", name="layers").select_option("one")
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download(timeout=WAIT_MS) as download:
        page.get_by_role("link", name="center.aseprite").click(timeout=WAIT_MS)
    file = tmp_path / "center.aseprite"
    download.value.save_as(file)

    found = AsepriteFile(file.read_bytes())
    assert [layer.name for layer in found.layers] == ["picture"]
    assert found.header.num_frames == 5
