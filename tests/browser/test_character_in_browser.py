"""The page of a character in a real browser: every expression is reached, and what stands there is the drawing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from export.bookshelf import clip, exported
from support.axe import violations
from support.character_page import WAIT_MS, CharacterPage, Pixels, served
from support.running_studio import EXPRESSIONS
from watercolor_rig.cli.main import run

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.browser

WHITE = (255, 255, 255, 255)
LEVELS = 2
"""A browser keeps soft edges premultiplied, which rounds them twice."""


@pytest.fixture(scope="session")
def bundle(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as `watercolor-rig export web` writes it; its folder."""
    folder = tmp_path_factory.mktemp("bundle")
    sequences = finished / "frames/sequences"
    assert run(["export", "web", "--sequences-dir", str(sequences), "--outdir", str(folder), "--fps", "30"]) == 0
    return folder


@pytest.fixture(params=["file", "server"])
def address(request: pytest.FixtureRequest, bundle: Path) -> Iterator[str]:
    """Where the page is: on the disk, and on a server."""
    if request.param == "file":
        yield (bundle / "index.html").as_uri()
        return
    with served(bundle) as root:
        yield f"{root}/index.html"


def drawing(finished: Path, expression: str) -> Pixels:
    """Return the user's drawing on white, uint8, (height, width, 3)."""
    with Image.open(finished / f"frames/endpoints/{expression}__center.png") as picture:
        on_white = Image.alpha_composite(Image.new("RGBA", picture.size, WHITE), picture.convert("RGBA"))
    return np.array(on_white.convert("RGB"))


def looks_like(shown: Pixels, expected: Pixels) -> bool:
    return shown.shape == expected.shape and int(np.abs(shown.astype(int) - expected).max()) <= LEVELS


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_every_button_leads_to_its_drawing(address: str, finished: Path, open_page: OpenPage, motion: str) -> None:
    page = open_page("about:blank", reduced_motion=motion)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(address)
    character = CharacterPage(page)
    page.get_by_role("radio", name="Light").check()
    if motion != "reduce":
        page.get_by_role("checkbox", name="Blinks by itself").uncheck()

    for expression in (*EXPRESSIONS[1:], *EXPRESSIONS):
        character.button(expression.replace("_", " ")).click()
        character.arrived(expression.replace("_", " "))

        assert looks_like(character.shown(), drawing(finished, expression)), expression
    assert told == []


def test_who_wants_no_motion_sees_an_expression_at_once(address: str, open_page: OpenPage) -> None:
    page = open_page(address, reduced_motion="reduce")
    character = CharacterPage(page)

    drawn = page.evaluate("""async () => {
        let drawn = 0;
        const count = () => { drawn += 1; requestAnimationFrame(count); };
        requestAnimationFrame(count);
        await document.querySelector("watercolor-rig").go("speaking_ee");
        return drawn;
    }""")

    character.arrived("speaking ee")
    assert drawn <= 3
    expect(page.get_by_text("expressions change at once, and nothing blinks")).to_be_visible()
    expect(character.button("Blink")).to_be_hidden()


