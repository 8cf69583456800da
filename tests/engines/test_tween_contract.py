"""What every engine that draws in-betweens by itself must keep, run against each of them."""

import io
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from support.shared_material import CHARACTERS, endpoint_pairs, needs_shared, scorer
from support.synthetic import face, pairs, png
from watercolor_rig.core.errors import EngineError, PictureError, UsageError
from watercolor_rig.engines import crossfade, local
from watercolor_rig.engines.api import EnginePlugin, EngineSettings, MadePicture, TweenEngine, TweenRequest
from watercolor_rig.imaging.change import regions_that_may_move
from watercolor_rig.imaging.picture import Rgba, decode
from watercolor_rig.imaging.premultiplied import to_premultiplied

PLUGINS: dict[str, EnginePlugin] = {"local": local.plugin, "crossfade": crossfade.plugin}
HALF = Fraction(1, 2)


@pytest.fixture(params=PLUGINS)
def plugin(request: pytest.FixtureRequest) -> EnginePlugin:
    return PLUGINS[request.param]


@pytest.fixture
def engine(plugin: EnginePlugin) -> TweenEngine:
    return plugin.open_tweens(EngineSettings())


def tween(engine: TweenEngine, start: bytes, end: bytes, t: Fraction = HALF) -> MadePicture:
    return engine.tween(TweenRequest("a_to_b__center t=0.5", start, end, Fraction(0), Fraction(1), t))


def pixels_of(engine: TweenEngine, start: bytes, end: bytes, t: Fraction = HALF) -> Rgba:
    return decode(tween(engine, start, end, t).png, "made")


def may_move(start: Rgba, end: Rgba) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    inside = np.zeros(start.shape[:2], dtype=bool)
    for region in regions_that_may_move(start, end):
        inside[region.box.slices()] |= region.mask
    return inside


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 1), (3, 5), (16, 16), (120, 90)])
def test_a_picture_of_any_size_keeps_its_size(engine: TweenEngine, size: tuple[int, int]) -> None:
    made = pixels_of(engine, png(face(*size)), png(face(*size, mouth_top=0.5, mouth_height=0.3)))

    assert (size[1], size[0], 4) == made.shape


def test_the_answer_is_a_png(engine: TweenEngine) -> None:
    made = tween(engine, png(face(40, 60)), png(face(40, 60, mouth_height=0.2)))

    with Image.open(io.BytesIO(made.png)) as image:
        assert image.format == "PNG"


@pytest.mark.parametrize("name", PLUGINS)
@settings(max_examples=60, deadline=None)
@given(ends=pairs(), t=st.fractions(Fraction(1, 64), Fraction(63, 64), max_denominator=64))
def test_every_pixel_outside_the_region_that_may_move_is_the_start_bit_for_bit(
    name: str, ends: tuple[Rgba, Rgba], t: Fraction
) -> None:
    start, end = ends
    made = pixels_of(PLUGINS[name].open_tweens(EngineSettings()), png(start), png(end), t)

    outside = ~may_move(start, end)
    assert np.array_equal(start[outside], made[outside])


@pytest.mark.parametrize("name", PLUGINS)
@settings(max_examples=40, deadline=None)
@given(ends=pairs())
def test_colours_stay_between_what_both_pictures_contain(name: str, ends: tuple[Rgba, Rgba]) -> None:
    """Premultiplied mixing can neither brighten an edge nor bring up the colour hidden under alpha 0."""
    start, end = ends
    made = to_premultiplied(pixels_of(PLUGINS[name].open_tweens(EngineSettings()), png(start), png(end)))

    both = np.concatenate([to_premultiplied(start).reshape(-1, 4), to_premultiplied(end).reshape(-1, 4)])
    level = 1.01 / 255
    assert (made >= both.min(axis=0) - level).all()
    assert (made <= both.max(axis=0) + level).all()


@pytest.mark.parametrize("near_end", [False, True])
def test_close_to_an_end_the_picture_is_close_to_that_end(engine: TweenEngine, near_end: bool) -> None:  # noqa: FBT001 - a test parameter
    start, end = face(60, 80), face(60, 80, mouth_top=0.58, mouth_height=0.1)
    made = pixels_of(engine, png(start), png(end), Fraction(999, 1000) if near_end else Fraction(1, 1000))

    wanted = to_premultiplied(end if near_end else start)
    assert np.abs(to_premultiplied(made) - wanted).max() < 0.03


def test_the_same_input_gives_the_same_bytes(plugin: EnginePlugin) -> None:
    start, end = png(face(60, 80)), png(face(60, 80, mouth_height=0.2))
    made = [tween(plugin.open_tweens(EngineSettings()), start, end).png for _ in range(2)]

    assert made[0] == made[1]


