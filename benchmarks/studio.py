"""How fast the studio's server answers over a project of ten thousand sequences, and how large it is while idle.

The server is the real command in a process of its own; a client asks it over loopback. The pictures are small and
shared between the folders by hard links: what is measured is looking and listing, not decoding.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from support.project import picture
from watercolor_rig.core.ids import path_id
from watercolor_rig.core.manifest import FrameEntry, encode_manifest
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.core.times import END, START, frame_names, times_of_depth

SOURCE = Path(__file__).parents[1] / "src"
POSES = 10
EXPRESSIONS = 40
_START = "import sys; from watercolor_rig.cli.main import run; sys.exit(run())"


def lay_out(root: Path, sequences: int) -> None:
    """Write a project with that many finished sequences."""
    expressions = [f"expression_{number}" for number in range(EXPRESSIONS)]
    pairs = [(one, other) for one in expressions for other in expressions if one != other][: sequences // POSES]
    paths = [{"id": f"{one}_to_{other}", "start": one, "end": other} for one, other in pairs]
    (root / "frames/endpoints").mkdir(parents=True)
    (root / "expressions.json").write_text(json.dumps({"base_paths": paths}), encoding="utf-8")
    drawn = []
    for number in range(8):
        drawn.append(root / f"picture-{number}.png")
        drawn[-1].write_bytes(picture(number + 1))
    poses = [f"pose_{number}" for number in range(POSES)]
    for at, one in enumerate(expressions):
        for pose in poses:
            os.link(drawn[at % 8], root / f"frames/endpoints/{one}__{pose}.png")
    times = (START, *times_of_depth(2), END)
    names = frame_names(times, {})
    frames = [FrameEntry(t, names[t]) for t in times]
    for one, other in pairs:
        files = [drawn[expressions.index(one) % 8], *drawn[:3], drawn[expressions.index(other) % 8]]
        for pose in poses:
            base = BasePathId(f"{one}_to_{other}")
            spec = SequenceSpec(path_id(base, PoseId(pose)), base, ExpressionId(one), ExpressionId(other), PoseId(pose))
            folder = root / "frames/sequences" / spec.path
            folder.mkdir(parents=True)
            for t, file in zip(times, files, strict=True):
                os.link(file, folder / names[t])
            (folder / "manifest.json").write_bytes(encode_manifest(spec, frames, (24, 32), {}))


class Server:
    """The command, and a client that keeps its connection."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-c", _START, "studio", str(root), "--port", "0", "--no-browser", "--json"]
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        self.began_s = time.perf_counter()
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        self.host = json.loads(self.process.stdout.readline() if self.process.stdout else "")["address"].removeprefix(
            "http://"
        )
        self.client = http.client.HTTPConnection("127.0.0.1", int(self.host.rpartition(":")[2]), timeout=120)

    def get(self, path: str, tag: str = "") -> tuple[int, bytes, str]:
        """Return status, body and ETag."""
        self.client.request("GET", path, headers={"Host": self.host, **({"If-None-Match": tag} if tag else {})})
        answer = self.client.getresponse()
        return answer.status, answer.read(), answer.getheader("etag", "")

    def rss_mb(self) -> float:
        """Return the resident memory of the process and its children, in MB."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return sum(_rss_kb(pid) for pid in pids) / 1024

    def settle(self) -> None:
        """Wait until the processes for work on pixels are let go."""
        deadline_s = time.perf_counter() + 60
        while _children(self.process.pid) and time.perf_counter() < deadline_s:
            time.sleep(0.5)

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(60)


def _children(pid: int) -> list[int]:
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*found, *(grandchild for child in found for grandchild in _children(child))]


def _rss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def timed(ask: Callable[[], Any]) -> float:
    """Return how long a call takes, in ms."""
    began_s = time.perf_counter()
    ask()
    return (time.perf_counter() - began_s) * 1000


def best_of(ask: Callable[[], Any], rounds: int = 15) -> str:
    """Return median and worst of several calls, in words."""
    taken = [timed(ask) for _ in range(rounds)]
    return f"{median(taken):.0f} ms (worst of {rounds}: {max(taken):.0f})"


def states(server: Server) -> dict[str, int]:
    """Return how many sequences are in each state."""
    counted: dict[str, int] = {}
    for row in json.loads(server.get("/api/v1/sequences")[1]):
        counted[row["state"]] = counted.get(row["state"], 0) + 1
    return counted


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=10_000)
    wanted: int = parser.parse_args().sequences
    with tempfile.TemporaryDirectory() as empty:
        server = Server(Path(empty))
        server.get("/api/v1/project")
        server.settle()
        print(f"idle, empty folder: {server.rss_mb():.0f} MB")
        server.close()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay_out(root, wanted)
        server = Server(root)
        try:
            measure(server)
        finally:
            server.close()


def measure(server: Server) -> None:
    """Print what one server over a project takes."""
    print(f"GET /timelines, the first request of all: {timed(lambda: server.get('/timelines')):.0f} ms")
    taken_ms = timed(lambda: server.get("/api/v1/sequences"))
    print(f"first list: {taken_ms:.0f} ms, {time.perf_counter() - server.began_s:.1f} s after the program's start")
    print(f"GET /timelines while folders are looked at: {best_of(lambda: server.get('/timelines'))}")
    print(f"GET /health while folders are looked at: {best_of(lambda: server.get('/health'))}")
    while states(server).get("unchecked"):
        time.sleep(0.5)
    print(f"every state known after {time.perf_counter() - server.began_s:.1f} s: {states(server)}")
    print(f"GET /timelines, warm: {best_of(lambda: server.get('/timelines'))}")
    tag = server.get("/timelines")[2]
    print(f"GET /timelines, not changed: {best_of(lambda: server.get('/timelines', tag))}")
    print(f"GET /api/v1/sequences, warm: {best_of(lambda: server.get('/api/v1/sequences'))}")
    tag = server.get("/api/v1/sequences")[2]
    print(f"GET /api/v1/sequences, not changed: {best_of(lambda: server.get('/api/v1/sequences', tag))}")
    path = json.loads(server.get("/timelines")[1])[0]
    print(f"GET one sequence: {best_of(lambda: server.get(f'/api/v1/sequences/{path}'))}")
    print(f"GET one frame: {best_of(lambda: server.get(f'/frames/{path}/050.png'))}")
    server.settle()
    print(f"idle with all of it: {server.rss_mb():.0f} MB")


if __name__ == "__main__":
    main()
