"""Who carries the calls of a run out: threads or processes of this machine, or the workers of a cluster."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from watercolor_rig.app.engine_choice import ChosenEngine
from watercolor_rig.app.neighbours import LaneOpener
from watercolor_rig.core.errors import UsageError
from watercolor_rig.runner.cluster_client import count_threads
from watercolor_rig.runner.cluster_lanes import ClusterLanes
from watercolor_rig.runner.cluster_wire import Drawer
from watercolor_rig.runner.lanes import Answer, Lanes, open_tween_lanes
from watercolor_rig.store.picture_index import project_of

_STORE = ".watercolor-rig/cluster"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster is.

    Attributes:
        address: Of its scheduler.
        store_url: Of the store through which pictures go, the same for every machine.
    """

    address: str
    store_url: str


def choose_cluster(address: str | None, store_url: str | None, folder: Path, chosen: ChosenEngine) -> Cluster | None:
    """Return the cluster that the user asked for, or None; its store lies in the project of `folder` by default.

    Raises:
        UsageError: if the engine gains nothing by a cluster, or a store is named for none.
    """
    if address is None:
        if store_url is not None:
            raise UsageError(f"--cluster-store {store_url!r} is for --cluster; give the scheduler's address as well")
        return None
    traits = chosen.plugin.traits
    if traits.runs_in != "processes" or traits.paid:
        raise UsageError(
            f"--cluster is for engines that work on a machine's own processor; {chosen.name!r} waits for a service, "
            "whose limit is the same from every machine: use --max-workers, or --engine local"
        )
    return Cluster(address, store_url or (project_of(folder) / _STORE).as_uri())


def crew_of(cluster: Cluster | None) -> int | None:
    """Return how many workers a cluster has; None for no cluster.

    Raises:
        UsageError: if it cannot be reached, or has none.
    """
    return None if cluster is None else count_threads(cluster.address)


def open_workforce(
    chosen: ChosenEngine,
    cluster: Cluster | None,
    workers: int,
    store: Callable[[Answer], None],
    open_lanes: LaneOpener = open_tween_lanes,
) -> Lanes:
    """Return workers for in-betweens: `workers` of them here, or all of the cluster.

    `store` hears of answers on the threads of their calls, where calls have threads; `open_lanes` opens those here.

    Raises:
        UsageError: if the engine cannot be opened, or the cluster cannot serve the run.
        StoreError: if the cluster's store refuses.
    """
    if cluster is None:
        return open_lanes(chosen.name, chosen.plugin, chosen.settings, workers, store)
    drawer = Drawer(chosen.name, chosen.settings, chosen.plugin.identity(chosen.settings))
    return ClusterLanes(cluster.address, cluster.store_url, drawer)
