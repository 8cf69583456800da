"""The engine through the real SDK against a loopback service: what goes out, what comes back."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image

from support.figures import MOUTH, head, premultiplied
from support.images_api import ImagesApi, Seen, when
from support.images_engine import CANVAS, edit, opened, tween
from support.images_replies import good_or_hiding
from support.images_wire import Upload
from support.patience import PATIENCE_S
from watercolor_rig.core.errors import EngineError, PictureError
from watercolor_rig.engines.api import ExpressionRequest
from watercolor_rig.imaging.picture import decode, encode_png, read_icc_profile, read_size


def test_a_tween_is_asked_for_with_both_neighbours_in_order() -> None:
    with ImagesApi() as api, opened(api) as engine:
        engine.tween(tween(head(mouth_px=4), head(mouth_px=30)))

    (call,) = api.calls
    sent = [(upload.field, upload.filename, upload.media_type, upload.size) for upload in call.uploads]
    assert sent == [
        ("image[]", "start.png", "image/png", CANVAS),
        ("image[]", "end.png", "image/png", CANVAS),
    ]
    fields = {name: value for name, value in call.fields.items() if name != "prompt"}
    assert fields == {
        "model": "gpt-image-2.5-sunburst",
        "quality": "medium",
        "size": "816x816",
        "n": "1",
        "background": "opaque",
        "output_format": "png",
    }
    assert call.seen.prompt.startswith("Task: draw the in-between\nCanvas: the flat colour #")


def test_the_anchor_goes_along_as_the_third_picture() -> None:
    with ImagesApi() as api, opened(api) as engine:
        engine.tween(tween(head(), head(mouth_px=30), anchor=head((50, 60))))

    assert [upload.filename for upload in api.calls[0].uploads] == ["start.png", "end.png", "anchor.png"]


def test_an_expression_is_asked_for_with_the_portrait_as_a_single_file() -> None:
    with ImagesApi() as api, opened(api) as engine:
        engine.express(edit(head()))

    assert [(upload.field, upload.filename) for upload in api.calls[0].uploads] == [("image", "base.png")]


@pytest.mark.parametrize("cut_out", [True, False])
@pytest.mark.parametrize("size", [(96, 128), (97, 131), (816, 816)])
def test_a_tween_comes_back_in_the_size_and_place_of_its_neighbours(size: tuple[int, int], cut_out: bool) -> None:  # noqa: FBT001 - a parameter of the test
    start = head(size, mouth_px=4, cut_out=cut_out)

    with ImagesApi() as api, opened(api) as engine:
        made = engine.tween(tween(start, start))

    back = decode(made.png, "made")
    np.testing.assert_array_equal(back[..., 3], start[..., 3])
    assert np.abs(premultiplied(back) - premultiplied(start)).max() <= 1
    assert made.notes == ()


def test_what_the_service_drew_comes_through() -> None:
    base = head()

    with ImagesApi() as api, opened(api) as engine:
        made = engine.express(edit(base))

    back = decode(made.png, "made")
    assert tuple(back[64, 48]) == (180, 20, 40, 255)
    np.testing.assert_array_equal(back[..., 3], base[..., 3])


def test_opaque_pictures_stay_opaque() -> None:
    with ImagesApi() as api, opened(api) as engine:
        made = engine.tween(tween(head(cut_out=False), head(cut_out=False, mouth_px=30)))

    with Image.open(io.BytesIO(made.png)) as image:
        assert image.mode == "RGB"


def test_nothing_transparent_goes_out() -> None:
    with ImagesApi() as api, opened(api) as engine:
        engine.tween(tween(head(), head(mouth_px=30)))

    for upload in api.calls[0].uploads:
        with Image.open(io.BytesIO(upload.data)) as image:
            assert image.mode == "RGB"


def test_an_opaque_picture_that_fills_the_canvas_needs_no_remark_on_it() -> None:
    with ImagesApi() as api, opened(api) as engine:
        engine.express(edit(head(CANVAS, cut_out=False)))

    assert api.calls[0].seen.prompt == "Task: smile"


def test_a_picture_larger_than_the_canvas_is_scaled_down_and_that_is_said() -> None:
    start, end = head((900, 1000), mouth_px=20), head((900, 1000), mouth_px=200)

    with ImagesApi() as api, opened(api) as engine:
        made = engine.tween(tween(start, end))

    assert made.notes == (
        "900x1000 was scaled down to 82% to fit the canvas 816x816; --size 912x1008 keeps its resolution",
    )
    back = decode(made.png, "made")
    np.testing.assert_array_equal(back[..., 3], start[..., 3])
    assert np.abs(back[620 - 5, 450, :3].astype(int) - MOUTH).max() <= 6


def test_a_picture_larger_than_any_canvas_of_the_model_gets_no_advice() -> None:
    with ImagesApi() as api, opened(api, model="gpt-image-1.5", size=(1024, 1024)) as engine:
        made = engine.express(edit(head((1600, 1100), cut_out=False)))

    assert made.notes == ("1600x1100 was scaled down to 64% to fit the canvas 1024x1024",)


def test_the_answer_is_kept_as_received_and_priced_from_its_usage() -> None:
    with ImagesApi() as api, opened(api) as engine:
        made = engine.tween(tween(head(), head(mouth_px=30)))

    assert made.method == "gpt-image-2.5-sunburst"
    assert made.received is not None
    assert read_size(made.received, "received") == CANVAS
    text = len(api.calls[0].seen.prompt) // 4
    patches = 2 * 26 * 26
    assert made.usage is not None
    assert made.usage.request_id == "req_000001"
    assert (made.usage.input_tokens, made.usage.output_tokens) == (text + patches, 343)
    assert made.usage.cost_usd == (text * Decimal(5) + patches * Decimal(8) + 343 * Decimal(30)) / 1_000_000


def test_without_usage_the_price_is_unknown_not_nothing() -> None:
    with ImagesApi(usage=False) as api, opened(api) as engine:
        made = engine.express(edit(head()))

    assert made.usage is not None
    assert made.usage.cost_usd is None
    assert made.usage.request_id == "req_000001"


def test_a_model_that_is_not_listed_gets_the_smallest_set_of_parameters() -> None:
    with ImagesApi() as api, opened(api, model="qwen-image-edit", size=(128, 160)) as engine:
        made = engine.express(edit(head()))

    assert set(api.calls[0].fields) == {"prompt", "model", "size", "n"}
    assert made.usage is not None
    assert made.usage.cost_usd is None


def test_the_colour_profile_of_the_original_is_kept() -> None:
    out = io.BytesIO()
    Image.fromarray(head()).save(out, "PNG", icc_profile=b"a profile")

    with ImagesApi() as api, opened(api) as engine:
        made = engine.express(ExpressionRequest("smile__center", out.getvalue(), "smile"))

    assert read_icc_profile(made.png, "made") == b"a profile"


def test_many_threads_may_call_at_once() -> None:
    all_here = threading.Barrier(6)

    def once_all_are_here(_: Seen) -> None:
        all_here.wait(PATIENCE_S)

    with (
        ImagesApi(faults=once_all_are_here) as api,
        opened(api, model="local", size=(128, 128)) as engine,
        ThreadPoolExecutor(6) as pool,
    ):
        made = list(pool.map(lambda n: engine.express(edit(head(), f"prompt {n}")), range(6)))

    assert len({picture.usage.request_id for picture in made if picture.usage}) == 6
    assert api.max_concurrency == 6


def test_one_call_is_one_attempt() -> None:
    with (
        ImagesApi(faults=when(lambda _: True, "error_500")) as api,
        opened(api) as engine,
        pytest.raises(EngineError),
    ):
        engine.express(edit(head()))

    assert len(api.calls) == 1


def test_closing_gives_up_the_calls_under_way() -> None:
    begun = threading.Event()

    def hang(_: object) -> str:
        begun.set()
        return "hang"

    with ImagesApi(faults=hang) as api, opened(api) as engine, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(engine.express, edit(head()))
        assert begun.wait(PATIENCE_S)
        engine.close()

        with pytest.raises(EngineError, match="smile__center: given up, as the engine was closed"):
            waiting.result(PATIENCE_S)


def test_a_closed_engine_makes_nothing() -> None:
    with ImagesApi() as api, opened(api) as engine:
        engine.close()
        with pytest.raises(EngineError, match="closed"):
            engine.express(edit(head()))

    assert api.calls == []


def test_neighbours_of_different_size_are_an_error_of_the_pictures() -> None:
    with (
        ImagesApi() as api,
        opened(api) as engine,
        pytest.raises(PictureError, match="start is 96x128, end 50x60; make them the same size"),
    ):
        engine.tween(tween(head(), head((50, 60))))

    assert api.calls == []


def test_a_broken_portrait_costs_no_call() -> None:
    with ImagesApi() as api, opened(api) as engine, pytest.raises(PictureError, match="smile__center, base"):
        engine.express(ExpressionRequest("smile__center", b"no picture", "smile"))

    assert api.calls == []


def test_the_server_draws_what_was_asked_so_that_these_tests_mean_something() -> None:
    upload = Upload("image", "base.png", "image/png", encode_png(head()))

    reply = good_or_hiding("ok", {"prompt": "p", "size": "64x64"}, [upload], usage=False)

    assert reply.status == 200
    assert b"b64_json" in reply.body
