"""The model table, its prices, and what is checked before a call."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.images_engine import TODAY
from watercolor_rig.core.errors import EngineUnavailableError, ModelRetiredError, UsageError
from watercolor_rig.engines.api import EnginePlugin, EngineSettings
from watercolor_rig.engines.openai_images import plugin as shipped
from watercolor_rig.engines.openai_images.models import find_model, load_table
from watercolor_rig.engines.openai_images.plugin import OpenAIImagesPlugin
from watercolor_rig.engines.openai_images.prices import (
    Tokens,
    estimate,
    input_tokens,
    output_tokens,
    price,
    reported_tokens,
)

WITH_KEY = {"OPENAI_API_KEY": "sk-test"}
PORTRAIT = (1024, 1536)


def checked(settings: EngineSettings, environ: dict[str, str] | None = None, today: date = TODAY) -> str:
    plugin: EnginePlugin = OpenAIImagesPlugin(today=today, environ=WITH_KEY if environ is None else environ)
    return plugin.check(settings)


@pytest.mark.parametrize(
    ("model", "quality", "dollars"),
    [
        ("gpt-image-2", "low", ".0047"),
        ("gpt-image-2", "medium", ".041"),
        ("gpt-image-2", "high", ".165"),
        ("gpt-image-2.5-flare", "low", ".0047"),
        ("gpt-image-2.5-flare", "medium", ".0103"),
        ("gpt-image-2.5-sunburst", "high", ".041"),
    ],
)
def test_the_token_formula_gives_the_published_price_of_a_portrait(model: str, quality: str, dollars: str) -> None:
    tokens = output_tokens(find_model(model), quality, PORTRAIT)

    assert tokens is not None
    cost = price(find_model(model), Tokens(0, 0, tokens))
    assert cost is not None
    assert cost.quantize(Decimal(dollars)) == Decimal(dollars)


@pytest.mark.parametrize(("size", "dollars"), [(PORTRAIT, ".0123"), ((683, 1024), ".0056"), ((3000, 3000), ".0123")])
def test_a_reference_costs_its_patches_up_to_a_cap(size: tuple[int, int], dollars: str) -> None:
    cost = price(find_model("gpt-image-2"), Tokens(0, input_tokens(size), 0))

    assert cost is not None
    assert cost.quantize(Decimal(dollars)) == Decimal(dollars)


def test_a_usual_tween_is_estimated_near_its_reported_price() -> None:
    cost = estimate(find_model("gpt-image-2.5-sunburst"), "medium", PORTRAIT, references=2)

    assert cost is not None
    assert cost == pytest.approx(Decimal("0.035"), abs=Decimal("0.003"))


def test_reported_dearer_qualities_are_estimated_dearer() -> None:
    cheap = output_tokens(find_model("gpt-image-2.5-flare"), "medium", PORTRAIT)
    dear = output_tokens(find_model("gpt-image-2.6-flare"), "medium", PORTRAIT)

    assert cheap is not None
    assert dear is not None
    assert 3 * cheap <= dear <= 4 * cheap


@pytest.mark.parametrize(
    ("model", "quality"), [("gpt-image-1.5", "low"), ("own-model", "low"), ("gpt-image-2", "auto")]
)
def test_what_has_no_known_price_is_estimated_as_unknown(model: str, quality: str) -> None:
    quote = OpenAIImagesPlugin(TODAY, WITH_KEY).quote(EngineSettings(model=model, quality=quality), PORTRAIT, 2)

    assert quote.cost_usd is None
    assert quote.latency_s > 0


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (
            {"input_tokens": 10, "input_tokens_details": {"text_tokens": 4, "image_tokens": 6}, "output_tokens": 3},
            Tokens(4, 6, 3),
        ),
        ({"input_tokens": 10, "output_tokens": 3}, Tokens(0, 10, 3)),
        ({"input_tokens": 10, "input_tokens_details": None, "output_tokens": 3}, Tokens(0, 10, 3)),
        ({"input_tokens": "many", "output_tokens": 3}, None),
        ({"output_tokens": 3}, None),
        ([], None),
        (None, None),
    ],
)
def test_usage_is_read_as_far_as_it_can_be(usage: object, tokens: Tokens | None) -> None:
    assert reported_tokens(usage) == tokens


@pytest.mark.parametrize(
    ("model", "today", "replacement"),
    [
        ("gpt-image-1", TODAY, "gpt-image-2.5-sunburst"),
        ("dall-e-3", TODAY, "gpt-image-2.6-sunburst"),
        ("gpt-image-1-mini", date(2026, 12, 1), "gpt-image-2.6-flare"),
        ("gpt-image-1.5", date(2026, 12, 1), "gpt-image-2.6-sunburst"),
        ("chatgpt-image-latest", date(2027, 1, 1), "gpt-image-2.6-sunburst"),
    ],
)
def test_a_dead_model_is_refused_with_its_replacement(model: str, today: date, replacement: str) -> None:
    with pytest.raises(ModelRetiredError, match=f"use --model {replacement}$"):
        checked(EngineSettings(model=model, size=(1024, 1024)), today=today)


def test_a_model_about_to_end_works_and_says_until_when() -> None:
    words = checked(EngineSettings(model="gpt-image-1.5"), today=date(2026, 11, 30))

    assert words == "gpt-image-1.5, medium, 1024x1536, until 2026-12-01, then gpt-image-2.6-sunburst"


def test_every_replacement_and_the_default_are_models_that_live() -> None:
    table = load_table()
    named = {model.replacement for model in table.models.values() if model.replacement} | {table.default_model}

    assert all(table.models[name].shut_down is None for name in named)


@pytest.mark.parametrize("name", ["gpt-image-2-2026-04-21", "gpt-image-2.5-flare-2026-09-08"])
def test_a_pinned_snapshot_is_its_model(name: str) -> None:
    assert find_model(name).known
    assert find_model(name).name == name


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("gpt-image-1.5", (816, 816)),
        ("gpt-image-2", (1000, 1000)),
        ("gpt-image-2", (512, 512)),
        ("gpt-image-2", (4096, 1024)),
        ("gpt-image-2", (640, 2560)),
        ("gpt-image-2", (3840, 3840)),
        ("own-model", (0, 10)),
    ],
)
def test_a_size_that_the_model_does_not_make_is_refused(model: str, size: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match=f"--size {size[0]}x{size[1]}: {model} does not make it; use "):
        checked(EngineSettings(model=model, size=size))


@pytest.mark.parametrize("size", [(1024, 1536), (816, 816), (3840, 2160), (1680, 944), (512, 1536)])
def test_newer_models_make_any_legal_size(size: tuple[int, int]) -> None:
    assert checked(EngineSettings(size=size)) == f"gpt-image-2.5-sunburst, medium, {size[0]}x{size[1]}"


@given(st.tuples(st.integers(1, 3000), st.integers(1, 3000)))
def test_an_advised_canvas_is_legal_and_holds_the_picture(picture: tuple[int, int]) -> None:
    for name in ("gpt-image-2", "gpt-image-1.5"):
        model = find_model(name)
        canvas = model.smallest_canvas(picture)

        assert canvas is None or (model.allows(canvas) and canvas[0] >= picture[0] and canvas[1] >= picture[1])


@pytest.mark.parametrize(("model", "quality"), [("gpt-image-2", "xhigh"), ("gpt-image-2.6-flare", "best")])
def test_a_quality_that_the_model_lacks_is_refused(model: str, quality: str) -> None:
    with pytest.raises(UsageError, match=f"--quality {quality}: {model} knows low, medium, high"):
        checked(EngineSettings(model=model, quality=quality))


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_deadline_is_a_number_of_seconds(seconds: str) -> None:
    with pytest.raises(UsageError, match="deadline_s"):
        checked(EngineSettings(options={"deadline_s": seconds}))


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": " "}])
def test_without_a_key_it_says_what_to_set(environ: dict[str, str]) -> None:
    with pytest.raises(EngineUnavailableError, match="set OPENAI_API_KEY, or OPENAI_BASE_URL"):
        checked(EngineSettings(), environ)


def test_a_server_of_ones_own_needs_no_key() -> None:
    words = checked(EngineSettings(model="own-model"), {"OPENAI_BASE_URL": "http://127.0.0.1:8000/v1"})

    assert words == "own-model, minimal parameters, 1024x1536, at 127.0.0.1"


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "localhost", "ftp://example.org", "http://"])
def test_a_base_url_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(EngineUnavailableError, match="is no address"):
        checked(EngineSettings(), {"OPENAI_BASE_URL": address})


def test_opening_checks_first() -> None:
    plugin = OpenAIImagesPlugin(TODAY, WITH_KEY)

    for opened in (plugin.open_tweens, plugin.open_expressions):
        with pytest.raises(ModelRetiredError):
            opened(EngineSettings(model="gpt-image-1"))


def test_the_process_environment_counts_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)

    assert shipped.check(EngineSettings()) == "gpt-image-2.5-sunburst, medium, 1024x1536"


def test_it_is_a_paid_engine_for_threads() -> None:
    traits = shipped.traits

    assert (traits.tweens, traits.expressions, traits.direct) == (True, True, False)
    assert (traits.runs_in, traits.paid) == ("threads", True)
    assert "gpt-image-2.5-sunburst" in shipped.summary


def test_checking_and_quoting_do_not_load_the_sdk() -> None:
    program = (
        "import sys; from watercolor_rig.engines.api import EngineSettings;"
        "from watercolor_rig.engines.openai_images import plugin;"
        "plugin.quote(EngineSettings(), (10, 10), 2); sys.exit('openai' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
