"""The installed engines as the studio shows them: whether they can work, and what one frame would cost."""

from collections.abc import Mapping

from watercolor_rig.app.engine_choice import KEY_VARIABLE
from watercolor_rig.app.studio.views import EngineView
from watercolor_rig.core.errors import RigError, UsageError
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.engines.registry import Listing, check_engine, list_engines

_PARENTS = 2


def engine_views(environment: Mapping[str, str], size: tuple[int, int]) -> list[EngineView]:
    """Return every installed engine by name, without those that are there for tests.

    Args:
        environment: Environment variables, which say whether there is a key.
        size: (width, height) of this project's frames.
    """
    default = "openai" if environment.get(KEY_VARIABLE, "").strip() else "local"
    listings = list_engines()
    offered = [listing for listing in listings if listing.plugin is None or not listing.plugin.traits.for_tests]
    return [_view(listing, size, default) for listing in offered]


def _view(listing: Listing, size: tuple[int, int], default: str) -> EngineView:
    plugin = listing.plugin
    if plugin is None:
        return EngineView(
            listing.name, "broken", (), "", listing.fault, paid=False, default=False, takes_prompt=False,
            cost_usd=None, seconds=0.0,
        )  # fmt: skip
    settings, traits = EngineSettings(), plugin.traits
    makes = tuple(what for what, does in (("tweens", traits.tweens), ("expressions", traits.expressions)) if does)
    try:
        state, detail = True, check_engine(listing.name, plugin, settings)
    except UsageError as error:
        state, detail = False, str(error)
    cost_usd, seconds = None, 0.0
    try:
        quote = plugin.quote(settings, size, _PARENTS)
        cost_usd, seconds = None if quote.cost_usd is None else float(quote.cost_usd), quote.latency_s
    except RigError:
        pass  # its check has said what is wrong with the settings
    return EngineView(
        name=listing.name,
        state="ready" if state else "unavailable",
        makes=makes,
        summary=plugin.summary,
        detail=detail,
        paid=traits.paid,
        default=listing.name == default,
        takes_prompt=traits.paid,
        cost_usd=cost_usd,
        seconds=seconds,
    )
