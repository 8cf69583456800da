"""One connection to the service, with a total deadline per call that nothing can stretch.

The SDK's time-outs count per read of the socket, so a server that trickles bytes holds a call for ever. Here each call
is a coroutine on one private event loop, under one `asyncio.timeout`; the threads that call wait for it. Closing
cancels what is under way and ends the loop.
"""

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any, TypeAlias

import openai

from watercolor_rig.core.errors import EngineError, GivenUpError
from watercolor_rig.engines.openai_images.failures import as_engine_error
from watercolor_rig.engines.openai_images.limits import limit_per_minute

File: TypeAlias = tuple[str, bytes, str]
"""Name, bytes and media type: raw bytes would go out as a type that the service refuses."""

_CONNECT_S = 10.0


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A successful answer, unread.

    Attributes:
        body: The HTTP body.
        request_id: From `x-request-id`, or None.
        limit_per_minute: Calls a minute that the headers named as the limit, or None.
    """

    body: bytes
    request_id: str | None
    limit_per_minute: float | None


class ImagesService:
    """Calls `images.edit`, safe to use from many threads; each call is one attempt.

    Args:
        key: The API key.
        base_url: Of a compatible server, or None for OpenAI.
        deadline_s: Seconds that one call may take in all, from the request's first byte to the answer's last, where
            it names no deadline of its own.
        longest_s: What no deadline of a call goes beyond.
    """

    def __init__(self, key: str, base_url: str | None, deadline_s: float, longest_s: float) -> None:
        self._key = key
        self._deadline_s = deadline_s
        self._longest_s = longest_s
        timeout = openai.Timeout(longest_s, connect=min(_CONNECT_S, longest_s))
        self._client = openai.AsyncOpenAI(api_key=key, base_url=base_url, max_retries=0, timeout=timeout)
        self._loop = asyncio.new_event_loop()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._loop.run_forever, name="openai-images", daemon=True)
        self._thread.start()

    def edit(
        self,
        name: str,
        images: list[File],
        parameters: Mapping[str, Any],
        deadline_s: float | None = None,
    ) -> RawAnswer:
        """Make one call and wait for its answer.

        Args:
            name: What errors call the frame.
            images: The references in order.
            parameters: Everything else that goes to `images.edit`, `model` among it.
            deadline_s: Seconds for this call, or None for the usual ones.

        Raises:
            EngineError: the class tells what to do next.
        """
        with self._lock:
            if self._closed:
                raise EngineError(f"{name}: the engine is closed; open a new one")
            allowed_s = min(self._longest_s, deadline_s or self._deadline_s)
            call = self._edit(name, images, parameters, allowed_s)
            waiting: Future[RawAnswer] = asyncio.run_coroutine_threadsafe(call, self._loop)
        try:
            return waiting.result()
        except CancelledError as error:
            raise EngineError(f"{name}: given up, as the engine was closed") from error
        except BaseException:
            waiting.cancel()  # an interrupt in this thread must not leave the call running
            raise

    def close(self) -> None:
        """Cancel the calls under way and end the loop; returns when both are done."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        asyncio.run_coroutine_threadsafe(self._wind_down(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _edit(
        self,
        name: str,
        images: list[File],
        parameters: Mapping[str, Any],
        deadline_s: float,
    ) -> RawAnswer:
        try:
            async with asyncio.timeout(deadline_s):
                # One file goes out as `image`, several as `image[]`, as the service expects.
                given = images if len(images) > 1 else images[0]
                answer = await self._client.images.with_raw_response.edit(image=given, **parameters)
        except TimeoutError as error:
            said = f"{name}: no whole answer within {deadline_s:g} s; the call may have been billed"
            raise GivenUpError(said) from error
        except openai.OpenAIError as error:
            raise as_engine_error(error, name, str(parameters["model"]), self._key) from error
        return RawAnswer(answer.content, answer.request_id, limit_per_minute(answer.headers))

    async def _wind_down(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._client.close()
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()
