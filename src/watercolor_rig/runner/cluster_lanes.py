"""Calls on the workers of a Dask cluster, under our own driver.

Dask carries single calls and no graph: its graph keeps results in the memory of workers and draws lost ones again. Only
digests cross its scheduler; pictures go through a store that every machine reaches. Dask runs a call elsewhere by
itself when its worker is lost; whatever else goes wrong with the cluster is a lost worker to the driver, which
repeats the call at no cost of a try, until the scheduler or all workers are gone: that ends the run.
"""

import hashlib
import time
from collections.abc import Hashable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import SimpleQueue
from uuid import uuid4

from watercolor_rig.core.errors import EngineError, StopRunError, StoreError
from watercolor_rig.engines.api import TweenRequest
from watercolor_rig.runner.cluster_client import connect, examine_workers, threads_of
from watercolor_rig.runner.cluster_wire import Call, Drawer, pack_call, read_reply
from watercolor_rig.runner.cluster_worker import render
from watercolor_rig.runner.lanes import Ended, Happening, Interrupted, Nudged, Request, take
from watercolor_rig.store.contents import Contents, open_contents

_CALLS_PER_THREAD = 2
"""One that is drawn, and one that lies ready for when it is done."""

_FETCHERS = 4
_LOOK_EVERY_S = 5.0
_WORKERLESS_S = 60.0


