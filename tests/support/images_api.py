"""A loopback server that speaks the Images API: `POST /v1/images/edits` and `GET /v1/models`, with faults on cue.

In a test:

    with ImagesApi(faults=attempts(["rate_ms", "html_502"])) as api:
        ...  # point OPENAI_BASE_URL at api.base_url
    assert api.unjustified() == []

By hand: `python -m support.images_api --port 0 --script '{"seed": 1, "probability": 0.3}'` prints its address and
runs until it is ended; `GET /log` answers what it has seen so far.
"""

import argparse
import contextlib
import hashlib
import json
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from support.images_faults import FAULTS, QUICK, Plan, Seen, attempts, first_of, never, nth, seeded, when
from support.images_replies import ERRORS, good_or_hiding, rate_limited
from support.images_wire import Reply, Upload, failure, read_form, refusal

__all__ = [
    "FAULTS",
    "QUICK",
    "Call",
    "ImagesApi",
    "Plan",
    "Seen",
    "attempts",
    "first_of",
    "never",
    "nth",
    "seeded",
    "when",
]

PENDING = "pending"
"""No answer is decided yet."""

OK = "ok"
REFUSED = "refused"
"""Answer to a request that is itself wrong: no fault, but a defect of the client."""

_WIRE_FAULTS = frozenset({"drop", "drop_body", "hang", "trickle"})


