"""The use case behind `watercolor-rig engines`: what can make pictures here, and what keeps the rest from it."""

from watercolor_rig.app.tally import Emit
from watercolor_rig.core.errors import UsageError
from watercolor_rig.core.events import EngineListed
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.engines.registry import Listing, check_engine, list_engines


def say_engines(emit: Emit) -> int:
    """Say every installed engine; return the exit status 0, broken plug-ins or not."""
    for listing in list_engines():
        emit(describe_engine(listing, EngineSettings()))
    return 0


def describe_engine(listing: Listing, settings: EngineSettings) -> EngineListed:
    """Return whether an engine can work with these settings, and what keeps it from that."""
    name, plugin = listing.name, listing.plugin
    if plugin is None:
        return EngineListed(name, "broken", (), listing.fault)
    traits = plugin.traits
    makes = tuple(what for what, does in (("tweens", traits.tweens), ("expressions", traits.expressions)) if does)
    try:
        detail = check_engine(listing.name, plugin, settings)
    except UsageError as error:
        return EngineListed(name, "unavailable", makes, f"{plugin.summary}; {error}")
    return EngineListed(name, "ready", makes, f"{plugin.summary}; {detail}" if detail else plugin.summary)
