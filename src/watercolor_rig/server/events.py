"""`GET /api/v1/events`: what changes, as server-sent events that a browser resumes by itself.

One stream is enough for a page, because a browser opens only six connections to a host. A listener that was away is
sent the newest of each thing that it missed; where that is not known any more, `reset` tells it to fetch everything.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from watercolor_rig.app.studio.hub import Numbered
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.server.event_schemas import Event, Reset, StudioEvent
from watercolor_rig.server.translation import to_event

KEEP_ALIVE_S = 15.0
"""A comment so often keeps proxies, and our own sense of who still listens, from giving up."""

_RECONNECT_MS = 1000
_AT_ONCE = 200
"""Events that are sent in one piece."""


class EventStream(StreamingResponse):
    """The answer's kind."""

    media_type = "text/event-stream"


class Events:
    """The route.

    Args:
        studio: Whose events are told.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter()
        router.add_api_route("/events", self.events, methods=["GET"], response_model=Event, response_class=EventStream)
        return router

    async def events(
        self,
        last_event_id: Annotated[str | None, Header()] = None,
        last_event_id_query: Annotated[str | None, Query(alias="last_event_id")] = None,
    ) -> EventStream:
        """Stream what changes; `event` is the type, `data` the model, `id` what to resume from."""
        asked = last_event_id or last_event_id_query
        began = await run_in_threadpool(lambda: asked or self._studio.hub.last_id)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return EventStream(self._stream(began), headers=headers)

    async def _stream(self, last_id: str) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        leave = self._studio.hub.subscribe(lambda: _wake(loop, woken))
        leave_end = self._studio.ending.subscribe(lambda: _wake(loop, woken))
        try:
            yield f"retry: {_RECONNECT_MS}\nid: {last_id}\n\n".encode()
            while not self._studio.ending.has_begun:
                woken.clear()
                events, lost = self._studio.hub.since(last_id)
                if lost:
                    last_id = self._studio.hub.last_id
                    yield _spell(last_id, Reset(type="reset"))
                for start in range(0, len(events), _AT_ONCE):
                    part = events[start : start + _AT_ONCE]
                    last_id = part[-1].id
                    yield await run_in_threadpool(self._spell_all, part)
                if not events:
                    yield await _wait(woken)
        finally:
            leave()
            leave_end()

    def _spell_all(self, part: list[Numbered]) -> bytes:
        told = [(numbered.id, to_event(numbered.event, self._studio)) for numbered in part]
        return b"".join(_spell(number, event) for number, event in told if event is not None)


async def _wait(woken: asyncio.Event) -> bytes:
    """Return a comment after a while, or nothing as soon as something happens."""
    try:
        async with asyncio.timeout(KEEP_ALIVE_S):
            await woken.wait()
    except TimeoutError:
        return b": still here\n\n"
    return b""


def _wake(loop: asyncio.AbstractEventLoop, woken: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(woken.set)


def _spell(number: str, event: StudioEvent) -> bytes:
    return f"id: {number}\nevent: {event.type}\ndata: {event.model_dump_json()}\n\n".encode()