def test_numbers_are_keys_where_it_rests_comes_first_and_closed_eyes_last(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    character = CharacterPage(page)

    assert character.expressions.all_inner_texts() == [
        "speaking ah1",
        "neutral2",
        "speaking ee3",
        "blink closed4",
    ]
    for key, words in (("3", "speaking ee"), ("4", "blink closed"), ("2", "neutral")):
        page.keyboard.press(key)
        character.arrived(words)


def test_another_wish_on_the_way_is_followed_from_there(address: str, finished: Path, open_page: OpenPage) -> None:
    page = open_page(address, reduced_motion="no-preference")
    character = CharacterPage(page)
    page.get_by_role("radio", name="Light").check()
    page.get_by_role("checkbox", name="Blinks by itself").uncheck()

    for name in ("speaking ee", "blink closed", "speaking ah"):
        character.button(name).click()

    character.arrived("speaking ah")
    assert looks_like(character.shown(), drawing(finished, "speaking_ah"))


def test_a_blink_closes_the_eyes_and_opens_them_again(bundle: Path, finished: Path, open_page: OpenPage) -> None:
    closed, opened = drawing(finished, "blink_closed"), drawing(finished, "neutral")
    top, left = np.argwhere((closed != opened).any(axis=2))[-1]
    with served(bundle) as root:
        page = open_page(f"{root}/index.html", reduced_motion="no-preference")
        character = CharacterPage(page)
        page.get_by_role("checkbox", name="Blinks by itself").uncheck()
        character.button("neutral").click()
        character.arrived("neutral")

        page.evaluate(
            """([x, y]) => {
                const canvas = document.querySelector("watercolor-rig").shadowRoot.querySelector("canvas");
                window.seen = [];
                const look = () => {
                    const now = canvas.getContext("2d").getImageData(x, y, 1, 1).data.join();
                    if (now !== window.seen.at(-1)) window.seen.push(now);
                    requestAnimationFrame(look);
                };
                look();
            }""",
            [int(left), int(top)],
        )
        page.keyboard.press("b")

        character.until(lambda: len(seen := page.evaluate("seen")) > 2 and seen[0] == seen[-1])


def test_the_blink_button_rests_where_no_sequence_leads_to_closed_eyes(address: str, open_page: OpenPage) -> None:
    page = open_page(address, reduced_motion="no-preference")
    character = CharacterPage(page)

    expect(character.button("Blink")).to_be_disabled()
    character.button("neutral").click()
    character.arrived("neutral")

    expect(character.button("Blink")).to_be_enabled()


def test_a_character_with_two_poses_has_a_button_for_each(tmp_path: Path, open_page: OpenPage) -> None:
    turn = replace(clip("neutral", "neutral", (0, 1, 3)), name="turn", end_pose="left")
    for name, data in exported("web", [clip(), turn]).files.items():
        (tmp_path / name).write_bytes(data)
    page = open_page((tmp_path / "index.html").as_uri())
    character = CharacterPage(page)

    character.button("left").click()
    character.arrived("neutral, left")
    character.button("ah").click()

    character.arrived("ah, center")
    expect(character.button("center")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("missing", ["watercolor-rig.js", "sheet-0.webp"])
def test_a_file_that_is_missing_is_named(tmp_path: Path, open_page: OpenPage, missing: str) -> None:
    for name, data in exported("web", [clip()]).files.items():
        if name != missing:
            (tmp_path / name).write_bytes(data)

    page = open_page((tmp_path / "index.html").as_uri())

    expect(page.get_by_role("status")).to_contain_text(missing, timeout=WAIT_MS)


def test_what_no_way_leads_to_is_said_and_nothing_changes(tmp_path: Path, open_page: OpenPage) -> None:
    for name, data in exported("web", [clip(), clip("sad", "cry", (3, 4))]).files.items():
        (tmp_path / name).write_bytes(data)
    character = CharacterPage(open_page((tmp_path / "index.html").as_uri()))

    character.button("cry").click()

    expect(character.said).to_contain_text("no way from")
    expect(character.button("neutral")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_usable_by_everybody(address: str, open_page: OpenPage, scheme: str, width: int) -> None:
    page = open_page(address, color_scheme=scheme, viewport={"width": width, "height": 720})
    CharacterPage(page)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("motion", "breath"), [("no-preference", "breath"), ("reduce", "none")])
def test_a_character_breathes_where_it_is_asked_to_and_motion_is_welcome(
    bundle: Path, open_page: OpenPage, motion: str, breath: str
) -> None:
    page = open_page((bundle / "index.html").as_uri(), reduced_motion=motion)
    character = CharacterPage(page)
    named = "canvas => getComputedStyle(canvas).animationName"
    height = "canvas => canvas.getBoundingClientRect().height"

    assert character.canvas.evaluate(named) == "none"
    page.locator("watercolor-rig").evaluate("rig => rig.setAttribute('breathes', '')")
    assert character.canvas.evaluate(named) == breath
    if breath != "none":
        rest = character.canvas.evaluate("canvas => canvas.offsetHeight")
        character.until(lambda: character.canvas.evaluate(height) > 1.004 * rest)
        character.until(lambda: character.canvas.evaluate(height) < 1.002 * rest)