def test_other_frames_made_before_do_not_change_the_bytes(plugin: EnginePlugin) -> None:
    start, end = png(face(60, 80)), png(face(60, 80, mouth_height=0.2))
    busy = plugin.open_tweens(EngineSettings())
    for other in (0.1, 0.3, 0.4):
        tween(busy, start, png(face(60, 80, mouth_height=other)), Fraction(1, 4))

    assert tween(plugin.open_tweens(EngineSettings()), start, end).png == tween(busy, start, end).png


def test_many_threads_get_what_one_thread_gets(engine: TweenEngine) -> None:
    start, ends = png(face(60, 80)), [png(face(60, 80, mouth_height=height / 20)) for height in range(2, 8)]
    alone = [tween(engine, start, end).png for end in ends]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda end: tween(engine, start, end).png, ends * 3))

    assert alone * 3 == together


def test_identical_ends_give_the_start_file_itself(engine: TweenEngine) -> None:
    start = png(face(40, 60))

    assert start == tween(engine, start, start).png


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGB", "1"])
def test_files_of_any_colour_mode_are_taken(engine: TweenEngine, mode: str) -> None:
    start = png(face(40, 60), mode)
    end = png(face(40, 60, mouth_top=0.5, mouth_height=0.3), mode)
    made = pixels_of(engine, start, end)

    assert made.shape == (60, 40, 4)
    assert not np.array_equal(decode(start, "start"), made)


def test_the_colour_profile_is_carried_over(engine: TweenEngine) -> None:
    start = png(face(40, 60), icc_profile=b"a profile")
    made = tween(engine, start, png(face(40, 60, mouth_height=0.3)))

    with Image.open(io.BytesIO(made.png)) as image:
        assert image.info["icc_profile"] == b"a profile"


def test_ends_of_different_size_are_refused_with_both_sizes(engine: TweenEngine) -> None:
    with pytest.raises(PictureError, match=r"40x60 and 41x60.*one size"):
        tween(engine, png(face(40, 60)), png(face(41, 60)))


@pytest.mark.parametrize("side", ["start", "end"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", PLUGINS)
def test_a_damaged_file_is_an_error_of_ours_or_harmless(name: str, side: str, data: st.DataObject) -> None:
    whole = png(face(24, 30))
    kind = data.draw(st.sampled_from(["cut", "flipped", "noise"]))
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = {
        "cut": whole[:at],
        "flipped": whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :],
        "noise": data.draw(st.binary(max_size=64)),
    }[kind]
    good = png(face(24, 30, mouth_height=0.3))
    ends = (broken, good) if side == "start" else (good, broken)
    try:
        made = tween(PLUGINS[name].open_tweens(EngineSettings()), *ends)
    except (PictureError, EngineError) as error:
        assert "a_to_b__center" in str(error)  # noqa: PT017 - any other error fails the test
    else:
        assert kind == "flipped" or np.array_equal(decode(broken, "broken"), decode(whole, "whole"))
        assert decode(made.png, "made").shape == (30, 24, 4)


def test_the_method_is_named(engine: TweenEngine) -> None:
    made = tween(engine, png(face(40, 60)), png(face(40, 60, mouth_height=0.3)))

    assert made.method in {"shape", "flow", "learned", "chosen", "crossfade"}


def test_after_closing_the_memory_is_free_and_closing_twice_is_fine(engine: TweenEngine) -> None:
    tween(engine, png(face(40, 60)), png(face(40, 60, mouth_height=0.3)))

    engine.close()
    engine.close()


def test_a_free_engine_quotes_no_cost_and_some_time(plugin: EnginePlugin) -> None:
    small = plugin.quote(EngineSettings(), (100, 100), 2)
    large = plugin.quote(EngineSettings(), (1024, 1536), 2)

    assert small.cost_usd == large.cost_usd == 0
    assert 0 < small.latency_s < large.latency_s


def test_it_says_that_it_makes_no_expressions(plugin: EnginePlugin) -> None:
    assert plugin.check(EngineSettings())
    assert plugin.summary
    assert plugin.traits.tweens
    assert not plugin.traits.expressions
    with pytest.raises(UsageError, match="openai"):
        plugin.open_expressions(EngineSettings())


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("character", CHARACTERS)
def test_nothing_outside_what_may_move_changes_on_a_real_character(engine: TweenEngine, character: str) -> None:
    truth = scorer()
    start, end = endpoint_pairs(character)[0]
    made = pixels_of(engine, start.read_bytes(), end.read_bytes())

    first, second = truth.raw(start), truth.raw(end)
    *_, lock = truth.measure(first, second, made, first)
    assert lock == 0