@dataclass(slots=True)
class Call:
    """One call as the server saw it.

    Attributes:
        seen: Number, key, attempt and prompt.
        fields: The plain form fields.
        uploads: The pictures, in order; empty where the server keeps none.
        answer: `ok`, `refused`, the fault's name, or `pending` while none is decided.
        began: Monotonic seconds at which it was read.
        ended: Monotonic seconds at which it was answered; 0 while it is not.
        wait_s: Seconds that the answer asks to wait.
    """

    seen: Seen
    fields: Mapping[str, str]
    uploads: Sequence[Upload]
    answer: str
    began: float
    ended: float = 0.0
    wait_s: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return it for the log."""
        facts = {"number": self.seen.number, "attempt": self.seen.attempt, "key": self.seen.key, "answer": self.answer}
        return {**facts, "began": self.began, "ended": self.ended, "prompt": self.seen.prompt}


class ImagesApi:
    """The server; a context manager that runs it in threads of its own.

    Args:
        faults: Decides the fault of each call.
        latency_s: Seconds that a good answer takes.
        wait_s: Seconds that a rate limit asks to wait.
        models: Names that exist, or None for any.
        shutdown: Name to the day on which the list of models says that it ends.
        listing_s: Seconds that the list of models takes.
        key: The only key accepted, or None for any.
        usage: Whether good answers report usage.
        keep_uploads: Whether calls keep their pictures; off for long runs.
        port: 0 for a free one.
    """

    def __init__(
        self,
        *,
        faults: Plan = never,
        latency_s: float = 0.0,
        wait_s: float = 0.05,
        models: Sequence[str] | None = None,
        shutdown: Mapping[str, str] | None = None,
        listing_s: float = 0.0,
        key: str | None = None,
        usage: bool = True,
        keep_uploads: bool = True,
        port: int = 0,
    ) -> None:
        self.faults, self.latency_s, self.wait_s = faults, latency_s, wait_s
        self.models, self.key, self.usage, self.keep_uploads = models, key, usage, keep_uploads
        self.shutdown, self.listing_s = shutdown or {}, listing_s
        self.calls: list[Call] = []
        self.max_concurrency = 0
        self.closing = threading.Event()
        self._tries: Counter[str] = Counter()
        self._running = 0
        self._lock = threading.Lock()
        self._server = _Server(self, port)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def base_url(self) -> str:
        """What `OPENAI_BASE_URL` must be."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def answers(self) -> Counter[str]:
        """How many calls met which answer."""
        return Counter(call.answer for call in self.calls)

    def __enter__(self) -> Self:
        """Start serving."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End every connection and thread."""
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    def begin(self, fields: Mapping[str, str], uploads: Sequence[Upload]) -> Call:
        """Record a call and decide its answer."""
        prompt = fields.get("prompt", "")
        digest = hashlib.sha256(prompt.encode())
        for upload in uploads:
            digest.update(upload.data)
        key = digest.hexdigest()[:16]
        with self._lock:
            self._running += 1
            self.max_concurrency = max(self.max_concurrency, self._running)
            self._tries[key] += 1
            seen = Seen(len(self.calls) + 1, key, self._tries[key], prompt)
            kept = uploads if self.keep_uploads else ()
            call = Call(seen, fields, kept, PENDING, time.monotonic())
            self.calls.append(call)
        call.answer = self.faults(seen) or OK  # outside the lock: a plan may wait for other calls
        if call.answer not in {OK, *FAULTS}:
            raise ValueError(f"no such fault: {call.answer!r}")
        if call.answer.startswith("rate_") and call.answer != "rate_plain":
            call.wait_s = self.wait_s if call.answer != "rate_date" else max(0.0, self.wait_s - 1)
        return call

    def end(self, call: Call) -> None:
        """Record that a call is about to be answered, or dropped."""
        with self._lock:
            call.ended = time.monotonic()
            self._running -= 1

    def unjustified(self) -> list[str]:
        """Return every call that should not have been made, in words: a sound run has none.

        Another attempt at a picture is justified by a fault that may pass, and only after the wait that it asked for.
        """
        last: dict[str, Call] = {}
        found = []
        for call in self.calls:
            before = last.get(call.seen.key)
            start = f"call {call.seen.number}, attempt {call.seen.attempt} at {call.seen.key},"
            if before and FAULTS.get(before.answer) not in {"wait", "retry"}:
                found.append(f"{start} follows {before.answer}")
            elif before and before.wait_s and call.began < before.ended + before.wait_s:
                found.append(f"{start} came {before.ended + before.wait_s - call.began:.3f} s too early")
            last[call.seen.key] = call
        return found

    def began_after_stop(self) -> list[Call]:
        """Return the calls that began after an answer that ends the run had been sent."""
        stops = [call.ended for call in self.calls if FAULTS.get(call.answer) == "stop" and call.ended]
        return [call for call in self.calls if stops and call.began > min(stops)]

    def log(self) -> dict[str, Any]:
        """Return all of it for a program."""
        calls = [call.as_json() for call in list(self.calls)]
        return {"calls": calls, "max_concurrency": self.max_concurrency, "unjustified": self.unjustified()}


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, api: ImagesApi, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.api = api
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a client that hung up is no defect of the server
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        api = self.server.api
        if self.path == "/log":
            self._send(Reply(200, json.dumps(api.log()).encode()))
        elif self.path == "/v1/models":
            self._list_models()
        else:
            self._send(failure(404, None, f"no route {self.path}"))

    def _list_models(self) -> None:
        api = self.server.api
        api.closing.wait(api.listing_s)
        days = api.shutdown
        listed = [{"id": name, "object": "model", "shutdown_date": days.get(name)} for name in api.models or ()]
        answer = Reply(200, json.dumps({"object": "list", "data": listed}).encode())
        with contextlib.suppress(OSError):  # whoever asked may have given up
            self._send((self._key_refused() if api.key else None) or answer)

    def do_POST(self) -> None:
        api = self.server.api
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # the client was killed while it spoke
        if self.path != "/v1/images/edits":
            self._send(failure(404, None, f"no route {self.path}"))
            return
        fields, uploads = read_form(self.headers["content-type"], body)
        call = api.begin(fields, uploads)
        if call.answer in _WIRE_FAULTS:
            try:
                self._break_off(call.answer, fields, uploads)
            finally:
                api.end(call)
            return
        reply = self._reply(call, fields, list(uploads))
        api.end(call)
        self._send(reply, {"x-request-id": f"req_{call.seen.number:06d}"})

    def _reply(self, call: Call, fields: Mapping[str, str], uploads: list[Upload]) -> Reply:
        api, kind = self.server.api, call.answer
        if kind.startswith("rate_"):
            return rate_limited(kind, api.wait_s)
        if kind in ERRORS:
            status, code, message, error_type, param = ERRORS[kind]
            return failure(status, code, message, kind=error_type, param=param)
        if kind == "html_502":
            return Reply(502, b"<html><head><title>502 Bad Gateway</title></head></html>", "text/html")
        refused = self._access_refused(fields) or refusal(fields, uploads)
        if refused:
            call.answer = REFUSED
            return refused
        api.closing.wait(api.latency_s)
        return good_or_hiding(kind, fields, uploads, usage=api.usage)

    def _key_refused(self) -> Reply | None:
        given = self.headers.get("authorization", "").removeprefix("Bearer ")
        if not given or self.server.api.key not in {None, given}:
            return failure(401, "invalid_api_key", f"Incorrect API key provided: {given}.")
        return None

    def _access_refused(self, fields: Mapping[str, str]) -> Reply | None:
        api = self.server.api
        if refused := self._key_refused():
            return refused
        if api.models is not None and fields.get("model") not in api.models:
            said = f"The model '{fields.get('model')}' does not exist or you do not have access to it."
            return failure(404, "model_not_found", said, param="model")
        return None

    def _break_off(self, kind: str, fields: Mapping[str, str], uploads: list[Upload]) -> None:
        closing = self.server.api.closing
        self.close_connection = True
        if kind == "hang":
            while not closing.wait(0.02) and not self._client_is_gone():
                pass
        elif kind in {"drop_body", "trickle"}:
            body = good_or_hiding(OK, fields, uploads, usage=True).body
            self._head(Reply(200, body), {})
            self.wfile.write(body[: len(body) // 2])
            step = len(body) // 2
            while kind == "trickle" and step < len(body) - 1 and not closing.wait(0.02) and not self._client_is_gone():
                self.wfile.write(body[step : step + 1])
                step += 1
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _client_is_gone(self) -> bool:
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False

    def _send(self, reply: Reply, headers: Mapping[str, str] | None = None) -> None:
        self._head(reply, headers or {})
        self.wfile.write(reply.body)

    def _head(self, reply: Reply, headers: Mapping[str, str]) -> None:
        self.send_response(reply.status)
        allowance = {"x-ratelimit-limit-requests": "600000", "x-ratelimit-remaining-requests": "599999"}
        sent = {**allowance, **headers, **(reply.headers or {})}
        if reply.status == 429 and not reply.headers:
            sent = dict(headers)  # a rate limit without any hint
        for name, value in sent.items():
            self.send_header(name, value)
        self.send_header("content-type", reply.media_type)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet: `calls` is the log."""


def scripted(script: Mapping[str, Any]) -> Plan:
    """Return the plan that a JSON script describes.

    Keys, all optional: `nth` (number → fault), `attempts` (list of faults), `prompt` (list of `{"contains", "kind",
    "times"}`), `seed`, `probability`, `kinds`, `most`.
    """
    plans: list[Plan] = [nth({int(number): kind for number, kind in script.get("nth", {}).items()})]
    plans.extend(_when_contains(**rule) for rule in script.get("prompt", ()))
    if "attempts" in script:
        plans.append(attempts(script["attempts"]))
    if "probability" in script:
        kinds = script.get("kinds", QUICK)
        plans.append(seeded(script.get("seed", 0), script["probability"], kinds, script.get("most", 3)))
    return first_of(*plans)


def _when_contains(contains: str, kind: str, times: int | None = None) -> Plan:
    return when(lambda prompt: contains in prompt, kind, times)


def main() -> None:
    """Serve until SIGTERM or SIGINT; the first line printed is the base URL."""
    parser = argparse.ArgumentParser(description="A loopback Images API with faults on cue.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", default="{}", help="JSON, or the path of a JSON file")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--wait", type=float, default=0.05, metavar="SECONDS", help="asked for by a rate limit")
    given = parser.parse_args()
    text = given.script if given.script.lstrip().startswith("{") else Path(given.script).read_text(encoding="utf-8")
    plan = scripted(json.loads(text))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with ImagesApi(faults=plan, latency_s=given.latency, wait_s=given.wait, keep_uploads=False, port=given.port) as api:
        sys.stdout.write(api.base_url + "\n")
        sys.stdout.flush()
        ended.wait()


if __name__ == "__main__":
    main()
