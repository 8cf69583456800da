"""A loopback Images API that costs almost no processor: the same good answer for every call, after a latency.

The latency of a call is drawn by its prompt, so the same frame waits the same in every run that is compared. Started as
a process of its own, because it shares the processor with what is measured. `GET /log` answers how many calls came,
how long they waited in all and how many at once; `POST /latency/NAME/MEAN/SEED` sets it (`constant` or `lognormal`,
seconds).
"""

import argparse
import asyncio
import base64
import contextlib
import hashlib
import io
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw


def picture(width: int, height: int) -> bytes:
    """Return a drawing as PNG, of about the weight of a painted portrait for its size."""
    noise = Image.effect_noise((max(1, width // 4), max(1, height // 4)), 24).resize((width, height)).convert("RGB")
    ImageDraw.Draw(noise).ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill=(210, 180, 160))
    out = io.BytesIO()
    noise.save(out, "PNG", compress_level=1)
    return out.getvalue()


class Service:
    """Answers every call alike."""

    def __init__(self, png: bytes) -> None:
        body = {"created": 1, "data": [{"b64_json": base64.b64encode(png).decode()}], "output_format": "png"}
        details = {"text_tokens": 100, "image_tokens": 1000}
        body["usage"] = {"input_tokens": 1100, "input_tokens_details": details, "output_tokens": 400}
        text = json.dumps(body).encode()
        self._answer = _http(text)
        self.law, self.mean_s = "constant", 0.1
        self.seed = "0"
        self.calls, self.waited_s, self.under_way, self.most = 0, 0.0, 0, 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
                )
                body = await reader.readexactly(length)
                path = head.split(b" ", 2)[1].decode()
                writer.write(await self._reply(path, body))
                await writer.drain()
        writer.close()

    async def _reply(self, path: str, body: bytes) -> bytes:
        if path == "/log":
            return _http(json.dumps({"calls": self.calls, "waited_s": self.waited_s, "most": self.most}).encode())
        if path.startswith("/latency/"):
            _, _, self.law, mean, self.seed = path.split("/")
            self.mean_s, self.calls, self.waited_s, self.most = float(mean), 0, 0.0, 0
            return _http(b"{}")
        wait_s = self._latency(body)
        self.calls += 1
        self.waited_s += wait_s
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(wait_s)
        self.under_way -= 1
        return self._answer

    def _latency(self, body: bytes) -> float:
        if self.law == "constant":
            return self.mean_s
        start = body.find(b'name="prompt"')
        prompt = body[start : body.find(b"\r\n--", start)]
        return (
            Random(hashlib.sha256(self.seed.encode() + prompt).digest()).lognormvariate(0.0, 1.0)
            * self.mean_s
            / exp(0.5)
        )


@dataclass(frozen=True)
class Running:
    """A service in a process of its own."""

    address: str

    @property
    def base_url(self) -> str:
        """What `OPENAI_BASE_URL` must be."""
        return f"{self.address}/v1"

    def wait(self, law: str, mean_s: float, seed: int = 0) -> None:
        """Set the latency, and the counts to nought."""
        self._ask(f"/latency/{law}/{mean_s}/{seed}", b"")

    def log(self) -> dict[str, float]:
        """Return the counts."""
        found: dict[str, float] = json.loads(self._ask("/log", None))
        return found

    def _ask(self, path: str, data: bytes | None) -> bytes:
        with urllib.request.urlopen(self.address + path, data) as answer:  # noqa: S310 - loopback
            found: bytes = answer.read()
        return found


@contextmanager
def running(width: int, height: int) -> Iterator[Running]:
    """Start the service for pictures of a size."""
    command = [sys.executable, str(Path(__file__)), str(width), str(height)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout  # noqa: S101 - it was asked for
        try:
            yield Running(process.stdout.readline().strip())
        finally:
            process.terminate()


def _http(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)


async def _serve(width: int, height: int) -> None:
    service = Service(picture(width, height))
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0, limit=1 << 20, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("width", type=int)
    parser.add_argument("height", type=int)
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(given.width, given.height))