class ClusterLanes:
    """Calls of one engine on a cluster; a worker is named once for each call that it may have.

    Args:
        address: Of the scheduler, such as `tcp://127.0.0.1:8786`.
        store_url: Of the store that every machine reaches.
        drawer: Who draws; an engine that works on its machine's own processor.
        workerless_s: Seconds without any worker after which the run ends.

    Raises:
        UsageError: if the cluster cannot be reached, has no worker, or has one that cannot serve this run.
        StoreError: if the store refuses.
    """

    sticky = True

    def __init__(self, address: str, store_url: str, drawer: Drawer, workerless_s: float = _WORKERLESS_S) -> None:
        self._store_url = store_url
        self._drawer = drawer
        self._store: Contents = open_contents(store_url)
        self._handed_out: set[str] = set()
        self._happened: SimpleQueue[Happening] = SimpleQueue()
        self._pending: dict[Future[str], _Pending] = {}
        self._overdue: set[Future[str]] = set()
        self._address = address
        self._client = connect(address)
        try:
            threads = threads_of(self._client)
            examine_workers(self._client, list(threads), self._store, store_url, drawer)
        except BaseException:
            self._client.close()
            raise
        self._homes: dict[Hashable, str] = dict(enumerate(threads))
        self.workers: Sequence[Hashable] = [
            name
            for turn in range(_CALLS_PER_THREAD * max(threads.values()))
            for name, worker in self._homes.items()
            if turn < _CALLS_PER_THREAD * threads[worker]
        ]
        self._executor = self._client.get_executor(pure=False)
        self._fetchers = ThreadPoolExecutor(_FETCHERS, thread_name_prefix="fetch")
        self._workerless_s = workerless_s
        self._looked_s = self._manned_s = time.monotonic()

    def submit(self, worker: Hashable, key: Hashable, request: Request) -> None:
        """Start a call; its pictures are put into the store first, unless they are there."""
        if time.monotonic() - self._looked_s >= _LOOK_EVERY_S:
            self._look_after_workers()
        try:
            call = self._hand_out(request)
        except StoreError as error:
            # every further picture would stay here like this one
            self._happened.put(Ended(worker, key, None, StopRunError(f"a picture cannot be handed out: {error}")))
            return
        dask_key = f"watercolor-rig-{uuid4().hex}"
        future = self._start(worker, pack_call(call), dask_key)
        if future is None:
            self._happened.put(self._lost(worker, key, "does not answer"))
            return
        self._pending[future] = _Pending(worker, key, call, dask_key)
        future.add_done_callback(lambda done: self._fetchers.submit(self._book, done))

    def wait(self, timeout_s: float | None) -> Happening | None:
        """Return what happens next; comes back early with None, to see now and then whether there are workers."""
        happened = take(self._happened, _LOOK_EVERY_S if timeout_s is None else min(timeout_s, _LOOK_EVERY_S))
        if happened is None and time.monotonic() - self._looked_s >= _LOOK_EVERY_S:
            self._look_after_workers()
        return happened

    def interrupt(self) -> None:
        """Wake `wait`."""
        self._happened.put(Interrupted())

    def nudge(self) -> None:
        """Wake `wait`, so that the driver looks around."""
        self._happened.put(Nudged())

    def close(self, *, at_once: bool = False) -> None:
        """Leave the cluster, which forgets what it was asked for; workers finish the call that they are at."""
        self._pending.clear()
        with suppress(OSError):  # it may have gone
            self._client.close()
        self._fetchers.shutdown(wait=not at_once)

    def _hand_out(self, request: Request) -> Call:
        if not isinstance(request, TweenRequest):
            raise TypeError("a cluster makes in-betweens only")
        anchor = None if request.anchor is None else self._put(request.anchor)
        bare = replace(request, start=b"", end=b"", anchor=None)
        return Call(self._drawer, bare, self._put(request.start), self._put(request.end), anchor)

    def _put(self, data: bytes) -> str:
        """Put a picture into the store, unless this run has done so; return its digest."""
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._handed_out:
            self._store.put(data)
            self._handed_out.add(digest)
        return digest

    def _start(self, worker: Hashable, call_json: str, dask_key: str) -> "Future[str] | None":
        """Hand a call to Dask, for one worker while there is that one; return None where Dask cannot take it."""
        from distributed.client import ClosedClientError  # noqa: PLC0415 - of an extra

        if self._client.status != "running":
            return None
        try:
            future: Future[str] = self._executor.submit(
                render,
                call_json,
                self._store_url,
                key=dask_key,
                workers=[self._homes[worker]],
                allow_other_workers=True,
            )
        except (OSError, ClosedClientError):
            return None
        return future

    def _book(self, done: "Future[str]") -> None:
        """Turn a call's end into a happening; runs on a thread of its own, because it reads the picture."""
        pending = self._pending.pop(done, None)
        if pending is None:
            return  # given up before
        if done.cancelled():
            self._happened.put(self._lost(pending.worker, pending.key, "has dropped the call"))
        elif (trouble := done.exception()) is not None:
            what = f"has lost the call ({type(trouble).__name__}: {trouble})"
            self._happened.put(self._lost(pending.worker, pending.key, what))
        else:
            self._happened.put(self._replied(pending, done.result()))

    def _replied(self, pending: "_Pending", text: str) -> Ended:
        worker, key, call = pending.worker, pending.key, pending.call
        try:
            reply = read_reply(text, self._store.get)
        except StoreError as error:
            return Ended(worker, key, None, error, died=True)
        except (ValueError, LookupError, TypeError) as error:
            return Ended(worker, key, None, EngineError(f"{call.request.name}: the worker's reply is none ({error})"))
        if reply.lacks_inputs:
            self._handed_out -= call.digests  # so that the next try puts them into the store again, whole
        return Ended(worker, key, reply.answer, reply.error, died=reply.lacks_inputs)

    def _lost(self, worker: Hashable, key: Hashable, what: str) -> Ended:
        """Return the end of a call that Dask did not bring to one: repeated, unless there is no cluster any more."""
        if self._client.status == "running":
            return Ended(worker, key, None, EngineError(f"the cluster {what}"), died=True)
        return Ended(worker, key, None, self._gone("is gone; start its scheduler again"))

    def _gone(self, what: str) -> StopRunError:
        return StopRunError(f"the cluster at {self._address!r} {what}, then run again: what is finished stays")

    def _look_after_workers(self) -> None:
        """Give the place of a worker that is gone to one that has come; end the run where there is none for long."""
        self._looked_s = time.monotonic()
        if self._client.status != "running":
            self._give_up(list(self._pending))
            return
        self._give_up_overdue()
        here = threads_of(self._client)
        newcomers = [worker for worker in here if worker not in self._homes.values()]
        for name, worker in self._homes.items():
            if worker not in here and newcomers:
                self._homes[name] = newcomers.pop()
        if here:
            self._manned_s = self._looked_s
        elif self._looked_s - self._manned_s >= self._workerless_s:
            what = f"has had no worker for {self._workerless_s:.0f} s; start some"
            self._give_up(list(self._pending), self._gone(what))

    def _give_up_overdue(self) -> None:
        """End calls whose result Dask has had for a whole round and not brought: its executor drops one now and then.

        It does so where the connection breaks while the result comes over it.
        """
        states = self._client.futures
        ended = {
            future
            for future, pending in list(self._pending.items())
            if (state := states.get(pending.dask_key)) is None or state.status != "pending"
        }
        self._give_up(ended & self._overdue)
        self._overdue = ended

    def _give_up(self, futures: Iterable["Future[str]"], error: StopRunError | None = None) -> None:
        for future in futures:
            pending = self._pending.pop(future, None)
            if pending is None:
                continue  # has just come to its end
            lost = self._lost(pending.worker, pending.key, "does not bring the result")
            self._happened.put(lost if error is None else Ended(pending.worker, pending.key, None, error))


@dataclass(frozen=True, slots=True)
class _Pending:
    """A call under way: who may have one more when it ends, the job, what was asked, and Dask's name for it."""

    worker: Hashable
    key: Hashable
    call: Call
    dask_key: str
