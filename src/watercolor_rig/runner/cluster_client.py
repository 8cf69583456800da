"""Joins a Dask cluster, and sees before a run whether every worker can serve it."""

import asyncio
import logging
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, NoReturn

from watercolor_rig.core.errors import UsageError
from watercolor_rig.engines.api import TweenRequest
from watercolor_rig.runner.cluster_wire import Call, Drawer, pack_call
from watercolor_rig.runner.cluster_worker import inspect
from watercolor_rig.store.contents import Contents

if TYPE_CHECKING:
    from distributed import Client

CONNECT_S = 10

_PROBE = b"every worker reads this before a run, to see that this store is the store of all"


def connect(address: str) -> "Client":
    """Return a client of the scheduler at `address`.

    Raises:
        UsageError: if nobody answers there, or the extra is not installed.
    """
    try:
        from distributed import Client, Security  # noqa: PLC0415 - of an extra
        from distributed.comm import connect as open_comm  # noqa: PLC0415 - of an extra
    except ImportError as error:
        raise UsageError(
            f"--cluster needs a package that is not installed ({error}); run: pip install 'watercolor-rig[cluster]'"
        ) from error
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it tells the console, our errors tell

    async def knock() -> None:
        comm = await open_comm(address, timeout=CONNECT_S, **Security().get_connection_args("client"))
        await comm.close()

    try:
        # A client that finds nobody stays half open, and closes when it is collected: at any line of any thread, where
        # waiting for its loop's thread may never end.
        asyncio.run(knock())
        return Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"--cluster: no Dask scheduler answers at {address!r} ({error}); start one with 'dask scheduler', and give "
            "the address that it prints"
        ) from error


def threads_of(client: "Client") -> Mapping[str, int]:
    """Return how many threads each worker of a cluster has, by its address."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    return {address: int(worker["nthreads"]) for address, worker in workers.items()}


def count_threads(address: str) -> int:
    """Return how many threads the workers have, at least 1, of the cluster whose scheduler is at `address`.

    Raises:
        UsageError: if the cluster cannot be reached, or has no worker.
    """
    client = connect(address)
    try:
        return sum(threads_of(client).values()) or _complain_of_no_worker()
    finally:
        client.close()


def examine_workers(client: "Client", workers: list[str], store: Contents, store_url: str, drawer: Drawer) -> None:
    """Have every worker read and write the store and open the engine.

    Raises:
        UsageError: naming one that cannot, and why.
        StoreError: if the store refuses.
    """
    if not workers:
        _complain_of_no_worker()
    digest = store.put(_PROBE)
    nothing = TweenRequest("probe", b"", b"", Fraction(0), Fraction(1), Fraction(1, 2))
    probing_call = pack_call(Call(drawer, nothing, digest, digest, None))
    said = client.run(inspect, probing_call, store_url, workers=workers, on_error="return")
    for worker, why in sorted(said.items()):
        if why:
            reason = f"{type(why).__name__}: {why}" if isinstance(why, Exception) else why
            raise UsageError(f"--cluster: the worker at {worker} cannot serve this run: {reason}")


def _complain_of_no_worker() -> NoReturn:
    raise UsageError("--cluster: the scheduler has no worker; start one on each machine with 'dask worker'")
