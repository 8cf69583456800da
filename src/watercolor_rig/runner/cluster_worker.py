"""What runs on a worker of a cluster: one importable function for a call, one to see whether the worker is fit.

The worker trusts nothing that it is given: every picture is hashed as it is read, and its own copy of the engine has
to be the one that the coordinator means. It raises nothing: an error of ours crosses as a reply, so whatever Dask
raises by itself is trouble of the cluster.
"""

from functools import cache
from threading import Lock

from watercolor_rig.core.errors import RigError, StopRunError, StoreError
from watercolor_rig.engines.api import TweenEngine
from watercolor_rig.engines.registry import find_engine
from watercolor_rig.runner.cluster_wire import Drawer, pack_answer, pack_error, read_call
from watercolor_rig.runner.lanes import perform
from watercolor_rig.store.contents import Contents, open_contents

_engines: dict[str, TweenEngine] = {}
_opening = Lock()


def render(call_json: str, store_url: str) -> str:
    """Make one call; return the reply."""
    try:
        call = read_call(call_json)
        engine = _engine(call.drawer)
        store = _store(store_url)
    except RigError as error:
        return pack_error(error)
    try:
        request = call.with_pictures(store.get)
    except StoreError as error:
        return pack_error(error, lacks_inputs=True)
    try:
        answer = perform(engine, request)
        return pack_answer(answer, store.put)
    except StoreError as error:
        # every further picture of this worker would be lost like this one
        return pack_error(StopRunError(f"a worker cannot keep its pictures: {error}"))
    except RigError as error:
        return pack_error(error)


def inspect(call_json: str, store_url: str) -> str:
    """Return why this worker cannot serve a run, in words, or nothing: its store, its engine.

    Args:
        call_json: A call whose `start` is a content that the coordinator has put into the store.
        store_url: As the coordinator spells it.
    """
    try:
        call = read_call(call_json)
        store = open_contents(store_url)
        store.put(store.get(call.start)[::-1])
        _engine(call.drawer)
    except RigError as error:
        return str(error)
    return ""


def _engine(drawer: Drawer) -> TweenEngine:
    """Return this process's engine; the first call opens it."""
    key = repr(drawer)
    with _opening:
        if key not in _engines:
            plugin = find_engine(drawer.engine)
            here = dict(plugin.identity(drawer.settings))
            if here != dict(drawer.identity):
                raise StopRunError(
                    f"engine {drawer.engine!r} is {here} on a worker and {dict(drawer.identity)} here; "
                    "install the same version on every machine"
                )
            _engines[key] = plugin.open_tweens(drawer.settings)
        return _engines[key]


@cache
def _store(url: str) -> Contents:
    return open_contents(url)
