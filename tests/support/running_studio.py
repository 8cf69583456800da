"""The studio as a user starts it, on a small project of the example character."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

from PIL import Image

from support.command_line import ROOT
from support.patience import PATIENCE_S
from watercolor_rig.app.sequences import SequenceOptions, make_sequences
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.times import times_of_depth

BUILT_PAGE = ROOT / "src/watercolor_rig/server/static/index.html"
EXAMPLE = ROOT / "examples/adventurer"
SIDE = 256
PATHS = (
    "neutral_to_speaking_ah",
    "neutral_to_blink_closed",
    "speaking_ah_to_speaking_ee",
    "speaking_ee_to_speaking_ah",
)
EXPRESSIONS = ("neutral", "speaking_ah", "speaking_ee", "blink_closed")

_START = "import sys; from watercolor_rig.cli.main import run; sys.argv[0] = 'watercolor-rig'; sys.exit(run())"


def adventurer(folder: Path, *, with_frames: bool, side: int = SIDE) -> Path:
    """Lay a small project of the example character, with or without the frames of its four sequences."""
    endpoints = folder / "frames" / "endpoints"
    endpoints.mkdir(parents=True)
    config = json.loads((EXAMPLE / "expressions.json").read_text("utf-8"))
    config["base_paths"] = [path for path in config["base_paths"] if path["id"] in PATHS]
    (folder / "expressions.json").write_text(json.dumps(config, indent=2), "utf-8")
    for name in EXPRESSIONS:
        with Image.open(EXAMPLE / f"frames/endpoints/{name}__center.png") as drawing:
            drawing.resize((side, side), Image.Resampling.LANCZOS).save(endpoints / f"{name}__center.png")
    if with_frames:
        options = SequenceOptions(
            config=folder / "expressions.json",
            endpoints_dir=endpoints,
            sequences_dir=folder / "frames" / "sequences",
            times=times_of_depth(2),
            engine="local",
        )
        assert make_sequences(options, lambda _event: None, Toolbox()) == 0
    return folder


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningStudio:
    """`watercolor-rig studio` as a process of its own; a context manager that ends it.

    Args:
        project: Its folder.
        flags: Further flags.
        environment: Further environment variables.
    """

    def __init__(self, project: Path, flags: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> None:
        self.project = project
        self.port = free_port()
        self._flags = flags
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[str] | None = None
        self.said: list[str] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://localhost:{self.port}"

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
        command = [sys.executable, "-c", _START, "studio", str(self.project), "--port", str(self.port), "--no-browser"]
        self._process = subprocess.Popen(
            [*command, *self._flags],
            env=mine | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"} | self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        is_up = threading.Event()
        threading.Thread(target=self._read, args=(self._process, is_up), daemon=True).start()
        assert is_up.wait(PATIENCE_S), f"the studio did not start:\n{self._heard()}"
        assert self._process.poll() is None, f"the studio ended at once:\n{self._heard()}"

    def stop(self) -> None:
        """End it as Ctrl-C does; one that does not end is killed."""
        process = self._process
        if process is None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def get(self, path: str) -> Any:
        """Return a JSON answer."""
        connection = HTTPConnection("localhost", self.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", path)
            return json.load(connection.getresponse())
        finally:
            connection.close()

    def _read(self, process: "subprocess.Popen[str]", is_up: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.said.append(line)
                if str(self.port) in line:
                    is_up.set()
        is_up.set()

    def _heard(self) -> str:
        return "".join(self.said)
