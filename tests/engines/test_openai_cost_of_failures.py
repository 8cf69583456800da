"""An answer that cannot be used was paid for all the same."""

from decimal import Decimal

import pytest

from support.figures import head
from support.images_api import ImagesApi, nth
from support.images_engine import opened, tween
from watercolor_rig.core.errors import TransientError


@pytest.mark.parametrize("fault", ["truncated_png", "wrong_size", "bad_base64"])
def test_a_billed_answer_that_is_no_picture_says_what_it_cost(fault: str) -> None:
    with ImagesApi(faults=nth({1: fault})) as api, opened(api) as engine:
        with pytest.raises(TransientError) as caught:
            engine.tween(tween(head(), head(mouth_px=30)))
        paid = engine.tween(tween(head(), head(mouth_px=30))).usage

    assert paid is not None
    assert caught.value.cost_usd == paid.cost_usd != Decimal(0)


def test_a_failure_without_usage_names_no_price() -> None:
    with (
        ImagesApi(faults=nth({1: "html_502"})) as api,
        opened(api) as engine,
        pytest.raises(TransientError) as caught,
    ):
        engine.tween(tween(head(), head(mouth_px=30)))

    assert caught.value.cost_usd is None
