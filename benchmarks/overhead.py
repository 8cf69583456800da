"""What the program itself costs: processor time per frame, runs with nothing to do, memory, and its start.

Processor time is that of the whole process, divided by the frames: it does not depend on what else the machine does.
The service is a process of its own and not counted. Seconds of whole processes are the best of several.

    .venv/bin/python benchmarks/overhead.py
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from fast_service import Running, picture, running
from rig_project import lay_project, options_of
from watercolor_rig.app.sequences import make_sequences
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.imaging import picture as pictures
from watercolor_rig.store.blobs import BlobStore
from watercolor_rig.store.durable import write_file

ROOT = Path(__file__).parents[1]
PORTRAIT = (1024, 1536)
SMALL = (24, 32)
IN_FLIGHT = 250


def quietly(_event: object) -> None:
    """Hear nothing."""


def cpu_per_frame_ms(service: Running) -> float:
    """Return the processor time of the whole program per frame of 1024x1536, one call at a time."""
    service.wait("constant", 0.0)
    with tempfile.TemporaryDirectory() as name:
        lay_project(Path(name), 2, 1, picture(*PORTRAIT))
        for depth in (1, 4):  # the first run loads the SDK and the decoders
            began = time.process_time()
            make_sequences(options_of(Path(name), depth, 1, PORTRAIT), quietly, Toolbox())
    return (time.process_time() - began) / 28 * 1000


def cost_of_steps() -> Iterator[tuple[str, float]]:
    """Yield the steps of a frame with their milliseconds of processor time."""
    png = picture(*PORTRAIT)
    pixels = pictures.decode(png, "a drawing")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield "decode one picture", cpu_ms(lambda: pictures.decode(png, "a drawing"))
        yield "encode one picture", cpu_ms(lambda: pictures.encode_png(pixels))
        yield "one durable write", cpu_ms(lambda: write_file(folder / "a.png", png))
        yield "put into the store", cpu_ms(lambda: BlobStore(folder / "store").put(png + os.urandom(8)))


def cpu_ms(step: Callable[[], object]) -> float:
    """Return the processor time of a step, the mean of ten."""
    began = time.process_time()
    for _ in range(10):
        step()
    return (time.process_time() - began) * 100


def no_op_s(paths: int, poses: int, depth: int) -> tuple[float, int]:
    """Return the seconds of a whole process that finds every frame made, and how many frames those are."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        lay_project(root, paths, poses, picture(*SMALL))
        options = replace(options_of(root, depth, 8, SMALL), engine="crossfade")
        make_sequences(options, quietly, Toolbox())
        folders = ["--endpoints-dir", str(options.endpoints_dir), "--sequences-dir", str(options.sequences_dir)]
        script = [sys.executable, str(ROOT / "generate_all_sequences.py"), "--config", str(options.config)]
        command = [*script, *folders, "--max-depth", str(depth), "--engine", "scripted"]
        return best_s(command, 5), paths * poses * (2**depth - 1)


def best_s(command: list[str], times: int) -> float:
    """Return the seconds of a whole process, the best of several."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def peak_mb() -> float:
    """Return the peak memory of a process that plans 10,003 frames and has 250 calls in flight."""
    command = [sys.executable, __file__, "--only-memory"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def report_own_peak() -> None:
    """Run until 250 calls are in flight and 500 frames are made; print the peak of this process in MB."""

    class EnoughError(BaseException):
        """Ends the run."""

    made: list[object] = []

    def listen(event: object) -> None:
        if type(event).__name__ == "FrameMade":
            made.append(None)
            if len(made) >= 2 * IN_FLIGHT:
                raise EnoughError

    with running(*SMALL) as service, tempfile.TemporaryDirectory() as name:
        service.wait("constant", 8.0)
        os.environ |= {"OPENAI_API_KEY": "sk-loopback", "OPENAI_BASE_URL": service.base_url}
        lay_project(Path(name), 1429, 1, picture(*SMALL))
        try:
            make_sequences(options_of(Path(name), 3, IN_FLIGHT, SMALL), listen, Toolbox())
        except EnoughError:
            if service.log()["most"] < IN_FLIGHT:
                raise SystemExit("[!] there were never so many calls in flight") from None
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="without the runs over 10,000 frames")
    parser.add_argument("--only-memory", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.only_memory:
        report_own_peak()
        return
    os.environ.setdefault("WATERCOLOR_RIG_STATE_DIR", tempfile.mkdtemp())
    program = [sys.executable, str(ROOT / "generate_all_sequences.py")]
    for flag in ("--help", "--version"):
        print(f"{flag:48s} {best_s([*program, flag], 7):8.2f} s", flush=True)
    with running(*PORTRAIT) as service:
        os.environ |= {"OPENAI_API_KEY": "sk-loopback", "OPENAI_BASE_URL": service.base_url}
        print(f"{'processor time per frame of 1024x1536':48s} {cpu_per_frame_ms(service):8.1f} ms", flush=True)
    for step, cost_ms in cost_of_steps():
        print(f"  {step:46s} {cost_ms:8.1f} ms", flush=True)
    for paths, poses in ((21, 5),) if chosen.quick else ((21, 5), (1429, 1)):
        seconds, frames = no_op_s(paths, poses, 3)
        print(f"{f'no-op run over {frames} frames':48s} {seconds:8.2f} s", flush=True)
    if not chosen.quick:
        print(f"{'peak memory, 10,003 planned, 250 in flight':48s} {peak_mb():8.0f} MB", flush=True)


if __name__ == "__main__":
    main()
